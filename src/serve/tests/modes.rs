//! A registry whose content is over after a while, and one that takes nothing.

use super::*;
use crate::store::EXPIRES;

fn expiring() -> Sandbox {
    Sandbox::with(|options| {
        options.mode = Mode::Expiring;
        options.limits.round = Duration::from_millis(50);
        options.limits.pause = Duration::from_millis(100);
    })
}

fn wait_until(what: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !what() {
        assert!(begun.elapsed() < Duration::from_secs(20), "it does not come to pass");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The files of content of a repository.
fn contents(sandbox: &Sandbox, name: &str) -> usize {
    std::fs::read_dir(sandbox.root.join(name).join("blobs/sha256")).unwrap().count()
}

#[test]
fn a_tag_lives_as_long_as_it_says_and_its_content_goes_with_it() {
    let sandbox = expiring();
    let bytes = sandbox.bundle("app", "30m", b"layer");
    sandbox.bundle("app", "v1", b"other");
    let status = |reference: &str| sandbox.get(&format!("/v2/app/manifests/{reference}")).status;
    let digest = Digest::of(&bytes).to_string();
    sandbox.time.set("12:29");
    assert_eq!([status("30m"), status(&digest), status("v1")], [200, 200, 200]);
    sandbox.time.set("12:30");
    assert_eq!([status("30m"), status(&digest), status("v1")], [404, 404, 200], "at once");
    assert_eq!(sandbox.get("/v2/app/tags/list").json()["tags"], serde_json::json!(["v1"]));
    // Whatever is written has the repository looked through soon afterwards.
    age(&sandbox, "app");
    sandbox.blob("app", b"unnamed");
    wait_until(|| contents(&sandbox, "app") == 4);
    sandbox.time.set("13:00");
    assert_eq!(status("v1"), 404, "what says nothing lives for an hour");
    age(&sandbox, "app");
    sandbox.blob("app", b"unnamed");
    wait_until(|| contents(&sandbox, "app") == 1);
    assert_eq!(
        sandbox.get(&format!("/v2/app/blobs/{}", Digest::of(b"unnamed"))).status,
        200,
        "written just now"
    );
}

/// Lets all content be as old as the sandbox's day.
fn age(sandbox: &Sandbox, name: &str) {
    let midnight = std::time::UNIX_EPOCH + Duration::from_hours(20_484 * 24);
    for file in std::fs::read_dir(sandbox.root.join(name).join("blobs/sha256")).unwrap().flatten() {
        // The registry may be removing it just now.
        let _ = std::fs::File::open(file.path()).and_then(|file| file.set_modified(midnight));
    }
}

#[test]
fn the_same_content_under_the_same_tag_is_not_prolonged() {
    let sandbox = expiring();
    let bytes = sandbox.bundle("app", "1h", b"layer");
    sandbox.time.set("12:50");
    assert_eq!(sandbox.put_manifest("app", "1h", &bytes).status, 201);
    assert_eq!(sandbox.put_manifest("app", "60m", &bytes).status, 201);
    sandbox.time.set("13:00");
    assert_eq!(sandbox.get("/v2/app/tags/list").json()["tags"], serde_json::json!(["60m"]));
}

#[test]
fn a_restart_brings_nothing_back() {
    let root = TempDir::new().unwrap();
    let restart = |mode: Mode, time: &str| {
        let sandbox = Sandbox::of_store(root.path(), |options| options.mode = mode);
        sandbox.time.set(time);
        sandbox
    };
    let first = restart(Mode::Expiring, "12:00");
    let bytes = first.bundle("app", "1h", b"layer");
    let index = std::fs::read_to_string(root.path().join("app/index.json")).unwrap();
    assert!(index.contains(&format!("\"{EXPIRES}\":\"2026-01-31T13:00:00Z\"")), "{index}");
    drop(first);
    for mode in [Mode::Expiring, Mode::Keeping, Mode::ReadOnly] {
        let sandbox = restart(mode, "12:59");
        assert_eq!(sandbox.get("/v2/app/manifests/1h").body, bytes, "{mode:?}");
        sandbox.time.set("13:00");
        assert_eq!(sandbox.get("/v2/app/manifests/1h").status, 404, "{mode:?}");
    }
}

#[test]
fn what_was_there_before_and_what_is_pushed_otherwise_stays() {
    let root = TempDir::new().unwrap();
    let bytes = Sandbox::of_store(root.path(), |_| {}).bundle("app", "v1", b"layer");
    let sandbox = Sandbox::of_store(root.path(), |options| options.mode = Mode::Expiring);
    sandbox.put_manifest("app", "v1", &bytes);
    sandbox.time.set("23:59");
    assert_eq!(sandbox.get("/v2/app/manifests/v1").body, bytes);
}

#[test]
fn a_read_only_registry_answers_and_takes_nothing() {
    let root = TempDir::new().unwrap();
    let bytes = Sandbox::of_store(root.path(), |_| {}).bundle("app", "v1", b"layer");
    let files = || walkdir::WalkDir::new(root.path()).into_iter().count();
    let before = files();
    let sandbox = Sandbox::of_store(root.path(), |options| options.mode = Mode::ReadOnly);
    assert_eq!(sandbox.get("/v2/app/manifests/v1").body, bytes);
    assert_eq!(sandbox.get(&format!("/v2/app/blobs/{}", Digest::of(b"layer"))).body, b"layer");
    let digest = Digest::of(b"layer");
    for (method, path) in [
        ("POST", "/v2/app/blobs/uploads/".to_owned()),
        ("POST", format!("/v2/new/blobs/uploads/?digest={digest}")),
        ("POST", format!("/v2/new/blobs/uploads/?mount={digest}&from=app")),
        ("PATCH", "/v2/app/blobs/uploads/1".to_owned()),
        ("PUT", format!("/v2/app/blobs/uploads/1?digest={digest}")),
        ("PUT", "/v2/app/manifests/v2".to_owned()),
        ("DELETE", "/v2/app/manifests/v1".to_owned()),
        ("DELETE", format!("/v2/app/blobs/{digest}")),
        ("DELETE", "/v2/app/blobs/uploads/1".to_owned()),
    ] {
        let answer = sandbox.send(method, &path, &[("content-type", media_type::MANIFEST)], b"layer");
        assert_eq!(answer.refusal(), (405, "UNSUPPORTED".into()), "{method} {path}");
        assert_eq!(answer.header("allow"), "GET, HEAD");
        assert!(answer.json().to_string().contains("this registry is read-only"));
    }
    drop(sandbox);
    assert_eq!(files(), before);
}
