//! Who made a bundle can be proven, and what cannot be proven is not used.

use std::process::Stdio;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::support::{BANNER, Registry, Sandbox};

/// A machine with the keys `ours` and `theirs`, whose password stands in a variable.
fn with_keys() -> Sandbox {
    let mut sandbox = Sandbox::with_banner();
    sandbox.with("TORTE_KEY_PASSWORD", "hunter2");
    for name in ["ours", "theirs"] {
        sandbox.run(&format!("keys generate --out {name}")).succeeds().prints("");
    }
    sandbox
}

/// The same, and a registry that has the bundle; its digest, and the tag as a user writes it.
fn published() -> (Sandbox, Registry, String, String) {
    let (sandbox, registry) = (with_keys(), Registry::open());
    let digest = sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds().digest();
    let place = registry.at("team/app:v1");
    (sandbox, registry, digest, place)
}

#[test]
fn what_was_signed_is_verified_by_its_digest_and_nothing_else_is_printed() {
    let (sandbox, registry, digest, place) = published();
    let line = format!("{digest}\n");
    sandbox.run(&format!("verify {place} --key ours.pub")).fails(5).prints("").says("there is no signature");
    registry.requests();
    sandbox.run(&format!("sign {place} --key ours.key")).succeeds().prints(&line).says(":v1").says(&digest);
    let by_tag = registry.requests().iter().filter(|line| line.contains("/manifests/v1 ")).count();
    assert_eq!(by_tag, 1, "a tag is looked up once");
    sandbox.run(&format!("verify {place} --key ours.pub")).succeeds().prints(&line);
    let at = place.replace(":v1", &format!("@{digest}"));
    sandbox.run(&format!("verify {at} --key ours.pub")).succeeds().prints(&line);
    sandbox.run(&format!("verify {place} --key theirs.pub")).fails(5).prints("").says("theirs.pub");
    let reference = sandbox.run(&format!("verify {place} --key ours.pub --format reference")).succeeds();
    assert_eq!(reference.stdout.trim_end(), at);
}

#[test]
fn a_tag_that_moved_is_not_what_was_signed() {
    let (sandbox, registry, digest, place) = published();
    sandbox.run(&format!("sign {place} --key ours.key --signature-format both")).succeeds();
    sandbox.write("features.yml", BANNER.replace("Banner", "Other"));
    sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
    sandbox.run(&format!("verify {place} --key ours.pub")).fails(5).prints("");
    let at = place.replace(":v1", &format!("@{digest}"));
    sandbox.run(&format!("verify {at} --key ours.pub")).succeeds();
}

#[test]
fn a_signature_names_what_it_signs_and_never_guesses_a_tag() {
    let (sandbox, registry, ..) = published();
    sandbox.run("sign app --key ours.key").fails(2).says("torte sign app:TAG");
    sandbox.run(&format!("sign {} --key ours.key", registry.at("team/app"))).fails(2).says(":TAG");
    sandbox.run("sign app:v7 --key ours.key").fails(3);
}

#[test]
fn a_registry_that_lists_signatures_gets_no_tags_for_them() {
    let (sandbox, registry, digest, place) = published();
    sandbox.run(&format!("sign {place} --key ours.key")).succeeds();
    sandbox.run(&format!("list {}", registry.at("team/app"))).succeeds().prints("v1\n");
    sandbox.run(&format!("sign {place} --key ours.key --signature-format legacy")).succeeds();
    let tag = format!("{}.sig", digest.replace(':', "-"));
    sandbox.run(&format!("list {}", registry.at("team/app"))).succeeds().shows(&tag);
    let again = sandbox.run(&format!("sign {place} --key ours.key --signature-format legacy")).succeeds();
    again.says("there already");
}

