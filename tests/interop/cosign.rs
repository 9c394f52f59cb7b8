//! cosign's signatures by key, without a network, over bundles in `torte serve`.

use crate::flags;
use crate::lab::Lab;
use crate::registry::{Registry, torte_serve};

/// No public transparency log, and no list of services that would be fetched.
const OFFLINE: [&str; 2] = ["--tlog-upload=false", "--use-signing-config=false"];

/// Makes `NAME.key` and `NAME.pub`.
fn key(lab: &Lab, name: &str) {
    let arguments = ["generate-key-pair", "--output-key-prefix", name];
    let output = lab.command("cosign", &arguments).env("COSIGN_PASSWORD", "").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn sign(lab: &Lab, registry: &Registry, name: &str, flags: &[&str]) {
    let reference = format!("{}/{name}", registry.host);
    let arguments = [&["sign", "--yes", "--key", "ours.key"], &OFFLINE[..], flags, &[&reference]].concat();
    let output = lab.command("cosign", &arguments).env("COSIGN_PASSWORD", "").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn verifies(lab: &Lab, registry: &Registry, name: &str, key: &str) -> bool {
    let reference = format!("{}/{name}", registry.host);
    let arguments = ["verify", "--key", key, "--insecure-ignore-tlog=true", &reference];
    lab.command("cosign", &arguments).output().unwrap().status.success()
}

/// Signed by digest in one form; verified by tag and digest, and not with another key, nor for other content.
fn signs_and_verifies(flags: &[&str]) -> Option<(Lab, Registry, String)> {
    let lab = Lab::with(&["cosign", "oras", "crane"])?;
    let registry = torte_serve(&lab);
    key(&lab, "ours");
    key(&lab, "theirs");
    let digest = lab.build("flags:v1", 3, 4);
    let place = registry.place("org/flags");
    lab.torte(&["push", "flags:v1", &place]);
    let by_digest = format!("org/flags@{digest}");
    assert!(!verifies(&lab, &registry, &by_digest, "ours.pub"), "nobody signed it yet");
    sign(&lab, &registry, &by_digest, flags);
    assert!(verifies(&lab, &registry, &by_digest, "ours.pub"));
    assert!(verifies(&lab, &registry, "org/flags:v1", "ours.pub"));
    assert!(!verifies(&lab, &registry, &by_digest, "theirs.pub"), "that key signed nothing");
    flags::change(&lab.path("flags"), 1, 4);
    lab.torte(&["build", "flags:v1", &lab.text("flags")]);
    lab.torte(&["push", "flags:v1", &place]);
    assert!(!verifies(&lab, &registry, "org/flags:v1", "ours.pub"), "the tag is at other content now");
    assert!(verifies(&lab, &registry, &by_digest, "ours.pub"), "what was signed stays signed");
    Some((lab, registry, digest))
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn a_signature_as_a_referrer() {
    let Some((lab, registry, digest)) = signs_and_verifies(&[]) else { return };
    let reference = format!("{}/org/flags@{digest}", registry.host);
    let found = lab.run("oras", &["discover", "--plain-http", "--format", "json", &reference]);
    let found: serde_json::Value = serde_json::from_slice(&found).unwrap();
    let kind = "application/vnd.dev.sigstore.bundle.v0.3+json";
    assert_eq!(found["referrers"][0]["artifactType"], kind, "{found}");
    assert_eq!(lab.torte(&["list", &registry.place("org/flags")]), "v1", "no tag was needed");
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn a_signature_under_a_tag_of_its_own() {
    let Some((lab, registry, digest)) = signs_and_verifies(&["--new-bundle-format=false"]) else { return };
    let tag = format!("{}.sig", digest.replace(':', "-"));
    let tags = lab.run("crane", &["ls", &format!("{}/org/flags", registry.host)]);
    assert_eq!(String::from_utf8(tags).unwrap(), format!("{tag}\nv1\n"));
}
