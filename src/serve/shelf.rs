//! What is served: repositories by name.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::oci::{Digest, Name};
use crate::repository::{Error, Memory, Repository};
use crate::store::{Layout, Record, Store};

/// A set of repositories, from which a registry serves and into which it writes.
///
/// The calls may block; they are made on threads that may.
pub trait Shelf: Send + Sync {
    /// The repository of this name, or `None` where there is none.
    fn open(&self, name: &Name) -> Result<Option<Arc<dyn Shelved>>, Error>;

    /// The repository of this name, made where there is none.
    fn create(&self, name: &Name) -> Result<Arc<dyn Shelved>, Error>;
}

/// A repository that can be served: clients of a registry ask for a blob by its digest alone, without its size.
pub trait Shelved: Repository + Send + Sync {
    /// The size of a blob in bytes, or `None` where it is not there.
    fn size(&self, blob: &Digest) -> Result<Option<u64>, Error>;
}

/// A shelf of repositories in memory, for tests.
#[derive(Default)]
pub struct Memories(Mutex<HashMap<Name, Arc<Memory>>>);

impl Memories {
    fn all(&self) -> MutexGuard<'_, HashMap<Name, Arc<Memory>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The repository of this name, as the registry's clients see it.
    pub fn repository(&self, name: &Name) -> Arc<Memory> {
        Arc::clone(self.all().entry(name.clone()).or_default())
    }
}

impl Shelf for Memories {
    fn open(&self, name: &Name) -> Result<Option<Arc<dyn Shelved>>, Error> {
        Ok(self.all().get(name).cloned().map(|memory| memory as Arc<dyn Shelved>))
    }

    fn create(&self, name: &Name) -> Result<Arc<dyn Shelved>, Error> {
        Ok(self.repository(name))
    }
}

/// Says what time it is, in RFC 3339.
pub type Clock = Arc<dyn Fn() -> String + Send + Sync>;

/// A store on disk that writes down when each tag was set.
pub struct Dated {
    /// The store.
    pub store: Store,
    /// The time for it.
    pub clock: Clock,
}

impl Dated {
    fn dated(&self, layout: Layout) -> Arc<dyn Shelved> {
        Arc::new(layout.recording(Record { now: (self.clock)(), origin: None, pinned: false }))
    }
}

impl Shelf for Dated {
    fn open(&self, name: &Name) -> Result<Option<Arc<dyn Shelved>>, Error> {
        Ok(self.store.open(name)?.map(|layout| self.dated(layout)))
    }

    fn create(&self, name: &Name) -> Result<Arc<dyn Shelved>, Error> {
        Ok(self.dated(self.store.create(name)?))
    }
}

impl Shelved for Layout {
    fn size(&self, blob: &Digest) -> Result<Option<u64>, Error> {
        Self::size(self, blob)
    }
}

impl Shelved for Memory {
    fn size(&self, blob: &Digest) -> Result<Option<u64>, Error> {
        Ok(Self::size(self, blob))
    }
}
