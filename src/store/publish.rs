//! Publications: manifests are written and made durable before the index names them, all in one step.

use std::cell::Cell;

use super::Layout;
use crate::oci::{Index, Manifest, Tag};
use crate::repository::{Error, Expect, Published};

/// Threads that write manifests at once.
const THREADS: usize = 2;

impl Layout {
    /// Publishes several bundles in one step: all become visible at once, or none.
    ///
    /// `expect` is held against each tag of each bundle.
    pub fn publish_all(
        &self,
        bundles: &[(&Manifest, &[Tag])],
        expect: &Expect,
    ) -> Result<Vec<Published>, Error> {
        let manifests: Vec<&Manifest> = bundles.iter().map(|(manifest, _)| *manifest).collect();
        self.enter_all(&manifests, |index| {
            bundles.iter().map(|(manifest, tags)| self.enter(index, manifest, tags, expect)).collect()
        })
    }

    /// Writes manifests, whose content is there, and changes the index, which names them afterwards: all is durable before
    /// it is named.
    pub(super) fn enter_all<T>(
        &self,
        manifests: &[&Manifest],
        enter: impl Fn(&mut Index) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let content = |manifest: &&Manifest| (manifest.descriptor(), manifest.bytes().to_vec());
        self.put_all(&manifests.iter().map(content).collect::<Vec<_>>(), THREADS)?;
        // Before the lock is taken, so that nobody waits for the disk meanwhile.
        let is_synced = self.blobs.wrote();
        if is_synced {
            self.blobs.sync()?;
        }
        let is_rewritten = Cell::new(false);
        let change = |index: &mut Index| {
            self.drop_over(index)?;
            for manifest in manifests {
                // Collected since it was written: nobody could know that it was about to be entered.
                if !self.blobs.has(&manifest.descriptor())? {
                    self.blobs.put_bytes(&manifest.descriptor(), manifest.bytes(), self.now)?;
                    is_rewritten.set(true);
                }
            }
            enter(index)
        };
        let settle = |before: &Index| {
            let is_listed =
                |manifest: &&Manifest| before.manifests().any(|entry| entry.digest == *manifest.digest());
            // What is listed was durable before it was.
            let is_durable = is_synced || manifests.iter().all(is_listed);
            if is_durable && !is_rewritten.get() { Ok(()) } else { self.blobs.sync() }
        };
        let entered = self.index.edit(change, settle)?;
        if let Some(now) = self.now {
            self.blobs.sweep(now);
        }
        Ok(entered)
    }
}
