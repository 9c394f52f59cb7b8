//! How tags move between the entries of an index.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::store::fixture::{CREATED, bundle, list_of, record, tag};

fn facts(index: &Index) -> Vec<(String, BTreeMap<String, String>)> {
    let fact = |entry: &Descriptor| (entry.digest.short().to_owned(), entry.annotations.clone());
    index.manifests().map(fact).collect()
}

fn annotations(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn an_entry_says_when_from_where_and_what() {
    let mut index = Index::default();
    let (manifest, _) = bundle(b"a");
    let record = Record { now: "T1".into(), origin: Some("ghcr.io".into()), pinned: false };
    set_tag(&mut index, &tag("v1"), &manifest, Some(&record));
    let expected =
        [(media_type::CREATED, CREATED), (media_type::REF_NAME, "v1"), (TAGGED, "T1"), (ORIGIN, "ghcr.io")];
    assert_eq!(index.manifests().next().unwrap().annotations, annotations(&expected));
    assert_eq!(
        index.manifests().next().unwrap().artifact_type.as_deref(),
        Some(crate::store::fixture::FLIPT)
    );

    let before = index.clone();
    set_tag(&mut index, &tag("v1"), &manifest, Some(&self::record("T2")));
    assert_eq!(index, before, "a tag that is where it should be keeps its time");
}

#[test]
fn a_manifest_that_lost_its_last_tag_stays_and_says_since_when() {
    let mut index = Index::default();
    let ((old, _), (new, _)) = (bundle(b"old"), bundle(b"new"));
    set_tag(&mut index, &tag("v1"), &old, Some(&record("T1")));
    set_tag(&mut index, &tag("v2"), &old, Some(&record("T1")));
    set_tag(&mut index, &tag("v1"), &new, Some(&record("T2")));
    assert_eq!(index.manifests().count(), 2, "the old one has another tag");
    set_tag(&mut index, &tag("v2"), &new, Some(&record("T3")));
    let untagged = annotations(&[(media_type::CREATED, CREATED), (UNTAGGED, "T3")]);
    assert_eq!(facts(&index)[0], (old.digest().short().to_owned(), untagged));
    assert_eq!(index.manifests().count(), 3);

    set_tag(&mut index, &tag("v3"), &old, Some(&record("T4")));
    let again = annotations(&[(media_type::CREATED, CREATED), (media_type::REF_NAME, "v3"), (TAGGED, "T4")]);
    assert_eq!(facts(&index)[0].1, again, "the same entry, tagged again");
    assert!(drop_tag(&mut index, &tag("v3"), Some(&record("T5"))));
    assert!(!drop_tag(&mut index, &tag("v3"), Some(&record("T6"))));
    assert_eq!(index.manifests().next().unwrap().annotation(UNTAGGED), Some("T5"));
}

#[test]
fn of_two_entries_with_one_tag_the_last_counts_and_both_move() {
    let ((first, _), (last, _), (new, _)) = (bundle(b"1"), bundle(b"2"), bundle(b"3"));
    let mut index = Index::default();
    for manifest in [&first, &last] {
        let mut entry = manifest.descriptor();
        entry.annotations.insert(media_type::REF_NAME.into(), "v1".into());
        index.push(entry);
    }
    assert_eq!(find(&index, &tag("v1")).unwrap().digest, *last.digest());
    assert_eq!(tags(&index), [tag("v1")]);
    set_tag(&mut index, &tag("v1"), &new, None);
    assert_eq!(index.manifests().filter(|entry| tag_of(entry).is_some()).count(), 1);
    assert_eq!(index.manifests().count(), 3);
}

#[test]
fn what_was_pulled_by_digest_stays_whatever_its_tags_do() {
    let mut index = Index::default();
    let ((kept, _), (other, _)) = (bundle(b"a"), bundle(b"b"));
    let pull = Record { pinned: true, ..record("T1") };
    list_untagged(&mut index, &kept, Some(&pull));
    list_untagged(&mut index, &kept, Some(&Record { pinned: true, ..record("T2") }));
    let pinned = facts(&index);
    assert_eq!(pinned[0].1, annotations(&[(media_type::CREATED, CREATED), (PINNED, "T1")]));
    set_tag(&mut index, &tag("v1"), &kept, Some(&record("T3")));
    set_tag(&mut index, &tag("v1"), &other, Some(&record("T4")));
    drop_tag(&mut index, &tag("v1"), Some(&record("T5")));
    assert_eq!(facts(&index)[..1], pinned[..]);
    assert_eq!(index.manifests().count(), 2);
    assert_eq!(drop_manifest(&mut index, kept.digest()), Some(vec![]));
    assert_eq!(drop_manifest(&mut index, kept.digest()), None);
}

#[test]
fn the_children_of_a_list_have_no_entries_of_their_own_unless_they_had_before() {
    let mut index = Index::default();
    let ((first, _), (second, _)) = (bundle(b"1"), bundle(b"2"));
    list_untagged(&mut index, &first, Some(&record("T1")));
    let earlier = facts(&index);
    list_untagged(&mut index, &first, Some(&record("T2")));
    list_untagged(&mut index, &second, Some(&record("T2")));
    assert_eq!(index.manifests().count(), 2);
    drop_children(&mut index, &list_of(&[&first, &second]), Some(&record("T2")));
    assert_eq!(facts(&index), earlier);
}

#[derive(Clone, Debug)]
enum Act {
    Set(u8, u8),
    Drop(u8),
    List(u8),
    Remove(u8),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..4_u8, 0..4_u8).prop_map(|(tag, manifest)| Act::Set(tag, manifest)),
        1 => (0..4_u8).prop_map(Act::Drop),
        1 => (0..4_u8).prop_map(Act::List),
        1 => (0..4_u8).prop_map(Act::Remove),
    ]
}

