//! A layout from its index down: each manifest that can be reached, and what it names.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::SystemTime;

use super::ground::{self, unreadable_or};
use super::{Checked, Fault, Look, Problem, content};
use crate::bundle::Joined;
use crate::disk;
use crate::oci::{Descriptor, Digest, Index, LARGEST_MANIFEST, Manifest, ManifestError, Tag, media_type};
use crate::repository::Error;
use crate::store::{Layout, entries, paths};

/// How many of the bundles that suffer by a fault are named.
const NAMED: usize = 4;

/// What must be there because a manifest names it.
pub(super) struct Need {
    /// The sizes that descriptors give, with the manifest that does; nearly always one.
    pub(super) sizes: Vec<(u64, Digest)>,
    /// Whether clients get it from elsewhere, so that it need not be here.
    pub(super) may_be_absent: bool,
    /// Some bundles that need it.
    pub(super) bundles: Vec<Arc<str>>,
}

/// What was found so far.
pub(super) struct Examination<'a> {
    pub(super) layout: &'a Layout,
    pub(super) checked: Checked,
    pub(super) needs: HashMap<Digest, Need>,
    /// Manifests that were read, sound or not.
    pub(super) seen: HashSet<Digest>,
    joined: Vec<(Descriptor, Joined, Vec<Arc<str>>)>,
    /// How often a descriptor was followed: as often as bundles are named is enough.
    followed: HashMap<(Digest, String, u64), usize>,
}

/// Looks through a layout once.
pub(super) fn examine(layout: &Layout, look: &Look) -> Result<Checked, Error> {
    let mut examination = Examination {
        layout,
        checked: Checked::default(),
        needs: HashMap::new(),
        seen: HashSet::new(),
        joined: Vec::new(),
        followed: HashMap::new(),
    };
    if !ground::marker(&layout.path, &layout.place, &mut examination.checked.faults) {
        return Ok(examination.checked);
    }
    examination.index(look);
    content::read(&mut examination, look.threads)?;
    examination.sums();
    examination.leftovers(look.now);
    ground::strays(&layout.path, &mut examination.checked.faults);
    Ok(examination.checked)
}

