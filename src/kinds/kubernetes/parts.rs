//! From files in their groups to the entries of archives: each directory once in each, before what is in it.

use std::collections::HashSet;

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

/// A part for each group, which stand in the order of the layers; `directories` are those that nothing else would tell
/// of, and go to `_shared`.
pub(super) fn of_groups<'t>(
    groups: Vec<Group>,
    files: Vec<Chosen<'t>>,
    directories: &[&'t str],
) -> Vec<Part<'t>> {
    let mut files: Vec<Option<Chosen<'t>>> = files.into_iter().map(Some).collect();
    let mut builder = |Group { name, requires, files: places }: Group| {
        let mut builder = Builder::of(Part { name, requires, entries: Vec::with_capacity(places.len() + 1) });
        for (at, reason) in places {
            // Each file is in one group, so that it is there when its turn comes.
            let Some(file) = files.get_mut(at).and_then(Option::take) else { continue };
            builder.add(file, reason.slug());
        }
        builder
    };
    let mut builders: Vec<Builder<'t>> = groups.into_iter().map(&mut builder).collect();
    if !directories.is_empty() {
        let found = builders.binary_search_by(|builder| name::order(&builder.part.name, SHARED));
        let at = found.unwrap_or_else(|at| {
            builders.insert(at, Builder::of(Part { name: SHARED.to_owned(), ..Part::default() }));
            at
        });
        for path in directories {
            builders[at].directory(path);
        }
    }
    builders.into_iter().map(|builder| builder.part).collect()
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

/// A part, as far as it goes.
struct Builder<'t> {
    part: Part<'t>,
    /// Those that are in it.
    directories: HashSet<&'t str>,
}

impl<'t> Builder<'t> {
    fn of(part: Part<'t>) -> Self {
        Self { part, directories: HashSet::new() }
    }

    fn add(&mut self, file: Chosen<'t>, reason: &'static str) {
        if let Some((parent, _)) = file.path.rsplit_once('/') {
            self.directory(parent);
        }
        self.part.entries.push(file.packed(reason));
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
        self.part.entries.push(Packed::Directory { path });
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
        let parts = of_groups(vec![group("pay", &[1]), group("web", &[0, 2])], files, &["e/f"]);
        let parts: Vec<String> = parts.iter().map(shown).collect();
        assert_eq!(parts, ["_shared: e/ e/f/", "pay: a/ a/y", "web: a/ a/b/ a/b/x a/z"]);
    }
}
