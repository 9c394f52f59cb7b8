//! The uploads that have begun and not ended, each by a name that cannot be guessed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::reply::Refusal;
use super::tokens;
use crate::oci::{Digest, Name};
use crate::store::Upload;

/// What came of one upload, and a digest of the algorithm that was announced for it. Locked while a request adds to it.
pub(super) type Session = Arc<tokio::sync::Mutex<Begun>>;

/// An upload that has begun.
#[derive(Default)]
pub(super) struct Begun {
    pub(super) upload: Upload,
    pub(super) like: Option<Digest>,
}

struct Open {
    repository: Name,
    session: Session,
    used: Instant,
}

impl Open {
    /// Whether no request has to do with it, and none had for so long.
    fn is_idle(&self, since: Duration) -> bool {
        Arc::strong_count(&self.session) == 1 && self.used.elapsed() >= since
    }
}

/// All open sessions of a registry.
pub(super) struct Sessions {
    open: Mutex<HashMap<String, Open>>,
    idle: Duration,
    most: usize,
}

impl Sessions {
    /// None yet; one lives for `idle` without a request, and there are at most `most`.
    pub(super) fn new(idle: Duration, most: usize) -> Self {
        Self { open: Mutex::default(), idle, most }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins an upload into a repository; returns the session's name.
    ///
    /// Where there are too many, that which was idle longest ends; where none is idle, the new one is refused.
    pub(super) fn begin(&self, repository: &Name, like: Option<Digest>) -> Result<String, Refusal> {
        let id = tokens::secret()?;
        let mut open = self.open();
        if open.len() >= self.most {
            let idle = open.iter().filter(|(_, session)| session.is_idle(Duration::ZERO));
            let oldest = idle.min_by_key(|(_, session)| session.used).map(|(id, _)| id.clone());
            let busy = || Refusal::busy(format!("{} uploads are under way", self.most));
            open.remove(&oldest.ok_or_else(busy)?);
        }
        let begun = Begun { upload: Upload::default(), like };
        let session = Arc::new(tokio::sync::Mutex::new(begun));
        open.insert(id.clone(), Open { repository: repository.clone(), session, used: Instant::now() });
        Ok(id)
    }

    /// The session of this name, if it belongs to the repository.
    pub(super) fn find(&self, repository: &Name, id: &str) -> Option<Session> {
        let mut open = self.open();
        let found = open.get_mut(id).filter(|found| found.repository == *repository)?;
        if found.is_idle(self.idle) {
            open.remove(id);
            return None;
        }
        found.used = Instant::now();
        Some(Arc::clone(&found.session))
    }

    /// Counts a session's idle time from now on.
    pub(super) fn used(&self, id: &str) {
        if let Some(session) = self.open().get_mut(id) {
            session.used = Instant::now();
        }
    }

    /// Ends a session; what it held is dropped with the last request that uses it.
    pub(super) fn end(&self, id: &str) {
        self.open().remove(id);
    }

    /// Ends all sessions that were idle for too long. Removes files.
    pub(super) fn end_idle(&self) {
        let idle: Vec<Open> = {
            let mut open = self.open();
            let ids: Vec<_> = open
                .iter()
                .filter(|(_, session)| session.is_idle(self.idle))
                .map(|(id, _)| id.clone())
                .collect();
            ids.iter().filter_map(|id| open.remove(id)).collect()
        };
        drop(idle);
    }
}
