//! torte's signatures held against the real cosign, and cosign's against torte, on registries with a list of referrers and
//! without one.

use std::process::Output;

use crate::lab::Lab;
use crate::registry::{Registry, open_ones};

const TOOLS: [&str; 4] = ["cosign", "olareg", "registry", "crane"];

/// No public transparency log, and no list of services that would be fetched.
const OFFLINE: [&str; 2] = ["--tlog-upload=false", "--use-signing-config=false"];
/// The same for whoever verifies.
const UNLOGGED: &str = "--insecure-ignore-tlog=true";
const LEGACY: &str = "--new-bundle-format=false";
const KIND: &str = "https://example.com/tests/v1";

/// Keys of both tools: `torte.key` and `cosign.key`, with their public halves, and a bundle in the store.
fn set() -> Option<(Lab, String)> {
    let lab = Lab::with(&TOOLS)?;
    ours(&lab, &["keys", "generate"]);
    theirs(&lab, &["generate-key-pair", "--output-key-prefix", "cosign"]);
    lab.write("tests.json", r#"{"passed": 12, "large": 123456789012345678901234567890, "exact": 1.10}"#);
    let digest = lab.build("flags:v1", 3, 4);
    Some((lab, digest))
}

fn output(lab: &Lab, tool: &str, arguments: &[&str]) -> Output {
    lab.command(tool, arguments)
        .env("TORTE_KEY_PASSWORD", "a password")
        .env("COSIGN_PASSWORD", "a password")
        .output()
        .unwrap()
}

fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap().trim_end().to_owned()
}

fn ours(lab: &Lab, arguments: &[&str]) -> String {
    succeeded(&output(lab, "torte", arguments))
}

fn theirs(lab: &Lab, arguments: &[&str]) -> String {
    succeeded(&output(lab, "cosign", arguments))
}

/// A tool's verdict on a bundle by a key.
fn verdict(lab: &Lab, tool: &str, key: &str, reference: &str, more: &[&str]) -> bool {
    let verb = if tool == "cosign" && more.contains(&"--type") { "verify-attestation" } else { "verify" };
    let unlogged: &[&str] = if tool == "cosign" { &[UNLOGGED] } else { &[] };
    let arguments = [&[verb, "--key", key], unlogged, more, &[reference]].concat();
    output(lab, tool, &arguments).status.success()
}

