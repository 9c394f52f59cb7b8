//! Takes what is attached to a bundle along to where the bundle is copied.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::amend::{amend_with, wait_for_others};
use super::fallback;
use super::tree::{Node, tree};
use super::{Attachment, Companion, Nature, listing};
use crate::oci::{Descriptor, Digest, Manifest, ManifestError, Name, Selector, Tag, media_type};
use crate::progress::Progress;
use crate::repository::copy::{self, Copied, Order};
use crate::repository::{Error, ErrorKind, Expect, Known, Repository, in_parallel};

/// What is attached to a bundle and to what it lists, ready to be taken along.
pub struct Load {
    /// The manifests below the bundle, each before the index that lists it.
    pub children: Vec<Manifest>,
    subjects: Vec<Digest>,
    forest: Vec<Vec<Node>>,
}

impl Load {
    /// Finds it, and reads its manifests. Nothing is written.
    pub fn of(from: &dyn Repository, bundle: &Manifest) -> Result<Self, Error> {
        let children = copy::below(from, bundle)?;
        let subjects: Vec<Digest> =
            [bundle].into_iter().chain(&children).map(|manifest| manifest.digest().clone()).collect();
        let forest = tree(from, &subjects)?;
        Ok(Self { children, subjects, forest })
    }

    /// Whether nothing is attached.
    pub fn is_empty(&self) -> bool {
        self.forest.iter().all(Vec::is_empty)
    }
}

/// How it is taken.
#[derive(Clone, Copy)]
pub struct How<'a> {
    /// Repositories of the destination's registry that may have the blobs.
    pub mounts: &'a [Name],
    /// How many transfers run at once, at least one.
    pub concurrency: usize,
}

/// What was taken along.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// What each thing is that is at the destination now.
    pub natures: Vec<Nature>,
    /// What it took.
    pub copied: Copied,
    /// What is listed at the source and could not be had, and why.
    pub left_out: Vec<String>,
}

/// Takes along all that is attached, with what refers to that.
///
/// What is there already stays. Where the destination does not list referrers by itself, the fallback tag is amended;
/// signatures under a tag of cosign's come to those that stand under it there.
pub fn carry(
    from: &dyn Repository,
    to: &dyn Repository,
    load: &Load,
    how: How<'_>,
    progress: &dyn Progress,
) -> Result<Carried, Error> {
    let mut work = Work { from, to, how, progress, carried: Carried::default(), rest: Vec::new() };
    for (subject, nodes) in load.subjects.iter().zip(&load.forest) {
        work.nodes(subject, nodes)?;
    }
    let Work { carried, rest, .. } = work;
    // Each waits a moment for others who write the same, so they wait together.
    in_parallel(&rest, rest.len().min(MOST_WAITING), |one| one.finish(to))?;
    Ok(carried)
}

/// How many tags may be changed at once.
const MOST_WAITING: usize = 16;

struct Work<'a> {
    from: &'a dyn Repository,
    to: &'a dyn Repository,
    how: How<'a>,
    progress: &'a dyn Progress,
    carried: Carried,
    rest: Vec<Rest<'a>>,
}

/// What is left to do once all content is there.
enum Rest<'a> {
    List { subject: &'a Digest, referrers: Vec<Descriptor> },
    Tag { companion: Companion, tag: &'a Tag, manifest: &'a Manifest },
}

impl<'a> Work<'a> {
    fn nodes(&mut self, subject: &'a Digest, nodes: &'a [Node]) -> Result<(), Error> {
        let mut unlisted = Vec::new();
        for node in nodes {
            let manifest = match &node.manifest {
                Ok(manifest) => manifest,
                Err(reason) => {
                    self.carried.left_out.push(reason.clone());
                    continue;
                }
            };
            self.carried.natures.push(Nature::of(&node.found, Some(manifest)));
            match &node.found.tag {
                None => {
                    if !self.referrer(manifest)? {
                        unlisted.push(listing(manifest));
                    }
                }
                Some((companion, tag)) => self.tagged(*companion, tag, manifest)?,
            }
            self.nodes(manifest.digest(), &node.nodes)?;
        }
        if !unlisted.is_empty() {
            self.rest.push(Rest::List { subject, referrers: unlisted });
        }
        Ok(())
    }

    /// Copies a referrer; tells whether the destination lists it.
    fn referrer(&mut self, manifest: &Manifest) -> Result<bool, Error> {
        let copied = copy::copy(self.from, self.to, &self.order(manifest, &[])?, self.progress)?;
        let is_listed = copied.subject_listed;
        self.carried.copied.add(&copied);
        Ok(is_listed)
    }

