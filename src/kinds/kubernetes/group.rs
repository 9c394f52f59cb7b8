//! Which file of a tree goes to which group, and why: a partition of files, whose paths and bytes never change.
//!
//! Each group becomes a layer. Whoever takes the group of one namespace gets what that requires, `_shared` and
//! `_unscoped` besides, so that a file in the wrong one of these groups costs bytes and never breaks anything.

mod agreement;
mod chart;
mod content;
mod cost;
mod directories;
pub mod group_kind;
mod kustomization;
mod links;
pub mod name;
pub mod overrides;
mod placing;
pub mod reason;
mod requires;
pub mod root;
mod unit;

use std::collections::HashMap;

use super::object::Outline;
use super::scope::Scopes;
use crate::kinds::Fault;
use directories::Directories;
use group_kind::GroupKind;
use links::Links;
use overrides::Overrides;
use placing::{Placed, Placing};
use reason::Reason;
use root::Root;
use unit::Units;

/// One file.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// Its path in the tree, with `/`.
    pub path: &'a str,
    /// What it holds.
    pub outline: &'a Outline,
    /// What it begins, as [`Root::read`] has it.
    pub root: Option<&'a Root>,
}

/// What decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupBy {
    /// Units of kustomize and Helm, then namespaces.
    #[default]
    Auto,
    /// The first directory of the path.
    Dir,
    /// Namespaces; units are refused.
    Namespace,
    /// Nothing: there is one group.
    None,
}

/// How files are grouped.
#[derive(Debug, Default)]
pub struct Rules {
    /// What decides where no rule of the user does.
    pub by: GroupBy,
    /// The rules of the user, the one that counts most first.
    pub overrides: Overrides,
    /// Kinds that the user calls cluster-scoped.
    pub cluster_scoped: Vec<GroupKind>,
}

/// The groups of a tree.
#[derive(Debug, Default)]
pub struct Grouping {
    /// The groups that have files, in the order of their layers.
    pub groups: Vec<Group>,
    /// Why the files cannot be grouped so; file by file, without excerpts.
    pub faults: Vec<Fault>,
    /// What is doubtful, in the same way.
    pub warnings: Vec<Fault>,
    /// What may be of use to know.
    pub notes: Vec<String>,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// A namespace, or a reserved name that begins with `_`.
    pub name: String,
    /// The groups that it cannot do without, in the order of groups.
    pub requires: Vec<String>,
    /// The places of its files among the items, in the order of a walk, and why each is here.
    pub files: Vec<(usize, Reason)>,
}

/// Groups files. Each is in exactly one group; their order does not matter.
///
/// A file that is added, if it begins no unit and defines no kind, moves others on its own path alone: files of its own
/// directory or unit and what is below, and files that stand directly in a directory above.
pub fn group(items: &[Item<'_>], rules: &Rules) -> Grouping {
    let directories = Directories::of(items.iter().map(|item| item.path));
    let units = Units::of(items, &directories);
    let declared = rules.cluster_scoped.iter().map(|kind| (kind.group.as_str(), kind.kind.as_str()));
    let scopes = Scopes::of(items.iter().map(|item| item.outline)).declaring(declared);
    let Placing { placed, faults, notes } = placing::place(items, rules, &directories, &units, &scopes);
    let mut grouping = Grouping { groups: Vec::new(), faults, warnings: Vec::new(), notes };
    let mut links = Links::of(items, &directories, &units);
    grouping.warnings.append(&mut links.warnings);
    grouping.warnings.extend(units.all.iter().filter_map(|unit| twice(unit, items)));
    grouping.warnings.extend(unreadable(items, &directories, &units));
    grouping.notes.extend(cost::note(placed.iter().map(|placed| (placed.group, placed.reason))));

    if matches!(rules.by, GroupBy::Dir | GroupBy::None) {
        links.hold_units(&units);
    }
    let mut requires = requires::requires(&links.targets, |file| placed[file].group);
    let mut walk: Vec<usize> = (0..items.len()).collect();
    // Items mostly come in the order of a walk, which this then finds out at once.
    walk.sort_by(|left, right| by_walk(items[*left].path, items[*right].path).then(left.cmp(right)));
    grouping.groups = groups(&walk, &placed, &mut requires);
    for faults in [&mut grouping.faults, &mut grouping.warnings] {
        faults.sort_by(|left, right| {
            let position = |fault: &Fault| (fault.line, fault.column, fault.rule);
            by_walk(&left.path, &right.path).then_with(|| position(left).cmp(&position(right)))
        });
    }
    grouping
}

fn groups<'a>(
    walk: &[usize],
    placed: &[Placed<'a>],
    requires: &mut HashMap<&'a str, Vec<&'a str>>,
) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for file in walk {
        let Placed { group, reason } = placed[*file];
        let place = *known.entry(group).or_insert(found.len());
        if place == found.len() {
            let requires = requires.remove(group).unwrap_or_default().into_iter().map(str::to_owned);
            found.push(Group { name: group.to_owned(), requires: requires.collect(), files: Vec::new() });
        }
        found[place].files.push((*file, reason));
    }
    found.sort_by(|left, right| name::order(&left.name, &right.name));
    found
}

/// The order of a walk: names are compared one directory at a time, so that `/` comes before all that a name may have.
fn by_walk(left: &str, right: &str) -> std::cmp::Ordering {
    let rank = |byte| if byte == b'/' { 0 } else { u16::from(byte) + 1 };
    left.bytes().map(rank).cmp(right.bytes().map(rank))
}

/// Kustomize builds no directory that has several kustomizations.
fn twice(unit: &unit::Unit<'_>, items: &[Item<'_>]) -> Option<Fault> {
    let is_kustomization = |at: &&usize| items[**at].root.is_some_and(|root| !root.is_chart());
    let second = unit.roots.iter().filter(is_kustomization).nth(1)?;
    let message = "the directory has another kustomization beside this one, and kustomize takes one alone";
    Some(Fault::whole(items[*second].path, "kustomization-twice", message.to_owned()))
}

/// Templates of charts are no YAML, and need not be.
fn unreadable<'a>(
    items: &'a [Item<'_>],
    directories: &'a Directories<'_>,
    units: &'a Units<'_>,
) -> impl Iterator<Item = Fault> {
    let is_in_chart = |at| units.owner_of(directories.home(at)).is_some_and(|unit| units.all[unit].is_chart);
    items.iter().enumerate().filter_map(move |(at, item)| {
        let problem = item.outline.unreadable.as_ref().filter(|_| !is_in_chart(at))?;
        Some(Fault::of(item.path, problem.clone()))
    })
}

#[cfg(test)]
mod tests;
