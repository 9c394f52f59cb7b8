//! `torte copy`: a bundle between any two places.

use anyhow::Context as _;

use super::Context;
use super::attachments::Care;
use super::places::{Opened, manifest, reference};
use super::sign::Signer;
use super::transfer::{Wish, transfer_with};
use super::verify::Demand;
use crate::cli::{self, Copy, FromRemote};
use crate::oci::{Manifest, Place, Reference, Selector, Tag};
use crate::output::Answer;
use crate::output::report::{Transferred, Verb};
use crate::repository::{self, ErrorKind, Expect};
use crate::settings::{Reach, Usage, concurrency, expect};

pub(super) fn run(arguments: &Copy, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let from = reference(&arguments.from)?;
    let (to, more) = Reference::parse_with_tags(&arguments.to)?;
    let tags = destination_tags(&from, &to, more)?;
    let expect = expect(&arguments.guard)?;
    demand_tag(&expect, &tags, &to)?;
    let demand = Demand::of(&arguments.verifying)?;
    let wish = Move {
        verb: Verb::Copied,
        from: &from,
        to: &to.place,
        tags: &tags,
        expect,
        moves_foreign_tags: true,
        demand: demand.as_ref(),
        signer: None,
        care: Care::of(arguments.referrers),
    };
    let moved = move_bundle(&wish, &arguments.remote, &arguments.from_remote, context)?;
    Ok(moved.answer(arguments.output.format))
}

/// The tags that a destination gets: its own, or else the source's; never `latest` by surprise.
///
/// A source by digest gives none. Where the destination is a digest it must be the source's.
pub(super) fn destination_tags(from: &Reference, to: &Reference, more: Vec<Tag>) -> Result<Vec<Tag>, Usage> {
    let first = match (&to.selector, &from.selector) {
        (Some(Selector::Tag(tag)), _) | (None, Some(Selector::Tag(tag))) => Some(tag.clone()),
        (Some(Selector::Digest(wanted)), Some(Selector::Digest(given))) if wanted == given => None,
        (Some(Selector::Digest(_)), _) => {
            let what = format!("`{to}` cannot be a destination: a digest follows from the content");
            return Err(Usage::new(what, "give it a tag, as in `NAME:TAG`"));
        }
        (None, Some(Selector::Digest(_))) => None,
        (None, None) => Some(Tag::latest()),
    };
    Ok(once_each(first.into_iter().chain(more)))
}

/// Fails where something is expected of a tag and there is none.
pub(super) fn demand_tag(expect: &Expect, tags: &[Tag], to: &Reference) -> Result<(), Usage> {
    if *expect == Expect::Any || !tags.is_empty() {
        return Ok(());
    }
    let what = format!("`--if-absent` and `--if-match` are about a tag, and `{to}` gets none");
    Err(Usage::new(what, format!("give it one, as in `{to}:TAG`")))
}

/// Tags in their order, each once.
pub(super) fn once_each(tags: impl Iterator<Item = Tag>) -> Vec<Tag> {
    let mut kept: Vec<Tag> = Vec::new();
    for tag in tags {
        if !kept.contains(&tag) {
            kept.push(tag);
        }
    }
    kept
}

/// A copy as a verb wants it.
pub(super) struct Move<'a> {
    pub(super) verb: Verb,
    pub(super) from: &'a Reference,
    pub(super) to: &'a Place,
    pub(super) tags: &'a [Tag],
    pub(super) expect: Expect,
    /// Whether a local tag that came from another registry may be moved.
    pub(super) moves_foreign_tags: bool,
    /// What must be proven of it before it moves.
    pub(super) demand: Option<&'a Demand>,
    /// Who signs it where it arrives.
    pub(super) signer: Option<&'a Signer>,
    /// What becomes of that which is attached to it.
    pub(super) care: Care,
}

impl Move<'_> {
    fn aim(&self) -> String {
        let Self { verb, from, to, .. } = self;
        match verb {
            Verb::Pulled => format!("cannot pull {from}"),
            Verb::Pushed => format!("cannot push {from} to {to}"),
            _ => format!("cannot copy {from} to {to}"),
        }
    }
}

/// Copies a bundle between two places.
pub(super) fn move_bundle(
    wish: &Move<'_>,
    to_flags: &cli::Remote,
    from_flags: &FromRemote,
    context: &mut Context<'_>,
) -> anyhow::Result<Transferred> {
    let are_remote = [&wish.from.place, wish.to].map(|place| matches!(place, Place::Remote { .. }));
    let [from_reach, to_reach] = Reach::both(to_flags, from_flags, are_remote);
    let source = context.open(&wish.from.place, &from_reach).with_context(|| wish.aim())?;
    move_from(&source, wish, &to_reach, to_flags, context)
}

/// The same from a source that is open already.
pub(super) fn move_from(
    source: &Opened,
    wish: &Move<'_>,
    to_reach: &Reach,
    flags: &cli::Remote,
    context: &mut Context<'_>,
) -> anyhow::Result<Transferred> {
    let aim = || wish.aim();
    let Move { verb, from, to, tags, ref expect, moves_foreign_tags, demand, signer, care } = *wish;
    let found = manifest(source.repository(), &from.selector_or_latest()).with_context(aim)?;
    // What was found is moved by its digest from here on, wherever the tag may point then.
    let signed = demand.map(|demand| demand.hold(source.repository(), found.digest()).with_context(aim));
    let signed = signed.transpose()?;
    let origin = match &from.place {
        Place::Remote { host, name, .. } => Some(format!("{host}/{name}")),
        Place::Local(_) | Place::Layout(_) => None,
    };
    if let (Some(origin), false) = (&origin, moves_foreign_tags) {
        keep_foreign_tags(&found, origin, to, tags, context).with_context(aim)?;
    }
    let destination = context.create(to, to_reach, origin).with_context(aim)?;
    let concurrency = concurrency(&flags.door, context.environment)?;
    let expect = expect.clone();
    let order = Wish { verb, source: from, destination: to, tags, expect, concurrency, is_made_here: false };
    let mut report = transfer_with(care, &order, source, &destination, &found, context).with_context(aim)?;
    // What stays behind of a local bundle is told with the report.
    let is_behind = care != Care::Take && source.layout().is_none();
    let behind =
        if is_behind { "; the signature stays behind, take it along with `--referrers`" } else { "" };
    report.notes.extend(signed.map(|signed| format!("verified: {signed}{behind}")));
    if let Some(signer) = signer {
        signer.sign(&destination, to, &found, &mut report)?;
    }
    Ok(report)
}

/// Fails where a tag that came from another registry would silently mean something else from now on.
fn keep_foreign_tags(
    found: &Manifest,
    origin: &str,
    to: &Place,
    tags: &[Tag],
    context: &Context<'_>,
) -> Result<(), repository::Error> {
    let Place::Local(name) = to else { return Ok(()) };
    let Some(layout) = context.store().open(name)? else { return Ok(()) };
    for tag in tags {
        let Some(entry) = layout.tagged(tag)? else { continue };
        let other = entry.origin().filter(|other| *other != origin);
        if let Some(other) = other.filter(|_| entry.descriptor.digest != *found.digest()) {
            let what = format!("the local tag {name}:{tag} came from {other}, not from {origin}");
            let hint = "pull it under another name, or move the tag with `--force`";
            return Err(repository::Error::new(ErrorKind::Conflict, name.as_str(), what).hinting(hint));
        }
    }
    Ok(())
}
