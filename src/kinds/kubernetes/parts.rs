//! From files in their groups to the entries of archives: each directory once in each, before what is in it.

use std::collections::{BTreeMap, HashSet};

use super::group::Group;
use super::group::name::{self, SHARED};
use super::layers::{Packed, Part};
use crate::source::Entry;

/// A file to be packed.
#[derive(Debug, Default)]
pub(super) struct Chosen<'t> {
    pub(super) path: &'t str,
    pub(super) is_executable: bool,
    pub(super) bytes: Vec<u8>,
}

impl<'t> Chosen<'t> {
    /// The entry of a layer; `reason` is why it is in that one.
    fn packed(self, reason: &'static str) -> Packed<'t> {
        let Self { path, is_executable, bytes } = self;
        Packed::File { path, is_executable, bytes, reason }
    }
}

/// A part for each group; `directories` are those that nothing else would tell of, and go to `_shared`.
pub(super) fn of_groups<'t>(
    groups: Vec<Group>,
    files: Vec<Chosen<'t>>,
    directories: &[&'t str],
) -> Vec<Part<'t>> {
    let mut files: Vec<Option<Chosen<'t>>> = files.into_iter().map(Some).collect();
    let mut parts: BTreeMap<Key, Builder<'t>> = BTreeMap::new();
    for group in groups {
        let mut part = Builder::default();
        for (at, reason) in group.files {
            // Each file is in one group, so that it is there when its turn comes.
            let Some(file) = files.get_mut(at).and_then(Option::take) else { continue };
            part.add(file, reason.slug());
        }
        part.requires = group.requires;
        parts.insert(Key(group.name), part);
    }
    if !directories.is_empty() {
        let shared = parts.entry(Key(SHARED.to_owned())).or_default();
        for path in directories {
            shared.directory(path);
        }
    }
    let part =
        |(Key(name), part): (Key, Builder<'t>)| Part { name, requires: part.requires, entries: part.entries };
    parts.into_iter().map(part).collect()
}

/// The one part of a bundle without groups, as Flux packs it: `.` first, then all in the order of the walk.
pub(super) fn whole<'t>(entries: impl Iterator<Item = Entry<'t>>, files: Vec<Chosen<'t>>) -> Part<'t> {
    let mut files = files.into_iter();
    let packed = entries.filter_map(|entry| match entry {
        Entry::Directory(path) => Some(Packed::Directory { path }),
        // They come in the same order.
        Entry::File(_) => files.next().map(|file| file.packed("none")),
    });
    let entries = std::iter::once(Packed::Directory { path: "." }).chain(packed).collect();
    Part { entries, ..Part::default() }
}

/// A group's name, in the order of the layers.
#[derive(PartialEq, Eq)]
struct Key(String);

impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        name::order(&self.0, &other.0)
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

#[derive(Default)]
struct Builder<'t> {
    requires: Vec<String>,
    entries: Vec<Packed<'t>>,
    directories: HashSet<&'t str>,
}

impl<'t> Builder<'t> {
    fn add(&mut self, file: Chosen<'t>, reason: &'static str) {
        if let Some((parent, _)) = file.path.rsplit_once('/') {
            self.directory(parent);
        }
        self.entries.push(file.packed(reason));
    }

    /// A directory, after those that it is in.
    fn directory(&mut self, path: &'t str) {
        if self.directories.contains(path) {
            return;
        }
        if let Some((parent, _)) = path.rsplit_once('/') {
            self.directory(parent);
        }
        self.directories.insert(path);
        self.entries.push(Packed::Directory { path });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::kubernetes::group::reason::Reason;

    fn chosen(path: &str) -> Chosen<'_> {
        Chosen { path, ..Chosen::default() }
    }

    fn shown(part: &Part<'_>) -> String {
        let path = |entry: &Packed<'_>| match entry {
            Packed::Directory { path } => format!("{path}/"),
            Packed::File { path, .. } => (*path).to_owned(),
        };
        format!("{}: {}", part.name, part.entries.iter().map(path).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn each_part_has_its_directories_once_and_before_their_files() {
        let files = ["a/b/x", "a/y", "a/z"].map(chosen).into();
        let group = |name: &str, files: &[usize]| Group {
            name: name.to_owned(),
            requires: Vec::new(),
            files: files.iter().map(|at| (*at, Reason::None)).collect(),
        };
        let parts = of_groups(vec![group("web", &[0, 2]), group("pay", &[1])], files, &["e/f"]);
        let parts: Vec<String> = parts.iter().map(shown).collect();
        assert_eq!(parts, ["_shared: e/ e/f/", "pay: a/ a/y", "web: a/ a/b/ a/b/x a/z"]);
    }
}
