//! `torte lint`: every fault of a directory, without building.

use super::Context;
use super::reading::{line, lint};
use crate::cli::Lint;
use crate::kinds;
use crate::output::Answer;
use crate::output::report::Linted;

pub(super) fn run(arguments: &Lint, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let input = &arguments.input;
    let (faults, warnings) = match lint(input, &arguments.reading, context) {
        Ok(warnings) => (Vec::new(), warnings),
        Err(error) => match error.downcast::<kinds::Error>()? {
            kinds::Error::Faults { faults, warnings } => (faults, warnings),
            error => return Err(error.into()),
        },
    };
    let lines = |faults: &[kinds::Fault]| faults.iter().map(|fault| line(input, fault)).collect();
    let strict = arguments.reading.strict;
    Ok(Linted { faults: lines(&faults), warnings: lines(&warnings), strict }.answer(arguments.format))
}
