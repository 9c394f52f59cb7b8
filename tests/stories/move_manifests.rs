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
    assert_eq!(registry.calls(), ["GET manifests/v1 200", "GET blobs/ 200", "GET referrers/ 200"]);
}

/// Writes a manifest, made of another by a change of its JSON, into the store under the tag `evil`.
fn forge(sandbox: &Sandbox, from: &str, change: impl Fn(&mut serde_json::Value)) {
    use sha2::{Digest as _, Sha256};

    let layout = sandbox.store().join("app");
    let text = sandbox.run(&format!("inspect {from} --manifest")).succeeds().stdout;
    let mut manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    change(&mut manifest);
    let bytes = serde_json::to_vec(&manifest).unwrap();
    let hex = hex::encode(Sha256::digest(&bytes));
    fs::write(layout.join("blobs/sha256").join(&hex), &bytes).unwrap();
    let mut index: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(layout.join("index.json")).unwrap()).unwrap();
    index["manifests"].as_array_mut().unwrap().push(serde_json::json!({
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": format!("sha256:{hex}"),
        "size": bytes.len(),
        "annotations": {"org.opencontainers.image.ref.name": "evil"},
    }));
    fs::write(layout.join("index.json"), index.to_string()).unwrap();
}

/// Two versions of the shop in the store, and the manifest of the second.
fn two_versions() -> (Sandbox, serde_json::Value) {
    let sandbox = shop();
    sandbox.run("build app:v1 src").succeeds();
    sandbox.write("src/b/config.yaml", object("other", "b"));
    sandbox.run("build app:v2 src").succeeds();
    let manifest = sandbox.run("inspect app:v2 --manifest").succeeds().json();
    (sandbox, manifest)
}

#[test]
fn nobody_is_shown_one_tree_while_flux_gets_another() {
    let (sandbox, v2) = two_versions();
    let registry = Registry::open();
    let remote = registry.at("team/app");
    forge(&sandbox, "app:v1", |manifest| manifest["layers"][0] = v2["layers"][0].clone());
    sandbox.run("unpack app:evil out").fails(5).says("do not add up");
    assert!(!sandbox.path("out").exists());
    for verb in ["push", "copy"] {
        sandbox.run(&format!("{verb} app:evil {remote}:evil")).fails(5).says("do not add up");
    }
    // As another program would.
    for tag in ["v1", "v2"] {
        sandbox.run(&format!("push app:{tag} {remote}")).succeeds();
    }
    let manifest = sandbox.run("inspect app:evil --manifest").succeeds().stdout;
    let media_type = "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n";
    registry.ask("PUT /v2/team/app/manifests/evil", media_type, &manifest);
    sandbox.run(&format!("unpack {remote}:evil out")).fails(5).says("do not add up");
    fs::remove_dir_all(sandbox.store()).unwrap();
    sandbox.run(&format!("pull {remote}:evil")).fails(5).says("do not add up");
    sandbox.run("inspect team/app:evil").fails(3);
}

#[test]
fn a_layer_too_many_or_too_few_does_not_add_up() {
    for change in [
        (|manifest: &mut serde_json::Value| {
            manifest["layers"].as_array_mut().unwrap().pop();
        }) as fn(&mut serde_json::Value),
        |manifest| {
            let last = manifest["layers"].as_array().unwrap().last().unwrap().clone();
            manifest["layers"].as_array_mut().unwrap().push(last);
        },
        |manifest| manifest["layers"].as_array_mut().unwrap().swap(1, 2),
    ] {
        let (sandbox, _) = two_versions();
        forge(&sandbox, "app:v2", change);
        sandbox.run("unpack app:evil out").fails_somehow();
        assert!(!sandbox.path("out").exists());
        sandbox.run("unpack app:evil part --namespace a").fails(5).says("inventory");
        sandbox.run("inspect app:evil --explain").fails(5).says("inventory");
    }
}

#[test]
fn a_part_that_the_inventory_does_not_know_is_refused() {
    let (sandbox, v2) = two_versions();
    // The layer of `b` as it is in v2, under the inventory of v1.
    forge(&sandbox, "app:v1", |manifest| manifest["layers"][2] = v2["layers"][2].clone());
    sandbox.run("unpack app:evil out --namespace b").fails(5).says("inventory");
    assert!(!sandbox.path("out").exists());
}
