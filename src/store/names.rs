//! Which repositories a store has, without a look into them.

use super::walk::{Found, walk};
use super::{Store, paths};
use crate::oci::Name;

impl Store {
    /// The names of all repositories, sorted. What cannot be read, and what no reference can name, is passed over; see
    /// [`Store::list`] for what is wrong with it.
    pub fn names(&self) -> Vec<Name> {
        let mut found = Vec::new();
        walk(self.root(), &mut |one| {
            if let Found::Directory { name, path } = one
                && path.join(paths::MARKER).is_file()
            {
                found.extend(name.parse::<Name>().ok().filter(|name| self.locate(name).is_ok()));
            }
        });
        found.sort();
        found
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

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
        // A layout by its marker, under a name that no reference can have.
        fs::copy(store.root().join("org/oci-layout"), store.root().join("org/blobs/oci-layout")).unwrap();
        let names: Vec<_> = store.names().iter().map(ToString::to_string).collect();
        assert_eq!(names, ["a/b/c", "org", "org/app"]);
    }
}
