//! `torte tag`: another name for the same digest, no blob moved.

use anyhow::Context as _;

use super::Context;
use super::copy::once_each;
use super::places::{manifest, reference};
use crate::cli;
use crate::oci::{Selector, Tag};
use crate::output::Answer;
use crate::output::report::{Transferred, Verb};
use crate::settings::{Reach, Usage, expect};

pub(super) fn run(arguments: &cli::Tag, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let from = reference(&arguments.reference)?;
    let Some(selector) = from.selector.clone() else {
        let what = format!("`{}` names no bundle", arguments.reference);
        return Err(Usage::new(what, format!("say which, as in `torte tag {from}:TAG …`")).into());
    };
    let tags = arguments.tags.iter().map(|text| tag(text)).collect::<Result<Vec<Tag>, Usage>>()?;
    let tags = once_each(tags.into_iter());
    let expect = expect(&arguments.guard)?;
    let reach = Reach::only(&arguments.remote);

    let source = context.open(&from.place, &reach)?;
    let found = manifest(source.repository(), &selector)?;
    // A store is opened anew, to write down when the tag was set.
    let origin = match (source.layout(), &selector) {
        (Some(layout), Selector::Tag(tag)) => layout.origin(tag)?,
        _ => None,
    };
    let place = match source.remote() {
        Some(_) => source.for_writing(),
        None => context.create(&from.place, &reach, origin)?,
    };
    let aim = || format!("cannot tag {from}");
    let published = place.repository().publish(&found, &tags, &expect).with_context(aim)?;
    let report = Transferred {
        requests: place.repository().cost().requests,
        moved: published.moved,
        ..Transferred::of(Verb::Tagged, &from.place, &found, &tags)
    };
    Ok(report.answer(arguments.output.format))
}

fn tag(text: &str) -> Result<Tag, Usage> {
    text.parse().map_err(|error: crate::oci::NameError| {
        let hint = match text.rsplit_once(':') {
            Some((_, last)) => {
                format!("give the tag alone: `{last}`; to another repository use `torte copy`")
            }
            None => "a tag looks like `v1.2` or `latest`".to_owned(),
        };
        Usage::new(error.to_string(), hint)
    })
}
