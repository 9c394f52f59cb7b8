//! Where a layout has its files and folders, and which names are its own.

use std::path::{Path, PathBuf};

pub(super) use crate::oci::layout::{BLOBS, INDEX, INGEST, MARKER, OWN};

/// The lock of the index. Names with a dot can be no repository's, and no tool lists them.
pub(super) const LOCK: &str = ".torte.lock";
/// What was last seen in registries.
pub(super) const REMOTES: &str = ".torte.remotes.json";
/// The folder for what is corrupt.
pub(super) const QUARANTINE: &str = ".torte.quarantine";

/// The folder of content with digests of one algorithm.
pub(super) fn blobs(layout: &Path, algorithm: &str) -> PathBuf {
    layout.join(BLOBS).join(algorithm)
}

/// The folder for files that are being written.
pub(super) fn ingest(layout: &Path) -> PathBuf {
    layout.join(INGEST)
}

/// What stands in a layout from its making on, whole or not; any of it makes a directory a repository.
pub(super) fn signs() -> impl Iterator<Item = &'static str> {
    OWN.into_iter().chain([LOCK])
}
