//! The outline of a manifest file: the objects of all its documents, and what looks wrong in them.

mod draft;
mod full;
mod quick;

use super::object::Outline;

const YAML: [&str; 2] = [".yaml", ".yml"];
pub(super) const JSON: &str = ".json";

/// How deep lists may stand in lists.
pub(super) const MAX_LISTS: usize = 8;
/// The largest manifest whose documents are compared, in bytes: as values they take some forty times as much memory. The
/// largest of real projects hold a few million bytes of definitions.
pub const LARGEST_COMPARED: usize = 4 * 1024 * 1024;

/// Whether a file is read as a manifest, by the end of its path: `.yaml`, `.yml` or `.json`, as kubectl does.
pub fn is_manifest(path: &str) -> bool {
    YAML.iter().chain([&JSON]).any(|end| path.ends_with(end))
}

/// Reads a manifest: JSON where the path ends in `.json`, else YAML.
///
/// What cannot be read as `yaml.v3` would ends the outline with `unreadable`; the objects of the documents before it
/// stay. Keys given twice are such a fault, since kustomize, and so Flux, refuses the file for them. The rule of the doubts:
/// `namespace-on-cluster-object`; they come in the order of their positions.
pub fn outline(path: &str, bytes: &[u8]) -> Outline {
    let mut outline = read(path, bytes).outline;
    outline.doubts.sort_by_key(|doubt| doubt.mark);
    outline
}

/// An outline, and what of the documents it does not show.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// The outline.
    pub(super) outline: Outline,
    /// How many documents hold anything at all.
    pub(super) documents: usize,
    /// How many of them are lists.
    pub(super) lists: usize,
}

/// Reads a manifest.
pub(super) fn read(path: &str, bytes: &[u8]) -> Reading {
    if path.ends_with(JSON) {
        return full::json(bytes);
    }
    quick::yaml(bytes).unwrap_or_else(|| full::yaml(bytes))
}

#[cfg(test)]
mod tests;
