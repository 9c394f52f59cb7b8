//! Reads what is named on the command line as a kind: a directory, a file, or standard input.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::Context;
use crate::cli::{self, GroupBy, KindName, ProfileName, Symlinks};
use crate::kinds::kubernetes::{self, Ignore, Override, Profile, stream};
use crate::kinds::{self, Check, Fault, Kind};
use crate::output::failure::SourceFaults;
use crate::output::report::FaultLine;
use crate::settings::Usage;
use crate::source::{self, Links, Tree};

/// What was read, and as what.
pub(super) struct Read {
    pub(super) kind: Kind,
    pub(super) reading: kinds::Reading,
}

/// Reads and checks what is named; its faults are a [`kinds::Error`] in the error's chain.
pub(super) fn read(input: &Path, flags: &cli::Reading, context: &mut Context<'_>) -> anyhow::Result<Read> {
    let Source { mut tree, kind, options } = source(input, flags, context)?;
    let reading = kinds::read(kind, &mut tree, &options)?;
    Ok(Read { kind, reading })
}

/// Checks what is named as [`read`] does, and gives what is doubtful.
pub(super) fn lint(
    input: &Path,
    flags: &cli::Reading,
    context: &mut Context<'_>,
) -> anyhow::Result<Vec<Fault>> {
    let Source { mut tree, kind, options } = source(input, flags, context)?;
    Ok(kinds::lint(kind, &mut tree, &options)?)
}

/// What is to be read, and how.
struct Source {
    tree: Tree,
    kind: Kind,
    options: kinds::Options,
}

fn source(input: &Path, flags: &cli::Reading, context: &mut Context<'_>) -> anyhow::Result<Source> {
    let tree = tree(input, flags, context)?;
    let kind = match flags.kind {
        Some(KindName::Flipt) => Kind::Flipt,
        Some(KindName::Kubernetes) => Kind::Kubernetes,
        None if is_stdin(input) => Kind::Kubernetes,
        None => Kind::recognise(&tree)?,
    };
    if kind == Kind::Flipt {
        refuse_manifests(&flags.manifests)?;
    }
    let check = match flags.check {
        cli::Check::References => Check::References,
        cli::Check::Schema => Check::Schema,
    };
    let manifests = options(&flags.manifests)?;
    let options = kinds::Options { check, threads: context.settings.threads, manifests };
    Ok(Source { tree, kind, options })
}

/// Whether `-` was given.
fn is_stdin(input: &Path) -> bool {
    input.as_os_str() == "-"
}

/// The directory that something named on the command line belongs to.
pub(super) fn directory(input: &Path) -> PathBuf {
    let parent = input.parent().filter(|parent| !parent.as_os_str().is_empty());
    match (is_stdin(input), input.is_file()) {
        (true, _) => PathBuf::from("."),
        (false, true) => parent.unwrap_or(Path::new(".")).to_owned(),
        (false, false) => input.to_owned(),
    }
}

fn tree(input: &Path, flags: &cli::Reading, context: &mut Context<'_>) -> anyhow::Result<Tree> {
    let manifests = &flags.manifests;
    if is_stdin(input) {
        if flags.kind == Some(KindName::Flipt) {
            let what = "standard input can only be read as manifests";
            return Err(Usage::new(what, "name the directory that holds the flags").into());
        }
        return of_stdin(manifests.stdin_name.as_deref(), context);
    }
    if manifests.stdin_name.is_some() {
        let what = "`--stdin-name` is given, and standard input is not read";
        return Err(Usage::new(what, "write `-` in place of the directory").into());
    }
    if input.is_file() {
        return Ok(Tree::of_file(input).map_err(kinds::Error::from)?);
    }
    let links = if manifests.symlinks == Symlinks::Follow { Links::Follow } else { Links::Keep };
    Ok(Tree::of_directory(input, links).map_err(kinds::Error::from)?)
}

