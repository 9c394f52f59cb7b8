//! One repository on disk, in the form of an image layout.

use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::blobs::Blobs;
use super::entries::{self, Entry, Record};
use super::index_file::IndexFile;
use super::seen::Seen;
use super::serving::Serving;
use super::{ground, hint};
use crate::bundle::Joined;
use crate::oci::{
    Descriptor, Digest, Index, LARGEST_MANIFEST, Manifest, ManifestError, Name, Place, Selector, Tag,
    media_type,
};
use crate::repository::{Body, Error, ErrorKind, Expect, Known, Moved, Published, Removed, Repository};

/// A repository on disk: `oci-layout`, `index.json`, `blobs/`, and `ingest/` for files that are being written.
///
/// Many processes may use one at the same time, other tools than torte among them. Reading never writes.
pub struct Layout {
    pub(super) path: PathBuf,
    pub(super) place: String,
    pub(super) blobs: Blobs,
    pub(super) index: IndexFile,
    pub(super) record: Option<Record>,
    pub(super) now: Option<SystemTime>,
    pub(super) serving: Option<Serving>,
}

impl Layout {
    /// The layout in any directory, if it is one. Writes nothing.
    ///
    /// A directory that holds anything else is [`ErrorKind::Refused`].
    pub fn open_at(path: &Path) -> Result<Option<Self>, Error> {
        let place = Place::Layout(path.to_owned()).to_string();
        let is_layout = ground::of(path, &place)?.is_layout_alone(path, &place)?;
        Ok(is_layout.then(|| Self::at(path, place)))
    }

    /// The layout in any directory, made where there is nothing.
    pub fn create_at(path: &Path) -> Result<Self, Error> {
        let place = Place::Layout(path.to_owned()).to_string();
        if !ground::of(path, &place)?.is_layout_alone(path, &place)? {
            ground::build(path, &place)?;
        }
        Ok(Self::at(path, place))
    }

    /// As [`Layout::open_at`], but directories may be there that hold other layouts.
    pub(super) fn open(path: &Path, place: String) -> Result<Option<Self>, Error> {
        let is_layout = ground::of(path, &place)?.is_layout(path, &place)?;
        Ok(is_layout.then(|| Self::at(path, place)))
    }

    /// As [`Layout::create_at`], but directories may be there that hold other layouts.
    pub(super) fn create(path: &Path, place: String) -> Result<Self, Error> {
        if !ground::of(path, &place)?.is_layout(path, &place)? {
            ground::build(path, &place)?;
        }
        Ok(Self::at(path, place))
    }

    pub(super) fn at(path: &Path, place: String) -> Self {
        Self {
            path: path.to_owned(),
            blobs: Blobs::new(path.to_owned(), place.clone()),
            index: IndexFile::new(path.to_owned(), place.clone()),
            place,
            record: None,
            now: None,
            serving: None,
        }
    }

    /// Writes down, from now on, when and from where something came.
    #[must_use]
    pub fn recording(mut self, record: Record) -> Self {
        self.now = record.time();
        self.record = Some(record);
        self
    }

    /// Its directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What stands in the index, as it stands there.
    pub fn index(&self) -> Result<Index, Error> {
        Ok(self.index.read()?.index.clone())
    }

    /// The entry of a tag, with when it was set and where it came from. Reads the index alone.
    pub fn tagged(&self, tag: &Tag) -> Result<Option<Entry>, Error> {
        let index = self.index.read()?;
        let entry = entries::find(&index, tag).cloned();
        Ok(entry.map(|descriptor| Entry { tag: Some(tag.clone()), descriptor }))
    }

    /// Writes many small blobs at once, which is far quicker than one after the other; `threads` of them at a time.
    ///
    /// Either all are there afterwards, or an error tells why not. The answers stand in the order of the blobs.
    pub fn put_all(&self, blobs: &[(Descriptor, Vec<u8>)], threads: usize) -> Result<Vec<Moved>, Error> {
        self.blobs.put_all(blobs, threads, self.relying()?)
    }

