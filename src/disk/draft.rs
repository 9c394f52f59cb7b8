//! Files that are written under another name and appear whole, or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempPath;

use super::{Error, lease};

/// Who may do what with a finished file, before the umask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Content that never changes again: everybody may read it (0444).
    Frozen,
    /// A secret: nobody but its owner may read it (0600).
    Private,
    /// A file like any other (0666).
    Usual,
}

/// What the name of a draft begins with.
pub(super) const PREFIX: &str = "torte-";
/// The same for an upload, whose bytes come from a client, and which is given up far sooner.
const UPLOAD_PREFIX: &str = "torte-upload-";
/// The same for a secret, which stands in a directory of the user's.
const PRIVATE_PREFIX: &str = ".torte-private-";

/// A file that is being written under a name of its own; dropped unfinished, it is removed.
///
/// A process that is killed leaves it behind, under a name that begins with `torte-`; see [`remove_drafts`].
pub struct Draft {
    pub(super) file: File,
    path: TempPath,
}

impl Draft {
    /// Begins a file in a directory that must be on the same file system as its final place.
    pub fn begin(directory: &Path, access: Access) -> Result<Self, Error> {
        let prefix = if access == Access::Private { PRIVATE_PREFIX } else { PREFIX };
        Self::begin_as(prefix, directory, access)
    }

    /// The same for whoever has no [`Lease`](super::Lease): it is locked as long as it is open, so that others see that its
    /// writer lives.
    pub fn begin_held(directory: &Path, access: Access) -> Result<Self, Error> {
        Self::hold(PREFIX, directory, access)
    }

    /// The same for what a client sends, so that [`remove_uploads`] finds it when it is left behind.
    pub fn begin_upload(directory: &Path) -> Result<Self, Error> {
        Self::hold(UPLOAD_PREFIX, directory, Access::Frozen)
    }

    pub(super) fn hold(prefix: &str, directory: &Path, access: Access) -> Result<Self, Error> {
        loop {
            let draft = Self::begin_as(prefix, directory, access)?;
            // Before it was locked, somebody may have taken it for one that was left behind.
            if lease::hold(&draft.file, &draft.path) {
                return Ok(draft);
            }
        }
    }

    fn begin_as(prefix: &str, directory: &Path, access: Access) -> Result<Self, Error> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(prefix);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = match access {
                Access::Frozen => 0o444,
                Access::Private => 0o600,
                Access::Usual => 0o666,
            };
            builder.permissions(fs::Permissions::from_mode(mode));
        }
        let begun = builder.tempfile_in(directory).map_err(Error::io("create a file in", directory))?;
        let (file, path) = begun.into_parts();
        Ok(Self { file, path })
    }

    /// Writes the next bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_all(bytes).map_err(Error::io("write", &self.path))
    }

    /// Gives the file to another user, if we may.
    #[cfg(unix)]
    pub(super) fn give_to(&self, user: u32, group: u32) {
        let _ = std::os::unix::fs::fchown(&self.file, Some(user), Some(group));
    }

    /// What was written, from the first byte. Further bytes may be written only when it was read to its end.
    pub fn written(&mut self) -> Result<impl Read, Error> {
        self.file.seek(SeekFrom::Start(0)).map_err(Error::io("read", &self.path))?;
        Ok(&self.file)
    }

    /// Ends the writing and gives the descriptor back; nothing is known to be on disk yet.
    pub fn close(self) -> ClosedDraft {
        ClosedDraft { path: self.path }
    }

    /// Waits until the bytes are on disk, then gives the file its final name.
    ///
    /// The name itself is on disk after [`sync_directory`].
    pub fn finish(self, target: &Path) -> Result<(), Error> {
        let Self { file, path } = self;
        file.sync_all().map_err(Error::io("write", &path))?;
        // Held, if it is, until it has its name; but Windows renames no open file.
        let _held = (!cfg!(windows)).then_some(file);
        ClosedDraft { path }.rename(target)
    }
}

/// A draft with all its bytes and without a descriptor, so that thousands can wait at once.
pub struct ClosedDraft {
    path: TempPath,
}

impl ClosedDraft {
    /// Waits until the bytes are on disk; see [`sync_file`].
    pub fn sync(&self) -> Result<(), Error> {
        sync_file(&self.path)
    }

