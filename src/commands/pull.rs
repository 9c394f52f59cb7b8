//! `torte pull`: a bundle from a registry to the local store.

use anyhow::Context as _;

use super::Context;
use super::attachments::Care;
use super::copy::{Move, destination_tags, move_from};
use super::places::{demand_remote, reference};
use super::resolve::{chosen, range_beside};
use super::verify::Demand;
use crate::cli::Pull;
use crate::oci::{Place, Reference, Side};
use crate::output::Answer;
use crate::output::report::Verb;
use crate::repository::Expect;
use crate::settings::{Reach, Usage};

pub(super) fn run(arguments: &Pull, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let from = reference(&arguments.reference)?;
    demand_remote(&from, &arguments.reference, "pull")?;
    let (to, more) = match (&arguments.name, &from.place) {
        (Some(name), _) => Reference::parse_with_tags(name)?,
        (None, Place::Remote { name, .. }) => (local(name.as_str())?, Vec::new()),
        (None, place) => (Reference { place: place.clone(), selector: None }, Vec::new()),
    };
    if to.side() == Side::Remote {
        let what = format!("`torte pull` needs a local name, and `{to}` is a remote one");
        return Err(Usage::new(what, "to copy between registries use `torte copy`").into());
    }
    let range = range_beside(&from, arguments.semver.as_deref())?;
    // Wrong usage is told before anything is asked for.
    destination_tags(&from, &to, more.clone())?;
    let demand = Demand::of(&arguments.verifying)?;
    let reach = Reach::only(&arguments.remote);
    let aim = || format!("cannot pull {from}");
    let source = context.open(&from.place, &reach).with_context(aim)?;
    let chosen = chosen(&from, range.as_ref(), source.repository()).with_context(aim)?;
    let tags = destination_tags(&chosen, &to, more)?;
    let wish = Move {
        verb: Verb::Pulled,
        from: &chosen,
        to: &to.place,
        tags: &tags,
        expect: Expect::Any,
        moves_foreign_tags: arguments.force,
        demand: demand.as_ref(),
        signer: None,
        care: Care::of(arguments.referrers),
    };
    let moved = move_from(&source, &wish, &reach, &arguments.remote, context)?;
    Ok(moved.answer(arguments.output.format))
}

/// The path of a remote repository as a local name, whatever it looks like.
fn local(name: &str) -> anyhow::Result<Reference> {
    super::places::reference(&format!("local://{name}"))
}
