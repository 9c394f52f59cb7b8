//! Who is at work in a directory: files that are locked as long as their processes live, and those that were left behind.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::draft::{Access, Draft, PREFIX};
use super::{Error, file};

/// What the name of a lease begins with.
const LEASE_PREFIX: &str = "torte-lease-";

/// Says that a process is at work in a directory, until it is dropped or its process ends in whatever way.
pub struct Lease {
    /// Locked while it is open, and removed when it is dropped.
    _draft: Draft,
    since: SystemTime,
}

impl Lease {
    /// Begins to be at work.
    pub fn take(directory: &Path) -> Result<Self, Error> {
        let draft = Draft::hold(LEASE_PREFIX, directory, Access::Usual)?;
        let since = draft.file.metadata().and_then(|about| about.modified());
        let since = since.map_err(Error::io("read", directory))?;
        Ok(Self { _draft: draft, since })
    }

    /// Since when, by the clock of the file system: what is written from now on is not older.
    pub fn since(&self) -> SystemTime {
        self.since
    }
}

/// A file in a directory of files that are being written.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Where it is.
    pub path: PathBuf,
    /// When it was written to last.
    pub modified: SystemTime,
    /// In bytes.
    pub size: u64,
    /// Whether torte made it; nothing is known of what others write.
    pub is_ours: bool,
    /// Whether its process is at work, as far as torte made it. Where that cannot be told, it counts as being at work.
    pub is_held: bool,
    /// Whether it is a lease.
    pub is_lease: bool,
}

/// The regular files in a directory of files that are being written, sorted by name. A directory that is not there is
/// empty.
pub fn waiting(directory: &Path) -> Result<Vec<Waiting>, Error> {
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        outcome => outcome.map_err(Error::io("read", directory))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(Error::io("read", directory))?;
        let path = entry.path();
        let about = match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            outcome => outcome.map_err(Error::io("read", &path))?,
        };
        if !about.is_file() {
            continue;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_ours = name.starts_with(PREFIX);
        let modified = about.modified().map_err(Error::io("read", &path))?;
        found.push(Waiting {
            modified,
            size: about.len(),
            is_ours,
            is_held: is_ours && is_held(&path),
            is_lease: name.starts_with(LEASE_PREFIX),
            path,
        });
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(found)
}

/// Removes a file whose writer is gone; tells whether it did.
pub fn remove_abandoned(path: &Path) -> Result<bool, Error> {
    // Held until it is removed: a writer that is about to lock it sees that it is gone.
    let Some(_file) = abandoned(path) else { return Ok(false) };
    file::remove(path)
}

/// Locks a file that was just made, and tells whether it has its name still.
pub(super) fn hold(file: &File, path: &Path) -> bool {
    // Where there are no locks nobody collects either, because that needs one.
    let _ = file.lock();
    fs::symlink_metadata(path).is_ok()
}

fn is_held(path: &Path) -> bool {
    abandoned(path).is_none() && fs::symlink_metadata(path).is_ok()
}

/// The file, locked, if nobody else has it.
fn abandoned(path: &Path) -> Option<File> {
    let file = file::open(path).ok().flatten()?;
    // Shared, so that two who look do not take each other for the writer.
    match file.try_lock_shared() {
        Ok(()) => Some(file),
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_at_work_is_told_from_who_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        assert!(waiting(&dir.path().join("none")).unwrap().is_empty());
        for name in ["torte-left", "torte-lease-left", "other"] {
            fs::write(dir.path().join(name), "123").unwrap();
        }
        fs::create_dir(dir.path().join("directory")).unwrap();
        let before = waiting(dir.path()).unwrap();
        let lease = Lease::take(dir.path()).unwrap();
        let draft = Draft::begin_held(dir.path(), Access::Frozen).unwrap();
        let facts = |one: &Waiting| (one.is_ours, one.is_held, one.is_lease, one.size);
        let held: Vec<_> = waiting(dir.path()).unwrap().iter().filter(|one| one.is_held).map(facts).collect();
        assert_eq!(held.len(), 2);
        assert!(held.contains(&(true, true, true, 0)) && held.contains(&(true, true, false, 0)), "{held:?}");
        for one in waiting(dir.path()).unwrap() {
            assert_eq!(remove_abandoned(&one.path).unwrap(), !one.is_held, "{one:?}");
        }
        assert!(before.iter().all(|one| one.modified <= lease.since()));
        drop((lease, draft));
        assert!(waiting(dir.path()).unwrap().is_empty());
    }

    #[test]
    fn a_writer_whose_file_was_taken_for_an_old_one_begins_anew() {
        let dir = tempfile::tempdir().unwrap();
        let stop = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    for one in waiting(dir.path()).unwrap() {
                        remove_abandoned(&one.path).unwrap();
                    }
                }
            });
            for _ in 0..100 {
                let _lease = Lease::take(dir.path()).unwrap();
                assert!(waiting(dir.path()).unwrap().iter().any(|one| one.is_lease && one.is_held));
            }
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
        });
    }
}
