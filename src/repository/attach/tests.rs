//! What is attached is found again, is listed once, and is not lost to others who attach at the same time.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::amend::amend_with;
use super::fallback::Listing;
use super::*;
use crate::oci::{Index, Selector, media_type};
use crate::repository::Memory;

mod lax;

use lax::{Lax, Step, race};

const SIGNATURE: &str = "application/vnd.example.signature";

fn config() -> (Descriptor, Vec<u8>) {
    (Descriptor::of(media_type::EMPTY, b"{}"), b"{}".to_vec())
}

fn manifest(json: &Value) -> Manifest {
    Manifest::parse(json.to_string().into_bytes(), None).unwrap()
}

/// A bundle without layers, under `v1`.
fn subject(repository: &dyn Repository) -> Manifest {
    let (config, bytes) = config();
    repository.put(&config, &bytes, &[]).unwrap();
    let bundle = manifest(
        &json!({"schemaVersion": 2, "mediaType": media_type::MANIFEST, "config": config, "layers": []}),
    );
    repository.publish(&bundle, &["v1".parse().unwrap()], &Expect::Any).unwrap();
    bundle
}

/// A signature of it, with a layer and an annotation of its own.
fn signature(of: &Manifest, name: &str) -> Attachment {
    let layer = (Descriptor::of("text/plain", name.as_bytes()), name.as_bytes().to_vec());
    let manifest = manifest(&json!({
        "schemaVersion": 2, "mediaType": media_type::MANIFEST, "artifactType": SIGNATURE,
        "config": config().0, "layers": [layer.0], "subject": of.descriptor(), "annotations": {"by": name},
    }));
    Attachment { manifest, blobs: vec![config(), layer] }
}

fn lax(memory: &Memory) -> Lax<'_> {
    Lax { memory, turns: None, is_immutable: false }
}

/// Attaches a signature at a registry without a list, and waits for nobody.
fn attach_at_once(memory: &Memory, subject: &Manifest, name: &str) -> Result<Attached, Error> {
    attach_with(&lax(memory), &subject.descriptor(), &signature(subject, name), &|_| ())
}

fn names(repository: &dyn Repository, of: &Digest) -> Vec<String> {
    let found = attached(repository, of).unwrap();
    let by = |one: &Found| one.manifest.annotation("by").unwrap_or("?").to_owned();
    let mut names: Vec<String> = found.iter().map(by).collect();
    names.sort();
    names
}

#[test]
fn a_repository_that_lists_referrers_gets_no_tag() {
    let memory = Memory::default();
    let subject = subject(&memory);
    let ours = signature(&subject, "ours");
    let done = attach(&memory, &subject.descriptor(), &ours).unwrap();
    assert_eq!((done.manifest.digest, done.fallback), (ours.manifest.digest().clone(), None));
    assert_eq!(memory.tags().unwrap().len(), 1, "v1 alone");
    assert_eq!(attached(&memory, subject.digest()).unwrap().len(), 1);
}

#[test]
fn elsewhere_an_index_lists_it_with_its_type_and_its_annotations() {
    let memory = Memory::default();
    let subject = subject(&memory);
    let tag = fallback_tag(subject.digest()).unwrap();
    assert_eq!(tag.as_str(), format!("sha256-{}", subject.digest().hex()));
    for name in ["a", "b", "a"] {
        let done = attach_at_once(&memory, &subject, name).unwrap();
        assert_eq!(done.fallback.as_ref(), Some(&tag));
    }
    let index = memory.manifest(&Selector::Tag(tag)).unwrap().unwrap();
    let index: Value = serde_json::from_slice(index.bytes()).unwrap();
    let a = signature(&subject, "a").manifest;
    assert_eq!(
        index["manifests"][0],
        json!({"mediaType": media_type::MANIFEST, "digest": a.digest(), "size": a.bytes().len(),
               "annotations": {"by": "a"}, "artifactType": SIGNATURE})
    );
    assert_eq!(index["manifests"].as_array().unwrap().len(), 2, "a is listed once");
    assert_eq!(names(&lax(&memory), subject.digest()), ["a", "b"]);
}

