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
    /// More will be moved.
    Planned {
        /// The sizes of the blobs, in bytes.
        bytes: u64,
    },
    /// Some of it passed.
    Moved {
        /// Bytes since the last event.
        bytes: u64,
    },
}

impl Progress for () {
    fn report(&self, _: &Event) {}
}
