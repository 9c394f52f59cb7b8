//! Copies one bundle between any two repositories: push, pull and copy are this.

use std::collections::HashSet;
use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::{Body, Error, ErrorKind, Expect, Known, Moved, Published, Repository, in_parallel};
use crate::bundle::Joined;
use crate::oci::{Descriptor, Digest, LARGEST_MANIFEST, Manifest, Name, Selector, Tag};
use crate::progress::{Event, Progress};

/// How deep indexes may nest, and how many manifests one copy may comprise.
const DEEPEST: usize = 8;
const MOST_MANIFESTS: usize = 1000;
/// How many bytes of manifests are kept of one bundle, or of all that is attached to it.
pub(super) const MOST_BYTES: u64 = 16 * LARGEST_MANIFEST;

/// What to copy, and how.
pub struct Order<'a> {
    /// The bundle, as the source resolved it.
    pub manifest: &'a Manifest,
    /// The manifests [`below`] it, where they were read already.
    pub children: Option<&'a [Manifest]>,
    /// The tags that it gets.
    pub tags: &'a [Tag],
    /// What must hold of these tags.
    pub expect: Expect,
    /// What is known of the destination.
    pub known: Known,
    /// Repositories of the destination's registry that may have the blobs.
    pub mounts: &'a [Name],
    /// Makes blobs at the destination of others that are there.
    pub join: Option<&'a dyn Join>,
    /// How many blobs move at once, at least one.
    pub concurrency: usize,
}

/// Makes blobs at a destination of others that are there already, so that they need not be moved.
pub trait Join: Sync {
    /// How a blob of this bundle is made of others, if one is.
    fn of(&self, manifest: &Manifest) -> Option<Joined>;

    /// Makes it of its parts, or only proves that it is made of them where it is there.
    fn make(&self, joined: &Joined) -> Result<Moved, Error>;
}

/// What a copy did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Blobs that were written, and their bytes.
    pub sent: u64,
    /// Their bytes.
    pub sent_bytes: u64,
    /// Which they were, in no particular order.
    pub sent_digests: Vec<Digest>,
    /// Blobs that were there already.
    pub present: u64,
    /// Blobs that the registry took from another repository of its own.
    pub mounted: u64,
    /// Blobs that were made of others.
    pub joined: u64,
    /// Tags that pointed elsewhere before.
    pub moved: Vec<(Tag, Digest)>,
    /// The destination lists the bundle among the referrers of its subject.
    pub subject_listed: bool,
}

/// Copies a bundle, with all manifests that it lists; the one that was asked for is written last.
///
/// What `known` says is not trusted: where the destination misses a blob after all, each is asked for once more.
pub fn copy(
    from: &dyn Repository,
    to: &dyn Repository,
    order: &Order<'_>,
    progress: &dyn Progress,
) -> Result<Copied, Error> {
    let read = order.children.map_or_else(|| below(from, order.manifest), |_| Ok(Vec::new()))?;
    let children = order.children.unwrap_or(&read);
    let mut copied = Copied::default();
    let mut all = blobs(children, order.manifest);
    let joins = joins(children, order);
    // A whole that is one of its own parts is moved as any other.
    all.retain(|blob| {
        !joins.iter().any(|(_, join)| join.whole.digest == blob.digest && !is_part(join, blob))
    });
    move_blobs(from, to, &all, &order.known, order, progress, &mut copied)?;
    for (join, joined) in &joins {
        match join.make(joined)? {
            Moved::Present => copied.present += 1,
            Moved::Sent | Moved::Mounted => copied.joined += 1,
        }
    }
    match publish(to, children, order) {
        Err(error) if is_missing_blob(&error) && !matches!(order.known, Known::Nothing) => {
            move_blobs(from, to, &all, &Known::Nothing, order, progress, &mut copied)?;
            copied.present = (all.len() as u64).saturating_sub(copied.sent + copied.mounted);
            copied.note(publish(to, children, order).map_err(incredible)?);
        }
        outcome => copied.note(outcome.map_err(incredible)?),
    }
    Ok(copied)
}

impl Copied {
    /// Adds the counts of another copy.
    pub fn add(&mut self, other: &Self) {
        self.sent += other.sent;
        self.sent_bytes += other.sent_bytes;
        self.present += other.present;
        self.mounted += other.mounted;
    }

    fn note(&mut self, published: Published) {
        self.moved = published.moved;
        self.subject_listed = published.subject_listed;
    }
}

/// The blobs of a bundle, and of all that it lists, that are made of others.
fn joins<'a>(children: &[Manifest], order: &Order<'a>) -> Vec<(&'a dyn Join, Joined)> {
    let Some(join) = order.join else { return Vec::new() };
    children.iter().chain([order.manifest]).filter_map(|one| Some((join, join.of(one)?))).collect()
}

fn is_part(joined: &Joined, blob: &Descriptor) -> bool {
    joined.parts.iter().any(|part| part.digest == blob.digest)
}

/// All blobs were asked for and sent: what is still not found is the destination's own trouble.
fn incredible(error: Error) -> Error {
    let kind = if is_missing_blob(&error) { ErrorKind::Refused } else { error.kind };
    Error { kind, ..error }
}

