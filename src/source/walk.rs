//! Lists what stands below a directory, in the order of Go's `fs.WalkDir`.

use std::io;
use std::path::Path;

use walkdir::WalkDir;

use super::{Error, File};

/// All entries but directories, by name within each directory, depth first; no link is followed, nothing is left out.
pub(super) fn walk(root: &Path) -> (Vec<File>, Vec<Error>) {
    let mut files = Vec::new();
    let mut faults = Vec::new();
    for entry in WalkDir::new(root).min_depth(1).sort_by_file_name() {
        match entry {
            Err(error) => {
                let at = error.path().unwrap_or(root);
                let path = shown(at.strip_prefix(root).unwrap_or(at));
                let cause = error.into_io_error().unwrap_or_else(|| io::Error::other("it is part of a loop"));
                faults.push(Error::Io { path, cause });
            }
            Ok(entry) => {
                let native = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_owned();
                let (path, is_utf8) = (shown(&native), native.to_str().is_some());
                if !entry.file_type().is_dir() {
                    files.push(File { path, is_utf8, native });
                } else if entry.file_name().to_str().is_none() {
                    faults.push(Error::Name { path });
                }
            }
        }
    }
    (files, faults)
}

/// A path below the root with `/`, whatever the platform writes.
fn shown(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}
