//! What a manifest says beside its content: flags, git and the clock's variable, as a stamp.

use std::collections::BTreeMap;
use std::path::Path;

use super::Context;
use crate::bundle::Stamp;
use crate::cli;
use crate::kinds::Kind;
use crate::oci::media_type;
use crate::settings::{self, Usage};
use crate::source::git;

/// The stamp of a bundle of this kind, whose source is kept in this directory.
pub(super) fn stamp(
    flags: &cli::Stamp,
    directory: &Path,
    kind: Kind,
    context: &Context<'_>,
) -> anyhow::Result<Stamp> {
    let mut annotations = BTreeMap::new();
    if flags.git {
        let origin = git::origin(directory)?;
        let revision = match kind {
            Kind::Flipt => origin.revision.clone(),
            Kind::Kubernetes => origin.named_revision(),
        };
        annotations.insert(media_type::REVISION.to_owned(), revision);
        annotations.extend(origin.source.map(|source| (media_type::SOURCE.to_owned(), source)));
        if origin.is_dirty {
            annotations.insert("dev.torte.dirty".to_owned(), "true".to_owned());
        }
    }
    if let Some(source) = &flags.source {
        annotations.insert(media_type::SOURCE.to_owned(), git::without_credentials(source));
    }
    if let Some(revision) = &flags.revision {
        annotations.insert(media_type::REVISION.to_owned(), revision.clone());
    }
    let given = settings::annotations(&flags.annotation)?;
    refuse_twice(flags, &given)?;
    annotations.extend(given);
    if annotations.contains_key(media_type::CREATED) {
        let what = format!("`{}` cannot be given as an annotation", media_type::CREATED);
        return Err(Usage::new(what, "set it with `--created TIME`").into());
    }
    Ok(Stamp {
        created: settings::created(flags.created.as_deref(), context.environment)?,
        version: settings::manifest_version(flags.manifest_version, context.environment),
        annotations,
    })
}

/// Fails where a flag and `--annotation` say the same thing in two ways.
fn refuse_twice(flags: &cli::Stamp, given: &BTreeMap<String, String>) -> Result<(), Usage> {
    let both = [
        ("--source", media_type::SOURCE, flags.source.is_some()),
        ("--revision", media_type::REVISION, flags.revision.is_some()),
    ];
    match both.iter().find(|(_, key, is_given)| *is_given && given.contains_key(*key)) {
        None => Ok(()),
        Some((flag, key, _)) => {
            let what = format!("`{flag}` and `--annotation {key}=…` say the same thing");
            Err(Usage::new(what, "leave one of them out"))
        }
    }
}

/// What Flux could show and does not: said where git knows it and nothing was asked for.
pub(super) fn note(stamp: &Stamp, directory: &Path, kind: Kind) -> Option<String> {
    let says = |key| stamp.annotations.contains_key(key);
    let is_silent = !says(media_type::REVISION) && !says(media_type::SOURCE);
    (kind == Kind::Kubernetes && is_silent && git::is_kept(directory)).then(|| {
        "the bundle names no source and no revision; with `--git` Flux shows them in its status and events".into()
    })
}
