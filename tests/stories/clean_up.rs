//! What nobody wants goes, and only that: tags and bundles by name, space by what nothing holds.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::support::{BANNER, Registry, Reply, Sandbox, Scripted};

/// A machine with `app:v1` and `app:stable`, the same bundle, and `app:v2`; and the digests of both.
fn three_tags() -> (Sandbox, String, String) {
    let sandbox = Sandbox::with_banner();
    let first = sandbox.run("build app:v1,stable").succeeds().digest();
    sandbox.write("features.yml", BANNER.replace("Banner", "Other"));
    let second = sandbox.run("build app:v2").succeeds().digest();
    (sandbox, first, second)
}

/// Everything below a directory but the folder for files that are being written: path and content.
fn state(path: &Path) -> Vec<(PathBuf, Option<Vec<u8>>)> {
    let all = walkdir::WalkDir::new(path).sort_by_file_name().into_iter().map(Result::unwrap);
    all.map(|entry| (entry.path().to_owned(), fs::read(entry.path()).ok())).collect()
}

fn blobs(sandbox: &Sandbox, repository: &str) -> usize {
    fs::read_dir(sandbox.store().join(repository).join("blobs/sha256")).unwrap().count()
}

#[test]
fn no_tag_is_taken_for_granted() {
    let (sandbox, ..) = three_tags();
    sandbox.run("build app").succeeds();
    let before = state(&sandbox.store());
    for line in ["rm app", "rm app:v1 app", "rm", "rm localhost:1/team/app", "rm app:"] {
        sandbox.run(line).fails(2).prints("");
    }
    sandbox.run("rm app").fails(2).says("names a repository").says("torte rm app:TAG");
    assert_eq!(state(&sandbox.store()), before);
    sandbox.run("rm app:none").fails(3).says("there is no tag `none`");
    sandbox.run("rm none:v1").fails(3);
    sandbox.run(&format!("rm app@sha256:{}", "0".repeat(64))).fails(3).says("there is no bundle");
}

#[test]
fn a_tag_goes_and_the_others_stay() {
    let (sandbox, first, second) = three_tags();
    let before = state(&sandbox.store());
    sandbox.run("rm app:v1 app:v2 --dry-run").succeeds().prints("").says("would remove app:v1");
    assert_eq!(state(&sandbox.store()), before, "a dry run");
    sandbox.run("rm app:v1").succeeds().prints("").says("is still tagged stable");
    assert_eq!(sandbox.run("resolve app:stable").succeeds().digest(), first);
    sandbox.run("resolve app:v1").fails(3);
    let json = sandbox.run("rm app:v2 --format json").succeeds().json();
    let line = &json["removed"][0];
    assert_eq!(
        (&line["digest"], &line["left"], &line["tags"][0]),
        (&second.as_str().into(), &"untagged".into(), &"v2".into())
    );
    sandbox.run(&format!("inspect app@{second}")).succeeds();
}

#[test]
fn of_several_each_is_tried_and_the_worst_counts() {
    let (sandbox, first, _) = three_tags();
    let line = format!("rm app:none app:v2 app@{first} --format json");
    let outcome = sandbox.run(&line).fails(7).says("there is no tag `none`").says("`stable`, `v1`");
    let json = outcome.json();
    assert_eq!(json["removed"][0]["reference"], "app:v2");
    let codes: Vec<_> = json["failed"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, [3, 7]);
}

#[test]
fn a_bundle_goes_with_its_tags_by_force_alone() {
    let (sandbox, first, second) = three_tags();
    let before = state(&sandbox.store());
    let at = format!("rm app@{first}");
    drop(sandbox.run(&at).fails(7).prints("").says("`stable`, `v1`").says("--force"));
    sandbox.run(&format!("{at} --force --dry-run")).succeeds().says("with its tags stable, v1");
    assert_eq!(state(&sandbox.store()), before);
    sandbox.run(&format!("{at} --force")).succeeds().says("with its tags stable, v1");
    sandbox.run(&format!("inspect app@{first}")).fails(3);
    assert_eq!(sandbox.run("resolve app:v2").succeeds().digest(), second);
    sandbox.run("gc --older 0s").succeeds();
    assert_eq!(blobs(&sandbox, "app"), 3, "a manifest, a config and a layer");
    sandbox.run("check").succeeds().says("sound");
}

