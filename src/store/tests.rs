//! A store: many layouts in one folder.

use std::fs;

use super::fixture::{FLIPT, bundle, record, state, tag, written_by_flipt};
use super::*;
use crate::oci::Tag;
use crate::repository::{Expect, Repository};

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path().join("store"));
    (dir, store)
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn build(store: &Store, repository: &str, tags: &[&str], layer: &[u8]) {
    let layout = store.create(&name(repository)).unwrap().recording(record("2026-01-01T00:00:00Z"));
    let (manifest, blobs) = bundle(layer);
    layout.put_all(&blobs, 2).unwrap();
    let tags: Vec<_> = tags.iter().map(|text| tag(text)).collect();
    layout.publish(&manifest, &tags, &Expect::Any).unwrap();
}

fn rows(listing: &Listing) -> Vec<String> {
    let row = |listed: &Listed, entry: &Entry| {
        let tag = entry.tag.as_ref().map_or("-", Tag::as_str);
        let kind = entry.descriptor.artifact_type.as_deref().unwrap_or("-");
        format!("{}:{tag} {} {kind}", listed.name, entry.set().unwrap_or("-"))
    };
    let of = |listed: &Listed| listed.entries.iter().map(|entry| row(listed, entry)).collect::<Vec<_>>();
    listing.repositories.iter().flat_map(of).collect()
}

