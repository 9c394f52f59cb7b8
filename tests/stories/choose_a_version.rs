//! Which version: the newest of a range, the digest that it means now, and nothing asked for twice.

use crate::support::{BANNER, Registry, Reply, Sandbox, Scripted, banner_digest};

/// Tags as a repository may have them; what is expected of them follows from Flux's rules (`docs/versions.md`).
const TAGS: [&str; 9] =
    ["0.9.0", "1.2.0", "1.10.0", "v1.9.3", "1.10.0-rc.1", "2.0.0-beta.1", "1.11", "latest", "sha-1a2b3c4"];

/// A machine and a registry where `team/app` has these tags, each on a bundle of its own, and the digests of these.
fn released() -> (Sandbox, Registry, impl Fn(&str) -> String) {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    let release = |tag: &str| {
        sandbox.write("features.yml", BANNER.replace("Banner", &format!("Banner of {tag}")));
        let to = registry.at("team/app");
        (tag.to_owned(), sandbox.run(&format!("build app:{tag} --push {to}")).succeeds().digest())
    };
    let digests = TAGS.map(release);
    registry.requests();
    let digest = move |tag: &str| digests.iter().find(|(name, _)| name == tag).unwrap().1.clone();
    (sandbox, registry, digest)
}

#[test]
fn a_range_means_its_newest_version() {
    let (sandbox, registry, digest) = released();
    let app = registry.at("team/app");
    for (range, tag) in [
        (">=1.0 <2", "1.10.0"),
        ("1.x", "1.10.0"),
        ("~1.9", "v1.9.3"),
        ("^0.9", "0.9.0"),
        (">=1.10.0-0 <1.10.0", "1.10.0-rc.1"),
        ("*-0", "2.0.0-beta.1"),
        ("0.9.0 || 1.2.0", "1.2.0"),
    ] {
        for place in ["app", &app] {
            let outcome = sandbox.run_with(&["resolve", place, "--semver", range]).succeeds();
            outcome.prints(&format!("{}\n", digest(tag))).says(&format!("resolved {place}:{tag}"));
        }
    }
}

#[test]
fn a_tag_is_resolved_by_one_request_and_a_range_by_two() {
    let (sandbox, registry, digest) = released();
    let app = registry.at("team/app");
    let resolve = |line: &str| sandbox.run(&format!("resolve {line}")).succeeds().digest();
    assert_eq!(resolve(&format!("{app}:1.2.0")), digest("1.2.0"));
    assert_eq!(registry.calls(), ["HEAD manifests/1.2.0 200"]);
    assert_eq!(resolve(&app), digest("latest"), "no tag means `latest`");
    assert_eq!(registry.calls(), ["HEAD manifests/latest 200"]);
    assert_eq!(resolve(&format!("{app}@{}", digest("1.2.0"))), digest("1.2.0"));
    assert_eq!(registry.calls(), ["HEAD manifests/ 200"]);
    assert_eq!(resolve(&format!("{app} --semver 1.x")), digest("1.10.0"));
    assert_eq!(registry.calls(), ["GET tags/list 200", "HEAD manifests/1.10.0 200"]);
    assert_eq!(resolve("app:1.2.0"), digest("1.2.0"));
    assert_eq!(registry.calls(), [""; 0]);
}

#[test]
fn what_was_resolved_is_for_the_next_tool() {
    let (sandbox, registry, digest) = released();
    let app = registry.at("team/app");
    let pinned = format!("{app}@{}", digest("1.10.0"));
    let resolve = format!("resolve {app} --semver 1.x --format");
    sandbox.run(&format!("{resolve} reference")).succeeds().prints(&format!("{pinned}\n"));
    sandbox.run(&format!("inspect {pinned}")).succeeds().shows(&digest("1.10.0"));
    let json = sandbox.run(&format!("{resolve} json")).succeeds().json();
    assert_eq!(json["reference"], format!("{app}:1.10.0"));
    assert_eq!((&json["digest"], &json["requests"]), (&digest("1.10.0").into(), &2.into()));
    assert_eq!((&json["tags"], &json["warnings"]), (&serde_json::json!(["1.10.0"]), &serde_json::json!([])));
    assert_eq!(json["mediaType"], "application/vnd.oci.image.manifest.v1+json");
    assert!(json["size"].as_u64().unwrap() > 400, "{json}");
}

#[test]
fn no_version_in_the_range_is_not_found_and_says_what_was_looked_at() {
    let (sandbox, registry, _) = released();
    let app = registry.at("team/app");
    for verb in ["resolve", "pull", "inspect"] {
        let outcome = sandbox.run(&format!("{verb} {app} --semver >=3")).fails(3).prints("");
        outcome.says("`>=3`").says("of 9 tags, 6 count as versions").says("torte list");
    }
    sandbox.run("resolve app --semver >=3").fails(3).says("of 9 tags, 6 count as versions");
    sandbox.run("build nightly:today").succeeds();
    let outcome = sandbox.run("resolve nightly --semver *").fails(3);
    drop(outcome.says("of 1 tag, 0 count as versions").says("v1.2.3"));
    sandbox.run("resolve nobody --semver *").fails(3).says("nobody");
    sandbox.run(&format!("resolve {} --semver *", registry.at("no/such"))).fails(3).says("no tags");
    sandbox.run(&format!("resolve {app}:nope")).fails(3).says("nope");
    sandbox.run("resolve app:nope").fails(3).says("nope");
}