#[test]
fn a_registry_loses_the_tag_and_nothing_else() {
    let (sandbox, first, _) = three_tags();
    let registry = Registry::open();
    let to = registry.at("team/app");
    for tag in ["v1", "v2"] {
        sandbox.run(&format!("push app:{tag} {to}")).succeeds();
    }
    sandbox.run(&format!("tag {to}:v1 stable")).succeeds();
    registry.calls();
    sandbox.run(&format!("rm {to}:v1 --dry-run")).succeeds().says("would remove");
    assert_eq!(registry.calls(), ["HEAD manifests/v1 200"]);
    sandbox.run(&format!("rm {to}:v1")).succeeds().prints("");
    assert_eq!(registry.calls(), ["HEAD manifests/v1 200", "DELETE manifests/v1 202", "HEAD manifests/ 200"]);
    assert_eq!(sandbox.run(&format!("resolve {to}:stable")).succeeds().digest(), first);
    sandbox.run(&format!("rm {to}:v1")).fails(3).says("there is no tag `v1`");

    let at = format!("rm {to}@{first}");
    drop(sandbox.run(&at).fails(7).says("`stable`").says("--force"));
    assert!(!registry.calls().iter().any(|call| call.starts_with("DELETE")));
    sandbox.run(&format!("{at} --force")).succeeds().says("with its tags stable");
    sandbox.run(&format!("resolve {to}:stable")).fails(3);
    sandbox.run(&format!("resolve {to}:v2")).succeeds();
}

#[test]
fn what_an_index_of_a_registry_lists_stays_there() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    let to = registry.at("team/app");
    let digest = sandbox.run(&format!("build app:v1 --push {to}")).succeeds().digest();
    let size = sandbox.run("inspect app:v1 --manifest").succeeds().stdout.len();
    let kind = "application/vnd.oci.image.index.v1+json";
    let index = serde_json::json!({"schemaVersion": 2, "mediaType": kind, "manifests": [
        {"mediaType": torte::oci::media_type::MANIFEST, "digest": digest, "size": size},
    ]});
    registry.ask("PUT /v2/team/app/manifests/all", &format!("Content-Type: {kind}\r\n"), &index.to_string());
    sandbox.run(&format!("rm {to}:v1")).succeeds();
    for flag in ["", "--dry-run", "--force"] {
        let outcome = sandbox.run(&format!("rm {to}@{digest} {flag}")).fails(7);
        outcome.says("listed by the index under `all`").says(&format!("torte rm {to}:all"));
    }
    sandbox.run(&format!("pull {to}:all")).succeeds();
}

#[test]
fn what_cannot_be_removed_is_said_to_everybody() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    sandbox.run("-q rm app:v1 app:absent").fails(3).says("cannot remove app:absent");
}