    /// Gives the file its final name, in place of what stood there.
    pub fn rename(self, target: &Path) -> Result<(), Error> {
        self.path.persist(target).map_err(|failed| Error::io("create", target)(failed.error))
    }
}

/// Puts these bytes in the place of a file at once; `through` is a directory on the same file system.
///
/// A crash leaves the old or the new file. Nothing is synced: after a power cut it may be empty.
pub fn replace(target: &Path, through: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut draft = Draft::begin_held(through, Access::Usual)?;
    draft.write(bytes)?;
    draft.close().rename(target)
}

/// Gives a file a second name in place of what stood there; `through` is a directory on the file system of both.
///
/// Not every file system can, and none beyond its own border.
pub fn link(file: &Path, through: &Path, target: &Path) -> Result<(), Error> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    let named =
        builder.make_in(through, |path| fs::hard_link(file, path)).map_err(Error::io("link", file))?;
    let path = named.path().to_owned();
    named.into_temp_path().persist(target).map_err(|failed| Error::io("create", target)(failed.error))?;
    // Where the target was another name of the same file, nothing was renamed.
    let _ = fs::remove_file(path);
    Ok(())
}

/// Removes the drafts in a directory that nobody wrote to since `before`, as killed processes leave them; best effort.
pub fn remove_drafts(directory: &Path, before: SystemTime) {
    remove_stale(PREFIX, directory, before);
}

/// The same for uploads alone.
pub fn remove_uploads(directory: &Path, before: SystemTime) {
    remove_stale(UPLOAD_PREFIX, directory, before);
}

/// The same for secrets, of any age: whoever writes one holds a lock.
pub(super) fn remove_private(directory: &Path) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    let is_private = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(PRIVATE_PREFIX);
    for entry in entries.flatten().filter(is_private) {
        let _ = fs::remove_file(entry.path());
    }
}

fn remove_stale(prefix: &str, directory: &Path, before: SystemTime) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let is_draft = entry.file_name().to_string_lossy().starts_with(prefix);
        // Says nothing of what a link leads to.
        let is_old = entry
            .metadata()
            .is_ok_and(|about| about.is_file() && about.modified().is_ok_and(|modified| modified < before));
        if is_draft && is_old {
            let _ = lease::remove_abandoned(&entry.path());
        }
    }
}

/// Waits until the names in a directory are on disk.
pub fn sync_directory(path: &Path) -> Result<(), Error> {
    if cfg!(windows) {
        return Ok(());
    }
    match File::open(path).and_then(|directory| directory.sync_all()) {
        // Some network file systems cannot sync a directory, and need not.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        outcome => outcome.map_err(Error::io("write", path)),
    }
}

/// Waits until a file's bytes are on disk. A failure is final: a second try could succeed without the bytes.
pub fn sync_file(path: &Path) -> Result<(), Error> {
    // Windows flushes only what it may write.
    let file = OpenOptions::new().read(true).write(cfg!(windows)).open(path);
    file.and_then(|file| file.sync_all()).map_err(Error::io("write", path))
}