    fn tagged(&mut self, companion: Companion, tag: &'a Tag, manifest: &'a Manifest) -> Result<(), Error> {
        let there = self.to.resolve(&Selector::Tag(tag.clone()))?;
        let is_list = |there: &Descriptor| manifest.is_index() || media_type::is_list(&there.media_type);
        let differs = |there: &Descriptor| there.digest != *manifest.digest();
        if companion != Companion::Sbom
            && there.as_ref().is_some_and(|there| differs(there) && is_list(there))
        {
            let reason =
                format!("tag `{tag}` leads to a list, to which nothing can be added; what is there stays");
            self.carried.left_out.push(reason);
            return Ok(());
        }
        if manifest.is_index() {
            let tags = std::slice::from_ref(tag);
            let is_new = there.is_none() && companion != Companion::Sbom;
            let expect = if is_new { Expect::Absent } else { Expect::Any };
            let order = Order { expect, ..self.order(manifest, tags)? };
            let copied = copy::copy(self.from, self.to, &order, self.progress)?;
            self.carried.copied.add(&copied);
            return Ok(());
        }
        let (mut copied, order) = (Copied::default(), self.order(manifest, &[])?);
        let blobs = manifest.blobs();
        copy::move_blobs(self.from, self.to, &blobs, &order.known, &order, self.progress, &mut copied)?;
        self.carried.copied.add(&copied);
        self.rest.push(Rest::Tag { companion, tag, manifest });
        Ok(())
    }

    fn order<'b>(&'b self, manifest: &'b Manifest, tags: &'b [Tag]) -> Result<Order<'b>, Error> {
        let is_there = self.to.resolve(&Selector::Digest(manifest.digest().clone()))?.is_some();
        Ok(Order {
            manifest,
            children: None,
            tags,
            expect: Expect::Any,
            known: if is_there { Known::Manifests(vec![manifest.clone()]) } else { Known::Nothing },
            mounts: self.how.mounts,
            join: None,
            concurrency: self.how.concurrency,
        })
    }
}

impl Rest<'_> {
    fn finish(&self, to: &dyn Repository) -> Result<(), Error> {
        match self {
            Self::List { subject, referrers } => {
                fallback::list(to, subject, referrers, &wait_for_others)?;
            }
            Self::Tag { companion, tag, manifest } => {
                let change = |now: Option<&Manifest>| {
                    united(*companion, now, manifest).map_err(|reason| {
                        let what = format!("cannot add to what stands under tag `{tag}`: {reason}");
                        Error::new(ErrorKind::Refused, to.place(), what)
                    })
                };
                amend_with(to, tag, change, &wait_for_others)?;
            }
        }
        Ok(())
    }
}

/// What should stand under a tag of cosign's where `ours` comes to what stands there now, unless it does already.
///
/// Of two lists of components ours counts, as in any copy: they are no signatures, of which there may be many.
pub(super) fn united(
    companion: Companion,
    now: Option<&Manifest>,
    ours: &Manifest,
) -> Result<Option<Attachment>, ManifestError> {
    let whole = || Ok(Some(Attachment { manifest: ours.clone(), blobs: Vec::new() }));
    let Some(now) = now else { return whole() };
    if now.digest() == ours.digest() {
        return Ok(None);
    }
    if companion == Companion::Sbom {
        return whole();
    }
    // It came just now: what is there stays.
    if now.is_index() {
        return Ok(None);
    }
    let lacks = |all: &Manifest, layer: &Descriptor| !all.layers().contains(layer);
    let lacking: Vec<bool> = ours.layers().iter().map(|layer| lacks(now, layer)).collect();
    if !lacking.contains(&true) {
        return Ok(None);
    }
    if !now.layers().iter().any(|layer| lacks(ours, layer)) {
        return whole();
    }
    let (there, own) = (raw_layers(now)?, raw_layers(ours)?);
    // They are put behind the last one as they were written: whatever else either says is nothing to us.
    let end = there.last().map_or(0, |last| last.as_ptr_range().end.addr() - now.bytes().as_ptr().addr());
    let (before, after) = now.bytes().split_at(end);
    let mut bytes = before.to_vec();
    for (layer, _) in own.iter().zip(lacking).filter(|(_, is_lacking)| *is_lacking) {
        bytes.push(b',');
        bytes.extend_from_slice(layer);
    }
    bytes.extend_from_slice(after);
    let manifest = Manifest::parse(bytes, Some(now.media_type()))?;
    Ok(Some(Attachment { manifest, blobs: Vec::new() }))
}

/// The layers of a manifest as they stand in its bytes.
fn raw_layers(manifest: &Manifest) -> Result<Vec<&[u8]>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Raw<'a> {
        #[serde(borrow)]
        layers: Vec<&'a RawValue>,
    }
    let raw: Raw<'_> = serde_json::from_slice(manifest.bytes())?;
    Ok(raw.layers.into_iter().map(|layer| layer.get().as_bytes()).collect())
}
