//! To a registry and back, in as few requests as can be.

use crate::support::{BANNER, Registry, Reply, Sandbox, Scripted, banner_digest};

const MOBILE: &str = "namespace: mobile\nflags:\n- key: a\n  name: A\n";

#[test]
fn a_bundle_goes_up_and_comes_down_with_its_digest() {
    let (ours, theirs, registry) = (Sandbox::with_banner(), Sandbox::new(), Registry::open());
    ours.run("build app:v1").succeeds();
    let pushed = ours.run(&format!("push app:v1 {}", registry.at("team/app"))).succeeds();
    assert_eq!(pushed.digest(), banner_digest());
    let pushed = pushed.says("2 blobs").says("requests");
    drop(pushed);
    theirs
        .run(&format!("pull {}", registry.at("team/app:v1")))
        .succeeds()
        .prints(&format!("{}\n", banner_digest()));
    theirs.run("list").succeeds().shows("team/app").shows("v1");
    theirs.run("inspect team/app:v1").succeeds().shows("web");
    theirs.run(&format!("pull {} mine:stable", registry.at("team/app:v1"))).succeeds();
    theirs.run(&format!("pull {}", registry.at(&format!("team/app@{}", banner_digest())))).succeeds();
    theirs.run("inspect mine:stable").succeeds();
}

#[test]
fn building_and_publishing_is_one_command() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run(&format!("build app:v1,v2 --push {}", registry.at("team/app"))).succeeds().says("pushed");
    sandbox.run(&format!("list {}", registry.at("team/app"))).succeeds().prints("v1\nv2\n");
    sandbox.run(&format!("build app:v3 --push {}", registry.at("team/app:edge"))).succeeds();
    sandbox.run(&format!("list {}", registry.at("team/app"))).succeeds().prints("edge\nv1\nv2\n");
    sandbox.run("list app").succeeds().shows("v3");
}

#[test]
fn a_first_push_asks_for_no_blob() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run("build app:v1").succeeds();
    sandbox.run(&format!("push app:v1 {}", registry.at("team/app"))).succeeds();
    let requests = registry.calls();
    assert!(!requests.iter().any(|request| request.starts_with("HEAD")), "{requests:#?}");
    assert_eq!(requests.len(), 5, "tag, tags, two blobs, manifest: {requests:#?}");
}

#[test]
fn pushing_nothing_new_is_one_request() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
    registry.requests();
    sandbox
        .run(&format!("push app:v1 {}", registry.at("team/app")))
        .succeeds()
        .says("1 request")
        .says("2 already there");
    assert_eq!(registry.calls(), ["GET manifests/v1 200"]);
}

#[test]
fn one_changed_namespace_is_one_blob_and_at_most_five_requests() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.write("z.features.yml", MOBILE);
    sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
    sandbox.write("z.features.yml", MOBILE.replace("name: A", "name: B"));
    registry.requests();
    let pushed = sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
    drop(pushed.says("1 blob").says("2 already there"));
    let requests = registry.calls();
    assert!(requests.len() <= 5, "{requests:#?}");
    assert_eq!(requests.last().unwrap(), "PUT manifests/v1 201", "the manifest is last");

    sandbox.write("z.features.yml", MOBILE.replace("name: A", "name: C"));
    sandbox.run(&format!("build app:v2 --push {}", registry.at("team/app"))).succeeds();
    let requests = registry.calls();
    assert!(requests.len() <= 7, "{requests:#?}");
}

#[test]
fn a_fresh_machine_learns_from_a_neighbouring_tag_what_is_there() {
    let (first, second, registry) = (Sandbox::with_banner(), Sandbox::with_banner(), Registry::open());
    first.write("z.features.yml", MOBILE);
    first.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
    second.write("z.features.yml", MOBILE.replace("name: A", "name: B"));
    registry.requests();
    let pushed = second.run(&format!("build app:v2 --push {}", registry.at("team/app"))).succeeds();
    drop(pushed.says("1 blob").says("2 already there"));
    let requests = registry.calls();
    assert!(requests.len() <= 7, "{requests:#?}");
}

#[test]
fn pulling_nothing_new_is_one_request() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
    sandbox.run(&format!("pull {}", registry.at("team/app:v1"))).succeeds();
    registry.requests();
    sandbox.run(&format!("pull {}", registry.at("team/app:v1"))).succeeds().says("1 request");
    assert_eq!(registry.requests().len(), 1);
}

#[test]
fn blobs_of_the_same_registry_are_mounted_instead_of_sent() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
    let (from, to) = (registry.at("team/app:v1"), registry.at("other/app"));
    let json = sandbox.run(&format!("copy {from} {to} --format json")).succeeds().json();
    assert_eq!(json["blobs"], serde_json::json!({"sent": 0, "present": 0, "mounted": 2, "joined": 0}));
    sandbox.run(&format!("inspect {}", registry.at("other/app:v1"))).succeeds().shows("web");
}

