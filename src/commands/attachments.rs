//! What is attached to a bundle, for the verbs that show it, move it, or leave it behind.

use super::places::Opened;
use crate::oci::{Descriptor, Digest, Manifest, Selector};
use crate::output::report::{AttachedLine, Attachments, in_words};
use crate::repository::attach::{self, Carried, Found, Nature, Node};
use crate::repository::copy::{Copied, below};
use crate::repository::{self, Repository};
use crate::store::Layout;

/// What a copy does with what is attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// Take it along.
    Take,
    /// Tell what stays behind, where that costs no request.
    Tell,
    /// Pass over it.
    Pass,
}

impl Care {
    /// As `--referrers` says.
    pub(super) fn of(takes: bool) -> Self {
        if takes { Self::Take } else { Self::Tell }
    }
}

/// What was done with what is attached, for the report: counts, a part of the summary, notes and warnings.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) counts: Option<Attachments>,
    /// What it took.
    pub(super) copied: Option<Copied>,
    pub(super) notes: Vec<String>,
    pub(super) warnings: Vec<String>,
}

/// What was taken along.
pub(super) fn taken(carried: Carried) -> Outcome {
    let warning = |reason| format!("something that is attached was not taken along: {reason}");
    let behind = carried.left_out.len() as u64;
    Outcome {
        counts: Some(Attachments::of(&carried.natures, behind)),
        copied: Some(carried.copied),
        notes: Vec::new(),
        warnings: carried.left_out.into_iter().map(warning).collect(),
    }
}

/// What stays behind on this machine; where that cannot be seen, nothing is said.
pub(super) fn behind(from: &Opened, manifest: &Manifest) -> Outcome {
    let Some(layout) = from.layout() else { return Outcome::default() };
    let natures =
        if holds_one_kind(layout, manifest) { Ok(Vec::new()) } else { natures_of_all(layout, manifest) };
    let Ok(natures) = natures else { return Outcome::default() };
    let count: u64 = natures.iter().map(|nature| nature.count).sum();
    let (stay, them) = if count == 1 { ("stays", "it") } else { ("stay", "them") };
    let note = format!("{} {stay} behind; take {them} along with `--referrers`", in_words(&natures));
    Outcome {
        counts: Some(Attachments::of(&[], count)),
        notes: (count > 0).then_some(note).into_iter().collect(),
        ..Outcome::default()
    }
}

/// Whether the index knows of nothing but bundles like this one, so that a push out of a store with thousands of them
/// need not read them all to learn that nothing is attached.
fn holds_one_kind(layout: &Layout, bundle: &Manifest) -> bool {
    let is_alike = |entry: &Descriptor| {
        entry.artifact_type.is_some() && entry.artifact_type.as_deref() == bundle.artifact_type()
    };
    layout.index().is_ok_and(|index| index.manifests().all(is_alike))
}

fn natures_of_all(from: &dyn Repository, bundle: &Manifest) -> Result<Vec<Nature>, repository::Error> {
    let mut natures = Vec::new();
    for manifest in [bundle.clone()].into_iter().chain(below(from, bundle)?) {
        for (found, manifest) in with_tags(from, manifest.digest())? {
            natures.push(Nature::of(&found, manifest.as_ref()));
        }
    }
    Ok(natures)
}

/// What is attached to one manifest, with the manifests of cosign's tags, which tell how many signatures they hold.
fn with_tags(
    repository: &dyn Repository,
    subject: &Digest,
) -> Result<Vec<(Found, Option<Manifest>)>, repository::Error> {
    let with_manifest = |found: Found| {
        let at = found.tag.as_ref().map(|_| Selector::Digest(found.manifest.digest.clone()));
        let manifest = at.map(|at| repository.manifest(&at)).transpose()?.flatten();
        Ok((found, manifest))
    };
    attach::attached(repository, subject)?.into_iter().map(with_manifest).collect()
}

/// What is attached to a bundle, as it is shown: of a local one all, of a remote one what one request tells.
pub(super) fn shown(from: &Opened, subject: &Digest) -> Result<Vec<AttachedLine>, repository::Error> {
    let found = if from.layout().is_some() {
        with_tags(from.repository(), subject)?
    } else {
        let referrers = attach::referrers(from.repository(), subject)?;
        referrers.into_iter().map(|manifest| (Found { manifest, tag: None }, None)).collect()
    };
    Ok(found.into_iter().map(|(found, manifest)| line(&found, manifest.as_ref())).collect())
}

/// All that is attached to these manifests, as trees.
pub(super) fn trees(
    repository: &dyn Repository,
    subjects: &[Digest],
) -> Result<Vec<Vec<AttachedLine>>, repository::Error> {
    let forest = attach::tree(repository, subjects)?;
    Ok(forest.iter().map(|nodes| nodes.iter().map(branch).collect()).collect())
}

fn branch(node: &Node) -> AttachedLine {
    AttachedLine {
        problem: node.manifest.as_ref().err().cloned(),
        below: Some(node.nodes.iter().map(branch).collect()),
        ..line(&node.found, node.manifest.as_ref().ok())
    }
}

fn line(found: &Found, manifest: Option<&Manifest>) -> AttachedLine {
    let listed = manifest.map_or_else(|| found.manifest.clone(), attach::listing);
    AttachedLine {
        nature: Nature::of(found, manifest),
        manifest: listed,
        tag: found.tag.as_ref().map(|(_, tag)| tag.clone()),
        problem: None,
        below: None,
    }
}