#[test]
fn a_range_beside_a_tag_and_a_bad_range_are_wrong_usage() {
    let (sandbox, registry, digest) = released();
    let app = registry.at("team/app");
    for line in
        ["resolve app:1.2.0", "inspect app:1.2.0", "unpack app:1.2.0 out", &format!("pull {app}:1.2.0")]
    {
        sandbox.run(&format!("{line} --semver 1.x")).fails(2).says("leave out `:1.2.0`");
    }
    sandbox
        .run(&format!("resolve app@{} --semver 1.x", digest("1.2.0")))
        .fails(2)
        .says("leave out `@sha256:");
    for line in ["resolve app", "inspect app", "unpack app out", "list app", "list", &format!("pull {app}")] {
        let outcome = sandbox.run(&format!("{line} --semver 1.2.3.4")).fails(2).prints("");
        outcome.says("`--semver` is `1.2.3.4`").says("`--semver '>=1.0 <2'`");
    }
    sandbox.run("list app --limit 0").fails(2);
    assert_eq!(registry.calls(), [""; 0], "nothing is asked for before");
}

#[test]
fn a_pull_by_range_keeps_the_versions_tag() {
    let (_, registry, digest) = released();
    let app = registry.at("team/app");
    let sandbox = Sandbox::new();
    let pull = format!("pull {app} --semver");
    let pulled = sandbox.run_with(&["pull", &app, "--semver", ">=1.0 <2"]).succeeds();
    assert_eq!(pulled.digest(), digest("1.10.0"));
    let expected = ["GET tags/list 200", "GET manifests/1.10.0 200", "GET blobs/ 200", "GET blobs/ 200"];
    assert_eq!(registry.calls(), expected, "resolved once, and by digest afterwards");
    sandbox.run("resolve team/app:1.10.0").succeeds().prints(&format!("{}\n", digest("1.10.0")));
    sandbox.run(&format!("{pull} ~1.9 mine")).succeeds();
    sandbox.run("resolve mine:v1.9.3").succeeds();
    sandbox.run(&format!("{pull} ~1.9 mine:stable")).succeeds();
    sandbox.run("resolve mine:stable").succeeds().prints(&format!("{}\n", digest("v1.9.3")));
    sandbox.run(&format!("{pull} 1.x")).succeeds().says("2 already there · 2 requests");
}

#[test]
fn a_pull_by_range_reads_a_password_once() {
    let mut sandbox = Sandbox::with_banner();
    let registry = Registry::with_password("ada", "secret");
    let to = registry.at("team/app");
    sandbox.typing("secret");
    sandbox.run(&format!("build app:1.0.0 --push {to} --username ada --password-stdin")).succeeds();
    sandbox.run(&format!("pull {to} mine --semver 1.x --username ada --password-stdin")).succeeds();
    sandbox.run("resolve mine:1.0.0").succeeds().prints(&format!("{}\n", banner_digest()));
}

#[test]
fn unpack_and_inspect_take_a_range_too() {
    let (sandbox, registry, digest) = released();
    let app = registry.at("team/app");
    sandbox.run(&format!("unpack {app} out --semver 1.x")).succeeds().says(&format!("{app}:1.10.0"));
    assert_eq!(registry.calls(), ["GET tags/list 200", "GET manifests/1.10.0 200", "GET blobs/ 200"]);
    assert!(sandbox.read("out/web.features.yml").contains("Banner of 1.10.0"));
    sandbox.run(&format!("inspect {app} --semver ~1.9")).succeeds().shows(&digest("v1.9.3"));
    assert_eq!(registry.calls(), ["GET tags/list 200", "GET manifests/v1.9.3 200", "GET referrers/ 200"]);
    let json = sandbox.run("inspect app --semver 0.x --format json").succeeds().json();
    assert_eq!((&json["reference"], &json["tags"][0]), (&"app:0.9.0".into(), &"0.9.0".into()));
}

