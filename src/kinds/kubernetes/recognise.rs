//! Whether a tree looks like one of manifests.

use super::ignore::Ignore;
use super::outline::{is_manifest, outline};
use crate::kinds::Fault;
use crate::source::{File, FileType, Tree};

/// What such a tree is recognised by, in words.
pub(in crate::kinds) const SIGNS: &str =
    "no file ending in `.yaml`, `.yml` or `.json` with an `apiVersion` and a `kind`";

/// How many files that cannot be read are told.
const TOLD: usize = 10;
/// How many files are looked into; where so many hold no object, the next ones hardly will.
const LOOKED_INTO: usize = 1_000;

/// What a chart of Helm has in its root: it is told apart from a mere directory, for it is refused with a word on why.
const CHART: &str = "Chart.yaml";

/// Whether a file holds an object, leaving out those that another kind takes for its own.
pub(in crate::kinds) fn recognises(tree: &Tree, is_taken: impl Fn(&str) -> bool) -> bool {
    let holds_object =
        |file: &File| tree.read(file).is_ok_and(|bytes| !outline(&file.path, &bytes).objects.is_empty());
    tree.find(CHART).is_some()
        || candidates(tree).filter(|file| !is_taken(&file.path)).take(LOOKED_INTO).any(holds_object)
}

/// What is wrong with files that might hold an object if they could be read.
pub(in crate::kinds) fn unreadable(tree: &Tree) -> Vec<Fault> {
    let fault = |file: &File| {
        let bytes = tree.read(file).ok()?;
        let problem = outline(&file.path, &bytes).unreadable?;
        Some(Fault::of(&file.path, problem))
    };
    candidates(tree).take(LOOKED_INTO).filter_map(fault).take(TOLD).collect()
}

fn candidates(tree: &Tree) -> impl Iterator<Item = &File> {
    let ignore = Ignore::flux_defaults();
    let files = tree.files().iter();
    files
        .filter(|file| file.is_utf8 && file.file_type == FileType::Regular && is_manifest(&file.path))
        .filter(move |file| !ignore.ignores(&file.path, false))
}
