//! `torte share`: a bundle under a throw-away name, on a registry that forgets it.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;

use super::Context;
use super::layers::read_each;
use super::make::{Made, hold, make};
use super::places::{Opened, manifest, reference};
use super::transfer::{Wish, transfer};
use crate::cli::{self, Share};
use crate::kinds::{self, Kind};
use crate::oci::{Manifest, Place, Reference, Selector, Side, Tag};
use crate::output::Answer;
use crate::output::report::{Shared, Verb};
use crate::repository::{self, ErrorKind, Expect, Repository};
use crate::settings::{self, Reach, Usage, concurrency_of};

mod lifetime;

use lifetime::Lifetime;

pub(super) fn run(arguments: &Share, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let lifetime = Lifetime::parse(&arguments.ttl)?;
    let to = destination(arguments, lifetime)?;
    let concurrency = concurrency_of(&arguments.door, context.environment)?;
    let (name, source, found, mut warnings) = source(arguments, context)?;
    let aim = || format!("cannot share {}", arguments.what);
    if !arguments.allow_secrets {
        let secrets = secrets(source.repository(), &found, concurrency).with_context(aim)?;
        refuse(secrets).with_context(aim)?;
    }

    let tag: Tag = lifetime.tag().parse()?;
    let destination = context.create(&to, &Reach::anonymous(&arguments.door), None).with_context(aim)?;
    let standing = match &arguments.name {
        Some(_) => destination.repository().resolve(&Selector::Tag(tag.clone())).with_context(aim)?,
        None => None,
    };
    let is_there = standing.is_some_and(|standing| standing.digest == *found.digest());
    let tags = [tag];
    let wish = Wish {
        verb: Verb::Shared,
        source: &name,
        destination: &to,
        tags: &tags,
        expect: Expect::Any,
        concurrency,
    };
    let mut moved = transfer(&wish, &source, &destination, &found, context).with_context(aim)?;
    warnings.extend(lifetime.warning());
    if is_there {
        warnings.push(
            "the very same bundle was there under this name and tag, and sharing it again does not prolong it; \
             leave `--name` out, or write another `--ttl`"
                .to_owned(),
        );
    }
    moved.warnings = warnings;
    let ends = (!is_there).then(|| settings::after(lifetime.seconds));
    Ok(Shared { moved, ends, kind: Kind::of(&found) }.answer(arguments.output.format))
}

/// Where it goes: a registry, and a name that nobody can guess unless one is given.
fn destination(arguments: &Share, lifetime: Lifetime) -> anyhow::Result<Place> {
    let name = match &arguments.name {
        Some(name) => name.clone(),
        None => settings::random_name()?,
    };
    let text = format!("{}/{name}:{}", arguments.registry.trim_end_matches('/'), lifetime.tag());
    let to = reference(&text)?;
    if to.side() == Side::Local {
        let what = format!("`--registry {}` is not the name of a registry", arguments.registry);
        return Err(
            Usage::new(what, "write it as `ttl.sh`, or `localhost:5000` for `torte serve --ttl`").into()
        );
    }
    Ok(to.place)
}

/// What is shared, where it can be read from, and what was doubtful about it.
fn source(
    arguments: &Share,
    context: &mut Context<'_>,
) -> anyhow::Result<(Reference, Opened, Manifest, Vec<String>)> {
    let what = arguments.what.as_str();
    if !what.starts_with(['.', '/', '~']) {
        let name = reference(what)?;
        if name.side() == Side::Remote {
            let what = format!("`{what}` is a remote name, and what is shared comes from this machine");
            return Err(Usage::new(what, "run `torte pull` first").into());
        }
        let opened = context.open(&name.place, &Reach::anonymous(&arguments.door))?;
        let found = manifest(opened.repository(), &name.selector_or_latest())?;
        return Ok((name, opened, found, Vec::new()));
    }
    let Made { bundle, warnings, .. } =
        make(Path::new(what), &arguments.reading, &cli::Stamp::default(), context)?;
    let memory = hold(&bundle)?;
    let name = reference("directory")?;
    Ok((name, Opened::Memory(memory), bundle.manifest, warnings))
}

/// What in a bundle looks like a secret, each with its place.
fn secrets(
    repository: &dyn Repository,
    manifest: &Manifest,
    concurrency: usize,
) -> Result<Vec<String>, repository::Error> {
    let kind = Kind::of(manifest);
    let skipped = usize::from(kinds::joined(manifest).is_some());
    let found = Mutex::new(Vec::new());
    read_each(repository, &manifest.layers()[skipped..], concurrency, |_, layer, bytes| {
        let secrets = kinds::secrets(kind, layer, &bytes);
        found.lock().unwrap_or_else(PoisonError::into_inner).extend(secrets);
    })?;
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort();
    Ok(found)
}

fn refuse(secrets: Vec<String>) -> Result<(), repository::Error> {
    /// How many are named.
    const NAMED: usize = 5;
    if secrets.is_empty() {
        return Ok(());
    }
    let more = secrets.len().saturating_sub(NAMED);
    let named = secrets.into_iter().take(NAMED).collect::<Vec<_>>().join("; ");
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let what = format!("everybody who learns the name could read what looks like a secret: {named}{more}");
    let hint = "take it out, encrypt it, or share it all the same with `--allow-secrets`";
    Err(repository::Error::new(ErrorKind::Refused, "share", what).hinting(hint))
}
