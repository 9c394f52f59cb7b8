//! `torte build`: a directory into the local store, and on to a registry if asked.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;

use super::Context;
use super::copy::{destination_tags, once_each};
use super::places::demand_remote;
use super::reading::{line, read};
use super::transfer::{Wish, hold, transfer};
use crate::bundle::{self, Bundle, Stamp};
use crate::cli::Build;
use crate::disk::{self, Draft};
use crate::kinds;
use crate::oci::{Place, Reference, Selector, Side, Tag, media_type};
use crate::output::Answer;
use crate::output::failure::SourceFaults;
use crate::output::report::{FaultLine, Transferred, Verb};
use crate::repository::{self, ErrorKind, Expect, Known, Memory, Moved, Repository};
use crate::runtime;
use crate::settings::{self, Reach, Usage};
use crate::source::git;
use crate::store::Layout;

pub(super) fn run(arguments: &Build, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let (name, tags) = name(&arguments.name)?;
    let push = arguments.push.as_deref().map(|to| publication(&name, to)).transpose()?;
    let expect = settings::expect(&arguments.guard)?;
    let stamp = stamp(arguments, context)?;

    let directory = &arguments.directory;
    let reading = read(directory, &arguments.reading, context).map_err(|error| shown(directory, error))?;
    let warnings: Vec<_> = reading.warnings.iter().map(|warning| line(directory, warning)).collect();
    if arguments.reading.strict && !warnings.is_empty() {
        return Err(SourceFaults { faults: warnings, warnings: Vec::new() }.into());
    }
    let bundle = bundle::pack(reading.content, &stamp)?;

    let mut report = Transferred::of(Verb::Built, &name.place, &bundle.manifest, &tags);
    report.warnings = warnings.iter().map(FaultLine::line).collect();
    if arguments.dry_run {
        rehearse(&name, &tags, &bundle, &expect, &mut report, context)?;
        return Ok(report.answer(arguments.output.format));
    }
    // Begun before anything is stored, so that a place that cannot be written keeps all as it is.
    let digest_file = arguments.digest_file.as_deref().map(|file| begin(file, &report)).transpose()?;
    // With `--push` the guard is about the published tag; the local one is only the way there.
    let local = if push.is_some() { &Expect::Any } else { &expect };
    store(&name, &tags, &bundle, local, &mut report, context)
        .with_context(|| format!("cannot build {name}"))?;
    if let Some((to, tags)) = push {
        report = publish(arguments, &name, &to, tags.as_deref(), &expect, &bundle, report, context)?;
    }
    if let Some((draft, file)) = digest_file {
        draft
            .close()
            .rename(file)
            .with_context(|| format!("cannot write the digest to {}", file.display()))?;
    }
    Ok(report.answer(arguments.output.format))
}

/// A build that was interrupted sets no tag.
fn stop_if_interrupted(name: &Reference) -> Result<(), repository::Error> {
    match runtime::interrupted() {
        None => Ok(()),
        Some(_) => Err(repository::Error::new(ErrorKind::Interrupted, name.to_string(), "interrupted")),
    }
}

/// The local name and its tags; `latest` where none is written.
fn name(text: &str) -> anyhow::Result<(Reference, Vec<Tag>)> {
    if text.starts_with(['.', '/', '~']) {
        let what = format!("`{text}` is a path, and the bundle's name comes first");
        return Err(Usage::new(what, format!("write `torte build NAME:TAG {text}`")).into());
    }
    let parsed = Reference::parse_with_tags(text).with_context(|| format!("`{text}` is not a reference"));
    let (name, more) = parsed?;
    if name.side() == Side::Remote {
        let place = &name.place;
        let what = format!("`torte build` makes a local bundle, and `{text}` is a remote name");
        return Err(Usage::new(what, format!("write `torte build NAME --push {place}`")).into());
    }
    let first = match &name.selector {
        Some(Selector::Digest(_)) => {
            let what = format!("`{text}` cannot be built: a digest follows from the content");
            return Err(Usage::new(what, "give it a tag, as in `NAME:TAG`").into());
        }
        Some(Selector::Tag(tag)) => tag.clone(),
        None => Tag::latest(),
    };
    let tags = once_each(std::iter::once(first.clone()).chain(more));
    Ok((name.at(Selector::Tag(first)), tags))
}

fn publication(name: &Reference, to: &str) -> anyhow::Result<(Reference, Option<Vec<Tag>>)> {
    let (reference, more) = Reference::parse_with_tags(to)?;
    demand_remote(&reference, to, "build --push")?;
    let tags = match reference.selector {
        None => None,
        Some(_) => Some(destination_tags(name, &reference, more)?),
    };
    Ok((reference, tags))
}