/// What comes on standard input, cut at its document marks unless it is to stay one file.
fn of_stdin(name: Option<&str>, context: &mut Context<'_>) -> anyhow::Result<Tree> {
    let mut bytes = Vec::new();
    let most = source::LARGEST_FILE;
    context.stdin.take(most + 1).read_to_end(&mut bytes).context("cannot read standard input")?;
    if bytes.len() as u64 > most {
        let what = "standard input holds more than 64 MiB, the most that is read of a source";
        return Err(Usage::new(what, "split it into files, and name their directory").into());
    }
    if let Some(name) = name {
        let is_plain = !name.is_empty() && !name.contains(['/', '\\']) && !name.starts_with('.');
        if !is_plain {
            let what = format!("`--stdin-name {name}` is not the name of a file");
            return Err(Usage::new(what, "write a name such as `app.yaml`").into());
        }
        return Ok(Tree::in_memory(BTreeMap::from([(name.to_owned(), bytes)])));
    }
    match stream::split(&bytes) {
        Ok(files) => Ok(Tree::in_memory(files.into_iter().collect())),
        Err(problems) => {
            let faults = problems.into_iter().map(|problem| Fault::of("-", problem)).collect();
            Err(kinds::Error::Faults { faults, warnings: Vec::new() }.into())
        }
    }
}

/// Flags for manifests mean nothing for flags, and so must not seem to.
fn refuse_manifests(flags: &cli::Manifests) -> Result<(), Usage> {
    let given = [
        ("--profile", flags.profile.is_some()),
        ("--group-by", flags.group_by.is_some()),
        ("--group", !flags.group.is_empty()),
        ("--ignore-paths", flags.ignore_paths.is_some()),
        ("--add-ignore-paths", flags.add_ignore_paths.is_some()),
        ("--sourceignore", flags.sourceignore),
        ("--symlinks", flags.symlinks != Symlinks::Error),
    ];
    match given.iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((flag, _)) => {
            let what = format!("`{flag}` is for Kubernetes manifests, and the directory holds feature flags");
            Err(Usage::new(what, "leave it out; if it does hold manifests, say `--kind kubernetes`"))
        }
    }
}

fn options(flags: &cli::Manifests) -> Result<kubernetes::Options, Usage> {
    let group = |text: &String| {
        Override::parse(text)
            .map_err(|error| Usage::new(format!("`--group {text}`: {error}"), "write it as GLOB=NAME"))
    };
    let ignore = |flag: &str, list: &Option<String>| {
        if let Some(Err(error)) = list.as_ref().map(|list| Ignore::of_list(list)) {
            return Err(Usage::new(format!("`{flag}`: {error}"), error.hint()));
        }
        Ok(list.clone())
    };
    Ok(kubernetes::Options {
        profile: flags.profile.map(|profile| match profile {
            ProfileName::Hybrid => Profile::Hybrid,
            ProfileName::Flux => Profile::Flux,
            ProfileName::Argo => Profile::Argo,
        }),
        group_by: flags.group_by.map(|how| match how {
            GroupBy::Auto => kubernetes::GroupBy::Auto,
            GroupBy::Dir => kubernetes::GroupBy::Dir,
            GroupBy::Namespace => kubernetes::GroupBy::Namespace,
            GroupBy::None => kubernetes::GroupBy::None,
        }),
        groups: flags.group.iter().map(group).collect::<Result<_, _>>()?,
        ignore: ignore("--ignore-paths", &flags.ignore_paths)?,
        add_ignore: ignore("--add-ignore-paths", &flags.add_ignore_paths)?,
        sourceignore: flags.sourceignore,
        skips_links: flags.symlinks == Symlinks::Skip,
    })
}

/// A fault as it is shown: its path as the user would type it.
pub(super) fn line(input: &Path, fault: &Fault) -> FaultLine {
    let path = match input.to_str() {
        Some("." | "" | "-") => fault.path.clone(),
        _ if input.is_file() => input.display().to_string(),
        _ => input.join(&fault.path).display().to_string(),
    };
    FaultLine {
        path,
        line: u64::from(fault.line),
        column: u64::from(fault.column),
        rule: fault.rule,
        message: fault.message.clone(),
        excerpt: fault.excerpt.clone(),
    }
}

/// The same error, its faults as they are shown.
pub(super) fn shown(input: &Path, error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<kinds::Error>() {
        Ok(kinds::Error::Faults { faults, warnings }) => {
            let lines = |all: &[Fault]| all.iter().map(|fault| line(input, fault)).collect();
            SourceFaults { faults: lines(&faults), warnings: lines(&warnings) }.into()
        }
        Ok(error) => error.into(),
        Err(error) => error,
    }
}
