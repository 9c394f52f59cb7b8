//! Why an archive is not unpacked.

use std::io;

/// Why an archive is not unpacked: what is wrong, where, and what can be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What holds the archive could not be read; not the archive's fault.
    #[error("it cannot be read")]
    Body(#[source] io::Error),
    /// It is no sound archive.
    #[error("it is broken: {0}")]
    Broken(String),
    /// An entry that torte does not write.
    #[error("its entry `{entry}` is refused: {why}")]
    Entry {
        /// The path as the archive gives it, shortened.
        entry: String,
        /// What is wrong with it.
        why: String,
    },
    /// Something else than an archive.
    #[error("it is no archive that torte reads: {0}")]
    Foreign(String),
    /// More than is unpacked.
    #[error("{0}, which is the most that torte unpacks")]
    Limit(String),
    /// Compressed with Zstandard.
    #[error("it is compressed with zstd; Flux and torte read gzip")]
    Zstd,
}

impl Error {
    pub(super) fn broken(what: impl Into<String>) -> Self {
        Self::Broken(what.into())
    }

    /// An entry that is refused; its path may be anything.
    pub fn entry(path: &[u8], why: impl Into<String>) -> Self {
        let entry = String::from_utf8_lossy(path).chars().take(200).collect();
        Self::Entry { entry, why: why.into() }
    }

    /// One thing to do.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Entry { .. } => Some("have it packed again from plain files and directories"),
            Self::Limit(_) => Some("if you trust whoever made it, unpack it with another tool"),
            Self::Zstd => Some("have it packed again with gzip, as in `zstd -dc LAYER | gzip`"),
            Self::Body(_) | Self::Broken(_) | Self::Foreign(_) => None,
        }
    }
}

/// Packs an error so that it passes through readers that know only those of the system.
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        Self::other(error)
    }
}

/// The error that passed through a reader, or what the decompressor said.
pub(super) fn of_reader(error: io::Error) -> Error {
    match error.downcast::<Error>() {
        Ok(own) => own,
        Err(other) => Error::Broken(format!("its gzip cannot be read ({other})")),
    }
}

/// Why the reading of an archive ended early.
#[derive(Debug)]
pub enum Stopped<E> {
    /// Because of the archive.
    Archive(Error),
    /// Because whoever visited its entries wanted so.
    Visitor(E),
}

impl<E> From<Error> for Stopped<E> {
    fn from(error: Error) -> Self {
        Self::Archive(error)
    }
}
