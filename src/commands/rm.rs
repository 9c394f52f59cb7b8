//! `torte rm`: a tag, or a bundle by its digest, taken away.

use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;

use super::Context;
use super::places::{absent, reference};
use crate::cli::Rm;
use crate::oci::{Digest, Place, Reference, Selector, Tag, media_type};
use crate::output::report::{Left, Removed, RemovedLine};
use crate::output::{Answer, Exit, Failure};
use crate::repository::{Error, ErrorKind, Repository, in_parallel};
use crate::settings::{Reach, Usage, concurrency};
use crate::store::{Layout, PINNED};

/// The most tags of a remote repository that are held against a digest.
const MOST_TAGS: usize = 1000;

pub(super) fn run(arguments: &Rm, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    // All are understood before the first is gone.
    let references = arguments.references.iter().map(|text| one(text));
    let references: Vec<Reference> = references.collect::<anyhow::Result<_>>()?;
    let mut report = Removed { dry_run: arguments.dry_run, ..Removed::default() };
    for reference in &references {
        let outcome = remove(reference, arguments, context);
        match outcome.with_context(|| format!("cannot remove {reference}")) {
            Ok((line, requests)) => {
                report.removed.push(line);
                report.requests += requests;
            }
            Err(error) if references.len() == 1 => return Err(error),
            Err(error) => {
                let failure = Failure::of(&error);
                if matches!(failure.exit, Exit::Interrupted(_)) {
                    return Err(error);
                }
                report.failed.push(failure);
            }
        }
    }
    Ok(report.answer(arguments.output.format))
}

/// A reference with a tag or a digest.
fn one(text: &str) -> anyhow::Result<Reference> {
    let reference = reference(text)?;
    if reference.selector.is_some() {
        return Ok(reference);
    }
    let what = format!("`{text}` names a repository, and `torte rm` takes no tag for granted");
    let hint = format!("say which, as in `torte rm {reference}:TAG`; `torte list {reference}` shows them");
    Err(Usage::new(what, hint).into())
}

/// Removes one, and tells how many requests that took.
fn remove(
    reference: &Reference,
    arguments: &Rm,
    context: &mut Context<'_>,
) -> anyhow::Result<(RemovedLine, u64)> {
    let opened = context.open(&reference.place, &Reach::only(&arguments.remote))?;
    let selector = reference.selector_or_latest();
    if let Some(remote) = opened.remote() {
        let line = match &selector {
            Selector::Tag(tag) => remote_tag(remote, reference, tag, arguments.dry_run)?,
            Selector::Digest(digest) => {
                let concurrency = concurrency(&arguments.remote.door, context.environment)?;
                remote_bundle(remote, reference, digest, arguments, concurrency)?
            }
        };
        return Ok((line, remote.cost().requests));
    }
    // It is there; opened anew, it writes down when the tag went.
    let written = if arguments.dry_run { None } else { Some(context.create_layout(&reference.place)?) };
    let Some(layout) = written.as_ref().or(opened.layout()) else {
        return Err(absent(opened.repository(), &selector).into());
    };
    let line = match &selector {
        Selector::Tag(tag) => local_tag(layout, reference, tag, arguments.dry_run)?,
        Selector::Digest(digest) => local_bundle(layout, reference, digest, arguments)?,
    };
    Ok((line, 0))
}

fn local_tag(layout: &Layout, reference: &Reference, tag: &Tag, dry_run: bool) -> Result<RemovedLine, Error> {
    let selector = Selector::Tag(tag.clone());
    let entry = layout.tagged(tag)?.ok_or_else(|| absent(layout, &selector))?;
    if !dry_run && !layout.remove(&selector)?.existed {
        return Err(absent(layout, &selector));
    }
    let digest = entry.descriptor.digest;
    let (entries, _) = layout.entries()?;
    let others: Vec<_> = entries.into_iter().filter(|other| other.descriptor.digest == digest).collect();
    let is_pinned = others.iter().any(|other| other.descriptor.annotation(PINNED).is_some());
    let tags: Vec<Tag> =
        others.into_iter().filter_map(|other| other.tag).filter(|other| other != tag).collect();
    let left = match (tags.is_empty(), is_pinned) {
        (false, _) => Left::Tags(tags),
        (true, true) => Left::Pinned,
        (true, false) => Left::Untagged,
    };
    Ok(RemovedLine { tags: vec![tag.clone()], left, ..RemovedLine::of(reference, digest) })
}

fn local_bundle(
    layout: &Layout,
    reference: &Reference,
    digest: &Digest,
    arguments: &Rm,
) -> Result<RemovedLine, Error> {
    let gone = layout.withdraw(digest, arguments.force, arguments.dry_run)?;
    let gone = gone.ok_or_else(|| absent(layout, &Selector::Digest(digest.clone())))?;
    let line = RemovedLine::of(reference, digest.clone());
    Ok(RemovedLine { tags: gone.tags, referrers: gone.referrers, left: Left::Content, ..line })
}

