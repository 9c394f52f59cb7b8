//! Which repositories a store has, without a look into them.

use std::fs;
use std::path::Path;

use super::{Store, ground};
use crate::oci::Name;

/// How deep repositories are looked for.
const DEEPEST: usize = 16;

impl Store {
    /// The names of all repositories, sorted. What cannot be read, and what no reference can name, is passed over; see
    /// [`Store::list`] for what is wrong with it.
    pub fn names(&self) -> Vec<Name> {
        let mut found = Vec::new();
        descend(self.root(), "", 1, &mut found);
        found.sort();
        found
    }
}

fn descend(path: &Path, above: &str, depth: usize, found: &mut Vec<Name>) {
    let Ok(entries) = fs::read_dir(path) else { return };
    for entry in entries.flatten() {
        let child = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if child.starts_with('.') || ["blobs", "ingest"].contains(&child.as_str()) || !path.is_dir() {
            continue;
        }
        let name = format!("{above}{child}");
        if path.join(ground::MARKER).is_file() {
            found.extend(name.parse::<Name>());
        }
        // A link may lead to a layout, but not round in circles.
        let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        if !is_link && depth < DEEPEST {
            descend(&path, &format!("{name}/"), depth + 1, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_repositories_are_named_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(dir.path().join("store"));
        assert_eq!(store.names(), []);
        for name in ["zoo", "org", "org/app", "a/b/c"] {
            store.create(&name.parse().unwrap()).unwrap();
        }
        fs::create_dir(store.root().join("empty")).unwrap();
        fs::write(store.root().join("file"), "").unwrap();
        fs::rename(store.root().join("zoo"), store.root().join("Zoo")).unwrap();
        let names: Vec<_> = store.names().iter().map(ToString::to_string).collect();
        assert_eq!(names, ["a/b/c", "org", "org/app"]);
    }
}
