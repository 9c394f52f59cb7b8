//! The contract of [`Repository`], as one test that every implementation passes.

use std::io::{self, Read};
use std::slice;

use super::attach::listing;
use super::{Body, Error, ErrorKind, Expect, Known, Moved, Repository};
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
    a_body_that_fails_says_why(repository);
    let second = a_bundle_goes_in_and_comes_out(repository, b"second layer");
    tags_move_as_expected(repository, &first, &second);
    of_several_tags_all_or_none_are_set(repository, &first, &second);
    what_is_known_need_not_be_asked_for(repository, &first);
    referrers_are_listed_by_their_subject(repository, &first);
    a_manifest_goes_with_its_tags(repository, &first, &second);
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
    repository.put(&config, &CONFIG.to_vec(), &[]).unwrap();
    assert_eq!(repository.put(&layer, &body.to_vec(), &[]).unwrap(), Moved::Sent);
    repository.put(&layer, &body.to_vec(), &[]).expect("twice is success");
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

/// A body that fails where it comes from.
struct Broken(fn() -> io::Error);

impl Body for Broken {
    fn open(&self) -> Result<Box<dyn Read + Send + '_>, Error> {
        Ok(Box::new(self))
    }
}

impl Read for &Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err((self.0)())
    }
}

fn a_body_that_fails_says_why(repository: &dyn Repository) {
    let of_another = || io::Error::other(Error::new(ErrorKind::Unavailable, "elsewhere", "gone"));
    let of_the_system = || io::Error::from_raw_os_error(5);
    for (body, kind) in
        [(Broken(of_another), ErrorKind::Unavailable), (Broken(of_the_system), ErrorKind::Refused)]
    {
        for size in [7, 3 << 20] {
            let blob = Descriptor::new("x", Digest::of(b"nowhere"), size);
            assert_eq!(repository.put(&blob, &body, &[]).unwrap_err().kind, kind, "{size} bytes");
        }
    }
}

fn of_several_tags_all_or_none_are_set(repository: &dyn Repository, first: &Manifest, second: &Manifest) {
    let both = [tag("new"), tag("v1")];
    for expect in [Expect::Absent, Expect::Is(first.digest().clone())] {
        let error = repository.publish(second, &both, &expect).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict, "{expect:?}");
        assert_eq!(repository.resolve(&at("new")).unwrap(), None);
        assert_eq!(repository.resolve(&at("v1")).unwrap().unwrap().digest, *first.digest());
    }
}

fn what_is_known_need_not_be_asked_for(repository: &dyn Repository, there: &Manifest) {
    let nowhere = Descriptor::of("x", b"nowhere");
    let all = [&there.layers()[..1], slice::from_ref(&nowhere)].concat();
    let known = Known::Manifests(vec![there.clone()]);
    assert_eq!(repository.missing(&all, &known).unwrap(), slice::from_ref(&nowhere));
    assert_eq!(repository.missing(&all[1..], &Known::Empty).unwrap(), [nowhere]);
}

fn referrers_are_listed_by_their_subject(repository: &dyn Repository, subject: &Manifest) {
    let json = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": media_type::MANIFEST,
        "artifactType": "signature/x",
        "config": Descriptor::of(media_type::EMPTY, CONFIG),
        "layers": [],
        "subject": subject.descriptor(),
        "annotations": {"by": "ann"},
    });
    let referrer = Manifest::parse(json.to_string().into_bytes(), None).unwrap();
    let found = |kind| repository.referrers(subject.digest(), kind).unwrap();
    assert_eq!(found(None), []);
    assert!(repository.publish(&referrer, &[], &Expect::Any).unwrap().subject_listed);
    for kind in [None, Some("signature/x")] {
        assert_eq!(found(kind), [listing(&referrer)], "with its type and its annotations");
    }
    assert_eq!(found(Some("sbom/x")), []);
    assert_eq!(repository.referrers(referrer.digest(), None).unwrap(), []);

    let at = Selector::Digest(referrer.digest().clone());
    assert!(repository.remove(&at).unwrap().existed);
    assert_eq!(found(None), []);
    assert!(!repository.remove(&at).unwrap().existed);
}

fn a_manifest_goes_with_its_tags(repository: &dyn Repository, first: &Manifest, second: &Manifest) {
    repository.publish(first, &[tag("also")], &Expect::Any).unwrap();
    let gone = Selector::Digest(first.digest().clone());
    assert!(repository.remove(&gone).unwrap().existed);
    for selector in [gone, at("v1"), at("also")] {
        assert_eq!(repository.resolve(&selector).unwrap(), None);
    }
    assert_eq!(repository.tags().unwrap(), [tag("v2")]);
    assert_eq!(repository.resolve(&at("v2")).unwrap().unwrap().digest, *second.digest());
}
