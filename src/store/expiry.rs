//! What lives for a limited time: entries that are over count as gone, and what only they needed is collected.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::entries::{self, EXPIRES};
use super::gist::is_list;
use super::held::Graph;
use super::{Layout, Lifetime};
use crate::disk;
use crate::oci::{Descriptor, Digest, Index, Manifest, Tag};
use crate::repository::Error;

/// After this time without a write, an upload is taken as left behind: far longer than any registry waits for a client.
const ABANDONED: Duration = Duration::from_hours(1);

/// What a round of [`Layout::expire`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expired {
    /// Entries of the index that were over.
    pub entries: usize,
    /// Blobs that were removed.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How long it is until there is something to do again; `None` where nothing is left that can expire.
    pub next: Option<Duration>,
}

/// When an entry is over, if it ever is. A time that cannot be read is none.
fn end(entry: &Descriptor) -> Option<SystemTime> {
    entry.annotation(EXPIRES).and_then(entries::time_of)
}

fn is_over(entry: &Descriptor, now: SystemTime) -> bool {
    end(entry).is_some_and(|end| end <= now)
}

fn rfc3339(time: SystemTime) -> Option<String> {
    OffsetDateTime::from(time).format(&Rfc3339).ok()
}

/// Limits the life of the entry that a tag names, from now on.
fn limit_tag(index: &mut Index, tag: &Tag, now: SystemTime, lifetime: Lifetime) {
    let Some(until) = now.checked_add(lifetime(Some(tag))).and_then(rfc3339) else { return };
    for entry in index.manifests_mut().filter(|entry| entries::tag_of(entry) == Some(tag.as_str())) {
        entry.annotations.insert(EXPIRES.to_owned(), until.clone());
    }
}

impl Layout {
    /// Enters a manifest with a limit on its life, if lives are limited here.
    ///
    /// A tag that names the manifest already is not set anew, and its time not prolonged.
    pub(super) fn enter_for_a_time(
        &self,
        index: &mut Index,
        manifest: &Manifest,
        tags: &[Tag],
        enter: impl FnOnce(&mut Index),
    ) {
        let limits = self.serving.as_ref().and_then(|serving| serving.lifetime).zip(self.now);
        let Some((lifetime, now)) = limits else { return enter(index) };
        let digest = manifest.digest();
        let is_kept = |tag: &&Tag| entries::find(index, tag).is_some_and(|entry| entry.digest == *digest);
        let new: Vec<&Tag> = tags.iter().filter(|tag| !is_kept(tag)).collect();
        let was_listed = index.manifests().any(|entry| entry.digest == *digest);
        enter(index);
        for tag in new {
            limit_tag(index, tag, now, lifetime);
        }
        if tags.is_empty() && !was_listed {
            let until = now.checked_add(lifetime(None)).and_then(rfc3339);
            let entry = index.manifests_mut().find(|entry| entry.digest == *digest);
            if let Some((entry, until)) = entry.zip(until) {
                entry.annotations.insert(EXPIRES.to_owned(), until);
            }
        }
    }

    /// Whether anything in an index is over by now, where the time is known.
    pub(super) fn has_over(&self, index: &Index) -> bool {
        self.now.is_some_and(|now| index.manifests().any(|entry| is_over(entry, now)))
    }

    /// Takes out of an index what is over by now.
    ///
    /// A manifest without a tag that is about another, as a signature is, stays as long as that does.
    pub(super) fn drop_over(&self, index: &mut Index) -> Result<usize, Error> {
        let Some(now) = self.now.filter(|_| self.has_over(index)) else { return Ok(0) };
        while self.prolong(index, now)? {}
        let before = index.manifests().count();
        index.retain(|entry| !is_over(entry, now));
        Ok(before - index.manifests().count())
    }

