//! Where a store has repositories, and what else stands in its folder; looks into none of them.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::check::{Fault, Problem};
use super::walk::{Found, walk};
use super::{Store, paths};
use crate::oci::Name;

/// What is wrong with anything else than a directory in a store's folder.
pub(super) const STRAY: &str = "a store holds image layouts only; with this in it, Flipt lists nothing";

/// What stands in a store's folder.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// Directories that are repositories, or were, or are about to be; sorted.
    pub repositories: Vec<(Name, PathBuf)>,
    /// What does not belong there, and what cannot be read.
    pub faults: Vec<Fault>,
    /// What the folder is itself.
    pub ground: Ground,
    /// Whether a repository was found, also one whose path is no name.
    has_repository: bool,
}

/// What a folder is that somebody calls a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ground {
    /// It is not there.
    Absent,
    /// A repository itself.
    Layout,
    /// It holds something, and nothing of it is a repository.
    Other,
    /// It holds repositories, or nothing yet.
    #[default]
    Store,
}

/// Whether a directory is a repository, sound or not.
pub fn is_repository(path: &Path) -> bool {
    paths::signs().any(|sign| fs::symlink_metadata(path.join(sign)).is_ok())
}

impl Store {
    /// Looks for repositories. A store that does not exist is empty.
    pub fn survey(&self) -> Survey {
        let mut survey = Survey::default();
        walk(self.root(), &mut |found| survey.note(found));
        survey.repositories.sort();
        survey.ground = survey.ground_of(self.root());
        survey
    }
}

impl Survey {
    fn ground_of(&self, root: &Path) -> Ground {
        let entries = match fs::read_dir(root) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ground::Absent,
            // That it cannot be read is a fault, and told as such.
            Err(_) => return Ground::Store,
            Ok(entries) => entries,
        };
        let is_shown = |entry: fs::DirEntry| !entry.file_name().to_string_lossy().starts_with('.');
        match (is_repository(root), self.has_repository) {
            (true, _) => Ground::Layout,
            (false, false) if entries.flatten().any(is_shown) => Ground::Other,
            (false, _) => Ground::Store,
        }
    }

    fn note(&mut self, found: Found<'_>) {
        let (problem, path, what, todo) = match found {
            Found::Directory { path, .. } if !is_repository(path) => return,
            Found::Directory { name, path } => {
                self.has_repository = true;
                if let Ok(name) = name.parse::<Name>() {
                    return self.repositories.push((name, path.to_owned()));
                }
                let what = "its path is not the name of a repository, so that it was not looked into";
                let todo = format!("look into it by its path: `torte check ocidir://{}`", path.display());
                (Problem::Stray, path, what.to_owned(), todo)
            }
            Found::Stray(path) => {
                let todo = "torte leaves it alone; move it elsewhere";
                (Problem::Stray, path, STRAY.to_owned(), todo.to_owned())
            }
            Found::Unreadable(path, error) => {
                let todo = "let torte read it, and check again";
                (Problem::Unreadable, path, format!("it cannot be read: {error}"), todo.to_owned())
            }
        };
        self.faults.push(Fault::new(problem, path, what, todo));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_found_whole_or_not_and_the_rest_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(dir.path().join("store"));
        assert!(store.survey().repositories.is_empty() && store.survey().faults.is_empty());
        for name in ["org/app", "org", "broken"] {
            store.create(&name.parse().unwrap()).unwrap();
        }
        fs::remove_file(store.root().join("broken/oci-layout")).unwrap();
        store.create(&"upper".parse().unwrap()).unwrap();
        fs::rename(store.root().join("upper"), store.root().join("Upper")).unwrap();
        fs::create_dir_all(store.root().join("empty/below")).unwrap();
        fs::write(store.root().join("stray"), "").unwrap();
        fs::write(store.root().join(".DS_Store"), "").unwrap();
        let survey = store.survey();
        let names: Vec<_> = survey.repositories.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["broken", "org", "org/app"]);
        let mut wrong: Vec<_> =
            survey.faults.iter().map(|fault| fault.path.file_name().unwrap().to_str().unwrap()).collect();
        wrong.sort_unstable();
        assert_eq!(wrong, ["Upper", "stray"]);
    }
}
