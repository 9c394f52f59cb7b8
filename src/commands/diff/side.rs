//! One side of a comparison: a bundle wherever it lies, or a directory as a build would pack it.

use std::path::{Path, PathBuf};

use super::Context;
use crate::cli::{self, Diff};
use crate::commands::make::{Made, hold, make};
use crate::commands::places::{self, Opened, reference};
use crate::commands::unpack::image;
use crate::kinds::Kind;
use crate::oci::{Manifest, Reference, Side as Where};
use crate::output::report::Named;
use crate::repository::{self, ErrorKind, Memory, Repository};
use crate::settings::Reach;

/// One side, resolved to a manifest.
pub(super) struct Side {
    name: String,
    source: Source,
    pub(super) manifest: Manifest,
    /// What it holds, where torte knows.
    pub(super) kind: Option<Kind>,
    /// What is doubtful in a directory.
    pub(super) warnings: Vec<String>,
}

enum Source {
    Bundle(Opened),
    Directory(Memory),
}

/// What an argument names.
enum Place {
    Bundle(Reference),
    Directory(PathBuf),
}

impl Place {
    /// A directory begins with `.`, `/` or `~`.
    fn of(text: &str, context: &Context<'_>) -> anyhow::Result<Self> {
        let home = context.environment.directories.home.as_ref();
        Ok(match (text.strip_prefix('~'), home) {
            // Where a shell left it as it is.
            (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
                Self::Directory(home.join(rest.trim_start_matches('/')))
            }
            _ if text.starts_with(['.', '/', '~']) => Self::Directory(PathBuf::from(text)),
            _ => Self::Bundle(reference(text)?),
        })
    }

    fn is_remote(&self) -> bool {
        matches!(self, Self::Bundle(reference) if reference.side() == Where::Remote)
    }
}

/// A local name that leads nowhere may be meant for a directory.
fn or_directory(text: &str, error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<repository::Error>() {
        Ok(error) if error.kind == ErrorKind::NotFound => {
            let hint = error.hint.clone().unwrap_or_default();
            error.hinting(format!("{hint}; a directory is written `./{text}`")).into()
        }
        Ok(error) => error.into(),
        Err(error) => error,
    }
}

impl Side {
    /// Resolves both sides, each once.
    pub(super) fn open_both(arguments: &Diff, context: &mut Context<'_>) -> anyhow::Result<[Self; 2]> {
        let Diff { remote, from_remote, .. } = arguments;
        let (from, to) = (Place::of(&arguments.from, context)?, Place::of(&arguments.to, context)?);
        let [from_reach, to_reach] = Reach::both(remote, from_remote, [from.is_remote(), to.is_remote()]);
        let from = Self::open(&arguments.from, &from, &arguments.reading, &from_reach, context)?;
        let to = Self::open(&arguments.to, &to, &arguments.reading, &to_reach, context)?;
        Ok([from, to])
    }

    fn open(
        text: &str,
        place: &Place,
        flags: &cli::Reading,
        reach: &Reach,
        context: &mut Context<'_>,
    ) -> anyhow::Result<Self> {
        match place {
            Place::Bundle(reference) => {
                let selector = reference.selector_or_latest();
                let opened =
                    context.open(&reference.place, reach).map_err(|error| or_directory(text, error))?;
                let repository = opened.repository();
                let manifest = image(repository, places::manifest(repository, &selector)?)?;
                Ok(Self {
                    name: reference.at(selector).to_string(),
                    kind: Kind::of(&manifest),
                    source: Source::Bundle(opened),
                    manifest,
                    warnings: places::beside_directory(text).into_iter().collect(),
                })
            }
            Place::Directory(directory) => Self::of_directory(text, directory, flags, context),
        }
    }

    fn of_directory(
        text: &str,
        directory: &Path,
        flags: &cli::Reading,
        context: &mut Context<'_>,
    ) -> anyhow::Result<Self> {
        let Made { bundle, warnings, .. } = make(directory, flags, &cli::Stamp::default(), context)?;
        let memory = hold(&bundle)?;
        let manifest = bundle.manifest;
        Ok(Self {
            name: text.to_owned(),
            kind: Kind::of(&manifest),
            source: Source::Directory(memory),
            manifest,
            warnings,
        })
    }

    /// Where its layers are read.
    pub(super) fn repository(&self) -> &dyn Repository {
        match &self.source {
            Source::Bundle(opened) => opened.repository(),
            Source::Directory(memory) => memory,
        }
    }

    pub(super) fn is_remote(&self) -> bool {
        matches!(&self.source, Source::Bundle(opened) if opened.remote().is_some())
    }

    pub(super) fn is_bundle(&self) -> bool {
        matches!(self.source, Source::Bundle(_))
    }

    /// What it is called in the report.
    pub(super) fn named(&self) -> Named {
        Named { name: self.name.clone(), digest: self.is_bundle().then(|| self.manifest.digest().clone()) }
    }
}
