//! A directory for the life of a process, and those that were left behind by processes that were killed.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempDir};

use super::Error;
use super::lease::{Lease, waiting};

/// A directory that is removed when this is dropped.
pub struct Scratch {
    folder: TempDir,
    /// Says that its process lives, to the end.
    _lease: Lease,
}

impl Scratch {
    /// Makes one in a directory, with a name that begins so; those with the same beginning whose processes are gone go too.
    pub fn make(parent: &Path, prefix: &str) -> Result<Self, Error> {
        sweep(parent, prefix);
        let folder = Builder::new().prefix(prefix).tempdir_in(parent);
        let folder = folder.map_err(Error::io("create a directory in", parent))?;
        let lease = Lease::take(folder.path())?;
        let scratch = Self { folder, _lease: lease };
        let path = scratch.path();
        fs::create_dir(&path).map_err(Error::io("create", &path))?;
        Ok(scratch)
    }

    /// Where it is: nothing stands in it yet.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("root")
    }
}

/// Removes what was left behind. What cannot be removed is another user's, or another process is at it.
fn sweep(parent: &Path, prefix: &str) {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    // A link is no directory, and is not followed.
    let directories = named.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    for path in directories.map(|entry| entry.path()).filter(|path| is_abandoned(path)) {
        let _ = fs::remove_dir_all(path);
    }
}

/// Whether somebody was at work there, and is gone. One that has said nothing yet may be about to.
fn is_abandoned(path: &Path) -> bool {
    let leases: Vec<_> = waiting(path).into_iter().flatten().filter(|file| file.is_lease).collect();
    !leases.is_empty() && leases.iter().all(|lease| !lease.is_held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_dead_process_left_is_swept() {
        let parent = tempfile::tempdir().unwrap();
        let names = ["x-dead", "x-new", "y-dead"].map(|name| parent.path().join(name));
        for path in &names {
            fs::create_dir_all(path.join("root/app")).unwrap();
        }
        for dead in [&names[0], &names[2]] {
            fs::write(dead.join("torte-lease-left"), "").unwrap();
        }
        let living = Scratch::make(parent.path(), "x-").unwrap();
        fs::write(living.path().join("file"), "").unwrap();
        assert!(!names[0].exists() && names[1].exists() && names[2].exists());

        let other = Scratch::make(parent.path(), "x-").unwrap();
        assert!(living.path().join("file").exists() && fs::read_dir(other.path()).unwrap().next().is_none());
        let path = living.path();
        drop(living);
        assert!(!path.parent().unwrap().exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let parent = tempfile::tempdir().unwrap();
        let other = tempfile::tempdir().unwrap();
        fs::write(other.path().join("torte-lease-left"), "").unwrap();
        std::os::unix::fs::symlink(other.path(), parent.path().join("x-link")).unwrap();
        drop(Scratch::make(parent.path(), "x-").unwrap());
        assert!(other.path().join("torte-lease-left").exists());
    }
}
