//! Unpacks bundles of other tools: each layer flows from its repository through an archive reader into the staging.

use std::io::{self, Read};

use super::Staged;
use crate::bundle::archive::{self, Budget, Found, Limits, Stopped};
use crate::bundle::unpack::{Part, Plan, Shape, is_whiteout, lies_in, plan};
use crate::disk::{self, Staging};
use crate::oci::{Descriptor, Manifest};
use crate::output::table::count;
use crate::repository::{self, ErrorKind, Repository};
use crate::runtime;

/// Stages the files of a bundle that is of no kind of torte's own.
///
/// Each layer is read to its end, so that its digest was right before anything is committed.
pub(super) fn stage(
    repository: &dyn Repository,
    manifest: &Manifest,
    staging: &mut Staging,
) -> anyhow::Result<Staged> {
    let refused = |what: String| repository::Error::new(ErrorKind::Refused, repository.place(), what);
    let plan = plan(manifest).map_err(|error| {
        refused(error.to_string()).hinting("`torte inspect` shows the layers of a bundle")
    })?;
    let limits = Limits::default();
    let mut budget = if plan.overlays { Budget::overlaying(limits) } else { Budget::new(limits) };
    let mut files = 0;
    for part in &plan.parts {
        if part.layer.size > limits.bytes {
            let what = format!("layer {} is larger than {} bytes", part.layer.digest, limits.bytes);
            return Err(refused(what).into());
        }
        let mut body = Watched(repository.open(&part.layer, 0)?);
        let mut take = |found: Found<'_>| take(found, part, plan.overlays, staging, &mut files);
        let outcome = match &part.shape {
            Shape::Archive | Shape::Directory(_) => archive::read(&mut body, &mut budget, &mut take),
            Shape::File(path) => archive::read_file(path, part.layer.size, &mut body, &mut budget, &mut take),
        };
        outcome.map_err(|stopped| failure(stopped, &mut body, &part.layer, repository))?;
    }
    Ok(Staged { files, warnings: warnings(&plan, &budget), ..Staged::default() })
}

/// Stages one entry.
fn take(
    found: Found<'_>,
    part: &Part,
    overlays: bool,
    staging: &mut Staging,
    files: &mut u64,
) -> Result<(), Refusal> {
    let (Found::Directory { path } | Found::File { path, .. }) = &found;
    let refused = |why: String| Err(Refusal::Archive(archive::Error::entry(path.as_bytes(), why)));
    if let Shape::Directory(directory) = &part.shape
        && !lies_in(path, directory)
    {
        return refused(format!("it does not lie in `{directory}`, the directory that its layer is of"));
    }
    if overlays && is_whiteout(path) {
        return refused("it takes away what lower layers have, which torte does not do".to_owned());
    }
    match found {
        Found::Directory { path } => staging.directory(path)?,
        Found::File { path, is_executable, body, .. } => {
            staging.write_from(path, body, is_executable)?;
            *files += 1;
        }
    }
    Ok(())
}

/// Why an entry was not staged.
pub(super) enum Refusal {
    Archive(archive::Error),
    Disk(disk::Error),
    /// The bundle says something else of the entry.
    Untrue(String),
}

impl From<disk::Error> for Refusal {
    fn from(error: disk::Error) -> Self {
        Self::Disk(error)
    }
}

/// The error of a layer: what its repository said comes before what the archive reader made of it.
pub(super) fn failure(
    stopped: Stopped<Refusal>,
    body: &mut dyn Read,
    layer: &Descriptor,
    repository: &dyn Repository,
) -> anyhow::Error {
    let unreadable = |error| {
        let what = format!("cannot read layer {}", layer.digest);
        repository::Error::reading(repository.place(), what, error).into()
    };
    let error = match stopped {
        Stopped::Archive(archive::Error::Body(error)) => return unreadable(error),
        Stopped::Visitor(Refusal::Disk(error)) => return error.into(),
        Stopped::Visitor(Refusal::Untrue(what)) => {
            return repository::Error::new(ErrorKind::Corrupt, repository.place(), what).into();
        }
        Stopped::Archive(error) | Stopped::Visitor(Refusal::Archive(error)) => error,
    };
    // A blob that is not what its digest says is not the fault of whoever packed it.
    if let Err(error) = io::copy(body, &mut io::sink()) {
        return unreadable(error);
    }
    let what = format!("layer {} is not unpacked: {error}", layer.digest);
    let mut refused = repository::Error::new(ErrorKind::Refused, repository.place(), what);
    refused.hint = error.hint().map(str::to_owned);
    refused.into()
}

fn warnings(plan: &Plan, budget: &Budget) -> Vec<String> {
    let mut warnings = Vec::new();
    if plan.nameless > 0 {
        let layers = count(plan.nameless as u64, "layer");
        warnings.push(format!("{layers} without a name left out, as oras does"));
    }
    if let Some((first, all)) = budget.unportable() {
        let more = if all > 1 { format!(" ({} more names are like it)", all - 1) } else { String::new() };
        warnings.push(format!("not every system can have this name: {first}{more}"));
    }
    warnings
}

/// Stops where the user wants to.
pub(super) struct Watched(pub(super) Box<dyn Read + Send>);

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if runtime::interrupted().is_some() {
            return Err(io::Error::other(repository::Error::new(ErrorKind::Interrupted, "", "interrupted")));
        }
        self.0.read(buffer)
    }
}