#[test]
fn a_tag_that_moves_after_it_was_chosen_changes_nothing() {
    let layer = "sha256:".to_owned() + &"a".repeat(64);
    let manifest = |created: &str| {
        format!(
            r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{layer}","size":2}},"layers":[],"annotations":{{"org.opencontainers.image.created":"{created}"}}}}"#
        )
    };
    let (before, after) = (manifest("2024-01-01T00:00:00Z"), manifest("2025-01-01T00:00:00Z"));
    let asked = std::sync::atomic::AtomicUsize::new(0);
    // Each time the tag is asked for it is another bundle.
    let server = Scripted::new(move |request| {
        if request.contains("tags/list") {
            return Reply::ok(r#"{"name":"app","tags":["1.0.0"]}"#);
        }
        if request.contains("referrers") {
            let index = "application/vnd.oci.image.index.v1+json";
            return Reply::ok(r#"{"schemaVersion":2,"manifests":[]}"#).with("Content-Type", index);
        }
        let time = asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let body = if time == 0 { &before } else { &after };
        Reply::ok(body).with("Content-Type", "application/vnd.oci.image.manifest.v1+json")
    });
    let line = format!("inspect {} --semver 1.x", server.at("app"));
    Sandbox::new().run(&line).succeeds().shows("2024-01-01");
    let requests = server.requests();
    assert_eq!(requests[..2], ["GET /v2/app/tags/list?n=1000", "GET /v2/app/manifests/1.0.0"]);
    assert!(requests.len() == 3 && requests[2].starts_with("GET /v2/app/referrers/sha256:"), "{requests:?}");
}

#[test]
fn a_list_by_range_is_newest_first_and_no_longer_than_asked() {
    let (sandbox, registry, digest) = released();
    let app = registry.at("team/app");
    let list = |range: &str, more: &[&str]| {
        let arguments: Vec<_> = ["list", &app, "--semver", range].into_iter().chain(more.to_vec()).collect();
        sandbox.run_with(&arguments).succeeds()
    };
    let all = list("*", &[]).prints("1.10.0\nv1.9.3\n1.2.0\n0.9.0\n");
    assert_eq!(all.stderr, "", "nothing is left out, so that nothing is said");
    list("*", &["--limit", "2"]).prints("1.10.0\nv1.9.3\n").says("the newest 2 of 4 in `*`");
    drop(list(">=1.0-0 <=2", &[]).prints("2.0.0-beta.1\n1.10.0\n1.10.0-rc.1\nv1.9.3\n1.2.0\n"));
    list(">=3", &[]).prints("").says("none of 9 is a version in `>=3`");
    registry.requests();
    let json = list("*", &["--limit", "2", "--format", "json"]).json();
    let repository = &json["repositories"][0];
    assert_eq!((&repository["total"], &repository["matching"]), (&9.into(), &4.into()));
    let tags: Vec<_> = repository["tags"].as_array().unwrap().iter().map(|tag| tag["tag"].clone()).collect();
    assert_eq!(tags, ["1.10.0", "v1.9.3"]);
    assert_eq!(repository["tags"][1]["digest"], digest("v1.9.3"));
    let mut calls = registry.calls();
    calls.sort();
    let expected = ["GET tags/list 200", "HEAD manifests/1.10.0 200", "HEAD manifests/v1.9.3 200"];
    assert_eq!(calls, expected, "only what is shown is asked for");
}

#[test]
fn a_limit_without_a_range_is_by_name_and_says_so() {
    let (sandbox, registry, _) = released();
    let app = registry.at("team/app");
    let outcome =
        sandbox.run(&format!("list {app} --limit 3")).succeeds().prints("0.9.0\n1.10.0\n1.10.0-rc.1\n");
    drop(outcome.says("the first 3 of 9 by name").says("`--semver '*'`"));
    let json = sandbox.run(&format!("list {app} --limit 3 --format json")).succeeds().json();
    assert_eq!(json["repositories"][0]["total"], 9);
    assert_eq!(json["repositories"][0]["matching"], 9);
    assert_eq!(json["repositories"][0]["tags"].as_array().unwrap().len(), 3);
    assert_eq!(sandbox.run(&format!("list {app} --limit 9")).succeeds().stderr, "");
}

#[test]
fn the_store_is_listed_by_range_repository_by_repository() {
    let (sandbox, ..) = released();
    sandbox.run("build app/sub:3.0.0").succeeds();
    sandbox.run("build other:latest").succeeds();
    let shown = |line: &str| -> Vec<(String, String)> {
        let text = sandbox.run(line).succeeds().stdout;
        let word = |line: &str, at| line.split_whitespace().nth(at).unwrap().to_owned();
        text.lines().skip(1).map(|line| (word(line, 1), word(line, 2))).collect()
    };
    let pairs = |all: &[(&str, &str)]| -> Vec<(String, String)> {
        all.iter().map(|(name, tag)| ((*name).to_owned(), (*tag).to_owned())).collect()
    };
    let expected = [("app", "1.10.0"), ("app", "v1.9.3"), ("app/sub", "3.0.0")];
    assert_eq!(shown("list --semver * --limit 2"), pairs(&expected));
    assert_eq!(shown("list app --semver ~1.2"), pairs(&[("app", "1.2.0")]));
    assert_eq!(shown("list app --limit 1"), pairs(&[("app", "0.9.0"), ("app/sub", "3.0.0")]));
    let json = sandbox.run("list other --semver * --format json").succeeds().json();
    assert_eq!(json["repositories"][0]["tags"], serde_json::json!([]));
    assert_eq!(
        (&json["repositories"][0]["total"], &json["repositories"][0]["matching"]),
        (&1.into(), &0.into())
    );
    let layout = format!("ocidir://{}", sandbox.store().join("app").display());
    sandbox.run(&format!("list {layout} --semver ~1.2")).succeeds().shows("1.2.0").hides("1.10.0");
    sandbox.run(&format!("resolve {layout} --semver ~1.2")).succeeds();
}