    /// Enters one bundle into the index, if its content is there and its tags are as expected.
    /// Where it fails, the index is as it was.
    pub(super) fn enter(
        &self,
        index: &mut Index,
        manifest: &Manifest,
        tags: &[Tag],
        expect: &Expect,
    ) -> Result<Published, Error> {
        self.is_whole(index, manifest)?;
        let record = self.record.as_ref();
        let mut moved = Vec::new();
        for tag in tags {
            let now = entries::find(index, tag).map(|entry| entry.digest.clone());
            expect.hold(&self.place, tag, now.as_ref())?;
            moved.extend(now.filter(|now| now != manifest.digest()).map(|now| (tag.clone(), now)));
        }
        self.enter_for_a_time(index, manifest, tags, |index| {
            for tag in tags {
                entries::set_tag(index, tag, manifest, record);
            }
            if tags.is_empty() {
                entries::list_untagged(index, manifest, record);
            }
        });
        if self.serving.is_none() {
            entries::drop_children(index, manifest, record);
        }
        Ok(Published { moved, subject_listed: true })
    }

    /// Fails unless the content of a manifest is there, and the manifests that it lists can be reached already: content
    /// alone may be that of one that was refused.
    fn is_whole(&self, index: &Index, manifest: &Manifest) -> Result<(), Error> {
        for blob in manifest.blobs().iter().filter(|blob| !media_type::is_foreign(&blob.media_type)) {
            if !self.blobs.has(blob)? {
                let was_whole = index.manifests().any(|entry| entry.digest == *manifest.digest());
                // Who serves says what is to be sent again.
                return Err(if was_whole && self.serving.is_none() {
                    self.blobs.lost(&blob.digest)
                } else {
                    self.blobs.absent(&blob.digest)
                });
            }
        }
        if manifest.manifests().is_empty() {
            return Ok(());
        }
        let known: HashSet<Digest> = self.reachable(index)?.into_iter().map(|entry| entry.digest).collect();
        match manifest.manifests().iter().find(|child| !known.contains(&child.digest)) {
            None => Ok(()),
            Some(child) => {
                let what = format!("manifest {} is not there", child.digest);
                Err(Error::new(ErrorKind::NotFound, &self.place, what))
            }
        }
    }

    /// Makes a blob of others that are here; where it is here too, proves that it is made of them.
    ///
    /// [`ErrorKind::Corrupt`] where they do not add up.
    pub fn join(&self, joined: &Joined) -> Result<Moved, Error> {
        self.blobs.join(joined, self.relying()?)
    }

    /// Where the bundle under a tag was pulled from (`host/repository`), if it was.
    pub fn origin(&self, tag: &Tag) -> Result<Option<String>, Error> {
        Ok(self.tagged(tag)?.and_then(|entry| entry.origin().map(str::to_owned)))
    }

    /// The size of a blob in bytes, by its digest alone.
    pub fn size(&self, blob: &Digest) -> Result<Option<u64>, Error> {
        self.blobs.size(blob)
    }

    /// The manifest that was last seen in a remote repository (`host/repository`), as a hint that may be wrong.
    pub fn last_seen(&self, remote: &str) -> Option<Digest> {
        hint::last_seen(&self.path, remote)
    }

    /// Notes the manifest that was seen there, if that can be done.
    pub fn remember(&self, remote: &str, seen: &Digest) {
        hint::remember(&self.path, remote, seen);
    }

    /// Whether the content of a descriptor is there, with its size.
    pub(super) fn has(&self, what: &Descriptor) -> Result<bool, Error> {
        self.blobs.has(what)
    }

    /// Reads the manifest of an entry.
    pub(super) fn load(&self, entry: &Descriptor) -> Result<Manifest, Error> {
        let digest = &entry.digest;
        let corrupt = |what| Error::new(ErrorKind::Corrupt, &self.place, what);
        let Some(bytes) = self.blobs.read(digest, LARGEST_MANIFEST)? else {
            return Err(corrupt(format!("manifest {digest} is listed, and its content is missing")));
        };
        let found = bytes.len() as u64;
        let manifest =
            Manifest::of(bytes, Some(&entry.media_type), digest).map_err(|reason| match reason {
                ManifestError::Digest { .. } => {
                    corrupt(format!("the content of {digest} is not what its digest says"))
                }
                reason => {
                    let what = format!("cannot read manifest {digest}: {reason}");
                    Error::new(ErrorKind::Refused, &self.place, what).because(reason)
                }
            })?;
        if found != entry.size {
            let expected = entry.size;
            return Err(corrupt(format!("manifest {digest} should be {expected} bytes long and is {found}")));
        }
        Ok(manifest)
    }