/// Creates a directory with all above it that are not there. Returns the directories that got a new entry, which
/// [`sync_directory`] makes durable.
pub fn create_directories(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if path.is_dir() {
        return Ok(Vec::new());
    }
    let parent = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let mut changed = create_directories(parent)?;
    match fs::create_dir(path) {
        Ok(()) => {}
        // Somebody else was faster; whether it is durable is unknown.
        Err(_) if path.is_dir() => {}
        Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotADirectory) => {
            return Err(Error::InTheWay { path: path.to_owned(), expected: "a directory" });
        }
        Err(error) => return Err(Error::io("create", path)(error)),
    }
    changed.push(parent.to_owned());
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_is_seen_of_a_draft_before_it_is_finished() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("done");
        let mut draft = Draft::begin(dir.path(), Access::Frozen).unwrap();
        draft.write(b"first ").unwrap();
        draft.write(b"second").unwrap();
        assert!(!target.exists());
        draft.finish(&target).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"first second");
        assert_eq!(names(dir.path()), ["done"]);
    }

    #[test]
    fn what_was_written_can_be_read_before_it_is_finished() {
        let dir = tempfile::tempdir().unwrap();
        let mut draft = Draft::begin(dir.path(), Access::Frozen).unwrap();
        for expected in ["one", "one two"] {
            draft.write(&expected.as_bytes()[expected.len() - 3..]).unwrap();
            let mut text = String::new();
            draft.written().unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, expected.replace(' ', ""));
        }
    }

    #[test]
    fn a_dropped_draft_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        Draft::begin(dir.path(), Access::Usual).unwrap().write(b"x").unwrap();
        Draft::begin(dir.path(), Access::Usual).unwrap().close().sync().unwrap();
        assert_eq!(names(dir.path()), [""; 0]);
    }

    #[test]
    fn only_drafts_that_nobody_wrote_to_for_long_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let (now, hour) = (SystemTime::now(), Duration::from_hours(1));
        for (name, age) in [("torte-old", 3), ("torte-young", 1), ("other-old", 3)] {
            let file = File::create(dir.path().join(name)).unwrap();
            file.set_modified(now - hour * age).unwrap();
        }
        fs::create_dir(dir.path().join("torte-directory")).unwrap();
        let open = Draft::begin(dir.path(), Access::Frozen).unwrap();
        remove_drafts(dir.path(), now - hour * 2);
        drop(open);
        assert_eq!(names(dir.path()), ["other-old", "torte-directory", "torte-young"]);
        remove_drafts(&dir.path().join("none"), now);
    }

    #[test]
    fn an_upload_is_told_from_other_drafts_and_one_that_is_open_stays() {
        let dir = tempfile::tempdir().unwrap();
        let later = SystemTime::now() + Duration::from_hours(1);
        let leave = || {
            for name in ["torte-upload-left", "torte-left"] {
                fs::write(dir.path().join(name), "").unwrap();
            }
        };
        let open = Draft::begin_upload(dir.path()).unwrap();
        let open_name = open.path.file_name().unwrap().to_str().unwrap().to_owned();
        leave();
        remove_uploads(dir.path(), later);
        assert_eq!(names(dir.path()), ["torte-left".to_owned(), open_name.clone()]);
        leave();
        remove_drafts(dir.path(), later);
        assert_eq!(names(dir.path()), [open_name]);
    }

    #[cfg(unix)]
    #[test]
    fn content_is_read_only_and_other_files_are_not() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        for (access, forbidden) in [(Access::Frozen, 0o222), (Access::Usual, 0o111)] {
            let target = dir.path().join("file");
            Draft::begin(dir.path(), access).unwrap().finish(&target).unwrap();
            let mode = fs::metadata(&target).unwrap().permissions().mode();
            assert_eq!(mode & forbidden, 0, "{access:?}: {mode:o}");
            assert_ne!(mode & 0o444, 0, "{access:?}: {mode:o}");
        }
    }

    #[test]
    fn a_second_name_takes_the_place_of_what_stood_there() {
        let dir = tempfile::tempdir().unwrap();
        let (file, target) = (dir.path().join("file"), dir.path().join("target"));
        fs::write(&file, "content").unwrap();
        fs::write(&target, "other").unwrap();
        for _ in 0..2 {
            link(&file, dir.path(), &target).unwrap();
            assert_eq!(fs::read(&target).unwrap(), b"content");
            assert_eq!(names(dir.path()), ["file", "target"]);
        }
        assert!(link(&dir.path().join("none"), dir.path(), &target).is_err());
        assert_eq!(fs::read(&target).unwrap(), b"content");
        assert_eq!(names(dir.path()), ["file", "target"]);
    }

    #[test]
    fn directories_are_made_with_those_above_and_not_over_files() {
        let dir = tempfile::tempdir().unwrap();
        let changed = create_directories(&dir.path().join("a/b/c")).unwrap();
        assert_eq!(changed, ["", "a", "a/b"].map(|path| dir.path().join(path)));
        assert_eq!(create_directories(&dir.path().join("a/b/c")).unwrap(), [""; 0].map(PathBuf::from));
        assert!(dir.path().join("a/b/c").is_dir());
        fs::write(dir.path().join("file"), "").unwrap();
        for path in ["file", "file/below"] {
            let error = create_directories(&dir.path().join(path)).unwrap_err();
            assert!(matches!(error, Error::InTheWay { .. }), "{error}");
        }
    }

    #[test]
    fn a_replaced_file_is_the_old_or_the_new_one() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("file");
        fs::write(&target, "old").unwrap();
        assert!(replace(&target, &dir.path().join("none"), b"new").is_err());
        assert_eq!(fs::read(&target).unwrap(), b"old");
        replace(&target, dir.path(), b"new").unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"new");
    }
}
