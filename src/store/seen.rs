//! Indexes as they were read, kept by who asks for them again and again.

use std::collections::HashMap;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::oci::Index;

/// The most that is kept of all indexes together, in bytes of their files; in memory they take several times that.
const MOST: usize = 8 * 1024 * 1024;

/// An index, and the bytes that say so.
#[derive(Default)]
pub(super) struct Seen {
    /// `None` where there is no file.
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) index: Index,
}

impl Deref for Seen {
    type Target = Index;

    fn deref(&self) -> &Index {
        &self.index
    }
}

/// Indexes that were read before, by their layouts. They count only for a file with the same bytes, which spares nothing
/// but the parsing: of thousands of tags that takes far longer than the reading.
#[derive(Default)]
pub struct Indexes(Mutex<HashMap<PathBuf, Arc<Seen>>>);

impl Indexes {
    fn all(&self) -> MutexGuard<'_, HashMap<PathBuf, Arc<Seen>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a file with these bytes says, if that is known.
    pub(super) fn get(&self, layout: &Path, bytes: &[u8]) -> Option<Arc<Seen>> {
        let seen = self.all().get(layout).map(Arc::clone)?;
        (seen.bytes.as_deref() == Some(bytes)).then_some(seen)
    }

    /// Keeps what a file says.
    pub(super) fn keep(&self, layout: &Path, seen: &Arc<Seen>) {
        let size = |seen: &Seen| seen.bytes.as_ref().map_or(0, Vec::len);
        let mut all = self.all();
        all.remove(layout);
        if all.values().map(|seen| size(seen)).sum::<usize>() + size(seen) > MOST {
            all.clear();
        }
        if size(seen) <= MOST {
            all.insert(layout.to_owned(), Arc::clone(seen));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(size: usize) -> Arc<Seen> {
        Arc::new(Seen { bytes: Some(vec![b' '; size]), index: Index::default() })
    }

    #[test]
    fn an_index_counts_only_for_the_same_bytes() {
        let indexes = Indexes::default();
        let path = Path::new("app");
        assert!(indexes.get(path, b"   ").is_none());
        indexes.keep(path, &seen(3));
        assert!(indexes.get(path, b"   ").is_some());
        assert!(indexes.get(path, b"  x").is_none() && indexes.get(Path::new("other"), b"   ").is_none());
    }

    #[test]
    fn what_is_kept_does_not_grow_without_end() {
        let indexes = Indexes::default();
        for number in 0..20 {
            indexes.keep(Path::new(&format!("app{number}")), &seen(MOST / 8));
            assert!(indexes.all().len() <= 8);
        }
        indexes.keep(Path::new("huge"), &seen(MOST + 1));
        assert!(indexes.all().is_empty());
    }
}
