//! The directories of a tree, each once and after the one that it stands in, and what stands in them.

use std::collections::HashMap;

/// The root.
pub(super) const ROOT: usize = 0;

/// Directories by number, and files by their place among the items.
#[derive(Debug)]
pub(super) struct Directories<'a> {
    /// The directory above each; the root stands in itself.
    parents: Vec<usize>,
    children: HashMap<(usize, &'a str), usize>,
    files: HashMap<(usize, &'a str), usize>,
    /// The directory of each file.
    homes: Vec<usize>,
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    File(usize),
    Directory(usize),
    Nothing,
}

impl<'a> Directories<'a> {
    /// The directories of these files, with `/` between names.
    pub(super) fn of(paths: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let mut found = Self {
            parents: vec![ROOT],
            children: HashMap::new(),
            files: HashMap::with_capacity(paths.len()),
            homes: Vec::with_capacity(paths.len()),
        };
        // Files of one directory mostly come together.
        let mut last = ("", ROOT);
        for (at, path) in paths.enumerate() {
            let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
            if above != last.0 {
                last = (above, found.directory(above));
            }
            found.homes.push(last.1);
            found.files.entry((last.1, name)).or_insert(at);
        }
        found
    }

    fn directory(&mut self, path: &'a str) -> usize {
        if path.is_empty() {
            return ROOT;
        }
        path.split('/').fold(ROOT, |above, name| {
            let next = self.parents.len();
            let id = *self.children.entry((above, name)).or_insert(next);
            if id == next {
                self.parents.push(above);
            }
            id
        })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.parents.len()
    }

    /// The directory above; none for the root.
    pub(super) fn parent(&self, directory: usize) -> Option<usize> {
        (directory != ROOT).then(|| self.parents[directory])
    }

    /// The directory of a file.
    pub(super) fn home(&self, file: usize) -> usize {
        self.homes[file]
    }

    /// Where a path leads that begins in a directory; none where it leaves the tree.
    pub(super) fn follow(&self, from: usize, path: &str) -> Option<Found> {
        if path.starts_with('/') {
            return None;
        }
        let mut at = Place::Known(from);
        for name in path.split('/').filter(|name| !name.is_empty() && *name != ".") {
            at = if name == ".." { self.up(at)? } else { self.down(at, name) };
        }
        Some(match at {
            Place::Known(directory) => Found::Directory(directory),
            Place::File(_, file) => Found::File(file),
            Place::Unknown { .. } => Found::Nothing,
        })
    }

    fn up(&self, at: Place) -> Option<Place> {
        match at {
            Place::Known(directory) => self.parent(directory).map(Place::Known),
            // As text, which is how kustomize cleans a path: what stands before `..` need not exist.
            Place::File(home, _) | Place::Unknown { above: home, depth: 1 } => Some(Place::Known(home)),
            Place::Unknown { above, depth } => Some(Place::Unknown { above, depth: depth - 1 }),
        }
    }

    fn down(&self, at: Place, name: &str) -> Place {
        match at {
            Place::Known(directory) => {
                let below = self.children.get(&(directory, name)).map(|child| Place::Known(*child));
                let file = || self.files.get(&(directory, name)).map(|file| Place::File(directory, *file));
                below.or_else(file).unwrap_or(Place::Unknown { above: directory, depth: 1 })
            }
            Place::File(home, _) => Place::Unknown { above: home, depth: 2 },
            Place::Unknown { above, depth } => Place::Unknown { above, depth: depth + 1 },
        }
    }
}

/// How far a path was followed.
#[derive(Clone, Copy)]
enum Place {
    Known(usize),
    File(usize, usize),
    /// So many names below a directory, the first of which it does not have.
    Unknown {
        above: usize,
        depth: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_comes_after_the_one_that_it_stands_in() {
        let paths = ["a/b/c/f", "g", "a/h", "a/b/i", "d/e/j"];
        let directories = Directories::of(paths.into_iter());
        assert_eq!(directories.len(), 6, "the root, a, a/b, a/b/c, d, d/e");
        assert!((1..6).all(|at| directories.parent(at).is_some_and(|above| above < at)));
        assert_eq!(directories.parent(ROOT), None);
        assert_eq!(directories.home(1), ROOT);
        assert_eq!(directories.parent(directories.home(0)), Some(directories.home(3)));
    }

    #[test]
    fn paths_are_followed_as_text() {
        let paths = ["a/b/f", "a/g", "h"];
        let directories = Directories::of(paths.into_iter());
        let (b, a) = (directories.home(0), directories.home(1));
        let table = [
            ("f", Some(Found::File(0))),
            ("./f", Some(Found::File(0))),
            ("../g", Some(Found::File(1))),
            ("..//g", Some(Found::File(1))),
            ("../../h", Some(Found::File(2))),
            ("", Some(Found::Directory(b))),
            ("..", Some(Found::Directory(a))),
            ("../../a/b/", Some(Found::Directory(b))),
            ("../..", Some(Found::Directory(ROOT))),
            ("nope", Some(Found::Nothing)),
            ("nope/deeper/../../f", Some(Found::File(0))),
            ("nope/deeper/../f", Some(Found::Nothing)),
            ("f/../f", Some(Found::File(0))),
            ("f/x", Some(Found::Nothing)),
            ("f/x/../../f", Some(Found::File(0))),
            ("../../..", None),
            ("nope/../../../../h", None),
            ("/a/b/f", None),
        ];
        for (path, found) in table {
            assert_eq!(directories.follow(b, path), found, "{path}");
        }
    }
}
