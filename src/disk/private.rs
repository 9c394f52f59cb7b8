//! A file of secrets that other programs write too: found through its links, and replaced whole for its owner alone.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::draft::{Access, Draft, sync_directory};
use super::{Error, draft};

/// The most links that are followed one after the other, as Linux has it.
const MOST_LINKS: usize = 40;

/// The file that a path leads to, link by link; it need not be there.
///
/// Fails where anything but a regular file stands there, and where anybody could put another file or link in the way: a
/// directory on the way that all may write to, and without the sticky bit, is [`Error::Exposed`].
pub fn find_private(path: &Path) -> Result<PathBuf, Error> {
    let mut file = std::path::absolute(path).map_err(Error::io("find", path))?;
    for _ in 0..MOST_LINKS {
        let directory = directory_of(&file).to_owned();
        refuse_exposed(&directory)?;
        match fs::symlink_metadata(&file) {
            Ok(found) if found.is_symlink() => {
                file = directory.join(fs::read_link(&file).map_err(Error::io("read the link", &file))?);
            }
            Ok(found) if found.is_file() => return Ok(file),
            Ok(_) => return Err(Error::InTheWay { path: file, expected: "a regular file" }),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(file),
            Err(error) => return Err(Error::io("read", &file)(error)),
        }
    }
    Err(Error::InTheWay { path: path.to_owned(), expected: "a link that leads to a file" })
}

/// Makes the directory of a file, with all above it that are not there, for nobody but their owner.
pub fn create_private_directory(file: &Path) -> Result<(), Error> {
    let directory = directory_of(file);
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(Error::io("create", directory))
}

/// Puts these bytes in the place of a file at once and durably; only its owner may read them.
///
/// The caller holds a lock: what an earlier process left behind in the middle of this is removed.
pub fn replace_private(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    let directory = directory_of(file);
    draft::remove_private(directory);
    let mut draft = Draft::begin(directory, Access::Private)?;
    draft.write(bytes)?;
    keep_owner(&draft, file, directory);
    draft.finish(file)?;
    sync_directory(directory)
}

/// Whether others than its owner may do anything with a file, or with the one that a link leads to.
#[cfg(unix)]
pub fn is_open_to_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

/// Elsewhere, lists of rights say who may read, and are left to the system.
#[cfg(not(unix))]
pub fn is_open_to_others(_: &Path) -> bool {
    false
}

/// The directory of a file whose path is absolute or has one.
fn directory_of(file: &Path) -> &Path {
    file.parent().unwrap_or(file)
}

/// Gives a draft to who owns the file, so that `sudo` takes it from nobody. In a directory of somebody else's the file may
/// have been put there by a stranger: who writes owns it then. Best effort: nobody but root can give a file away.
#[cfg(unix)]
fn keep_owner(draft: &Draft, file: &Path, directory: &Path) {
    use std::os::unix::fs::MetadataExt;
    if let (Ok(old), Ok(above)) = (fs::metadata(file), fs::metadata(directory))
        && old.uid() == above.uid()
    {
        draft.give_to(old.uid(), old.gid());
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &Draft, _: &Path, _: &Path) {}

/// Fails where a directory, or one above it, lets everybody rename what others put there.
///
/// Both the way as it is written and the way as it is count: a link on it can be replaced where it stands.
fn refuse_exposed(directory: &Path) -> Result<(), Error> {
    let there = directory.ancestors().find_map(|above| fs::canonicalize(above).ok()).unwrap_or_default();
    for above in directory.ancestors().chain(there.ancestors()) {
        if fs::metadata(above).is_ok_and(|found| is_exposed(&found)) {
            return Err(Error::Exposed { path: above.to_owned() });
        }
    }
    Ok(())
}

#[cfg(unix)]
fn is_exposed(directory: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    const STICKY: u32 = 0o1000;
    const WRITABLE_BY_ALL: u32 = 0o002;
    directory.permissions().mode() & (STICKY | WRITABLE_BY_ALL) == WRITABLE_BY_ALL
}

/// Elsewhere, lists of rights say who may write, and are left to the system.
#[cfg(not(unix))]
fn is_exposed(_: &fs::Metadata) -> bool {
    false
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn links_are_followed_to_a_file_that_need_not_be_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        fs::create_dir_all(path("dots/docker")).unwrap();
        symlink("dots/docker/config.json", path("first")).unwrap();
        symlink(path("first"), path("second")).unwrap();
        assert_eq!(find_private(&path("second")).unwrap(), path("dots/docker/config.json"));
        fs::write(path("dots/docker/config.json"), "{}").unwrap();
        assert_eq!(find_private(&path("second")).unwrap(), path("dots/docker/config.json"));
        symlink("circle", path("circle")).unwrap();
        for wrong in ["circle", "dots"] {
            assert!(matches!(find_private(&path(wrong)), Err(Error::InTheWay { .. })), "{wrong}");
        }
    }

    #[test]
    fn a_way_that_anybody_can_change_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        fs::create_dir_all(path("open/inner")).unwrap();
        fs::create_dir(path("closed")).unwrap();
        symlink("open/inner/file", path("link")).unwrap();
        symlink(path("open/inner"), path("closed/shelf")).unwrap();
        let ways = ["open/inner/file", "open/file", "open/new/file", "link", "closed/shelf/file"];
        for (rights, is_refused) in [(0o777, true), (0o1777, false), (0o775, false), (0o702, true)] {
            set(&path("open"), rights);
            for way in ways {
                let found = find_private(&path(way));
                let is_exposed =
                    matches!(&found, Err(Error::Exposed { path: named }) if *named == path("open"));
                assert_eq!(is_exposed, is_refused, "{way} {rights:o}: {found:?}");
            }
        }
    }

    #[test]
    fn a_file_and_its_directories_are_its_owners_alone() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a/b/file");
        create_private_directory(&file).unwrap();
        assert_eq!((mode(&dir.path().join("a")), mode(&dir.path().join("a/b"))), (0o700, 0o700));
        replace_private(&file, b"new").unwrap();
        set(&file, 0o644);
        replace_private(&file, b"newer").unwrap();
        assert_eq!((fs::read(&file).unwrap().as_slice(), mode(&file)), (&b"newer"[..], 0o600));
    }

    #[test]
    fn what_a_killed_process_left_is_removed_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let left = Draft::begin(dir.path(), Access::Private).unwrap();
        let named = fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap().path();
        fs::write(dir.path().join("torte-notes"), "mine").unwrap();
        replace_private(&dir.path().join("file"), b"new").unwrap();
        assert!(!named.exists() && dir.path().join("torte-notes").exists());
        drop(left);
    }
}