    /// The index without what is over by now, where the time is known.
    fn seen(&self) -> Result<Arc<Seen>, Error> {
        let seen = self.index.read()?;
        if !self.has_over(&seen) {
            return Ok(seen);
        }
        let mut index = seen.index.clone();
        self.drop_over(&mut index)?;
        Ok(Arc::new(Seen { bytes: None, index }))
    }

    /// The entry of a tag or a digest, or what a listed manifest list says of a child.
    fn entry(&self, at: &Selector) -> Result<Option<Descriptor>, Error> {
        let index = self.seen()?;
        match at {
            Selector::Tag(tag) => Ok(entries::find(&index, tag).cloned()),
            Selector::Digest(digest) => {
                let listed = index.manifests().find(|entry| entry.digest == *digest).cloned();
                match listed {
                    None => Ok(self.reachable(&index)?.into_iter().find(|below| below.digest == *digest)),
                    listed => Ok(listed),
                }
            }
        }
    }
}

impl Repository for Layout {
    fn resolve(&self, at: &Selector) -> Result<Option<Descriptor>, Error> {
        Ok(self.entry(at)?.map(|entry| {
            let mut found = Descriptor::new(entry.media_type, entry.digest, entry.size);
            found.artifact_type = entry.artifact_type;
            found
        }))
    }

    fn manifest(&self, at: &Selector) -> Result<Option<Manifest>, Error> {
        self.entry(at)?.map(|entry| self.load(&entry)).transpose()
    }

    /// Looks at each blob whatever is known: that costs next to nothing here.
    fn missing(&self, blobs: &[Descriptor], _: &Known) -> Result<Vec<Descriptor>, Error> {
        let mut missing = Vec::new();
        let now = self.relying()?;
        for blob in blobs {
            if !self.blobs.is_kept(blob, now)? {
                missing.push(blob.clone());
            }
        }
        Ok(missing)
    }

    fn open(&self, blob: &Descriptor, from: u64) -> Result<Box<dyn Read + Send>, Error> {
        self.blobs.open(blob, from)
    }

    fn put(&self, blob: &Descriptor, body: &dyn Body, _: &[Name]) -> Result<Moved, Error> {
        self.blobs.put(blob, body, self.relying()?)
    }

    fn publish(&self, manifest: &Manifest, tags: &[Tag], expect: &Expect) -> Result<Published, Error> {
        let published = self.publish_all(&[(manifest, tags)], expect)?;
        Ok(published.into_iter().next().unwrap_or_default())
    }

    fn tags(&self) -> Result<Vec<Tag>, Error> {
        Ok(entries::tags(&self.seen()?.index))
    }

    fn referrers(&self, of: &Digest, kind: Option<&str>) -> Result<Vec<Descriptor>, Error> {
        let mut unread = BTreeMap::new();
        let mut found = self.referring(&self.seen()?.index, of, &mut unread)?;
        // Whoever counts or copies what is found must lose none in silence.
        if let Some(error) = unread.into_values().next() {
            return Err(error);
        }
        found.retain(|entry| kind.is_none_or(|kind| is_of(entry, kind)));
        Ok(found)
    }

    fn readable_referrers(&self, of: &Digest) -> Result<(Vec<Descriptor>, Vec<Digest>), Error> {
        let mut unread = BTreeMap::new();
        let found = self.referring(&self.seen()?.index, of, &mut unread)?;
        Ok((found, unread.into_keys().collect()))
    }

    fn remove(&self, what: &Selector) -> Result<Removed, Error> {
        let take_out = |index: &mut Index| {
            Ok(match what {
                Selector::Tag(tag) => {
                    let existed = entries::drop_tag(index, tag, self.record.as_ref());
                    Removed { tags: existed.then(|| tag.clone()).into_iter().collect(), existed }
                }
                Selector::Digest(digest) => {
                    let tags = entries::drop_manifest(index, digest);
                    Removed { existed: tags.is_some(), tags: tags.unwrap_or_default() }
                }
            })
        };
        self.index.edit(take_out, |_| Ok(()))
    }

    fn place(&self) -> String {
        self.place.clone()
    }
}

fn is_of(entry: &Descriptor, kind: &str) -> bool {
    entry.artifact_type.as_deref() == Some(kind)
}

#[cfg(test)]
mod tests;
