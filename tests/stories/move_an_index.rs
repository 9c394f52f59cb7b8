//! A manifest list: it travels whole, is shown, and unpacks to the bundle that it means.

use serde_json::json;

use crate::support::{BANNER, Registry, Sandbox};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A registry with `team/app:all`, which lists a bundle for another platform and one for any.
fn with_index() -> Registry {
    let (sandbox, registry) = (Sandbox::new(), Registry::open());
    let child = |name: &str| {
        sandbox.write("features.yml", BANNER.replace("Banner", name));
        let push = format!("build app:{name} --push {} --format json", registry.at("team/app"));
        let json = sandbox.run(&push).succeeds().json();
        json!({"mediaType": json["mediaType"], "digest": json["digest"], "size": json["size"]})
    };
    let (mut other, any) = (child("other"), child("any"));
    other["platform"] = json!({"os": "linux", "architecture": "riscv64"});
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [other, any]});
    let kind = format!("Content-Type: {INDEX}\r\n");
    registry.ask("PUT /v2/team/app/manifests/all", &kind, &index.to_string());
    registry.calls();
    registry
}

#[test]
fn it_is_pulled_and_pushed_with_all_that_it_lists() {
    let (left, right, sandbox) = (with_index(), Registry::open(), Sandbox::new());
    let pulled = sandbox.run(&format!("pull {}", left.at("team/app:all"))).succeeds().digest();
    let calls = left.calls();
    assert_eq!(calls[..3], ["GET manifests/all 200", "GET manifests/ 200", "GET manifests/ 200"]);
    assert_eq!(calls[3..], ["GET blobs/ 200"; 3], "two layers, and the config that both share");

    let pushed = sandbox.run(&format!("push team/app:all {}", right.at("team/app"))).succeeds().digest();
    assert_eq!(pushed, pulled);
    let calls = right.calls();
    assert_eq!(
        calls[calls.len() - 3..],
        ["PUT manifests/ 201", "PUT manifests/ 201", "PUT manifests/all 201"]
    );
    let copied = sandbox.run(&format!("copy {} {}", right.at("team/app:all"), left.at("b"))).succeeds();
    assert_eq!(copied.digest(), pulled);
}

#[test]
fn it_is_shown_with_what_it_lists() {
    let (registry, sandbox) = (with_index(), Sandbox::new());
    sandbox.run(&format!("inspect {}", registry.at("team/app:all"))).succeeds().shows("linux/riscv64");
    assert_eq!(registry.calls(), ["GET manifests/all 200", "GET referrers/ 200"]);
}

#[test]
fn the_bundle_for_any_platform_is_unpacked() {
    let (registry, sandbox) = (with_index(), Sandbox::new());
    sandbox.run(&format!("unpack {} out", registry.at("team/app:all"))).succeeds();
    assert!(sandbox.read("out/web.features.yml").contains("any"));
}
