//! Through a registry: what torte pushes all clients read, and what they push torte reads, byte for byte.

use torte::oci::Digest;

use crate::client::{Client, digests};
use crate::lab::Lab;
use crate::registry::{Registry, open_ones};

const TOOLS: [&str; 6] = ["registry", "olareg", "crane", "oras", "regctl", "skopeo"];

/// Pulls a bundle into a store of its own and holds what came against what was built.
fn pulls_the_same(lab: &Lab, registry: &Registry, name: &str, digest: &str) {
    let place = registry.place(name);
    let store = format!("pulled-{}", Digest::of(place.as_bytes()).short());
    let into = ["--store", &store];
    assert_eq!(lab.torte(&[&["pull", &place, "copied:v1"][..], &into].concat()), digest);
    let pulled = lab.run("torte", &[&["inspect", "copied:v1", "--manifest"][..], &into].concat());
    assert_eq!(Digest::of(&pulled).to_string(), digest);
    for blob in digests(&pulled) {
        let file = lab.path(&format!("{store}/copied/blobs/{}", blob.replace(':', "/")));
        assert_eq!(Digest::of(&std::fs::read(file).unwrap()).to_string(), blob);
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn what_torte_pushes_every_client_reads() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    let digest = lab.build("flags:v1", 3, 4);
    let built = lab.run("torte", &["inspect", "flags:v1", "--manifest"]);
    assert_eq!(Digest::of(&built).to_string(), digest);
    for registry in open_ones(&lab) {
        assert_eq!(lab.torte(&["push", "flags:v1", &registry.place("org/flags:v1")]), digest);
        for client in Client::ALL {
            let by_digest = format!("org/flags@{digest}");
            for name in ["org/flags:v1", &by_digest] {
                assert!(client.manifest(&lab, &registry, name) == built, "{client:?} {name}");
            }
            let blobs = client.blobs(&lab, &registry, "org/flags:v1");
            assert_eq!(blobs.len(), 4, "{client:?}");
            for (digest, bytes) in blobs {
                assert_eq!(Digest::of(&bytes).to_string(), digest, "{client:?}");
            }
        }
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn what_every_client_pushes_torte_reads() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    let digest = lab.build("flags:v1", 3, 4);
    for registry in open_ones(&lab) {
        for client in Client::ALL {
            let name = format!("from/{}:v1", client.name());
            client.push(&lab, &lab.text("store/flags"), "v1", &registry, &name);
            pulls_the_same(&lab, &registry, &name, &digest);
            let repository = registry.place(&format!("from/{}", client.name()));
            assert_eq!(lab.torte(&["list", &repository]), "v1", "{client:?}");
            let shown = lab.torte(&["inspect", &registry.place(&name), "--format", "json"]);
            let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
            assert_eq!(shown["digest"], *digest, "{client:?}");
            assert_eq!(shown["layers"].as_array().unwrap().len(), 3);
            assert_eq!(shown["layers"][0]["namespace"], "ns00000");
        }
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn a_bundle_that_oras_made_of_files_is_pulled_as_it_is() {
    let Some(lab) = Lab::with(&["registry", "olareg", "oras"]) else { return };
    lab.write("a.json", r#"{"namespace":{"key":"a","name":"A"},"flags":[]}"#);
    for registry in open_ones(&lab) {
        let reference = format!("{}/made:v1", registry.host);
        let kind = "application/vnd.io.flipt.features.v1";
        let file = "a.json:application/vnd.io.flipt.features.namespace.v1";
        lab.run("oras", &["push", "--plain-http", "--artifact-type", kind, &reference, file]);
        let manifest = Client::Oras.manifest(&lab, &registry, "made:v1");
        pulls_the_same(&lab, &registry, "made:v1", &Digest::of(&manifest).to_string());
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn a_bundle_goes_from_registry_to_registry_and_gets_more_tags_there() {
    let Some(lab) = Lab::with(&["registry", "olareg", "crane"]) else { return };
    let digest = lab.build("flags:v1", 3, 4);
    let [first, second, third] = open_ones(&lab);
    lab.torte(&["push", "flags:v1", &first.place("flags")]);
    for (from, to) in [(&first, &second), (&second, &third), (&third, &first)] {
        lab.torte(&["copy", &first.place("flags:v1"), &from.place("copied/flags")]);
        assert_eq!(lab.torte(&["copy", &from.place("copied/flags:v1"), &to.place("other/flags")]), digest);
        assert_eq!(lab.torte(&["tag", &to.place("other/flags:v1"), "v2", "stable"]), digest);
        for tag in ["v1", "v2", "stable"] {
            let manifest = Client::Crane.manifest(&lab, to, &format!("other/flags:{tag}"));
            assert_eq!(Digest::of(&manifest).to_string(), digest);
        }
        assert_eq!(lab.torte(&["list", &to.place("other/flags")]), "stable\nv1\nv2");
    }
}