proptest! {
    /// Whatever happens, tags are where a plain map says, entries of others stay as they are, and the file says it all.
    #[test]
    fn tags_are_where_a_map_has_them(acts in prop::collection::vec(act(), 0..40), other in "[a-z]{1,8}") {
        let foreign = format!(
            r#"{{"mediaType":"m","digest":"{}","size":2,"annotations":{{"org.opencontainers.image.ref.name":"host/{other}:v1"}},"{other}x":[1]}}"#,
            Digest::of(b"{}")
        );
        let text = format!(r#"{{"schemaVersion":2,"manifests":[{foreign}],"later":{{"{other}":null}}}}"#);
        let mut index = Index::parse(text.as_bytes()).unwrap();
        let mut model = BTreeMap::new();
        for (time, act) in acts.into_iter().enumerate() {
            let record = record(&time.to_string());
            let manifest = |number: u8| bundle(&[number]).0;
            match act {
                Act::Set(name, number) => {
                    let manifest = manifest(number);
                    set_tag(&mut index, &tag(&format!("t{name}")), &manifest, Some(&record));
                    model.insert(tag(&format!("t{name}")), manifest.digest().clone());
                }
                Act::Drop(name) => {
                    let name = tag(&format!("t{name}"));
                    let existed = drop_tag(&mut index, &name, Some(&record));
                    prop_assert_eq!(existed, model.remove(&name).is_some());
                }
                Act::List(number) => list_untagged(&mut index, &manifest(number), Some(&record)),
                Act::Remove(number) => {
                    let digest = manifest(number).digest().clone();
                    drop_manifest(&mut index, &digest);
                    model.retain(|_, at| *at != digest);
                }
            }
        }
        let index = Index::parse(&index.to_bytes().unwrap()).unwrap();
        prop_assert_eq!(tags(&index), model.keys().cloned().collect::<Vec<_>>());
        for (name, digest) in &model {
            prop_assert_eq!(&find(&index, name).unwrap().digest, digest);
        }
        for entry in index.manifests().skip(1) {
            let is_tagged = tag_of(entry).is_some();
            prop_assert_eq!(entry.annotation(TAGGED).is_some(), is_tagged);
            prop_assert_eq!(entry.annotation(UNTAGGED).is_some(), !is_tagged);
        }
        let written = String::from_utf8(index.to_bytes().unwrap()).unwrap();
        prop_assert!(written.contains(&foreign), "{}", written);
        let later = format!("\"later\":{{\"{other}\":null}}");
        prop_assert!(written.contains(&later), "{}", written);
    }
}
