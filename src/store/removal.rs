//! Taking things out of a layout on somebody's word, without leaving a hole under anything that stays.

use std::collections::HashSet;

use super::entries;
use super::gist::is_list;
use super::{Layout, held};
use crate::oci::{Descriptor, Digest, Index, Selector, Tag};
use crate::repository::{Error, ErrorKind, Repository as _};

/// What goes with a manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withdrawn {
    /// Its tags, and those that are about it, such as that of its signature.
    pub tags: Vec<Tag>,
    /// Manifests that are about it and that nobody gave a tag: signatures, attestations.
    pub referrers: Vec<Digest>,
}

impl Layout {
    /// Takes a manifest out of the index, with its tags and what is there for its sake alone; `None` where it is not listed.
    ///
    /// One that has tags, and one that a list names, stays: [`ErrorKind::Conflict`]. The first goes with `force`. With
    /// `dry_run` all stays, and the answer is the same.
    pub fn withdraw(&self, digest: &Digest, force: bool, dry_run: bool) -> Result<Option<Withdrawn>, Error> {
        let take_out = |index: &mut Index| {
            if let Some(list) = self.readable_list_of(index, digest) {
                return Err(self.in_use(&format!("bundle {digest}"), &list));
            }
            if !index.manifests().any(|entry| entry.digest == *digest) {
                return Ok(None);
            }
            let gone = self.followers(index, digest);
            let tags = entries::tags_where(index, |entry| entry.digest == *digest);
            if !tags.is_empty() && !force {
                return Err(self.has_tags(digest, &tags));
            }
            let is_gone = |entry: &Descriptor| gone.contains(&entry.digest) && goes(entry, digest, &gone);
            let tags = entries::tags_where(index, is_gone);
            index.retain(|entry| !is_gone(entry));
            let mut referrers: Vec<Digest> = gone.iter().filter(|one| *one != digest).cloned().collect();
            referrers.retain(|one| !index.manifests().any(|entry| entry.digest == *one));
            referrers.sort();
            Ok(Some(Withdrawn { tags, referrers }))
        };
        if dry_run { take_out(&mut self.index()?) } else { self.index.edit(take_out, |_| Ok(())) }
    }

    fn has_tags(&self, digest: &Digest, tags: &[Tag]) -> Error {
        let names: Vec<String> = tags.iter().map(|tag| format!("`{tag}`")).collect();
        let what = format!("{digest} is tagged {}, and would be gone under each", names.join(", "));
        let hint = "remove the tags alone, or the bundle with all of them by `--force`";
        Error::new(ErrorKind::Conflict, &self.place, what).hinting(hint)
    }

    /// The manifest, and all that is in the index for its sake: what has no tag and is about it, and about that.
    ///
    /// What cannot be read is about nothing.
    fn followers(&self, index: &Index, digest: &Digest) -> HashSet<Digest> {
        let mut gone = HashSet::from([digest.clone()]);
        loop {
            let before = gone.len();
            for entry in index.manifests() {
                let subject = match entries::tag_of(entry) {
                    Some(tag) => held::about(tag),
                    None => self.gist(entry).ok().and_then(|gist| gist.subject.clone()),
                };
                if subject.is_some_and(|subject| gone.contains(&subject)) {
                    gone.insert(entry.digest.clone());
                }
            }
            if gone.len() == before {
                return gone;
            }
        }
    }

    /// A list that can be read, reached, and lists this manifest.
    fn readable_list_of(&self, index: &Index, digest: &Digest) -> Option<Digest> {
        let mut seen = HashSet::new();
        let mut waiting: Vec<Descriptor> =
            index.manifests().filter(|entry| is_list(entry)).cloned().collect();
        while let Some(list) = waiting.pop() {
            if !seen.insert(list.digest.clone()) {
                continue;
            }
            let Ok(gist) = self.gist(&list) else { continue };
            if gist.children.iter().any(|child| child.digest == *digest) {
                return Some(list.digest);
            }
            waiting.extend(gist.children.iter().filter(|child| is_list(child)).cloned());
        }
        None
    }

    /// Removes a tag, or a manifest with all its tags; tells whether it was there.
    ///
    /// A manifest that a list names stays: [`ErrorKind::Conflict`]. The content of what is removed stays too, until it is
    /// collected or removed as a blob.
    pub fn delete(&self, what: &Selector) -> Result<bool, Error> {
        let Selector::Digest(digest) = what else { return Ok(self.remove(what)?.existed) };
        let take_out = |index: &mut Index| match self.listed_by(index, digest)? {
            Some(list) => Err(self.in_use(&format!("manifest {digest}"), &list)),
            None => Ok(entries::drop_manifest(index, digest).is_some()),
        };
        self.index.edit(take_out, |_| Ok(()))
    }

    /// Removes a blob for good; tells whether it was there.
    ///
    /// What a manifest names, and a manifest that is listed, stays: [`ErrorKind::Conflict`]. Nobody can publish a manifest
    /// meanwhile that names it.
    pub fn delete_blob(&self, digest: &Digest) -> Result<bool, Error> {
        let _lock = self.index.lock()?;
        if let Some(manifest) = self.named_by(digest)? {
            return Err(self.in_use(&format!("blob {digest}"), &manifest));
        }
        self.blobs.remove(digest)
    }

    fn in_use(&self, what: &str, by: &Digest) -> Error {
        let what = format!("{what} is in use by manifest {by}; delete that first");
        Error::new(ErrorKind::Conflict, &self.place, what)
    }

    /// A list that can be reached and lists this manifest.
    fn listed_by(&self, index: &Index, digest: &Digest) -> Result<Option<Digest>, Error> {
        for entry in self.reachable(index)?.iter().filter(|entry| is_list(entry)) {
            if self.gist(entry)?.children.iter().any(|child| child.digest == *digest) {
                return Ok(Some(entry.digest.clone()));
            }
        }
        Ok(None)
    }

    /// A manifest that can be reached and is this blob, or names it. Reads all of them.
    fn named_by(&self, digest: &Digest) -> Result<Option<Digest>, Error> {
        for entry in self.reachable(&self.index.read()?.index)? {
            if entry.digest == *digest {
                return Ok(Some(entry.digest));
            }
            let manifest = self.load(&entry)?;
            let mut named = manifest.named().chain(manifest.manifests());
            if named.any(|blob| blob.digest == *digest) {
                return Ok(Some(entry.digest));
            }
        }
        Ok(None)
    }
}

/// Whether an entry of something that goes, goes: all of the manifest itself; of others those without a tag of their own.
fn goes(entry: &Descriptor, digest: &Digest, gone: &HashSet<Digest>) -> bool {
    if entry.digest == *digest {
        return true;
    }
    match entries::tag_of(entry) {
        Some(tag) => held::about(tag).is_some_and(|subject| gone.contains(&subject)),
        None => true,
    }
}

#[cfg(test)]
mod tests;
