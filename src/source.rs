//! Sources: paths and bytes from a directory, whatever they hold.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

mod children;
mod each;
mod fault;
pub mod git;
mod read;
mod walk;

pub use each::{EachError, directories};
pub use fault::Error;
use read::Root;
use walk::Listing;

/// The largest source file that is read, in bytes.
pub const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// The files of a directory, in the order in which Go's `filepath.WalkDir` meets them; their bytes are read when asked for.
#[derive(Debug)]
pub struct Tree {
    ground: Ground,
    listing: Listing,
}

#[derive(Debug)]
enum Ground {
    Directory(Root),
    Memory(BTreeMap<String, Vec<u8>>),
}

/// What becomes of symbolic links where a directory is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Links {
    /// A link is listed as a link; whoever reads it gets the file that it means, where that lies inside the directory.
    #[default]
    Keep,
    /// A link is listed as what it means, under its own name: a file, or a directory with all that is below it. What it
    /// means must lie inside the directory.
    Follow,
}

/// One entry of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'t> {
    /// A directory, by its path below the tree; it comes before all that is in it.
    Directory(&'t str),
    /// Anything else.
    File(&'t File),
}

/// One entry of a tree that is not a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path below the tree, with `/`. Bytes that are not UTF-8 are shown as U+FFFD.
    pub path: String,
    /// Whether the path is what the file system has, and not only how it is shown.
    pub is_utf8: bool,
    /// What it is, as the directory says.
    pub file_type: FileType,
    /// The path as the file system has it, below the root, where that is another.
    native: Option<Box<Path>>,
}

/// What an entry is that is not a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileType {
    /// A regular file.
    Regular,
    /// A symbolic link, with the text of its target.
    Link(Box<str>),
    /// A pipe, a socket or a device.
    Other,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether its owner may execute it; never on Windows.
    pub is_executable: bool,
}

impl<'t> Entry<'t> {
    /// Its path below the tree.
    pub fn path(self) -> &'t str {
        match self {
            Self::Directory(path) => path,
            Self::File(file) => &file.path,
        }
    }

    /// Whether it is a directory.
    pub fn is_directory(self) -> bool {
        matches!(self, Self::Directory(_))
    }
}

impl File {
    fn regular(path: &str, native: Option<Box<Path>>) -> Self {
        Self { path: path.to_owned(), is_utf8: true, file_type: FileType::Regular, native }
    }

    /// Where it really is below the tree, if a link that was followed led there.
    pub fn target(&self) -> Option<&str> {
        self.native.as_deref().and_then(Path::to_str).filter(|_| self.is_utf8)
    }

    fn native(&self) -> &Path {
        self.native.as_deref().unwrap_or(Path::new(&self.path))
    }
}

impl Tree {
    /// Lists a directory. What is below it and cannot be listed is kept as a fault, so that all come at once.
    pub fn of_directory(directory: &Path, links: Links) -> Result<Self, Error> {
        let root = canonical(directory)?;
        if !root.is_dir() {
            return Err(Error::NotADirectory { path: directory.display().to_string() });
        }
        let listing = walk::list(&root, links);
        Self::below(root, listing)
    }

    /// A tree that holds one file, under the last component of its path. A link is followed, wherever it leads: the user
    /// named it.
    pub fn of_file(path: &Path) -> Result<Self, Error> {
        let shown = || path.display().to_string();
        let target = canonical(path)?;
        let is_file = fs::metadata(&target).is_ok_and(|found| found.is_file());
        let (Some(name), Some(native), Some(root), true) =
            (path.file_name(), target.file_name(), target.parent(), is_file)
        else {
            return Err(Error::NotAFile { path: shown() });
        };
        let name = name.to_str().ok_or_else(|| Error::Name { path: shown() })?;
        let native = (native != name).then(|| Path::new(native).into());
        let mut listing = Listing::default();
        listing.files.push(File::regular(name, native));
        Self::below(root.to_owned(), listing)
    }

    /// A tree of these files, none of which is executable.
    pub fn in_memory(files: BTreeMap<String, Vec<u8>>) -> Self {
        let mut sorted: Vec<&String> = files.keys().collect();
        // Names are compared one directory at a time, as a walk does.
        sorted.sort_by(|left, right| left.split('/').cmp(right.split('/')));
        let mut listing = Listing::default();
        let mut last = "";
        for path in sorted {
            for (end, _) in path.match_indices('/') {
                let is_listed = last.starts_with(&path[..end]) && last.as_bytes().get(end) == Some(&b'/');
                if !is_listed {
                    listing.add_directory(path[..end].to_owned());
                }
            }
            listing.files.push(File::regular(path, None));
            last = path;
        }
        Self { ground: Ground::Memory(files), listing }
    }

    fn below(root: PathBuf, listing: Listing) -> Result<Self, Error> {
        let path = root.display().to_string();
        let root = Root::open(root).map_err(|cause| Error::Io { path, cause })?;
        Ok(Self { ground: Ground::Directory(root), listing })
    }

    /// All entries but directories, in the order of the walk.
    pub fn files(&self) -> &[File] {
        &self.listing.files
    }

    /// All entries in the order of the walk: children by their names, bytewise, each directory before what is in it. The
    /// root is none, and neither is a directory whose name is not UTF-8, which is a fault.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.listing.entries()
    }

    /// What could not be listed.
    pub fn take_faults(&mut self) -> Vec<Error> {
        std::mem::take(&mut self.listing.faults)
    }

    /// The file of this path, whatever it is.
    pub fn find(&self, path: &str) -> Option<&File> {
        self.files().iter().find(|file| file.path == path && file.is_utf8)
    }

    /// Reads a file. A link is followed where its target lies inside the directory.
    pub fn read(&self, file: &File) -> Result<Vec<u8>, Error> {
        self.load(file).map(|loaded| loaded.bytes)
    }

    /// Reads a file as [`read`](Self::read) does, and tells whether it is executable.
    pub fn load(&self, file: &File) -> Result<Loaded, Error> {
        let path = || file.path.clone();
        match &self.ground {
            Ground::Memory(files) => {
                let bytes = files.get(&file.path).cloned().ok_or_else(|| Error::NotFound { path: path() })?;
                Ok(Loaded { bytes, is_executable: false })
            }
            Ground::Directory(_) if !file.is_utf8 => Err(Error::Name { path: path() }),
            Ground::Directory(root) => root.load(file),
        }
    }
}

/// A path with no link left in it.
fn canonical(path: &Path) -> Result<PathBuf, Error> {
    let shown = || path.display().to_string();
    fs::canonicalize(path).map_err(|cause| match cause.kind() {
        io::ErrorKind::NotFound => Error::NotFound { path: shown() },
        _ => Error::Io { path: shown(), cause },
    })
}

#[cfg(test)]
mod tests;
