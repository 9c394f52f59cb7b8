//! What cosign and notation attach goes with a copy between registries that list referrers and one that does not, through
//! a layout, and back; cosign and notation verify it there, and oras and regctl see it.

use crate::lab::Lab;
use crate::registry::{Registry, distribution, olareg, torte_serve};

/// No public transparency log, and no list of services that would be fetched.
const OFFLINE: [&str; 2] = ["--tlog-upload=false", "--use-signing-config=false"];
const UNLOGGED: &str = "--insecure-ignore-tlog=true";

fn succeeds(lab: &Lab, tool: &str, arguments: &[&str]) -> bool {
    lab.command(tool, arguments).env("COSIGN_PASSWORD", "").output().unwrap().status.success()
}

fn cosign(lab: &Lab, arguments: &[&str]) {
    let output = lab.command("cosign", arguments).env("COSIGN_PASSWORD", "").output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Makes `NAME.key` and `NAME.pub`.
fn key(lab: &Lab, name: &str) {
    cosign(lab, &["generate-key-pair", "--output-key-prefix", name]);
}

/// Pushes `org/flags:v1`, which cosign signs in both forms and attests in both forms; returns the digest.
fn signed(lab: &Lab, registry: &Registry) -> String {
    key(lab, "ours");
    key(lab, "theirs");
    let digest = lab.build("flags:v1", 2, 2);
    lab.torte(&["push", "flags:v1", &registry.place("org/flags")]);
    let reference = format!("{}/org/flags@{digest}", registry.host);
    lab.write("predicate.json", r#"{"builder": "interop"}"#);
    for form in [&[][..], &["--new-bundle-format=false"]] {
        let sign = ["sign", "--yes", "--key", "ours.key"];
        cosign(lab, &[&sign, &OFFLINE[..], form, &[&reference]].concat());
        let attest = [
            "attest",
            "--yes",
            "--key",
            "ours.key",
            "--predicate",
            "predicate.json",
            "--type",
            "https://x.y/z",
        ];
        cosign(lab, &[&attest, &OFFLINE[..], form, &[&reference]].concat());
    }
    digest
}

/// Both forms of signatures and of attestations verify with our key, and with no other.
fn verifies(lab: &Lab, registry: &Registry, digest: &str) {
    let reference = format!("{}/org/flags@{digest}", registry.host);
    for form in ["--new-bundle-format=true", "--new-bundle-format=false"] {
        for (command, more) in [("verify", &[][..]), ("verify-attestation", &["--type", "https://x.y/z"])] {
            let check = |key: &str| {
                let arguments = [&[command, "--key", key, UNLOGGED, form], more, &[&reference]].concat();
                succeeds(lab, "cosign", &arguments)
            };
            assert!(check("ours.pub"), "{command} {form} at {}", registry.host);
            assert!(!check("theirs.pub"), "{command} {form} with a key that signed nothing");
        }
    }
}

/// What oras finds that refers to the bundle, sorted: an implementation of the lists and of the tags that is not ours.
fn discovered(lab: &Lab, registry: &Registry, digest: &str) -> Vec<String> {
    let reference = format!("{}/org/flags@{digest}", registry.host);
    let found = lab.run("oras", &["discover", "--plain-http", "--format", "json", &reference]);
    let found: serde_json::Value = serde_json::from_slice(&found).unwrap();
    let mut found: Vec<String> = found["referrers"]
        .as_array()
        .map(|all| all.iter().map(|one| one["digest"].as_str().unwrap().to_owned()).collect())
        .unwrap_or_default();
    found.sort();
    found
}

fn tags(lab: &Lab, registry: &Registry) -> Vec<String> {
    let tags = lab.run("crane", &["ls", &format!("{}/org/flags", registry.host)]);
    String::from_utf8(tags).unwrap().lines().map(str::to_owned).collect()
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn cosigns_signatures_verify_wherever_they_were_copied() {
    let Some(lab) = Lab::with(&["cosign", "oras", "crane", "registry", "olareg"]) else { return };
    let (plain, listing, own) = (distribution(&lab), olareg(&lab), torte_serve(&lab));
    let digest = signed(&lab, &plain);
    verifies(&lab, &plain, &digest);
    let original = discovered(&lab, &plain, &digest);
    assert_eq!(original.len(), 2, "a signature and an attestation");
    let layout = format!("ocidir://{}", lab.text("layout"));
    let back = distribution(&lab);
    let ways = [
        (plain.place("org/flags"), listing.place("org/flags"), Some((&listing, false))),
        (listing.place("org/flags"), own.place("org/flags"), Some((&own, false))),
        (own.place("org/flags"), layout.clone(), None),
        (layout, back.place("org/flags"), Some((&back, true))),
    ];
    for (from, to, registry) in ways {
        for _ in 0..2 {
            lab.torte(&["copy", &format!("{from}:v1"), &format!("{to}:v1"), "--referrers"]);
        }
        let Some((registry, has_fallback)) = registry else { continue };
        verifies(&lab, registry, &digest);
        assert_eq!(discovered(&lab, registry, &digest), original, "{to}");
        let fallback = digest.replace(':', "-");
        let mut expected = vec![format!("{fallback}.att"), format!("{fallback}.sig"), "v1".to_owned()];
        expected.extend(has_fallback.then_some(fallback));
        expected.sort();
        assert_eq!(tags(&lab, registry), expected, "{to}");
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn inspect_tells_what_cosign_attached() {
    let Some(lab) = Lab::with(&["cosign", "registry", "olareg"]) else { return };
    for registry in [distribution(&lab), olareg(&lab)] {
        let digest = signed(&lab, &registry);
        let place = format!("{}@{digest}", registry.place("org/flags"));
        let shown = lab.torte(&["inspect", &place, "--referrers", "--format", "json"]);
        let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
        let mut lines: Vec<String> = shown["referrers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| format!("{} {} {} {}", one["what"], one["types"], one["count"], one["tag"].is_null()))
            .collect();
        lines.sort();
        let expected = [
            r#""attestation" ["https://x.y/z"] 1 false"#,
            r#""attestation" ["https://x.y/z"] 1 true"#,
            r#""signature" [] 1 false"#,
            r#""signature" [] 1 true"#,
        ];
        assert_eq!(lines, expected, "{shown:#}");
        std::fs::remove_file(lab.path("ours.key")).unwrap();
        std::fs::remove_file(lab.path("theirs.key")).unwrap();
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn a_signature_of_cosigns_comes_beside_those_that_torte_copied() {
    let Some(lab) = Lab::with(&["cosign", "oras", "registry", "crane"]) else { return };
    let (first, second) = (distribution(&lab), distribution(&lab));
    let digest = signed(&lab, &first);
    lab.torte(&["copy", &first.place("org/flags:v1"), &second.place("org/flags:v1"), "--referrers"]);
    // cosign adds to the index and to the tag that torte wrote, and torte adds to those that cosign wrote.
    let reference = format!("{}/org/flags@{digest}", second.host);
    for form in [&[][..], &["--new-bundle-format=false"]] {
        let sign = ["sign", "--yes", "--key", "theirs.key"];
        cosign(&lab, &[&sign, &OFFLINE[..], form, &[&reference]].concat());
    }
    lab.torte(&["copy", &second.place("org/flags:v1"), &first.place("org/flags:v1"), "--referrers"]);
    for registry in [&first, &second] {
        assert_eq!(discovered(&lab, registry, &digest).len(), 3);
        let reference = format!("{}/org/flags@{digest}", registry.host);
        for key in ["ours.pub", "theirs.pub"] {
            for form in ["--new-bundle-format=true", "--new-bundle-format=false"] {
                let arguments = ["verify", "--key", key, UNLOGGED, form, &reference];
                assert!(succeeds(&lab, "cosign", &arguments), "{key} {form}");
            }
        }
    }
}

/// Lets notation sign with a certificate of its own and trust it.
fn notation_with_a_key(lab: &Lab) {
    lab.run("notation", &["cert", "generate-test", "--default", "torte.example"]);
    lab.write(
        "home/.config/notation/trustpolicy.json",
        r#"{"version": "1.0", "trustPolicies": [{"name": "all", "registryScopes": ["*"],
            "signatureVerification": {"level": "strict"}, "trustStores": ["ca:torte.example"],
            "trustedIdentities": ["*"]}]}"#,
    );
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn notations_signatures_verify_wherever_they_were_copied() {
    let Some(lab) = Lab::with(&["notation", "oras", "crane", "registry", "olareg"]) else { return };
    notation_with_a_key(&lab);
    let (listing, plain, own) = (olareg(&lab), distribution(&lab), torte_serve(&lab));
    let digest = lab.build("flags:v1", 2, 2);
    lab.torte(&["push", "flags:v1", &listing.place("org/flags")]);
    let at = |registry: &Registry| format!("{}/org/flags@{digest}", registry.host);
    lab.run("notation", &["sign", "--force-referrers-tag=false", "--insecure-registry", &at(&listing)]);
    let verifies = |registry: &Registry| {
        let arguments = ["verify", "--insecure-registry", &at(registry)];
        lab.command("notation", &arguments).output().unwrap().status.success()
    };
    assert!(verifies(&listing));
    for (from, to) in [(&listing, &plain), (&plain, &own)] {
        lab.torte(&["copy", &from.place("org/flags:v1"), &to.place("org/flags:v1")]);
        assert!(!verifies(to), "nothing is taken along unasked");
        lab.torte(&["copy", &from.place("org/flags:v1"), &to.place("org/flags:v1"), "--referrers"]);
        assert!(verifies(to), "at {}", to.host);
        let shown = lab.torte(&["inspect", &to.place("org/flags:v1")]);
        assert!(shown.contains("1 signature in notation's form"), "{shown}");
    }
    assert_eq!(tags(&lab, &own), ["v1"], "a registry that lists referrers gets no tag for them");
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn the_layouts_of_oras_keep_what_is_attached_both_ways() {
    let Some(lab) = Lab::with(&["cosign", "oras", "crane", "registry", "olareg"]) else { return };
    let (plain, listing) = (distribution(&lab), olareg(&lab));
    let digest = signed(&lab, &plain);
    let original = discovered(&lab, &plain, &digest);
    // oras takes referrers along, and not cosign's tags.
    let from = format!("{}/org/flags:v1", plain.host);
    let layout = lab.text("of-oras");
    lab.run("oras", &["copy", "-r", "--from-plain-http", "--to-oci-layout", &from, &format!("{layout}:v1")]);
    lab.torte(&["copy", &format!("ocidir://{layout}:v1"), &listing.place("org/flags:v1"), "--referrers"]);
    assert_eq!(discovered(&lab, &listing, &digest), original);

    let ours = lab.text("of-torte");
    lab.torte(&["copy", &plain.place("org/flags:v1"), &format!("ocidir://{ours}:v1"), "--referrers"]);
    let back = olareg(&lab);
    let to = format!("{}/org/flags:v1", back.host);
    lab.run("oras", &["copy", "-r", "--to-plain-http", "--from-oci-layout", &format!("{ours}:v1"), &to]);
    assert_eq!(discovered(&lab, &back, &digest), original);
    let bundle = format!("{}/org/flags@{digest}", back.host);
    assert!(succeeds(&lab, "cosign", &["verify", "--key", "ours.pub", UNLOGGED, &bundle]));
}
