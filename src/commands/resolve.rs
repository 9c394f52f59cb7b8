//! `torte resolve`: the digest that a tag or a range of versions means now; and the choice by a range for other verbs.

use anyhow::Context as _;

use super::Context;
use super::places::{absent, reference, tags};
use crate::cli;
use crate::oci::{Range, Reference, Selector, Version};
use crate::output::Answer;
use crate::output::report::Resolved;
use crate::output::table::count;
use crate::repository::{self, ErrorKind, Repository};
use crate::settings::{Reach, Usage};

pub(super) fn run(arguments: &cli::Resolve, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let reference = reference(&arguments.reference)?;
    let range = range_beside(&reference, arguments.semver.as_deref())?;
    let aim = || format!("cannot resolve {reference}");
    let opened = context.open(&reference.place, &Reach::only(&arguments.remote)).with_context(aim)?;
    let repository = opened.repository();
    let chosen = chosen(&reference, range.as_ref(), repository).with_context(aim)?;
    let at = chosen.selector_or_latest();
    let found = repository.resolve(&at)?.ok_or_else(|| absent(repository, &at)).with_context(aim)?;
    let requests = repository.cost().requests;
    Ok(Resolved { reference: chosen, found, requests }.answer(arguments.output.format))
}

/// The range of `--semver`, which only a reference without a tag and a digest leaves something to choose.
pub(super) fn range_beside(reference: &Reference, semver: Option<&str>) -> Result<Option<Range>, Usage> {
    let Some(text) = semver else { return Ok(None) };
    if let Some(selector) = &reference.selector {
        let what = format!("`{reference}` says which bundle is meant, and so does `--semver`");
        return Err(Usage::new(what, format!("leave out `{selector}`, or leave out `--semver`")));
    }
    range(text).map(Some)
}

/// Reads a range.
pub(super) fn range(text: &str) -> Result<Range, Usage> {
    text.parse().map_err(|error| {
        let what = format!("`--semver` is `{text}`, which is no range of versions: {error}");
        Usage::new(
            what,
            "write it as `--semver '>=1.0 <2'`; `~1.4`, `^1.4`, `1.x` and `1.2 - 1.4` are others",
        )
    })
}

/// The reference with the bundle that is meant: the one that is written, or the newest version of the range, or `latest`.
///
/// What is read afterwards is read by the tag once, and by its digest from then on.
pub(super) fn chosen(
    reference: &Reference,
    range: Option<&Range>,
    repository: &dyn Repository,
) -> Result<Reference, repository::Error> {
    let Some(range) = range else {
        return Ok(reference.at(reference.selector_or_latest()));
    };
    let tags = tags(repository)?;
    let all = tags.len() as u64;
    let versions = tags.iter().filter(|tag| Version::of(tag.as_str()).is_some()).count();
    if let Some(newest) = range.newest_first(tags, |tag| Some(tag)).into_iter().next() {
        return Ok(reference.at(Selector::Tag(newest)));
    }
    let place = repository.place();
    let looked_at = count(all, "tag");
    let what = format!("no tag of {place} is in `{range}`: of {looked_at}, {versions} count as versions");
    let hint = match versions {
        0 => "a version has three numbers, as in `1.2.3` or `v1.2.3`".to_owned(),
        _ => format!("`torte list {place}` shows them; prereleases want a range such as `>=1.0-0`"),
    };
    Err(repository::Error::new(ErrorKind::NotFound, place, what).hinting(hint))
}
