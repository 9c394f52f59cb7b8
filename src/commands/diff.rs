//! `torte diff`: what changed between two bundles or directories, reading no layer that both have.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;

use super::Context;
use super::layers;
use crate::cli::Diff;
use crate::kinds::{self, Kind, Nature, Value};
use crate::oci::{Descriptor, Digest};
use crate::output::Answer;
use crate::output::report::{Cost, Diffed, Differing};
use crate::repository::copy::in_parallel;
use crate::repository::{self, ErrorKind};
use crate::settings::concurrency;

mod side;

use side::Side;

/// How many bytes of layers are read at most; they are in memory at once.
const MOST_BYTES: u64 = 1 << 30;

pub(super) fn run(arguments: &Diff, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let aim = || format!("cannot compare {} with {}", arguments.from, arguments.to);
    let [from, to] = Side::open_both(arguments, context).with_context(aim)?;
    let kind = one_kind(&from, &to).with_context(aim)?;
    let [from_layers, to_layers] = [&from, &to].map(|side| side.layers(kind, &arguments.namespace));
    let named = [&from_layers, &to_layers].map(|layers| names(kind, layers));
    known(&arguments.namespace, &named).with_context(aim)?;

    let [from_layers, to_layers] = unlike(from_layers, to_layers);
    let concurrency = concurrency(&arguments.remote, context.environment)?;
    let read: Vec<(&Side, Descriptor)> = from_layers
        .into_iter()
        .map(|layer| (&from, layer))
        .chain(to_layers.into_iter().map(|layer| (&to, layer)))
        .collect();
    let contents = contents(kind, &read, concurrency).with_context(aim)?;
    let mut parts = [Vec::new(), Vec::new()];
    for ((side, _), content) in read.iter().zip(contents) {
        parts[usize::from(std::ptr::eq(*side, &raw const to))].extend(content);
    }
    let [before, after] = parts.map(|parts| kinds::merge(kind, parts));

    let (namespaces, compared) = differing(kind, &named, &before, &after);
    let sides = [&from, &to];
    let is_remote = sides.iter().any(|side| side.is_remote());
    let counted = |side: &Side| if is_remote { side.is_remote() } else { side.is_bundle() };
    let counted: Vec<u64> =
        read.iter().filter(|(side, _)| counted(side)).map(|(_, layer)| layer.size).collect();
    let report = Diffed {
        kind: kind.name(),
        namespaces,
        compared,
        cost: Cost {
            layers: counted.len() as u64,
            bytes: counted.iter().sum(),
            requests: sides.iter().map(|side| side.repository().cost().requests).sum(),
            is_remote,
        },
        warnings: sides.iter().flat_map(|side| side.warnings.clone()).collect(),
        sides: sides.map(Side::named),
    };
    Ok(report.answer(arguments.format, arguments.stat, arguments.exit_code))
}

fn one_kind(from: &Side, to: &Side) -> Result<Kind, repository::Error> {
    let refused = |what: String, hint: &str| {
        repository::Error::new(ErrorKind::Refused, to.named().name, what).hinting(hint)
    };
    for side in [from, to] {
        if side.kind.is_none() {
            let what = format!("{} is of no kind that torte knows", side.named().name);
            return Err(refused(what, "`torte inspect` shows what it is"));
        }
    }
    if from.kind == Some(Kind::Kubernetes) && to.kind == from.kind {
        let what = "bundles of manifests cannot be compared yet".to_owned();
        return Err(refused(what, "unpack both and compare the directories"));
    }
    match (from.kind, to.kind) {
        (Some(one), Some(other)) if one == other => Ok(one),
        (one, other) => {
            let name = |kind: Option<Kind>| kind.map(Kind::name).unwrap_or_default();
            let what = format!("one is of the kind {}, the other of the kind {}", name(one), name(other));
            Err(refused(what, "compare two of one kind; `--kind` says what a directory holds"))
        }
    }
}

