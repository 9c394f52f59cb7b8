//! `torte diff`: what changed between two bundles or directories, reading no layer that both have.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;

use super::Context;
use super::layers;
use crate::cli::Diff;
use crate::kinds::{self, Kind, Nature, Part, Room, Value};
use crate::oci::{Descriptor, Digest};
use crate::output::Answer;
use crate::output::report::{Cost, Diffed, Differing};
use crate::repository::{self, ErrorKind, in_parallel};
use crate::settings::concurrency;

mod side;

use side::Side;

pub(super) fn run(arguments: &Diff, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let aim = || format!("cannot compare {} with {}", arguments.from, arguments.to);
    let [from, to] = Side::open_both(arguments, context).with_context(aim)?;
    let kind = one_kind(&from, &to).with_context(aim)?;
    let is_wanted = |name: &String| arguments.namespace.is_empty() || arguments.namespace.contains(name);
    let layers = kinds::compared(kind, [&from.manifest, &to.manifest]);
    // A layer that does not say its namespace must be read to know it.
    let layers = layers.map(|layers| {
        let is_meant = |layer: &Descriptor| kind.namespace(layer).as_ref().is_none_or(is_wanted);
        layers.into_iter().filter(is_meant).collect::<Vec<_>>()
    });
    let mut named = [0, 1].map(|side| names(kind, &layers[side]));

    let [from_layers, to_layers] = unlike(layers);
    let concurrency = concurrency(&arguments.remote.door, context.environment)?;
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
    let kinds::Sides { names, mut contents } = kinds::sides(parts);
    for (side, names) in names.into_iter().enumerate() {
        named[side].extend(names);
        named[side].retain(is_wanted);
        contents[side].retain(|name, _| is_wanted(name));
    }
    known(&arguments.namespace, &named).with_context(aim)?;

    let (namespaces, compared) = differing(kind, &named, &contents);
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
fn unlike([from, to]: [Vec<Descriptor>; 2]) -> [Vec<Descriptor>; 2] {
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

/// Reads the layers of both sides at once; what each says takes its bytes' place as soon as they are there.
fn contents(
    kind: Kind,
    layers: &[(&Side, Descriptor)],
    concurrency: usize,
) -> Result<Vec<Option<Part>>, repository::Error> {
    let room = Room::default();
    let found = Mutex::new(vec![None; layers.len()]);
    let numbered: Vec<_> = layers.iter().enumerate().collect();
    in_parallel(&numbered, concurrency, |(at, (side, layer))| {
        let bytes = layers::read(side.repository(), layer)?;
        let part = kinds::parse(kind, layer, &bytes, &room).map_err(|full| {
            let hint = "compare some namespaces at a time with `--namespace`";
            repository::Error::new(ErrorKind::Refused, "", full.to_string()).hinting(hint)
        })?;
        found.lock().unwrap_or_else(PoisonError::into_inner)[*at] = Some(part);
        Ok(())
    })?;
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The namespaces that differ, and how many there are in all.
fn differing(
    kind: Kind,
    named: &[BTreeSet<String>; 2],
    contents: &[BTreeMap<String, Value>; 2],
) -> (Vec<Differing>, u64) {
    let all: BTreeSet<&String> =
        named.iter().flatten().chain(contents.iter().flat_map(BTreeMap::keys)).collect();
    let mut found = Vec::new();
    for name in &all {
        let [from, to] = [0, 1].map(|side: usize| contents[side].get(*name));
        let nature = match (named[0].contains(*name), named[1].contains(*name)) {
            (false, _) => Nature::Added,
            (_, false) => Nature::Removed,
            _ => Nature::Changed,
        };
        let changes = kinds::compare(kind, from, to);
        if nature != Nature::Changed || !changes.is_empty() {
            let objects = kinds::told(kind, name, nature, from, to, &changes);
            found.push(Differing { name: (*name).clone(), nature, changes, objects });
        }
    }
    (found, all.len() as u64)
}
