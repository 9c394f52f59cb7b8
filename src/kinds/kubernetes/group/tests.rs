//! The rules of grouping, each by the smallest tree that shows it.

use super::*;
use crate::kinds::kubernetes::object::{Object, Scope, Stated};
use crate::kinds::yaml::{Mark, Problem};

/// An object at 1:1, of one of a few kinds.
pub(super) fn object(kind: &str, name: &str, namespace: Option<&str>) -> Object {
    let version = match kind {
        "ClusterRole" => "rbac.authorization.k8s.io/v1",
        "CustomResourceDefinition" => "apiextensions.k8s.io/v1",
        "Deployment" => "apps/v1",
        "StorageClass" => "storage.k8s.io/v1",
        "Gadget" | "Widget" => "x.io/v1",
        _ => "v1",
    };
    let (api_version, kind, name) = (version.to_owned(), kind.to_owned(), name.to_owned());
    let namespace = namespace.map_or(Stated::Absent, Stated::of);
    Object { api_version, kind, name, namespace, mark: Mark { line: 1, column: 1 } }
}

/// A tree, as paths with what stands in each.
///
/// Files that begin a unit have their text. Others have words: `Kind@namespace`, `Namespace:name`, `CRD:Kind` for a
/// definition of a cluster-scoped kind, `!` for what cannot be read; no word for what is no manifest.
pub(super) struct Wood(Vec<(String, Outline, Option<Root>)>);

impl Wood {
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| file(path, text)).collect())
    }

    pub(super) fn items(&self) -> Vec<Item<'_>> {
        self.0.iter().map(|(path, outline, root)| Item { path, outline, root: root.as_ref() }).collect()
    }

    pub(super) fn grouped(&self, by: GroupBy, overrides: &[&str]) -> Grouping {
        group(&self.items(), &rules(by, overrides))
    }

    /// `path group slug` of each file, in the order of paths.
    pub(super) fn placed(&self, grouping: &Grouping) -> Vec<String> {
        let path = |at: usize| self.0[at].0.as_str();
        let lines = grouping.groups.iter().flat_map(|group| {
            group
                .files
                .iter()
                .map(move |(at, reason)| format!("{} {} {}", path(*at), group.name, reason.slug()))
        });
        let mut lines: Vec<_> = lines.collect();
        lines.sort();
        lines
    }
}

pub(super) fn rules(by: GroupBy, overrides: &[&str]) -> Rules {
    let overrides = overrides.iter().map(|text| overrides::Override::parse(text).expect("a rule")).collect();
    let overrides = Overrides::new(overrides).expect("a set");
    Rules { by, overrides, cluster_scoped: Vec::new() }
}

fn file(path: &str, text: &str) -> (String, Outline, Option<Root>) {
    if let Some(root) = Root::read(path, text.as_bytes()) {
        return (path.to_owned(), Outline::default(), Some(root));
    }
    let mut outline = Outline::default();
    for word in text.split_whitespace() {
        let (kind, namespace) = word.split_once('@').map_or((word, None), |(kind, name)| (kind, Some(name)));
        match kind.split_once(':') {
            _ if kind == "!" => {
                outline.unreadable = Some(Problem::new(Mark { line: 3, column: 7 }, "syntax", "broken"));
            }
            Some(("CRD", kind)) => {
                outline.scopes.push(Scope { group: "x.io".into(), kind: kind.into(), is_cluster: true });
                outline.objects.push(object("CustomResourceDefinition", kind, None));
            }
            Some((kind, name)) => outline.objects.push(object(kind, name, namespace)),
            None => outline.objects.push(object(kind, "n", namespace)),
        }
    }
    (path.to_owned(), outline, None)
}

fn placed(files: &[(&str, &str)]) -> Vec<String> {
    let wood = Wood::of(files);
    let grouping = wood.grouped(GroupBy::Auto, &[]);
    assert_eq!(grouping.faults, []);
    wood.placed(&grouping)
}

fn requires(grouping: &Grouping) -> Vec<String> {
    let line = |group: &Group| format!("{}: {}", group.name, group.requires.join(" "));
    grouping.groups.iter().map(line).collect()
}

fn told(faults: &[Fault]) -> Vec<String> {
    let line = |fault: &Fault| format!("{}:{}:{} {}", fault.path, fault.line, fault.column, fault.rule);
    faults.iter().map(line).collect()
}

