//! `torte lint`: every fault of a directory, without building.

use super::Context;
use super::reading::{line, read};
use crate::cli::Lint;
use crate::kinds;
use crate::output::Answer;
use crate::output::report::Linted;

pub(super) fn run(arguments: &Lint, context: &Context<'_>) -> anyhow::Result<Answer> {
    let directory = &arguments.directory;
    let (faults, warnings) = match read(directory, &arguments.reading, context) {
        Ok(reading) => (Vec::new(), reading.warnings),
        Err(kinds::Error::Faults { faults, warnings }) => (faults, warnings),
        Err(error) => return Err(error.into()),
    };
    let lines = |faults: &[kinds::Fault]| faults.iter().map(|fault| line(directory, fault)).collect();
    let strict = arguments.reading.strict;
    Ok(Linted { faults: lines(&faults), warnings: lines(&warnings), strict }.answer(arguments.format))
}
