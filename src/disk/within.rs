//! Paths from elsewhere that are written below a directory, and never lead out of it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Error;

const LONGEST_PATH: usize = 4096;
const LONGEST_COMPONENT: usize = 255;

/// The components of a relative path that is written with `/`, none of which leads up, out, or to a device.
pub(super) fn components(path: &str) -> Result<Vec<&str>, Error> {
    let outside = |why| Err(Error::Outside { path: path.chars().take(200).collect(), why });
    if path.is_empty() {
        return outside("it is empty");
    }
    if path.len() > LONGEST_PATH {
        return outside("it is longer than 4096 bytes");
    }
    if path.starts_with('/') {
        return outside("it is absolute");
    }
    if path.contains(['\0', '\\']) {
        return outside("it has a NUL or a backslash in it");
    }
    if path.as_bytes()[0].is_ascii_alphabetic() && path.as_bytes().get(1) == Some(&b':') {
        return outside("it begins with a drive");
    }
    let components: Vec<_> = path.split('/').collect();
    for component in &components {
        if matches!(*component, "" | "." | "..") {
            return outside("it has an empty component, `.` or `..` in it");
        }
        if component.len() > LONGEST_COMPONENT {
            return outside("a component is longer than 255 bytes");
        }
    }
    Ok(components)
}

/// Where a file of these components is below a directory; all above it is checked to be a real directory or nothing,
/// so that no link leads out.
///
/// Whoever may write into the directory can still put a link there between this check and the use.
pub(super) fn place(directory: &Path, components: &[&str]) -> Result<PathBuf, Error> {
    let mut path = directory.to_owned();
    let (_, above) = components.split_last().unwrap_or((&"", &[]));
    for component in above {
        path.push(component);
        // Where nothing is, nothing is below it either.
        if !is_directory(&path)? {
            break;
        }
    }
    Ok(components.iter().fold(directory.to_owned(), |path, component| path.join(component)))
}

/// Whether a directory stands there, or nothing; anything else, such as a link to one, is in the way.
pub(super) fn is_directory(path: &Path) -> Result<bool, Error> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => Ok(true),
        Ok(_) => Err(Error::InTheWay { path: path.to_owned(), expected: "a directory" }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_could_leave_a_directory_are_refused() {
        for bad in [
            "",
            "/abs",
            "..",
            "../x",
            "a/../../x",
            "a/..",
            "./x",
            "a//b",
            "a/",
            "\\x",
            "a\\..\\x",
            "C:\\x",
            "C:x",
            "\\\\?\\x",
            "//server/share",
            "a\0b",
        ] {
            assert!(matches!(components(bad), Err(Error::Outside { .. })), "{bad:?}");
        }
        assert!(components(&"a".repeat(256)).is_err());
        assert!(components(&"a/".repeat(2049)).is_err());
    }

    #[test]
    fn plain_paths_are_taken() {
        for good in ["a", "a/b.yml", "..a/...", "ab:c", "ä/ß"] {
            assert_eq!(components(good).unwrap().join("/"), good);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_above_a_file_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let inside = dir.path().join("inside");
        fs::create_dir(&inside).unwrap();
        std::os::unix::fs::symlink(dir.path(), inside.join("link")).unwrap();
        std::os::unix::fs::symlink(&inside, inside.join("self")).unwrap();
        for path in ["link/x", "self/x", "self/self/x"] {
            assert!(
                matches!(place(&inside, &components(path).unwrap()), Err(Error::InTheWay { .. })),
                "{path}"
            );
        }
        assert_eq!(place(&inside, &["new", "x"]).unwrap(), inside.join("new/x"));
    }
}
