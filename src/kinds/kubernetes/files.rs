//! Reads the files that are packed, and what is to be known of each while its bytes are at hand.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};

use super::capacity::LIMITS;
use super::group::Item;
use super::group::root::Root;
use super::object::Outline;
use super::outline::{is_manifest, outline};
use super::parts::Chosen;
use super::secrets::{Plain, Sourced, is_clear, plain, sources};
use crate::kinds::fault::Fault;
use crate::source::{self, File, Tree};

/// What was seen of a file.
pub(super) struct Look<'t> {
    pub(super) path: &'t str,
    /// In bytes.
    pub(super) size: u64,
    pub(super) outline: Outline,
    pub(super) root: Option<Box<Root>>,
    /// What stands in it in the clear.
    plain: Vec<Plain>,
    /// The files of which it makes Secrets.
    sources: Vec<Sourced>,
    /// Whether such a Secret would stand in the clear if it were made of this one.
    is_clear: bool,
}

impl<'t> Look<'t> {
    fn of(path: &'t str, bytes: &[u8]) -> Self {
        let root = if Root::may_be_at(path) { Root::read(path, bytes).map(Box::new) } else { None };
        Self {
            path,
            size: bytes.len() as u64,
            outline: if is_manifest(path) { outline(path, bytes) } else { Outline::default() },
            root,
            plain: plain(path, bytes),
            sources: sources(path, bytes),
            is_clear: is_clear(bytes),
        }
    }

    /// The file as grouping has it.
    pub(super) fn item(&self) -> Item<'_> {
        Item { path: self.path, outline: &self.outline, root: self.root.as_deref() }
    }

    /// What is doubtful of the file, where these paths are those of files in the clear.
    fn doubts(&self, clear: &HashSet<&str>) -> Vec<Fault> {
        let sources = self.sources.iter().filter(|source| clear.contains(source.path.as_str()));
        let sources = sources.map(|source| Plain::of_source(source.mark, &source.path));
        let plain = self.plain.iter().cloned().chain(sources).map(|plain| plain.problem);
        let mut problems: Vec<_> = self.outline.doubts.iter().cloned().chain(plain).collect();
        problems.sort_by_key(|problem| problem.mark);
        problems.into_iter().map(|problem| Fault::of(self.path, problem)).collect()
    }
}

/// A file that was read, or none where the tree turned out to be too large.
pub(super) type Read<'t> = Result<Option<(Chosen<'t>, Look<'t>)>, source::Error>;

/// Reads the files of a tree, up to a limit.
pub(super) struct Reader<'t> {
    tree: &'t Tree,
    total: AtomicU64,
}

impl<'t> Reader<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        Self { tree, total: AtomicU64::new(0) }
    }

    /// Reads a file, and looks at it.
    pub(super) fn read(&self, file: &'t File) -> Read<'t> {
        if self.is_over() {
            return Ok(None);
        }
        let loaded = self.tree.load(file)?;
        self.total.fetch_add(loaded.bytes.len() as u64, Ordering::Relaxed);
        let look = Look::of(&file.path, &loaded.bytes);
        Ok(Some((
            Chosen { path: &file.path, is_executable: loaded.is_executable, bytes: loaded.bytes },
            look,
        )))
    }

    fn is_over(&self) -> bool {
        self.total.load(Ordering::Relaxed) > LIMITS.bytes
    }
}

/// What was seen of all files, in the order of the walk.
#[derive(Default)]
pub(super) struct Files<'t> {
    pub(super) looks: Vec<Look<'t>>,
    pub(super) faults: Vec<Fault>,
}

impl<'t> Files<'t> {
    /// For so many files.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self { looks: Vec::with_capacity(count), faults: Vec::new() }
    }

    /// Takes the next file, whose bytes are the caller's to keep.
    pub(super) fn take(&mut self, read: Read<'t>) -> Option<Chosen<'t>> {
        match read {
            Ok(Some((chosen, look))) => {
                self.looks.push(look);
                return Some(chosen);
            }
            Ok(None) => {}
            Err(error) => self.faults.push(Fault::unreadable(&error)),
        }
        None
    }

    /// What is doubtful of each.
    pub(super) fn doubts(&self) -> Vec<Fault> {
        let clear = self.looks.iter().filter(|look| look.is_clear).map(|look| look.path).collect();
        self.looks.iter().flat_map(|look| look.doubts(&clear)).collect()
    }

    /// Says what is wrong with all of them together.
    pub(super) fn end(&mut self, reader: &Reader<'_>) {
        if reader.is_over() {
            let message = "the files hold more than 1 GiB together, the most that a bundle may".to_owned();
            self.faults.push(Fault::whole(".", "tree-too-large", message));
        }
    }
}
