//! Reads directories: the names in each, and those of many directories at once.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

/// How many directories it takes to read them on several threads.
const MANY: usize = 16;
/// On how many threads: names come from memory, or else the disk is what is waited for.
const THREADS: usize = 2;

/// One name in a directory.
#[derive(Debug)]
pub(super) struct Child {
    pub(super) name: OsString,
    /// What the directory says that it is.
    pub(super) file_type: io::Result<fs::FileType>,
}

/// What is in a directory.
#[derive(Debug, Default)]
pub(super) struct Children {
    /// By name, bytewise.
    pub(super) found: Vec<Child>,
    /// Why there may be more.
    pub(super) faults: Vec<io::Error>,
}

impl Children {
    /// Reads a directory.
    pub(super) fn of(directory: &Path) -> Self {
        let mut children = Self::default();
        let entries = match fs::read_dir(directory) {
            Ok(entries) => entries,
            Err(fault) => return Self { faults: vec![fault], ..Self::default() },
        };
        for entry in entries {
            match entry {
                Ok(entry) => {
                    let file_type = entry.file_type();
                    children.found.push(Child { name: entry.file_name(), file_type });
                }
                Err(fault) => children.faults.push(fault),
            }
        }
        children.found.sort_unstable_by(|left, right| left.name.cmp(&right.name));
        children
    }
}

impl Child {
    fn is_directory(&self) -> bool {
        self.file_type.as_ref().is_ok_and(fs::FileType::is_dir)
    }
}

/// The children of a directory, with what is in those that are directories, where there are so many that it pays to read
/// them at once.
pub(super) fn ahead(
    directory: &Path,
    children: Vec<Child>,
) -> impl Iterator<Item = (Child, Option<Children>)> + use<> {
    let inner: Vec<&OsString> =
        children.iter().filter(|child| child.is_directory()).map(|child| &child.name).collect();
    let mut read = Vec::new();
    if inner.len() >= MANY {
        let part = inner.len().div_ceil(THREADS);
        let each = |names: &[&OsString]| -> Vec<Children> {
            names.iter().map(|name| Children::of(&directory.join(name))).collect()
        };
        std::thread::scope(|scope| {
            let parts: Vec<_> = inner.chunks(part).map(|names| scope.spawn(move || each(names))).collect();
            for part in parts {
                read.extend(part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
        });
    }
    let mut read = read.into_iter();
    children.into_iter().map(move |child| {
        let below = if child.is_directory() { read.next() } else { None };
        (child, below)
    })
}
