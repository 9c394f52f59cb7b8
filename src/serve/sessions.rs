//! The uploads that have begun and not ended, each by a name that cannot be guessed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::spool::Spool;
use super::tokens;
use crate::oci::Name;

/// How long a session lives without a request.
const IDLE: Duration = Duration::from_mins(10);
/// How many sessions may be open; one more ends that which was idle longest.
const MOST: usize = 512;

/// What came of one upload. Locked while a request adds to it.
pub(super) type Session = Arc<tokio::sync::Mutex<Spool>>;

struct Open {
    repository: Name,
    session: Session,
    used: Instant,
}

/// All open sessions of a registry.
#[derive(Default)]
pub(super) struct Sessions(Mutex<HashMap<String, Open>>);

impl Sessions {
    fn open(&self) -> MutexGuard<'_, HashMap<String, Open>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins an upload into a repository; returns the session's name.
    pub(super) fn begin(&self, repository: &Name) -> std::io::Result<String> {
        let id = tokens::secret()?;
        let mut open = self.open();
        open.retain(|_, session| session.used.elapsed() < IDLE);
        if open.len() >= MOST
            && let Some(stale) = open.iter().min_by_key(|(_, session)| session.used).map(|(id, _)| id.clone())
        {
            open.remove(&stale);
        }
        let session = Session::default();
        open.insert(id.clone(), Open { repository: repository.clone(), session, used: Instant::now() });
        Ok(id)
    }

    /// The session of this name, if it belongs to the repository.
    pub(super) fn find(&self, repository: &Name, id: &str) -> Option<Session> {
        let mut open = self.open();
        let found = open.get_mut(id).filter(|found| found.repository == *repository)?;
        if found.used.elapsed() >= IDLE {
            open.remove(id);
            return None;
        }
        found.used = Instant::now();
        Some(Arc::clone(&found.session))
    }

    /// Ends a session; what it held is dropped with the last request that uses it.
    pub(super) fn end(&self, id: &str) {
        self.open().remove(id);
    }
}
