//! The rules by which a file gets its group, first hit first.

use std::collections::BTreeMap;

use super::agreement::Agreement;
use super::content::{Content, Verdict};
use super::directories::Directories;
use super::name::{ALL, CLUSTER, ROOT, SHARED, UNSCOPED, is_label};
use super::reason::Reason;
use super::unit::{Unit, Units};
use super::{GroupBy, Item, Rules};
use crate::kinds::Fault;
use crate::kinds::kubernetes::few::few;
use crate::kinds::kubernetes::scope::Scopes;
use crate::kinds::yaml::Mark;

/// Where a file goes, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed<'a> {
    pub(super) group: &'a str,
    pub(super) reason: Reason,
}

/// Where all files go.
pub(super) struct Placing<'a> {
    pub(super) placed: Vec<Placed<'a>>,
    pub(super) faults: Vec<Fault>,
    pub(super) notes: Vec<String>,
}

pub(super) fn place<'a>(
    items: &[Item<'a>],
    rules: &'a Rules,
    directories: &Directories<'a>,
    units: &Units<'a>,
    scopes: &Scopes,
) -> Placing<'a> {
    let found: Vec<Option<usize>> = items.iter().map(|item| rules.overrides.find(item.path)).collect();
    let mut notes = unmatched(rules, &found);
    let overridden =
        found.iter().map(|rule| rule.map(|at| put(&rules.overrides.rules()[at].name, Reason::Override)));
    let mut work =
        Places { items, directories, found: overridden.collect(), faults: Vec::new(), spread: Vec::new() };
    match rules.by {
        GroupBy::None => work.fill(|_| put(ALL, Reason::None)),
        GroupBy::Dir => work.by_directory(),
        GroupBy::Namespace => {
            work.refuse_units(units);
            work.by_namespace(scopes);
        }
        GroupBy::Auto => {
            work.refuse_splits(units, rules, &found);
            work.units(units, scopes);
            work.by_namespace(scopes);
        }
    }
    let Places { found, faults, spread, .. } = work;
    notes.extend(of_several(spread));
    // Every rule above ends in one that takes any file.
    let placed = found.into_iter().map(|placed| placed.unwrap_or(put(SHARED, Reason::NotAManifest)));
    Placing { placed: placed.collect(), faults, notes }
}

fn put(group: &str, reason: Reason) -> Placed<'_> {
    Placed { group, reason }
}

/// Rules that take no file are told, for they may be misspelt.
fn unmatched(rules: &Rules, found: &[Option<usize>]) -> Vec<String> {
    let mut is_used = vec![false; rules.overrides.rules().len()];
    found.iter().flatten().for_each(|at| is_used[*at] = true);
    let unused = rules.overrides.rules().iter().zip(is_used).filter(|(_, is_used)| !is_used);
    unused.map(|(rule, _)| format!("no file is in `{}` because of `{}`", rule.name, rule.glob)).collect()
}

/// Files that every namespace gets, since they hold objects of several, told together.
fn of_several(mut spread: Vec<(&str, Mark)>) -> Option<String> {
    spread.sort_unstable_by_key(|(path, _)| *path);
    let named = few(spread.iter().map(|(path, mark)| format!("{path}:{}:{}", mark.line, mark.column)));
    let files = match spread.len() {
        0 => return None,
        1 => "one file holds objects of several namespaces and so goes".to_owned(),
        many => format!("{many} files hold objects of several namespaces and so go"),
    };
    Some(format!("{files} with every one of them ({named}); a file for each namespace would not"))
}

/// Files so far placed or not.
struct Places<'p, 'a> {
    items: &'p [Item<'a>],
    directories: &'p Directories<'a>,
    found: Vec<Option<Placed<'a>>>,
    faults: Vec<Fault>,
    /// Where the second namespace comes up in each file that has several.
    spread: Vec<(&'a str, Mark)>,
}

