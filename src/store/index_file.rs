//! `index.json` of a layout on disk: read whole, and replaced under the lock unless somebody else changed it meanwhile.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use super::fault;
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
}

/// The bytes of the file, `None` where there is none, and what they say.
type Seen = (Option<Vec<u8>>, Index);

impl IndexFile {
    pub(super) fn new(layout: PathBuf, place: String) -> Self {
        Self { layout, place }
    }

    fn path(&self) -> PathBuf {
        self.layout.join(NAME)
    }

    fn fault(&self, fault: disk::Error) -> Error {
        fault::of_disk(&self.place, fault)
    }

    /// The index now. A file that is not there is an empty one.
    pub(super) fn read(&self) -> Result<Index, Error> {
        Ok(self.see()?.1)
    }

    fn bytes(&self) -> Result<Option<Vec<u8>>, Error> {
        disk::read(&self.path(), LARGEST).map_err(|error| self.fault(error))
    }

    /// Other tools write the file in place, so that a reader may see a part of it: what makes no sense is read again.
    fn see(&self) -> Result<Seen, Error> {
        let mut tries = 0;
        loop {
            let Some(bytes) = self.bytes()? else { return Ok((None, Index::default())) };
            tries += 1;
            match Index::parse(&bytes) {
                Ok(index) => return Ok((Some(bytes), index)),
                Err(IndexError::Json(_)) if tries < TRIES => thread::sleep(PAUSE),
                Err(reason) => return Err(self.unusable(reason)),
            }
        }
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
            let (before, index) = self.see()?;
            let mut changed = index.clone();
            let outcome = change(&mut changed)?;
            if before.is_some() && changed == index {
                return Ok(outcome);
            }
            let draft = self.draft(&changed).map_err(|error| self.fault(error))?;
            settle(&index)?;
            if self.bytes()? != before {
                continue;
            }
            draft.rename(&self.path()).map_err(|error| self.fault(error))?;
            disk::sync_directory(&self.layout).map_err(|error| self.fault(error))?;
            return Ok(outcome);
        }
        Err(self.busy())
    }

    fn draft(&self, index: &Index) -> Result<ClosedDraft, disk::Error> {
        let ingest = self.layout.join("ingest");
        disk::create_directories(&ingest)?;
        let mut draft = Draft::begin(&ingest, Access::Usual)?;
        draft.write(&index.to_bytes())?;
        let draft = draft.close();
        draft.sync()?;
        Ok(draft)
    }
}

#[cfg(test)]
mod tests;
