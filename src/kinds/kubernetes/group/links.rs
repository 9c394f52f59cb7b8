//! Where the paths lead that units name: to other units, to files, or nowhere.

use std::collections::HashMap;

use super::Item;
use super::directories::{Directories, Found};
use super::root::{Reference, Wants};
use super::unit::Units;
use crate::kinds::Fault;
use crate::kinds::yaml::{Problem, brief};

/// What the files that begin units refer to, and the paths that lead nowhere.
#[derive(Default)]
pub(super) struct Links {
    /// Of each file the files that it cannot do without; what names a unit names the file that begins it.
    pub(super) targets: HashMap<usize, Vec<usize>>,
    pub(super) warnings: Vec<Fault>,
}

impl Links {
    pub(super) fn of(items: &[Item<'_>], directories: &Directories<'_>, units: &Units<'_>) -> Self {
        let mut links = Self::default();
        for unit in &units.all {
            unit.roots.iter().for_each(|at| links.take(*at, true, items, directories, units));
            // What a chart has inside is followed, but may be a template.
            unit.inner.iter().for_each(|at| links.take(*at, false, items, directories, units));
        }
        links
    }

    /// Each unit cannot do without its own files, which counts where they are in several groups.
    pub(super) fn hold_units(&mut self, units: &Units<'_>) {
        for unit in &units.all {
            self.targets.entry(unit.file).or_default().extend(&unit.files);
        }
    }

    fn take(
        &mut self,
        file: usize,
        is_told: bool,
        items: &[Item<'_>],
        directories: &Directories<'_>,
        units: &Units<'_>,
    ) {
        let Some(root) = items[file].root else { return };
        let targets = self.targets.entry(file).or_default();
        for reference in &root.references {
            match lead(reference, directories.home(file), items, directories, units) {
                Ok(found) => targets.extend(found),
                Err(lost) if is_told => {
                    self.warnings.push(lost.warning(items[file].path, root.is_chart(), reference));
                }
                Err(_) => {}
            }
        }
    }
}

/// Why a path leads nowhere.
#[derive(Clone, Copy)]
enum Lost {
    Outside,
    Missing,
    NoDirectory,
    NoFile,
    NoKustomization,
    NoChart,
}

/// The files that a path means.
fn lead(
    reference: &Reference,
    from: usize,
    items: &[Item<'_>],
    directories: &Directories<'_>,
    units: &Units<'_>,
) -> Result<Vec<usize>, Lost> {
    let roots = |directory, is_chart| {
        let roots = units.roots(directory).iter().copied();
        roots.filter(|at| items[*at].root.is_some_and(|root| root.is_chart() == is_chart)).collect::<Vec<_>>()
    };
    let some = |found: Vec<usize>, lost| if found.is_empty() { Err(lost) } else { Ok(found) };
    match (directories.follow(from, &reference.path), reference.wants) {
        (Some(Found::Directory(directory)), Wants::ChartIfAny) => Ok(roots(directory, true)),
        (_, Wants::ChartIfAny) => Ok(Vec::new()),
        (None, _) => Err(Lost::Outside),
        (Some(Found::Nothing), _) => Err(Lost::Missing),
        (Some(Found::File(file)), Wants::File | Wants::Either) => Ok(vec![file]),
        (Some(Found::File(_)), Wants::Kustomization | Wants::Chart) => Err(Lost::NoDirectory),
        (Some(Found::Directory(_)), Wants::File) => Err(Lost::NoFile),
        (Some(Found::Directory(directory)), Wants::Chart) => some(roots(directory, true), Lost::NoChart),
        (Some(Found::Directory(directory)), Wants::Kustomization | Wants::Either) => {
            some(roots(directory, false), Lost::NoKustomization)
        }
    }
}

impl Lost {
    fn warning(self, path: &str, is_chart: bool, reference: &Reference) -> Fault {
        let who = if is_chart { "chart" } else { "kustomization" };
        let named = brief(&reference.path);
        let what = match self {
            Self::Outside => "which is outside of the directory: nothing that gets the bundle can build it",
            Self::Missing => "which is not in the directory, or is left out of the bundle",
            Self::NoDirectory => "which is a file where a directory is expected",
            Self::NoFile => "which is a directory where a file is expected",
            Self::NoKustomization => "which is a directory without a kustomization",
            Self::NoChart => "which is a directory without a `Chart.yaml`",
        };
        let rule = match self {
            Self::Outside => "kustomization-outside",
            _ => "kustomization-missing-path",
        };
        let message = format!("the {who} names `{named}`, {what}");
        Fault::of(path, Problem::new(reference.mark, rule, message))
    }
}
