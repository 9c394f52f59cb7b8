//! Nothing is used that was not signed as I demand, whatever it is that is wrong.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use serde_json::Value;

use crate::support::{BANNER, Registry, Reply, Sandbox, Scripted, Wire};

/// A machine with the keys `ours`, `theirs` and `new`, and a registry with a bundle that the first two signed.
fn signed() -> (Sandbox, Registry, String) {
    let mut sandbox = Sandbox::with_banner();
    sandbox.with("TORTE_KEY_PASSWORD", "hunter2");
    for name in ["ours", "theirs", "new"] {
        sandbox.run(&format!("keys generate --out {name}")).succeeds();
    }
    let registry = Registry::open();
    let place = registry.at("team/app:v1");
    sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
    sandbox.run(&format!("sign {place} --key ours.key -a env=prod -a by=ci")).succeeds();
    sandbox.run(&format!("sign {place} --key theirs.key --signature-format legacy -a env=test")).succeeds();
    (sandbox, registry, place)
}

#[test]
fn verbs_that_read_demand_what_verify_does() {
    let (sandbox, registry, place) = signed();
    let to = registry.at("release/app:v1");
    let unknown = sandbox.run(&format!("pull {place} --verify-annotation env=prod")).fails(2);
    unknown.says("--verify-key");
    sandbox.run(&format!("pull {place} --verify-any")).fails(2).says("--verify-key");
    let malformed =
        sandbox.run(&format!("pull {place} --verify-key ours.pub --verify-annotation env")).fails(2);
    malformed.says("the annotation `env`").says("KEY=VALUE");
    for (demand, is_met) in [
        ("--verify-key ours.pub", true),
        ("--verify-key ours.pub --verify-key theirs.pub", true),
        ("--verify-key ours.pub --verify-key new.pub", false),
        ("--verify-key ours.pub --verify-key new.pub --verify-any", true),
        ("--verify-key new.pub --verify-any", false),
        ("--verify-key ours.pub --verify-annotation env=prod --verify-annotation by=ci", true),
        ("--verify-key ours.pub --verify-annotation env=test", false),
        ("--verify-key ours.pub --verify-key theirs.pub --verify-annotation env=prod", false),
        ("--verify-key ours.pub --verify-key theirs.pub --verify-annotation env=prod --verify-any", true),
    ] {
        let verify = demand.replace("--verify-", "--");
        let verb = sandbox.run(&format!("verify {place} {verify}"));
        assert_eq!(verb.code, Some(if is_met { 0 } else { 5 }), "{verify}\n{}", verb.stderr);
        for way in [format!("pull {place} got"), format!("copy {place} {to}"), format!("unpack {place} out")]
        {
            let outcome = sandbox.run(&format!("{way} {demand}"));
            if is_met {
                outcome.succeeds().says("note: verified: signed with ours.pub");
            } else {
                outcome.fails(5).prints("").says("it is not verified with");
            }
            let _ = fs::remove_dir_all(sandbox.path("out"));
        }
    }
}

#[test]
fn nothing_can_be_seen_of_what_is_refused() {
    let (sandbox, registry, place) = signed();
    let to = registry.at("release/app:v1");
    registry.requests();
    for way in [format!("pull {place} got"), format!("copy {place} {to}"), format!("unpack {place} out")] {
        sandbox.run(&format!("{way} --verify-key new.pub")).fails(5).prints("");
    }
    assert!(!sandbox.path("out").exists());
    assert!(!sandbox.store().join("got").exists());
    sandbox.run(&format!("resolve {to}")).fails(3);
    let content = sandbox.run("inspect app:v1 --format json").succeeds().json();
    let layers: Vec<_> =
        content["layers"].as_array().unwrap().iter().map(|layer| layer["digest"].as_str().unwrap()).collect();
    let requests = registry.requests();
    assert!(
        !layers.is_empty() && !requests.iter().any(|line| layers.iter().any(|digest| line.contains(digest)))
    );
}

