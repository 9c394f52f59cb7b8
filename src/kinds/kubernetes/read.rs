//! Reads a tree of manifests: what is packed, what is doubtful, and which file goes to which layer.

use super::files::{Files, Look, Reader};
use super::group::overrides::Overrides;
use super::group::{self, Grouping, Rules};
use super::parts::Chosen;
use super::project::{self, Project};
use super::select::{Selected, select};
use super::{Profile, doubt, layers, parts};
use crate::kinds::fault::Fault;
use crate::kinds::in_order::{both, in_order};
use crate::kinds::{Error, Options, Reading};
use crate::source::{self, Tree};

/// Reads all files that are not left out, and packs them in the bundle's shape.
pub(in crate::kinds) fn read(tree: &mut Tree, options: &Options) -> Result<Reading, Error> {
    let unreadable = tree.take_faults();
    let mut files = Vec::with_capacity(tree.files().len());
    let sound = look(tree, &unreadable, options, |file| files.push(file))?;
    let Sound { profile, selected, looks, grouping, warnings } = sound;
    let threads = options.threads;
    let pack = || match profile {
        Profile::Hybrid => layers::hybrid(parts::of_groups(grouping.groups, files, &selected.empty), threads),
        Profile::Flux => layers::flux(parts::whole(selected.packed(), files), threads),
        Profile::Argo => layers::argo(parts::whole(selected.packed(), files), threads),
    };
    // To give back what was seen of many files takes a while, for which packing need not wait.
    let ((), content) = both(threads, || drop(looks), pack);
    match content {
        Ok(content) => Ok(Reading { content, warnings, notes: grouping.notes }),
        Err(faults) => Err(Error::Faults { faults, warnings }),
    }
}

/// Reads all files that are not left out, and gives what is doubtful of them; nothing is packed.
pub(in crate::kinds) fn lint(tree: &mut Tree, options: &Options) -> Result<Vec<Fault>, Error> {
    let unreadable = tree.take_faults();
    Ok(look(tree, &unreadable, options, drop)?.warnings)
}

/// A tree that has no fault.
struct Sound<'t> {
    profile: Profile,
    selected: Selected<'t>,
    looks: Vec<Look<'t>>,
    /// Without groups where the profile has none.
    grouping: Grouping,
    warnings: Vec<Fault>,
}

/// Reads all files that are not left out, and hands those that can be read on to `keep`, in the order of the walk.
///
/// All faults come at once, with those of what is `unreadable` because it could not even be listed.
fn look<'t>(
    tree: &'t Tree,
    unreadable: &[source::Error],
    options: &Options,
    mut keep: impl FnMut(Chosen<'t>) + Send,
) -> Result<Sound<'t>, Error> {
    let mut faults: Vec<Fault> = unreadable.iter().map(Fault::unreadable).collect();
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

    let mut files = Files::with_capacity(selected.files.len());
    let reader = Reader::new(tree);
    let read = || {
        let take = |(): &mut (), read| files.take(read).into_iter().for_each(&mut keep);
        in_order(selected.files.iter(), options.threads, || (), |(), file| reader.read(file), take);
    };
    let (mut said, ()) = both(options.threads, || selected.judge(manifests, profile), read);
    files.end(&reader);
    let mut grouping = grouping(profile, rules(options, project), &files.looks);
    for more in [&mut said.faults, &mut files.faults, &mut grouping.faults] {
        faults.append(more);
    }
    warnings.append(&mut said.warnings);
    warnings.extend(doubt::large(files.looks.iter().map(|look| (look.path, look.size))));
    warnings.append(&mut files.doubts());
    warnings.append(&mut grouping.warnings);
    match (faults.is_empty(), files.looks.is_empty()) {
        (false, _) => Err(Error::Faults { faults, warnings }),
        (true, true) => Err(Error::NoManifests),
        (true, false) => Ok(Sound { profile, selected, looks: files.looks, grouping, warnings }),
    }
}

fn grouping(profile: Profile, rules: Result<Rules, Fault>, looks: &[Look<'_>]) -> Grouping {
    let rules = match rules {
        Ok(rules) => rules,
        Err(fault) => return Grouping { faults: vec![fault], ..Grouping::default() },
    };
    let grouping = group::group(&looks.iter().map(Look::item).collect::<Vec<_>>(), &rules);
    match profile {
        Profile::Hybrid => grouping,
        // There are no groups; what is doubtful of the files is the same.
        Profile::Flux | Profile::Argo => Grouping { warnings: grouping.warnings, ..Grouping::default() },
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{Check, Kind, lint, read};

    fn tree(files: &[(&str, &str)]) -> Tree {
        let file = |(path, text): &(&str, &str)| ((*path).to_owned(), text.as_bytes().to_vec());
        Tree::in_memory(files.iter().map(file).collect())
    }

    #[test]
    fn what_is_looked_at_alone_is_judged_as_what_is_packed() {
        let key = ("app.pem", "-----BEGIN PRIVATE KEY-----\n");
        // Flux takes a name with a backslash, and no other reader does.
        let odd = ("a\\b.yaml", "kind: A\n");
        for (files, faults, warnings) in [(vec![], 0, 0), (vec![key], 0, 1), (vec![key, odd], 1, 1)] {
            for profile in [Profile::Hybrid, Profile::Flux, Profile::Argo] {
                let mut options = Options::new(Check::References, 2);
                options.manifests.profile = Some(profile);
                let built =
                    read(Kind::Kubernetes, &mut tree(&files), &options).map(|reading| reading.warnings);
                let linted = lint(Kind::Kubernetes, &mut tree(&files), &options);
                let count = match &linted {
                    Ok(warnings) => (0, warnings.len()),
                    Err(Error::Faults { faults, warnings }) => (faults.len(), warnings.len()),
                    Err(error) => {
                        assert!(matches!(error, Error::NoManifests) && files.is_empty(), "{error}");
                        (0, 0)
                    }
                };
                let expected =
                    if profile == Profile::Flux { (0, warnings + faults) } else { (faults, warnings) };
                assert_eq!(count, expected, "{profile:?} {files:?}");
                assert_eq!(format!("{linted:?}"), format!("{built:?}"));
            }
        }
    }
}
