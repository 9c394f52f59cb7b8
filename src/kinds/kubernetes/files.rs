//! Reads the files that are packed, and what is to be known of each while its bytes are at hand.

use std::sync::atomic::{AtomicU64, Ordering};

use super::capacity::LIMITS;
use super::group::Item;
use super::group::root::Root;
use super::object::Outline;
use super::outline::{is_manifest, outline, private_key};
use super::parts::Chosen;
use crate::kinds::fault::Fault;
use crate::kinds::yaml::{Mark, Problem};
use crate::source::{self, File, Tree};

/// What was seen of a file.
pub(super) struct Look<'t> {
    pub(super) path: &'t str,
    /// In bytes.
    pub(super) size: u64,
    pub(super) outline: Outline,
    pub(super) root: Option<Box<Root>>,
    private_key: Option<Mark>,
}

impl<'t> Look<'t> {
    fn of(path: &'t str, bytes: &[u8]) -> Self {
        let root = if Root::may_be_at(path) { Root::read(path, bytes).map(Box::new) } else { None };
        let size = bytes.len() as u64;
        if is_manifest(path) {
            // What is doubtful of any file stands in the outline then.
            return Self { path, size, outline: outline(path, bytes), root, private_key: None };
        }
        Self { path, size, outline: Outline::default(), root, private_key: private_key(bytes) }
    }

    /// The file as grouping has it.
    pub(super) fn item(&self) -> Item<'_> {
        Item { path: self.path, outline: &self.outline, root: self.root.as_deref() }
    }

    /// What is doubtful of the file.
    pub(super) fn doubts(&self) -> impl Iterator<Item = Fault> {
        let key = self.private_key.map(|mark| {
            Problem::new(
                mark,
                "private-key",
                "a private key does not belong in a bundle; keep it where secrets are kept",
            )
        });
        self.outline.doubts.iter().cloned().chain(key).map(|problem| Fault::of(self.path, problem))
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

    /// Says what is wrong with all of them together.
    pub(super) fn end(&mut self, reader: &Reader<'_>) {
        if reader.is_over() {
            let message = "the files hold more than 1 GiB together, the most that a bundle may".to_owned();
            self.faults.push(Fault::whole(".", "tree-too-large", message));
        }
    }
}