#[test]
fn what_the_index_says_besides_stays() {
    let memory = Memory::default();
    let subject = subject(&memory);
    let theirs = Descriptor::of(media_type::MANIFEST, b"theirs");
    let tag = [fallback_tag(subject.digest()).unwrap()];
    let index = manifest(&json!({"schemaVersion": 2, "mediaType": media_type::INDEX, "manifests": [],
                                 "annotations": {"kept": "yes"}, "later": 1}));
    memory.publish(&index, &tag, &Expect::Any).unwrap();
    attach_at_once(&memory, &subject, "a").unwrap();
    let index = memory.manifest(&Selector::Tag(tag[0].clone())).unwrap().unwrap();
    let index: Value = serde_json::from_slice(index.bytes()).unwrap();
    assert_eq!((&index["annotations"]["kept"], &index["later"]), (&json!("yes"), &json!(1)));

    let mut listing = Listing { kept: vec![theirs.clone().into()], gone: Vec::new() };
    let mut none = Index::default();
    none.push(theirs.clone());
    let index = Manifest::parse(none.to_bytes().unwrap(), None).unwrap();
    assert!(listing.extended(Some(&index)).unwrap().is_none(), "it is listed already");

    let mut theirs = serde_json::to_value(&theirs).unwrap();
    theirs["later"] = json!([2]);
    let index = manifest(&json!({"schemaVersion": 2, "manifests": [theirs]}));
    let mut listing = Listing { kept: Vec::new(), gone: Vec::new() };
    assert!(listing.extended(Some(&index)).unwrap().is_none());
    let again = listing.extended(None).unwrap().unwrap();
    let again: Value = serde_json::from_slice(again.manifest.bytes()).unwrap();
    assert_eq!(again["manifests"], json!([theirs]), "what another writer took away comes back whole");
}

#[test]
fn signatures_come_to_those_that_are_there_as_they_were_written() {
    let of = |layers: Value, more: &str| {
        let text = format!(r#"{{"schemaVersion":2, "layers" : {layers} , "later":{more},"config":null}}"#);
        Manifest::parse(text.into_bytes(), Some(media_type::MANIFEST)).unwrap()
    };
    let layer =
        |name: &str| json!({"x": name, "size": 1, "digest": Digest::of(name.as_bytes()), "mediaType": "m"});
    let [a, b, c] = ["a", "b", "c"].map(layer);
    let (there, ours) = (of(json!([a, b]), "[7]"), of(json!([b, c, c]), "[8]"));
    let union = carry::united(Companion::Signatures, Some(&there), &ours).unwrap().unwrap().manifest;
    assert_eq!(union.bytes(), of(json!([a, b, c, c]), "[7]").bytes());
    assert!(carry::united(Companion::Signatures, Some(&union), &ours).unwrap().is_none());
}

#[test]
fn what_is_no_index_under_that_tag_is_left_alone() {
    let memory = Memory::default();
    let subject = subject(&memory);
    let tag = fallback_tag(subject.digest()).unwrap();
    memory.publish(&subject, std::slice::from_ref(&tag), &Expect::Any).unwrap();
    let error = attach_at_once(&memory, &subject, "a").unwrap_err();
    assert!(error.kind == ErrorKind::Refused && error.what.contains("something else"), "{error}");
    assert_eq!(memory.resolve(&Selector::Tag(tag)).unwrap().unwrap().digest, *subject.digest());
}

#[test]
fn what_is_listed_and_gone_does_not_keep_others_from_being_listed() {
    let memory = Memory::default();
    let subject = subject(&memory);
    for name in ["gone", "stays"] {
        attach_at_once(&memory, &subject, name).unwrap();
    }
    let gone = signature(&subject, "gone").manifest;
    memory.remove(&Selector::Digest(gone.digest().clone())).unwrap();
    // This registry takes no index that names what it does not have.
    attach_at_once(&memory, &subject, "new").unwrap();
    assert_eq!(names(&lax(&memory), subject.digest()), ["new", "stays"]);
}

#[test]
fn what_is_about_something_else_is_not_attached() {
    let memory = Memory::default();
    let subject = subject(&memory);
    let other = Descriptor::of(media_type::MANIFEST, b"other");
    for wrong in [signature(&subject, "a"), Attachment { manifest: subject.clone(), blobs: Vec::new() }] {
        let error = attach(&memory, &other, &wrong).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Refused, "{error}");
    }
    assert_eq!(attached(&memory, &other.digest).unwrap(), []);
}

