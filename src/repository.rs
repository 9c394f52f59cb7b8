//! The seam that matters: one named place that holds the versions of one bundle, on disk, in memory or over HTTP.

use std::collections::HashSet;
use std::fmt;
use std::io::Read;

use crate::oci::{Descriptor, Digest, Manifest, Name, Selector, Tag};

pub mod attach;
pub mod copy;
mod memory;
mod parallel;

pub use memory::Memory;
pub use parallel::in_parallel;

/// One named place that holds the versions of one bundle.
///
/// The contract of all implementations, held by one test that runs against each:
/// - Content is verified against digest and size whenever it is read or written; a manifest's bytes are kept as received.
/// - What is absent is `None` or an empty list, not an error. Writing what is there already is success.
/// - [`publish`](Repository::publish) comes last and makes a bundle visible at once; what it names must be there before.
/// - All methods may be called from many threads at once.
pub trait Repository: Sync {
    /// What stands under a tag or a digest now. One request.
    fn resolve(&self, at: &Selector) -> Result<Option<Descriptor>, Error>;

    /// The manifest under a tag or a digest, whole. One request.
    fn manifest(&self, at: &Selector) -> Result<Option<Manifest>, Error>;

    /// Which of these blobs are not here. `known` are blobs that need not be asked for one by one.
    fn missing(&self, blobs: &[Descriptor], known: &Known) -> Result<Vec<Descriptor>, Error>;

    /// Reads a blob from an offset in bytes; from 0, the reader fails at its end at the latest if the content is wrong.
    fn open(&self, blob: &Descriptor, from: u64) -> Result<Box<dyn Read + Send>, Error>;

    /// Writes a blob. `mounts` are repositories of the same registry that may have it.
    fn put(&self, blob: &Descriptor, body: &dyn Body, mounts: &[Name]) -> Result<Moved, Error>;

    /// Writes a manifest and lets the tags point at it; without tags it can be reached by its digest.
    ///
    /// `expect` is held against each tag. Nothing becomes visible unless all hold.
    fn publish(&self, manifest: &Manifest, tags: &[Tag], expect: &Expect) -> Result<Published, Error>;

    /// Whether what [`publish`](Repository::publish) expects of tags holds at the moment of the write; where not, another
    /// writer may come between.
    fn is_guarded(&self) -> bool {
        true
    }

    /// All tags, sorted, each once.
    fn tags(&self) -> Result<Vec<Tag>, Error>;

    /// The manifests whose subject is `of`, of one artifact type or of all.
    fn referrers(&self, of: &Digest, kind: Option<&str>) -> Result<Vec<Descriptor>, Error>;

    /// The manifests whose subject is `of`, and the digests of those that cannot be read: nobody knows what they are about.
    ///
    /// For whom what is missing proves nothing. [`referrers`](Repository::referrers) fails instead, so that none is lost
    /// in silence.
    fn readable_referrers(&self, of: &Digest) -> Result<(Vec<Descriptor>, Vec<Digest>), Error> {
        Ok((self.referrers(of, None)?, Vec::new()))
    }

    /// Removes a tag, or a manifest with all its tags.
    fn remove(&self, what: &Selector) -> Result<Removed, Error>;

    /// What it is called in messages, as a user would write it.
    fn place(&self) -> String;

    /// What was asked of it so far.
    fn cost(&self) -> Cost {
        Cost::default()
    }
}

/// What is known of the other side before any blob is asked for.
#[derive(Clone, Debug, Default)]
pub enum Known {
    /// Nothing: each blob must be asked for.
    #[default]
    Nothing,
    /// The repository is new or empty: no blob can be there.
    Empty,
    /// These manifests stand there, so that their blobs do too; other blobs must be asked for.
    Manifests(Vec<Manifest>),
}

impl Known {
    /// The blobs that are known to be there.
    pub fn blobs(&self) -> HashSet<&Digest> {
        match self {
            Self::Nothing | Self::Empty => HashSet::new(),
            Self::Manifests(all) => all.iter().flat_map(Manifest::named).map(|blob| &blob.digest).collect(),
        }
    }
}

/// Content that can be read again for each try.
pub trait Body: Sync {
    /// A reader from the first byte.
    fn open(&self) -> Result<Box<dyn Read + Send + '_>, Error>;
}

impl Body for Vec<u8> {
    fn open(&self) -> Result<Box<dyn Read + Send + '_>, Error> {
        Ok(Box::new(self.as_slice()))
    }
}

/// How a blob came to be where it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// It was written.
    Sent,
    /// It was there already.
    Present,
    /// The registry took it from another repository of its own.
    Mounted,
}

/// What must hold of each tag for a publication to happen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Expect {
    /// Anything.
    #[default]
    Any,
    /// The tag must not exist.
    Absent,
    /// The tag must point at this manifest.
    Is(Digest),
}

