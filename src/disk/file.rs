//! Reads regular files, and nothing that only looks like one: no link is followed, no pipe is waited for.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::Error;

/// Times that lie further ahead say nothing of an age.
pub const AHEAD: Duration = Duration::from_hours(1);

/// The size in bytes of a regular file; `None` where there is nothing.
///
/// A link, a directory, a pipe or a device is [`Error::InTheWay`].
pub fn size(path: &Path) -> Result<Option<u64>, Error> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => Ok(Some(found.len())),
        Ok(_) => Err(Error::InTheWay { path: path.to_owned(), expected: "a regular file" }),
        Err(error) if is_absence(error.kind()) => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// Opens a regular file to read it, as [`size`] sees it.
pub fn open(path: &Path) -> Result<Option<File>, Error> {
    if size(path)?.is_none() {
        return Ok(None);
    }
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if is_absence(error.kind()) => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// Reads a whole regular file of at most so many bytes.
pub fn read(path: &Path, at_most: u64) -> Result<Option<Vec<u8>>, Error> {
    open(path)?.map(|file| whole(path, file, at_most)).transpose()
}

/// The same for a file that the user named, where a link is meant to be followed; anything else is [`Error::NotAFile`].
pub fn read_named(path: &Path, at_most: u64) -> Result<Option<Vec<u8>>, Error> {
    let opened = match fs::metadata(path) {
        Ok(found) if !found.is_file() => return Err(Error::NotAFile { path: path.to_owned() }),
        Ok(_) => File::open(path),
        Err(error) => Err(error),
    };
    match opened {
        Ok(file) => whole(path, file, at_most).map(Some),
        Err(error) if is_absence(error.kind()) => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// The bytes of an open file. Where they are a secret, no part of them is left where a growing buffer was.
fn whole(path: &Path, file: File, at_most: u64) -> Result<Vec<u8>, Error> {
    let size = file.metadata().map_err(Error::io("read", path))?.len();
    // One more, so that the end of the file is found without growing.
    let room = size.min(at_most).saturating_add(1);
    let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or_default());
    file.take(at_most.saturating_add(1)).read_to_end(&mut bytes).map_err(Error::io("read", path))?;
    if bytes.len() as u64 > at_most {
        return Err(Error::TooLarge { path: path.to_owned(), limit: at_most });
    }
    Ok(bytes)
}

/// Removes a regular file, as [`size`] sees it; tells whether it was there.
pub fn remove(path: &Path) -> Result<bool, Error> {
    if size(path)?.is_none() {
        return Ok(false);
    }
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if is_absence(error.kind()) => Ok(false),
        Err(error) => Err(Error::io("remove", path)(error)),
    }
}

/// Lets a file look as if it had been written to at `now`, but never as older than it is: somebody else may rely on its
/// time. Done where it is allowed.
pub fn freshen(file: &File, now: SystemTime) {
    let modified = file.metadata().and_then(|about| about.modified());
    let is_ahead = |then| now.checked_add(AHEAD).is_some_and(|latest| then > latest);
    if modified.is_ok_and(|then| then < now || is_ahead(then)) {
        let _ = file.set_modified(now);
    }
}

/// The bytes that the removal of a file gives back: none where it has another name too.
pub fn space(about: &fs::Metadata) -> u64 {
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::nlink(about) > 1 {
        return 0;
    }
    about.len()
}

/// Whether files may be made in a directory, as far as the system says so beforehand.
pub fn may_write_into(directory: &Path) -> bool {
    #[cfg(unix)]
    {
        use rustix::fs::{Access, access};
        access(directory, Access::WRITE_OK | Access::EXEC_OK).is_ok()
    }
    #[cfg(not(unix))]
    {
        let _ = directory;
        true
    }
}

/// Whether there is nothing, or a directory without entries. A file is [`Error::InTheWay`].
pub fn is_vacant(path: &Path) -> Result<bool, Error> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            Err(Error::InTheWay { path: path.to_owned(), expected: "a directory" })
        }
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

fn is_absence(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "12345").unwrap();
        assert_eq!(read(&file, 5).unwrap().unwrap(), b"12345");
        assert!(matches!(read(&file, 4), Err(Error::TooLarge { limit: 4, .. })));
        assert_eq!(read(&dir.path().join("none"), 4).unwrap(), None);
        assert_eq!(read(&file.join("below"), 4).unwrap(), None);
        assert!(matches!(read(dir.path(), 4), Err(Error::InTheWay { .. })));
    }

    #[test]
    fn only_regular_files_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(remove(&file).unwrap());
        assert!(!remove(&file).unwrap() && !file.exists());
        assert!(matches!(remove(dir.path()), Err(Error::InTheWay { .. })));
    }

    #[test]
    fn a_file_becomes_younger_and_never_older_unless_its_time_says_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let file = File::create(dir.path().join("file")).unwrap();
        let (now, second) = (SystemTime::now(), Duration::from_secs(1));
        let later = now + second;
        for (was, becomes) in [
            (now - second, now),
            (now, now),
            (later, later),
            (now + AHEAD, now + AHEAD),
            (later + AHEAD, now),
        ] {
            file.set_modified(was).unwrap();
            freshen(&file, now);
            assert_eq!(file.metadata().unwrap().modified().unwrap(), becomes);
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_and_pipes_are_refused_without_waiting() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link, pipe) = (dir.path().join("f"), dir.path().join("l"), dir.path().join("p"));
        fs::write(&file, "x").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(matches!(read(&link, 4), Err(Error::InTheWay { .. })));
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        assert!(matches!(read(&pipe, 4), Err(Error::InTheWay { .. })));
        assert!(matches!(read_named(&pipe, 4), Err(Error::NotAFile { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_named_file_is_read_through_its_links_and_named_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("f"), dir.path().join("l"));
        fs::write(&file, "12345").unwrap();
        std::os::unix::fs::symlink("f", &link).unwrap();
        assert_eq!(read_named(&link, 5).unwrap().unwrap(), b"12345");
        assert!(matches!(read_named(&link, 4), Err(Error::TooLarge { path, .. }) if path == link));
        fs::remove_file(&file).unwrap();
        assert_eq!(read_named(&link, 5).unwrap(), None);
        let error = read_named(dir.path(), 5).unwrap_err().to_string();
        assert_eq!(error, format!("`{}` is not a file", dir.path().display()));
    }

    #[test]
    fn a_missing_and_an_empty_directory_are_vacant() {
        let dir = tempfile::tempdir().unwrap();
        assert!(is_vacant(dir.path()).unwrap());
        assert!(is_vacant(&dir.path().join("none")).unwrap());
        fs::write(dir.path().join("file"), "").unwrap();
        assert!(!is_vacant(dir.path()).unwrap());
        assert!(is_vacant(&dir.path().join("file")).is_err());
    }
}