#[test]
fn a_file_goes_where_its_objects_belong() {
    let files = [
        ("both.yaml", "ClusterRole Pod@a"),
        ("cluster.yaml", "ClusterRole StorageClass"),
        ("definitions.yaml", "CRD:Widget"),
        ("made.yaml", "Namespace:a"),
        ("makes-two.yaml", "Namespace:a Namespace:b"),
        ("one.yaml", "Pod@a Secret@a"),
        ("two.yaml", "Pod@a Pod@b"),
        ("unknown.yaml", "Gadget@b"),
        ("widget.yaml", "Widget@a"),
        ("with-its-namespace.yaml", "Namespace:b Pod@b"),
    ];
    let expected = [
        "both.yaml _shared mixed-scopes",
        "cluster.yaml _cluster cluster",
        "definitions.yaml _cluster cluster",
        "made.yaml a namespace-object",
        "makes-two.yaml _cluster cluster",
        "one.yaml a namespace",
        "two.yaml _shared several-namespaces",
        "unknown.yaml b namespace",
        // Cluster-scoped by the definition beside it, whatever it states.
        "widget.yaml _cluster cluster",
        "with-its-namespace.yaml b namespace",
    ];
    assert_eq!(placed(&files), expected);
}

#[test]
fn a_file_that_does_not_say_joins_what_its_directory_agrees_on() {
    let files = [
        ("a/README.md", ""),
        ("a/deep/er/pod.yaml", "Pod"),
        ("a/ns.yaml", "Namespace:a"),
        ("a/variable.yaml", "Pod@${ns}"),
        ("a/half.yaml", "Pod Secret@a"),
        ("a/other-half.yaml", "Pod Secret@b"),
        ("ab/README.md", ""),
        ("ab/pod.yaml", "Pod"),
        ("ab/x.yaml", "Pod@a"),
        ("ab/y.yaml", "Pod@b"),
        ("nothing/README.md", ""),
        ("nothing/pod.yaml", "Pod"),
        ("nothing/widget.yaml", "Widget"),
        ("only-cluster/README.md", ""),
        ("only-cluster/pod.yaml", "Pod"),
        ("only-cluster/role.yaml", "ClusterRole"),
    ];
    let expected = [
        "a/README.md a directory",
        "a/deep/er/pod.yaml a directory",
        "a/half.yaml a directory",
        "a/ns.yaml a namespace-object",
        // Its other object is of another namespace than the directory.
        "a/other-half.yaml _unscoped unscoped",
        "a/variable.yaml a directory",
        "ab/README.md _shared not-a-manifest",
        "ab/pod.yaml _unscoped unscoped",
        "ab/x.yaml a namespace",
        "ab/y.yaml b namespace",
        "nothing/README.md _shared not-a-manifest",
        "nothing/pod.yaml _unscoped unscoped",
        "nothing/widget.yaml _unscoped unscoped",
        "only-cluster/README.md _cluster directory",
        // Everybody must get it, and not everybody gets `_cluster`.
        "only-cluster/pod.yaml _unscoped unscoped",
        "only-cluster/role.yaml _cluster cluster",
    ];
    assert_eq!(placed(&files), expected);
}

#[test]
fn directories_beside_do_not_speak_for_a_file() {
    let files = [("apps/a/pod.yaml", "Pod@a"), ("apps/b/pod.yaml", "Pod"), ("apps/README.md", "")];
    let expected =
        ["apps/README.md a directory", "apps/a/pod.yaml a namespace", "apps/b/pod.yaml _unscoped unscoped"];
    assert_eq!(placed(&files), expected);
}

#[test]
fn what_cannot_be_read_goes_to_everybody_with_a_warning() {
    let files = [
        ("a/pod.yaml", "Pod@a"),
        ("a/broken.yaml", "Pod@a !"),
        ("chart/Chart.yaml", "name: x"),
        ("chart/templates/pod.yaml", "!"),
        ("unit/kustomization.yaml", "namespace: b"),
        ("unit/broken.yaml", "!"),
    ];
    let wood = Wood::of(&files);
    let grouping = wood.grouped(GroupBy::Auto, &[]);
    let expected = [
        "a/broken.yaml _unscoped unreadable",
        "a/pod.yaml a namespace",
        "chart/Chart.yaml _shared unit-shared",
        "chart/templates/pod.yaml _shared unit-shared",
        "unit/broken.yaml b unit-namespace",
        "unit/kustomization.yaml b unit-namespace",
    ];
    assert_eq!(wood.placed(&grouping), expected);
    // Templates of charts are not expected to be YAML.
    assert_eq!(told(&grouping.warnings), ["a/broken.yaml:3:7 syntax", "unit/broken.yaml:3:7 syntax"]);
}

