//! Lists what stands below a directory, in the order of Go's `filepath.WalkDir`.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::{Entry, Error, File, FileType, Links};

/// How many links to directories are followed within each other.
pub(super) const MOST_LINKS: usize = 40;
/// The longest path that comes about by links, in bytes.
pub(super) const LONGEST_PATH: usize = 4_096;
/// How many entries a directory may have with what its links lead to.
pub(super) const MOST_ENTRIES: usize = 200_000;

/// What stands below a directory.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) files: Vec<File>,
    directories: Vec<Directory>,
    pub(super) faults: Vec<Error>,
}

#[derive(Debug)]
struct Directory {
    path: String,
    /// How many files come before it.
    at: usize,
}

impl Listing {
    pub(super) fn add_directory(&mut self, path: String) {
        self.directories.push(Directory { path, at: self.files.len() });
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let mut directories = self.directories.iter().peekable();
        let mut files = self.files.iter().enumerate().peekable();
        std::iter::from_fn(move || {
            let next = files.peek().map(|(at, _)| *at);
            let is_due = |directory: &&Directory| next.is_none_or(|next| directory.at <= next);
            match directories.next_if(is_due) {
                Some(directory) => Some(Entry::Directory(&directory.path)),
                None => files.next().map(|(_, file)| Entry::File(file)),
            }
        })
    }

    fn len(&self) -> usize {
        self.files.len() + self.directories.len()
    }
}

/// All entries, by name within each directory, depth first; nothing is left out. A link that is to be followed and cannot
/// be is a fault, and no entry.
///
/// Nothing but names is read of a directory; a link costs a call of its own. A directory that another process replaces
/// with a link meanwhile may have its names listed; what they name is then not read ([`Root`](super::read::Root)).
pub(super) fn list(root: &Path, links: Links) -> Listing {
    let mut walk = Walk { root, links, levels: vec![Level::of(root)], listing: Listing::default() };
    while let Some(level) = walk.levels.last_mut() {
        match level.entries.next() {
            None => drop(walk.levels.pop()),
            Some(entry) => {
                if let Err(fault) = walk.take(entry) {
                    walk.listing.faults.push(fault);
                }
            }
        }
    }
    walk.listing
}

struct Walk<'r> {
    root: &'r Path,
    links: Links,
    /// The root, and the directories that links led to, each within the one before.
    levels: Vec<Level>,
    listing: Listing,
}

/// A directory that is being listed.
struct Level {
    entries: walkdir::IntoIter,
    /// Where it really is.
    place: PathBuf,
    /// The path under which it is listed; empty for the root.
    path: String,
    is_utf8: bool,
    /// The real directory that holds the link to it.
    holder: Option<PathBuf>,
}

impl Level {
    fn of(place: &Path) -> Self {
        let entries = WalkDir::new(place).min_depth(1).sort_by_file_name().into_iter();
        Self { entries, place: place.to_owned(), path: String::new(), is_utf8: true, holder: None }
    }

    /// How something in this directory is listed, and whether that is its name in the file system.
    fn listed(&self, place: &Path) -> (String, bool) {
        let below = place.strip_prefix(&self.place).unwrap_or(place);
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        let above = Some(self.path.as_str()).filter(|path| !path.is_empty());
        let parts: Vec<&str> = above.into_iter().chain(parts.iter().map(AsRef::as_ref)).collect();
        (parts.join("/"), self.is_utf8 && below.to_str().is_some())
    }
}

impl Walk<'_> {
    fn take(&mut self, entry: walkdir::Result<DirEntry>) -> Result<(), Error> {
        let Some(level) = self.levels.last() else { return Ok(()) };
        let entry = entry.map_err(|error| unlisted(level, error))?;
        let (path, is_utf8) = level.listed(entry.path());
        if self.levels.len() > 1 && (self.listing.len() >= MOST_ENTRIES || path.len() > LONGEST_PATH) {
            self.levels.clear();
            return Err(Error::LinksTooMany { path });
        }
        let file_type = entry.file_type();
        if file_type.is_dir() {
            return self.directory(path, is_utf8, entry.file_name());
        }
        if file_type.is_symlink() && self.links == Links::Follow {
            return self.follow(&entry, path, is_utf8);
        }
        let file_type = if file_type.is_symlink() { link(entry.path()) } else { plain(file_type) };
        self.file(path, is_utf8, file_type, entry.path());
        Ok(())
    }

    fn directory(&mut self, path: String, is_utf8: bool, name: &OsStr) -> Result<(), Error> {
        if name.to_str().is_none() {
            return Err(Error::Name { path });
        }
        // One below a directory of a bad name is a part of that fault.
        if is_utf8 {
            self.listing.add_directory(path);
        }
        Ok(())
    }

    /// Lists a file that really is at this place.
    fn file(&mut self, path: String, is_utf8: bool, file_type: FileType, place: &Path) {
        let native = place.strip_prefix(self.root).unwrap_or(place);
        let native = (native.as_os_str() != path.as_str()).then(|| native.into());
        self.listing.files.push(File { path, is_utf8, file_type, native });
    }

    /// Lists what a link means, under the link's name.
    fn follow(&mut self, link: &DirEntry, path: String, is_utf8: bool) -> Result<(), Error> {
        let broken = |cause| Error::LinkBroken { path: path.clone(), cause };
        let target = fs::canonicalize(link.path()).map_err(broken)?;
        let file_type = fs::symlink_metadata(&target).map_err(broken)?.file_type();
        let Ok(below) = target.strip_prefix(self.root) else {
            return Err(Error::LinkLeaves { path, target: target.display().to_string() });
        };
        if !file_type.is_dir() {
            self.file(path, is_utf8, plain(file_type), &target);
            return Ok(());
        }
        let holder = link.path().parent().unwrap_or(self.root);
        let mut holders = self.levels.iter().filter_map(|level| level.holder.as_deref());
        if holder.starts_with(&target) || holders.any(|holder| holder.starts_with(&target)) {
            let target = shown(below);
            return Err(Error::LinkLoop { path, target });
        }
        if self.levels.len() > MOST_LINKS {
            return Err(Error::LinksTooMany { path });
        }
        self.directory(path.clone(), is_utf8, link.file_name())?;
        self.levels.push(Level { path, is_utf8, holder: Some(holder.to_owned()), ..Level::of(&target) });
        Ok(())
    }
}

fn unlisted(level: &Level, error: walkdir::Error) -> Error {
    let (path, _) = level.listed(error.path().unwrap_or(&level.place));
    let path = if path.is_empty() { ".".to_owned() } else { path };
    Error::Io {
        path,
        cause: error.into_io_error().unwrap_or_else(|| io::Error::other("it is part of a loop")),
    }
}

/// A link, as it is written.
fn link(place: &Path) -> FileType {
    let target = fs::read_link(place).unwrap_or_default();
    FileType::Link(target.to_string_lossy().into())
}

fn plain(file_type: fs::FileType) -> FileType {
    if file_type.is_file() { FileType::Regular } else { FileType::Other }
}

/// A directory below the root, in words.
fn shown(below: &Path) -> String {
    if below.as_os_str().is_empty() { ".".to_owned() } else { below.display().to_string() }
}
