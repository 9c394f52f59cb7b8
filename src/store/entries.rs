//! What the entries of a layout's index say, and how tags move between them. Pure.

use std::collections::{HashMap, HashSet};
use std::time::SystemTime;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::oci::{Descriptor, Digest, Index, Manifest, Tag, media_type};

/// Annotation of an entry: when its tag was set, in RFC 3339.
pub const TAGGED: &str = "dev.torte.tagged";
/// Annotation of an entry: the registry it came from.
pub const ORIGIN: &str = "dev.torte.origin";
/// Annotation of an entry without a tag: when it lost its last one, or came without, in RFC 3339.
pub const UNTAGGED: &str = "dev.torte.untagged";
/// Annotation of an entry without a tag: when it was pulled by its digest, to stay until it is removed, in RFC 3339.
pub const PINNED: &str = "dev.torte.pinned";
/// Annotation of an entry: when it is over, in RFC 3339. Without it, an entry lives for ever.
pub const EXPIRES: &str = "dev.torte.expires";

/// What a layout writes down beside what it is given.
#[derive(Clone, Debug)]
pub struct Record {
    /// The time now, in RFC 3339.
    pub now: String,
    /// The registry that content comes from, if it comes from one.
    pub origin: Option<String>,
    /// Whether what is published without a tag was asked for by its digest and stays until it is removed.
    pub pinned: bool,
}

/// The time that a text in RFC 3339 says, if it is one.
pub(super) fn time_of(text: &str) -> Option<SystemTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok().map(SystemTime::from)
}

impl Record {
    /// The time now for the file system; `None` if it is not in RFC 3339.
    pub(super) fn time(&self) -> Option<SystemTime> {
        time_of(&self.now)
    }

    fn mark_without_tag(&self) -> (&'static str, String) {
        (if self.pinned { PINNED } else { UNTAGGED }, self.now.clone())
    }
}

/// One entry of a layout's index: a manifest under one of its tags, or without any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its tag; `None` where it has none, or a name that is no tag, as some tools write.
    pub tag: Option<Tag>,
    /// The manifest, as the index describes it; a listing adds the artifact type where the index has none.
    pub descriptor: Descriptor,
}

impl Entry {
    /// When the tag was set, in RFC 3339; unknown where another tool did it.
    pub fn set(&self) -> Option<&str> {
        self.descriptor.annotation(TAGGED)
    }

    /// The registry it was pulled from, if it was.
    pub fn origin(&self) -> Option<&str> {
        self.descriptor.annotation(ORIGIN)
    }
}

pub(super) fn tag_of(entry: &Descriptor) -> Option<&str> {
    entry.annotation(media_type::REF_NAME)
}

/// The entry that a tag names. Of two, the last counts, as it does for oras.
pub(super) fn find<'a>(index: &'a Index, tag: &Tag) -> Option<&'a Descriptor> {
    index.manifests().rfind(|entry| tag_of(entry) == Some(tag.as_str()))
}

/// What each name of an entry names, as [`find`] has it.
pub(super) fn in_force(index: &Index) -> HashMap<&str, &Digest> {
    index.manifests().filter_map(|entry| Some((tag_of(entry)?, &entry.digest))).collect()
}

/// All tags, sorted, each once.
pub(super) fn tags(index: &Index) -> Vec<Tag> {
    tags_where(index, |_| true)
}

/// The tags of some entries, sorted, each once.
pub(super) fn tags_where(index: &Index, is_meant: impl Fn(&Descriptor) -> bool) -> Vec<Tag> {
    let meant = index.manifests().filter(|entry| is_meant(entry));
    let mut tags: Vec<Tag> = meant.filter_map(tag_of).filter_map(|tag| tag.parse().ok()).collect();
    tags.sort();
    tags.dedup();
    tags
}

