//! `torte unpack`: the files of a bundle, into a directory.

use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;

use super::Context;
use super::layers::read_each;
use super::places::{manifest, reference};
use super::resolve::{chosen, range_beside};
use super::verify::Demand;
use crate::cli::Unpack;
use crate::disk::{self, Staging};
use crate::kinds::{Kind, flipt, kubernetes};
use crate::oci::{Descriptor, Manifest, Selector};
use crate::output::Answer;
use crate::output::table::count;
use crate::repository::{self, ErrorKind, Repository};
use crate::runtime;
use crate::settings::{Reach, concurrency};

mod foreign;
mod hybrid;

/// How deep an index is followed to the bundle that it means.
const DEEPEST: usize = 8;

pub(super) fn run(arguments: &Unpack, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let reference = reference(&arguments.reference)?;
    let range = range_beside(&reference, arguments.semver.as_deref())?;
    let demand = Demand::of(&arguments.verifying)?;
    let opened = context.open(&reference.place, &Reach::only(&arguments.remote))?;
    let repository = opened.repository();
    let reference = chosen(&reference, range.as_ref(), repository)?;
    let selector = reference.selector_or_latest();
    let aim = || format!("cannot unpack {reference}");
    let found = manifest(repository, &selector)?;
    if let Some(demand) = demand {
        demand.hold(repository, found.digest()).with_context(aim)?;
    }
    let found = image(repository, found)?;
    demand_vacant(arguments).with_context(aim)?;
    runtime::watch_interrupts()?;
    let mut staging = Staging::begin(&arguments.directory).with_context(aim)?;
    let staged = match Kind::of(&found) {
        Some(Kind::Flipt) => stage(repository, &found, &mut staging, arguments, context).with_context(aim)?,
        Some(Kind::Kubernetes) if kubernetes::is_hybrid(&found) => {
            let concurrency = concurrency(&arguments.remote, context.environment)?;
            hybrid::stage(repository, &found, &arguments.namespace, &mut staging, concurrency)
                .with_context(aim)?
        }
        Some(Kind::Kubernetes) | None => {
            demand_whole(arguments, repository).with_context(aim)?;
            foreign::stage(repository, &found, &mut staging).with_context(aim)?
        }
    };
    staging.commit().with_context(aim)?;
    let mut summary = format!(
        "unpacked {reference} · {} in {}",
        count(staged.files, "file"),
        arguments.directory.display()
    );
    let requests = repository.cost().requests;
    if requests > 0 {
        summary.push_str(" · ");
        summary.push_str(&count(requests, "request"));
    }
    let Staged { warnings, notes, .. } = staged;
    Ok(Answer { summary: Some(summary), warnings, notes, ..Answer::default() })
}

/// Fails where files might be written over that the user did not mean.
fn demand_vacant(arguments: &Unpack) -> anyhow::Result<()> {
    if arguments.force || disk::is_vacant(&arguments.directory)? {
        return Ok(());
    }
    let directory = arguments.directory.display().to_string();
    let what = format!("the directory {directory} is not empty");
    let hint = "give another one, or write over files of the same name with `--force`";
    Err(repository::Error::new(ErrorKind::Conflict, directory, what).hinting(hint).into())
}

/// Fails where a part is wanted of a bundle that is known as a whole only.
fn demand_whole(arguments: &Unpack, repository: &dyn Repository) -> Result<(), repository::Error> {
    if arguments.namespace.is_empty() {
        return Ok(());
    }
    let what = "the bundle has no layers of namespaces";
    let hint = "leave `--namespace` away to unpack all of it";
    Err(repository::Error::new(ErrorKind::NotFound, repository.place(), what).hinting(hint))
}

/// What stands in the staging now.
#[derive(Default)]
struct Staged {
    files: u64,
    warnings: Vec<String>,
    notes: Vec<String>,
}

/// Stages the flags of the namespaces that are wanted.
fn stage(
    repository: &dyn Repository,
    found: &Manifest,
    staging: &mut Staging,
    arguments: &Unpack,
    context: &Context<'_>,
) -> anyhow::Result<Staged> {
    let layers = wanted(repository, found, &arguments.namespace)?;
    let contents = Mutex::new(vec![Vec::new(); layers.len()]);
    let concurrency = concurrency(&arguments.remote, context.environment)?;
    let take = |at: usize, _: &Descriptor, bytes| {
        contents.lock().unwrap_or_else(PoisonError::into_inner)[at] = bytes;
    };
    read_each(repository, &layers, concurrency, take)?;
    let contents = contents.into_inner().unwrap_or_else(PoisonError::into_inner);
    let files = flipt::files(layers.iter().zip(contents.iter().map(Vec::as_slice)))?;
    for file in &files {
        staging.write(&file.path, &file.bytes)?;
    }
    Ok(Staged { files: files.len() as u64, ..Staged::default() })
}

/// The manifest itself, or the one that an index means: without a platform, or for linux/amd64.
pub(super) fn image(repository: &dyn Repository, mut found: Manifest) -> anyhow::Result<Manifest> {
    let is_meant = |child: &&Descriptor| match &child.platform {
        None => child.annotation("vnd.docker.reference.type").is_none(),
        Some(platform) => platform["os"] == "linux" && platform["architecture"] == "amd64",
    };
    for _ in 0..DEEPEST {
        if !found.is_index() {
            return Ok(found);
        }
        let Some(child) = found.manifests().iter().find(is_meant) else {
            let what =
                format!("the index {} lists no bundle without a platform or for linux/amd64", found.digest());
            return Err(repository::Error::new(ErrorKind::NotFound, repository.place(), what).into());
        };
        found = manifest(repository, &Selector::Digest(child.digest.clone()))?;
    }
    let what = format!("indexes nest deeper than {DEEPEST}");
    Err(repository::Error::new(ErrorKind::Refused, repository.place(), what).into())
}

/// The layers of the namespaces that are wanted; all where none is named.
fn wanted(
    repository: &dyn Repository,
    manifest: &Manifest,
    namespaces: &[String],
) -> Result<Vec<Descriptor>, repository::Error> {
    if namespaces.is_empty() {
        return Ok(manifest.layers().to_vec());
    }
    let mut found = Vec::new();
    let mut missed: Vec<&str> = namespaces.iter().map(String::as_str).collect();
    for layer in manifest.layers() {
        if let Some(namespace) =
            Kind::Flipt.namespace(layer).filter(|namespace| namespaces.contains(namespace))
        {
            missed.retain(|wanted| *wanted != namespace);
            found.push(layer.clone());
        }
    }
    if missed.is_empty() {
        return Ok(found);
    }
    let what = format!("the bundle has no namespace `{}`", missed.join("`, `"));
    let hint = "`torte inspect` shows the namespaces of a bundle";
    Err(repository::Error::new(ErrorKind::NotFound, repository.place(), what).hinting(hint))
}