impl Expect {
    /// Fails with [`ErrorKind::Conflict`] unless a tag of `place` that points at `now` is as expected.
    pub fn hold(&self, place: &str, tag: &Tag, now: Option<&Digest>) -> Result<(), Error> {
        let (what, hint) = match (self, now) {
            (Self::Any, _) | (Self::Absent, None) => return Ok(()),
            (Self::Is(wanted), Some(now)) if wanted == now => return Ok(()),
            (Self::Absent, Some(now)) => (
                format!("the tag `{tag}` exists already in {place}, and points at {now}"),
                format!("give another tag, or move this one with `--if-match {now}`"),
            ),
            (Self::Is(wanted), Some(now)) => (
                format!("the tag `{tag}` in {place} points at {now}, not at {wanted}"),
                format!("see what it is now with `torte inspect {place}@{now}` before you move it"),
            ),
            (Self::Is(wanted), None) => (
                format!("the tag `{tag}` does not exist in {place}, and should point at {wanted}"),
                "a tag that is not there yet is set with `--if-absent`".to_owned(),
            ),
        };
        Err(Error::new(ErrorKind::Conflict, place, what).hinting(hint))
    }
}

/// What a publication did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Tags that pointed elsewhere, and where.
    pub moved: Vec<(Tag, Digest)>,
    /// The repository lists the manifest among the referrers of its subject, so that no fallback tag must be written.
    /// Of a manifest without a subject it says nothing.
    pub subject_listed: bool,
}

/// What a removal did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Tags that are gone.
    pub tags: Vec<Tag>,
    /// Whether anything was there to be removed.
    pub existed: bool,
}

/// What was asked of a repository.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// HTTP requests, tries and token requests included.
    pub requests: u64,
    /// Bytes of request bodies.
    pub sent: u64,
    /// Bytes of response bodies.
    pub received: u64,
}

/// A repository could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct Error {
    /// What class of failure; one to one with the exit codes.
    pub kind: ErrorKind,
    /// The registry or the directory, as a user would write it.
    pub place: String,
    /// What went wrong, with the tag, digest or path it is about.
    pub what: String,
    /// One thing to do about it, where the one who failed knows better than its kind tells.
    pub hint: Option<String>,
    /// What lies below.
    #[source]
    pub cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The classes of failure that callers and scripts tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A tag exists or moved, or another writer holds the lock.
    Conflict,
    /// Content does not match its digest or its size.
    Corrupt,
    /// Interrupted by the user.
    Interrupted,
    /// Wanted and not there.
    NotFound,
    /// It cannot be done as asked.
    Refused,
    /// The credentials are missing or not enough.
    Unauthorized,
    /// Out of reach or overloaded; a later try may work.
    Unavailable,
}

impl Error {
    /// An error without a deeper cause.
    pub fn new(kind: ErrorKind, place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { kind, place: place.into(), what: what.into(), hint: None, cause: None }
    }

    /// An error of reading content: a repository's own error as it is, wrong content as corrupt. What the operating
    /// system says is no matter of a registry that is out of reach: a later try will hardly work.
    pub fn reading(place: impl Into<String>, what: impl Into<String>, error: std::io::Error) -> Self {
        let kind = match error.kind() {
            std::io::ErrorKind::InvalidData => ErrorKind::Corrupt,
            std::io::ErrorKind::NotFound => ErrorKind::NotFound,
            _ => ErrorKind::Refused,
        };
        match error.downcast::<Self>() {
            Ok(own) => own,
            Err(error) => Self::new(kind, place, what).because(error),
        }
    }

    /// The same, with one thing to do.
    #[must_use]
    pub fn hinting(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same, because of `cause`.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Conflict => "conflict",
            Self::Corrupt => "corrupt content",
            Self::Interrupted => "interrupted",
            Self::NotFound => "not found",
            Self::Refused => "refused",
            Self::Unauthorized => "not authorised",
            Self::Unavailable => "out of reach",
        })
    }
}

#[cfg(test)]
pub(crate) mod contract;

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_read_that_failed_is_of_the_class_of_its_cause() {
        let kind = |error| Error::reading("place", "cannot read", error).kind;
        assert_eq!(kind(io::Error::from_raw_os_error(5)), ErrorKind::Refused, "a disk is no registry");
        assert_eq!(kind(io::ErrorKind::InvalidData.into()), ErrorKind::Corrupt);
        assert_eq!(kind(io::ErrorKind::NotFound.into()), ErrorKind::NotFound);
        let own = Error::new(ErrorKind::Unauthorized, "elsewhere", "cannot read");
        let own = Error::reading("place", "cannot read", io::Error::other(own));
        assert_eq!((own.kind, own.place.as_str()), (ErrorKind::Unauthorized, "elsewhere"));
    }
}
