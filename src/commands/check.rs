//! `torte check`: every promise of the store held against what is on disk.

use super::Context;
use super::gc::{chosen, directory};
use crate::cli::Prove;
use crate::kinds;
use crate::output::Answer;
use crate::output::report::{Checked, CheckedFault};
use crate::runtime;
use crate::store::{self, Fault, Look};

pub(super) fn run(arguments: &Prove, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let (chosen, faults) = chosen(&arguments.names, "check", context)?;
    runtime::watch_interrupts()?;
    let look =
        Look { joined: kinds::joined, threads: context.settings.threads, now: context.environment.now };
    let line = |repository: Option<&str>, fault: Fault| CheckedFault {
        repository: repository.map(str::to_owned),
        fault,
    };
    let mut report = Checked {
        repositories: chosen.len() as u64,
        faults: faults.into_iter().map(|fault| line(None, fault)).collect(),
        is_repair: arguments.repair,
        ..Checked::default()
    };
    for place in &chosen {
        let (path, name) = (directory(place, context)?, place.to_string());
        let mut checked = store::check(&path, &name, &look)?;
        if arguments.repair {
            let repaired = store::repair(&path, &name, &checked.faults)?;
            if repaired != store::Repaired::default() {
                checked = store::check(&path, &name, &look)?;
            }
            report.removed.extend(repaired.removed);
            report.quarantined.extend(repaired.quarantined);
        }
        report.bundles += checked.bundles;
        report.blobs += checked.blobs;
        report.bytes += checked.bytes;
        report.faults.extend(checked.faults.into_iter().map(|fault| line(Some(&name), fault)));
    }
    let mut answer = report.answer(arguments.output.format);
    if chosen.is_empty() {
        answer.notes.push(format!("there is no repository in {}", context.settings.store.display()));
    }
    Ok(answer)
}
