//! What a store holds: all its repositories, however deep, and what of it cannot be read.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::entries::{self, Entry};
use super::{Layout, Store, fault, ground};
use crate::disk;
use crate::oci::{Descriptor, Name, Tag, media_type};
use crate::repository::Error;

/// How deep repositories are looked for.
const DEEPEST: usize = 16;

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
    let mut listing = Listing::default();
    let root = store.root();
    let children = match directories(root) {
        Ok(children) => children,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(listing),
        Err(source) => {
            let fault = disk::Error::Io { action: "read the store", path: root.to_owned(), source };
            return Err(fault::of_disk(&root.display().to_string(), fault));
        }
    };
    for child in &children {
        if !child.is_directory && !child.name.starts_with('.') {
            listing
                .warn(&child.path, "a store holds image layouts only; with this in it, Flipt lists nothing");
        }
    }
    descend(store, "", children, 1, &mut listing);
    listing.repositories.sort_by(|left, right| left.name.cmp(&right.name));
    listing.warnings.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(listing)
}

impl Listing {
    fn warn(&mut self, path: &Path, why: impl Into<String>) {
        self.warnings.push(Warning { path: path.to_owned(), why: why.into() });
    }
}

/// What stands in a directory.
struct Child {
    name: String,
    path: PathBuf,
    is_directory: bool,
    is_link: bool,
}

fn directories(path: &Path) -> std::io::Result<Vec<Child>> {
    let child = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry?;
        let is_link = entry.file_type()?.is_symlink();
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        Ok(Child { name, is_directory: path.is_dir(), is_link, path })
    };
    fs::read_dir(path)?.map(child).collect()
}

/// Lists the layouts among these directories, and those below them.
fn descend(store: &Store, above: &str, children: Vec<Child>, depth: usize, listing: &mut Listing) {
    for child in children.into_iter().filter(|child| child.is_directory && !child.name.starts_with('.')) {
        let name = format!("{above}{}", child.name);
        let is_layout = child.path.join(ground::MARKER).exists();
        // Content folders hold no repositories, and may hold very many files.
        if !is_layout && ["blobs", "ingest"].contains(&child.name.as_str()) {
            continue;
        }
        let Ok(valid) = name.parse::<Name>() else {
            if is_layout {
                listing.warn(&child.path, "its path is not the name of a repository");
            }
            continue;
        };
        match store.open(&valid).and_then(|layout| layout.map(|layout| contents(&layout)).transpose()) {
            Ok(Some((entries, warnings))) => {
                listing.repositories.push(Listed { name: valid, entries });
                listing.warnings.extend(warnings);
            }
            Ok(None) => {}
            Err(error) => listing.warn(&child.path, error.what),
        }
        // A link may lead to a layout, but not round in circles.
        if child.is_link || depth == DEEPEST {
            continue;
        }
        match directories(&child.path) {
            Ok(below) => descend(store, &format!("{name}/"), below, depth + 1, listing),
            Err(error) => listing.warn(&child.path, format!("it cannot be read: {error}")),
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
