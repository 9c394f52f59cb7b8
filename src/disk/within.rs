//! Paths from elsewhere that are written below a directory, and never lead out of it.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::Error;

const LONGEST_PATH: usize = 4096;
const LONGEST_COMPONENT: usize = 255;

/// Refuses anything but a relative path that is written with `/`, and of which no component leads up, out, or to a device.
pub(super) fn check(path: &str) -> Result<(), Error> {
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
    for component in path.split('/') {
        if matches!(component, "" | "." | "..") {
            return outside("it has an empty component, `.` or `..` in it");
        }
        if component.len() > LONGEST_COMPONENT {
            return outside("a component is longer than 255 bytes");
        }
    }
    Ok(())
}

/// Whether a directory stands there, or nothing; anything else, such as a link to one, is in the way.
///
/// Whoever asks this of each directory above a file, the outermost first, is led out by no link. Who may write there can
/// still put one between the question and the use.
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
            assert!(matches!(check(bad), Err(Error::Outside { .. })), "{bad:?}");
        }
        assert!(check(&"a".repeat(256)).is_err());
        assert!(check(&"a/".repeat(2049)).is_err());
    }

    #[test]
    fn plain_paths_are_taken() {
        for good in ["a", "a/b.yml", "..a/...", "ab:c", "ä/ß"] {
            assert!(check(good).is_ok(), "{good}");
        }
    }
}