    /// Gives what is about something alive, and over, the same end as that; tells whether there was anything to do.
    fn prolong(&self, index: &mut Index, now: SystemTime) -> Result<bool, Error> {
        let alive = self.alive(index, now)?;
        let mut found = HashMap::new();
        for entry in index.manifests().filter(|entry| is_over(entry, now) && entries::tag_of(entry).is_none())
        {
            let subject = self.gist(entry)?.subject.clone();
            if let Some(end) = subject.and_then(|subject| alive.get(&subject).copied()) {
                found.insert(entry.digest.clone(), end);
            }
        }
        for entry in index.manifests_mut().filter(|entry| is_over(entry, now)) {
            let Some(end) = found.get(&entry.digest) else { continue };
            match end.and_then(rfc3339) {
                Some(end) => entry.annotations.insert(EXPIRES.to_owned(), end),
                None => entry.annotations.remove(EXPIRES),
            };
        }
        Ok(!found.is_empty())
    }

    /// Every manifest that is listed and not over, or below a list that is, with its end; `None` for those without one.
    fn alive(&self, index: &Index, now: SystemTime) -> Result<HashMap<Digest, Option<SystemTime>>, Error> {
        let mut alive: HashMap<Digest, Option<SystemTime>> = HashMap::new();
        let listed = index.manifests().filter(|entry| !is_over(entry, now));
        let mut waiting: Vec<_> = listed.map(|entry| (entry.clone(), end(entry))).collect();
        while let Some((entry, end)) = waiting.pop() {
            let is_longer = match alive.get(&entry.digest) {
                None => true,
                Some(known) => known.is_some_and(|known| end.is_none_or(|end| end > known)),
            };
            if !is_longer {
                continue;
            }
            alive.insert(entry.digest.clone(), end);
            if is_list(&entry) {
                for child in
                    self.gist(&entry)?.children.iter().filter(|child| self.has(child).unwrap_or(false))
                {
                    waiting.push((child.clone(), end));
                }
            }
        }
        Ok(alive)
    }

    /// Removes what is over, and the content that no manifest names and nobody asked for within `idle`. Needs the time,
    /// from [`Layout::recording`].
    ///
    /// Where the index, an entry of it or a manifest cannot be read, nothing is removed: it may name anything.
    pub fn expire(&self, idle: Duration) -> Result<Expired, Error> {
        let Some(now) = self.now else { return Ok(Expired::default()) };
        let entries = self.index.edit_whole(|index| self.drop_over(index))?;
        let graph = Graph::new(self);
        // Read before the lock is taken, so that others wait for what is new since then alone.
        graph.reach(self.index.whole()?.manifests())?;
        let _lock = self.index.lock()?;
        let index = self.index.whole()?;
        let is_named = graph.content(&index)?;
        let idle_since = now.checked_sub(idle).unwrap_or(SystemTime::UNIX_EPOCH);
        let before = self.blobs.relied_on_since()?.map_or(idle_since, |since| since.min(idle_since));
        let mut next = index.manifests().filter_map(end).min();
        let freed = self.free_unnamed(&is_named, &|changed| changed < before, false, &mut |changed, _| {
            let then = changed.checked_add(idle).unwrap_or(changed);
            next = Some(next.map_or(then, |next| next.min(then)));
        })?;
        let next = next.map(|then| then.duration_since(now).unwrap_or_default());
        Ok(Expired { entries, blobs: freed.blobs, bytes: freed.bytes, next })
    }

    /// Removes what a registry that was killed an hour ago or earlier left of uploads.
    pub fn sweep_uploads(&self) {
        if let Some(before) = self.now.and_then(|now| now.checked_sub(ABANDONED)) {
            disk::remove_uploads(&self.blobs.ingest(), before);
        }
    }

    /// Notes that somebody relies on a blob now, so that it is not collected meanwhile.
    pub fn touch(&self, digest: &Digest) {
        self.blobs.freshen(digest, self.now);
    }
}

#[cfg(test)]
mod tests;
