//! What stands in a directory that is or may become a layout, and the making of a new one.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::blobs::ALGORITHMS;
use super::index_file::IndexFile;
use super::{fault, paths};
use crate::disk;
use crate::oci::Index;
use crate::repository::{Error, ErrorKind};

/// What the file says that makes a directory a layout (image specification, `image-layout.md`).
const MARKER_TEXT: &[u8] = br#"{"imageLayoutVersion":"1.0.0"}"#;
const VERSION: &str = "1.0.0";
const LARGEST_MARKER: u64 = 64 * 1024;

/// What may stand in any directory of some systems.
const OF_MACOS: &str = ".DS_Store";

/// What stands in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ground {
    /// Nothing, or what is left of a layout that was never finished.
    Vacant,
    /// Nothing but directories.
    Directories,
    /// A layout.
    Layout,
    /// Something else, with the name of it.
    Taken(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Marker {
    image_layout_version: String,
}

/// Looks at a directory. A layout of another version than 1.0.0 is an error.
pub(super) fn of(path: &Path, place: &str) -> Result<Ground, Error> {
    let fault = |error| fault::of_disk(place, error);
    let marker = path.join(paths::MARKER);
    let bytes = disk::read(&marker, LARGEST_MARKER).map_err(fault)?;
    if let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) {
        let refused = |why: String| {
            Error::new(ErrorKind::Refused, place, format!("`{}` cannot be used: {why}", marker.display()))
        };
        let marker: Marker = serde_json::from_slice(&bytes).map_err(|error| refused(error.to_string()))?;
        if marker.image_layout_version != VERSION {
            let version: String = marker.image_layout_version.chars().take(40).collect();
            return Err(refused(format!("its version is `{version}`, expected `{VERSION}`")));
        }
        return Ok(Ground::Layout);
    }
    let index = disk::read(&path.join(paths::INDEX), LARGEST_MARKER);
    let index = index.map(|bytes| bytes.filter(|bytes| !bytes.is_empty()));
    let is_in_use = match index.map(|bytes| bytes.map(|bytes| Index::parse(&bytes))) {
        Ok(None) => false,
        Ok(Some(Ok(index))) => !index.is_empty(),
        Ok(Some(Err(_))) | Err(_) => true,
    };
    if is_in_use {
        return Ok(Ground::Taken(paths::INDEX.to_owned()));
    }
    entries(path).map_err(fault)
}

fn entries(path: &Path) -> Result<Ground, disk::Error> {
    if disk::is_vacant(path)? {
        return Ok(Ground::Vacant);
    }
    let mut ground = Ground::Vacant;
    for entry in fs::read_dir(path).map_err(disk::Error::io("read", path))? {
        let entry = entry.map_err(disk::Error::io("read", path))?;
        let name = entry.file_name();
        if paths::signs().chain([OF_MACOS]).any(|leftover| name == OsStr::new(leftover)) {
            continue;
        }
        if !entry.path().is_dir() {
            return Ok(Ground::Taken(name.to_string_lossy().chars().take(255).collect()));
        }
        ground = Ground::Directories;
    }
    Ok(ground)
}

impl Ground {
    /// Whether it is a layout; something else than directories is an error.
    pub(super) fn is_layout(&self, path: &Path, place: &str) -> Result<bool, Error> {
        match self {
            Self::Layout => Ok(true),
            Self::Vacant | Self::Directories => Ok(false),
            Self::Taken(name) => {
                let path = path.display();
                let marker = paths::MARKER;
                let what = format!("`{path}` is not an image layout: it has no `{marker}`, but `{name}`");
                Err(Error::new(ErrorKind::Refused, place, what))
            }
        }
    }

    /// Whether it is a layout; anything else that stands there is an error.
    pub(super) fn is_layout_alone(&self, path: &Path, place: &str) -> Result<bool, Error> {
        match self {
            Self::Directories => {
                let what = format!("`{}` is not an image layout, but holds directories", path.display());
                Err(Error::new(ErrorKind::Refused, place, what))
            }
            other => other.is_layout(path, place),
        }
    }
}

/// Makes an empty layout, with its index at once. Many may do so at the same time.
///
/// Each file is on disk before the next gets its name, and all names are waited for at the end: a power cut before that may
/// leave an empty index without a marker, or an empty marker, which is as good as none; never a marker and an empty index.
pub(super) fn build(path: &Path, place: &str) -> Result<(), Error> {
    let fault = |error| fault::of_disk(place, error);
    let ingest = paths::ingest(path);
    let mut changed = disk::create_directories(&paths::blobs(path, ALGORITHMS[0])).map_err(fault)?;
    changed.extend(disk::create_directories(&ingest).map_err(fault)?);
    changed.push(path.to_owned());

    let _lock = IndexFile::new(path.to_owned(), place.to_owned()).lock()?;
    // The marker comes last: from then on it is a layout, and whole.
    let index = Index::default().to_bytes().map_err(|error| disk::Error::io("write", path)(error.into()));
    for (name, bytes) in [(paths::INDEX, index.map_err(fault)?), (paths::MARKER, MARKER_TEXT.to_vec())] {
        let target = path.join(name);
        if disk::size(&target).map_err(fault)?.unwrap_or_default() == 0 {
            disk::replace(&target, &ingest, &bytes).map_err(fault)?;
        }
        disk::sync_file(&target).map_err(fault)?;
    }
    changed.iter().try_for_each(|directory| disk::sync_directory(directory)).map_err(fault)
}
