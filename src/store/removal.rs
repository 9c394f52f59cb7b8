//! Taking things out of a layout on somebody's word, without leaving a hole under anything that stays.

use super::gist::is_list;
use super::{Layout, entries};
use crate::oci::{Digest, Index, Selector};
use crate::repository::{Error, ErrorKind, Repository as _};

impl Layout {
    /// Removes a tag, or a manifest with all its tags; tells whether it was there.
    ///
    /// A manifest that a list names stays: [`ErrorKind::Conflict`]. The content of what is removed stays too, until it is
    /// collected or removed as a blob.
    pub fn delete(&self, what: &Selector) -> Result<bool, Error> {
        let Selector::Digest(digest) = what else { return Ok(self.remove(what)?.existed) };
        let take_out = |index: &mut Index| match self.listed_by(index, digest)? {
            Some(list) => Err(self.in_use(&format!("manifest {digest}"), &list)),
            None => Ok(entries::drop_manifest(index, digest).is_some()),
        };
        self.index.edit(take_out, |_| Ok(()))
    }

    /// Removes a blob for good; tells whether it was there.
    ///
    /// What a manifest names, and a manifest that is listed, stays: [`ErrorKind::Conflict`]. Nobody can publish a manifest
    /// meanwhile that names it.
    pub fn delete_blob(&self, digest: &Digest) -> Result<bool, Error> {
        let _lock = self.index.lock()?;
        if let Some(manifest) = self.named_by(digest)? {
            return Err(self.in_use(&format!("blob {digest}"), &manifest));
        }
        self.blobs.remove(digest)
    }

    fn in_use(&self, what: &str, by: &Digest) -> Error {
        let what = format!("{what} is in use by manifest {by}; delete that first");
        Error::new(ErrorKind::Conflict, &self.place, what)
    }

    /// A list that can be reached and lists this manifest.
    fn listed_by(&self, index: &Index, digest: &Digest) -> Result<Option<Digest>, Error> {
        for entry in self.reachable(index)?.iter().filter(|entry| is_list(entry)) {
            if self.gist(entry)?.children.iter().any(|child| child.digest == *digest) {
                return Ok(Some(entry.digest.clone()));
            }
        }
        Ok(None)
    }

    /// A manifest that can be reached and is this blob, or names it. Reads all of them.
    fn named_by(&self, digest: &Digest) -> Result<Option<Digest>, Error> {
        for entry in self.reachable(&self.index.read()?)? {
            if entry.digest == *digest {
                return Ok(Some(entry.digest));
            }
            let manifest = self.load(&entry)?;
            let mut named =
                manifest.config().into_iter().chain(manifest.layers()).chain(manifest.manifests());
            if named.any(|blob| blob.digest == *digest) {
                return Ok(Some(entry.digest));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
