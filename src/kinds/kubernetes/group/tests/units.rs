//! Units of kustomize and Helm: they stay whole, and what they refer to is required.

use super::*;

/// A base with two overlays and a component, as kustomize's own tutorial has it.
const BASE_AND_OVERLAYS: [(&str, &str); 9] = [
    ("base/deployment.yaml", "Deployment"),
    ("base/kustomization.yaml", "resources: [deployment.yaml]"),
    ("components/tls/certificate.yaml", "Widget"),
    ("components/tls/kustomization.yaml", "kind: Component\nresources: [certificate.yaml]"),
    ("overlays/dev/kustomization.yaml", "namespace: app-dev\nresources: [../../base]"),
    (
        "overlays/prod/kustomization.yaml",
        "namespace: app-prod\nresources: [../../base]\npatches: [{path: patches/replicas.yaml}]\n\
         components: [../../components/tls]",
    ),
    ("overlays/prod/patches/replicas.yaml", ""),
    ("overlays/prod/README.md", ""),
    ("overlays/README.md", ""),
];

#[test]
fn overlays_require_their_base_which_stays_where_it_is() {
    let wood = Wood::of(&BASE_AND_OVERLAYS);
    let grouping = wood.grouped(GroupBy::Auto, &[]);
    let expected = [
        "base/deployment.yaml _shared unit-shared",
        "base/kustomization.yaml _shared unit-shared",
        "components/tls/certificate.yaml _shared unit-shared",
        "components/tls/kustomization.yaml _shared unit-shared",
        "overlays/README.md _shared not-a-manifest",
        "overlays/dev/kustomization.yaml app-dev unit-namespace",
        "overlays/prod/README.md app-prod unit-namespace",
        "overlays/prod/kustomization.yaml app-prod unit-namespace",
        "overlays/prod/patches/replicas.yaml app-prod unit-namespace",
    ];
    assert_eq!(wood.placed(&grouping), expected);
    assert_eq!(requires(&grouping), ["_shared: ", "app-dev: _shared", "app-prod: _shared"]);
    assert_eq!(grouping.warnings, []);
}

#[test]
fn a_unit_without_a_namespace_has_that_of_all_it_holds() {
    let files = [
        ("both/a.yaml", "Pod@a"),
        ("both/b.yaml", "Pod@b"),
        ("both/kustomization.yaml", "resources: [a.yaml, b.yaml]"),
        ("made/kustomization.yaml", "resources: [ns.yaml, pod.yaml, role.yaml]"),
        ("made/ns.yaml", "Namespace:c"),
        ("made/pod.yaml", "Pod"),
        ("made/role.yaml", "ClusterRole"),
        ("broken/kustomization.yaml", "resources: [a.yaml]"),
        ("broken/a.yaml", "Pod@a"),
        ("broken/b.yaml", "Pod@a !"),
        ("one/kustomization.yml", "resources: [pod.yaml, deep/pod.yaml]"),
        ("one/pod.yaml", "Pod@a"),
        ("one/deep/pod.yaml", "Pod@a"),
        ("variable/Kustomization", "namespace: ${ns}"),
        ("variable/pod.yaml", "Pod@${ns}"),
    ];
    let expected = [
        "both/a.yaml _shared unit-shared",
        "both/b.yaml _shared unit-shared",
        "both/kustomization.yaml _shared unit-shared",
        // What the rest of `b.yaml` holds is not known.
        "broken/a.yaml _shared unit-shared",
        "broken/b.yaml _shared unit-shared",
        "broken/kustomization.yaml _shared unit-shared",
        "made/kustomization.yaml c unit-content",
        "made/ns.yaml c unit-content",
        "made/pod.yaml c unit-content",
        "made/role.yaml c unit-content",
        "one/deep/pod.yaml a unit-content",
        "one/kustomization.yml a unit-content",
        "one/pod.yaml a unit-content",
        "variable/Kustomization _shared unit-shared",
        "variable/pod.yaml _shared unit-shared",
    ];
    assert_eq!(placed(&files), expected);
}

