//! Reads files below a directory: never through a link that appeared since, never waiting for a pipe.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Error, File, FileType, LARGEST_FILE, Loaded};

/// A directory that is held open.
///
/// On Unix a file is opened from it component by component, or by the kernel in the same way, and no component may be a
/// link: what another process puts in the place of a listed directory or file leads to an error, never out. Elsewhere a
/// link that appears between listing and reading is followed.
#[derive(Debug)]
pub(super) struct Root {
    /// Its path, with no link left in it.
    path: PathBuf,
    #[cfg(unix)]
    handle: fs::File,
}

impl Root {
    #[cfg(unix)]
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        let handle = fs::File::open(&path)?;
        Ok(Self { path, handle })
    }

    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "it opens a directory where that can be done")]
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        Ok(Self { path })
    }

    /// Reads a file, or what its link means.
    pub(super) fn load(&self, file: &File) -> Result<Loaded, Error> {
        let path = || file.path.clone();
        match &file.file_type {
            FileType::Other => Err(Error::NotAFile { path: path() }),
            FileType::Regular => read(&self.opened(file.native(), path)?, path),
            FileType::Link(_) => read(&self.opened(&self.target(file.native(), path)?, path)?, path),
        }
    }

    /// The file that a link means, below the root.
    fn target(&self, link: &Path, path: impl Fn() -> String) -> Result<PathBuf, Error> {
        let native = self.path.join(link);
        let target = fs::canonicalize(native).map_err(|cause| Error::LinkBroken { path: path(), cause })?;
        let Ok(below) = target.strip_prefix(&self.path) else {
            return Err(Error::LinkLeaves { path: path(), target: target.display().to_string() });
        };
        // Asked before it is opened: to open a device may already do something.
        let found = fs::metadata(&target).map_err(|cause| Error::Io { path: path(), cause })?;
        if found.is_file() { Ok(below.to_owned()) } else { Err(Error::NotAFile { path: path() }) }
    }

    #[cfg(unix)]
    fn opened(&self, native: &Path, path: impl Fn() -> String) -> Result<fs::File, Error> {
        use rustix::io::Errno;
        below(&self.handle, native).map_err(|error| match error {
            // It was no link, and its parents were directories, when they were listed.
            Errno::LOOP | Errno::NOTDIR => Error::Changed { path: path() },
            _ => Error::Io { path: path(), cause: error.into() },
        })
    }

    #[cfg(not(unix))]
    fn opened(&self, native: &Path, path: impl Fn() -> String) -> Result<fs::File, Error> {
        fs::File::open(self.path.join(native)).map_err(|cause| Error::Io { path: path(), cause })
    }
}

/// Opens a file below a directory, following no link.
#[cfg(unix)]
fn below(root: &fs::File, path: &Path) -> rustix::io::Result<fs::File> {
    use rustix::fs::OFlags;
    // To open a pipe would else be to wait for somebody.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NOCTTY | OFlags::NONBLOCK;
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{Mode, ResolveFlags, openat2};
        use rustix::io::Errno;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        match openat2(root, path, flags, Mode::empty(), resolve) {
            // Kernels before 5.6 do not know it, and some sandboxes do not let it through.
            Err(Errno::NOSYS | Errno::PERM) => {}
            answer => return answer.map(fs::File::from),
        }
    }
    step_by_step(root, path, flags)
}

/// The same where the kernel cannot do it at once.
#[cfg(unix)]
fn step_by_step(root: &fs::File, path: &Path, flags: rustix::fs::OFlags) -> rustix::io::Result<fs::File> {
    use rustix::fs::{Mode, OFlags, openat};
    use std::os::fd::{AsFd, OwnedFd};
    let mut names = path.iter().peekable();
    let mut above: Option<OwnedFd> = None;
    while let Some(name) = names.next() {
        let at = above.as_ref().map_or(root.as_fd(), AsFd::as_fd);
        let wanted = if names.peek().is_some() { flags | OFlags::DIRECTORY } else { flags };
        above = Some(openat(at, name, wanted, Mode::empty())?);
    }
    above.map(fs::File::from).ok_or(rustix::io::Errno::ISDIR)
}

fn read(opened: &fs::File, path: impl Fn() -> String) -> Result<Loaded, Error> {
    let failed = |cause| Error::Io { path: path(), cause };
    let found = opened.metadata().map_err(failed)?;
    if !found.is_file() {
        return Err(Error::NotAFile { path: path() });
    }
    if found.len() > LARGEST_FILE {
        return Err(Error::TooLarge { path: path() });
    }
    // What grew since is seen by its new size; some files of the kernel's say that they are empty, and are not.
    let mut bytes = Vec::with_capacity(usize::try_from(found.len()).unwrap_or(0));
    opened.take(found.len().max(1)).read_to_end(&mut bytes).map_err(failed)?;
    let after = opened.metadata().map_err(failed)?;
    if bytes.len() as u64 != found.len() || state(&after) != state(&found) {
        return Err(Error::Changed { path: path() });
    }
    Ok(Loaded { bytes, is_executable: is_executable(&after) })
}

fn state(found: &fs::Metadata) -> (u64, Option<SystemTime>) {
    (found.len(), found.modified().ok())
}

#[cfg(unix)]
fn is_executable(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    found.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &fs::Metadata) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn what_the_kernel_does_at_once_is_the_same_step_by_step() {
        use rustix::fs::OFlags;
        use rustix::io::Errno;
        let place = tempfile::tempdir().unwrap();
        fs::create_dir_all(place.path().join("a/b")).unwrap();
        fs::write(place.path().join("a/b/file"), "text").unwrap();
        symlink("b", place.path().join("a/link")).unwrap();
        symlink("file", place.path().join("a/b/link")).unwrap();
        let root = fs::File::open(place.path()).unwrap();
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let opened = |path: &str| {
            let path = Path::new(path);
            let both = [below(&root, path), step_by_step(&root, path, flags)];
            both.map(|file| file.map(|file| io::read_to_string(file).unwrap()))
        };
        assert_eq!(opened("a/b/file"), [Ok("text".to_owned()), Ok("text".to_owned())]);
        for path in ["a/link/file", "a/b/link"] {
            let [at_once, stepwise] = opened(path);
            assert!(at_once.is_err_and(|error| matches!(error, Errno::LOOP | Errno::NOTDIR)), "{path}");
            assert!(stepwise.is_err_and(|error| matches!(error, Errno::LOOP | Errno::NOTDIR)), "{path}");
        }
        assert_eq!(opened("a/none"), [Err(Errno::NOENT), Err(Errno::NOENT)]);
    }
}
