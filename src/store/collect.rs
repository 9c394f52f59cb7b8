//! The collection of what nobody wants any more, beside whoever reads and writes meanwhile.

use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind as Io;
use std::thread;
use std::time::{Duration, SystemTime};

use super::blobs::ALGORITHMS;
use super::entries::{self, PINNED, UNTAGGED};
use super::held::{Grace, Graph, about};
use super::{Layout, fault, paths};
use crate::disk;
use crate::oci::{Descriptor, Digest, Index};
use crate::repository::{Error, ErrorKind};
use crate::runtime;

/// What is written within this time may have the same time in a file system.
const TICK: Duration = Duration::from_millis(20);

/// What a collection is to take.
#[derive(Clone, Copy, Debug)]
pub struct Sweep {
    /// The time now.
    pub now: SystemTime,
    /// How long something must have been unwanted.
    pub older: Duration,
    /// Take nothing, and tell what would be taken.
    pub dry_run: bool,
}

/// What a collection took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Bundles whose entries are gone.
    pub bundles: Vec<Digest>,
    /// Tags that were about one of them, such as that of its signature.
    pub tags: Vec<String>,
    /// Blobs that are gone.
    pub blobs: u64,
    /// The space that this gives back, in bytes.
    pub bytes: u64,
    /// Files of killed processes that are gone.
    pub leftovers: u64,
    /// Blobs that nothing names, and that are too young.
    pub young_blobs: u64,
    /// Their bytes.
    pub young_bytes: u64,
    /// Bundles that lost their last tag, or came without one, and that are too young.
    pub young_bundles: u64,
    /// Bundles without a tag that another program entered, and that stay.
    pub untagged: u64,
}

impl Layout {
    /// Takes out of the index what nobody wants any more, and removes the content that nothing names.
    ///
    /// Needs the time, from [`Layout::recording`], unless it is a dry run. Who builds or pulls with torte meanwhile keeps
    /// all that he wrote or found. Where anything cannot be read nothing is taken: it may name anything.
    pub fn collect(&self, sweep: &Sweep) -> Result<Collected, Error> {
        let grace = Grace { now: sweep.now, older: sweep.older };
        let graph = Graph::new(self);
        let index = self.index.whole()?;
        // Read before the lock is taken, so that others wait for what is new since then alone.
        graph.wanted(&index, grace)?;
        if sweep.dry_run {
            let mut index = index.index.clone();
            let mut collected = self.drop_unwanted(&graph, &mut index, grace)?;
            let space = Space { start: sweep.now, older: sweep.older, dry_run: true };
            self.free(&graph, &index, &space, &mut collected)?;
            return Ok(collected);
        }
        let mut collected = self.index.edit_whole(|index| self.drop_unwanted(&graph, index, grace))?;
        if sweep.older.is_zero() {
            thread::sleep(TICK);
        }
        // The time by the clock of the file system: whoever comes from now on touches what he needs after it.
        let Some(start) = self.blobs.begin_work()?.map(|lease| lease.since()) else {
            let what = format!("`{}` cannot be written", self.path.display());
            return Err(Error::new(ErrorKind::Refused, &self.place, what));
        };
        let _lock = self.index.lock()?;
        let index = self.index.whole()?;
        let space = Space { start, older: sweep.older, dry_run: false };
        self.free(&graph, &index, &space, &mut collected)?;
        Ok(collected)
    }

    fn drop_unwanted(&self, graph: &Graph<'_>, index: &mut Index, grace: Grace) -> Result<Collected, Error> {
        self.drop_over(index)?;
        let wanted = graph.wanted(index, grace)?;
        let mut collected = Collected::default();
        let has_name = |entry: &&Descriptor| entries::tag_of(entry).is_some();
        let tagged: HashSet<&Digest> =
            index.manifests().filter(has_name).map(|entry| &entry.digest).collect();
        let mut gone = HashSet::new();
        for entry in index.manifests() {
            let name = entries::tag_of(entry);
            if wanted.contains(&entry.digest) {
                let is_said = [PINNED, UNTAGGED].iter().any(|key| entry.annotation(key).is_some());
                let is_young = entry.annotation(UNTAGGED).is_some_and(|mark| grace.keeps(mark));
                let is_about = graph.subject(&entry.digest).is_some_and(|subject| wanted.contains(&subject));
                let stands_alone = !is_about && !tagged.contains(&entry.digest);
                collected.young_bundles += u64::from(is_young && stands_alone);
                collected.untagged += u64::from(!is_said && stands_alone);
                continue;
            }
            collected.tags.extend(name.filter(|name| about(name).is_some()).map(str::to_owned));
            if gone.insert(&entry.digest) {
                collected.bundles.push(entry.digest.clone());
            }
        }
        index.retain(|entry| wanted.contains(&entry.digest));
        Ok(collected)
    }

