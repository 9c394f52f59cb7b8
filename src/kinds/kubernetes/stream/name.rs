//! The paths of a stream's objects, safe on every file system, and the same whatever else the stream holds.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::Document;
use crate::kinds::kubernetes::object::{Object, Stated};
use crate::kinds::kubernetes::scope::Scopes;

/// The folder of lists whose items are of several namespaces.
const SHARED: &str = "_shared";
/// The longest name of a file without its extension, in bytes; file systems take 255 in all.
const LONGEST: usize = 200;
/// How many hex digits tell objects apart whose paths would be the same.
const DIGITS: usize = 8;

/// A path without its extension, and the digest of the object that it is of.
pub(super) struct Name {
    path: String,
    digest: String,
}

/// What makes an object the same as another to a cluster: group, kind, namespace and name.
pub(super) fn identity<'a>(object: &'a Object, scopes: &Scopes) -> [&'a str; 4] {
    let namespace = match &object.namespace {
        _ if scopes.is_cluster(object) == Some(true) => "",
        Stated::Absent => "",
        Stated::Literal(text) | Stated::Unusable(text) => text,
    };
    [object.group(), &object.kind, namespace, &object.name]
}

/// The name of a document: of its object, or of the first of a list, after the folder that all of them go to.
pub(super) fn of(document: &Document, scopes: &Scopes) -> Name {
    let objects = &document.outline.objects;
    let first = &objects[0];
    let place = scopes.place(first);
    let is_one = objects.iter().all(|object| scopes.place(object) == place);
    let folder = if is_one { place } else { SHARED };
    let list = if document.is_list { "list-" } else { "" };
    let digest = hex::encode(Sha256::digest(identity(first, scopes).join("/")));
    let mut file = format!("{list}{}-{}", safe(&first.kind, false), safe(&first.name, true));
    if file.len() > LONGEST {
        file.truncate(LONGEST - 1 - DIGITS);
        file = format!("{file}-{}", &digest[..DIGITS]);
    }
    Name { path: format!("{folder}/{file}"), digest }
}

/// The paths, each with digits of its object's digest behind it where several would be the same; or else the index of
/// one that even so has the path of another.
pub(super) fn distinct(names: Vec<Name>) -> Result<Vec<String>, usize> {
    let mut count: HashMap<&str, usize> = HashMap::new();
    for name in &names {
        *count.entry(&name.path).or_default() += 1;
    }
    let is_alone: Vec<bool> = names.iter().map(|name| count[name.path.as_str()] == 1).collect();
    let mut seen = HashMap::new();
    let mut paths = Vec::with_capacity(names.len());
    for (at, (Name { path, digest }, is_alone)) in names.into_iter().zip(is_alone).enumerate() {
        let path = if is_alone { path } else { format!("{path}-{}", &digest[..DIGITS]) };
        if seen.insert(path.clone(), at).is_some() {
            return Err(at);
        }
        paths.push(path);
    }
    Ok(paths)
}

/// A text in lower case, with `_` for every character but letters, digits, `-` and, where they may stand, dots.
fn safe(text: &str, dots: bool) -> String {
    let is_safe =
        |letter: &char| letter.is_ascii_alphanumeric() || *letter == '-' || (dots && *letter == '.');
    let letters = text.chars().map(|letter| if is_safe(&letter) { letter.to_ascii_lowercase() } else { '_' });
    letters.collect()
}