#[test]
fn where_a_registry_removes_no_tags_it_is_said_and_nothing_else_is_removed() {
    let refusals: [(u16, &str, &str); 5] = [
        (405, "", "does not let it be removed (405"),
        (
            405,
            r#"{"errors":[{"code":"UNSUPPORTED","message":"The operation is unsupported."}]}"#,
            "does not let",
        ),
        (400, r#"{"errors":[{"code":"UNSUPPORTED","message":"unsupported"}]}"#, "does not let it be removed"),
        (
            400,
            r#"{"errors":[{"code":"DIGEST_INVALID","message":"provided digest did not match uploaded content"}]}"#,
            "DIGEST_INVALID",
        ),
        (404, r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#, "shows it still"),
    ];
    for (status, body, why) in refusals {
        let digest = format!("sha256:{}", "a".repeat(64));
        let there = digest.clone();
        let server = Scripted::new(move |line| match line.split(' ').next() {
            Some("DELETE") => Reply::Answer { status, headers: String::new(), body: body.into() },
            _ => Reply::ok("{}")
                .with("Docker-Content-Digest", &there)
                .with("Content-Type", torte::oci::media_type::MANIFEST),
        });
        let at = format!("127.0.0.1:{}/team/app", server.port());
        let outcome = Sandbox::new().run(&format!("rm {at}:v1")).fails(1).prints("");
        drop(outcome.says(why).says("nothing was removed"));
        let deletes: Vec<String> =
            server.requests().into_iter().filter(|line| line.starts_with("DELETE")).collect();
        assert!(deletes.iter().all(|line| line.contains("/manifests/v1")), "{deletes:?}");
        assert!(!deletes.is_empty());
    }
}

#[test]
fn a_signature_in_a_registry_is_no_bundle_that_lost_its_tag() {
    let (mut sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.with("TORTE_KEY_PASSWORD", "secret");
    sandbox.run("keys generate").succeeds();
    sandbox.run(&format!("build app:v1 --push {} --sign torte.key", registry.at("team/app"))).succeeds();
    let gc = format!("gc --store {}", registry.root().display());
    sandbox.run(&gc).succeeds().says("freed 0 B").hides("kept");
    let json = sandbox.run(&format!("{gc} --format json")).succeeds().json();
    assert_eq!(json["repositories"][0]["young"]["bundles"], 0, "{json}");
}

#[test]
fn space_comes_back_of_what_no_tag_holds() {
    let (sandbox, first, second) = three_tags();
    sandbox.run("build app:v1").succeeds();
    sandbox.run("rm app:stable").succeeds();
    let before = state(&sandbox.store());
    sandbox
        .run("gc")
        .succeeds()
        .prints("")
        .says("freed 0 B")
        .says("kept for now: 1 bundle that lost the last tag");
    let told = sandbox.run("gc --older 0s --dry-run").succeeds().says("would free");
    assert_eq!(state(&sandbox.store()), before);
    let done = sandbox.run("gc --older 0s").succeeds().says("1 bundle, 2 blobs");
    assert_eq!(told.stdout, done.stdout);
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(done.stdout.lines().nth(1).unwrap())[..3], ["app", "1", "2"]);
    sandbox.run(&format!("inspect app@{first}")).fails(3);
    assert_eq!(sandbox.run("resolve app:v1").succeeds().digest(), second);
    sandbox.run("inspect app:v2 --contents").succeeds();
    let json = sandbox.run("gc --older 0s --format json").succeeds().json();
    assert_eq!(json["freed"], serde_json::json!({"bundles": 0, "blobs": 0, "bytes": 0, "leftovers": 0}));
}

#[test]
fn what_was_pulled_by_its_digest_stays_until_it_is_removed() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    let to = registry.at("team/app");
    let digest = sandbox.run(&format!("build mine:v1 --push {to}")).succeeds().digest();
    sandbox.run(&format!("pull {to}@{digest} pulled")).succeeds();
    sandbox.run("gc --older 0s").succeeds();
    sandbox.run(&format!("inspect pulled@{digest} --contents")).succeeds();
    sandbox.run(&format!("tag pulled@{digest} v1")).succeeds();
    sandbox.run("rm pulled:v1").succeeds().says("was pulled by its digest");
    sandbox.run("gc --older 0s").succeeds();
    sandbox.run(&format!("rm pulled@{digest}")).succeeds();
    sandbox.run("gc --older 0s").succeeds();
    assert_eq!((blobs(&sandbox, "pulled"), blobs(&sandbox, "mine")), (0, 3));
}

#[test]
fn signatures_stay_and_go_with_what_they_sign() {
    let mut sandbox = Sandbox::with_banner();
    sandbox.with("TORTE_KEY_PASSWORD", "a secret");
    sandbox.run("keys generate --out pair").succeeds();
    for format in ["bundle", "legacy", "both"] {
        let digest = sandbox.run("build app:v1").succeeds().digest();
        sandbox.run(&format!("sign app:v1 --key pair.key --signature-format {format}")).succeeds();
        sandbox.run("gc --older 0s").succeeds().says("freed 0 B").hides("another program");
        sandbox.run("verify app:v1 --key pair.pub").succeeds();
        sandbox.run("check").succeeds().says("sound");
        // Without its tag it stays for a day, and so do they; by force they go with it.
        sandbox.run("rm app:v1").succeeds();
        sandbox.run("gc").succeeds();
        sandbox.run(&format!("verify app@{digest} --key pair.pub")).succeeds();
        sandbox.run(&format!("rm app@{digest} --force")).succeeds();
        sandbox.run("gc --older 0s").succeeds();
        assert_eq!(blobs(&sandbox, "app"), 0, "{format}");

        sandbox.run("build app:v1").succeeds();
        sandbox.run(&format!("sign app:v1 --key pair.key --signature-format {format}")).succeeds();
        sandbox.run("rm app:v1").succeeds();
        sandbox.run("gc --older 0s").succeeds();
        assert_eq!(blobs(&sandbox, "app"), 0, "{format}");
    }
}

#[test]
fn one_repository_that_cannot_be_read_keeps_all_it_has_and_the_others_are_collected_in() {
    let (sandbox, first, _) = three_tags();
    for name in ["a", "b"] {
        sandbox.run(&format!("copy app:v1 {name}:v1")).succeeds();
        sandbox.run(&format!("rm {name}:v1")).succeeds();
        sandbox.run(&format!("copy app:v2 {name}:v2")).succeeds();
    }
    let file = sandbox.store().join("a/blobs/sha256").join(&first["sha256:".len()..]);
    fs::remove_file(&file).unwrap();
    let before = state(&sandbox.store().join("a"));
    let outcome = sandbox.run("gc --older 0s").fails(5);
    drop(outcome.says("cannot collect in a").says(&first));
    assert_eq!(state(&sandbox.store().join("a")), before);
    assert_eq!(blobs(&sandbox, "b"), 3);
    sandbox.run("gc a --older 0s").fails(5).says("cannot collect in a");
    sandbox.run("gc b --older 0s").succeeds();
    sandbox.run(&format!("rm a@{first}")).succeeds();
    sandbox.run("gc --older 0s").succeeds();
    sandbox.run("check").succeeds();
}

#[test]
fn only_local_repositories_and_durations_are_taken() {
    let (sandbox, ..) = three_tags();
    sandbox.run("copy app:v1 org/other:v1").succeeds();
    for verb in ["gc", "check"] {
        drop(sandbox.run(&format!("{verb} app:v1")).fails(2).says("takes a repository"));
        drop(sandbox.run(&format!("{verb} ghcr.io/org/app")).fails(2).says("is a remote name"));
        sandbox.run(&format!("{verb} none")).fails(3);
        sandbox.run(&format!("{verb} ocidir://none")).fails(3);
        sandbox.run(&format!("{verb} org")).fails(3);
    }
    for older in ["soon", "-1s", "1.5h", "1w"] {
        sandbox.run_with(&["gc", &format!("--older={older}")]).fails(2).says("is not a duration");
    }
    assert!(!sandbox.path("none").exists());
    sandbox.run("copy app:v1 ocidir://there").succeeds();
    sandbox.run("rm ocidir://there:v1").succeeds();
    sandbox.run("gc ocidir://there --older 0s").succeeds().says("1 bundle, 3 blobs");
    sandbox.run("check ocidir://there app").succeeds().says("2 repositories");
}

#[test]
fn an_empty_store_has_nothing_to_collect() {
    let sandbox = Sandbox::new();
    sandbox.run("gc").succeeds().prints("").says("freed 0 B");
    sandbox.run("check").succeeds().prints("").says("sound");
    assert!(!sandbox.store().exists(), "looking creates nothing");
}

/// Writers beside the collector, and what each does.
const WRITERS: usize = 6;
const ROUNDS: usize = if cfg!(debug_assertions) { 12 } else { 60 };

#[test]
fn builds_pulls_and_pushes_run_beside_a_collector_without_harm() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    let to = registry.at("team/app");
    for source in 0..3 {
        for namespace in 0..8 {
            let text = BANNER
                .replace("web", &format!("n{namespace}"))
                .replace("Banner", &format!("Banner {source}"));
            sandbox.write(&format!("in{source}/n{namespace}.features.yml"), text);
        }
        sandbox.run(&format!("build seed:s{source} in{source} --push {to}")).succeeds();
    }
    let done = AtomicBool::new(false);
    let succeeds = |arguments: &[&str]| {
        let output = sandbox.command(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    };
    let writer = |writer: usize| {
        for round in 0..ROUNDS {
            let source = (writer + round) % 3;
            // All move the same tag, so that each takes away what held the others' content.
            match writer % 3 {
                0 => succeeds(&["build", "app:latest", &format!("in{source}")]),
                1 => succeeds(&["pull", &format!("{to}:s{source}"), "app:latest"]),
                _ => succeeds(&["build", &format!("app:w{writer}"), &format!("in{source}"), "--push", &to]),
            }
        }
    };
    let mut collections = 0;
    thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS).map(|number| scope.spawn(move || writer(number))).collect();
        let collector = scope.spawn(|| {
            let mut count = 0;
            while !done.load(Ordering::Relaxed) {
                succeeds(&["gc", "--older", "0s"]);
                succeeds(&["check"]);
                count += 1;
            }
            count
        });
        for writer in writers {
            writer.join().unwrap();
        }
        done.store(true, Ordering::Relaxed);
        collections = collector.join().unwrap();
    });
    assert!(collections > 3, "only {collections} collections ran beside the writers");
    sandbox.run("check").succeeds().hides("warning").says("sound");
    sandbox.run("inspect app:latest --contents").succeeds();
    sandbox.run("gc --older 0s").succeeds();
    sandbox.run("check").succeeds().says("sound");
    assert_eq!(fs::read_dir(sandbox.store().join("app/ingest")).unwrap().count(), 0);
}

