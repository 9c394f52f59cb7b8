//! The content files of a layout: each appears whole under the name of its digest, and is never trusted because it exists.

use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use super::fault;
use crate::disk::{self, Access, Draft, Lease};
use crate::oci::{Descriptor, Digest, Verifying};
use crate::repository::copy::in_parallel;
use crate::repository::{Body, Error, ErrorKind, Moved};

/// Up to this size, in bytes, content that is there already is hashed again before it is taken as present.
const SMALL: u64 = 1024 * 1024;
/// How many threads wait for the disk in a batch: it takes many waits at once better than one after the other.
const SYNCING: usize = 32;
/// How many small files are open for writing at once, so that sockets and files stay below 64 descriptors together.
const OPEN_AT_ONCE: usize = 16;
/// After this time without a write, a file in `ingest/` is taken as left behind.
const ABANDONED: Duration = Duration::from_hours(24);
/// The folders below `blobs/`.
pub(super) const ALGORITHMS: [&str; 2] = ["sha256", "sha512"];

/// The content files of one layout.
pub(super) struct Blobs {
    layout: PathBuf,
    place: String,
    open: Gate,
    wrote: AtomicBool,
    lease: Mutex<Option<Lease>>,
}

impl Blobs {
    pub(super) fn new(layout: PathBuf, place: String) -> Self {
        let (open, wrote) = (Gate::default(), AtomicBool::new(false));
        Self { layout, place, open, wrote, lease: Mutex::default() }
    }

    pub(in crate::store) fn path(&self, digest: &Digest) -> PathBuf {
        self.layout.join("blobs").join(digest.algorithm()).join(digest.hex())
    }

    /// The folder for files that are being written.
    pub(super) fn ingest(&self) -> PathBuf {
        self.layout.join("ingest")
    }

    /// Removes what processes that were killed long ago left of files that they were writing.
    pub(super) fn sweep(&self, now: SystemTime) {
        if let Some(before) = now.checked_sub(ABANDONED) {
            disk::remove_drafts(&self.ingest(), before);
        }
    }

    fn fault(&self, fault: disk::Error) -> Error {
        fault::of_disk(&self.place, fault)
    }

    /// The size of a blob in bytes, if a regular file of its name is there.
    pub(super) fn size(&self, blob: &Digest) -> Result<Option<u64>, Error> {
        disk::size(&self.path(blob)).map_err(|error| self.fault(error))
    }

    /// Whether a regular file of the right size is there.
    pub(super) fn has(&self, blob: &Descriptor) -> Result<bool, Error> {
        match disk::size(&self.path(&blob.digest)) {
            Ok(size) => Ok(size == Some(blob.size)),
            Err(disk::Error::InTheWay { .. }) => Ok(false),
            Err(error) => Err(self.fault(error)),
        }
    }

    /// Reads content from an offset; from 0 it is verified on the way.
    pub(super) fn open(&self, blob: &Descriptor, from: u64) -> Result<Box<dyn Read + Send>, Error> {
        let refused = |error| {
            let what = format!("cannot read blob {}", blob.digest);
            Error::new(ErrorKind::Refused, &self.place, what).because(error)
        };
        let Some(mut file) = disk::open(&self.path(&blob.digest)).map_err(|error| self.fault(error))? else {
            return Err(self.absent(&blob.digest));
        };
        let size = file.metadata().map_err(refused)?.len();
        if size != blob.size {
            let what = format!("blob {} should be {} bytes long and is {size}", blob.digest, blob.size);
            return Err(Error::new(ErrorKind::Corrupt, &self.place, what));
        }
        if from == 0 {
            return Ok(Box::new(Verifying::new(file, blob.digest.clone(), blob.size)));
        }
        file.seek(SeekFrom::Start(from)).map_err(refused)?;
        Ok(Box::new(file.take(size.saturating_sub(from))))
    }

    /// Reads small content whole and verifies it; `None` where it is not there.
    pub(super) fn read(&self, digest: &Digest, at_most: u64) -> Result<Option<Vec<u8>>, Error> {
        let bytes = disk::read(&self.path(digest), at_most).map_err(|error| self.fault(error))?;
        match bytes {
            Some(bytes) if !digest.matches(&bytes) => {
                let what = format!("the content of {digest} is not what its digest says");
                Err(Error::new(ErrorKind::Corrupt, &self.place, what))
            }
            bytes => Ok(bytes),
        }
    }

