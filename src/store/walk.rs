//! The way through a store's folder that all take who look for repositories.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::paths;

/// How deep repositories are looked for.
const DEEPEST: usize = 16;

/// What stands in a store's folder, or below it.
pub(super) enum Found<'a> {
    /// A directory, which may be a repository; `name` is the one that it would have.
    Directory { name: &'a str, path: &'a Path },
    /// Something else in the folder itself, where nothing but directories belongs.
    Stray(&'a Path),
    /// A directory that cannot be read.
    Unreadable(&'a Path, io::Error),
}

/// Visits all directories of a store, each before those in it; one that is not there is empty.
///
/// What has a hidden name is anybody's. The folders of a layout's own hold no repositories, and may hold very many files.
pub(super) fn walk(root: &Path, visit: &mut dyn FnMut(Found<'_>)) {
    descend(root, "", 1, visit);
}

fn descend(directory: &Path, above: &str, depth: usize, visit: &mut dyn FnMut(Found<'_>)) {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return,
        Err(error) => return visit(Found::Unreadable(directory, error)),
    };
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return visit(Found::Unreadable(directory, error)),
        };
        let (child, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
        if child.starts_with('.') {
            continue;
        }
        if !path.is_dir() {
            if depth == 1 {
                visit(Found::Stray(&path));
            }
            continue;
        }
        let is_layout = || fs::symlink_metadata(path.join(paths::MARKER)).is_ok();
        if [paths::BLOBS, paths::INGEST].contains(&child.as_str()) && !is_layout() {
            continue;
        }
        let name = format!("{above}{child}");
        visit(Found::Directory { name: &name, path: &path });
        // A link may lead to a layout, but not round in circles.
        let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        if !is_link && depth < DEEPEST {
            descend(&path, &format!("{name}/"), depth + 1, visit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visited(root: &Path) -> Vec<String> {
        let mut names = Vec::new();
        walk(root, &mut |found| {
            names.push(match found {
                Found::Directory { name, .. } => name.to_owned(),
                Found::Stray(path) => format!("stray {}", path.file_name().unwrap().to_str().unwrap()),
                Found::Unreadable(path, error) => panic!("{}: {error}", path.display()),
            });
        });
        names.sort();
        names
    }

    #[test]
    fn all_directories_are_visited_but_those_of_layouts() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        assert_eq!(visited(&root.join("none")), [""; 0]);
        for path in ["app/blobs/sha256", "app/ingest", "app/below/Upper", ".hidden/app", "org/blobs"] {
            fs::create_dir_all(root.join(path)).unwrap();
        }
        for file in ["org/blobs/oci-layout", "org/file", "file", ".DS_Store"] {
            fs::write(root.join(file), "").unwrap();
        }
        assert_eq!(visited(root), ["app", "app/below", "app/below/Upper", "org", "org/blobs", "stray file"]);
    }

    #[test]
    fn it_goes_so_deep_and_no_deeper() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("d/".repeat(DEEPEST + 1))).unwrap();
        assert_eq!(visited(dir.path()).len(), DEEPEST);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_visited_and_not_followed_further() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("app/below")).unwrap();
        std::os::unix::fs::symlink(".", dir.path().join("circle")).unwrap();
        assert_eq!(visited(dir.path()), ["app", "app/below", "circle"]);
    }
}