fn tags(lab: &Lab, registry: &Registry, name: &str) -> Vec<String> {
    let listed = lab.run("crane", &["ls", &format!("{}/{name}", registry.host)]);
    String::from_utf8(listed).unwrap().lines().map(str::to_owned).collect()
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn cosign_reads_and_uses_the_keys() {
    let Some((lab, _)) = set() else { return };
    let public = std::fs::read_to_string(lab.path("torte.pub")).unwrap();
    assert_eq!(theirs(&lab, &["public-key", "--key", "torte.key"]), public.trim_end());
    for registry in open_ones(&lab) {
        let reference = format!("{}:v1", registry.place("org/flags"));
        ours(&lab, &["push", "flags:v1", &reference]);
        theirs(&lab, &[&["sign", "--yes", "--key", "torte.key"], &OFFLINE[..], &[&reference]].concat());
        assert!(verdict(&lab, "torte", "torte.pub", &reference, &[]));
        ours(&lab, &["sign", &reference, "--key", "cosign.key", "--signature-format", "both"]);
        assert!(verdict(&lab, "torte", "cosign.pub", &reference, &["--key", "torte.pub"]));
        assert!(verdict(&lab, "cosign", "cosign.pub", &reference, &[]));
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn cosign_verifies_what_torte_signs() {
    let Some((lab, digest)) = set() else { return };
    for registry in open_ones(&lab) {
        for (form, flags) in [("bundle", &[][..]), ("legacy", &[LEGACY]), ("both", &[]), ("both", &[LEGACY])]
        {
            let name = format!("org/{form}{}", flags.len());
            let reference = format!("{}:v1", registry.place(&name));
            ours(&lab, &["push", "flags:v1", &reference]);
            assert!(!verdict(&lab, "cosign", "torte.pub", &reference, flags), "nobody signed it yet");
            let sign =
                ["sign", &reference, "--key", "torte.key", "-a", "env=prod", "--signature-format", form];
            assert_eq!(ours(&lab, &sign), digest);
            for (more, expected) in
                [(&[][..], true), (&["-a", "env=prod"], true), (&["-a", "env=dev"], false)]
            {
                let more = [flags, more].concat();
                assert_eq!(
                    verdict(&lab, "cosign", "torte.pub", &reference, &more),
                    expected,
                    "{name} {more:?}"
                );
            }
            assert!(!verdict(&lab, "cosign", "cosign.pub", &reference, flags));
            assert!(verdict(&lab, "torte", "torte.pub", &reference, &["-a", "env=prod"]));
        }
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn the_fallback_tag_is_for_registries_without_a_list() {
    let Some((lab, digest)) = set() else { return };
    for (at, registry) in open_ones(&lab).iter().enumerate() {
        let reference = format!("{}:v1", registry.place("org/flags"));
        ours(&lab, &["push", "flags:v1", &reference, "--sign", "torte.key"]);
        let mut expected = vec!["v1".to_owned()];
        // The first is CNCF Distribution, which keeps no list.
        if at == 0 {
            expected.insert(0, digest.replace(':', "-"));
        }
        assert_eq!(tags(&lab, registry, "org/flags"), expected);
        assert!(verdict(&lab, "cosign", "torte.pub", &reference, &[]));
        // A second signer does not drive out the first.
        theirs(&lab, &[&["sign", "--yes", "--key", "cosign.key"], &OFFLINE[..], &[&reference]].concat());
        ours(&lab, &["verify", &reference, "--key", "torte.pub", "--key", "cosign.pub"]);
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn torte_verifies_what_cosign_signs() {
    let Some((lab, digest)) = set() else { return };
    for registry in open_ones(&lab) {
        for flags in [&[][..], &[LEGACY]] {
            let reference = format!("{}:v1", registry.place(&format!("org/flags{}", flags.len())));
            ours(&lab, &["push", "flags:v1", &reference]);
            assert!(!verdict(&lab, "torte", "cosign.pub", &reference, &[]));
            let sign = ["sign", "--yes", "--key", "cosign.key", "-a", "env=prod"];
            theirs(&lab, &[&sign, &OFFLINE[..], flags, &[&reference]].concat());
            assert_eq!(ours(&lab, &["verify", &reference, "--key", "cosign.pub", "-a", "env=prod"]), digest);
            assert!(!verdict(&lab, "torte", "cosign.pub", &reference, &["-a", "env=dev"]));
            assert!(!verdict(&lab, "torte", "torte.pub", &reference, &[]));
        }
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn attestations_are_verified_by_either_of_the_other() {
    let Some((lab, _)) = set() else { return };
    for registry in open_ones(&lab) {
        for (form, flags) in [("bundle", &[][..]), ("legacy", &[LEGACY])] {
            for kind in [KIND, "custom"] {
                let name = |by: &str| format!("org/{by}-{form}-{}", kind.len());
                let [mine, its] = ["torte", "cosign"].map(|by| format!("{}:v1", registry.place(&name(by))));
                for reference in [&mine, &its] {
                    ours(&lab, &["push", "flags:v1", reference]);
                }
                let predicate = ["--predicate", "tests.json", "--type", kind];
                let sign = ["sign", &mine, "--key", "torte.key", "--signature-format", form];
                ours(&lab, &[&sign[..], &predicate].concat());
                let attest = ["attest", "--yes", "--key", "cosign.key"];
                theirs(&lab, &[&attest, &OFFLINE[..], flags, &predicate, &[&its]].concat());
                for (reference, key) in [(&mine, "torte.pub"), (&its, "cosign.pub")] {
                    let asked = [flags, &["--type", kind]].concat();
                    assert!(verdict(&lab, "cosign", key, reference, &asked), "{reference}");
                    assert!(verdict(&lab, "torte", key, reference, &["--type", kind]), "{reference}");
                    assert!(!verdict(
                        &lab,
                        "torte",
                        key,
                        reference,
                        &["--type", "https://example.com/other"]
                    ));
                    assert!(!verdict(&lab, "torte", key, reference, &[]), "it is no signature: {reference}");
                }
            }
        }
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn the_names_of_predicates_mean_the_same_to_both() {
    let Some((lab, _)) = set() else { return };
    let [_, registry, _] = open_ones(&lab);
    let link = r#"{"_type":"link","name":"x","materials":{},"products":{},"byproducts":{},"command":[],"environment":{}}"#;
    for (name, content) in [
        ("custom", "any text"),
        ("cyclonedx", r#"{"bomFormat":"CycloneDX"}"#),
        ("link", link),
        ("openvex", r#"{"@context":"https://openvex.dev/ns"}"#),
        ("slsaprovenance", r#"{"buildType":"x"}"#),
        ("slsaprovenance02", r#"{"buildType":"x"}"#),
        ("slsaprovenance1", r#"{"buildDefinition":{"buildType":"x"}}"#),
        ("spdx", r#"{"spdxVersion":"SPDX-2.3"}"#),
        ("spdxjson", r#"{"spdxVersion":"SPDX-2.3"}"#),
        ("vuln", r#"{"scanner":{"uri":"x"}}"#),
    ] {
        lab.write("predicate", content);
        let [mine, its] =
            ["torte", "cosign"].map(|by| format!("{}:v1", registry.place(&format!("org/{by}-{name}"))));
        for reference in [&mine, &its] {
            ours(&lab, &["push", "flags:v1", reference]);
        }
        let predicate = ["--predicate", "predicate"];
        ours(
            &lab,
            &[&["sign", &mine, "--key", "torte.key", "--predicate-type", name], &predicate[..]].concat(),
        );
        assert!(verdict(&lab, "cosign", "torte.pub", &mine, &["--type", name]), "{name}");
        assert!(verdict(&lab, "torte", "torte.pub", &mine, &["--type", name]), "{name}");
        let attest = ["attest", "--yes", "--key", "cosign.key", "--type", name];
        theirs(&lab, &[&attest, &OFFLINE[..], &predicate, &[&its]].concat());
        // cosign makes a text of SPDX under this name, which it does not verify itself.
        let is_verified = name != "spdx";
        assert_eq!(verdict(&lab, "cosign", "cosign.pub", &its, &["--type", name]), is_verified, "{name}");
        assert_eq!(verdict(&lab, "torte", "cosign.pub", &its, &["--type", name]), is_verified, "{name}");
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn cosign_verifies_with_each_kind_of_key_that_torte_signs_with() {
    let Some((lab, _)) = set() else { return };
    let Some(_) = Lab::with(&["openssl"]) else { return };
    let [_, registry, _] = open_ones(&lab);
    for (name, option) in [
        ("EC", "ec_paramgen_curve:P-256"),
        ("ED25519", ""),
        ("RSA", "rsa_keygen_bits:2048"),
        ("RSA", "rsa_keygen_bits:3072"),
        ("RSA", "rsa_keygen_bits:4096"),
    ] {
        let options: &[&str] = if option.is_empty() { &[] } else { &["-pkeyopt", option] };
        lab.run("openssl", &[&["genpkey", "-algorithm", name, "-out", "plain.key"], options].concat());
        lab.run("openssl", &["pkey", "-in", "plain.key", "-pubout", "-out", "plain.pub"]);
        let bits = option.rsplit(['-', ':']).next().unwrap_or_default();
        let reference = format!("{}:v1", registry.place(&format!("org/{}{bits}", name.to_lowercase())));
        ours(&lab, &["push", "flags:v1", &reference]);
        ours(&lab, &["sign", &reference, "--key", "plain.key", "--signature-format", "both"]);
        for flags in [&[][..], &[LEGACY]] {
            assert!(verdict(&lab, "cosign", "plain.pub", &reference, flags), "{name} {option} {flags:?}");
            assert!(!verdict(&lab, "cosign", "torte.pub", &reference, flags), "{name} {option} {flags:?}");
        }
        assert!(verdict(&lab, "torte", "plain.pub", &reference, &[]), "{name} {option}");
    }
}