#[test]
fn several_namespaces_in_a_file_are_told_where_the_second_comes_up() {
    let mut wood = Wood::of(&[("all.yaml", "Pod@a Secret@a Pod@b Pod@c")]);
    for (at, object) in wood.0[0].1.objects.iter_mut().enumerate() {
        object.mark.line = u32::try_from(at * 10 + 1).expect("few objects");
    }
    let grouping = wood.grouped(GroupBy::Auto, &[]);
    assert!(grouping.warnings.is_empty());
    let [note] = &grouping.notes[..] else { panic!("one note, not {:?}", grouping.notes) };
    assert!(
        note.starts_with("one file holds objects of several namespaces") && note.contains("(all.yaml:21:1)"),
        "{note}"
    );
}

#[test]
fn a_kind_that_the_user_calls_cluster_scoped_is() {
    let wood = Wood::of(&[("widget.yaml", "Widget@a")]);
    let mut rules = rules(GroupBy::Auto, &[]);
    assert_eq!(wood.placed(&group(&wood.items(), &rules)), ["widget.yaml a namespace"]);
    rules.cluster_scoped = vec!["Widget.x.io".parse().expect("a kind")];
    assert_eq!(wood.placed(&group(&wood.items(), &rules)), ["widget.yaml _cluster cluster"]);
}

#[test]
fn groups_come_in_their_order_and_files_in_that_of_a_walk() {
    let files = [
        ("z.yaml", "Pod@b"),
        ("x.yaml", "Pod@a"),
        ("a-b/pod.yaml", "Pod@a"),
        ("a/pod.yaml", "Pod@a"),
        ("n.txt", ""),
        ("p.yaml", "Pod"),
        ("c.yaml", "ClusterRole"),
    ];
    let wood = Wood::of(&files);
    let grouping = wood.grouped(GroupBy::Auto, &[]);
    let names: Vec<_> = grouping.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names, ["_cluster", "_shared", "_unscoped", "a", "b"]);
    let paths: Vec<_> = grouping.groups[3].files.iter().map(|(at, _)| files[*at].0).collect();
    assert_eq!(paths, ["a/pod.yaml", "a-b/pod.yaml", "x.yaml"], "`a` is a shorter name than `a-b`");
}

#[test]
fn directories_may_be_the_groups() {
    let files = [
        ("README.md", ""),
        ("a/x.yaml", "Pod@other"),
        ("a/deep/y.yaml", "!"),
        ("My Team/x.yaml", "Pod@a"),
        (".github/x.yaml", ""),
    ];
    let wood = Wood::of(&files);
    let grouping = wood.grouped(GroupBy::Dir, &["a/deep=b"]);
    let expected = [
        ".github/x.yaml _shared dir-name",
        "My Team/x.yaml _shared dir-name",
        "README.md _root dir",
        "a/deep/y.yaml b override",
        "a/x.yaml a dir",
    ];
    assert_eq!(wood.placed(&grouping), expected);
}

#[test]
fn there_may_be_one_group_for_all() {
    let wood = Wood::of(&[("a.yaml", "Pod@a"), ("unit/kustomization.yaml", "namespace: b"), ("c/d", "")]);
    let grouping = wood.grouped(GroupBy::None, &[]);
    let expected = ["a.yaml _all none", "c/d _all none", "unit/kustomization.yaml _all none"];
    assert_eq!(wood.placed(&grouping), expected);
    assert_eq!(requires(&grouping), ["_all: "]);
}

#[test]
fn namespaces_alone_take_no_units() {
    let wood =
        Wood::of(&[("a.yaml", "Pod@a"), ("x/Chart.yaml", "name: x"), ("y/Kustomization", "namespace: b")]);
    let grouping = wood.grouped(GroupBy::Namespace, &[]);
    let expected = ["x/Chart.yaml:1:1 unit-in-the-way", "y/Kustomization:1:1 unit-in-the-way"];
    assert_eq!(told(&grouping.faults), expected);
    let plain = Wood::of(&[("a.yaml", "Pod@a"), ("b/pod.yaml", "Pod"), ("b/x.yaml", "Pod@b")]);
    let grouping = plain.grouped(GroupBy::Namespace, &[]);
    assert_eq!(grouping.faults, []);
    let expected = ["a.yaml a namespace", "b/pod.yaml b directory", "b/x.yaml b namespace"];
    assert_eq!(plain.placed(&grouping), expected);
}

#[test]
fn a_tree_without_files_has_no_groups() {
    let grouping = Wood::of(&[]).grouped(GroupBy::Auto, &[]);
    assert_eq!(grouping.groups, []);
}

mod golden;
mod overriding;
mod properties;
mod units;
