//! What is over: uploads that nobody goes on with, and, where lives are limited, bundles.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::routes::Desk;
use super::shelf::{Mode, Shelf};
use crate::oci::Name;

/// How often uploads are looked for that a registry left behind that was killed.
const SWEEP: Duration = Duration::from_mins(10);

/// When which repository is to be looked through.
pub(super) struct Rounds {
    state: Mutex<State>,
    /// How often one repository is looked through at most.
    pause: Duration,
}

#[derive(Default)]
struct State {
    due: HashMap<Name, Instant>,
    swept: Option<Instant>,
}

impl Rounds {
    pub(super) fn new(pause: Duration) -> Self {
        Self { state: Mutex::default(), pause }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A repository is to be looked through, in so long or sooner.
    fn plan(&self, name: &Name, wait: Duration) {
        // Beyond what the clock can say is beyond the life of this process.
        let Some(then) = Instant::now().checked_add(wait) else { return };
        let mut state = self.state();
        let due = state.due.entry(name.clone()).or_insert(then);
        *due = then.min(*due);
    }

    /// The repositories whose time has come.
    fn take_due(&self) -> Vec<Name> {
        let now = Instant::now();
        let mut state = self.state();
        let due: Vec<Name> =
            state.due.iter().filter(|(_, then)| **then <= now).map(|(name, _)| name.clone()).collect();
        for name in &due {
            state.due.remove(name);
        }
        due
    }

    /// Whether the time has come to look for what was left behind; the first time it is the first.
    fn takes_sweep(&self) -> Option<bool> {
        let mut state = self.state();
        let is_first = state.swept.is_none();
        if state.swept.is_some_and(|swept| swept.elapsed() < SWEEP) {
            return None;
        }
        state.swept = Some(Instant::now());
        Some(is_first)
    }
}

impl Shelf {
    /// Something was written into a repository, which is over some time.
    pub(super) fn was_written(&self, name: &Name) {
        if self.mode == Mode::Expiring {
            self.rounds.plan(name, self.rounds.pause);
        }
    }

    /// Looks through what is to be looked through now; returns what went wrong.
    fn round(&self, idle: Duration) -> Vec<String> {
        if self.mode == Mode::ReadOnly {
            return Vec::new();
        }
        let mut wrong = Vec::new();
        if let Some(is_first) = self.rounds.takes_sweep() {
            for name in self.names() {
                if let Ok(Some(layout)) = self.open(&name) {
                    layout.sweep_uploads();
                }
                if is_first && self.mode == Mode::Expiring {
                    self.rounds.plan(&name, Duration::ZERO);
                }
            }
        }
        for name in self.rounds.take_due() {
            let expired = self.open(&name).and_then(|layout| match layout {
                Some(layout) => layout.expire(idle),
                None => Ok(crate::store::Expired::default()),
            });
            match expired {
                Ok(expired) => {
                    if let Some(next) = expired.next {
                        self.rounds.plan(&name, next.max(self.rounds.pause));
                    }
                }
                Err(error) => {
                    self.rounds.plan(&name, self.rounds.pause);
                    wrong.push(format!("cannot collect what is over in {name}: {error}"));
                }
            }
        }
        wrong
    }
}

impl Desk {
    /// Ends what is over.
    pub(super) async fn round(self: Arc<Self>) {
        let done = tokio::task::spawn_blocking(move || {
            self.sessions.end_idle();
            for trouble in self.shelf.round(self.limits.idle) {
                self.log.trouble(&trouble);
            }
        });
        // A round that failed is followed by another.
        let _ = done.await;
    }
}
