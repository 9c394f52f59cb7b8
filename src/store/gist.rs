//! What must be known of a manifest to find it by its subject or below a list, read once and kept in memory.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::Layout;
use crate::oci::{Descriptor, Digest, Index, Manifest, media_type};
use crate::repository::attach::listing;
use crate::repository::{Error, ErrorKind};

/// What is kept of all manifests together, in bytes of the manifests' own that it comes from.
const MOST: usize = 32 * 1024 * 1024;

/// What a manifest says to those who look for others.
pub(super) struct Gist {
    /// What it is about.
    pub(super) subject: Option<Digest>,
    /// How it is listed among the referrers of its subject; without a subject nobody asks.
    pub(super) referrer: Option<Descriptor>,
    /// The manifests that it lists.
    pub(super) children: Vec<Descriptor>,
}

impl Gist {
    fn of(manifest: &Manifest) -> Self {
        let subject = manifest.subject().map(|subject| subject.digest.clone());
        let referrer = subject.is_some().then(|| listing(manifest));
        Self { subject, referrer, children: manifest.manifests().to_vec() }
    }
}

/// The manifests that cannot be read, each with why.
pub(super) type Unread = BTreeMap<Digest, Error>;

/// Gists that were read before, for whoever asks one layout after the other the same: a manifest never changes under its
/// digest.
#[derive(Default)]
pub struct Gists(Mutex<Known>);

#[derive(Default)]
struct Known {
    gists: HashMap<Digest, Arc<Gist>>,
    weight: usize,
}

impl Gists {
    fn get(&self, digest: &Digest) -> Option<Arc<Gist>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.gists.get(digest).map(Arc::clone)
    }

    fn keep(&self, digest: &Digest, gist: &Arc<Gist>, size: usize) {
        // Most have neither subject nor children: what is kept of them is little more than their digest.
        let says_much = gist.subject.is_some() || !gist.children.is_empty();
        let weight = if says_much { size + 256 } else { 256 };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.weight + weight > MOST {
            *known = Known::default();
        }
        if known.gists.insert(digest.clone(), Arc::clone(gist)).is_none() {
            known.weight += weight;
        }
    }
}

impl Layout {
    /// The gist of a manifest that the index or a list names; read and verified where it is not known yet.
    pub(super) fn gist(&self, entry: &Descriptor) -> Result<Arc<Gist>, Error> {
        let gists = self.serving.as_ref().map(|serving| &serving.gists);
        if let Some(known) = gists.and_then(|gists| gists.get(&entry.digest)) {
            return Ok(known);
        }
        let manifest = self.load(entry)?;
        let gist = Arc::new(Gist::of(&manifest));
        if let Some(gists) = gists {
            gists.keep(&entry.digest, &gist, manifest.bytes().len());
        }
        Ok(gist)
    }

    /// The same; nothing of a manifest that is missing or damaged, which is noted.
    fn gist_or_note(&self, entry: &Descriptor, unread: &mut Unread) -> Result<Option<Arc<Gist>>, Error> {
        match self.gist(entry) {
            Err(error) if matches!(error.kind, ErrorKind::Corrupt | ErrorKind::Refused) => {
                unread.entry(entry.digest.clone()).or_insert(error);
                Ok(None)
            }
            found => found.map(Some),
        }
    }

    /// All manifests that the index lists, and those that are here of what its manifest lists list; each once.
    pub(super) fn reachable(&self, index: &Index) -> Result<Vec<Descriptor>, Error> {
        let mut unread = Unread::new();
        let found = self.reached(index, &mut unread)?;
        unread.into_values().next().map_or(Ok(found), Err)
    }

    /// The same past lists that cannot be read.
    fn reached(&self, index: &Index, unread: &mut Unread) -> Result<Vec<Descriptor>, Error> {
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        let mut waiting: Vec<Descriptor> = index.manifests().rev().cloned().collect();
        while let Some(next) = waiting.pop() {
            if !seen.insert(next.digest.clone()) {
                continue;
            }
            let list = if is_list(&next) { self.gist_or_note(&next, unread)? } else { None };
            for child in list.iter().flat_map(|list| &list.children) {
                if self.blobs.has(child)? {
                    waiting.push(child.clone());
                }
            }
            found.push(next);
        }
        Ok(found)
    }

    /// How the manifests are listed whose subject is `of`, in the order of their digests, past those that cannot be read.
    pub(super) fn referring(
        &self,
        index: &Index,
        of: &Digest,
        unread: &mut Unread,
    ) -> Result<Vec<Descriptor>, Error> {
        let mut found = Vec::new();
        for entry in self.reached(index, unread)? {
            if !media_type::MANIFESTS.contains(&entry.media_type.as_str()) {
                continue;
            }
            let gist = self.gist_or_note(&entry, unread)?;
            let about = gist.filter(|gist| gist.subject.as_ref() == Some(of));
            found.extend(about.and_then(|gist| gist.referrer.clone()));
        }
        found.sort_by(|left, right| left.digest.cmp(&right.digest));
        Ok(found)
    }
}

/// Whether a descriptor names a list of manifests.
pub(super) fn is_list(entry: &Descriptor) -> bool {
    media_type::is_list(&entry.media_type)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::{Expect, Repository as _};
    use crate::store::{Serving, fixture};

    #[test]
    fn a_manifest_is_read_once_for_all_who_share_what_is_known() {
        let dir = tempfile::tempdir().unwrap();
        let open =
            |serving: &Serving| Layout::create_at(&dir.path().join("app")).unwrap().serving(serving.clone());
        let (first, second) = (Serving::default(), Serving::default());
        let (subject, blobs) = fixture::bundle(b"layer");
        let layout = open(&first);
        layout.put_all(&blobs, 1).unwrap();
        layout.publish(&subject, &[fixture::tag("v1")], &Expect::Any).unwrap();
        let json = serde_json::json!({
            "schemaVersion": 2, "mediaType": media_type::INDEX, "artifactType": "a/b", "manifests": [],
            "subject": subject.descriptor(), "annotations": {"k": "v"},
        });
        let referrer = Manifest::parse(json.to_string().into_bytes(), None).unwrap();
        layout.publish(&referrer, &[], &Expect::Any).unwrap();
        let found = open(&first).referrers(subject.digest(), Some("a/b")).unwrap();
        assert_eq!(found[0].annotation("k"), Some("v"));

        let file = layout.path().join("blobs/sha256").join(referrer.digest().hex());
        std::fs::remove_file(file).unwrap();
        assert_eq!(open(&first).referrers(subject.digest(), None).unwrap(), found);
        assert!(open(&second).referrers(subject.digest(), None).is_err(), "nothing is known of it there");
        let readable = open(&second).readable_referrers(subject.digest()).unwrap();
        assert_eq!(readable, (Vec::new(), vec![referrer.digest().clone()]));
    }

    #[test]
    fn what_is_known_does_not_grow_without_end() {
        let gists = Gists::default();
        let gist = Arc::new(Gist { subject: Some(Digest::of(b"")), referrer: None, children: Vec::new() });
        for number in 0..20_u8 {
            gists.keep(&Digest::of(&[number]), &gist, MOST / 8);
        }
        let known = gists.0.lock().unwrap();
        assert!(known.gists.len() < 8 && known.weight <= MOST, "{}", known.gists.len());
    }
}
