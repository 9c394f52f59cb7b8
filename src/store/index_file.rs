//! `index.json` of a layout on disk: read whole, and replaced under the lock unless somebody else changed it meanwhile.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::fault;
use super::seen::{Indexes, Seen};
use crate::disk::{self, Access, ClosedDraft, Draft, Lock};
use crate::oci::{Index, IndexError};
use crate::repository::{Error, ErrorKind};
use crate::runtime;

/// The file's name.
pub(super) const NAME: &str = "index.json";
/// The lock's name, beside it.
pub(super) const LOCK: &str = ".torte.lock";
/// How long a writer waits for others.
const PATIENCE: Duration = Duration::from_mins(2);
/// The most that is read of an index, in bytes: some 200,000 entries.
const LARGEST: u64 = 64 * 1024 * 1024;
/// Tries against tools that write without our lock, and the time between two.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(10);

/// The index of one layout.
pub(super) struct IndexFile {
    layout: PathBuf,
    place: String,
    /// What was read before, where somebody keeps it.
    known: Option<Arc<Indexes>>,
}

impl IndexFile {
    pub(super) fn new(layout: PathBuf, place: String) -> Self {
        Self { layout, place, known: None }
    }

    /// Keeps what is read with that of others.
    pub(super) fn keep_in(&mut self, known: Arc<Indexes>) {
        self.known = Some(known);
    }

    fn path(&self) -> PathBuf {
        self.layout.join(NAME)
    }

    fn fault(&self, fault: disk::Error) -> Error {
        fault::of_disk(&self.place, fault)
    }

    /// The index now. A file that is not there is an empty one.
    pub(super) fn read(&self) -> Result<Arc<Seen>, Error> {
        self.see()
    }

    fn bytes(&self) -> Result<Option<Vec<u8>>, Error> {
        disk::read(&self.path(), LARGEST).map_err(|error| self.fault(error))
    }

    /// Other tools write the file in place, so that a reader may see a part of it: what makes no sense is read again.
    fn see(&self) -> Result<Arc<Seen>, Error> {
        let mut tries = 0;
        loop {
            let Some(bytes) = self.bytes()? else { return Ok(Arc::default()) };
            if let Some(seen) = self.known.as_ref().and_then(|known| known.get(&self.layout, &bytes)) {
                return Ok(seen);
            }
            tries += 1;
            match Index::parse(&bytes) {
                Ok(index) => return Ok(self.keep(bytes, index)),
                Err(IndexError::Json(_)) if tries < TRIES => thread::sleep(PAUSE),
                Err(reason) => return Err(self.unusable(reason)),
            }
        }
    }

    fn keep(&self, bytes: Vec<u8>, index: Index) -> Arc<Seen> {
        let seen = Arc::new(Seen { bytes: Some(bytes), index });
        if let Some(known) = &self.known {
            known.keep(&self.layout, &seen);
        }
        seen
    }

    fn unusable(&self, reason: IndexError) -> Error {
        let what = format!("`{}` cannot be used: {reason}", self.path().display());
        Error::new(ErrorKind::Refused, &self.place, what).because(reason)
    }

    fn busy(&self) -> Error {
        let what = format!("another program keeps rewriting `{}`", self.path().display());
        Error::new(ErrorKind::Conflict, &self.place, what)
    }

    /// Keeps other writers of torte's out until it is dropped.
    pub(super) fn lock(&self) -> Result<Lock, Error> {
        let is_interrupted = || runtime::interrupted().is_some();
        Lock::acquire(&self.layout.join(LOCK), PATIENCE, &is_interrupted).map_err(|error| self.fault(error))
    }

    /// Changes the index under the lock, durably; `change` is asked again if another program was faster. Before the
    /// new index can be seen, `settle` gets the old one, and makes durable what the new one relies on.
    ///
    /// Nothing is written where nothing changes.
    pub(super) fn edit<T>(
        &self,
        change: impl Fn(&mut Index) -> Result<T, Error>,
        settle: impl Fn(&Index) -> Result<(), Error>,
    ) -> Result<T, Error> {
        let _lock = self.lock()?;
        for _ in 0..TRIES {
            let before = self.see()?;
            let mut changed = before.index.clone();
            let outcome = change(&mut changed)?;
            if before.bytes.is_some() && changed == before.index {
                return Ok(outcome);
            }
            let bytes = changed.to_bytes();
            let draft = self.draft(&bytes).map_err(|error| self.fault(error))?;
            settle(&before)?;
            if self.bytes()? != before.bytes {
                continue;
            }
            draft.rename(&self.path()).map_err(|error| self.fault(error))?;
            disk::sync_directory(&self.layout).map_err(|error| self.fault(error))?;
            self.keep(bytes, changed);
            return Ok(outcome);
        }
        Err(self.busy())
    }

    fn draft(&self, bytes: &[u8]) -> Result<ClosedDraft, disk::Error> {
        let ingest = self.layout.join("ingest");
        disk::create_directories(&ingest)?;
        let mut draft = Draft::begin_held(&ingest, Access::Usual)?;
        draft.write(bytes)?;
        let draft = draft.close();
        draft.sync()?;
        Ok(draft)
    }
}

#[cfg(test)]
mod tests;