/// A registry that lacks a blob answers `MANIFEST_BLOB_UNKNOWN`, a store and a memory say "not found".
fn is_missing_blob(error: &Error) -> bool {
    error.kind == ErrorKind::NotFound
}

fn publish(to: &dyn Repository, children: &[Manifest], order: &Order<'_>) -> Result<Published, Error> {
    for child in children {
        to.publish(child, &[], &Expect::Any)?;
    }
    to.publish(order.manifest, order.tags, &order.expect)
}

/// The manifests below an index, each before the index that lists it.
///
/// Bounded in depth, number and bytes: an error says so.
pub fn below(from: &dyn Repository, root: &Manifest) -> Result<Vec<Manifest>, Error> {
    let seen = HashSet::from([root.digest().clone()]);
    let mut family = Family { from, seen, bytes: 0, found: Vec::new() };
    family.collect(root, 0)?;
    Ok(family.found)
}

struct Family<'a> {
    from: &'a dyn Repository,
    seen: HashSet<Digest>,
    bytes: u64,
    found: Vec<Manifest>,
}

impl Family<'_> {
    fn collect(&mut self, index: &Manifest, depth: usize) -> Result<(), Error> {
        let from = self.from;
        let error = |kind, what: String| {
            Error::new(kind, from.place(), format!("the index {} {what}", index.digest()))
        };
        for child in index.manifests() {
            if !self.seen.insert(child.digest.clone()) {
                continue;
            }
            if depth == DEEPEST || self.seen.len() > MOST_MANIFESTS {
                let what =
                    format!("lists more than {MOST_MANIFESTS} manifests or nests deeper than {DEEPEST}");
                return Err(error(ErrorKind::Refused, what));
            }
            let Some(manifest) = self.from.manifest(&Selector::Digest(child.digest.clone()))? else {
                return Err(error(
                    ErrorKind::NotFound,
                    format!("lists {}, which is not there", child.digest),
                ));
            };
            self.bytes += manifest.bytes().len() as u64;
            if self.bytes > MOST_BYTES {
                let what = format!("lists manifests of more than {MOST_BYTES} bytes in all");
                return Err(error(ErrorKind::Refused, what));
            }
            self.collect(&manifest, depth + 1)?;
            self.found.push(manifest);
        }
        Ok(())
    }
}

fn blobs(children: &[Manifest], root: &Manifest) -> Vec<Descriptor> {
    let mut seen = HashSet::new();
    let all = children.iter().chain([root]).flat_map(Manifest::blobs);
    all.filter(|blob| seen.insert(blob.digest.clone())).collect()
}

/// A blob of one repository as the body of a write to another, which tells how it comes forward.
struct Source<'a> {
    from: &'a dyn Repository,
    blob: &'a Descriptor,
    progress: &'a dyn Progress,
    /// What was told: the farthest that any of its readers came, for a blob that is sent twice passes once.
    told: AtomicU64,
}

impl Source<'_> {
    fn passed(&self, at: u64) {
        let bytes = at.saturating_sub(self.told.fetch_max(at, Ordering::Relaxed));
        if bytes > 0 {
            self.progress.report(&Event::Moved { bytes });
        }
    }
}

impl Body for Source<'_> {
    fn open(&self) -> Result<Box<dyn Read + Send + '_>, Error> {
        let inner = self.from.open(self.blob, 0)?;
        Ok(Box::new(Counted { inner, at: 0, source: self }))
    }
}

struct Counted<'a> {
    inner: Box<dyn Read + Send>,
    at: u64,
    source: &'a Source<'a>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.at += count as u64;
        self.source.passed(self.at.min(self.source.blob.size));
        Ok(count)
    }
}

/// Moves those of these blobs that the destination lacks.
pub(super) fn move_blobs(
    from: &dyn Repository,
    to: &dyn Repository,
    all: &[Descriptor],
    known: &Known,
    order: &Order<'_>,
    progress: &dyn Progress,
    copied: &mut Copied,
) -> Result<(), Error> {
    let missing = to.missing(all, known)?;
    let bytes = missing.iter().map(|blob| blob.size).sum();
    progress.report(&Event::Planned { bytes });

    let sent = Mutex::new(Vec::new());
    let sent_bytes = AtomicU64::new(0);
    let mounted = AtomicU64::new(0);
    let present = AtomicU64::new((all.len() - missing.len()) as u64);
    in_parallel(&missing, order.concurrency, |blob| {
        let source = Source { from, blob, progress, told: AtomicU64::new(0) };
        match to.put(blob, &source, order.mounts)? {
            Moved::Sent => {
                sent.lock().unwrap_or_else(PoisonError::into_inner).push(blob.digest.clone());
                sent_bytes.fetch_add(blob.size, Ordering::Relaxed);
            }
            Moved::Mounted => {
                mounted.fetch_add(1, Ordering::Relaxed);
            }
            Moved::Present => {
                present.fetch_add(1, Ordering::Relaxed);
            }
        }
        source.passed(blob.size);
        Ok(())
    })?;
    let sent = sent.into_inner().unwrap_or_else(PoisonError::into_inner);
    copied.sent += sent.len() as u64;
    copied.sent_digests.extend(sent);
    copied.sent_bytes += sent_bytes.into_inner();
    copied.mounted += mounted.into_inner();
    copied.present = present.into_inner();
    Ok(())
}

#[cfg(test)]
mod tests;
