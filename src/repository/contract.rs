//! The contract of [`Repository`], as one test that every implementation passes.

use std::io::Read;

use super::{ErrorKind, Expect, Known, Moved, Repository};
use crate::oci::{Descriptor, Digest, Manifest, Selector, Tag, media_type};

const CONFIG: &[u8] = b"{}";

fn tag(text: &str) -> Tag {
    text.parse().unwrap()
}

fn at(text: &str) -> Selector {
    Selector::Tag(tag(text))
}

fn manifest_of(layer: &Descriptor) -> Manifest {
    let config = Descriptor::of(media_type::EMPTY, CONFIG);
    let json = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": media_type::MANIFEST,
        "config": config,
        "layers": [layer],
        "annotations": {"org.opencontainers.image.created": "1970-01-01T00:00:00Z"},
    });
    Manifest::parse(json.to_string().into_bytes(), None).unwrap()
}

fn read(repository: &dyn Repository, blob: &Descriptor, from: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    repository.open(blob, from).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// Holds an empty repository against the contract.
pub(crate) fn holds(repository: &dyn Repository) {
    what_is_absent_is_none(repository);
    let first = a_bundle_goes_in_and_comes_out(repository, b"first layer");
    a_manifest_without_its_blobs_is_refused(repository);
    wrong_content_is_refused(repository);
    let second = a_bundle_goes_in_and_comes_out(repository, b"second layer");
    tags_move_as_expected(repository, &first, &second);
}

fn what_is_absent_is_none(repository: &dyn Repository) {
    let nowhere = Descriptor::of("x", b"nowhere");
    assert_eq!(repository.tags().unwrap(), []);
    assert_eq!(repository.resolve(&at("v1")).unwrap(), None);
    assert_eq!(repository.manifest(&at("v1")).unwrap(), None);
    assert_eq!(repository.manifest(&Selector::Digest(nowhere.digest.clone())).unwrap(), None);
    let missing = repository.missing(std::slice::from_ref(&nowhere), &Known::Nothing).unwrap();
    assert_eq!(missing.len(), 1);
    let outcome = repository.open(&nowhere, 0).and_then(|mut reader| {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(|error| error.downcast::<super::Error>().unwrap())
    });
    // A registry says that it has none; in a store, what a manifest names was there once.
    assert!(matches!(outcome.unwrap_err().kind, ErrorKind::NotFound | ErrorKind::Corrupt));
}

fn a_bundle_goes_in_and_comes_out(repository: &dyn Repository, body: &[u8]) -> Manifest {
    let config = Descriptor::of(media_type::EMPTY, CONFIG);
    let layer = Descriptor::of("application/octet-stream", body);
    let manifest = manifest_of(&layer);
    assert_ne!(repository.put(&config, &CONFIG.to_vec(), &[]).unwrap(), Moved::Mounted);
    assert_eq!(repository.put(&layer, &body.to_vec(), &[]).unwrap(), Moved::Sent);
    assert_ne!(repository.put(&layer, &body.to_vec(), &[]).unwrap(), Moved::Mounted, "twice is success");
    let both = [config, layer.clone()];
    assert_eq!(repository.missing(&both, &Known::Nothing).unwrap(), []);

    repository.publish(&manifest, &[tag("v1"), tag("v2")], &Expect::Any).unwrap();
    assert_eq!(repository.tags().unwrap(), [tag("v1"), tag("v2")]);
    for selector in [at("v1"), at("v2"), Selector::Digest(manifest.digest().clone())] {
        let found = repository.manifest(&selector).unwrap().unwrap();
        assert_eq!(found.bytes(), manifest.bytes());
        let resolved = repository.resolve(&selector).unwrap().unwrap();
        assert_eq!((&resolved.digest, resolved.size), (manifest.digest(), manifest.bytes().len() as u64));
        assert_eq!(resolved.media_type, manifest.media_type());
    }
    assert_eq!(read(repository, &layer, 0), body);
    assert_eq!(read(repository, &layer, 6), &body[6..]);
    manifest
}

fn a_manifest_without_its_blobs_is_refused(repository: &dyn Repository) {
    let hole = manifest_of(&Descriptor::of("x", b"never written"));
    assert!(repository.publish(&hole, &[tag("hole")], &Expect::Any).is_err());
    assert_eq!(repository.resolve(&at("hole")).unwrap(), None);
}

fn wrong_content_is_refused(repository: &dyn Repository) {
    let promised = Descriptor::of("x", b"promised");
    for body in [&b"pRomised"[..], b"promise", b"promised and more"] {
        assert!(repository.put(&promised, &body.to_vec(), &[]).is_err());
    }
    let missing = repository.missing(std::slice::from_ref(&promised), &Known::Nothing).unwrap();
    assert_eq!(missing.len(), 1, "nothing of it stayed");
}

fn tags_move_as_expected(repository: &dyn Repository, first: &Manifest, second: &Manifest) {
    let nobody = Digest::of(b"nobody");
    let conflict = |expect: Expect| {
        let error = repository.publish(first, &[tag("v1")], &expect).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict, "{expect:?}");
    };
    conflict(Expect::Absent);
    conflict(Expect::Is(nobody));
    repository.publish(first, &[tag("new")], &Expect::Absent).unwrap();
    repository.publish(first, &[tag("v1")], &Expect::Is(second.digest().clone())).unwrap();
    assert_eq!(repository.resolve(&at("v1")).unwrap().unwrap().digest, *first.digest());
    assert_eq!(repository.resolve(&at("v2")).unwrap().unwrap().digest, *second.digest());

    assert!(repository.remove(&at("new")).unwrap().existed);
    assert!(!repository.remove(&at("new")).unwrap().existed);
    assert_eq!(repository.tags().unwrap(), [tag("v1"), tag("v2")]);
}
