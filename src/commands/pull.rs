//! `torte pull`: a bundle from a registry to the local store.

use super::Context;
use super::copy::{destination_tags, move_bundle};
use super::places::{demand_remote, reference};
use crate::cli::{FromRemote, Pull};
use crate::oci::{Place, Reference, Side, Tag};
use crate::output::Answer;
use crate::output::report::Verb;
use crate::repository::{self, ErrorKind, Expect};
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
    if !arguments.force {
        keep_foreign_tags(&from, &to, &tags, context)?;
    }
    let flags = &arguments.remote;
    let moved =
        move_bundle(Verb::Pulled, &from, &to, &tags, Expect::Any, flags, &FromRemote::default(), context)?;
    Ok(moved.answer(arguments.output.format))
}

/// The path of a remote repository as a local name, whatever it looks like.
fn local(name: &str) -> anyhow::Result<Reference> {
    super::places::reference(&format!("local://{name}"))
}

/// Fails where a tag came from another registry: it would silently mean something else from now on.
fn keep_foreign_tags(
    from: &Reference,
    to: &Reference,
    tags: &[Tag],
    context: &Context<'_>,
) -> anyhow::Result<()> {
    let (Place::Local(local), Place::Remote { host, name, .. }) = (&to.place, &from.place) else {
        return Ok(());
    };
    let Some(layout) = context.store().open(local)? else { return Ok(()) };
    let origin = format!("{host}/{name}");
    for tag in tags {
        if let Some(other) = layout.origin(tag)?.filter(|other| *other != origin) {
            let what = format!("the local tag {local}:{tag} came from {other}, not from {origin}");
            let hint = "pull it under another name, or move the tag with `--force`";
            return Err(repository::Error::new(ErrorKind::Conflict, local.as_str(), what)
                .hinting(hint)
                .into());
        }
    }
    Ok(())
}
