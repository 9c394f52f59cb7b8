//! What is inside a bundle.

use crate::support::{Sandbox, banner_digest};

#[test]
fn a_bundle_shows_its_namespaces_and_what_they_hold() {
    let sandbox = Sandbox::with_banner();
    sandbox.write("z.features.yml", "namespace: mobile\nflags:\n- key: a\n  name: A\n  enabled: true\n  variants:\n  - key: x\n  - key: y\nsegments:\n- key: s\n  name: S\n  match_type: ANY_MATCH_TYPE\n");
    sandbox.run("build app:v1").succeeds();
    let text = sandbox.run("inspect app:v1").succeeds().stdout;
    let row = |namespace: &str| {
        let line = text.lines().find(|line| line.starts_with(namespace)).unwrap();
        line.split_whitespace().rev().take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!((row("web"), row("mobile")), (vec!["0".into(), "1".into()], vec!["1".into(), "1".into()]));
    sandbox.run("inspect app:v1 --contents").succeeds().shows("x, y").shows("enabled").shows("segments: s");
}

#[test]
fn the_manifest_comes_out_byte_for_byte() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    let manifest = sandbox.run("inspect app:v1 --manifest").succeeds().stdout;
    assert_eq!(torte::oci::Digest::of(manifest.as_bytes()).to_string(), banner_digest());
}

#[test]
fn json_has_one_object_with_all_of_it() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    let json = sandbox.run("inspect app --format json").fails(3);
    drop(json);
    let json = sandbox.run("inspect app:v1 --format json").succeeds().json();
    assert_eq!(json["digest"], banner_digest());
    assert_eq!(json["artifactType"], "application/vnd.io.flipt.features.v1");
    assert_eq!(json["layers"][0]["namespace"], "web");
    assert_eq!(json["layers"][0]["objects"]["flags"][0]["key"], "banner");
}

#[test]
fn any_layout_on_disk_can_be_looked_into() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build ocidir://out/layout:v1").succeeds();
    sandbox.run("inspect ocidir://out/layout:v1").succeeds().shows("web");
    sandbox.run("list ocidir://out/layout").succeeds().shows("v1");
    sandbox.run("copy ocidir://out/layout:v1 app").succeeds().prints(&format!("{}\n", banner_digest()));
    sandbox.run("inspect app:v1").succeeds();
}
