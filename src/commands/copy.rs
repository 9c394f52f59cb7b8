//! `torte copy`: a bundle between any two places.

use super::Context;
use super::places::{manifest, reference};
use super::transfer::{Wish, transfer};
use crate::cli::{self, Copy, FromRemote};
use crate::oci::{Place, Reference, Selector, Side, Tag};
use crate::output::Answer;
use crate::output::report::{Transferred, Verb};
use crate::repository::Expect;
use crate::settings::{Reach, Usage, concurrency, expect};

pub(super) fn run(arguments: &Copy, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let from = reference(&arguments.from)?;
    let (to, more) = Reference::parse_with_tags(&arguments.to)?;
    let tags = destination_tags(&from, &to, more)?;
    let expect = expect(&arguments.guard)?;
    let moved = move_bundle(
        Verb::Copied,
        &from,
        &to,
        &tags,
        expect,
        &arguments.remote,
        &arguments.from_remote,
        context,
    )?;
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
    Ok(first.into_iter().chain(more).collect())
}

/// Copies the bundle under `from` to the place of `to`, under these tags.
#[expect(clippy::too_many_arguments, reason = "each is one word of the command line")]
pub(super) fn move_bundle(
    verb: Verb,
    from: &Reference,
    to: &Reference,
    tags: &[Tag],
    expect: Expect,
    to_flags: &cli::Remote,
    from_flags: &FromRemote,
    context: &mut Context<'_>,
) -> anyhow::Result<Transferred> {
    let (from_reach, to_reach) = match (from.side(), to.side()) {
        (Side::Remote, Side::Remote) => (Reach::source(to_flags, from_flags), Reach::destination(to_flags)),
        _ => (Reach::only_source(to_flags, from_flags), Reach::only(to_flags)),
    };
    let source = context.open(&from.place, &from_reach)?;
    let found = manifest(source.repository(), &from.selector_or_latest())?;
    let origin = match &from.place {
        Place::Remote { host, name, .. } => Some(format!("{host}/{name}")),
        Place::Local(_) | Place::Layout(_) => None,
    };
    let destination = context.create(&to.place, &to_reach, origin)?;
    let wish = Wish {
        verb,
        source: from,
        destination: &to.place,
        tags,
        expect,
        concurrency: concurrency(to_flags, context.environment)?,
    };
    transfer(&wish, &source, &destination, &found, context)
}
