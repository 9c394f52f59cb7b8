//! What holds of every tree.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use proptest::prelude::*;

use super::*;

/// Files of a small world, in which directories meet, units nest and paths lead to something now and then.
fn trees() -> impl Strategy<Value = BTreeMap<String, String>> {
    proptest::collection::btree_map(paths(), Just(()), 0..24)
        .prop_flat_map(|paths| paths.into_keys().map(with_text).collect::<Vec<_>>())
        .prop_map(|files| files.into_iter().collect())
}

fn paths() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        4 => "[xyz]\\.yaml",
        2 => Just("kustomization.yaml".to_owned()),
        1 => Just("README.md".to_owned()),
        1 => "(Chart\\.yaml|Kustomization)",
    ];
    ("([abc]/){0,4}", name).prop_map(|(directories, name)| directories + &name)
}

fn with_text(path: String) -> impl Strategy<Value = (String, String)> {
    let text = if Root::may_be_at(&path) { kustomizations().boxed() } else { objects().boxed() };
    text.prop_map(move |text| (path.clone(), text))
}

fn objects() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("Pod"),
        Just("Pod@a"),
        Just("Pod@b"),
        Just("Pod@c"),
        Just("Widget"),
        Just("Widget@a"),
        Just("ClusterRole"),
        Just("Namespace:a"),
        Just("CRD:Widget"),
        Just("!"),
    ];
    proptest::collection::vec(word, 0..3).prop_map(|words| words.join(" "))
}

fn kustomizations() -> impl Strategy<Value = String> {
    let path = prop_oneof!["(\\.\\./){0,3}([abc]/?){0,3}", "(\\.\\./){0,2}([abc]/){0,2}[xyz]\\.yaml",];
    let namespace = prop_oneof![2 => Just(""), 1 => Just("a"), 1 => Just("b"), 1 => Just("${ns}")];
    (namespace, proptest::collection::vec(path, 0..4)).prop_map(|(namespace, paths)| {
        let list: Vec<_> = paths.iter().map(|path| format!("'{path}'")).collect();
        format!("namespace: '{namespace}'\nresources: [{}]", list.join(", "))
    })
}

fn wood(files: &BTreeMap<String, String>) -> Wood {
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Wood::of(&files)
}

/// Group and slug by path.
fn places(wood: &Wood, grouping: &Grouping) -> BTreeMap<String, (String, &'static str)> {
    let of = |group: &Group| {
        let name = group.name.clone();
        let place = |(at, reason): &(usize, Reason)| (wood.0[*at].0.clone(), (name.clone(), reason.slug()));
        group.files.iter().map(place).collect::<Vec<_>>()
    };
    grouping.groups.iter().flat_map(of).collect()
}

fn every_way() -> impl Strategy<Value = GroupBy> {
    prop_oneof![Just(GroupBy::Auto), Just(GroupBy::Dir), Just(GroupBy::Namespace), Just(GroupBy::None)]
}

fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

fn is_at_or_below(path: &str, directory: &str) -> bool {
    directory.is_empty()
        || path == directory
        || path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}

/// The directory of the unit that a directory belongs to: a chart's, or else the nearest one's.
fn unit_of(files: &BTreeMap<String, String>, of: &str) -> Option<String> {
    let roots = files.keys().filter(|path| Root::may_be_at(path) && is_at_or_below(of, directory(path)));
    let charts = roots.clone().filter(|path| path.ends_with("Chart.yaml")).map(|path| directory(path));
    let outermost = charts.min_by_key(|directory| directory.len());
    outermost
        .or_else(|| roots.map(|path| directory(path)).max_by_key(|directory| directory.len()))
        .map(str::to_owned)
}