impl Examination<'_> {
    pub(super) fn found(&mut self, fault: Fault) {
        self.checked.faults.push(fault);
    }

    fn index(&mut self, look: &Look) {
        let path = self.layout.path.join(paths::INDEX);
        let seen = match self.layout.index.read() {
            Ok(seen) if seen.bytes.is_some() => seen,
            Ok(_) => {
                let what = "the index is missing, so that nothing in this repository has a name";
                let todo = "put it back, or build or pull into the repository again";
                return self.found(Fault::new(Problem::Missing, path, what, todo));
            }
            Err(error) => {
                let todo = "put the index back from a copy; torte never writes over one that it cannot read";
                return self.found(Fault::new(unreadable_or(&error, Problem::Index), path, error.what, todo));
            }
        };
        for (at, reason) in seen.index.foreign() {
            let reason: String = reason.to_string().chars().take(200).collect();
            let what =
                format!("entry {} cannot be read, and what it names was not checked: {reason}", at + 1);
            self.found(Fault::new(
                Problem::Entry,
                &path,
                what,
                "ask the program that wrote it; torte leaves it as it is",
            ));
        }
        self.names(&seen.index);
        for entry in seen.index.manifests() {
            let name = match entries::tag_of(entry) {
                Some(tag) => format!("{}:{tag}", self.layout.place),
                None => format!("{}@{}", self.layout.place, entry.digest),
            };
            self.manifests(entry, &Arc::from(name), look);
        }
    }

    /// Names that are no tags, and names that stand twice.
    fn names(&mut self, index: &Index) {
        let path = self.layout.path.join(paths::INDEX);
        let in_force = entries::in_force(index);
        for entry in index.manifests() {
            let Some(name) = entries::tag_of(entry) else { continue };
            let shown: String = name.chars().take(200).collect();
            if name.parse::<Tag>().is_err() {
                let what =
                    format!("`{shown}` is no tag; what another program named so is only at {}", entry.digest);
                let todo = format!("give it a tag: `torte tag {}@{} TAG`", self.layout.place, entry.digest);
                self.found(Fault::new(Problem::Tag, &path, what, todo));
            } else if in_force.get(name) != Some(&&entry.digest) {
                let what = format!("the tag `{shown}` stands twice, and the last one counts");
                let todo = format!("see the other: `torte inspect {}@{}`", self.layout.place, entry.digest);
                self.found(Fault::new(Problem::Tag, &path, what, todo));
            }
        }
    }

    /// A manifest and all below it.
    fn manifests(&mut self, entry: &Descriptor, bundle: &Arc<str>, look: &Look) {
        let mut below = HashSet::new();
        let mut waiting = vec![entry.clone()];
        while let Some(next) = waiting.pop() {
            if !below.insert(next.digest.clone()) {
                continue;
            }
            let key = (next.digest.clone(), next.media_type.clone(), next.size);
            let times = self.followed.entry(key).or_default();
            *times += 1;
            if *times > NAMED {
                continue;
            }
            let is_new = self.seen.insert(next.digest.clone());
            let Some(manifest) = self.manifest(&next, bundle, is_new) else { continue };
            for blob in manifest.named() {
                self.need(blob, manifest.digest(), bundle);
            }
            waiting.extend(manifest.manifests().iter().cloned());
            if !is_new {
                continue;
            }
            self.checked.bundles += 1;
            self.checked.blobs += 1;
            self.checked.bytes += manifest.bytes().len() as u64;
            if let Some(joined) = (look.joined)(&manifest) {
                self.joined.push((manifest.descriptor(), joined, vec![Arc::clone(bundle)]));
            }
        }
    }

    /// Reads one manifest; what is wrong with its content is told once, with its descriptors each time.
    fn manifest(&mut self, entry: &Descriptor, bundle: &Arc<str>, is_new: bool) -> Option<Manifest> {
        let path = self.layout.blobs.path(&entry.digest);
        let mut tell = |problem, what: String, todo: &str, once: bool| {
            if is_new || !once {
                let fault = Fault::new(problem, &path, what, todo);
                let bundles = vec![bundle.to_string()];
                self.checked.faults.push(Fault { digest: Some(entry.digest.clone()), bundles, ..fault });
            }
        };
        let again = &format!(
            "build or pull the bundle again, or remove it: `torte rm {}@{} --force`",
            self.layout.place, entry.digest
        );
        // Its entry is what is wrong, and a build leaves an entry that is there as it is.
        let anew = &format!(
            "remove it with `torte rm {}@{} --force`, and build or pull the bundle again",
            self.layout.place, entry.digest
        );
        let bytes = match disk::read(&path, LARGEST_MANIFEST) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                tell(Problem::Missing, "the manifest is missing".into(), again, true);
                return None;
            }
            Err(disk::Error::InTheWay { .. }) => {
                tell(
                    Problem::NotAFile,
                    "something else than a file stands in the place of a manifest".into(),
                    again,
                    true,
                );
                return None;
            }
            Err(error @ disk::Error::TooLarge { .. }) => {
                tell(Problem::Manifest, error.to_string(), again, true);
                return None;
            }
            Err(error) => {
                tell(Problem::Unreadable, error.to_string(), "let torte read it, and check again", true);
                return None;
            }
        };
        let size = bytes.len() as u64;
        let manifest = Manifest::of(bytes, Some(&entry.media_type), &entry.digest);
        if let Err(ManifestError::Digest { .. }) = manifest {
            tell(Problem::Digest, "the manifest's content is not what its digest says".into(), again, true);
            return None;
        }
        if size != entry.size {
            let what = format!("its descriptor says {} bytes, and it has {size}", entry.size);
            tell(Problem::Size, what, anew, false);
        }
        match manifest {
            Ok(manifest) => Some(manifest),
            Err(error @ ManifestError::MediaType { .. }) => {
                let what = format!("it cannot be trusted: {error}");
                tell(Problem::MediaType, what, anew, false);
                None
            }
            Err(error @ ManifestError::UnknownMediaType(_)) => {
                let what = format!("what it names was not checked: {error}");
                tell(Problem::Unreadable, what, "torte leaves it as it is", false);
                None
            }
            Err(error) => {
                tell(Problem::Manifest, format!("it cannot be used: {error}"), again, true);
                None
            }
        }
    }

    fn need(&mut self, blob: &Descriptor, manifest: &Digest, bundle: &Arc<str>) {
        let may_be_absent = media_type::is_foreign(&blob.media_type);
        let need = self.needs.entry(blob.digest.clone()).or_insert_with(|| Need {
            sizes: Vec::new(),
            may_be_absent: true,
            bundles: Vec::new(),
        });
        need.may_be_absent &= may_be_absent;
        if !need.sizes.iter().any(|(size, _)| *size == blob.size) {
            need.sizes.push((blob.size, manifest.clone()));
        }
        if need.bundles.len() < NAMED && !need.bundles.contains(bundle) {
            need.bundles.push(Arc::clone(bundle));
        }
    }

    /// Holds the layers of namespaces against the complete tree, where all of them are sound by themselves.
    fn sums(&mut self) {
        let wrong: HashSet<Digest> =
            self.checked.faults.iter().filter_map(|fault| fault.digest.clone()).collect();
        for (manifest, joined, bundles) in std::mem::take(&mut self.joined) {
            let mut all = joined.parts.iter().chain([&joined.whole]);
            if all.any(|blob| wrong.contains(&blob.digest)) {
                continue;
            }
            let Err(error) = self.layout.blobs.prove(&joined) else { continue };
            let todo = "do not use this bundle: Flux and torte would see two things in it; build it again";
            let path = self.layout.blobs.path(&manifest.digest);
            let fault = Fault::new(Problem::Sum, path, error.what, todo);
            let bundles = bundles.iter().map(ToString::to_string).collect();
            self.found(Fault { digest: Some(manifest.digest), bundles, ..fault });
        }
    }

    fn leftovers(&mut self, now: SystemTime) {
        let todo = "`torte check --repair` removes it";
        let left = self.layout.blobs.abandoned().and_then(|ours| {
            let others = self.layout.blobs.left_by_others(now)?;
            Ok(ours.into_iter().chain(others).collect::<Vec<_>>())
        });
        let left = match left {
            Ok(left) => left,
            Err(error) => {
                let path = self.layout.blobs.ingest();
                let todo = "let torte read it, and check again";
                return self.found(Fault::new(Problem::Unreadable, path, error.what, todo));
            }
        };
        for one in left {
            let what = format!("a process that is gone left this file of {} bytes", one.size);
            self.found(Fault::new(Problem::Leftover, one.path, what, todo));
        }
    }
}
