//! What is served: the layouts of a store, as a registry uses them.

use std::sync::Arc;
use std::time::Duration;

use super::lifetime;
use super::round::Rounds;
use crate::oci::Name;
use crate::repository::Error;
use crate::store::{Layout, Lifetime, Record, Serving, Store};

/// Says what time it is, in RFC 3339.
pub type Clock = Arc<dyn Fn() -> String + Send + Sync>;

/// What clients may do to a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Everything; what they write stays.
    #[default]
    Keeping,
    /// Everything; what they write lives as long as its tag says ([`lifetime`]), and is collected.
    Expiring,
    /// Read.
    ReadOnly,
}

/// A store that is served.
pub(super) struct Shelf {
    store: Store,
    clock: Clock,
    serving: Serving,
    pub(super) mode: Mode,
    pub(super) rounds: Rounds,
}

impl Shelf {
    /// `pause` is how often one repository is looked through for what is over, at most.
    pub(super) fn new(store: Store, clock: Clock, mode: Mode, pause: Duration) -> Self {
        let lifetime = (mode == Mode::Expiring).then_some(lifetime::of as Lifetime);
        Self {
            store,
            clock,
            serving: Serving { lifetime, ..Serving::default() },
            mode,
            rounds: Rounds::new(pause),
        }
    }

    /// The time now, in RFC 3339.
    pub(super) fn now(&self) -> String {
        (self.clock)()
    }

    /// The repository of this name, or `None` where there is none.
    pub(super) fn open(&self, name: &Name) -> Result<Option<Layout>, Error> {
        Ok(self.store.open(name)?.map(|layout| self.served(layout)))
    }

    /// The repository of this name, made where there is none.
    pub(super) fn create(&self, name: &Name) -> Result<Layout, Error> {
        Ok(self.served(self.store.create(name)?))
    }

    /// The names of all repositories.
    pub(super) fn names(&self) -> Vec<Name> {
        self.store.names()
    }

    fn served(&self, layout: Layout) -> Layout {
        let record = Record { now: self.now(), origin: None, pinned: false };
        layout.recording(record).serving(self.serving.clone())
    }
}
