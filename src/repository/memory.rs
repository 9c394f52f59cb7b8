//! A repository in memory, for dry runs and tests.

use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Read};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::attach::listing;
use super::{Body, Error, ErrorKind, Expect, Known, Moved, Published, Removed, Repository};
use crate::oci::{Descriptor, Digest, Manifest, Name, Selector, Tag, Verifying};

/// A repository that lives as long as its value.
#[derive(Default)]
pub struct Memory(Mutex<State>);

#[derive(Default)]
struct State {
    blobs: HashMap<Digest, Vec<u8>>,
    manifests: HashMap<Digest, Manifest>,
    tags: BTreeMap<Tag, Digest>,
}

impl State {
    fn digest(&self, at: &Selector) -> Option<Digest> {
        match at {
            Selector::Tag(tag) => self.tags.get(tag).cloned(),
            Selector::Digest(digest) => Some(digest.clone()),
        }
    }
}

impl Memory {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The size of a blob in bytes, or `None` where it is not there.
    pub fn size(&self, blob: &Digest) -> Option<u64> {
        self.state().blobs.get(blob).map(|bytes| bytes.len() as u64)
    }

    fn error(&self, kind: ErrorKind, what: String) -> Error {
        Error::new(kind, self.place(), what)
    }
}

impl Repository for Memory {
    fn resolve(&self, at: &Selector) -> Result<Option<Descriptor>, Error> {
        Ok(self.manifest(at)?.map(|manifest| manifest.descriptor()))
    }

    fn manifest(&self, at: &Selector) -> Result<Option<Manifest>, Error> {
        let state = self.state();
        Ok(state.digest(at).and_then(|digest| state.manifests.get(&digest).cloned()))
    }

    fn missing(&self, blobs: &[Descriptor], _: &Known) -> Result<Vec<Descriptor>, Error> {
        let state = self.state();
        Ok(blobs.iter().filter(|blob| !state.blobs.contains_key(&blob.digest)).cloned().collect())
    }

    fn open(&self, blob: &Descriptor, from: u64) -> Result<Box<dyn Read + Send>, Error> {
        let state = self.state();
        let Some(bytes) = state.blobs.get(&blob.digest) else {
            return Err(self.error(ErrorKind::NotFound, format!("no blob {}", blob.digest)));
        };
        if from == 0 {
            return Ok(Box::new(Verifying::new(Cursor::new(bytes.clone()), blob.digest.clone(), blob.size)));
        }
        let from = usize::try_from(from).unwrap_or(usize::MAX).min(bytes.len());
        Ok(Box::new(Cursor::new(bytes[from..].to_vec())))
    }

    fn put(&self, blob: &Descriptor, body: &dyn Body, _: &[Name]) -> Result<Moved, Error> {
        if self.state().blobs.contains_key(&blob.digest) {
            return Ok(Moved::Present);
        }
        let mut bytes = Vec::new();
        let mut reader = Verifying::new(body.open()?, blob.digest.clone(), blob.size);
        reader.read_to_end(&mut bytes).map_err(|error| {
            Error::reading(self.place(), format!("cannot take blob {}", blob.digest), error)
        })?;
        self.state().blobs.insert(blob.digest.clone(), bytes);
        Ok(Moved::Sent)
    }

    fn publish(&self, manifest: &Manifest, tags: &[Tag], expect: &Expect) -> Result<Published, Error> {
        let mut state = self.state();
        for blob in manifest.blobs() {
            if !state.blobs.contains_key(&blob.digest) {
                return Err(self.error(ErrorKind::NotFound, format!("no blob {}", blob.digest)));
            }
        }
        for child in manifest.manifests() {
            if !state.manifests.contains_key(&child.digest) {
                return Err(self.error(ErrorKind::NotFound, format!("no manifest {}", child.digest)));
            }
        }
        for tag in tags {
            expect.hold(&self.place(), tag, state.tags.get(tag))?;
        }
        state.manifests.insert(manifest.digest().clone(), manifest.clone());
        let mut moved = Vec::new();
        for tag in tags {
            let old = state.tags.insert(tag.clone(), manifest.digest().clone());
            moved.extend(old.filter(|old| old != manifest.digest()).map(|old| (tag.clone(), old)));
        }
        Ok(Published { moved, subject_listed: true })
    }

    fn tags(&self) -> Result<Vec<Tag>, Error> {
        Ok(self.state().tags.keys().cloned().collect())
    }

    fn referrers(&self, of: &Digest, kind: Option<&str>) -> Result<Vec<Descriptor>, Error> {
        let state = self.state();
        let mut found: Vec<_> = state
            .manifests
            .values()
            .filter(|manifest| manifest.subject().is_some_and(|subject| subject.digest == *of))
            .filter(|manifest| kind.is_none_or(|kind| manifest.artifact_type() == Some(kind)))
            .map(listing)
            .collect();
        found.sort_by(|left, right| left.digest.cmp(&right.digest));
        Ok(found)
    }

    fn remove(&self, what: &Selector) -> Result<Removed, Error> {
        let mut state = self.state();
        let tags: Vec<Tag> = match what {
            Selector::Tag(tag) => state.tags.contains_key(tag).then(|| tag.clone()).into_iter().collect(),
            Selector::Digest(digest) => {
                state.tags.iter().filter(|(_, at)| *at == digest).map(|(tag, _)| tag.clone()).collect()
            }
        };
        for tag in &tags {
            state.tags.remove(tag);
        }
        let existed = match what {
            Selector::Tag(_) => !tags.is_empty(),
            Selector::Digest(digest) => state.manifests.remove(digest).is_some(),
        };
        Ok(Removed { tags, existed })
    }

    fn place(&self) -> String {
        "memory".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_the_contract() {
        super::super::contract::holds(&Memory::default());
    }

    #[test]
    fn a_referrer_is_listed_with_its_annotations() {
        let memory = Memory::default();
        let subject = Descriptor::of("x", b"subject");
        let json = serde_json::json!({"layers": [], "subject": subject, "annotations": {"k": "v"}});
        let referrer = Manifest::parse(json.to_string().into_bytes(), None).unwrap();
        memory.publish(&referrer, &[], &Expect::Any).unwrap();
        let found = memory.referrers(&subject.digest, None).unwrap();
        assert_eq!(found[0].annotation("k"), Some("v"));
    }
}