#[test]
fn cosigns_tags_are_found_and_nothing_is_looked_at_without_bounds() {
    let memory = Memory::default();
    let subject = subject(&memory);
    for suffix in ["sig", "att", "sbom", "other"] {
        let tag = format!("sha256-{}.{suffix}", subject.digest().hex()).parse().unwrap();
        memory.publish(&subject, &[tag], &Expect::Any).unwrap();
    }
    let found = attached(&memory, subject.digest()).unwrap();
    let kinds: Vec<_> = found.iter().filter_map(|one| one.tag.as_ref()).map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, Companion::ALL);

    let mut index = Index::default();
    for number in 0..=MOST {
        let one = signature(&subject, &number.to_string());
        one.put_blobs(&memory).unwrap();
        memory.publish(&one.manifest, &[], &Expect::Any).unwrap();
        index.push(one.manifest.descriptor());
        index.push(one.manifest.descriptor());
    }
    let lax = lax(&memory);
    let list = |index: &Index| {
        let manifest = Manifest::parse(index.to_bytes().unwrap(), None).unwrap();
        memory.publish(&manifest, &[fallback_tag(subject.digest()).unwrap()], &Expect::Any).unwrap();
    };
    list(&index);
    assert_eq!(referrers(&lax, subject.digest()).unwrap_err().kind, ErrorKind::Refused);
    let first = index.manifests().next().unwrap().digest.clone();
    index.retain(|entry| entry.digest != first);
    list(&index);
    assert_eq!(referrers(&lax, subject.digest()).unwrap().len(), MOST, "each once");
}

#[test]
fn of_a_long_digest_the_tag_is_cut_off() {
    let long: Digest = format!("sha512:{}", "0a".repeat(64)).parse().unwrap();
    assert_eq!(fallback_tag(&long).unwrap().as_str(), format!("sha512-{}", "0a".repeat(32)));
    assert_eq!(subject_of(&fallback_tag(&long).unwrap()), None);
    let short = Digest::of(b"x");
    for tag in Companion::ALL.map(|companion| companion.tag(&short)).into_iter().chain([fallback_tag(&short)])
    {
        assert_eq!(subject_of(&tag.unwrap()), Some(short.clone()));
    }
    for other in ["v1", "sha256-12", "sha256-12.sig", "v1.sig"] {
        assert_eq!(subject_of(&other.parse().unwrap()), None, "{other}");
    }
    assert_eq!(Companion::Signatures.tag(&long), None, "it would be longer than a tag may be");
}

/// A manifest of signatures, as cosign's older form has it: one layer for each.
fn appended(now: Option<&Manifest>, name: &str) -> Option<Attachment> {
    let layer = (Descriptor::of("text/plain", name.as_bytes()), name.as_bytes().to_vec());
    let mut layers = now.map(|now| now.layers().to_vec()).unwrap_or_default();
    if layers.contains(&layer.0) {
        return None;
    }
    layers.push(layer.0.clone());
    let json = json!({"schemaVersion": 2, "mediaType": media_type::MANIFEST, "config": config().0, "layers": layers});
    Some(Attachment { manifest: manifest(&json), blobs: vec![config(), layer] })
}

fn layers(memory: &Memory, tag: &Tag) -> BTreeSet<Digest> {
    let now = memory.manifest(&Selector::Tag(tag.clone())).unwrap();
    now.iter().flat_map(Manifest::layers).map(|layer| layer.digest.clone()).collect()
}

