//! `torte build`: directories into the local store, and on to a registry if asked.

use std::path::Path;

use anyhow::Context as _;

use super::Context;
use super::make::{Made, make};
use super::sign::Signer;
use crate::cli::Build;
use crate::disk::{self, Draft};
use crate::oci::{Descriptor, Manifest, Place};
use crate::output::Answer;
use crate::output::failure::SourceFaults;
use crate::output::report::{FaultLine, Transferred, Verb, built};
use crate::repository::Expect;
use crate::settings;

mod plan;
mod store;

use plan::{Part, Plan};

/// A bundle that is made, and what is told of it.
struct Built {
    manifest: Manifest,
    blobs: Vec<(Descriptor, Vec<u8>)>,
    report: Transferred,
}

pub(super) fn run(arguments: &Build, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let plan = Plan::of(arguments)?;
    let expect = settings::expect(&arguments.guard)?;
    let signer = Signer::of(arguments.sign.as_deref(), context)?;
    let mut made = make_all(arguments, &plan, context)?;
    if arguments.dry_run {
        store::rehearse(&plan.place, &mut made, &expect, context)?;
        return Ok(answer(arguments, made));
    }
    // Begun before anything is stored, so that a place that cannot be written keeps all as it is.
    let digest_file = match (&arguments.digest_file, made.first()) {
        (Some(file), Some(one)) => Some(begin(file, &one.report)?),
        _ => None,
    };
    // With `--push` the guard is about the published tag; the local one is only the way there.
    let local = if plan.push.is_some() { &Expect::Any } else { &expect };
    let _kept = store::store(&plan.place, &mut made, local, context)
        .with_context(|| format!("cannot build {}", arguments.name))?;
    if let Some(push) = &plan.push {
        store::publish(arguments, &plan.place, push, &mut made, &expect, signer.as_ref(), context)?;
    }
    if let Some((draft, file)) = digest_file {
        draft
            .close()
            .rename(file)
            .with_context(|| format!("cannot write the digest to {}", file.display()))?;
    }
    Ok(answer(arguments, made))
}

fn answer(arguments: &Build, made: Vec<Built>) -> Answer {
    let reports: Vec<Transferred> = made.into_iter().map(|one| one.report).collect();
    built::answer(reports, arguments.each.is_some(), arguments.output.format)
}

/// Makes all bundles; the faults of all sources come together, and then nothing is stored.
fn make_all(arguments: &Build, plan: &Plan, context: &mut Context<'_>) -> anyhow::Result<Vec<Built>> {
    let mut made = Vec::with_capacity(plan.parts.len());
    let mut wrong = SourceFaults { faults: Vec::new(), warnings: Vec::new() };
    for part in &plan.parts {
        match make(&part.input, &arguments.reading, &arguments.stamp, context) {
            Ok(one) => made.push(built_of(&plan.place, part, one)),
            Err(error) => match error.downcast::<SourceFaults>() {
                Ok(SourceFaults { faults, warnings }) => {
                    wrong.faults.extend(faults);
                    wrong.warnings.extend(warnings);
                }
                Err(error) if plan.parts.len() == 1 => return Err(error),
                Err(error) => wrong.faults.push(whole(&part.input, &error)),
            },
        }
    }
    if wrong.faults.is_empty() { Ok(made) } else { Err(wrong.into()) }
}

fn built_of(place: &Place, part: &Part, made: Made) -> Built {
    let Made { bundle, warnings, notes } = made;
    let mut report = Transferred::of(Verb::Built, place, &bundle.manifest, &part.tags);
    (report.warnings, report.notes) = (warnings, notes);
    Built { manifest: bundle.manifest, blobs: bundle.blobs, report }
}

/// What is wrong with one of several directories as a whole, beside the faults of the others.
fn whole(input: &Path, error: &anyhow::Error) -> FaultLine {
    FaultLine {
        path: input.display().to_string(),
        line: 1,
        column: 1,
        rule: "not-a-source",
        message: format!("{error:#}"),
        excerpt: None,
    }
}

/// The file for the digest, written but not yet under its name.
fn begin<'a>(file: &'a Path, report: &Transferred) -> anyhow::Result<(Draft, &'a Path)> {
    let beside = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let draft = Draft::begin(beside, disk::Access::Usual).and_then(|mut draft| {
        draft.write(format!("{}\n", report.digest).as_bytes())?;
        Ok(draft)
    });
    Ok((draft.with_context(|| format!("cannot write the digest to {}", file.display()))?, file))
}
