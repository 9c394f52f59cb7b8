//! Sources: paths and bytes from a directory, whatever they hold.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub mod git;
mod walk;

/// The largest source file that is read, in bytes.
pub const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// The files of a directory, in the order in which Go's `fs.WalkDir` meets them; their bytes are read when asked for.
#[derive(Debug)]
pub struct Tree {
    ground: Ground,
    files: Vec<File>,
    faults: Vec<Error>,
}

#[derive(Debug)]
enum Ground {
    /// The directory, with no link left in its path.
    Directory(PathBuf),
    Memory(BTreeMap<String, Vec<u8>>),
}

/// One entry of a tree that is not a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path below the tree, with `/`. Bytes that are not UTF-8 are shown as U+FFFD.
    pub path: String,
    /// Whether the path is what the file system has, and not only how it is shown.
    pub is_utf8: bool,
    /// The path as the file system has it.
    native: PathBuf,
}

/// Why a directory, or a file of it, cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file was written to while it was read.
    #[error("`{path}` changed while it was read")]
    Changed {
        /// The file.
        path: String,
    },
    /// The operating system refused.
    #[error("cannot read `{path}`: {cause}")]
    Io {
        /// The file or directory.
        path: String,
        /// Why.
        cause: io::Error,
    },
    /// A link points out of the directory.
    #[error("`{path}` is a link to `{target}`, outside of the directory")]
    LinkLeaves {
        /// The link.
        path: String,
        /// Where it points.
        target: String,
    },
    /// A link points at nothing, or at itself.
    #[error("`{path}` is a link that leads nowhere: {cause}")]
    LinkBroken {
        /// The link.
        path: String,
        /// Why.
        cause: io::Error,
    },
    /// A name that is not UTF-8 cannot be a part of a bundle.
    #[error("the name of `{path}` is not UTF-8")]
    Name {
        /// The file or directory, as well as it can be shown.
        path: String,
    },
    /// A file was named where a directory is needed.
    #[error("`{path}` is not a directory")]
    NotADirectory {
        /// What was named.
        path: String,
    },
    /// A directory, pipe, socket or device stands where a file is needed.
    #[error("`{path}` is not a regular file")]
    NotAFile {
        /// What stands there.
        path: String,
    },
    /// There is nothing.
    #[error("there is no directory `{path}`")]
    NotFound {
        /// What was named.
        path: String,
    },
    /// Larger than [`LARGEST_FILE`].
    #[error("`{path}` is larger than 64 MiB, the most that is read of a source file")]
    TooLarge {
        /// The file.
        path: String,
    },
}

impl Error {
    /// The file or directory that it is about.
    pub fn path(&self) -> &str {
        match self {
            Self::Changed { path }
            | Self::Io { path, .. }
            | Self::LinkBroken { path, .. }
            | Self::LinkLeaves { path, .. }
            | Self::Name { path }
            | Self::NotADirectory { path }
            | Self::NotAFile { path }
            | Self::NotFound { path }
            | Self::TooLarge { path } => path,
        }
    }

    /// Whether what was named does not exist.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }

    /// A stable slug, for reports.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Changed { .. } => "file-changed",
            Self::Io { .. } | Self::NotFound { .. } => "unreadable-file",
            Self::LinkBroken { .. } => "broken-link",
            Self::LinkLeaves { .. } => "link-leaves",
            Self::Name { .. } => "name-not-utf8",
            Self::NotADirectory { .. } | Self::NotAFile { .. } => "not-a-file",
            Self::TooLarge { .. } => "file-too-large",
        }
    }

    /// One thing to do.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Changed { .. } => "run it again when nothing writes there",
            Self::LinkLeaves { .. } => "copy the file into the directory",
            Self::Name { .. } => "rename it",
            Self::NotADirectory { .. } => "name the directory that it stands in",
            Self::NotFound { .. } => "check the path; without one the current directory is read",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

impl Tree {
    /// Lists a directory. What is below it and cannot be listed is kept as a fault, so that all come at once.
    pub fn of_directory(directory: &Path) -> Result<Self, Error> {
        let path = directory.display().to_string();
        let root = fs::canonicalize(directory).map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound => Error::NotFound { path: path.clone() },
            _ => Error::Io { path: path.clone(), cause },
        })?;
        if !root.is_dir() {
            return Err(Error::NotADirectory { path });
        }
        let (files, faults) = walk::walk(&root);
        Ok(Self { ground: Ground::Directory(root), files, faults })
    }

    /// A tree of these files.
    pub fn in_memory(files: BTreeMap<String, Vec<u8>>) -> Self {
        let file = |path: &String| File { path: path.clone(), is_utf8: true, native: path.into() };
        let mut listed: Vec<File> = files.keys().map(file).collect();
        // Names are compared one directory at a time, as a walk does.
        listed.sort_by(|left, right| left.path.split('/').cmp(right.path.split('/')));
        Self { ground: Ground::Memory(files), files: listed, faults: Vec::new() }
    }

    /// All entries but directories, in the order of the walk.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// What could not be listed.
    pub fn take_faults(&mut self) -> Vec<Error> {
        std::mem::take(&mut self.faults)
    }

    /// Whether there is anything of this name at the top, whatever it is.
    pub fn find(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path && file.is_utf8)
    }

    /// Reads a file. A link is followed where its target lies inside the directory.
    pub fn read(&self, file: &File) -> Result<Vec<u8>, Error> {
        let path = || file.path.clone();
        match &self.ground {
            Ground::Memory(files) => {
                files.get(&file.path).cloned().ok_or_else(|| Error::NotFound { path: path() })
            }
            _ if !file.is_utf8 => Err(Error::Name { path: path() }),
            Ground::Directory(root) => read(&inside(root, file)?, path),
        }
    }
}

/// The file itself, or what its link means.
fn inside(root: &Path, file: &File) -> Result<PathBuf, Error> {
    let native = root.join(&file.native);
    let is_link = fs::symlink_metadata(&native).is_ok_and(|found| found.is_symlink());
    if !is_link {
        return Ok(native);
    }
    let path = || file.path.clone();
    let target = fs::canonicalize(&native).map_err(|cause| Error::LinkBroken { path: path(), cause })?;
    if !target.starts_with(root) {
        return Err(Error::LinkLeaves { path: path(), target: target.display().to_string() });
    }
    Ok(target)
}

fn read(native: &Path, path: impl Fn() -> String) -> Result<Vec<u8>, Error> {
    let failed = |cause| Error::Io { path: path(), cause };
    // Asked before it is opened: to open a pipe is to wait for somebody.
    if !fs::metadata(native).map_err(failed)?.is_file() {
        return Err(Error::NotAFile { path: path() });
    }
    let opened = fs::File::open(native).map_err(failed)?;
    let before = state(&opened).map_err(failed)?;
    if before.0 > LARGEST_FILE {
        return Err(Error::TooLarge { path: path() });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(before.0).unwrap_or(0) + 1);
    (&opened).take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(Error::TooLarge { path: path() });
    }
    let has_changed = bytes.len() as u64 != before.0 || state(&opened).map_err(failed)? != before;
    if has_changed { Err(Error::Changed { path: path() }) } else { Ok(bytes) }
}

fn state(file: &fs::File) -> io::Result<(u64, Option<SystemTime>)> {
    let found = file.metadata()?;
    Ok((found.len(), found.modified().ok()))
}

#[cfg(test)]
mod tests;