impl<'a> Places<'_, 'a> {
    /// Places all that is not placed yet.
    fn fill(&mut self, place: impl Fn(usize) -> Placed<'a>) {
        for (at, found) in self.found.iter_mut().enumerate() {
            if found.is_none() {
                *found = Some(place(at));
            }
        }
    }

    fn by_directory(&mut self) {
        let items = self.items;
        self.fill(|at| match items[at].path.split_once('/') {
            None => put(ROOT, Reason::Dir),
            Some((top, _)) if is_label(top) => put(top, Reason::Dir),
            Some(_) => put(SHARED, Reason::DirName),
        });
    }

    fn refuse_units(&mut self, units: &Units<'_>) {
        for unit in &units.all {
            let message = "`--group-by namespace` is for plain manifests, and this begins a kustomization or chart; \
                           pack what it builds (`kustomize build`, `helm template`), or group by `auto`";
            let path = self.items[unit.file].path;
            self.faults.push(Fault::whole(path, "unit-in-the-way", message.to_owned()));
        }
    }

    /// A rule of the user that takes some files of a unit and not all is refused, once for all units.
    fn refuse_splits(&mut self, units: &Units<'a>, rules: &Rules, found: &[Option<usize>]) {
        // Of each rule the first unit, its first file, and how many units there are.
        let mut split: BTreeMap<usize, ((&str, &str), usize)> = BTreeMap::new();
        let path = |at: usize| self.items[at].path;
        for unit in &units.all {
            let of = |at: &usize| self.found[*at].map(|placed| placed.group);
            if unit.files.iter().all(|at| of(at) == of(&unit.file)) {
                continue;
            }
            let taken = unit.files.iter().filter(|at| found[**at].is_some());
            let Some(first) = taken.min_by_key(|at| path(**at)) else { continue };
            let Some(rule) = found[*first] else { continue };
            let seen = (path(unit.file), path(*first));
            let (least, count) = split.entry(rule).or_insert((seen, 0));
            *least = seen.min(*least);
            *count += 1;
        }
        for (rule, ((root, file), count)) in split {
            let glob = &rules.overrides.rules()[rule].glob;
            let others = match count {
                1 => String::new(),
                2 => " (and so in one more unit)".to_owned(),
                _ => format!(" (and so in {} more units)", count - 1),
            };
            let message = format!(
                "`{glob}` takes `{file}` and not all that belongs to `{root}`, which stays together{others}; \
                 let it take the whole directory, or nothing of it"
            );
            self.faults.push(Fault::whole(root, "group-splits-unit", message));
        }
    }

    fn units(&mut self, units: &Units<'a>, scopes: &Scopes) {
        for unit in &units.all {
            let placed = self.found[unit.file].unwrap_or_else(|| self.unit(unit, scopes));
            unit.files.iter().for_each(|at| self.found[*at] = Some(placed));
        }
    }

    fn unit(&self, unit: &Unit<'a>, scopes: &Scopes) -> Placed<'a> {
        if let Some(name) = unit.namespace {
            return put(name, Reason::UnitNamespace);
        }
        let mut names = Agreement::Nothing;
        // A kustomization is no object, though it may look like one.
        for at in unit.files.iter().filter(|at| self.items[**at].root.is_none()) {
            let outline = self.items[*at].outline;
            if outline.unreadable.is_some() {
                // What it holds, such as templates, is not known.
                return put(SHARED, Reason::UnitShared);
            }
            names.join(Content::of(outline, scopes).names);
        }
        match names {
            Agreement::One(name) => put(name, Reason::UnitContent),
            Agreement::Nothing | Agreement::Many => put(SHARED, Reason::UnitShared),
        }
    }

    /// Places files by what they hold, and then those that do not say by what is around them.
    fn by_namespace(&mut self, scopes: &Scopes) {
        let mut open = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            if self.found[at].is_some() {
                continue;
            }
            if item.outline.unreadable.is_some() {
                self.found[at] = Some(put(UNSCOPED, Reason::Unreadable));
                continue;
            }
            let placed = match Content::of(item.outline, scopes).verdict() {
                Verdict::Namespace(name) => put(name, Reason::Namespace),
                Verdict::NamespaceObject(name) => put(name, Reason::NamespaceObject),
                Verdict::Cluster => put(CLUSTER, Reason::Cluster),
                Verdict::Mixed => put(SHARED, Reason::MixedScopes),
                Verdict::Several(mark) => {
                    self.spread.push((item.path, mark));
                    put(SHARED, Reason::SeveralNamespaces)
                }
                verdict @ (Verdict::Open(_) | Verdict::NotAManifest) => {
                    open.push((at, verdict));
                    continue;
                }
            };
            self.found[at] = Some(placed);
        }
        let around = Around::of(self.directories, &self.found);
        for (at, verdict) in open {
            let agreed = around.agreed(self.directories.home(at));
            self.found[at] = Some(settle(verdict, agreed));
        }
    }
}

/// Where a file goes that does not say it, by what is agreed around it.
fn settle<'a>(verdict: Verdict<'a>, agreed: Agreement<'a>) -> Placed<'a> {
    match (verdict, agreed) {
        (Verdict::NotAManifest, Agreement::One(name)) => put(name, Reason::Directory),
        (Verdict::NotAManifest, _) => put(SHARED, Reason::NotAManifest),
        // A manifest never joins `_cluster`, which not everybody gets.
        (Verdict::Open(own), Agreement::One(name)) if is_label(name) && own.is_none_or(|own| own == name) => {
            put(name, Reason::Directory)
        }
        _ => put(UNSCOPED, Reason::Unscoped),
    }
}

/// What the placed files of each directory agree on.
struct Around<'a> {
    /// In the directory and all that is below it.
    below: Vec<Agreement<'a>>,
    /// In the nearest directory, from this one up, that has any file of its own.
    above: Vec<Agreement<'a>>,
}

impl<'a> Around<'a> {
    fn of(directories: &Directories<'a>, found: &[Option<Placed<'a>>]) -> Self {
        let mut own = vec![Agreement::Nothing; directories.len()];
        for (at, placed) in found.iter().enumerate() {
            if let Some(placed) = placed.filter(|placed| placed.reason != Reason::Unreadable) {
                own[directories.home(at)].hear(placed.group);
            }
        }
        let mut below = own.clone();
        // Directories come after those that they stand in.
        for directory in (0..directories.len()).rev() {
            if let Some(parent) = directories.parent(directory) {
                let said = below[directory];
                below[parent].join(said);
            }
        }
        let mut above = own;
        for directory in 0..directories.len() {
            if let Some(parent) =
                directories.parent(directory).filter(|_| above[directory] == Agreement::Nothing)
            {
                above[directory] = above[parent];
            }
        }
        Self { below, above }
    }

    /// Below a directory, or else in the nearest one above; not beside it, where others are at home.
    fn agreed(&self, directory: usize) -> Agreement<'a> {
        match self.below[directory] {
            Agreement::Nothing => self.above[directory],
            said => said,
        }
    }
}