/// Removes a tag alone. A registry that does not do that is told of, and nothing else is removed instead.
fn remote_tag(
    remote: &dyn Repository,
    reference: &Reference,
    tag: &Tag,
    dry_run: bool,
) -> Result<RemovedLine, Error> {
    let at = Selector::Tag(tag.clone());
    let found = remote.resolve(&at)?.ok_or_else(|| absent(remote, &at))?;
    let line = RemovedLine { tags: vec![tag.clone()], ..RemovedLine::of(reference, found.digest.clone()) };
    if dry_run {
        return Ok(line);
    }
    let removed = remote.remove(&at).map_err(|error| untouched(error, &found.digest))?;
    if !removed.existed && remote.resolve(&at)?.is_some() {
        let what = format!(
            "cannot remove tag `{tag}`: the registry answers that it is not there, and shows it still"
        );
        return Err(untouched(Error::new(ErrorKind::Refused, remote.place(), what), &found.digest));
    }
    // Some registries take the bundle along.
    let is_there = remote.resolve(&Selector::Digest(found.digest)).is_ok_and(|found| found.is_some());
    Ok(RemovedLine { left: if is_there { Left::AtRegistry } else { Left::Nothing }, ..line })
}

/// The same error, and that nothing was removed in the tag's place.
fn untouched(error: Error, digest: &Digest) -> Error {
    if error.kind != ErrorKind::Refused || error.hint.is_some() {
        return error;
    }
    error.hinting(format!(
        "nothing was removed; where only bundles can be removed, `torte rm …@{digest}` names the tags that would go"
    ))
}

fn remote_bundle(
    remote: &dyn Repository,
    reference: &Reference,
    digest: &Digest,
    arguments: &Rm,
    concurrency: usize,
) -> Result<RemovedLine, Error> {
    let at = Selector::Digest(digest.clone());
    remote.resolve(&at)?.ok_or_else(|| absent(remote, &at))?;
    let Standing { tags, lists, all_looked_at } = standing(remote, digest, concurrency)?;
    if let Some(list) = lists.first() {
        let what = format!("{digest} is listed by the index under `{list}`, which would miss it");
        let hint = format!("remove the index first: `torte rm {}:{list}`", reference.place);
        return Err(Error::new(ErrorKind::Conflict, remote.place(), what).hinting(hint));
    }
    if !arguments.force && !tags.is_empty() {
        let names: Vec<String> = tags.iter().map(|tag| format!("`{tag}`")).collect();
        let what = format!("{digest} is tagged {}, and would be gone under each", names.join(", "));
        let hint = "remove the tags alone, or the bundle with all of them by `--force`";
        return Err(Error::new(ErrorKind::Conflict, remote.place(), what).hinting(hint));
    }
    if !arguments.force && !all_looked_at {
        let what = format!("{digest} may have more tags than the {MOST_TAGS} that were looked at");
        let hint = "remove the bundle with all of them by `--force`";
        return Err(Error::new(ErrorKind::Conflict, remote.place(), what).hinting(hint));
    }
    // What is about it is the registry's to keep or to drop; where it does not tell, nothing is said.
    let about = remote.referrers(digest, None).unwrap_or_default();
    let referrers = about.into_iter().map(|one| one.digest).collect();
    let line =
        RemovedLine { tags, referrers, left: Left::Nothing, ..RemovedLine::of(reference, digest.clone()) };
    if !arguments.dry_run && !remote.remove(&at)?.existed && remote.resolve(&at)?.is_some() {
        let what =
            format!("cannot remove {digest}: the registry answers that it is not there, and shows it still");
        return Err(Error::new(ErrorKind::Refused, remote.place(), what));
    }
    Ok(RemovedLine { is_remote: matches!(reference.place, Place::Remote { .. }), ..line })
}

/// Where a bundle of a registry stands.
#[derive(Default)]
struct Standing {
    /// The tags that point at it.
    tags: Vec<Tag>,
    /// The tags of indexes that list it.
    lists: Vec<Tag>,
    /// Whether all tags were looked at.
    all_looked_at: bool,
}

fn standing(remote: &dyn Repository, digest: &Digest, concurrency: usize) -> Result<Standing, Error> {
    let mut tags = remote.tags()?;
    let all_looked_at = tags.len() <= MOST_TAGS;
    tags.truncate(MOST_TAGS);
    let found = Mutex::new(Standing { all_looked_at, ..Standing::default() });
    in_parallel(&tags, concurrency, |tag| {
        let Some(there) = remote.resolve(&Selector::Tag(tag.clone()))? else { return Ok(()) };
        let is_it = there.digest == *digest;
        let is_list = media_type::is_list(&there.media_type);
        let lists_it = is_list && !is_it && {
            let index = remote.manifest(&Selector::Digest(there.digest))?;
            index.is_some_and(|index| index.manifests().iter().any(|child| child.digest == *digest))
        };
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        if is_it {
            found.tags.push(tag.clone());
        } else if lists_it {
            found.lists.push(tag.clone());
        }
        Ok(())
    })?;
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.tags.sort();
    found.lists.sort();
    Ok(found)
}