    pub(super) fn absent(&self, digest: &Digest) -> Error {
        Error::new(ErrorKind::NotFound, &self.place, format!("blob {digest} is not there"))
    }

    /// Writes content from a body, durably but for its name; see [`Blobs::sync`].
    pub(super) fn put(
        &self,
        blob: &Descriptor,
        body: &dyn Body,
        now: Option<SystemTime>,
    ) -> Result<Moved, Error> {
        if self.is_kept(blob, now)? {
            return Ok(Moved::Present);
        }
        let refused = |error| fault::of_body(&self.place, format!("cannot take blob {}", blob.digest), error);
        let mut reader = Verifying::new(body.open()?, blob.digest.clone(), blob.size);
        if blob.size < SMALL {
            let mut bytes = Vec::new();
            reader.read_to_end(&mut bytes).map_err(refused)?;
            drop(reader);
            let _open = self.open.enter();
            self.prepare(&blob.digest)?;
            return self.finish(self.written(&bytes)?, &blob.digest);
        }
        self.prepare(&blob.digest)?;
        let mut draft = self.begin()?;
        let mut buffer = vec![0; 128 * 1024];
        loop {
            let count = match reader.read(&mut buffer) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                outcome => outcome.map_err(refused)?,
            };
            if count == 0 {
                break;
            }
            draft.write(&buffer[..count]).map_err(|error| self.fault(error))?;
        }
        self.finish(draft, &blob.digest)
    }

    /// Writes content that is in memory; see [`Blobs::put`].
    pub(super) fn put_bytes(
        &self,
        blob: &Descriptor,
        bytes: &[u8],
        now: Option<SystemTime>,
    ) -> Result<Moved, Error> {
        if self.keeps(blob, bytes, now)? {
            return Ok(Moved::Present);
        }
        self.prepare(&blob.digest)?;
        self.finish(self.written(bytes)?, &blob.digest)
    }

    /// Begins a file for an upload.
    pub(super) fn begin_upload(&self) -> Result<Draft, Error> {
        disk::create_directories(&self.ingest()).map_err(|error| self.fault(error))?;
        Draft::begin_upload(&self.ingest()).map_err(|error| self.fault(error))
    }

    /// Gives a file the name of its digest, which must have been held against all that was written to it.
    pub(super) fn adopt(&self, draft: Draft, digest: &Digest) -> Result<Moved, Error> {
        self.prepare(digest)?;
        self.finish(draft, digest)
    }

    /// Takes content from another layout, whose content it is has been verified just now: by a second name of the same
    /// file where that is possible, else as a copy.
    pub(super) fn take(
        &self,
        from: &Self,
        blob: &Descriptor,
        now: Option<SystemTime>,
    ) -> Result<Moved, Error> {
        self.prepare(&blob.digest)?;
        self.wrote.store(true, Ordering::Release);
        if disk::link(&from.path(&blob.digest), &self.ingest(), &self.path(&blob.digest)).is_err() {
            return self.put(blob, &Elsewhere { from, blob }, now);
        }
        self.freshen(&blob.digest, now);
        Ok(Moved::Mounted)
    }

    /// Writes many small blobs durably but for their names: all files first, on so many threads, and then one long
    /// wait for the disk instead of a thousand short ones.
    pub(super) fn put_all(
        &self,
        blobs: &[(Descriptor, Vec<u8>)],
        threads: usize,
        now: Option<SystemTime>,
    ) -> Result<Vec<Moved>, Error> {
        for algorithm in ALGORITHMS {
            if let Some((blob, _)) = blobs.iter().find(|(blob, _)| blob.digest.algorithm() == algorithm) {
                self.prepare(&blob.digest)?;
            }
        }
        let drafts: Vec<_> = blobs.iter().map(|blob| (blob, OnceLock::new())).collect();
        in_parallel(&drafts, threads, |((blob, bytes), draft)| {
            if !self.keeps(blob, bytes, now)? {
                let _ = draft.set(self.written(bytes)?.close());
            }
            Ok(())
        })?;
        let (mut moved, mut waiting) = (Vec::with_capacity(blobs.len()), Vec::new());
        for ((blob, _), draft) in drafts {
            let draft = draft.into_inner();
            moved.push(if draft.is_some() { Moved::Sent } else { Moved::Present });
            waiting.extend(draft.map(|draft| (self.path(&blob.digest), Mutex::new(Some(draft)))));
        }
        in_parallel(&waiting, SYNCING, |(target, draft)| {
            let Some(draft) = locked(draft).take() else { return Ok(()) };
            draft.sync().and_then(|()| draft.rename(target)).map_err(|error| self.fault(error))
        })?;
        Ok(moved)
    }

    /// Whether content that is in memory is there already, and stays for a while. Fails where it is another.
    fn keeps(&self, blob: &Descriptor, bytes: &[u8], now: Option<SystemTime>) -> Result<bool, Error> {
        if bytes.len() as u64 != blob.size || !blob.digest.matches(bytes) {
            let what = format!("cannot take blob {}: its content is another", blob.digest);
            return Err(Error::new(ErrorKind::Corrupt, &self.place, what));
        }
        self.is_kept_as(blob, |found| found == bytes, now)
    }

    /// Begins a file for content, which a collector leaves alone.
    fn begin(&self) -> Result<Draft, Error> {
        self.wrote.store(true, Ordering::Release);
        let begin = if self.is_relying() { Draft::begin } else { Draft::begin_held };
        begin(&self.ingest(), Access::Frozen).map_err(|error| self.fault(error))
    }

    /// A file with these bytes, under a name of its own.
    fn written(&self, bytes: &[u8]) -> Result<Draft, Error> {
        let mut draft = self.begin()?;
        draft.write(bytes).map_err(|error| self.fault(error))?;
        Ok(draft)
    }

    /// Makes a file durable, and gives it the name of its digest.
    fn finish(&self, draft: Draft, digest: &Digest) -> Result<Moved, Error> {
        draft.finish(&self.path(digest)).map_err(|error| self.fault(error))?;
        Ok(Moved::Sent)
    }

    /// Makes the folders that a foreign layout may lack.
    fn prepare(&self, digest: &Digest) -> Result<(), Error> {
        let folder = self.layout.join("blobs").join(digest.algorithm());
        for folder in [folder, self.ingest()] {
            disk::create_directories(&folder).map_err(|error| self.fault(error))?;
        }
        Ok(())
    }

    /// Whether anything was, or may have been, written through this value.
    pub(super) fn wrote(&self) -> bool {
        self.wrote.load(Ordering::Acquire)
    }

    /// Waits until the names of all content are on disk.
    pub(super) fn sync(&self) -> Result<(), Error> {
        let blobs = self.layout.join("blobs");
        for folder in [blobs.join(ALGORITHMS[0]), blobs.join(ALGORITHMS[1]), blobs] {
            if folder.is_dir() {
                disk::sync_directory(&folder).map_err(|error| self.fault(error))?;
            }
        }
        Ok(())
    }
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The content of another layout.
struct Elsewhere<'a> {
    from: &'a Blobs,
    blob: &'a Descriptor,
}

impl Body for Elsewhere<'_> {
    fn open(&self) -> Result<Box<dyn Read + Send>, Error> {
        self.from.open(self.blob, 0)
    }
}

/// Lets [`OPEN_AT_ONCE`] threads in at once.
#[derive(Default)]
struct Gate {
    inside: Mutex<usize>,
    left: Condvar,
}

/// Leaves the gate when it is dropped.
struct Inside<'a>(&'a Gate);

impl Gate {
    fn enter(&self) -> Inside<'_> {
        let inside = locked(&self.inside);
        let wait = self.left.wait_while(inside, |inside| *inside >= OPEN_AT_ONCE);
        *wait.unwrap_or_else(PoisonError::into_inner) += 1;
        Inside(self)
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        *locked(&self.0.inside) -= 1;
        self.0.left.notify_one();
    }
}

mod join;
#[cfg(test)]
mod tests;
mod wanted;
