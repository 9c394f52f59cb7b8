//! `torte pull`: a bundle from a registry to the local store.

use super::Context;
use super::copy::{Move, destination_tags, move_bundle};
use super::places::{demand_remote, reference};
use crate::cli::{FromRemote, Pull};
use crate::oci::{Place, Reference, Side};
use crate::output::Answer;
use crate::output::report::Verb;
use crate::repository::Expect;
use crate::settings::Usage;

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
    let tags = destination_tags(&from, &to, more)?;
    let wish = Move {
        verb: Verb::Pulled,
        from: &from,
        to: &to.place,
        tags: &tags,
        expect: Expect::Any,
        moves_foreign_tags: arguments.force,
    };
    let moved = move_bundle(wish, &arguments.remote, &FromRemote::default(), context)?;
    Ok(moved.answer(arguments.output.format))
}

/// The path of a remote repository as a local name, whatever it looks like.
fn local(name: &str) -> anyhow::Result<Reference> {
    super::places::reference(&format!("local://{name}"))
}
