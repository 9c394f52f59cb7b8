//! Why a directory, or a file of it, cannot be read: which file, which rule, and what to do.

use std::io;

use super::walk::{LONGEST_PATH, MOST_ENTRIES, MOST_LINKS};

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
    /// Links were followed, and lead to more than is taken.
    #[error(
        "`{path}` leads too far: links are followed {MOST_LINKS} deep, to paths of {LONGEST_PATH} bytes and {MOST_ENTRIES} entries"
    )]
    LinksTooMany {
        /// Where it became too much.
        path: String,
    },
    /// A link to a directory stands inside that directory, so that there is no end to what is below it.
    #[error("`{path}` is a link to `{target}`, which holds that link in turn")]
    LinkLoop {
        /// The link.
        path: String,
        /// Where it points, below the tree.
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
            | Self::LinkLoop { path, .. }
            | Self::LinksTooMany { path }
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
            Self::LinkLoop { .. } => "link-loop",
            Self::LinksTooMany { .. } => "too-many-links",
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
            Self::LinkLoop { .. } | Self::LinksTooMany { .. } => "remove the link",
            Self::Name { .. } => "rename it",
            Self::NotADirectory { path } if path.starts_with("/dev/") => {
                "to read a stream, pipe it in and write `-` for the directory"
            }
            Self::NotADirectory { .. } => "name the directory that it stands in",
            Self::NotFound { .. } => "check the path; without one the current directory is read",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
