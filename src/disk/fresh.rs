//! Files that must not be there yet: each is written under its own name, or none of them stays.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use super::{Error, sync_directory};

/// A file to be.
pub struct Fresh<'a> {
    /// Its name.
    pub path: &'a Path,
    /// What is in it.
    pub content: &'a [u8],
    /// Whether nobody else may read it (0600).
    pub is_private: bool,
}

/// Writes all of these files. Where one of them exists, even as a link to nowhere, nothing is written; where one cannot
/// be written, the others go again.
pub fn write_fresh(files: &[Fresh<'_>]) -> Result<(), Error> {
    let mut written = Vec::new();
    for file in files {
        if let Err(error) = write(file, &mut written) {
            for path in written {
                // Whoever looks next finds it in the way, and is told.
                let _ = fs::remove_file(path);
            }
            return Err(error);
        }
    }
    for file in files {
        let folder = file.path.parent().filter(|parent| !parent.as_os_str().is_empty());
        sync_directory(folder.unwrap_or(Path::new(".")))?;
    }
    Ok(())
}

fn write<'a>(file: &Fresh<'a>, written: &mut Vec<&'a Path>) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(if file.is_private { 0o600 } else { 0o644 });
    }
    let mut open = match options.open(file.path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(Error::InTheWay { path: file.path.to_owned(), expected: "nothing" });
        }
        other => other.map_err(Error::io("create", file.path))?,
    };
    written.push(file.path);
    open.write_all(file.content).and_then(|()| open.sync_all()).map_err(Error::io("write", file.path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_written_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("a.key"), folder.path().join("a.pub"));
        let pair = [
            Fresh { path: &first, content: b"private", is_private: true },
            Fresh { path: &second, content: b"public", is_private: false },
        ];
        fs::write(&second, "old").unwrap();
        assert!(matches!(write_fresh(&pair), Err(Error::InTheWay { .. })));
        assert!(!first.exists(), "none of them stays");
        assert_eq!(fs::read(&second).unwrap(), b"old");
        fs::remove_file(&second).unwrap();
        write_fresh(&pair).unwrap();
        assert_eq!(
            (fs::read(&first).unwrap(), fs::read(&second).unwrap()),
            (b"private".into(), b"public".into())
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&first).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert!(matches!(write_fresh(&pair), Err(Error::InTheWay { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_nowhere_is_in_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let (link, target) = (folder.path().join("a.key"), folder.path().join("target"));
        std::os::unix::fs::symlink(&target, &link).unwrap();
        let file = Fresh { path: &link, content: b"private", is_private: true };
        assert!(matches!(write_fresh(&[file]), Err(Error::InTheWay { .. })));
        assert!(!target.exists());
    }
}
