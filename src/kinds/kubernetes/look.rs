//! What a layer of manifests holds: its objects, counted, and what in it looks like a secret.

use std::collections::{BTreeMap, HashSet};

use super::object::Outline;
use super::outline::{is_manifest, outline};
use super::scope::Scopes;
use super::secrets::{SECRET, is_clear, plain, sources};
use super::summary;
use crate::bundle::archive::{Budget, Found, Limits, Stopped, read};
use crate::kinds::UnpackError;
use crate::oci::Descriptor;

/// What a layer of manifests holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// How many files.
    pub files: u64,
    /// How many objects of each kind, by namespace, `_cluster`, or `_unscoped` where none is stated.
    pub namespaces: BTreeMap<String, BTreeMap<String, u64>>,
}

/// The largest file that is looked into, in bytes; no manifest comes near.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Counts the objects of a layer.
pub(in crate::kinds) fn contents(layer: &Descriptor, bytes: &[u8]) -> Result<Contents, UnpackError> {
    let mut outlines: Vec<Outline> = Vec::new();
    let mut files = 0;
    each_file(layer, bytes, |path, bytes| {
        files += 1;
        if let Some(bytes) = bytes.filter(|_| is_manifest(path)) {
            outlines.push(outline(path, bytes));
        }
    })?;
    let scopes = Scopes::of(&outlines);
    let namespaces = summary::count(&outlines, &scopes);
    Ok(Contents { files, namespaces })
}

/// What in a layer looks like a secret; one that is no archive is looked at as it is.
pub(in crate::kinds) fn secrets_of_layer(layer: &Descriptor, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let (mut clear, mut sourced) = (HashSet::new(), Vec::new());
    let read = each_file(layer, bytes, |path, bytes| {
        let Some(bytes) = bytes else {
            let most = LARGEST / (1024 * 1024);
            return found.push(format!("what could not be looked into (`{path}` is larger than {most} MiB)"));
        };
        found.extend(plain(path, bytes).iter().map(|plain| format!("{} in `{path}`", plain.what)));
        sourced.extend(sources(path, bytes));
        if is_clear(bytes) {
            clear.insert(path.to_owned());
        }
    });
    let sourced = sourced.into_iter().filter(|source| clear.contains(&source.path));
    found.extend(sourced.map(|source| format!("{SECRET} in `{}`", source.path)));
    let is_archive = bytes.starts_with(&[0x1f, 0x8b]);
    if let (Err(error), true) = (&read, is_archive) {
        found.push(format!("what could not be looked into ({error})"));
    }
    if read.is_err() {
        let plain = plain("", bytes).into_iter();
        found.extend(plain.map(|plain| format!("{} in layer {}", plain.what, layer.digest.short())));
    }
    found
}

/// Visits each file with its content, and those that are too large without.
fn each_file(
    layer: &Descriptor,
    bytes: &[u8],
    mut visit: impl FnMut(&str, Option<&[u8]>),
) -> Result<(), UnpackError> {
    let mut budget = Budget::new(Limits::default());
    let outcome = read(bytes, &mut budget, &mut |found| {
        let Found::File { path, size, body, .. } = found else { return Ok::<_, std::io::Error>(()) };
        let mut content = Vec::new();
        if size <= LARGEST {
            body.read_to_end(&mut content)?;
        }
        visit(path, (size <= LARGEST).then_some(&content));
        Ok(())
    });
    let unreadable = |cause: String| UnpackError::Payload { layer: layer.digest.clone(), cause };
    outcome.map_err(|stopped| match stopped {
        Stopped::Archive(error) => unreadable(error.to_string()),
        Stopped::Visitor(error) => unreadable(error.to_string()),
    })
}
