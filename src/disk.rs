//! The little that torte asks of a file system: plain reads, atomic writes, a lock, staying within a directory.

use std::io;
use std::path::{Path, PathBuf};

mod draft;
mod file;
mod fresh;
mod lease;
mod lock;
mod private;
mod scratch;
mod staging;
mod within;

pub use draft::{
    Access, ClosedDraft, Draft, create_directories, link, remove_drafts, remove_uploads, replace,
    sync_directory, sync_file,
};
pub use file::{AHEAD, freshen, is_vacant, may_write_into, open, read, read_named, remove, size, space};
pub use fresh::{Fresh, write_fresh};
pub use lease::{Lease, Waiting, remove_abandoned, waiting};
pub use lock::Lock;
pub use private::{create_private_directory, find_private, is_open_to_others, replace_private};
pub use scratch::Scratch;
pub use staging::Staging;

/// What a file system, or a path that was given, made impossible.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What should be written could not be read; not the disk's fault.
    #[error("cannot read what belongs into `{path}`")]
    Content {
        /// The file to be, shortened.
        path: String,
        /// What the reader said.
        source: io::Error,
    },
    /// A directory in which anybody may put another file in the place of one of the user's.
    #[error(
        "`{}` is writable by everybody and has no sticky bit: anybody could put another file in the way",
        path.display()
    )]
    Exposed {
        /// The directory.
        path: PathBuf,
    },
    /// Something that is not a plain file or directory stands where one is needed.
    #[error("`{}` is in the way: expected {expected}", path.display())]
    InTheWay {
        /// What stands there.
        path: PathBuf,
        /// What should, or nothing.
        expected: &'static str,
    },
    /// The user asked to stop while we waited.
    #[error("interrupted while waiting for the lock `{}`", path.display())]
    Interrupted {
        /// The lock's file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot {action} `{}`{}", path.display(), reason(source))]
    Io {
        /// What was tried.
        action: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process held the lock all the time.
    #[error("another process holds the lock `{}`; gave up after {seconds} s", path.display())]
    Locked {
        /// The lock's file.
        path: PathBuf,
        /// How long we waited.
        seconds: u64,
    },
    /// A directory, a pipe or a device where the user named a file.
    #[error("`{}` is not a file", path.display())]
    NotAFile {
        /// What was named.
        path: PathBuf,
    },
    /// A path that may lead out of its directory, or that not every system takes.
    #[error("`{path}` cannot be written below a directory: {why}")]
    Outside {
        /// The path, shortened.
        path: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Neither the new files nor all of the old ones are in their place.
    #[error("cannot undo a failed write; what was there before is kept in `{}`", kept.display())]
    Undo {
        /// Where the old files are.
        kept: PathBuf,
        /// Why the write failed at first.
        source: Box<Error>,
    },
    /// A file with more bytes than are read.
    #[error("`{}` is larger than {limit} bytes, the most that is read", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// In bytes.
        limit: u64,
    },
    /// One path was given two contents.
    #[error("`{path}` stands twice, or twice but for upper and lower case")]
    Twice {
        /// The path, shortened.
        path: String,
    },
}

impl Error {
    /// What the operating system said to an action on a file.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }

    /// The kind of what the operating system said, if it said something.
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        match self {
            Self::Io { source, .. } => Some(source.kind()),
            _ => None,
        }
    }
}

/// Plain words for the refusals that a user can do something about.
fn reason(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => ": no permission",
        io::ErrorKind::QuotaExceeded => ": the disk quota is used up",
        io::ErrorKind::ReadOnlyFilesystem => ": the file system is read-only",
        io::ErrorKind::StorageFull => ": the disk is full",
        _ => "",
    }
}
