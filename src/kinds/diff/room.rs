//! How much content is held in memory while two bundles are compared.

use std::sync::atomic::{AtomicU64, Ordering};

/// The most bytes that the content of both sides takes together: as it is unpacked, and again as values, which take some
/// seven times as much of ordinary manifests, and forty times as much of the worst.
const MOST: u64 = 4 << 30;

/// What is left of it; many may take at once.
#[derive(Debug)]
pub struct Room(AtomicU64);

/// There is more content than is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what differs takes more than 4 GiB of memory, the most that is compared at once")]
pub struct Full;

impl Default for Room {
    fn default() -> Self {
        Self(AtomicU64::new(MOST))
    }
}

impl Room {
    #[cfg(test)]
    pub(in crate::kinds) fn of(bytes: u64) -> Self {
        Self(AtomicU64::new(bytes))
    }

    /// Takes so many bytes.
    pub(in crate::kinds) fn take(&self, bytes: u64) -> Result<(), Full> {
        let taken = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes));
        taken.map(drop).map_err(|_| Full)
    }
}