#[test]
fn either_form_is_enough_and_what_a_signature_says_is_asked_for() {
    for form in ["bundle", "legacy", "both"] {
        let (sandbox, _registry, digest, place) = published();
        sandbox
            .run(&format!("sign {place} --key ours.key --signature-format {form} -a env=prod -a rev=a=1"))
            .succeeds();
        let verify = |rest: &str| sandbox.run(&format!("verify {place} --key ours.pub {rest}"));
        for good in ["", "-a env=prod", "-a env=prod -a rev=a=1"] {
            verify(good).succeeds().prints(&format!("{digest}\n"));
        }
        for bad in ["-a env=dev", "-a nope=1", "-a env=prod -a nope=1"] {
            verify(bad).fails(5).prints("");
        }
        verify("-a env").fails(2);
    }
}

#[test]
fn bundles_of_the_store_are_signed_and_verified_like_any_other() {
    let sandbox = with_keys();
    let digest = sandbox.run("build app:v1").succeeds().digest();
    sandbox.run("verify app:v1 --key ours.pub").fails(5);
    for form in ["bundle", "legacy"] {
        let key = if form == "bundle" { "ours" } else { "theirs" };
        sandbox.run(&format!("sign app:v1 --key {key}.key --signature-format {form}")).succeeds();
        sandbox.run(&format!("verify app:v1 --key {key}.pub")).succeeds().prints(&format!("{digest}\n"));
    }
    sandbox.run("copy app:v1 ocidir://layout:v1").succeeds();
    sandbox.run("sign ocidir://layout:v1 --key ours.key").succeeds();
    sandbox.run("verify ocidir://layout:v1 --key ours.pub").succeeds();
}

#[test]
fn a_damaged_manifest_hides_the_signature_of_no_other_and_is_not_lost_where_all_is_copied() {
    let sandbox = with_keys();
    let digest = sandbox.run("build app:v1").succeeds().digest();
    sandbox.run("copy app:v1 ocidir://layout:v1").succeeds();
    sandbox.run("sign ocidir://layout:v1 --key ours.key").succeeds();
    sandbox.write("features.yml", BANNER.replace("Banner", "Other"));
    let other = sandbox.run("build app:v2").succeeds().digest();
    sandbox.run("copy app:v2 ocidir://layout:v2").succeeds();
    let file = sandbox.path("layout/blobs/sha256").join(other.trim_start_matches("sha256:"));
    for is_missing in [false, true] {
        if is_missing {
            std::fs::remove_file(&file).unwrap();
        } else {
            std::fs::write(&file, "{}").unwrap();
        }
        let verified = sandbox.run("verify ocidir://layout:v1 --key ours.pub");
        verified.succeeds().prints(&format!("{digest}\n"));
        let refused = sandbox.run("verify ocidir://layout:v1 --key theirs.pub").fails(5);
        refused.says("signed with another key").says("and 1 more");
        let to = format!("ocidir://all-{is_missing}:v1");
        sandbox.run(&format!("copy ocidir://layout:v1 {to} --referrers")).fails_somehow().says(&other);
    }
}

#[test]
fn of_several_keys_each_must_have_signed_unless_any_may() {
    let (sandbox, _registry, _, place) = published();
    sandbox.run(&format!("sign {place} --key ours.key")).succeeds();
    let both = "--key ours.pub --key theirs.pub";
    sandbox.run(&format!("verify {place} {both}")).fails(5).says("not verified with theirs.pub");
    sandbox.run(&format!("verify {place} {both} --any")).succeeds();
    sandbox.run(&format!("sign {place} --key theirs.key --signature-format legacy")).succeeds();
    sandbox.run(&format!("verify {place} {both}")).succeeds().says("ours.pub, theirs.pub");
}

