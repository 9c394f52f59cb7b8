//! How much, how long and how many: the limits of a registry, in one place.

use std::time::Duration;

/// Where a registry stops waiting, and what is too much for it.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once; further ones wait until one ends.
    pub connections: usize,
    /// How long a client may take for the head of a request, the silence before it and a TLS handshake included.
    pub head: Duration,
    /// How long a client may be silent in the middle of a body, and how long it may take none of an answer.
    pub silence: Duration,
    /// The fewest bytes that each [`Limits::silence`] must bring of a body that has not come to its end.
    pub least: u64,
    /// How long an upload lives without a request.
    pub idle: Duration,
    /// Uploads that have begun and not ended.
    pub uploads: usize,
    /// How often what is over is looked for.
    pub round: Duration,
    /// How often one repository is looked through for it at most.
    pub pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            head: Duration::from_secs(10),
            silence: Duration::from_secs(30),
            least: 30 * 1024,
            idle: Duration::from_mins(10),
            uploads: 512,
            round: Duration::from_secs(5),
            pause: Duration::from_secs(30),
        }
    }
}

/// The largest head of a request, in bytes.
pub(super) const LARGEST_HEAD: usize = 32 * 1024;
/// Tags that one PUT may set.
pub(super) const MOST_TAGS: usize = 64;
/// Manifests that are read into memory at once, each of up to 4 MiB.
pub(super) const MANIFESTS_AT_ONCE: usize = 4;
/// Requests that wait for the disk at once.
pub(super) const AT_THE_DISK: usize = 64;