#[test]
fn a_killed_build_leaves_what_the_next_collection_frees() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:good").succeeds();
    for number in 0..150 {
        sandbox.write(&format!("big/n{number}.features.yml"), BANNER.replace("web", &format!("n{number}")));
    }
    let mut left = 0;
    for round in 0..10 {
        let mut child = sandbox.command(&["build", "app:big", "big"]).spawn().unwrap();
        thread::sleep(Duration::from_millis(20 + 15 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        sandbox.run("check").succeeds();
        left += fs::read_dir(sandbox.store().join("app/ingest")).unwrap().count();
        let mut collector = sandbox.command(&["gc", "--older", "0s"]).spawn().unwrap();
        thread::sleep(Duration::from_millis(2 * round));
        collector.kill().unwrap();
        collector.wait().unwrap();
        sandbox.run("check").succeeds();
    }
    assert!(left > 0, "no kill left anything to be collected");
    // A build that was faster than its end has a tag.
    sandbox.command(&["rm", "app:big"]).output().unwrap();
    sandbox.run("gc --older 0s").succeeds();
    sandbox.run("check").succeeds().hides("warning").says("sound");
    assert_eq!(blobs(&sandbox, "app"), 3);
    assert_eq!(fs::read_dir(sandbox.store().join("app/ingest")).unwrap().count(), 0);
}
