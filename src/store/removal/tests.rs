//! Deletions: what nobody needs goes, what something else needs stays.

use super::*;
use crate::oci::{Descriptor, Manifest};
use crate::repository::Expect;
use crate::store::fixture::{at, bundle, list_of, record, tag};
use crate::store::{Layout, Serving};

fn layout() -> (tempfile::TempDir, Layout) {
    let dir = tempfile::tempdir().unwrap();
    let layout = Layout::create_at(&dir.path().join("app")).unwrap();
    (dir, layout.recording(record("2026-01-01T00:00:00Z")).serving(Serving::default()))
}

fn publish(layout: &Layout, layer: &[u8], tags: &[&str]) -> Manifest {
    let (manifest, blobs) = bundle(layer);
    layout.put_all(&blobs, 2).unwrap();
    let tags: Vec<_> = tags.iter().map(|text| tag(text)).collect();
    layout.publish(&manifest, &tags, &Expect::Any).unwrap();
    manifest
}

fn by_digest(manifest: &Manifest) -> Selector {
    Selector::Digest(manifest.digest().clone())
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>, by: &Manifest) {
    let error = outcome.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert!(error.what.contains(&by.digest().to_string()), "{error}");
}

#[test]
fn a_blob_that_no_manifest_names_goes_for_good() {
    let (_dir, layout) = layout();
    let blob = Descriptor::of("x", b"alone");
    layout.put(&blob, &b"alone".to_vec(), &[]).unwrap();
    assert!(layout.delete_blob(&blob.digest).unwrap());
    assert_eq!(layout.size(&blob.digest).unwrap(), None);
    assert!(!layout.delete_blob(&blob.digest).unwrap());
}

#[test]
fn a_blob_that_a_manifest_names_stays_until_the_manifest_goes() {
    let (_dir, layout) = layout();
    let manifest = publish(&layout, b"layer", &["v1"]);
    let list = list_of(&[&manifest]);
    layout.publish(&list, &[tag("all")], &Expect::Any).unwrap();
    let layer = Digest::of(b"layer");
    refused(layout.delete_blob(&layer), &manifest);
    refused(layout.delete_blob(manifest.digest()), &manifest);
    refused(layout.delete_blob(list.digest()), &list);
    for gone in [&list, &manifest] {
        assert!(layout.delete(&by_digest(gone)).unwrap());
        assert_eq!(layout.manifest(&by_digest(gone)).unwrap(), None);
    }
    for digest in [&layer, manifest.digest(), list.digest()] {
        assert!(layout.delete_blob(digest).unwrap(), "{digest}");
    }
}

#[test]
fn a_manifest_that_a_list_names_stays_until_the_list_goes() {
    let (_dir, layout) = layout();
    let child = publish(&layout, b"layer", &["v1"]);
    let list = list_of(&[&child]);
    layout.publish(&list, &[tag("all")], &Expect::Any).unwrap();
    refused(layout.delete(&by_digest(&child)), &list);
    assert!(layout.delete(&at("v1")).unwrap() && layout.delete(&at("all")).unwrap());
    assert!(!layout.delete(&at("v1")).unwrap());
    refused(layout.delete(&by_digest(&child)), &list);
    assert!(layout.delete(&by_digest(&list)).unwrap());
    assert!(layout.manifest(&by_digest(&child)).unwrap().is_some(), "it was written by its own digest");
    assert!(layout.delete(&by_digest(&child)).unwrap());
    assert!(!layout.delete(&by_digest(&child)).unwrap());
}

#[test]
fn a_bundle_that_has_tags_is_withdrawn_by_force_alone() {
    let (_dir, layout) = layout();
    let manifest = publish(&layout, b"layer", &["v1", "v2"]);
    let error = layout.withdraw(manifest.digest(), false, false).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert!(error.what.contains("`v1`, `v2`"), "{error}");
    let told = layout.withdraw(manifest.digest(), true, true).unwrap();
    assert_eq!(layout.index().unwrap().manifests().count(), 2, "a dry run");
    let gone = layout.withdraw(manifest.digest(), true, false).unwrap();
    assert_eq!(gone, told);
    assert_eq!(gone.unwrap().tags, [tag("v1"), tag("v2")]);
    assert!(layout.index().unwrap().is_empty());
    assert_eq!(layout.withdraw(manifest.digest(), true, false).unwrap(), None);
}

#[test]
fn what_is_there_for_a_bundle_alone_goes_with_it() {
    let (_dir, layout) = layout();
    let subject = publish(&layout, b"layer", &[]);
    let about = |subject: &Manifest, kind: &str| {
        let json = serde_json::json!({
            "schemaVersion": 2, "mediaType": crate::oci::media_type::MANIFEST, "artifactType": kind,
            "layers": [], "subject": subject.descriptor(),
        });
        Manifest::parse(json.to_string().into_bytes(), None).unwrap()
    };
    let [signature, named] = ["signature", "attestation"].map(|kind| about(&subject, kind));
    let counter = about(&signature, "signature");
    for (manifest, tags) in [(&signature, vec![]), (&counter, vec![]), (&named, vec![tag("mine")])] {
        layout.publish(manifest, &tags, &Expect::Any).unwrap();
    }
    let cosign = format!("sha256-{}.sig", subject.digest().hex());
    publish(&layout, b"cosign", &[&cosign]);
    publish(&layout, b"other", &["other"]);
    let gone = layout.withdraw(subject.digest(), false, false).unwrap().unwrap();
    assert_eq!(gone.tags, [tag(&cosign)]);
    assert_eq!(gone.referrers.len(), 3, "two signatures, and cosign's");
    assert_eq!(layout.tags().unwrap(), [tag("mine"), tag("other")]);
}

#[test]
fn a_bundle_of_a_list_is_not_withdrawn_and_one_that_rotted_is() {
    let (_dir, layout) = layout();
    let child = publish(&layout, b"layer", &["v1"]);
    let list = list_of(&[&child]);
    layout.publish(&list, &[tag("all")], &Expect::Any).unwrap();
    refused(layout.withdraw(child.digest(), true, false), &list);
    let file = layout.path().join("blobs/sha256").join(list.digest().hex());
    std::fs::remove_file(&file).unwrap();
    std::fs::write(file, "{}").unwrap();
    assert!(layout.withdraw(list.digest(), true, false).unwrap().is_some());
    assert!(layout.withdraw(child.digest(), true, false).unwrap().is_some());
}
