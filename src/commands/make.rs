//! Makes a bundle of what is named on the command line, in memory.

use std::path::Path;

use super::Context;
use super::reading::{Read, directory, line, read, shown};
use super::stamp::{note, stamp};
use crate::bundle::{self, Bundle};
use crate::cli;
use crate::output::clean_line;
use crate::output::failure::SourceFaults;
use crate::repository::{self, Expect, Memory, Repository};

/// A bundle that is stored nowhere yet.
pub(super) struct Made {
    pub(super) bundle: Bundle,
    pub(super) warnings: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// Reads, checks and packs; all faults come as one error.
pub(super) fn make(
    input: &Path,
    reading: &cli::Reading,
    flags: &cli::Stamp,
    context: &mut Context<'_>,
) -> anyhow::Result<Made> {
    let is_strict = reading.strict;
    let Read { kind, reading } = read(input, reading, context).map_err(|error| shown(input, error))?;
    let warnings: Vec<_> = reading.warnings.iter().map(|warning| line(input, warning)).collect();
    if is_strict && !warnings.is_empty() {
        return Err(SourceFaults { faults: warnings, warnings: Vec::new() }.into());
    }
    let directory = directory(input);
    let stamp = stamp(flags, &directory, kind, context)?;
    let mut notes = reading.notes;
    notes.extend(note(&stamp, &directory, kind));
    let bundle = bundle::pack(reading.content, &stamp)?;
    Ok(Made {
        bundle,
        warnings: warnings.iter().map(|warning| clean_line(&warning.line()).into_owned()).collect(),
        notes,
    })
}

/// A bundle that stands in no store.
pub(super) fn hold(bundle: &Bundle) -> Result<Memory, repository::Error> {
    let memory = Memory::default();
    for (blob, bytes) in &bundle.blobs {
        memory.put(blob, bytes, &[])?;
    }
    memory.publish(&bundle.manifest, &[], &Expect::Any)?;
    Ok(memory)
}
