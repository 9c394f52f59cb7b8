//! The access log: who listens to it, and a listener that remembers.

use std::sync::{Mutex, PoisonError};

/// Listens to the requests of a registry.
pub trait Log: Send + Sync {
    /// Takes one request; called before its answer is sent, from any thread, so it must be quick.
    fn request(&self, entry: &Entry);
}

/// One request and how it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The method, as it was sent.
    pub method: String,
    /// Path and query, as they were sent.
    pub target: String,
    /// The scheme of its `Authorization`, if it had one.
    pub scheme: Option<String>,
    /// The status of the answer.
    pub status: u16,
}

/// Silence.
impl Log for () {
    fn request(&self, _: &Entry) {}
}

/// Remembers every request, so that a test can assert which were made.
#[derive(Default)]
pub struct Recorder(Mutex<Vec<Entry>>);

impl Recorder {
    /// All requests since the last call, in the order of their answers.
    pub fn take(&self) -> Vec<Entry> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The same as lines of method, target and status: `GET /v2/app/manifests/v1 200`.
    pub fn take_lines(&self) -> Vec<String> {
        let line = |entry: &Entry| format!("{} {} {}", entry.method, entry.target, entry.status);
        self.take().iter().map(line).collect()
    }
}

impl Log for Recorder {
    fn request(&self, entry: &Entry) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(entry.clone());
    }
}
