//! Reads a tree of manifests: what is packed, what is doubtful, and which file goes to which layer.

use std::sync::mpsc;

use super::files::{Files, Look, Reader};
use super::group::overrides::Overrides;
use super::group::{self, Grouping, Rules};
use super::project::{self, Project};
use super::select::{Judgement, Selected, select};
use super::{Profile, doubt, layers, parts, whole};
use crate::bundle::Content;
use crate::kinds::fault::Fault;
use crate::kinds::in_order::{both, in_order};
use crate::kinds::{Error, Options, Reading};
use crate::source::Tree;

/// Reads all files that are not left out, and packs them in the bundle's shape.
pub(in crate::kinds) fn read(tree: &mut Tree, options: &Options) -> Result<Reading, Error> {
    let mut faults: Vec<Fault> = tree.take_faults().iter().map(Fault::unreadable).collect();
    let tree: &Tree = tree;
    let project = Project::of(tree).unwrap_or_else(|wrong| {
        faults.extend(wrong);
        Project::default()
    });
    let manifests = &options.manifests;
    let profile = manifests.profile.or(project.profile).unwrap_or_default();
    if profile != Profile::Hybrid && (manifests.group_by.is_some() || !manifests.groups.is_empty()) {
        return Err(Error::Groupless { profile: profile.name() });
    }
    let mut selected = select(tree, manifests, &project);
    faults.append(&mut selected.faults);
    let mut warnings = std::mem::take(&mut selected.warnings);

    let rules = rules(options, project);
    let task =
        Task { tree, selected: &selected, options, profile, rules: &rules, is_sound: faults.is_empty() };
    let Done { mut said, mut files, mut grouping, content } = match profile {
        Profile::Hybrid => task.by_group(),
        Profile::Flux | Profile::Argo => task.whole(),
    };
    for more in [&mut said.faults, &mut files.faults, &mut grouping.faults] {
        faults.append(more);
    }
    warnings.append(&mut said.warnings);
    warnings.extend(doubt::large(files.looks.iter().map(|look| (look.path, look.size))));
    warnings.append(&mut files.doubts());
    warnings.append(&mut grouping.warnings);
    if !faults.is_empty() {
        return Err(Error::Faults { faults, warnings });
    }
    let content = content.map_err(|error| Error::Inventory(error.to_string()))?;
    let content = content.filter(|_| !files.looks.is_empty()).ok_or(Error::NoManifests)?;
    Ok(Reading { content, warnings, notes: grouping.notes })
}

/// A tree that is to be read.
struct Task<'a, 't> {
    tree: &'t Tree,
    selected: &'a Selected<'t>,
    options: &'a Options,
    profile: Profile,
    rules: &'a Result<Rules, Fault>,
    /// Whether there is no fault so far; else nothing is packed.
    is_sound: bool,
}

/// A tree that was read.
struct Done<'t> {
    said: Judgement,
    files: Files<'t>,
    grouping: Grouping,
    /// What is packed; it means nothing where there is a fault.
    content: Result<Option<Content>, serde_json::Error>,
}

impl<'t> Task<'_, 't> {
    /// A layer for each group; what these are is known when all files were read.
    fn by_group(&self) -> Done<'t> {
        let threads = self.options.threads;
        let mut files = Files::with_capacity(self.selected.files.len());
        let mut chosen = Vec::with_capacity(self.selected.files.len());
        let reader = Reader::new(self.tree);
        let read = || {
            let take = |read| chosen.extend(files.take(read));
            in_order(self.selected.files.iter(), threads, || (), |(), file| reader.read(file), take);
        };
        let (said, ()) = both(threads, || self.judge(), read);
        files.end(&reader);
        let mut grouping = self.grouping(&files.looks);
        let groups = std::mem::take(&mut grouping.groups);
        let is_sound = [&said.faults, &files.faults, &grouping.faults].iter().all(|faults| faults.is_empty());
        let pack = || layers::hybrid(parts::of_groups(groups, chosen, &self.selected.empty), threads);
        let content = (self.is_sound && is_sound).then(pack).transpose();
        Done { said, files, grouping, content }
    }

    /// One layer, which nothing that is said of the files changes.
    fn whole(&self) -> Done<'t> {
        let threads = self.options.threads;
        let (seen, files) = mpsc::channel();
        let say = move || {
            let said = self.judge();
            let files: Files<'t> = files.recv().unwrap_or_default();
            let grouping = self.grouping(&files.looks);
            (said, files, grouping)
        };
        let pack = || whole::members(self.tree, self.selected, self.is_sound, threads, seen);
        let ((said, files, grouping), members) = both(threads, say, pack);
        // There are no groups; what is doubtful of the files is the same.
        let faults = if self.rules.is_err() { grouping.faults } else { Vec::new() };
        let grouping = Grouping { faults, warnings: grouping.warnings, ..Grouping::default() };
        Done { said, files, grouping, content: Ok(Some(layers::single(self.profile, members))) }
    }

    fn judge(&self) -> Judgement {
        self.selected.judge(&self.options.manifests, self.profile)
    }

    fn grouping(&self, looks: &[Look<'_>]) -> Grouping {
        match self.rules {
            Ok(rules) => group::group(&looks.iter().map(Look::item).collect::<Vec<_>>(), rules),
            Err(fault) => Grouping { faults: vec![fault.clone()], ..Grouping::default() },
        }
    }
}

fn rules(options: &Options, project: Project) -> Result<Rules, Fault> {
    let manifests = &options.manifests;
    let rules = manifests.groups.iter().cloned().chain(project.groups).collect();
    let overrides = Overrides::new(rules)
        .map_err(|error| Fault::whole(project::FILE, "group-pattern", error.to_string()))?;
    let by = manifests.group_by.or(project.group_by).unwrap_or_default();
    Ok(Rules { by, overrides, cluster_scoped: project.cluster_scoped })
}
