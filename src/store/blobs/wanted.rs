//! Who relies on which content, and the removal of what nobody relies on.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{ErrorKind as Io, Read as _};
use std::time::SystemTime;

use super::{ABANDONED, Blobs, SMALL, locked};
use crate::disk::{self, Lease, Waiting};
use crate::oci::{Descriptor, Digest};
use crate::repository::Error;

impl Blobs {
    /// Whether the content is there and right, and stays for a while: a collector that was about to take it has either
    /// done so, or sees that it is wanted.
    pub(in crate::store) fn is_kept(
        &self,
        blob: &Descriptor,
        now: Option<SystemTime>,
    ) -> Result<bool, Error> {
        self.is_kept_as(blob, |found| blob.digest.matches(found), now)
    }

    /// The same for whoever knows another way to see that small content is right.
    pub(super) fn is_kept_as(
        &self,
        blob: &Descriptor,
        is_right: impl Fn(&[u8]) -> bool,
        now: Option<SystemTime>,
    ) -> Result<bool, Error> {
        let Some(file) = self.sound(blob, is_right)? else { return Ok(false) };
        if let Some(now) = now {
            // Done where it is allowed.
            let _ = file.set_modified(now);
        }
        self.has(blob)
    }

    /// The file of content that is there and right, as far as that is cheap to know.
    fn sound(&self, blob: &Descriptor, is_right: impl Fn(&[u8]) -> bool) -> Result<Option<File>, Error> {
        let path = self.path(&blob.digest);
        let file = match disk::open(&path) {
            Err(disk::Error::InTheWay { .. }) => None,
            outcome => outcome.map_err(|error| self.fault(error))?,
        };
        let Some(file) = file else { return Ok(None) };
        let refused = |source| self.fault(disk::Error::Io { action: "read", path: path.clone(), source });
        if file.metadata().map_err(refused)?.len() != blob.size {
            return Ok(None);
        }
        if blob.size < SMALL {
            let mut bytes = Vec::new();
            (&file).take(SMALL).read_to_end(&mut bytes).map_err(refused)?;
            if !is_right(&bytes) {
                return Ok(None);
            }
        }
        Ok(Some(file))
    }

    /// Sets a file's time, so that no collector takes what a bundle to come relies on. Done where it is allowed.
    pub(in crate::store) fn freshen(&self, blob: &Digest, now: Option<SystemTime>) {
        if let Some(now) = now
            && let Ok(Some(file)) = disk::open(&self.path(blob))
        {
            let _ = file.set_modified(now);
        }
    }

    /// Says, until this value is dropped, that somebody relies on what is touched from now on, and since when. `None`
    /// where nothing can be written, and so nobody can rely on anything.
    pub(in crate::store) fn rely(&self) -> Result<Option<SystemTime>, Error> {
        let mut lease = locked(&self.lease);
        if lease.is_none() {
            *lease = self.begin_work()?;
        }
        Ok(lease.as_ref().map(Lease::since))
    }

    /// The same as a value of its own.
    pub(in crate::store) fn begin_work(&self) -> Result<Option<Lease>, Error> {
        let ingest = self.ingest();
        match disk::create_directories(&ingest).and_then(|_| Lease::take(&ingest)) {
            Err(error) if matches!(error.io_kind(), Some(Io::PermissionDenied | Io::ReadOnlyFilesystem)) => {
                Ok(None)
            }
            outcome => outcome.map(Some).map_err(|error| self.fault(error)),
        }
    }

    /// Whether there is such a one as long as this value lives: no collector takes what is written from then on.
    pub(super) fn is_relying(&self) -> bool {
        locked(&self.lease).is_some()
    }

    /// Since when the one who is longest at work relies on what is touched; `None` where nobody is.
    pub(in crate::store) fn relied_on_since(&self) -> Result<Option<SystemTime>, Error> {
        let waiting = disk::waiting(&self.ingest()).map_err(|error| self.fault(error))?;
        let held = waiting.into_iter().filter(|one| one.is_lease && one.is_held);
        Ok(held.map(|lease| lease.modified).min())
    }

    /// What processes that are gone left of files that they were writing. What somebody at work may have closed for a
    /// moment is none of it.
    pub(in crate::store) fn abandoned(&self) -> Result<Vec<Waiting>, Error> {
        let look = || disk::waiting(&self.ingest()).map_err(|error| self.fault(error));
        let seen: HashSet<_> = look()?.into_iter().map(|one| one.path).collect();
        // Looked for after the files: whoever wrote one of them had his lease before.
        let now = look()?;
        let since = now.iter().filter(|one| one.is_lease && one.is_held).map(|one| one.modified).min();
        let is_left = |one: &Waiting| {
            let is_old = since.is_none_or(|since| one.modified < since);
            one.is_ours && !one.is_held && is_old && seen.contains(&one.path)
        };
        Ok(now.into_iter().filter(is_left).filter(|one| one.path.exists()).collect())
    }

    /// What other programs have not written to for a day in the folder for files that are being written.
    pub(in crate::store) fn left_by_others(&self, now: SystemTime) -> Result<Vec<Waiting>, Error> {
        let mut waiting = disk::waiting(&self.ingest()).map_err(|error| self.fault(error))?;
        let before = now.checked_sub(ABANDONED);
        waiting.retain(|one| !one.is_ours && before.is_some_and(|before| one.modified < before));
        Ok(waiting)
    }

    /// Removes content whose time says that nobody relies on it; returns its size, and how much space that gives, or
    /// `None` where somebody touched it after all.
    ///
    /// It is put aside first, and looked at once more there: whoever asks for it afterwards does not find it.
    pub(in crate::store) fn discard(
        &self,
        digest: &Digest,
        is_free: impl Fn(SystemTime) -> bool,
    ) -> Result<Option<u64>, Error> {
        let path = self.path(digest);
        let aside = self.ingest().join(format!("torte-discarded-{}", digest.hex()));
        disk::create_directories(&self.ingest()).map_err(|error| self.fault(error))?;
        let refused = |source| self.fault(disk::Error::Io { action: "remove", path: path.clone(), source });
        fs::rename(&path, &aside).map_err(refused)?;
        let about = fs::symlink_metadata(&aside).map_err(refused)?;
        if is_free(about.modified().map_err(refused)?) {
            fs::remove_file(&aside).map_err(refused)?;
            return Ok(Some(disk::space(&about)));
        }
        fs::rename(&aside, &path).map_err(refused)?;
        Ok(None)
    }

    /// Removes content for good; tells whether it was there.
    pub(in crate::store) fn remove(&self, digest: &Digest) -> Result<bool, Error> {
        disk::remove(&self.path(digest)).map_err(|error| self.fault(error))
    }
}