#[test]
fn a_change_is_made_once_and_tells_what_stands_there() {
    let memory = Memory::default();
    let tag: Tag = "sha256-00.sig".parse().unwrap();
    let first = amend(&memory, &tag, |now| Ok(appended(now, "a"))).unwrap();
    assert!(first.is_changed);
    let second = amend(&memory, &tag, |now| Ok(appended(now, "a"))).unwrap();
    assert_eq!(second, Amended { is_changed: false, ..first });
    assert_eq!(amend(&memory, &"other".parse().unwrap(), |_| Ok(None)).unwrap().now, None);
}

#[test]
fn one_who_is_never_content_gives_up() {
    let memory = Memory::default();
    let tag: Tag = "t".parse().unwrap();
    let count = std::cell::Cell::new(0);
    let change = |_: Option<&Manifest>| {
        count.set(count.get() + 1);
        Ok(appended(None, &count.get().to_string()))
    };
    let error = amend_with(&lax(&memory), &tag, change, &|_| ()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
}

#[test]
fn a_tag_that_cannot_be_moved_is_left_soon_and_with_the_registrys_own_words() {
    let memory = Memory::default();
    let tag: Tag = "t".parse().unwrap();
    let immutable = Lax { memory: &memory, turns: None, is_immutable: true };
    for name in ["a", "b"] {
        let pauses = std::cell::Cell::new(0);
        let pause = |_| pauses.set(pauses.get() + 1);
        let outcome = amend_with(&immutable, &tag, |now| Ok(appended(now, name)), &pause);
        match name {
            "a" => assert!(outcome.unwrap().is_changed),
            _ => assert_eq!((outcome.unwrap_err().what.as_str(), pauses.get()), ("the tag is immutable", 2)),
        }
    }
    assert_eq!(layers(&memory, &tag).len(), 1);
}

/// How many of so many orders end with a signature lost, where three sign at once.
fn lost_signatures(orders: u64, patience: bool) -> u64 {
    let tag: Tag = "sha256-00.sig".parse().unwrap();
    let loses = |dice: &u64| {
        let memory = Memory::default();
        race(&memory, 3, *dice, patience, |me, lax| {
            let change = |now: Option<&Manifest>| Ok(appended(now, &me.to_string()));
            amend_with(lax, &tag, change, &|_| lax.step(Step::Pause)).unwrap();
        });
        layers(&memory, &tag).len() < 3
    };
    (0..orders).filter(loses).count() as u64
}

#[test]
fn three_who_sign_at_once_lose_nothing() {
    assert_eq!(lost_signatures(1000, true), 0);
    assert!(lost_signatures(200, false) > 0, "these orders do lose where nobody waits for a slow write");
}

#[test]
fn three_referrers_at_once_are_all_listed_beside_one_who_looks_at_nothing() {
    for dice in 0..500 {
        let memory = Memory::default();
        let subject = subject(&memory);
        let tag = fallback_tag(subject.digest()).unwrap();
        for number in 0..4 {
            let one = signature(&subject, &number.to_string());
            one.put_blobs(&memory).unwrap();
            memory.publish(&one.manifest, &[], &Expect::Any).unwrap();
        }
        let entry = |number: usize| listing(&signature(&subject, &number.to_string()).manifest);
        race(&memory, 4, dice, true, |me, lax| {
            if me < 3 {
                let entries = [entry(me)];
                fallback::list(lax, subject.digest(), &entries, &|_| lax.step(Step::Pause)).unwrap();
                return;
            }
            // Others read, and write as soon as they can, and have no second look.
            let mut theirs = Listing { kept: vec![entry(3).into()], gone: Vec::new() };
            let now = lax.manifest(&Selector::Tag(tag.clone())).unwrap();
            if let Some(index) = theirs.extended(now.as_ref()).unwrap() {
                lax.step(Step::Write);
                memory.publish(&index.manifest, std::slice::from_ref(&tag), &Expect::Any).unwrap();
            }
        });
        let listed = names(&lax(&memory), subject.digest());
        assert!(
            ["0", "1", "2"].iter().all(|ours| listed.contains(&(*ours).to_owned())),
            "{dice}: {listed:?}"
        );
    }
}
