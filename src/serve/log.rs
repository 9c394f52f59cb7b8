//! The access log: who listens to it, and a listener that remembers.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Listens to the requests of a registry.
pub trait Log: Send + Sync {
    /// Takes one request; called before its answer is sent, from any thread, so it must be quick.
    fn request(&self, entry: &Entry);

    /// Takes what went wrong without a request: a file of users that cannot be read any more, say.
    fn trouble(&self, _: &str) {}
}

/// One request and how it was answered.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When the answer began, in RFC 3339.
    pub time: String,
    /// From where it came.
    pub from: IpAddr,
    /// Who sent it, if its credentials were good.
    pub user: Option<String>,
    /// The method, as it was sent.
    pub method: String,
    /// Path and query, as they were sent.
    pub target: String,
    /// The scheme of its `Authorization`, if it had one.
    pub scheme: Option<String>,
    /// The status of the answer.
    pub status: u16,
    /// Bytes of the answer's body.
    pub bytes: u64,
    /// From the head of the request to that of the answer.
    pub took: Duration,
}

impl Entry {
    /// As a line: time, address, user or `-`, method, target, status, bytes and milliseconds.
    pub fn line(&self) -> String {
        let Self { time, from, user, method, target, status, bytes, took, .. } = self;
        let user = user.as_deref().unwrap_or("-");
        format!("{time} {from} {user} {method} {target} {status} {bytes} {}ms", took.as_millis())
    }
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
