//! On disk: the clients read torte's store, and torte reads layouts that they wrote.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use torte::oci::Digest;

use crate::client::Client;
use crate::lab::Lab;
use crate::registry::{Registry, olareg, open_ones};

const TOOLS: [&str; 5] = ["olareg", "crane", "oras", "regctl", "skopeo"];

/// A bundle in a registry; its digest.
fn pushed(lab: &Lab, registry: &Registry) -> String {
    let digest = lab.build("flags:v1", 3, 4);
    lab.torte(&["push", "flags:v1", &registry.place("flags")]);
    digest
}

/// The digest of what a client finds in a layout; crane shows one only by pushing it.
fn seen(client: Client, lab: &Lab, layout: &str, registry: &Registry) -> String {
    let manifest = client.manifest_on_disk(lab, layout, "v1").unwrap_or_else(|| {
        client.push(lab, layout, "v1", registry, "seen:v1");
        client.manifest(lab, registry, "seen:v1")
    });
    Digest::of(&manifest).to_string()
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn every_client_reads_the_store() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    let digest = lab.build("org/flags:v1", 3, 4);
    let layout = lab.text("store/org/flags");
    let registry = olareg(&lab);
    for client in Client::ALL {
        assert_eq!(seen(client, &lab, &layout, &registry), digest, "{client:?}");
    }
    assert!(lab.torte(&["list"]).contains("org/flags"), "the store is as it was");
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn torte_reads_the_layouts_of_every_client() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    let registry = olareg(&lab);
    let digest = pushed(&lab, &registry);
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

/// Every file below a directory, with its content, but for what torte may leave there.
fn files(path: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let all = walkdir::WalkDir::new(path).into_iter().map(Result::unwrap);
    let files = all.filter(|entry| entry.file_type().is_file() && entry.file_name() != ".torte.lock");
    files
        .map(|file| (file.path().strip_prefix(path).unwrap().to_owned(), fs::read(file.path()).unwrap()))
        .collect()
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn torte_cleans_up_in_the_layouts_of_every_client_and_they_read_them_still() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    let registry = olareg(&lab);
    let digest = pushed(&lab, &registry);
    for client in Client::ALL {
        let layout = lab.text(client.name());
        client.pull(&lab, &registry, "flags:v1", &layout);
        let at = format!("ocidir://{layout}");
        lab.torte(&["check", &at]);
        let before = files(&lab.path(client.name()));
        lab.torte(&["gc", &at, "--older", "0s"]);
        assert!(files(&lab.path(client.name())) == before, "{client:?}: nothing was there to be freed");

        let garbage = format!("{}/blobs/sha256/{}", client.name(), Digest::of(b"garbage").hex());
        lab.write(&garbage, "garbage");
        lab.torte(&["gc", &at, "--older", "0s"]);
        assert!(files(&lab.path(client.name())) == before, "{client:?}: the garbage alone went");

        lab.write(&garbage, "rotten");
        assert_eq!(lab.torte_fails(&["check", &at]), 5);
        lab.torte(&["check", &at, "--repair"]);
        lab.torte(&["check", &at]);
        assert_eq!(seen(client, &lab, &layout, &registry), digest, "{client:?}");
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn what_oras_attached_stays_and_goes_with_its_subject() {
    let Some(lab) = Lab::with(&["oras"]) else { return };
    let digest = lab.build("flags:v1", 1, 1);
    let layout = lab.text("layout");
    lab.torte(&["copy", "flags:v1", &format!("ocidir://{layout}")]);
    lab.write("note.txt", "a note");
    let tagged = format!("{layout}:v1");
    lab.run("oras", &["attach", "--oci-layout", &tagged, "--artifact-type", "a/note", "note.txt:text/plain"]);
    let at = format!("ocidir://{layout}");
    let note = lab.path("layout/blobs/sha256").join(Digest::of(b"a note").hex());
    lab.torte(&["gc", &at, "--older", "0s"]);
    assert!(note.exists());
    lab.torte(&["check", &at]);
    let found = lab.run("oras", &["discover", "--oci-layout", "--format", "json", &tagged]);
    assert!(String::from_utf8(found).unwrap().contains("a/note"), "oras finds it still");
    lab.torte(&["rm", &format!("{at}@{digest}"), "--force"]);
    lab.torte(&["gc", &at, "--older", "0s"]);
    assert!(!note.exists());
    assert_eq!(fs::read_dir(lab.path("layout/blobs/sha256")).unwrap().count(), 0);
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn a_registry_loses_a_tag_alone_or_says_that_it_keeps_it() {
    let Some(lab) = Lab::with(&["registry", "olareg"]) else { return };
    let digest = lab.build("flags:v1", 2, 2);
    let mut removed = 0;
    for registry in open_ones(&lab) {
        let place = registry.place("flags");
        lab.torte(&["push", "flags:v1", &place]);
        lab.torte(&["tag", &format!("{place}:v1"), "v2"]);
        let output = lab.command("torte", &["rm", &format!("{place}:v1")]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let left = lab.torte(&["list", &place]);
        match output.status.code() {
            Some(0) => {
                removed += 1;
                assert_eq!(left, "v2", "{said}");
            }
            code => {
                assert_eq!((code, left.as_str()), (Some(1), "v1\nv2"), "{said}");
                assert!(said.contains("nothing was removed"), "{said}");
            }
        }
        assert_eq!(lab.torte(&["resolve", &format!("{place}:v2")]), digest);
    }
    assert!(removed > 0, "no registry lets a tag be removed");
}
