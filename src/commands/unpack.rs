//! `torte unpack`: the files of a bundle, into a directory.

use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;

use super::Context;
use super::layers::read_each;
use super::places::{manifest, reference};
use crate::cli::Unpack;
use crate::disk::{self, Staging};
use crate::kinds::{self, Kind};
use crate::oci::{Descriptor, Manifest, Selector};
use crate::output::table::count;
use crate::output::{Answer, Exit};
use crate::repository::{self, ErrorKind, Repository};
use crate::runtime;
use crate::settings::{Reach, concurrency};

pub(super) fn run(arguments: &Unpack, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let reference = reference(&arguments.reference)?;
    let opened = context.open(&reference.place, &Reach::only(&arguments.remote))?;
    let repository = opened.repository();
    let selector = reference.selector_or_latest();
    let found = image(repository, manifest(repository, &selector)?)?;
    let aim = || format!("cannot unpack {}", reference.at(selector.clone()));
    let Some(kind) = Kind::of(&found) else {
        let kind = found.artifact_type().unwrap_or("of no type").to_owned();
        let what = format!("the bundle is neither of Flipt's kind nor of another that torte knows: {kind}");
        return Err(repository::Error::new(ErrorKind::Refused, repository.place(), what)).with_context(aim);
    };

    if !arguments.force && !disk::is_vacant(&arguments.directory).with_context(aim)? {
        let directory = arguments.directory.display().to_string();
        let what = format!("the directory {directory} is not empty");
        let hint = "give another one, or write over files of the same name with `--force`";
        return Err(repository::Error::new(ErrorKind::Conflict, directory, what).hinting(hint))
            .with_context(aim);
    }

    let layers = wanted(kind, repository, &found, &arguments.namespace).with_context(aim)?;
    let contents = Mutex::new(vec![Vec::new(); layers.len()]);
    let concurrency = concurrency(&arguments.remote, context.environment)?;
    let take = |at: usize, _: &Descriptor, bytes| {
        contents.lock().unwrap_or_else(PoisonError::into_inner)[at] = bytes;
    };
    read_each(repository, &layers, concurrency, take).with_context(aim)?;
    let contents = contents.into_inner().unwrap_or_else(PoisonError::into_inner);
    let files =
        kinds::files(kind, layers.iter().zip(contents.iter().map(Vec::as_slice))).with_context(aim)?;

    runtime::watch_interrupts()?;
    let mut staging = Staging::begin(&arguments.directory).with_context(aim)?;
    for file in &files {
        staging.write(&file.path, &file.bytes).with_context(aim)?;
    }
    staging.commit().with_context(aim)?;
    let mut summary = format!(
        "unpacked {} · {} in {}",
        reference.at(selector.clone()),
        count(files.len() as u64, "file"),
        arguments.directory.display()
    );
    let requests = repository.cost().requests;
    if requests > 0 {
        summary.push_str(" · ");
        summary.push_str(&count(requests, "request"));
    }
    Ok(Answer { summary: Some(summary), exit: Exit::Done, ..Answer::default() })
}

/// The manifest itself, or the one that an index means: without a platform, or for linux/amd64.
pub(super) fn image(repository: &dyn Repository, found: Manifest) -> anyhow::Result<Manifest> {
    if !found.is_index() {
        return Ok(found);
    }
    let is_meant = |child: &&Descriptor| match &child.platform {
        None => child.annotation("vnd.docker.reference.type").is_none(),
        Some(platform) => platform["os"] == "linux" && platform["architecture"] == "amd64",
    };
    let Some(child) = found.manifests().iter().find(is_meant) else {
        let what =
            format!("the index {} lists no bundle without a platform or for linux/amd64", found.digest());
        return Err(repository::Error::new(ErrorKind::NotFound, repository.place(), what).into());
    };
    manifest(repository, &Selector::Digest(child.digest.clone()))
}

/// The layers of the namespaces that are wanted; all where none is named.
fn wanted(
    kind: Kind,
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
        if let Some(namespace) = kind.namespace(layer).filter(|namespace| namespaces.contains(namespace)) {
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