#[test]
fn signers_at_the_same_time_lose_nothing() {
    let (sandbox, _registry, _, place) = published();
    let start = |key: &str, form: &str| {
        let arguments = ["sign", &place, "--key", key, "--signature-format", form];
        let mut command = sandbox.command(&arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    for form in ["legacy", "bundle"] {
        let children = ["ours.key", "theirs.key"].map(|key| start(key, form));
        for mut child in children {
            assert!(child.wait().unwrap().success());
        }
    }
    sandbox.run(&format!("verify {place} --key ours.pub --key theirs.pub")).succeeds();
}

#[test]
fn no_more_signatures_go_under_one_tag_than_are_verified() {
    let (sandbox, registry, digest, place) = published();
    let legacy = |key: &str| sandbox.run(&format!("sign {place} --key {key}.key --signature-format legacy"));
    legacy("ours").succeeds();
    let at = format!("/v2/team/app/manifests/{}.sig", digest.replace(':', "-"));
    let kind = "application/vnd.oci.image.manifest.v1+json";
    let found = registry.ask(&format!("GET {at}"), &format!("Accept: {kind}\r\n"), "");
    let mut manifest: serde_json::Value = serde_json::from_str(&found).unwrap();
    let one = manifest["layers"][0].clone();
    let mut hold = |count| {
        manifest["layers"] = vec![one.clone(); count].into();
        let head = format!("Content-Type: {kind}\r\n");
        registry.ask(&format!("PUT {at}"), &head, &manifest.to_string());
    };
    hold(1000);
    sandbox.run(&format!("verify {place} --key ours.pub")).succeeds();
    legacy("ours").succeeds().says("there already");
    legacy("theirs").fails(1).says("holds 1000 already").says("--signature-format bundle");
    sandbox.run(&format!("verify {place} --key ours.pub")).succeeds();
    sandbox.run(&format!("sign {place} --key theirs.key --signature-format bundle")).succeeds();
    sandbox.run(&format!("verify {place} --key ours.pub --key theirs.pub")).succeeds();
    hold(999);
    legacy("theirs").succeeds();
    sandbox.run(&format!("verify {place} --key ours.pub --key theirs.pub")).succeeds();
    hold(1001);
    legacy("ours").fails(1).says("holds 1001 already");
}

#[test]
fn an_attestation_says_what_it_says_and_is_no_signature() {
    let (sandbox, _registry, digest, place) = published();
    sandbox.write("tests.json", r#"{"passed": 12}"#).write("note.txt", "looks good");
    let kind = "https://example.com/tests/v1";
    let attest = |rest: &str| sandbox.run(&format!("sign {place} --key ours.key {rest}"));
    for form in ["bundle", "legacy"] {
        attest(&format!("--predicate tests.json --predicate-type {kind} --signature-format {form}"))
            .succeeds();
    }
    sandbox.run(&format!("verify {place} --key ours.pub")).fails(5).says(kind);
    sandbox
        .run(&format!("verify {place} --key ours.pub --type {kind}"))
        .succeeds()
        .prints(&format!("{digest}\n"));
    sandbox.run(&format!("verify {place} --key theirs.pub --type {kind}")).fails(5);
    sandbox
        .run(&format!("verify {place} --key ours.pub --type spdxjson"))
        .fails(5)
        .says("it is a statement of");
    attest("--predicate tests.json --predicate-type spdxjson").succeeds();
    for name in ["spdxjson", "spdx", "https://spdx.dev/Document"] {
        let verify = format!("verify {place} --key ours.pub --type {name}");
        sandbox.run(&verify).succeeds().prints(&format!("{digest}\n"));
    }
    sandbox.run(&format!("verify {place} --key ours.pub --type custom")).fails(5);
    attest("--predicate note.txt --predicate-type custom").succeeds().says("attested");
    sandbox.run(&format!("verify {place} --key ours.pub --type custom")).succeeds();
    attest(&format!("--predicate note.txt --type {kind}")).fails(1).says("JSON");
    attest("--predicate tests.json --predicate-type tests").fails(2).says("URI").says("spdxjson");
    attest("--predicate tests.json").fails(2);
    let gone = attest(&format!("--predicate gone.json --predicate-type {kind}"));
    gone.fails(3).says("cannot attest gone.json").says("hint");
}

#[test]
fn a_predicate_is_signed_to_the_digit_as_it_is_written() {
    let sandbox = with_keys();
    sandbox.run("build app:v1").succeeds();
    sandbox.run("copy app:v1 ocidir://layout:v1").succeeds();
    let predicate = r#"{"n": 123456789012345678901234567890, "m":1.10}"#;
    sandbox.write("numbers.json", format!("\n{predicate}\n"));
    let kind = "https://example.com/tests/v1";
    let attest = format!("--predicate numbers.json --predicate-type {kind} --signature-format both");
    sandbox.run(&format!("sign ocidir://layout:v1 --key ours.key {attest}")).succeeds();
    sandbox.run(&format!("verify ocidir://layout:v1 --key ours.pub --type {kind}")).succeeds();
    let blobs = std::fs::read_dir(sandbox.path("layout/blobs/sha256")).unwrap();
    let blobs = blobs.filter_map(|blob| std::fs::read(blob.unwrap().path()).ok());
    let payloads: Vec<String> = blobs
        .filter_map(|blob| serde_json::from_slice::<serde_json::Value>(&blob).ok())
        .filter_map(|json| {
            let text = json["payload"].as_str().or(json["dsseEnvelope"]["payload"].as_str())?;
            Some(String::from_utf8(BASE64_STANDARD.decode(text).unwrap()).unwrap())
        })
        .collect();
    assert_eq!(payloads.len(), 2);
    let end = format!(r#""predicate":{predicate}}}"#);
    assert!(payloads.iter().all(|payload| payload.ends_with(&end)), "{payloads:?}");
}

#[test]
fn what_would_be_too_large_to_be_verified_is_not_signed() {
    let (sandbox, registry, _, place) = published();
    // In JSON each of these is six bytes, and of three bytes base64 makes four.
    sandbox.write("large", [1].repeat(700_000)).write("small", [1].repeat(400_000));
    let attest = |file: &str, form: &str| {
        let what = format!("--predicate {file} --predicate-type custom --signature-format {form}");
        sandbox.run(&format!("sign {place} --key ours.key {what}"))
    };
    registry.requests();
    for form in ["bundle", "legacy", "both"] {
        attest("large", form).fails(1).says("4194304 are the most that are verified").says("digest");
    }
    // Fits as one of the older form, and not as a bundle: then neither is written.
    let large = "x".repeat(100_000);
    let annotations: Vec<String> = (0..10).map(|number| format!("{number}={large}")).collect();
    let mut sign = vec!["sign", &place, "--key", "ours.key", "--signature-format", "both"];
    sign.extend(annotations.iter().flat_map(|one| ["-a", one]));
    sandbox.run_with(&sign).fails(1).says("1048576 are the most that are verified");
    let requests = registry.requests();
    assert!(requests.iter().all(|line| line.starts_with("GET") || line.starts_with("HEAD")), "{requests:?}");
    for form in ["bundle", "legacy"] {
        attest("small", form).succeeds();
        sandbox.run(&format!("verify {place} --key ours.pub --type custom")).succeeds();
    }
}

#[test]
fn what_is_published_can_be_signed_in_the_same_breath() {
    let mut sandbox = with_keys();
    let registry = Registry::with_tokens("me", "s3cret");
    sandbox.with("TORTE_USERNAME", "me").with("TORTE_PASSWORD", "s3cret");
    let to = registry.at("team/app");
    let digest = sandbox.run(&format!("build app:v1 --push {to} --sign ours.key")).succeeds().digest();
    let requests = registry.requests();
    let logins = requests.iter().filter(|line| line.contains("/token")).count();
    assert_eq!(logins, 1, "{requests:?}");
    sandbox.run(&format!("verify {to}:v1 --key ours.pub")).succeeds().prints(&format!("{digest}\n"));
    sandbox.run(&format!("push app:v1 {to}:v2 --sign theirs.key")).succeeds();
    sandbox.run(&format!("verify {to}:v2 --key ours.pub --key theirs.pub")).succeeds();
    sandbox.run("build app:v1 --sign ours.key").fails(2).says("--push");
}
