//! Whether a tree looks like one of manifests.

use super::ignore::Ignore;
use super::outline::{is_manifest, outline};
use crate::source::{FileType, Tree};

/// What such a tree is recognised by, in words.
pub(in crate::kinds) const SIGNS: &str =
    "no file ending in `.yaml`, `.yml` or `.json` with an `apiVersion` and a `kind`";

/// How many files are looked into; where so many hold no object, the next ones hardly will.
const LOOKED_INTO: usize = 1_000;

/// Whether a file holds an object, leaving out those that another kind takes for its own.
pub(in crate::kinds) fn recognises(tree: &Tree, is_taken: impl Fn(&str) -> bool) -> bool {
    let ignore = Ignore::flux_defaults();
    tree.files()
        .iter()
        .filter(|file| file.is_utf8 && file.file_type == FileType::Regular && is_manifest(&file.path))
        .filter(|file| !is_taken(&file.path) && !ignore.ignores(&file.path, false))
        .take(LOOKED_INTO)
        .any(|file| tree.read(file).is_ok_and(|bytes| !outline(&file.path, &bytes).objects.is_empty()))
}