    /// Removes the content that nothing in the index names, and what killed processes left.
    fn free(
        &self,
        graph: &Graph<'_>,
        index: &Index,
        space: &Space,
        collected: &mut Collected,
    ) -> Result<(), Error> {
        let is_named = graph.content(index)?;
        let relied_on = self.blobs.relied_on_since()?;
        let freed = self.free_unnamed(
            &is_named,
            &|changed| space.is_free(changed, relied_on),
            space.dry_run,
            &mut |_, size| {
                collected.young_blobs += 1;
                collected.young_bytes += size;
            },
        )?;
        (collected.blobs, collected.bytes) = (freed.blobs, freed.bytes);
        for one in self.blobs.abandoned()? {
            if space.dry_run || disk::remove_abandoned(&one.path).map_err(|error| self.fault(error))? {
                collected.leftovers += 1;
                collected.bytes += one.size;
            }
        }
        Ok(())
    }

    /// Removes the content that nothing names and that is free by its time; tells `spared` of the rest, with the time when
    /// it was touched last and its size.
    pub(super) fn free_unnamed(
        &self,
        is_named: &dyn Fn(&Digest) -> bool,
        is_free: &dyn Fn(SystemTime) -> bool,
        dry_run: bool,
        spared: &mut dyn FnMut(SystemTime, u64),
    ) -> Result<Freed, Error> {
        let mut freed = Freed::default();
        for algorithm in ALGORITHMS {
            let folder = paths::blobs(&self.path, algorithm);
            let refused = |source| self.fault(disk::Error::io("read", &folder)(source));
            let files = match fs::read_dir(&folder) {
                Err(error) if error.kind() == Io::NotFound => continue,
                outcome => outcome.map_err(refused)?,
            };
            for file in files {
                let file = file.map_err(refused)?;
                let digest = format!("{algorithm}:{}", file.file_name().to_string_lossy()).parse::<Digest>();
                let Some(digest) = digest.ok().filter(|digest| !is_named(digest)) else { continue };
                let about = match file.metadata() {
                    Err(error) if error.kind() == Io::NotFound => continue,
                    outcome => outcome.map_err(refused)?,
                };
                if !about.is_file() {
                    continue;
                }
                if runtime::interrupted().is_some() {
                    return Err(Error::new(ErrorKind::Interrupted, &self.place, "interrupted"));
                }
                let changed = about.modified().map_err(refused)?;
                let space = match is_free(changed) {
                    false => None,
                    true if dry_run => Some(disk::space(&about)),
                    true => self.blobs.discard(&digest, is_free)?,
                };
                match space {
                    Some(bytes) => {
                        freed.blobs += 1;
                        freed.bytes += bytes;
                    }
                    None => spared(changed, about.len()),
                }
            }
        }
        Ok(freed)
    }

    fn fault(&self, error: disk::Error) -> Error {
        fault::of_disk(&self.place, error)
    }

    /// The time that is put on content which is relied on: none for who only reads. From the first time that it is asked
    /// for, no collector takes what has it, until this value is dropped; a registry's clients have the grace period.
    pub(super) fn relying(&self) -> Result<Option<SystemTime>, Error> {
        if self.serving.is_some() || self.now.is_none() {
            return Ok(self.now);
        }
        Ok(self.blobs.rely()?.or(self.now))
    }
}

/// Content that is gone.
#[derive(Default)]
pub(super) struct Freed {
    pub(super) blobs: u64,
    pub(super) bytes: u64,
}

/// Which content is free by its time.
struct Space {
    start: SystemTime,
    older: Duration,
    dry_run: bool,
}

impl Space {
    /// Whether content that was last touched then is free; `relied_on` is since when somebody at work relies on it.
    fn is_free(&self, changed: SystemTime, relied_on: Option<SystemTime>) -> bool {
        let is_old = self.start.checked_sub(self.older).is_some_and(|before| changed < before);
        let is_ahead = self.start.checked_add(disk::AHEAD).is_some_and(|latest| changed > latest);
        (is_old || is_ahead) && relied_on.is_none_or(|since| changed < since)
    }
}

#[cfg(test)]
mod tests;
