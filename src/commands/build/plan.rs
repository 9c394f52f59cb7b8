//! What a build makes of which directory, under which tags, and where it is published.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::cli::Build;
use crate::commands::copy::{destination_tags, once_each};
use crate::commands::places::demand_remote;
use crate::oci::{Place, Reference, Selector, Side, Tag};
use crate::repository::{self, ErrorKind};
use crate::settings::Usage;
use crate::source;

/// What a build was asked for.
pub(super) struct Plan {
    /// The local place of all bundles.
    pub(super) place: Place,
    /// The bundles, in order.
    pub(super) parts: Vec<Part>,
    /// Where they are published too.
    pub(super) push: Option<Push>,
}

/// One bundle.
pub(super) struct Part {
    /// What it is made of.
    pub(super) input: PathBuf,
    /// Its local tags, at least one.
    pub(super) tags: Vec<Tag>,
}

/// Where bundles are published.
pub(super) struct Push {
    pub(super) place: Place,
    /// Other tags than the local ones, where they are written.
    pub(super) tags: Option<Vec<Tag>>,
}

impl Plan {
    /// Reads the command line; with `--each` it looks at the directories too.
    pub(super) fn of(arguments: &Build) -> anyhow::Result<Self> {
        let (name, tags) = name(&arguments.name)?;
        let push = arguments.push.as_deref().map(|to| push(&name, to)).transpose()?;
        let place = name.place.clone();
        let Some(glob) = &arguments.each else {
            let parts =
                vec![Part { input: arguments.input.clone(), tags: tags.unwrap_or(vec![Tag::latest()]) }];
            return Ok(Self { place, parts, push });
        };
        if tags.is_some() {
            let what =
                format!("`{}` has a tag, and with `--each` each directory gives its own", arguments.name);
            return Err(Usage::new(what, format!("write `torte build --each '{glob}' {place}`")).into());
        }
        if push.as_ref().is_some_and(|push| push.tags.is_some()) {
            let what = "`--push` has a tag, and with `--each` each directory gives its own";
            return Err(Usage::new(what, "write the repository alone").into());
        }
        Ok(Self { place, parts: each(glob)?, push })
    }
}

/// A bundle for each directory that the pattern means, tagged by its name.
fn each(glob: &str) -> anyhow::Result<Vec<Part>> {
    let directories = source::directories(glob).map_err(|error| {
        Usage::new(format!("`--each {glob}`: {error}"), "write a pattern of directories such as `envs/*`")
    })?;
    if directories.is_empty() {
        let what = format!("no directory matches `{glob}`");
        let error = repository::Error::new(ErrorKind::NotFound, glob, what);
        return Err(error.hinting("quote the pattern, so that torte and not the shell expands it").into());
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut wrong = Vec::new();
    for input in directories {
        let last = input.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let shown = input.display();
        match last.parse::<Tag>() {
            Err(_) => wrong.push(format!("`{shown}` gives no tag: `{last}` is not a valid one")),
            Ok(tag) => match parts.iter().find(|part| part.tags[0] == tag) {
                Some(other) => {
                    wrong.push(format!(
                        "`{}` and `{shown}` would both be tagged `{tag}`",
                        other.input.display()
                    ));
                }
                None => parts.push(Part { input, tags: vec![tag] }),
            },
        }
    }
    if wrong.is_empty() {
        return Ok(parts);
    }
    let hint = "a tag has letters, digits, `_`, `.` and `-`, and is given once: \
                rename the directories, or narrow the pattern";
    Err(Usage::new(wrong.join("\n"), hint).into())
}

/// The local name and its tags, if any are written.
fn name(text: &str) -> anyhow::Result<(Reference, Option<Vec<Tag>>)> {
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
    match name.selector.clone() {
        Some(Selector::Digest(_)) => {
            let what = format!("`{text}` cannot be built: a digest follows from the content");
            Err(Usage::new(what, "give it a tag, as in `NAME:TAG`").into())
        }
        Some(Selector::Tag(first)) => {
            let tags = once_each(std::iter::once(first).chain(more));
            Ok((name, Some(tags)))
        }
        None => Ok((name, None)),
    }
}

fn push(name: &Reference, to: &str) -> anyhow::Result<Push> {
    let (reference, more) = Reference::parse_with_tags(to)?;
    demand_remote(&reference, to, "build --push")?;
    let tags = match reference.selector {
        None => None,
        Some(_) => Some(destination_tags(name, &reference, more)?),
    };
    Ok(Push { place: reference.place, tags })
}