#[test]
fn files_belong_to_the_deepest_unit() {
    let files = [
        ("apps/kustomization.yaml", "namespace: outer\nresources: [inner, x.yaml]"),
        ("apps/x.yaml", "Pod@other"),
        ("apps/inner/kustomization.yaml", "namespace: inner\nresources: [deep/y.yaml]"),
        ("apps/inner/deep/y.yaml", "Pod"),
        ("apps/unused/kustomization.yaml", "namespace: unused"),
    ];
    let wood = Wood::of(&files);
    let grouping = wood.grouped(GroupBy::Auto, &[]);
    let expected = [
        "apps/inner/deep/y.yaml inner unit-namespace",
        "apps/inner/kustomization.yaml inner unit-namespace",
        "apps/kustomization.yaml outer unit-namespace",
        "apps/unused/kustomization.yaml unused unit-namespace",
        "apps/x.yaml outer unit-namespace",
    ];
    assert_eq!(wood.placed(&grouping), expected);
    assert_eq!(requires(&grouping), ["inner: ", "outer: inner", "unused: "]);
}

#[test]
fn a_chart_has_all_that_is_below_it() {
    let files = [
        (
            "app/Chart.yaml",
            "name: app\ndependencies:\n- repository: file://../lib\n- repository: https://x.io",
        ),
        ("app/charts/sub/Chart.yaml", "name: sub"),
        ("app/charts/sub/templates/x.yaml", "Pod@a"),
        ("app/crds/crd.yaml", "CRD:Widget"),
        ("app/ci/kustomization.yaml", "namespace: ci\nresources: [../../base, nope]"),
        ("app/templates/x.yaml", "Pod@a"),
        ("base/kustomization.yaml", "namespace: base"),
        ("lib/Chart.yaml", "name: lib"),
        ("lib/templates/x.yaml", "Pod@b"),
    ];
    let wood = Wood::of(&files);
    let grouping = wood.grouped(GroupBy::Auto, &[]);
    let expected = [
        "app/Chart.yaml a unit-content",
        "app/charts/sub/Chart.yaml a unit-content",
        "app/charts/sub/templates/x.yaml a unit-content",
        "app/ci/kustomization.yaml a unit-content",
        "app/crds/crd.yaml a unit-content",
        "app/templates/x.yaml a unit-content",
        "base/kustomization.yaml base unit-namespace",
        "lib/Chart.yaml b unit-content",
        "lib/templates/x.yaml b unit-content",
    ];
    assert_eq!(wood.placed(&grouping), expected);
    assert_eq!(requires(&grouping), ["a: b base", "b: ", "base: "]);
    // What a chart has inside may be a template, and is not judged.
    assert_eq!(grouping.warnings, []);
}

#[test]
fn a_list_of_applications_makes_nobody_take_them_all() {
    let files = [
        ("apps/kustomization.yaml", "resources: [a, b]"),
        ("apps/a/kustomization.yaml", "namespace: a\nresources: [../../base]"),
        ("apps/b/kustomization.yaml", "namespace: b"),
        ("base/kustomization.yaml", "resources: [../common]"),
        ("common/kustomization.yaml", "namespace: common\nresources: [../base]"),
        ("cluster/kustomization.yaml", "namespace: flux-system\nresources: [../apps]"),
    ];
    let wood = Wood::of(&files);
    let expected = [
        "_shared: ",
        // By way of the base, which is in `_shared`, and in a circle.
        "a: _shared common",
        "b: ",
        "common: _shared",
        // By way of the list; whoever takes `a` takes what that requires.
        "flux-system: _shared a b",
    ];
    assert_eq!(requires(&wood.grouped(GroupBy::Auto, &[])), expected);
}

#[test]
fn single_files_elsewhere_are_required_too() {
    let files = [
        (
            "a/kustomization.yaml",
            "namespace: a\nconfigMapGenerator: [{name: x, files: [k=../b/x.conf, ../n.txt]}]",
        ),
        ("b/kustomization.yaml", "namespace: b"),
        ("b/x.conf", ""),
        ("n.txt", ""),
        ("c/pod.yaml", "Pod@c"),
    ];
    let wood = Wood::of(&files);
    let grouping = wood.grouped(GroupBy::Auto, &[]);
    assert_eq!(requires(&grouping), ["_shared: ", "a: _shared b", "b: ", "c: "]);
}

