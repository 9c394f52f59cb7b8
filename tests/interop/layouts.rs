//! On disk: the clients read torte's store, and torte reads layouts that they wrote.

use torte::oci::Digest;

use crate::client::Client;
use crate::lab::Lab;
use crate::registry::olareg;

const TOOLS: [&str; 5] = ["olareg", "crane", "oras", "regctl", "skopeo"];

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn every_client_reads_the_store() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    let digest = lab.build("org/flags:v1", 3, 4);
    let layout = lab.text("store/org/flags");
    let registry = olareg(&lab);
    for client in Client::ALL {
        // crane shows a layout only by pushing it.
        let manifest = client.manifest_on_disk(&lab, &layout, "v1").unwrap_or_else(|| {
            client.push(&lab, &layout, "v1", &registry, "flags:v1");
            client.manifest(&lab, &registry, "flags:v1")
        });
        assert_eq!(Digest::of(&manifest).to_string(), digest, "{client:?}");
    }
    assert!(lab.torte(&["list"]).contains("org/flags"), "the store is as it was");
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn torte_reads_the_layouts_of_every_client() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    let digest = lab.build("flags:v1", 3, 4);
    let registry = olareg(&lab);
    lab.torte(&["push", "flags:v1", &registry.place("flags")]);
    for client in Client::ALL {
        let layout = lab.text(client.name());
        client.pull(&lab, &registry, "flags:v1", &layout);
        // crane writes no tags.
        let at = match client {
            Client::Crane => format!("ocidir://{layout}@{digest}"),
            _ => format!("ocidir://{layout}:v1"),
        };
        let shown = lab.torte(&["inspect", &at, "--format", "json"]);
        let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(
            (&shown["digest"], &shown["layers"][2]["namespace"]),
            (&digest.as_str().into(), &"ns00002".into())
        );
        let name = format!("from-{}:v1", client.name());
        assert_eq!(lab.torte(&["copy", &at, &name]), digest);
        lab.torte(&["unpack", &name, &lab.text(&format!("unpacked-{}", client.name()))]);
    }
}
