//! Rules of the user: they win over all others, and never split a unit.

use super::*;

const UNIT: [(&str, &str); 4] = [
    ("app/kustomization.yaml", "namespace: a\nresources: [pod.yaml]"),
    ("app/pod.yaml", "Pod@a"),
    ("app/inner/kustomization.yaml", "namespace: b"),
    ("README.md", ""),
];

#[test]
fn a_rule_wins_over_what_a_file_says() {
    let files = [("a/x.yaml", "Pod@a"), ("a/y.yaml", "Pod@a"), ("b/z.yaml", "!"), ("b/README.md", "")];
    let wood = Wood::of(&files);
    let grouping = wood.grouped(GroupBy::Auto, &["a/x.yaml=team-x", "a=_cluster", "b/z*=team-z"]);
    let expected = [
        "a/x.yaml team-x override",
        "a/y.yaml _cluster override",
        // What is put somewhere speaks for its directory, too.
        "b/README.md team-z directory",
        "b/z.yaml team-z override",
    ];
    assert_eq!(wood.placed(&grouping), expected);
    assert_eq!((grouping.faults, grouping.notes), (Vec::new(), Vec::new()));
}

#[test]
fn a_unit_moves_as_a_whole() {
    let wood = Wood::of(&UNIT);
    let grouping = wood.grouped(GroupBy::Auto, &["app=team"]);
    let expected = [
        "README.md team directory",
        "app/inner/kustomization.yaml team override",
        "app/kustomization.yaml team override",
        "app/pod.yaml team override",
    ];
    assert_eq!(wood.placed(&grouping), expected);
    // What belongs to a deeper unit is no part of this one.
    let grouping = wood.grouped(GroupBy::Auto, &["app/inner=team"]);
    assert_eq!(grouping.faults, []);
    assert!(wood.placed(&grouping).contains(&"app/pod.yaml a unit-namespace".to_owned()));
    let grouping = wood.grouped(GroupBy::Auto, &["app/*.yaml=team"]);
    assert_eq!(grouping.faults, []);
    assert!(wood.placed(&grouping).contains(&"app/inner/kustomization.yaml b unit-namespace".to_owned()));
}

#[test]
fn a_rule_that_would_split_a_unit_is_refused() {
    let wood = Wood::of(&UNIT);
    for rule in ["app/pod.yaml=team", "**/pod.yaml=team", "app/kustomization.yaml=team"] {
        let grouping = wood.grouped(GroupBy::Auto, &[rule]);
        assert_eq!(told(&grouping.faults), ["app/kustomization.yaml:1:1 group-splits-unit"], "{rule}");
    }
    let grouping = wood.grouped(GroupBy::Auto, &["app/pod.yaml=x", "app=y"]);
    assert_eq!(told(&grouping.faults), ["app/kustomization.yaml:1:1 group-splits-unit"], "two names");
    let grouping = wood.grouped(GroupBy::Auto, &["app/pod.yaml=x", "app=x"]);
    assert_eq!(grouping.faults, [], "two rules, one name");
}

#[test]
fn a_rule_that_would_split_many_units_is_told_once() {
    let files = [
        ("b/Chart.yaml", "name: b"),
        ("b/README.md", ""),
        ("a/kustomization.yaml", "namespace: a"),
        ("a/README.md", ""),
        ("c/kustomization.yaml", "namespace: c"),
        ("c/README.md", ""),
    ];
    let grouping = Wood::of(&files).grouped(GroupBy::Auto, &["**/*.md=docs"]);
    assert_eq!(told(&grouping.faults), ["a/kustomization.yaml:1:1 group-splits-unit"]);
    let message = &grouping.faults[0].message;
    assert!(message.contains("`**/*.md` takes `a/README.md`"), "{message}");
    assert!(message.contains("in 2 more units"), "{message}");
}

#[test]
fn where_units_do_not_count_a_rule_may_take_any_file() {
    for by in [GroupBy::Dir, GroupBy::None] {
        let grouping = Wood::of(&UNIT).grouped(by, &["app/pod.yaml=team"]);
        assert_eq!(grouping.faults, []);
        assert!(grouping.groups.iter().any(|group| group.name == "team"));
    }
}

#[test]
fn a_rule_that_takes_nothing_is_told() {
    let grouping = Wood::of(&UNIT).grouped(GroupBy::Auto, &["README.md=docs", "REAMDE.md=docs"]);
    assert_eq!(grouping.notes, ["no file is in `docs` because of `REAMDE.md`"]);
}
