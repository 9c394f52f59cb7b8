//! Reads a tree of manifests: what is packed, what is doubtful, and which file goes to which layer.

use std::sync::atomic::{AtomicU64, Ordering};

use super::group::overrides::Overrides;
use super::group::root::Root;
use super::group::{self, Grouping, Item, Rules};
use super::object::Outline;
use super::outline::{is_manifest, outline, private_key};
use super::parts::{self, Chosen};
use super::project::{self, Project};
use super::select::{Selected, select};
use super::{Profile, doubt, layers};
use crate::kinds::fault::Fault;
use crate::kinds::in_order::in_order;
use crate::kinds::yaml::{Mark, Problem};
use crate::kinds::{Error, Options, Reading};
use crate::source::{self, Tree};

/// The most bytes that a tree may have: no reader of torte's takes more.
const MOST_BYTES: u64 = 1 << 30;

/// Reads all files that are not left out, and packs them in the bundle's shape.
pub(in crate::kinds) fn read(tree: &mut Tree, options: &Options) -> Result<Reading, Error> {
    let mut faults: Vec<Fault> = tree.take_faults().iter().map(Fault::unreadable).collect();
    let project = Project::of(tree).unwrap_or_else(|wrong| {
        faults.extend(wrong);
        Project::default()
    });
    let manifests = &options.manifests;
    let profile = manifests.profile.or(project.profile).unwrap_or_default();
    if profile != Profile::Hybrid && (manifests.group_by.is_some() || !manifests.groups.is_empty()) {
        return Err(Error::Groupless { profile: profile.name() });
    }
    let mut selected = select(tree, manifests, &project, profile);
    faults.append(&mut selected.faults);
    let mut warnings = std::mem::take(&mut selected.warnings);

    let Files { chosen, looks } = files(tree, &selected, options.threads, &mut faults);
    warnings.extend(doubt::large(chosen.iter().map(|file| (file.path.as_str(), file.bytes.len() as u64))));
    for (file, look) in chosen.iter().zip(&looks) {
        warnings.extend(look.doubts(&file.path));
    }
    let mut grouping = grouping(&chosen, &looks, manifests, project).unwrap_or_else(|fault| {
        faults.push(fault);
        Grouping::default()
    });
    warnings.append(&mut grouping.warnings);
    if profile == Profile::Hybrid {
        faults.append(&mut grouping.faults);
    }
    if !faults.is_empty() {
        return Err(Error::Faults { faults, warnings });
    }
    if chosen.is_empty() {
        return Err(Error::NoManifests);
    }
    let content = match profile {
        Profile::Hybrid => {
            let parts = parts::of_groups(grouping.groups, chosen, &selected.empty);
            layers::hybrid(parts, options.threads).map_err(|error| Error::Inventory(error.to_string()))?
        }
        Profile::Flux | Profile::Argo => {
            grouping.notes.clear();
            let entries = selected.in_order(chosen);
            layers::single(profile, parts::whole(entries), options.threads)
        }
    };
    Ok(Reading { content, warnings, notes: grouping.notes })
}

/// What was seen of a file beside its bytes.
#[derive(Default)]
struct Look {
    outline: Outline,
    root: Option<Root>,
    private_key: Option<Mark>,
}

impl Look {
    fn of(path: &str, bytes: &[u8]) -> Self {
        let root = if Root::may_be_at(path) { Root::read(path, bytes) } else { None };
        if is_manifest(path) {
            // What is doubtful of any file stands in the outline then.
            return Self { outline: outline(path, bytes), root, private_key: None };
        }
        Self { outline: Outline::default(), root, private_key: private_key(bytes) }
    }

    fn doubts(&self, path: &str) -> impl Iterator<Item = Fault> {
        let key = self.private_key.map(|mark| {
            Problem::new(
                mark,
                "private-key",
                "a private key does not belong in a bundle; keep it where secrets are kept",
            )
        });
        self.outline.doubts.iter().cloned().chain(key).map(move |problem| Fault::of(path, problem))
    }
}

/// All files, in the order of the walk.
struct Files {
    chosen: Vec<Chosen>,
    looks: Vec<Look>,
}

fn files(tree: &Tree, selected: &Selected, threads: usize, faults: &mut Vec<Fault>) -> Files {
    let total = AtomicU64::new(0);
    let load = |at: &usize| {
        let file = &tree.files()[*at];
        if total.load(Ordering::Relaxed) > MOST_BYTES {
            return Ok((Chosen::default(), Look::default()));
        }
        let loaded = tree.load(file)?;
        total.fetch_add(loaded.bytes.len() as u64, Ordering::Relaxed);
        let look = Look::of(&file.path, &loaded.bytes);
        let path = file.path.clone();
        Ok((Chosen { path, is_executable: loaded.is_executable, bytes: loaded.bytes }, look))
    };
    let mut found = Files { chosen: Vec::new(), looks: Vec::new() };
    in_order(&selected.files, threads, load, |_, loaded: Result<_, source::Error>| match loaded {
        Ok((chosen, look)) => {
            found.chosen.push(chosen);
            found.looks.push(look);
        }
        Err(error) => faults.push(Fault::unreadable(&error)),
    });
    if total.into_inner() > MOST_BYTES {
        let message = "the files hold more than 1 GiB together, the most that a bundle may".to_owned();
        faults.push(Fault::whole(".", "tree-too-large", message));
    }
    found
}

fn grouping(
    chosen: &[Chosen],
    looks: &[Look],
    manifests: &super::Options,
    project: Project,
) -> Result<Grouping, Fault> {
    let items: Vec<Item<'_>> = chosen
        .iter()
        .zip(looks)
        .map(|(file, look)| Item { path: &file.path, outline: &look.outline, root: look.root.as_ref() })
        .collect();
    let rules = manifests.groups.iter().cloned().chain(project.groups).collect();
    let overrides = Overrides::new(rules)
        .map_err(|error| Fault::whole(project::FILE, "group-pattern", error.to_string()))?;
    let rules = Rules {
        by: manifests.group_by.or(project.group_by).unwrap_or_default(),
        overrides,
        cluster_scoped: project.cluster_scoped,
    };
    Ok(group::group(&items, &rules))
}
