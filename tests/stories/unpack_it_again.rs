//! Files again, from a bundle.

use std::fs;

use crate::support::{BANNER, Registry, Sandbox, banner_digest};

const MOBILE: &str = "namespace: mobile\nflags:\n- key: a\n  name: A\n";

#[test]
fn what_was_unpacked_builds_to_the_same_digest() {
    let sandbox = Sandbox::with_banner();
    sandbox.write("z.features.yml", MOBILE);
    let digest = sandbox.run("build app:v1").succeeds().digest();
    sandbox.run("unpack app:v1 out").succeeds().prints("").says("2 files");
    sandbox.run("build again:v1 out").succeeds().prints(&format!("{digest}\n"));
}

#[test]
fn only_the_namespaces_that_are_wanted_are_written() {
    let sandbox = Sandbox::with_banner();
    sandbox.write("z.features.yml", MOBILE);
    sandbox.run("build app:v1").succeeds();
    sandbox.run("unpack app:v1 out --namespace web").succeeds().says("1 file");
    assert_eq!(fs::read_dir(sandbox.path("out")).unwrap().count(), 1);
    assert!(sandbox.path("out/web.features.yml").exists());
    sandbox.run("unpack app:v1 other --namespace nobody").fails(3).says("nobody");
    assert!(!sandbox.path("other").exists());
}

#[test]
fn a_directory_that_is_not_empty_is_left_alone_without_force() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    sandbox.write("out/web.features.yml", "mine").write("out/notes.txt", "mine too");
    sandbox.run("unpack app:v1 out").fails(7).says("--force");
    assert_eq!(sandbox.read("out/web.features.yml"), "mine");
    sandbox.run("unpack app:v1 out --force").succeeds();
    assert_ne!(sandbox.read("out/web.features.yml"), "mine");
    assert_eq!(sandbox.read("out/notes.txt"), "mine too");
}

#[test]
fn a_remote_bundle_is_unpacked_without_a_store() {
    let sandbox = Sandbox::new();
    let registry = Registry::open();
    sandbox.write("src/features.yml", BANNER).write("src/z.features.yml", MOBILE);
    sandbox.run(&format!("build app:v1 src --push {}", registry.at("team/app"))).succeeds();
    fs::remove_dir_all(sandbox.store()).unwrap();
    registry.requests();
    sandbox.run(&format!("unpack {} out --namespace web", registry.at("team/app:v1"))).succeeds();
    assert_eq!(registry.requests().len(), 2, "the manifest and one layer");
    assert!(!sandbox.store().exists());
    sandbox.run("build again out").succeeds().prints(&format!("{}\n", banner_digest()));
}

#[test]
fn a_corrupt_layer_leaves_the_directory_as_it_was() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    let json = sandbox.run("inspect app:v1 --format json").succeeds().json();
    let layer = json["layers"][0]["digest"].as_str().unwrap().replace("sha256:", "");
    let blob = sandbox.store().join("app/blobs/sha256").join(layer);
    let mut bytes = fs::read(&blob).unwrap();
    bytes[5] ^= 1;
    fs::remove_file(&blob).unwrap();
    fs::write(&blob, bytes).unwrap();
    sandbox.run("unpack app:v1 out").fails(5);
    assert!(!sandbox.path("out").exists());
    sandbox.run("inspect app:v1").fails(5);
    sandbox.run("list").succeeds().shows("app");
}
