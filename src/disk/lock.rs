//! A lock between processes, which the kernel gives back when its process ends in whatever way.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::{Error, file};

/// How often a waiting process asks whether it should stop.
const HEARTBEAT: Duration = Duration::from_millis(50);

/// An exclusive lock on a file that is made for it, and held until this is dropped.
///
/// The file is never renamed or removed: a lock on a file that lost its name locks nobody out.
#[derive(Debug)]
pub struct Lock {
    /// Closing it is what unlocks.
    _file: File,
}

impl Lock {
    /// Takes the lock, and waits for it so long; `stop` is asked all the while.
    pub fn acquire(path: &Path, patience: Duration, stop: &dyn Fn() -> bool) -> Result<Self, Error> {
        // Refuses links and pipes.
        file::size(path)?;
        let file = open(path).map_err(Error::io("open the lock", path))?;
        match file.try_lock() {
            Ok(()) => return Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", path)(error)),
        }

        // The kernel lets those who wait in one after the other, which no polling does. A thread that is left behind
        // here gives up the lock as soon as it gets it.
        let (sender, receiver) = mpsc::sync_channel(1);
        let wait = move || {
            let outcome = block(&file).map(|()| file);
            let _ = sender.send(outcome);
        };
        thread::Builder::new().spawn(wait).map_err(Error::io("lock", path))?;
        let begun = Instant::now();
        loop {
            match receiver.recv_timeout(HEARTBEAT.min(patience)) {
                Ok(outcome) => {
                    return outcome.map(|file| Self { _file: file }).map_err(Error::io("lock", path));
                }
                Err(_) if stop() => return Err(Error::Interrupted { path: path.to_owned() }),
                Err(RecvTimeoutError::Timeout) if begun.elapsed() < patience => {}
                Err(_) => {
                    return Err(Error::Locked { path: path.to_owned(), seconds: patience.as_secs() });
                }
            }
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    match OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path) {
        // Made by another user of a shared directory: to lock it is allowed all the same.
        Err(error) if error.kind() == ErrorKind::PermissionDenied && path.exists() => File::open(path),
        outcome => outcome,
    }
}

fn block(file: &File) -> io::Result<()> {
    loop {
        match file.lock() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            outcome => return outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const LONG: Duration = Duration::from_mins(1);

    fn never() -> bool {
        false
    }

    #[test]
    fn whoever_waits_too_long_is_told_which_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let held = Lock::acquire(&path, LONG, &never).unwrap();
        let error = Lock::acquire(&path, Duration::from_millis(30), &never).unwrap_err();
        assert!(matches!(&error, Error::Locked { path: named, .. } if *named == path), "{error}");
        let error = Lock::acquire(&path, LONG, &|| true).unwrap_err();
        assert!(matches!(error, Error::Interrupted { .. }), "{error}");
        drop(held);
        Lock::acquire(&path, LONG, &never).unwrap();
        assert!(path.exists());
    }

    #[test]
    fn one_at_a_time_holds_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let inside = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let _lock = Lock::acquire(&path, LONG, &never).unwrap();
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        thread::yield_now();
                        inside.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_that_is_a_link_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let (path, elsewhere) = (dir.path().join("lock"), dir.path().join("elsewhere"));
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        assert!(matches!(Lock::acquire(&path, LONG, &never), Err(Error::InTheWay { .. })));
        assert!(!elsewhere.exists());
    }
}
