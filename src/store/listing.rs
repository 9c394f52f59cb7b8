//! What a store holds: all its repositories, however deep, and what of it cannot be read.

use std::path::{Path, PathBuf};

use super::entries::{self, Entry};
use super::survey::STRAY;
use super::walk::{Found, walk};
use super::{Layout, Store, fault, paths};
use crate::disk;
use crate::oci::{Descriptor, Name, Tag, media_type};
use crate::repository::Error;

/// What a store holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The repositories, sorted by name.
    pub repositories: Vec<Listed>,
    /// What could not be read, or does not belong there.
    pub warnings: Vec<Warning>,
}

/// One repository of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: Name,
    /// Its bundles, those with tags first, sorted by tag, then by digest.
    pub entries: Vec<Entry>,
}

/// A part of a store that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Which.
    pub path: PathBuf,
    /// Why.
    pub why: String,
}

pub(super) fn list(store: &Store) -> Result<Listing, Error> {
    let (mut listing, mut failed) = (Listing::default(), None);
    walk(store.root(), &mut |found| match found {
        Found::Directory { name, path } => listing.look_into(store, name, path),
        Found::Stray(path) => listing.warn(path, STRAY),
        Found::Unreadable(path, error) if path == store.root() => failed = Some(error),
        Found::Unreadable(path, error) => listing.warn(path, format!("it cannot be read: {error}")),
    });
    if let Some(error) = failed {
        let root = store.root();
        let fault = disk::Error::io("read the store", root)(error);
        return Err(fault::of_disk(&root.display().to_string(), fault));
    }
    listing.repositories.sort_by(|left, right| left.name.cmp(&right.name));
    listing.warnings.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(listing)
}

impl Listing {
    fn warn(&mut self, path: &Path, why: impl Into<String>) {
        self.warnings.push(Warning { path: path.to_owned(), why: why.into() });
    }

    /// Lists a directory, if it is a layout.
    fn look_into(&mut self, store: &Store, name: &str, path: &Path) {
        let Ok(name) = name.parse::<Name>() else {
            if path.join(paths::MARKER).exists() {
                self.warn(path, "its path is not the name of a repository");
            }
            return;
        };
        match store.open(&name).and_then(|layout| layout.map(|layout| contents(&layout)).transpose()) {
            Ok(Some((entries, warnings))) => {
                self.repositories.push(Listed { name, entries });
                self.warnings.extend(warnings);
            }
            Ok(None) => {}
            Err(error) => self.warn(path, error.what),
        }
    }
}

/// The entries of a layout, sorted, with their artifact types, and those of them whose manifests cannot be read.
fn contents(layout: &Layout) -> Result<(Vec<Entry>, Vec<Warning>), Error> {
    let index = layout.index()?;
    let in_force = entries::in_force(&index);
    let mut found = Vec::new();
    let mut warnings = Vec::new();
    let mut warn = |why| warnings.push(Warning { path: layout.path().to_owned(), why });
    for (at, reason) in index.foreign() {
        warn(format!("entry {} of `index.json` is passed over: {}", at + 1, shortened(&reason.to_string())));
    }
    for descriptor in index.manifests() {
        let name = entries::tag_of(descriptor);
        let tag = name.filter(|name| in_force.get(name) == Some(&&descriptor.digest));
        let tag = tag.and_then(|tag| tag.parse().ok());
        if let Some(name) = name.filter(|name| name.parse::<Tag>().is_err()) {
            let (digest, name) = (&descriptor.digest, shortened(name));
            warn(format!("`{name}` is no tag; what another program named so is only at {digest}"));
        }
        let mut descriptor = descriptor.clone();
        if let Err(error) = describe(layout, &mut descriptor) {
            warn(error.what);
        }
        found.push(Entry { tag, descriptor });
    }
    let key = |entry: &Entry| (entry.tag.is_none(), entry.tag.clone(), entry.descriptor.digest.clone());
    found.sort_by_cached_key(key);
    found.dedup_by_key(|entry| key(entry));
    Ok((found, warnings))
}

/// The beginning of what another program wrote.
fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}

/// Looks for the manifest, and for its artifact type where the index has none, as for an index and after Flipt's pull.
fn describe(layout: &Layout, entry: &mut Descriptor) -> Result<(), Error> {
    let is_complete = entry.artifact_type.is_some() || entry.media_type == media_type::INDEX;
    if !(is_complete && layout.has(entry)?) {
        entry.artifact_type = layout.load(entry)?.artifact_type().map(str::to_owned);
    }
    Ok(())
}

impl Layout {
    /// The bundles of this layout, sorted as in a [`Listing`], and what is wrong with single ones.
    pub fn entries(&self) -> Result<(Vec<Entry>, Vec<Warning>), Error> {
        contents(self)
    }
}
