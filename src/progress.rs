//! What a long operation tells while it runs.

/// Listens to the events of one operation. `()` is silence.
pub trait Progress: Sync {
    /// Takes one event; called from any thread, so it must be quick.
    fn report(&self, event: &Event);
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// So many blobs of so many bytes will be moved.
    Planned {
        /// Number of blobs.
        blobs: u64,
        /// Their sizes, in bytes.
        bytes: u64,
    },
    /// Further bytes of a blob passed.
    Moved {
        /// Bytes since the last event.
        bytes: u64,
    },
    /// A blob is where it should be.
    Finished,
}

impl Progress for () {
    fn report(&self, _: &Event) {}
}