#[test]
fn a_new_layout_is_what_flipt_makes_and_nothing_else_is_in_the_root() {
    let (dir, store) = store();
    assert_eq!(store.list().unwrap(), Listing::default());
    assert!(store.open(&name("app")).unwrap().is_none());
    assert!(!store.root().exists(), "looking creates nothing");
    let layout = store.create(&name("app")).unwrap();
    assert_eq!(layout.place(), "app");
    let read = |file: &str| fs::read_to_string(store.root().join("app").join(file)).unwrap();
    assert_eq!(read("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#);
    let empty = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#;
    assert_eq!(read("index.json"), empty);
    let root: Vec<_> = fs::read_dir(store.root()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(root, ["app"]);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);

    let before = state(store.root());
    store.create(&name("app")).unwrap();
    assert_eq!(state(store.root()), before, "what is there is left as it is");
}

#[test]
fn nested_repositories_are_all_listed_sorted() {
    let (_dir, store) = store();
    build(&store, "org/app/deep", &["v1"], b"d");
    build(&store, "org", &["v2", "v10"], b"a");
    build(&store, "zoo", &[], b"c");
    build(&store, "org/app", &["v1"], b"b");
    let listing = store.list().unwrap();
    let expected = [
        "org:v10 2026-01-01T00:00:00Z",
        "org:v2 2026-01-01T00:00:00Z",
        "org/app:v1 2026-01-01T00:00:00Z",
        "org/app/deep:v1 2026-01-01T00:00:00Z",
        "zoo:- -",
    ];
    assert_eq!(rows(&listing), expected.map(|row| format!("{row} {FLIPT}")));
    assert_eq!(listing.warnings, []);
}

#[test]
fn what_cannot_be_read_is_a_warning_beside_the_rest() {
    let (_dir, store) = store();
    for app in ["good", "garbage", "old", "hole"] {
        build(&store, app, &["v1"], app.as_bytes());
    }
    let root = store.root();
    fs::write(root.join("garbage/index.json"), "<html>").unwrap();
    fs::write(root.join("old/index.json"), r#"{"schemaVersion":1,"manifests":[]}"#).unwrap();
    let (hole, _) = bundle(b"hole");
    fs::remove_file(root.join("hole/blobs/sha256").join(hole.digest().hex())).unwrap();
    fs::write(root.join(".DS_Store"), "").unwrap();
    fs::write(root.join("README"), "").unwrap();
    fs::create_dir(root.join("empty")).unwrap();
    fs::create_dir(root.join("lost")).unwrap();
    fs::copy(root.join("good/index.json"), root.join("lost/index.json")).unwrap();
    for path in ["Capital/below", "Upper"] {
        fs::create_dir_all(root.join(path)).unwrap();
        fs::copy(root.join("good/oci-layout"), root.join(path).join("oci-layout")).unwrap();
    }

    let listing = store.list().unwrap();
    let names: Vec<_> = listing.repositories.iter().map(|listed| listed.name.as_str()).collect();
    assert_eq!(names, ["good", "hole"]);
    let warned: Vec<_> =
        listing.warnings.iter().map(|warning| warning.path.strip_prefix(root).unwrap()).collect();
    let warned: Vec<_> = warned.iter().map(|path| path.to_str().unwrap()).collect();
    assert_eq!(warned, ["Capital/below", "README", "Upper", "garbage", "hole", "lost", "old"]);
    let why = |at: usize| listing.warnings[at].why.as_str();
    assert!(why(3).contains("garbage/index.json` cannot be used: it is not an image index"), "{}", why(3));
    assert!(why(4).contains(&hole.digest().to_string()) && why(4).contains("missing"), "{}", why(4));
    assert!(why(5).contains("it has no `oci-layout`, but `index.json`"), "{}", why(5));
    assert!(why(6).contains("schemaVersion is 1, expected 2"), "{}", why(6));
}

#[test]
fn a_root_that_cannot_be_read_is_an_error_and_not_an_empty_list() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(Store::new(&file).list().is_err());
    let error = Store::new(&file).create(&name("app")).err().unwrap();
    assert_eq!(error.kind, ErrorKind::Refused, "{error}");
}

#[test]
fn a_directory_of_something_else_is_neither_read_nor_written() {
    let (dir, store) = store();
    let other = store.root().join("app");
    fs::create_dir_all(other.join("blobs")).unwrap();
    fs::write(other.join("main.rs"), "").unwrap();
    let before = state(dir.path());
    for outcome in [store.open(&name("app")).err(), store.create(&name("app")).err()] {
        let error = outcome.unwrap();
        assert_eq!(error.kind, ErrorKind::Refused);
        assert!(
            error.what.contains("is not an image layout: it has no `oci-layout`, but `main.rs`"),
            "{error}"
        );
    }
    assert!(Layout::open_at(&other).is_err());
    assert!(Layout::create_at(dir.path()).is_err(), "there are directories in it");
    fs::write(other.join("oci-layout"), r#"{"imageLayoutVersion":"2.0.0"}"#).unwrap();
    let error = store.open(&name("app")).err().unwrap();
    assert!(error.what.contains("its version is `2.0.0`, expected `1.0.0`"), "{error}");
    fs::remove_file(other.join("oci-layout")).unwrap();
    assert_eq!(state(dir.path()).len(), before.len());
}

#[test]
fn the_making_of_a_layout_that_was_cut_short_is_taken_up_again() {
    let (_dir, store) = store();
    let app = store.root().join("app");
    fs::create_dir_all(app.join("blobs/sha256")).unwrap();
    fs::create_dir_all(app.join("ingest")).unwrap();
    fs::write(app.join(".torte.lock"), "").unwrap();
    fs::write(app.join("ingest/torte-x"), "torn").unwrap();
    assert!(store.open(&name("app")).unwrap().is_none());
    assert!(Layout::open_at(&app).unwrap().is_none());
    assert_eq!(store.list().unwrap(), Listing::default());
    // As a power cut may leave them.
    fs::write(app.join("index.json"), "").unwrap();
    fs::write(app.join("oci-layout"), "").unwrap();
    assert!(store.open(&name("app")).unwrap().is_none());
    store.create(&name("app")).unwrap();
    assert_eq!(store.open(&name("app")).unwrap().unwrap().tags().unwrap(), []);
}

#[test]
fn names_that_a_layout_needs_itself_are_refused() {
    let (_dir, store) = store();
    for reserved in ["blobs", "org/blobs/x", "index.json"] {
        assert_eq!(store.create(&name(reserved)).err().unwrap().kind, ErrorKind::Refused, "{reserved}");
    }
    assert!(!store.root().exists());
}

#[cfg(unix)]
#[test]
fn links_in_a_store_lead_to_layouts_but_not_round_in_circles() {
    use std::os::unix::fs::symlink;
    let (dir, store) = store();
    build(&store, "app", &["v1"], b"a");
    fs::rename(store.root().join("app"), dir.path().join("elsewhere")).unwrap();
    symlink(dir.path().join("elsewhere"), store.root().join("app")).unwrap();
    fs::create_dir(store.root().join("org")).unwrap();
    symlink(store.root(), store.root().join("org/loop")).unwrap();
    symlink("nowhere", store.root().join("dangling")).unwrap();
    let listing = store.list().unwrap();
    assert_eq!(rows(&listing), [format!("app:v1 2026-01-01T00:00:00Z {FLIPT}")]);
    let warned: Vec<_> = listing.warnings.iter().map(|warning| warning.path.file_name().unwrap()).collect();
    assert_eq!(warned, ["dangling", "loop"]);
}

#[test]
fn a_store_of_flipts_is_read_as_it_is_and_not_touched() {
    let (_dir, store) = store();
    let (old, new) = written_by_flipt(&store.root().join("org/app"), b"old", b"new");
    let before = state(store.root());
    let listing = store.list().unwrap();
    assert_eq!(rows(&listing), ["latest", "v1", "-"].map(|tag| format!("org/app:{tag} - {FLIPT}")));
    let digests: Vec<_> =
        listing.repositories[0].entries.iter().map(|entry| entry.descriptor.digest.clone()).collect();
    assert_eq!(digests, [new.digest(), new.digest(), old.digest()].map(Clone::clone));
    assert_eq!(listing.warnings, []);
    assert_eq!(state(store.root()), before);
}

#[test]
fn the_artifact_type_of_what_flipt_pulled_is_read_from_the_manifest() {
    let (_dir, store) = store();
    let app = store.root().join("app");
    written_by_flipt(&app, b"old", b"new");
    let text = fs::read_to_string(app.join("index.json")).unwrap();
    fs::write(app.join("index.json"), text.replace(&format!(r#","artifactType":"{FLIPT}""#), "")).unwrap();
    assert_eq!(rows(&store.list().unwrap())[0], format!("app:latest - {FLIPT}"));
}