/// The namespaces that layers say they belong to.
fn names(kind: Kind, layers: &[Descriptor]) -> BTreeSet<String> {
    layers.iter().filter_map(|layer| kind.namespace(layer)).collect()
}

/// Fails where a namespace that is wanted is on neither side.
fn known(wanted: &[String], named: &[BTreeSet<String>; 2]) -> Result<(), repository::Error> {
    let missed: Vec<&str> = wanted
        .iter()
        .filter(|name| !named.iter().any(|names| names.contains(*name)))
        .map(String::as_str)
        .collect();
    if missed.is_empty() {
        return Ok(());
    }
    let what = format!("neither side has a namespace `{}`", missed.join("`, `"));
    let hint = "`torte inspect` shows the namespaces of a bundle";
    Err(repository::Error::new(ErrorKind::NotFound, "", what).hinting(hint))
}

/// The layers that the other side has not, as often as it has not.
fn unlike(from: Vec<Descriptor>, to: Vec<Descriptor>) -> [Vec<Descriptor>; 2] {
    let key = |layer: &Descriptor| (layer.digest.clone(), layer.media_type.clone());
    let mut counts: HashMap<(Digest, String), usize> = HashMap::new();
    for layer in &from {
        *counts.entry(key(layer)).or_default() += 1;
    }
    let mut both: HashMap<(Digest, String), usize> = HashMap::new();
    let mut is_new = |layer: &Descriptor| match counts.get_mut(&key(layer)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            *both.entry(key(layer)).or_default() += 1;
            false
        }
        _ => true,
    };
    let to: Vec<Descriptor> = to.into_iter().filter(|layer| is_new(layer)).collect();
    let mut is_gone = |layer: &Descriptor| match both.get_mut(&key(layer)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    let from = from.into_iter().filter(|layer| is_gone(layer)).collect();
    [from, to]
}

type Part = (String, Value);

/// Reads the layers of both sides at once; what each says takes its bytes' place as soon as they are there.
fn contents(
    kind: Kind,
    layers: &[(&Side, Descriptor)],
    concurrency: usize,
) -> Result<Vec<Vec<Part>>, repository::Error> {
    let bytes: u64 = layers.iter().fold(0, |sum, (_, layer)| sum.saturating_add(layer.size));
    if bytes > MOST_BYTES {
        let what = format!("the layers that differ have {bytes} bytes, more than {MOST_BYTES}");
        let hint = "compare some namespaces at a time with `--namespace`";
        return Err(repository::Error::new(ErrorKind::Refused, "", what).hinting(hint));
    }
    let found = Mutex::new(vec![Vec::new(); layers.len()]);
    let numbered: Vec<_> = layers.iter().enumerate().collect();
    in_parallel(&numbered, concurrency, |(at, (side, layer))| {
        let parts = kinds::parse(kind, layer, &layers::read(side.repository(), layer)?);
        found.lock().unwrap_or_else(PoisonError::into_inner)[*at] = parts;
        Ok(())
    })?;
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The namespaces that differ, and how many there are in all.
fn differing(
    kind: Kind,
    named: &[BTreeSet<String>; 2],
    before: &BTreeMap<String, Value>,
    after: &BTreeMap<String, Value>,
) -> (Vec<Differing>, u64) {
    let read = before.keys().chain(after.keys());
    let all: BTreeSet<&String> = named.iter().flatten().chain(read).collect();
    let mut found = Vec::new();
    for name in &all {
        let (from, to) = (before.get(*name), after.get(*name));
        let was = from.is_some() || named[0].contains(*name);
        let is = to.is_some() || named[1].contains(*name);
        let nature = match (was, is) {
            (false, _) => Nature::Added,
            (_, false) => Nature::Removed,
            _ => Nature::Changed,
        };
        let changes = kinds::compare(kind, from, to);
        if nature != Nature::Changed || !changes.is_empty() {
            let objects = kinds::told(kind, nature, from, to, &changes);
            found.push(Differing { name: (*name).clone(), nature, changes, objects });
        }
    }
    (found, all.len() as u64)
}
