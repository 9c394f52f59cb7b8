//! Every promise of a layout held against what is on disk, and each fault named with its file and what to do.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Layout;
use crate::bundle::Joined;
use crate::oci::{Digest, Manifest};
use crate::repository::Error;

mod content;
mod examine;
mod ground;
mod repair;

pub use repair::Repaired;

/// How often a layout is looked through again that others change meanwhile.
const TRIES: usize = 5;

/// What is wrong, as a stable slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Problem {
    /// `oci-layout` is not what the specification asks for.
    Layout,
    /// `index.json` is not an index.
    Index,
    /// An entry of `index.json` cannot be read.
    Entry,
    /// A file that must be there is not.
    Missing,
    /// A file's content does not have the digest that is its name.
    Digest,
    /// A descriptor says another size than the content has.
    Size,
    /// A descriptor says another media type than the manifest.
    MediaType,
    /// Content that should be a manifest is none.
    Manifest,
    /// The layers of the namespaces do not add up to the complete tree.
    Sum,
    /// Something else than a regular file stands in a blob's place.
    NotAFile,
    /// The operating system does not let it be read, or torte does not know how.
    Unreadable,
    /// What a killed process left.
    Leftover,
    /// A file that does not belong to a layout.
    Stray,
    /// A name that is no tag, or that stands twice.
    Tag,
}

impl Problem {
    /// The slug.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Layout => "layout",
            Self::Index => "index",
            Self::Entry => "entry",
            Self::Missing => "missing",
            Self::Digest => "digest",
            Self::Size => "size",
            Self::MediaType => "media-type",
            Self::Manifest => "manifest",
            Self::Sum => "sum",
            Self::NotAFile => "not-a-file",
            Self::Unreadable => "unreadable",
            Self::Leftover => "leftover",
            Self::Stray => "stray",
            Self::Tag => "tag",
        }
    }

    /// How bad it is.
    pub const fn grade(self) -> Grade {
        match self {
            Self::Leftover | Self::Stray | Self::Tag => Grade::Warning,
            Self::Unreadable | Self::Entry => Grade::Unreadable,
            _ => Grade::Broken,
        }
    }
}

/// How bad a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// It does no harm.
    Warning,
    /// Nobody knows.
    Unreadable,
    /// Content is corrupt or missing.
    Broken,
}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub problem: Problem,
    /// The file.
    pub path: PathBuf,
    /// The content that it is about, if it is about one.
    pub digest: Option<Digest>,
    /// What is wrong, in words.
    pub what: String,
    /// What to do.
    pub todo: String,
    /// Bundles that suffer by it, as a user writes them; some of them where there are many.
    pub bundles: Vec<String>,
}

impl Fault {
    pub(super) fn new(
        problem: Problem,
        path: impl Into<PathBuf>,
        what: impl Into<String>,
        todo: impl Into<String>,
    ) -> Self {
        let (what, todo) = (what.into(), todo.into());
        Self { problem, path: path.into(), digest: None, what, todo, bundles: Vec::new() }
    }
}

/// What a check needs to know.
#[derive(Clone, Copy)]
pub struct Look {
    /// How a blob of a bundle is made of others, which only those know who know kinds.
    pub joined: fn(&Manifest) -> Option<Joined>,
    /// How many files are read at once.
    pub threads: usize,
    /// The time now.
    pub now: SystemTime,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// What is wrong, sorted by file.
    pub faults: Vec<Fault>,
    /// Manifests that can be reached and are sound.
    pub bundles: u64,
    /// Files of content that were read.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Checked {
    /// How bad it is; `None` where nothing is wrong.
    pub fn grade(&self) -> Option<Grade> {
        self.faults.iter().map(|fault| fault.problem.grade()).max()
    }
}

/// Holds a directory against all that a layout promises; `place` is how a user writes it. Writes nothing.
///
/// Others may write meanwhile: what looks wrong is looked at again where the index changed.
pub fn check(path: &Path, place: &str, look: &Look) -> Result<Checked, Error> {
    let layout = Layout::at(path, place.to_owned());
    let mut tries = 0;
    loop {
        let before = layout.index.read().ok().map(|seen| seen.bytes.clone());
        let mut checked = examine::examine(&layout, look)?;
        tries += 1;
        let is_same = || layout.index.read().ok().map(|seen| seen.bytes.clone()) == before;
        if tries == TRIES || checked.grade() < Some(Grade::Unreadable) || is_same() {
            checked.faults.iter_mut().for_each(|fault| fault.bundles.sort());
            checked.faults.sort_by(|left, right| {
                (&left.path, left.problem, &left.what).cmp(&(&right.path, right.problem, &right.what))
            });
            return Ok(checked);
        }
    }
}

/// Removes what killed processes left, and moves what is corrupt out of the way; see [`Repaired`].
pub fn repair(path: &Path, place: &str, faults: &[Fault]) -> Result<Repaired, Error> {
    repair::repair(&Layout::at(path, place.to_owned()), faults)
}

#[cfg(test)]
mod tests;
