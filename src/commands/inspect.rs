//! `torte inspect`: what is inside a bundle, downloading no more than it shows.

use std::sync::{Mutex, PoisonError};

use super::Context;
use super::attachments::{shown as shown_attachments, trees};
use super::layers::{inventory, read_each};
use super::places::{Opened, manifest, reference};
use super::resolve::{chosen, range_beside};
use crate::cli::Inspect;
use crate::kinds::kubernetes::group::reason;
use crate::kinds::kubernetes::inventory::{File, Group};
use crate::kinds::{self, Kind};
use crate::oci::{Digest, Manifest, Side};
use crate::output::report::{
    AttachedLine, Child, Contents, FileLine, Flag, GroupLine, Inspected, LayerLine, about,
};
use crate::output::{Answer, Data};
use crate::repository::{self, ErrorKind, Repository};
use crate::settings::{Reach, concurrency};

pub(super) fn run(arguments: &Inspect, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let reference = reference(&arguments.reference)?;
    let range = range_beside(&reference, arguments.semver.as_deref())?;
    let opened = context.open(&reference.place, &Reach::only(&arguments.remote))?;
    let repository = opened.repository();
    let reference = chosen(&reference, range.as_ref(), repository)?;
    let selector = reference.selector_or_latest();
    let found = manifest(repository, &selector)?;
    if arguments.manifest {
        return Ok(Answer { data: Data::Raw(found.bytes().to_vec()), ..Answer::default() });
    }
    let kind = Kind::of(&found);
    // A local bundle's counts cost nothing; a remote one's would be downloads.
    let reads = arguments.contents || reference.side() == Side::Local;
    let concurrency = concurrency(&arguments.remote, context.environment)?;
    let (contents, warnings) = match kind {
        Some(kind) if reads => contents(kind, repository, &found, concurrency)?,
        _ => (vec![None; found.layers().len()], Vec::new()),
    };
    let whole = kinds::joined(&found).map(|joined| joined.whole);
    let layers = found.layers().iter().zip(contents).enumerate().map(|(at, (layer, contents))| LayerLine {
        descriptor: layer.clone(),
        namespace: kind.and_then(|kind| kind.namespace(layer)),
        contents,
        is_whole: at == 0 && whole.is_some(),
    });
    let groups = arguments.explain.then(|| explain(repository, &found)).transpose()?;
    let unread = "this is what the inventory says; that the layers hold these files, and make the complete tree, was not verified";
    let mut notes: Vec<String> = groups.iter().map(|_| unread.to_owned()).collect();
    if arguments.contents && kind.is_none() && !found.is_index() {
        notes.push("no kind of torte's has such layers; `torte unpack` writes what they hold".to_owned());
    }
    let digests: Vec<Digest> = [found.digest()]
        .into_iter()
        .chain(found.manifests().iter().map(|child| &child.digest))
        .cloned()
        .collect();
    let mut warnings = warnings;
    let mut attached = if arguments.referrers {
        trees(repository, &digests)?.into_iter().map(Some).collect()
    } else {
        vec![noticed(&opened, found.digest(), &mut warnings)?]
    };
    attached.resize(digests.len(), None);
    let mut attached = attached.into_iter();
    let report = Inspected {
        attached: attached.next().flatten(),
        is_followed: arguments.referrers,
        reference: reference.to_string(),
        manifest: found.descriptor(),
        kind: kind.map(Kind::name),
        tags: reference.tag().map(ToString::to_string).into_iter().collect(),
        artifact_type: found.artifact_type().map(str::to_owned),
        annotations: found.annotations().clone(),
        layers: layers.collect(),
        children: found
            .manifests()
            .iter()
            .zip(attached)
            .map(|(child, attached)| Child { manifest: child.clone(), about: about(child), attached })
            .collect(),
        groups,
        requests: repository.cost().requests,
        warnings,
        notes,
    };
    Ok(report.answer(arguments.output.format, arguments.contents))
}

/// What is attached, in passing: that it cannot be had is no reason not to show the bundle.
fn noticed(
    opened: &Opened,
    subject: &Digest,
    warnings: &mut Vec<String>,
) -> Result<Option<Vec<AttachedLine>>, repository::Error> {
    match shown_attachments(opened, subject) {
        Ok(lines) => Ok(Some(lines)),
        Err(error) if error.kind == ErrorKind::Interrupted => Err(error),
        Err(error) => {
            warnings.push(format!("what is attached to the bundle is not known: {error}"));
            Ok(None)
        }
    }
}

type Found = (Vec<Option<Contents>>, Vec<String>);

/// Reads each layer; one that cannot be understood is a warning, one that cannot be had is an error.
///
/// Layer 0 of a hybrid bundle is what all others hold, and is not read.
fn contents(
    kind: Kind,
    repository: &dyn Repository,
    manifest: &Manifest,
    concurrency: usize,
) -> Result<Found, repository::Error> {
    let skipped = usize::from(kinds::joined(manifest).is_some());
    let found = Mutex::new((vec![None; manifest.layers().len()], Vec::new()));
    read_each(repository, &manifest.layers()[skipped..], concurrency, |at, layer, bytes| {
        let summary = kinds::summary(kind, layer, &bytes);
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        match summary {
            Ok(summary) => found.0[at + skipped] = Some(shown(summary)),
            Err(error) => found.1.push(error.to_string()),
        }
    })?;
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn shown(summary: kinds::Summary) -> Contents {
    let flag = |flag: kinds::FlagLine| Flag {
        key: flag.key,
        kind: flag.kind,
        enabled: flag.enabled,
        variants: flag.variants,
    };
    match summary {
        kinds::Summary::Flags(found) => {
            Contents::Flags { flags: found.flags.into_iter().map(flag).collect(), segments: found.segments }
        }
        kinds::Summary::Objects(found) => {
            Contents::Objects { files: found.files, namespaces: found.namespaces }
        }
    }
}

/// The inventory of a bundle, which its config holds.
fn explain(repository: &dyn Repository, manifest: &Manifest) -> anyhow::Result<Vec<GroupLine>> {
    let inventory = inventory(repository, manifest)?.ok_or_else(|| {
        let what = "the bundle says nothing of its files: it has no inventory";
        let hint = "`torte build` writes one for manifests, with the profile `hybrid`";
        repository::Error::new(ErrorKind::Refused, repository.place(), what).hinting(hint)
    })?;
    let file = |file: File| FileLine {
        path: file.path,
        size: file.size,
        words: reason::in_words(&file.reason).to_owned(),
        reason: file.reason.into_owned(),
    };
    let group = |group: Group| GroupLine {
        name: group.name,
        requires: group.requires,
        files: group.files.into_iter().map(file).collect(),
    };
    Ok(inventory.groups.into_iter().map(group).collect())
}
