//! Manifests on their way into an index: those that come while it is being written go in together, in the next writing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::reply::Refusal;
use super::routes::Desk;
use crate::oci::Name;
use crate::repository::{Error, Published};
use crate::store::Wish;

/// The most that go in together.
const TOGETHER: usize = 64;

/// What became of one wish: the outer error is that of all that went in together.
type Outcome = Result<Result<Published, Error>, Refusal>;

/// What waits for each repository whose index is being written.
#[derive(Default)]
pub(super) struct Publishing(Mutex<HashMap<Name, Vec<Waiting>>>);

struct Waiting {
    wish: Wish,
    told: oneshot::Sender<Outcome>,
}

impl Publishing {
    fn queues(&self) -> MutexGuard<'_, HashMap<Name, Vec<Waiting>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds to a queue; tells whether it is new, so that somebody must take care of it.
    fn add(&self, name: &Name, waiting: Waiting) -> bool {
        let mut queues = self.queues();
        if let Some(queue) = queues.get_mut(name) {
            queue.push(waiting);
            return false;
        }
        queues.insert(name.clone(), vec![waiting]);
        true
    }

    /// Takes from a queue; removes it where there is nothing in it any more.
    fn take(&self, name: &Name) -> Vec<Waiting> {
        let mut queues = self.queues();
        let Some(queue) = queues.get_mut(name) else { return Vec::new() };
        if queue.is_empty() {
            queues.remove(name);
            return Vec::new();
        }
        let count = queue.len().min(TOGETHER);
        queue.drain(..count).collect()
    }
}

impl Desk {
    /// Publishes a manifest, in company where there is some.
    pub(super) async fn publish(self: &Arc<Self>, name: &Name, wish: Wish) -> Outcome {
        let (told, hears) = oneshot::channel();
        if self.publishing.add(name, Waiting { wish, told }) {
            // By itself, because the client whose request began it may go away.
            tokio::spawn(Arc::clone(self).take_care(name.clone()));
        }
        hears.await.map_err(|error| Refusal::from(std::io::Error::other(error)))?
    }

    async fn take_care(self: Arc<Self>, name: Name) {
        loop {
            let (wishes, told): (Vec<_>, Vec<_>) =
                self.publishing.take(&name).into_iter().map(|waiting| (waiting.wish, waiting.told)).unzip();
            if wishes.is_empty() {
                return;
            }
            let place = name.clone();
            let all = self.with_shelf(move |shelf| {
                let outcomes = shelf.create(&place)?.publish_each(&wishes)?;
                shelf.was_written(&place);
                Ok(outcomes)
            });
            // Who does not listen any more has gone away.
            match all.await {
                Ok(outcomes) => {
                    for (told, outcome) in told.into_iter().zip(outcomes) {
                        let _ = told.send(Ok(outcome));
                    }
                }
                Err(refusal) => {
                    for told in told {
                        let _ = told.send(Err(refusal.clone()));
                    }
                }
            }
        }
    }
}
