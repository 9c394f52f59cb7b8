//! `torte share`: a bundle under a throw-away name, on a registry that forgets it.

use std::path::Path;

use anyhow::Context as _;

use super::Context;
use super::make::{Made, hold, make};
use super::places::{Opened, TTL_SH, beside_directory, manifest, reference};
use super::transfer::{Wish, transfer};
use crate::cli::{self, Share};
use crate::kinds::Kind;
use crate::oci::{Manifest, Name, Place, Reference, Selector, Side, Tag};
use crate::output::Answer;
use crate::output::report::{Shared, Verb};
use crate::registry::Remote;
use crate::repository::{Error, ErrorKind, Expect};
use crate::settings::{self, Reach, Usage, concurrency};

mod lifetime;
mod secrets;

use lifetime::Lifetime;
use secrets::{by_file, refuse, secrets};

/// How long something is to be had where nobody says.
const DEFAULT_LIFETIME: &str = "1h";

pub(super) fn run(arguments: &Share, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let lifetime = Lifetime::parse(arguments.ttl.as_deref().unwrap_or(DEFAULT_LIFETIME))?;
    let to = destination(arguments, lifetime)?;
    let concurrency = concurrency(&arguments.door, context.environment)?;
    let aim = || format!("cannot share {}", arguments.what);
    let (name, source, found, mut warnings) = source(arguments, context)?;
    if !arguments.allow_secrets {
        let secrets = secrets(source.repository(), &found, concurrency).with_context(aim)?;
        refuse(by_file(arguments, &found, secrets)).with_context(aim)?;
    }

    let tag: Tag = lifetime.tag().parse()?;
    let destination = context.create(&to, &Reach::anonymous(&arguments.door), None).with_context(aim)?;
    let standing = match &arguments.name {
        Some(_) => destination.repository().resolve(&Selector::Tag(tag.clone())),
        None => Ok(None),
    };
    let standing = standing.map_err(anonymous).with_context(aim)?;
    let is_there = standing.as_ref().is_some_and(|standing| standing.digest == *found.digest());
    let tags = [tag];
    let wish = Wish {
        verb: Verb::Shared,
        source: &name,
        destination: &to,
        tags: &tags,
        expect: Expect::Any,
        concurrency,
        is_made_here: false,
    };
    let moved = transfer(&wish, &source, &destination, &found, context);
    let mut moved = moved.map_err(anonymous).with_context(aim)?;
    warnings.extend(lifetime.warning());
    let other = standing.filter(|_| !is_there && moved.moved.is_empty());
    moved.moved.extend(other.map(|other| (tags[0].clone(), other.digest)));
    if is_there {
        warnings.push(
            "the very same bundle was there under this name and tag, and sharing it again does not prolong it; \
             leave `--name` out, or write another `--ttl`"
                .to_owned(),
        );
    }
    moved.warnings = warnings;
    if !is_promised(arguments, &to) {
        moved.notes.push(format!(
            "only a registry that takes tags for times, as `torte serve --ttl` does, ends it after {}",
            lifetime.tag()
        ));
    }
    let ends = (!is_there).then(|| settings::after(lifetime.seconds)).filter(|_| is_promised(arguments, &to));
    let is_plain = destination.remote().is_some_and(Remote::is_plain_http);
    Ok(Shared { moved, ends, kind: Kind::of(&found), is_plain }.answer(arguments.output.format))
}

/// Whether anybody said that it ends: ttl.sh does so of all that it takes, and of another registry the user with `--ttl`.
fn is_promised(arguments: &Share, to: &Place) -> bool {
    arguments.ttl.is_some() || matches!(to, Place::Remote { host, .. } if host.as_str() == TTL_SH)
}

/// Here credentials are no way out: none are shown to a registry that everybody may write to.
fn anonymous(error: Error) -> Error {
    match error.kind {
        ErrorKind::Unauthorized => error.hinting(
            "`torte share` shows nobody any credentials; use a registry that takes bundles from everybody, or `torte push`",
        ),
        _ => error,
    }
}

/// Says how a directory is written, where there is one of this name.
fn meant_a_directory(error: anyhow::Error, what: &str) -> anyhow::Error {
    match error.downcast::<Error>() {
        Ok(error) if Path::new(what).is_dir() => {
            error.hinting(format!("to share the directory, write `./{what}`")).into()
        }
        Ok(error) => error.into(),
        Err(error) => error,
    }
}

/// Whether what is to be shared is read from files, or from standard input.
fn is_directory(what: &str) -> bool {
    what == "-" || what.starts_with(['.', '/', '~'])
}

/// Where it goes: a registry, and a name that nobody can guess unless one is given.
fn destination(arguments: &Share, lifetime: Lifetime) -> anyhow::Result<Place> {
    let name = match &arguments.name {
        Some(name) => name.clone(),
        None => settings::random_name()?,
    };
    if let Err(error) = name.parse::<Name>() {
        return Err(Usage::new(error.to_string(), "write `--name` as `team-flags` or `team/flags`").into());
    }
    let text = format!("{}/{name}:{}", arguments.registry.trim_end_matches('/'), lifetime.tag());
    match text.parse::<Reference>() {
        Ok(to) if to.side() == Side::Remote => Ok(to.place),
        _ => {
            let what = format!("`--registry {}` is not the name of a registry", arguments.registry);
            Err(Usage::new(what, "write it as `ttl.sh`, or `localhost:5000` for `torte serve --ttl`").into())
        }
    }
}

/// What is shared, where it can be read from, and what was doubtful about it.
fn source(
    arguments: &Share,
    context: &mut Context<'_>,
) -> anyhow::Result<(Reference, Opened, Manifest, Vec<String>)> {
    let what = arguments.what.as_str();
    if !is_directory(what) {
        let name = reference(what)?;
        if name.side() == Side::Remote {
            let what = format!("`{what}` is a remote name, and what is shared comes from this machine");
            return Err(Usage::new(what, "run `torte pull` first").into());
        }
        let opened = context.open(&name.place, &Reach::anonymous(&arguments.door));
        let opened = opened.map_err(|error| meant_a_directory(error, what))?;
        let found = manifest(opened.repository(), &name.selector_or_latest())?;
        return Ok((name, opened, found, beside_directory(what).into_iter().collect()));
    }
    let Made { bundle, warnings, .. } =
        make(Path::new(what), &arguments.reading, &cli::Stamp::default(), context)?;
    let memory = hold(&bundle)?;
    let name = reference("directory")?;
    Ok((name, Opened::Memory(memory), bundle.manifest, warnings))
}
