//! Lists what stands below a directory, in the order of Go's `filepath.WalkDir`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::children::{Child, Children, ahead};
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
    let mut walk = Walk { root, links, levels: Vec::new(), listing: Listing::default() };
    let place = root.to_owned();
    let level = Level { place, path: String::new(), is_utf8: true, is_native: true, links: 0, holder: None };
    walk.enter(level, Children::of(root));
    while let Some((level, children)) = walk.levels.last_mut() {
        match children.next() {
            None => drop(walk.levels.pop()),
            Some((child, below)) => {
                let (path, is_utf8) = level.listed(&child.name);
                if let Err(fault) = walk.take(child, path, is_utf8, below) {
                    walk.listing.faults.push(fault);
                }
            }
        }
    }
    walk.listing
}

/// What is in a directory, and what was read ahead of those that are in it.
type Content = Box<dyn Iterator<Item = (Child, Option<Children>)>>;

struct Walk<'r> {
    root: &'r Path,
    links: Links,
    /// The directories that are being listed, each within the one before.
    levels: Vec<(Level, Content)>,
    listing: Listing,
}

/// A directory that is being listed.
struct Level {
    /// Where it really is.
    place: PathBuf,
    /// The path under which it is listed; empty for the root.
    path: String,
    is_utf8: bool,
    /// Whether that is where it really is.
    is_native: bool,
    /// How many links led here, each from within what the one before led to.
    links: usize,
    /// The real directory that holds the link to it, if one led here.
    holder: Option<PathBuf>,
}

impl Level {
    /// How something in this directory is listed, and whether that is its name in the file system.
    fn listed(&self, name: &OsStr) -> (String, bool) {
        let shown = name.to_string_lossy();
        let mut path = String::with_capacity(self.path.len() + 1 + shown.len());
        if !self.path.is_empty() {
            path.push_str(&self.path);
            path.push('/');
        }
        path.push_str(&shown);
        (path, self.is_utf8 && name.to_str().is_some())
    }
}

impl Walk<'_> {
    /// Lists one entry, and what is in it; `below` is that, if it was read already.
    fn take(
        &mut self,
        child: Child,
        path: String,
        is_utf8: bool,
        below: Option<Children>,
    ) -> Result<(), Error> {
        let Some((level, _)) = self.levels.last() else { return Ok(()) };
        if level.links > 0 && (self.listing.len() >= MOST_ENTRIES || path.len() > LONGEST_PATH) {
            self.levels.clear();
            return Err(Error::LinksTooMany { path });
        }
        let Level { is_native, links, .. } = *level;
        let is_native = is_native && is_utf8;
        let place = || level.place.join(&child.name);
        let file_type = match child.file_type {
            Ok(file_type) => file_type,
            Err(cause) => return Err(Error::Io { path, cause }),
        };
        if file_type.is_dir() {
            let place = place();
            let named = self.directory(path.clone(), is_utf8, &child.name);
            self.listing.faults.extend(named.err());
            let below = below.unwrap_or_else(|| Children::of(&place));
            self.enter(Level { place, path, is_utf8, is_native, links, holder: None }, below);
            return Ok(());
        }
        if file_type.is_symlink() {
            let place = place();
            return match self.links {
                Links::Follow => self.follow(&place, path, is_utf8),
                Links::Keep => {
                    self.file(path, is_utf8, link(&place), &place);
                    Ok(())
                }
            };
        }
        if is_native {
            self.listing.files.push(File { path, is_utf8, file_type: plain(file_type), native: None });
        } else {
            let place = place();
            self.file(path, is_utf8, plain(file_type), &place);
        }
        Ok(())
    }

    /// Goes into a directory.
    fn enter(&mut self, level: Level, children: Children) {
        let path = || if level.path.is_empty() { ".".to_owned() } else { level.path.clone() };
        let fault = |cause| Error::Io { path: path(), cause };
        self.listing.faults.extend(children.faults.into_iter().map(fault));
        let content = ahead(&level.place, children.found);
        self.levels.push((level, Box::new(content)));
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
    fn follow(&mut self, link: &Path, path: String, is_utf8: bool) -> Result<(), Error> {
        let broken = |cause| Error::LinkBroken { path: path.clone(), cause };
        let target = fs::canonicalize(link).map_err(broken)?;
        let file_type = fs::symlink_metadata(&target).map_err(broken)?.file_type();
        let Ok(below) = target.strip_prefix(self.root) else {
            return Err(Error::LinkLeaves { path, target: target.display().to_string() });
        };
        if !file_type.is_dir() {
            self.file(path, is_utf8, plain(file_type), &target);
            return Ok(());
        }
        let holder = link.parent().unwrap_or(self.root);
        let mut holders = self.levels.iter().filter_map(|(level, _)| level.holder.as_deref());
        if holder.starts_with(&target) || holders.any(|holder| holder.starts_with(&target)) {
            let target = shown(below);
            return Err(Error::LinkLoop { path, target });
        }
        let links = self.levels.last().map_or(0, |(level, _)| level.links) + 1;
        if links > MOST_LINKS {
            return Err(Error::LinksTooMany { path });
        }
        self.directory(path.clone(), is_utf8, link.file_name().unwrap_or_default())?;
        let children = Children::of(&target);
        let holder = Some(holder.to_owned());
        self.enter(Level { place: target, path, is_utf8, is_native: false, links, holder }, children);
        Ok(())
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
