//! `torte push`: a local bundle to a registry.

use super::Context;
use super::attachments::Care;
use super::copy::{Move, demand_tag, destination_tags, move_bundle};
use super::places::{demand_remote, reference};
use super::sign::Signer;
use crate::cli::{FromRemote, Push};
use crate::oci::{Reference, Side};
use crate::output::Answer;
use crate::output::report::Verb;
use crate::settings::{Usage, expect};

pub(super) fn run(arguments: &Push, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let from = reference(&arguments.from)?;
    let (to, more) = Reference::parse_with_tags(&arguments.to)?;
    demand_remote(&to, &arguments.to, "push")?;
    if from.side() == Side::Remote {
        let what = format!("`torte push` needs a local bundle, and `{}` is a remote one", arguments.from);
        return Err(Usage::new(what, "to copy between registries use `torte copy`").into());
    }
    let tags = destination_tags(&from, &to, more)?;
    let expect = expect(&arguments.guard)?;
    demand_tag(&expect, &tags, &to)?;
    let signer = Signer::of(arguments.sign.as_deref(), context)?;
    let wish = Move {
        verb: Verb::Pushed,
        from: &from,
        to: &to.place,
        tags: &tags,
        expect,
        moves_foreign_tags: true,
        demand: None,
        signer: signer.as_ref(),
        care: Care::of(arguments.referrers),
    };
    let moved = move_bundle(&wish, &arguments.remote, &FromRemote::default(), context)?;
    Ok(moved.answer(arguments.output.format))
}