/// A path from a directory, as text; none outside of the tree.
fn joined(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    Some(parts.join("/"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_file_is_in_one_group(files in trees(), by in every_way()) {
        let wood = wood(&files);
        let grouping = wood.grouped(by, &["a/b=x", "**/z.yaml=_cluster"]);
        let mut seen: Vec<_> = grouping.groups.iter().flat_map(|group| &group.files).map(|(at, _)| *at).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..files.len()).collect::<Vec<_>>());
        let names: Vec<_> = grouping.groups.iter().map(|group| group.name.as_str()).collect();
        prop_assert!(names.windows(2).all(|pair| name::order(pair[0], pair[1]).is_lt()));
        for group in &grouping.groups {
            prop_assert!(!group.files.is_empty());
            prop_assert!(group.name.starts_with('_') || name::is_label(&group.name));
            prop_assert!(group.requires.iter().all(|name| *name != group.name && names.contains(&name.as_str())));
            prop_assert!(group.requires.windows(2).all(|pair| name::order(&pair[0], &pair[1]).is_lt()));
        }
    }

    #[test]
    fn the_order_of_files_does_not_matter(
        (files, mixed) in trees().prop_flat_map(|files| {
            let list: Vec<_> = files.clone().into_iter().collect();
            (Just(files), Just(list).prop_shuffle())
        }),
        by in every_way(),
    ) {
        let sorted = wood(&files);
        let mixed: Vec<_> = mixed.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let mixed = Wood::of(&mixed);
        let (one, other) = (sorted.grouped(by, &["a/b=x"]), mixed.grouped(by, &["a/b=x"]));
        prop_assert_eq!(places(&sorted, &one), places(&mixed, &other));
        let in_order = |wood: &Wood, grouping: &Grouping| -> Vec<_> {
            grouping.groups.iter().flat_map(|group| &group.files).map(|(at, _)| wood.0[*at].0.clone()).collect()
        };
        prop_assert_eq!(in_order(&sorted, &one), in_order(&mixed, &other));
        prop_assert_eq!(requires(&one), requires(&other));
        prop_assert_eq!((one.faults, one.warnings, one.notes), (other.faults, other.warnings, other.notes));
    }

    /// A file that begins no unit and defines no kind moves files on its own path alone.
    #[test]
    fn a_file_more_leaves_other_paths_alone(files in trees(), at in "([abc]/){0,4}", text in objects()) {
        prop_assume!(!text.contains("CRD"));
        let mut more = files.clone();
        prop_assume!(more.insert(format!("{at}new.yaml"), text).is_none());
        let home = at.trim_end_matches('/');
        let own = unit_of(&files, home).unwrap_or_else(|| home.to_owned());
        let (before, after) = (wood(&files), wood(&more));
        let before = places(&before, &before.grouped(GroupBy::Auto, &[]));
        let after = places(&after, &after.grouped(GroupBy::Auto, &[]));
        for (path, place) in &before {
            let of = directory(path);
            if !is_at_or_below(of, &own) && !is_at_or_below(&own, of) {
                prop_assert_eq!(place, &after[path], "{} moved", path);
            }
        }
    }

    #[test]
    fn units_stay_whole(files in trees()) {
        let wood = wood(&files);
        let places = places(&wood, &wood.grouped(GroupBy::Auto, &[]));
        let mut groups: BTreeMap<String, HashSet<&str>> = BTreeMap::new();
        for (path, (group, _)) in &places {
            if let Some(unit) = unit_of(&files, directory(path)) {
                groups.entry(unit).or_default().insert(group);
            }
        }
        prop_assert!(groups.values().all(|names| names.len() == 1), "{:?}", groups);
    }

    /// Whoever takes a group, what that requires, and what everybody gets, has all that its kustomizations name.
    #[test]
    fn what_a_group_requires_is_enough_to_build_it(files in trees(), by in prop_oneof![Just(GroupBy::Auto), Just(GroupBy::Dir)]) {
        let wood = wood(&files);
        let grouping = wood.grouped(by, &["a=x", "b/c=y"]);
        let places = places(&wood, &grouping);
        for group in grouping.groups.iter().filter(|group| !name::is_for_all(&group.name)) {
            let mut taken: BTreeSet<&str> = BTreeSet::new();
            let mut open = vec![group.name.as_str(), "_shared", "_unscoped"];
            while let Some(name) = open.pop() {
                if taken.insert(name) {
                    let found = grouping.groups.iter().filter(|group| group.name == name);
                    open.extend(found.flat_map(|group| &group.requires).map(String::as_str));
                }
            }
            let own = |path: &&String| places[*path].0 == group.name && Root::may_be_at(path);
            let mut roots: Vec<String> = files.keys().filter(own).cloned().collect();
            let mut seen = HashSet::new();
            while let Some(path) = roots.pop() {
                prop_assert!(taken.contains(places[&path].0.as_str()), "{} needs {}", group.name, path);
                if !seen.insert(path.clone()) || path.ends_with("Chart.yaml") {
                    continue;
                }
                let root = Root::read(&path, files[&path].as_bytes()).expect("a kustomization");
                for reference in &root.references {
                    let Some(target) = joined(directory(&path), &reference.path) else { continue };
                    if files.contains_key(&target) {
                        prop_assert!(taken.contains(places[&target].0.as_str()), "{} needs {}", group.name, target);
                    }
                    let is_there = |path: &&String| directory(path) == target && Root::may_be_at(path) && !path.ends_with("Chart.yaml");
                    roots.extend(files.keys().filter(is_there).cloned());
                }
            }
        }
    }

    #[test]
    fn no_path_makes_it_panic(paths in proptest::collection::vec("[a/._é]{0,9}", 0..12), reference in "[a/.]{0,9}") {
        let text = format!("resources: ['{reference}']");
        let mut files: Vec<_> = paths.iter().map(|path| (path.as_str(), "Pod@a")).collect();
        files.push(("a/kustomization.yaml", &text));
        files.push(("a/kustomization.yaml", &text));
        let grouping = Wood::of(&files).grouped(GroupBy::Auto, &[]);
        let count: usize = grouping.groups.iter().map(|group| group.files.len()).sum();
        prop_assert_eq!(count, files.len());
    }

    #[test]
    fn no_bytes_make_a_unit_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Root::read("Chart.yaml", &bytes).is_some());
        Root::read("kustomization.yaml", &bytes);
    }

    #[test]
    fn no_kustomization_makes_it_panic(
        field in "(resources|patches|openapi|configMapGenerator|helmCharts|helmGlobals|namespace|dependencies)",
        value in "[-\\[\\]{}:, a/.=\"'&*<\n]{0,30}",
    ) {
        let text = format!("{field}: {value}");
        let read = |path: &str| Root::read(path, text.as_bytes());
        let roots = [read("kustomization.yaml"), read("Chart.yaml")];
        let outline = Outline::default();
        let items: Vec<_> =
            roots.iter().flatten().map(|root| Item { path: "a/b", outline: &outline, root: Some(root) }).collect();
        group(&items, &rules(GroupBy::Auto, &[]));
    }
}

/// Ten thousand files, deep paths and long chains of units: nothing here walks up from each file, or each unit.
#[test]
fn size_is_no_trouble() {
    let mut files: Vec<(String, String)> = Vec::new();
    for unit in 0..2000 {
        let deep = "d/".repeat(40);
        files.push((format!("u{unit}/kustomization.yaml"), format!("resources: [../u{}]", unit + 1)));
        files.extend((0..4).map(|at| (format!("u{unit}/{deep}{at}.yaml"), String::new())));
    }
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let grouping = Wood::of(&files).grouped(GroupBy::Auto, &[]);
    assert_eq!(grouping.groups.len(), 1);
    assert_eq!(
        grouping.notes,
        ["10000 of 10000 files are shared by kustomize or Helm; `--profile flux` is smaller"]
    );
    assert_eq!(told(&grouping.warnings), ["u1999/kustomization.yaml:1:13 kustomization-missing-path"]);
}