#[test]
fn a_registry_that_mounts_nothing_is_asked_for_it_once() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
    let manifest = registry.ask("GET /v2/team/app/manifests/v1", "", "");
    let layer =
        sandbox.run(&format!("inspect {} --format json", registry.at("team/app:v1"))).succeeds().json();
    let layer = layer["layers"][0]["digest"].as_str().unwrap().to_owned();
    let body = registry.ask(&format!("GET /v2/team/app/blobs/{layer}"), "", "");
    // It has everything, as the registry above, and takes all that it is sent; but a mount only begins an upload.
    let server = Scripted::new(move |request| match request.split(' ').next().unwrap() {
        "GET" if request.ends_with("/from/manifests/v1") => Reply::ok(&manifest),
        "GET" if request.ends_with(&layer) => Reply::ok(&body),
        "GET" if request.contains("/from/blobs/") => Reply::ok("{}"),
        "POST" if request.contains("mount=") => Reply::status(202).with("Location", "/v2/to/blobs/uploads/1"),
        "POST" | "PUT" => Reply::status(201),
        _ => Reply::status(404),
    });
    sandbox.run(&format!("copy {} {}", server.at("from:v1"), server.at("to"))).succeeds().says("2 blobs");
    let requests = server.requests();
    let mounts = requests.iter().filter(|request| request.contains("mount=")).count();
    assert_eq!(mounts, 1, "{requests:#?}");
}

#[test]
fn a_served_store_knows_when_its_tags_were_set() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
    let list = format!("list --format json --store {}", registry.root().display());
    let json = sandbox.run(&list).succeeds().json();
    let set = json["repositories"][0]["tags"][0]["set"].as_str().unwrap();
    assert!(set.starts_with("20") && set.ends_with('Z'), "{set}");
}

#[test]
fn a_remote_tag_moves_no_blob() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
    registry.requests();
    sandbox.run(&format!("tag {} stable prod", registry.at("team/app:v1"))).succeeds();
    assert_eq!(
        registry.calls(),
        ["GET manifests/v1 200", "PUT manifests/stable 201", "PUT manifests/prod 201"]
    );
}

#[test]
fn a_remote_look_downloads_no_more_than_it_shows() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
    registry.requests();
    sandbox.run(&format!("inspect {}", registry.at("team/app:v1"))).succeeds().shows("web");
    assert_eq!(registry.calls(), ["GET manifests/v1 200", "GET referrers/ 200"]);
    sandbox.run(&format!("inspect {} --contents", registry.at("team/app:v1"))).succeeds().shows("banner");
    assert_eq!(registry.calls(), ["GET manifests/v1 200", "GET blobs/ 200", "GET referrers/ 200"]);
}

#[test]
fn remote_tags_come_with_their_digests_in_json() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run(&format!("build app:v1,v2 --push {}", registry.at("team/app"))).succeeds();
    let json = sandbox.run(&format!("list {} --format json", registry.at("team/app"))).succeeds().json();
    assert_eq!(json["repositories"][0]["tags"][1]["digest"], banner_digest());
    sandbox.run(&format!("list {}", registry.at("no/such"))).fails(3);
}

#[test]
fn guards_hold_in_a_registry_too() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    let to = registry.at("team/app");
    let first = sandbox.run(&format!("build app:v1 --push {to}")).succeeds().digest();
    sandbox.run(&format!("push app:v1 {to} --if-absent")).fails(7).says("v1");
    sandbox.write("features.yml", BANNER.replace("Banner", "Other"));
    sandbox.run("build app:v1").succeeds();
    let nobody = format!("sha256:{}", "0".repeat(64));
    sandbox.run(&format!("push app:v1 {to} --if-match {nobody}")).fails(7).says(&first);
    sandbox.run(&format!("push app:v1 {to} --if-match {first}")).succeeds();
    sandbox.run(&format!("push app:v1 {to}:v2 --if-absent")).succeeds();
}

#[test]
fn what_is_pulled_by_digest_is_kept_until_it_is_removed() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run(&format!("build x:v1 --push {}", registry.at("app"))).succeeds();
    sandbox.run(&format!("pull {}@{}", registry.at("app"), banner_digest())).succeeds();
    let index = std::fs::read_to_string(sandbox.store().join("app/index.json")).unwrap();
    assert!(index.contains("dev.torte.pinned"), "{index}");
}

#[test]
fn a_pull_mends_what_is_corrupt() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run(&format!("build x:v1 --push {}", registry.at("app"))).succeeds();
    let pull = format!("pull {}", registry.at("app:v1"));
    sandbox.run(&pull).succeeds();
    let blobs = sandbox.store().join("app/blobs/sha256");
    for entry in std::fs::read_dir(&blobs).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.push(b' ');
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, bytes).unwrap();
    }
    sandbox.run("inspect app:v1").fails(5).says("pull it again");
    sandbox.run(&pull).succeeds();
    sandbox.run("inspect app:v1 --contents").succeeds().shows("banner");
}

#[test]
fn a_pull_does_not_move_a_tag_that_came_from_elsewhere() {
    let (sandbox, left, right) = (Sandbox::with_banner(), Registry::open(), Registry::open());
    sandbox.run(&format!("build x:v1 --push {}", left.at("app"))).succeeds();
    sandbox.write("features.yml", BANNER.replace("Banner", "Other"));
    sandbox.run(&format!("build x:v1 --push {}", right.at("app"))).succeeds();
    sandbox.run(&format!("pull {}", left.at("app:v1"))).succeeds();
    sandbox.run(&format!("pull {}", right.at("app:v1"))).fails(7).says(&left.host()).says("--force");
    sandbox.run(&format!("pull {} --force", right.at("app:v1"))).succeeds();
}