#[test]
fn what_was_verified_is_used_wherever_the_tag_points_by_then() {
    let (sandbox, registry, place) = signed();
    let digest = sandbox.run(&format!("resolve {place}")).succeeds().digest();
    sandbox.write("features.yml", BANNER.replace("Banner", "Other"));
    sandbox.run(&format!("build app:v2 --push {}", registry.at("team/app"))).succeeds();
    for way in ["pull PLACE got", "copy PLACE copied:v1", "unpack PLACE out"] {
        let (host, asked) = (registry.host(), AtomicUsize::new(0));
        // The tag moves as soon as it was read.
        let server = Scripted::new(move |request| {
            let is_tag = request.ends_with("/manifests/v1");
            let moved = is_tag && asked.fetch_add(1, Ordering::Relaxed) > 0;
            let request = if moved { request.replace("/v1", "/v2") } else { request.to_owned() };
            let accept = "Accept: application/vnd.oci.image.manifest.v1+json\r\n";
            let answer = Wire::connect(&host).unwrap().send(&request, accept, b"").unwrap();
            let kind = answer.header("content-type").unwrap_or("text/plain").to_owned();
            let Reply::Answer { headers, .. } = Reply::status(200).with("Content-Type", &kind) else {
                unreachable!()
            };
            Reply::Answer { status: answer.status, headers, body: answer.body }
        });
        let way = way.replace("PLACE", &server.at("team/app:v1"));
        sandbox.run(&format!("{way} --verify-key ours.pub")).succeeds();
    }
    assert_eq!(sandbox.run("resolve got:v1").succeeds().digest(), digest);
    assert_eq!(sandbox.run("resolve copied:v1").succeeds().digest(), digest);
    let unpacked: Vec<_> = fs::read_dir(sandbox.path("out")).unwrap().collect();
    let text = fs::read_to_string(unpacked[0].as_ref().unwrap().path()).unwrap();
    assert!(unpacked.len() == 1 && text.contains("Banner"), "{text}");
}

#[test]
fn whatever_is_wrong_with_a_signature_ends_with_five() {
    let sandbox = Sandbox::new();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sign");
    for (case, code) in [
        ("001-L-min", 0),
        ("065-B-min", 0),
        ("011-L-no-layers", 5),
        ("021-L-other-digest", 5),
        ("031-L-not-json", 5),
        ("037-L-tampered-payload", 5),
        ("049-L-wrong-key", 5),
        ("055-L-layer-size-wrong", 5),
        ("087-B-json-mediatype-v0.2", 5),
        ("105-B-not-json", 5),
        ("107-B-no-content", 5),
        ("109-B-payloadtype-empty", 5),
        ("123-B-wrong-key", 5),
        ("129-B-predicatetype-other", 5),
        ("153-B-replay-subject-moved", 5),
        ("155-B-message-signature-of-manifest", 5),
        ("171-B-verify-attestation-custom-content", 5),
    ] {
        let file = fs::read(fixtures.join("forged").join(format!("{case}.json"))).unwrap();
        let case: Value = serde_json::from_slice(&file).unwrap();
        lay_out(&sandbox, &case);
        let digest = case["subject"].as_str().unwrap();
        let key = fixtures.join("keys").join(case["key"].as_str().unwrap());
        let verify = format!("verify ocidir://case@{digest} --key {}", key.display());
        let outcome = sandbox.run(&verify).fails(code);
        outcome.prints(&if code == 0 { format!("{digest}\n") } else { String::new() });
        let json = sandbox.run(&format!("{verify} --format json")).fails(code);
        if code == 0 {
            assert_eq!(json.json()["digest"], digest);
        } else {
            let failure: Value = serde_json::from_str(&json.prints("").stderr).unwrap();
            assert_eq!(failure["code"], 5);
        }
    }
}

/// Writes the layout `case` of a forged case (`fixtures/sign/README.md`).
fn lay_out(sandbox: &Sandbox, case: &Value) {
    let _ = fs::remove_dir_all(sandbox.path("case"));
    sandbox.write("case/oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#);
    sandbox.write("case/index.json", case["index"].to_string());
    for (hex, content) in case["blobs"].as_object().unwrap() {
        let content = match content.as_str() {
            Some(text) => text.as_bytes().to_vec(),
            None => base64::prelude::BASE64_STANDARD.decode(content["base64"].as_str().unwrap()).unwrap(),
        };
        sandbox.write(&format!("case/blobs/sha256/{hex}"), content);
    }
}