#[test]
fn a_directory_requires_what_its_units_name_and_hold() {
    let wood = Wood::of(&BASE_AND_OVERLAYS);
    let grouping = wood.grouped(GroupBy::Dir, &[]);
    assert_eq!(requires(&grouping), ["base: ", "components: ", "overlays: base components"]);
    let whole =
        Wood::of(&[("Chart.yaml", "name: x"), ("templates/x.yaml", "!"), ("charts/y/Chart.yaml", "name: y")]);
    let grouping = whole.grouped(GroupBy::Dir, &[]);
    assert_eq!(requires(&grouping), ["_root: charts templates", "charts: ", "templates: "]);
}

#[test]
fn paths_that_lead_nowhere_are_told_where_they_stand() {
    let text = "resources:\n- x.yaml\n- nope.yaml\n- deep\n- ../other\n- ../../outside\n- /etc/passwd\n\
                - https://example.com/x.yaml\n- github.com/org/repo//base?ref=v1\n- git@example.com:org/repo.git\n\
                components:\n- x.yaml\npatches:\n- path: deep\n- patch: |-\n    - op: remove\n      path: /x\n\
                helmCharts:\n- name: mine\n- name: theirs\n  repo: https://example.com\n- name: empty";
    let files = [
        ("a/kustomization.yaml", text),
        ("a/x.yaml", "Pod@a"),
        ("a/deep/y.yaml", ""),
        ("a/charts/mine/Chart.yaml", "name: mine"),
        ("a/charts/empty/values.yaml", ""),
        ("other/kustomization.yaml", ""),
    ];
    let grouping = Wood::of(&files).grouped(GroupBy::Auto, &[]);
    let expected = [
        "a/kustomization.yaml:3:3 kustomization-missing-path",
        "a/kustomization.yaml:4:3 kustomization-missing-path",
        "a/kustomization.yaml:6:3 kustomization-outside",
        "a/kustomization.yaml:7:3 kustomization-outside",
        "a/kustomization.yaml:12:3 kustomization-missing-path",
        "a/kustomization.yaml:14:9 kustomization-missing-path",
        "a/kustomization.yaml:22:3 kustomization-missing-path",
    ];
    assert_eq!(told(&grouping.warnings), expected);
    let message = |at: usize| grouping.warnings[at].message.as_str();
    assert!(message(0).contains("`nope.yaml`, which is not in the directory"), "{}", message(0));
    assert!(message(1).contains("`deep`, which is a directory without a kustomization"), "{}", message(1));
    assert!(message(2).contains("`../../outside`, which is outside"), "{}", message(2));
    assert!(message(4).contains("`x.yaml`, which is a file"), "{}", message(4));
    assert!(message(5).contains("`deep`, which is a directory where a file"), "{}", message(5));
    assert!(
        message(6).contains("`charts/empty`, which is a directory without a `Chart.yaml`"),
        "{}",
        message(6)
    );
}

#[test]
fn two_kustomizations_in_a_directory_are_told() {
    let files = [
        ("a/kustomization.yaml", "namespace: a"),
        ("a/Kustomization", "namespace: b"),
        ("b/Chart.yaml", ""),
        ("b/kustomization.yaml", "namespace: b"),
    ];
    let wood = Wood::of(&files);
    let grouping = wood.grouped(GroupBy::Auto, &[]);
    assert_eq!(told(&grouping.warnings), ["a/kustomization.yaml:1:1 kustomization-twice"]);
    let expected = [
        "a/Kustomization b unit-namespace",
        "a/kustomization.yaml b unit-namespace",
        "b/Chart.yaml b unit-namespace",
        "b/kustomization.yaml b unit-namespace",
    ];
    assert_eq!(wood.placed(&grouping), expected, "the first by its path decides; a chart may be both");
}

#[test]
fn an_object_of_flux_is_no_unit_whatever_its_file_is_called() {
    let flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization";
    assert_eq!(Root::read("kustomization.yaml", flux.as_bytes()), None);
    let own = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization";
    assert!(Root::read("x/kustomization.yaml", own.as_bytes()).is_some());
    assert!(Root::read("x/kustomization.yaml", b"{{ broken").is_some());
    assert_eq!(Root::read("x/kustomize.yaml", own.as_bytes()), None);
    assert!(Root::may_be_at("Chart.yaml") && !Root::may_be_at("chart.yaml"));
}
