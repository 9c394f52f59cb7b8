//! The paths of a stream's objects, safe on every file system, and the same whatever else the stream holds.

use std::collections::{HashMap, HashSet};

use super::Document;
use crate::kinds::kubernetes::group::name::SHARED;
use crate::kinds::kubernetes::object::{Object, Stated};
use crate::kinds::kubernetes::scope::Scopes;
use crate::oci::Digest;

/// The longest name of a file without its extension, in bytes; file systems take 255 in all.
const LONGEST: usize = 200;
/// How many hex digits tell objects apart whose paths would be the same.
const DIGITS: usize = 8;

/// What makes an object the same as another to a cluster: group, kind, namespace and name.
pub(super) fn identity<'a>(object: &'a Object, scopes: &Scopes) -> [&'a str; 4] {
    let namespace = match &object.namespace {
        _ if scopes.is_cluster(object) == Some(true) => "",
        Stated::Absent => "",
        Stated::Literal(text) | Stated::Unusable(text) => text,
    };
    [object.group(), &object.kind, namespace, &object.name]
}

/// The paths of documents without their extensions, each with digits of its object's digest behind it where several would
/// be the same; or else the index of one that even so has the path of another.
pub(super) fn paths(documents: &[Document], scopes: &Scopes) -> Result<Vec<String>, usize> {
    let mut paths: Vec<String> = documents.iter().map(|document| path(document, scopes)).collect();
    let mut count: HashMap<&str, usize> = HashMap::new();
    for path in &paths {
        *count.entry(path).or_default() += 1;
    }
    let is_shared: Vec<bool> = paths.iter().map(|path| count[path.as_str()] > 1).collect();
    for ((path, document), _) in paths.iter_mut().zip(documents).zip(is_shared).filter(|(_, shared)| *shared)
    {
        *path = format!("{path}-{}", digits(document, scopes));
    }
    let mut seen = HashSet::new();
    match paths.iter().position(|path| !seen.insert(path)) {
        Some(at) => Err(at),
        None => Ok(paths),
    }
}

/// The path of a document: of its object, or of the first of a list, after the folder that all of them go to.
fn path(document: &Document, scopes: &Scopes) -> String {
    let objects = &document.outline.objects;
    let first = &objects[0];
    let place = scopes.place(first);
    let is_one = objects.iter().all(|object| scopes.place(object) == place);
    let folder = if is_one { place } else { SHARED };
    let list = if document.is_list { "list-" } else { "" };
    let mut file = format!("{list}{}-{}", safe(&first.kind, false), safe(&first.name, true));
    if file.len() > LONGEST {
        file.truncate(LONGEST - 1 - DIGITS);
        file = format!("{file}-{}", digits(document, scopes));
    }
    format!("{folder}/{file}")
}

/// What tells a document from others of the same path, in hex.
fn digits(document: &Document, scopes: &Scopes) -> String {
    let identity = identity(&document.outline.objects[0], scopes).join("/");
    Digest::of(identity.as_bytes()).hex()[..DIGITS].to_owned()
}

/// A text in lower case, with `_` for every character but letters, digits, `-` and, where they may stand, dots.
fn safe(text: &str, dots: bool) -> String {
    let is_safe =
        |letter: &char| letter.is_ascii_alphanumeric() || *letter == '-' || (dots && *letter == '.');
    let letters = text.chars().map(|letter| if is_safe(&letter) { letter.to_ascii_lowercase() } else { '_' });
    letters.collect()
}
