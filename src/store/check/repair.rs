//! Repairs: what killed processes left is removed, what is corrupt is moved out of the way, and nothing else.

use std::fs;
use std::path::PathBuf;

use super::{Fault, Problem};
use crate::disk;
use crate::oci::Digest;
use crate::repository::Error;
use crate::store::{Layout, fault, paths};

/// What a repair did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repaired {
    /// Files that are gone.
    pub removed: Vec<PathBuf>,
    /// Files that were moved, and where to.
    pub quarantined: Vec<(PathBuf, PathBuf)>,
}

pub(super) fn repair(layout: &Layout, faults: &[Fault]) -> Result<Repaired, Error> {
    let mut repaired = Repaired::default();
    let failed = |error| fault::of_disk(&layout.place, error);
    // A layout that was never finished has nothing to be repaired.
    let is_meant = |fault: &&Fault| {
        matches!(fault.problem, Problem::Digest | Problem::NotAFile)
            || (fault.problem == Problem::Leftover && fault.path.parent() == Some(&layout.blobs.ingest()))
    };
    let meant: Vec<&Fault> = faults.iter().filter(is_meant).collect();
    if meant.is_empty() {
        return Ok(repaired);
    }
    // Nobody enters a bundle meanwhile that relies on what is moved.
    let _lock = layout.index.lock()?;
    for fault in meant {
        match &fault.digest {
            Some(digest) => {
                repaired.quarantined.extend(quarantine(layout, digest).map_err(failed)?);
            }
            None if fault.problem != Problem::Leftover => {}
            None => {
                if disk::remove_abandoned(&fault.path).map_err(failed)? {
                    repaired.removed.push(fault.path.clone());
                }
            }
        }
    }
    Ok(repaired)
}

/// Moves a blob away, unless somebody put a sound one in its place.
fn quarantine(layout: &Layout, digest: &Digest) -> Result<Option<(PathBuf, PathBuf)>, disk::Error> {
    let path = layout.blobs.path(digest);
    let folder = layout.path.join(paths::QUARANTINE);
    disk::create_directories(&folder)?;
    let mut number = 0;
    let target = loop {
        let name = match number {
            0 => format!("{}-{}", digest.algorithm(), digest.hex()),
            _ => format!("{}-{}.{number}", digest.algorithm(), digest.hex()),
        };
        let target = folder.join(name);
        if fs::symlink_metadata(&target).is_err() {
            break target;
        }
        number += 1;
    };
    fs::rename(&path, &target).map_err(disk::Error::io("move", &path))?;
    if is_sound(&target, digest)? {
        fs::rename(&target, &path).map_err(disk::Error::io("move", &path))?;
        return Ok(None);
    }
    disk::sync_directory(&folder)?;
    Ok(Some((path, target)))
}

fn is_sound(path: &std::path::Path, digest: &Digest) -> Result<bool, disk::Error> {
    let file = match disk::open(path) {
        Err(disk::Error::InTheWay { .. }) => return Ok(false),
        outcome => outcome?,
    };
    let Some(file) = file else { return Ok(false) };
    Ok(digest.read(file).map_err(disk::Error::io("read", path))?.0 == *digest)
}