fn stamp(arguments: &Build, context: &Context<'_>) -> anyhow::Result<Stamp> {
    let mut annotations = BTreeMap::new();
    if arguments.git {
        let origin = git::origin(&arguments.directory)?;
        annotations.extend(origin.source.map(|source| (media_type::SOURCE.to_owned(), source)));
        annotations.insert(media_type::REVISION.to_owned(), origin.revision);
        if origin.is_dirty {
            annotations.insert("dev.torte.dirty".to_owned(), "true".to_owned());
        }
    }
    if let Some(source) = &arguments.source {
        annotations.insert(media_type::SOURCE.to_owned(), git::without_credentials(source));
    }
    if let Some(revision) = &arguments.revision {
        annotations.insert(media_type::REVISION.to_owned(), revision.clone());
    }
    annotations.extend(settings::annotations(&arguments.annotation)?);
    if annotations.contains_key(media_type::CREATED) {
        let what = format!("`{}` cannot be given as an annotation", media_type::CREATED);
        return Err(Usage::new(what, "set it with `--created TIME`").into());
    }
    Ok(Stamp {
        created: settings::created(arguments.created.as_deref(), context.environment)?,
        version: settings::manifest_version(arguments.manifest_version, context.environment),
        annotations,
    })
}

pub(super) fn shown(directory: &Path, error: kinds::Error) -> anyhow::Error {
    match error {
        kinds::Error::Faults { faults, warnings } => {
            let lines = |all: &[kinds::Fault]| all.iter().map(|fault| line(directory, fault)).collect();
            SourceFaults { faults: lines(&faults), warnings: lines(&warnings) }.into()
        }
        error => error.into(),
    }
}

/// The file for the digest, written but not yet under its name.
fn begin<'a>(file: &'a Path, report: &Transferred) -> anyhow::Result<(Draft, &'a Path)> {
    let beside = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let draft = Draft::begin(beside, disk::Access::Usual).and_then(|mut draft| {
        draft.write(format!("{}\n", report.digest).as_bytes())?;
        Ok(draft)
    });
    Ok((draft.with_context(|| format!("cannot write the digest to {}", file.display()))?, file))
}

/// What a build would do, without doing it.
fn rehearse(
    name: &Reference,
    tags: &[Tag],
    bundle: &Bundle,
    expect: &Expect,
    report: &mut Transferred,
    context: &Context<'_>,
) -> anyhow::Result<()> {
    report.verb = Verb::WouldBuild;
    let blobs: Vec<_> = bundle.blobs.iter().map(|(blob, _)| blob.clone()).collect();
    let layout = match &name.place {
        Place::Local(name) => context.store().open(name)?,
        Place::Layout(path) => Layout::open_at(path)?,
        Place::Remote { .. } => None,
    };
    let nowhere = Memory::default();
    let there: &dyn Repository = match &layout {
        Some(layout) => layout,
        None => &nowhere,
    };
    for tag in tags {
        let at = Selector::Tag(tag.clone());
        hold(expect, &at, there.resolve(&at)?.map(|found| found.digest).as_ref(), there)?;
    }
    let missing = there.missing(&blobs, &Known::Nothing)?;
    report.blobs.sent = missing.len() as u64;
    report.blobs.present = (blobs.len() - missing.len()) as u64;
    report.bytes = missing.iter().map(|blob| blob.size).sum();
    Ok(())
}

fn store(
    name: &Reference,
    tags: &[Tag],
    bundle: &Bundle,
    expect: &Expect,
    report: &mut Transferred,
    context: &mut Context<'_>,
) -> anyhow::Result<()> {
    let layout = context.create_layout(&name.place)?;
    let moved = layout.put_all(&bundle.blobs, context.settings.threads)?;
    for ((blob, _), moved) in bundle.blobs.iter().zip(moved) {
        if moved == Moved::Present {
            report.blobs.present += 1;
        } else {
            report.blobs.sent += 1;
            report.bytes += blob.size;
        }
    }
    stop_if_interrupted(name)?;
    report.moved = layout.publish(&bundle.manifest, tags, expect)?.moved;
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "each is one word of the command line")]
fn publish(
    arguments: &Build,
    name: &Reference,
    to: &Reference,
    tags: Option<&[Tag]>,
    expect: &Expect,
    bundle: &Bundle,
    built: Transferred,
    context: &mut Context<'_>,
) -> anyhow::Result<Transferred> {
    let reach = Reach::only(&arguments.remote);
    let source = context.open(&name.place, &reach)?;
    let destination = context.create(&to.place, &reach, None)?;
    let wish = Wish {
        verb: Verb::Pushed,
        source: name,
        destination: &to.place,
        tags: tags.unwrap_or(&built.tags),
        expect: expect.clone(),
        concurrency: settings::concurrency(&arguments.remote, context.environment)?,
    };
    let mut pushed = transfer(&wish, &source, &destination, &bundle.manifest, context)
        .with_context(|| format!("built {name}, but cannot push it to {}", to.place))?;
    pushed.warnings = built.warnings;
    Ok(pushed)
}
