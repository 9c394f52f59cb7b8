//! Bundles of manifests on their way: only what changed moves, and nobody is shown two trees.

use std::fs;

use crate::support::{Registry, Sandbox};

fn object(name: &str, namespace: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  namespace: {namespace}\n")
}

fn shop() -> Sandbox {
    let sandbox = Sandbox::new();
    for namespace in ["a", "b", "c"] {
        sandbox.write(&format!("src/{namespace}/config.yaml"), object("config", namespace));
    }
    sandbox
}

/// The digests of the layers of a bundle.
fn layers(sandbox: &Sandbox, reference: &str) -> Vec<String> {
    let json = sandbox.run(&format!("inspect {reference} --format json")).succeeds().json();
    let digest = |layer: &serde_json::Value| layer["digest"].as_str().unwrap().to_owned();
    json["layers"].as_array().unwrap().iter().map(digest).collect()
}

#[test]
fn a_pull_makes_the_complete_tree_and_does_not_fetch_it() {
    let sandbox = shop();
    let registry = Registry::open();
    let remote = registry.at("team/app");
    let digest = sandbox.run(&format!("build app:v1 src --push {remote}")).succeeds().digest();
    let layers = layers(&sandbox, "app:v1");
    fs::remove_dir_all(sandbox.store()).unwrap();
    registry.requests();
    let pulled = sandbox.run(&format!("pull {remote}:v1 app --format json")).succeeds().json();
    let requests = registry.requests();
    assert_eq!(pulled["digest"], digest.as_str());
    assert_eq!(pulled["blobs"]["joined"], 1);
    // The manifest, the config and three namespaces.
    assert_eq!(requests.len(), 5, "{requests:?}");
    assert!(!requests.iter().any(|entry| entry.ends_with(&layers[0])), "{requests:?}");
    let hex = layers[0].strip_prefix("sha256:").unwrap();
    assert!(sandbox.store().join("app/blobs/sha256").join(hex).exists());
    sandbox.run("unpack app:v1 out").succeeds();
    assert_eq!(sandbox.read("out/b/config.yaml"), object("config", "b"));
}

#[test]
fn a_push_of_one_changed_namespace_sends_it_and_the_complete_tree_and_says_so() {
    let sandbox = shop();
    let registry = Registry::open();
    let remote = registry.at("team/app");
    sandbox.run(&format!("build app:v1 src --push {remote}")).succeeds();
    sandbox.write("src/b/config.yaml", object("other", "b"));
    sandbox.run("build app:v1 src").succeeds();
    let pushed = sandbox.run(&format!("push app:v1 {remote} --format json")).succeeds();
    // The config, layer 0 and the layer of `b`.
    assert_eq!(pushed.json()["blobs"]["sent"], 3);
    assert_eq!(pushed.json()["blobs"]["present"], 2);
    pushed.says("the complete tree");
}

#[test]
fn a_part_is_unpacked_with_three_requests_however_many_namespaces_there_are() {
    let sandbox = shop();
    let registry = Registry::open();
    let remote = registry.at("team/app");
    sandbox.run(&format!("build app:v1 src --push {remote}")).succeeds();
    registry.requests();
    sandbox.run(&format!("unpack {remote}:v1 out --namespace b")).succeeds();
    let requests = registry.requests();
    assert_eq!(requests.len(), 3, "the manifest, the inventory and one layer: {requests:?}");
    assert!(sandbox.path("out/b/config.yaml").exists() && !sandbox.path("out/a").exists());
}

#[test]
fn an_explanation_reads_the_inventory_alone_and_says_so() {
    let sandbox = shop();
    let registry = Registry::open();
    let remote = registry.at("team/app");
    sandbox.run(&format!("build app:v1 src --push {remote}")).succeeds();
    registry.requests();
    sandbox
        .run(&format!("inspect {remote}:v1 --explain"))
        .succeeds()
        .shows("b/config.yaml")
        .says("not verified");
    assert_eq!(registry.requests().len(), 2);
}
