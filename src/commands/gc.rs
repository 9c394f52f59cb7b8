//! `torte gc`: the space of what nobody wants any more.

use std::path::PathBuf;

use anyhow::Context as _;

use super::Context;
use super::places::{no_repository, repository};
use crate::cli::Gc;
use crate::oci::Place;
use crate::output::report::Collected;
use crate::output::{Answer, Exit, Failure};
use crate::repository::{Error, ErrorKind};
use crate::runtime;
use crate::settings::{Usage, grace};
use crate::store::{Fault, Ground, Layout, Sweep, is_repository};

pub(super) fn run(arguments: &Gc, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let older = grace(&arguments.older)?;
    let (chosen, faults) = chosen(&arguments.names, "gc", context)?;
    runtime::watch_interrupts()?;
    let sweep = Sweep { now: context.environment.now, older, dry_run: arguments.dry_run };
    let warnings = faults.iter().map(|fault| format!("{}: {}", fault.path.display(), fault.what)).collect();
    let mut report = Collected {
        dry_run: arguments.dry_run,
        older: arguments.older.clone(),
        warnings,
        ..Collected::default()
    };
    for place in &chosen {
        let aim = || format!("cannot collect in {place}");
        match collect(place, &sweep, context).with_context(aim) {
            Ok(Some(collected)) => report.repositories.push((place.to_string(), collected)),
            Ok(None) => {}
            Err(error) if chosen.len() == 1 => return Err(error),
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

/// Collects in one repository; `None` where its making was cut short, so that there is nothing in it.
fn collect(
    place: &Place,
    sweep: &Sweep,
    context: &mut Context<'_>,
) -> anyhow::Result<Option<crate::store::Collected>> {
    let layout = match place {
        Place::Local(name) => context.store().open(name)?,
        Place::Layout(path) => Layout::open_at(path)?,
        Place::Remote { .. } => None,
    };
    let Some(layout) = layout else { return Ok(None) };
    if sweep.dry_run {
        return Ok(Some(layout.collect(sweep)?));
    }
    Ok(Some(context.create_layout(place)?.collect(sweep)?))
}

/// The repositories that are named, or all of the store, with what else stands in its folder.
pub(super) fn chosen(
    names: &[String],
    verb: &str,
    context: &Context<'_>,
) -> anyhow::Result<(Vec<Place>, Vec<Fault>)> {
    if names.is_empty() {
        let survey = context.store().survey();
        demand_store(survey.ground, verb, context)?;
        let places = survey.repositories.into_iter().map(|(name, _)| Place::Local(name));
        return Ok((places.collect(), survey.faults));
    }
    let mut places = Vec::new();
    for text in names {
        let place = repository(text, verb)?;
        if matches!(place, Place::Remote { .. }) {
            let what = format!("`torte {verb}` works on the local store, and `{text}` is a remote name");
            let hint = "a registry cleans up by itself, or by its own tools";
            return Err(Usage::new(what, hint).into());
        }
        if !is_repository(&directory(&place, context)?) {
            return Err(no_repository(&place).into());
        }
        if !places.contains(&place) {
            places.push(place);
        }
    }
    Ok((places, Vec::new()))
}

/// Fails where the folder that was named is no store, with the way to what may have been meant.
pub(super) fn demand_store(ground: Ground, verb: &str, context: &Context<'_>) -> anyhow::Result<()> {
    let store = context.settings.store.display();
    let (what, hint) = match ground {
        Ground::Layout => {
            let what = format!("{store} is one repository, and not the folder that holds repositories");
            return Err(
                Usage::new(what, format!("name it by its path: `torte {verb} ocidir://{store}`")).into()
            );
        }
        Ground::Absent if context.settings.is_store_named => {
            (format!("there is no directory {store}"), "check the path that `--store` names")
        }
        Ground::Other => (
            format!("{store} is no store: there is no repository in it, and something else"),
            "name the folder that holds the repositories with `--store DIR`, or leave it out for the usual one",
        ),
        Ground::Absent | Ground::Store => return Ok(()),
    };
    Err(Error::new(ErrorKind::NotFound, store.to_string(), what).hinting(hint).into())
}

/// The directory of a local place.
pub(super) fn directory(place: &Place, context: &Context<'_>) -> anyhow::Result<PathBuf> {
    match place {
        Place::Local(name) => Ok(context.store().locate(name)?.0),
        Place::Layout(path) => Ok(path.clone()),
        Place::Remote { .. } => Err(no_repository(place).into()),
    }
}