/// Lets a tag name a manifest. A tag that does so already is left as it is.
pub(super) fn set_tag(index: &mut Index, tag: &Tag, manifest: &Manifest, record: Option<&Record>) {
    if find(index, tag).is_some_and(|entry| entry.digest == *manifest.digest()) {
        return;
    }
    drop_tag(index, tag, record);
    let is_free = |entry: &Descriptor| {
        entry.digest == *manifest.digest() && tag_of(entry).is_none() && entry.annotation(PINNED).is_none()
    };
    if !index.manifests().any(is_free) {
        index.push(describe(manifest));
    }
    let Some(entry) = index.manifests_mut().find(|entry| is_free(entry)) else { return };
    for old in [UNTAGGED, TAGGED, ORIGIN, EXPIRES] {
        entry.annotations.remove(old);
    }
    entry.annotations.insert(media_type::REF_NAME.to_owned(), tag.to_string());
    if let Some(record) = record {
        entry.annotations.insert(TAGGED.to_owned(), record.now.clone());
        entry.annotations.extend(record.origin.clone().map(|origin| (ORIGIN.to_owned(), origin)));
    }
}

/// Lists a manifest without a tag. One that is listed already stays as it is, unless it is to be pinned.
pub(super) fn list_untagged(index: &mut Index, manifest: &Manifest, record: Option<&Record>) {
    let is_pin = record.is_some_and(|record| record.pinned);
    let is_done = index
        .manifests()
        .any(|entry| entry.digest == *manifest.digest() && (!is_pin || entry.annotation(PINNED).is_some()));
    if is_done {
        return;
    }
    let mut entry = describe(manifest);
    if let Some(record) = record {
        let (key, value) = record.mark_without_tag();
        entry.annotations.insert(key.to_owned(), value);
        entry.annotations.extend(record.origin.clone().map(|origin| (ORIGIN.to_owned(), origin)));
    }
    index.push(entry);
}

/// Takes the entries away that a copy of a manifest list had to write for the children, before the list itself: from
/// now on they can be reached through it. Only what the same record wrote goes.
pub(super) fn drop_children(index: &mut Index, parent: &Manifest, record: Option<&Record>) {
    let Some((key, value)) = record.map(Record::mark_without_tag) else { return };
    index.retain(|entry| {
        let is_child = parent.manifests().iter().any(|child| child.digest == entry.digest);
        !(is_child && tag_of(entry).is_none() && entry.annotation(key) == Some(&value))
    });
}

/// Takes a tag away; a manifest that has no other entry stays as one without a tag. Tells whether the tag was there.
pub(super) fn drop_tag(index: &mut Index, tag: &Tag, record: Option<&Record>) -> bool {
    let is_meant = |entry: &Descriptor| tag_of(entry) == Some(tag.as_str());
    let named: HashSet<Digest> =
        index.manifests().filter(|entry| is_meant(entry)).map(|entry| entry.digest.clone()).collect();
    let others = index.manifests().filter(|entry| !is_meant(entry) && named.contains(&entry.digest));
    let mut kept: HashSet<Digest> = others.map(|entry| entry.digest.clone()).collect();
    index.retain(|entry| !is_meant(entry) || kept.insert(entry.digest.clone()));
    for entry in index.manifests_mut().filter(|entry| is_meant(entry)) {
        entry.annotations.remove(media_type::REF_NAME);
        entry.annotations.remove(TAGGED);
        entry.annotations.extend(record.map(|record| (UNTAGGED.to_owned(), record.now.clone())));
    }
    !named.is_empty()
}

/// Takes all entries of a manifest away; returns its tags, or `None` where it had no entry.
pub(super) fn drop_manifest(index: &mut Index, digest: &Digest) -> Option<Vec<Tag>> {
    let is_meant = |entry: &Descriptor| entry.digest == *digest;
    let is_listed = index.manifests().any(is_meant);
    let tags = tags_where(index, is_meant);
    index.retain(|entry| !is_meant(entry));
    is_listed.then_some(tags)
}

/// An entry as Flipt's builder writes it, without a tag: with the artifact type, and the time of the bundle.
fn describe(manifest: &Manifest) -> Descriptor {
    let mut entry = manifest.descriptor();
    if let Some(created) = manifest.annotations().get(media_type::CREATED) {
        entry.annotations.insert(media_type::CREATED.to_owned(), created.clone());
    }
    entry
}

#[cfg(test)]
mod tests;
