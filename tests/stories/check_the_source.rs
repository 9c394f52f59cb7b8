//! Every fault of every file at once, with its place.

use std::fmt::Write as _;

use crate::support::{BANNER, Sandbox};

const BAD: &str =
    "flags:\n- key: bad key\n  name: Bad\n  colour: red\n- key: good\n  name: Good\n  enabled: maybe\n";

#[test]
fn all_faults_of_all_files_are_shown_with_their_lines() {
    let sandbox = Sandbox::new();
    sandbox.write("a.features.yml", BAD).write("b.features.yml", "flags:\n- key: [unclosed\n");
    let outcome = sandbox.run("build app").fails(1).prints("");
    for place in ["a.features.yml:2:8", "a.features.yml:4:3", "a.features.yml:7:12", "b.features.yml:"] {
        assert!(outcome.stderr.contains(place), "{place} is missing:\n{}", outcome.stderr);
    }
    let outcome = outcome.says("- key: bad key").says("hint:");
    let faults = outcome.stderr.matches("features.yml:").count();
    sandbox.run("lint").fails(1).says(&format!("{faults} faults"));
    assert!(!sandbox.store().exists(), "a failed build leaves nothing");
}

#[test]
fn a_syntax_error_hides_no_fault_of_another_document() {
    let sandbox = Sandbox::new();
    let user = "flags:\n- key: b\n  name: B\n  rules:\n  - segment: nobody\n    distributions:\n    - {variant: off, rollout: 1}\n";
    sandbox.write("a.features.yml", user);
    sandbox.write("b.features.yml", format!("{BANNER}---\nflags: [a\n---\n{BAD}"));
    sandbox.write("c.features.yml", user.replace("key: b", "key: c"));
    let outcome = sandbox
        .run("lint")
        .fails(1)
        .shows("a.features.yml:5:14")
        .shows("a.features.yml:7:17")
        .shows("b.features.yml:7:8")
        .shows("b.features.yml:10:8")
        .shows("b.features.yml:15:12")
        .shows("c.features.yml:7:17");
    // The document that is broken may define the segment.
    outcome.hides("c.features.yml:5:14");
}

#[test]
fn a_fault_of_the_schema_hides_no_reference_that_leads_nowhere() {
    let sandbox = Sandbox::new();
    let source = "flags:\n- key: bad key\n  name: \"\"\n  enabled: maybe\n\n- key: fine\n  name: Fine\n  rules:\n  - segment: s1\n    distributions:\n    - variant: v\n      rollout: 120\nsegments:\n- key: s1\n  name: S1\n";
    sandbox.write("features.yml", source);
    let outcome = sandbox.run("lint").fails(1).says("6 faults").shows("features.yml:11:16");
    outcome.shows("flag `fine` has no variant `v`").hides("unknown-segment");
    // Which variants and segments a name that is spelt wrong was to define, nobody knows.
    sandbox.write("features.yml", source.replace("  rules:", "  varients: [{key: v}]\n  rules:"));
    sandbox.run("lint").fails(1).hides("unknown-variant");
    sandbox.write("features.yml", source.replace("segments:", "segmets:"));
    sandbox.run("lint").fails(1).hides("unknown-segment");
    sandbox.write("features.yml", source.replace("- key: s1", "- key: s2"));
    sandbox.run("lint").fails(1).says("7 faults").shows("features.yml:9:14");
}

#[test]
fn lint_is_the_same_check_without_the_build() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("lint").succeeds().prints("").says("0 faults");
    sandbox.write("deep/x.features.yml", BAD);
    let json = sandbox.run("lint --format json").fails(1).json();
    let faults = json["faults"].as_array().unwrap();
    assert_eq!(faults.len(), 3);
    assert_eq!((&faults[0]["path"], &faults[0]["line"]), (&"deep/x.features.yml".into(), &2.into()));
    assert!(
        faults.iter().all(|fault| fault["rule"]
            .as_str()
            .unwrap()
            .chars()
            .all(|c| c == '-' || c.is_ascii_lowercase()))
    );
    let github = sandbox.run("lint --format github deep").fails(1).stdout;
    assert!(github.starts_with("::error file=deep/x.features.yml,line=2,col=8,title="), "{github}");
    assert_eq!(github.lines().count(), 3);
}

#[test]
fn what_refers_to_nothing_is_a_fault_unless_only_the_schema_is_checked() {
    let sandbox = Sandbox::new();
    let flag = "flags:\n- key: a\n  name: A\n  variants:\n  - key: on\n  rules:\n  - segment: nobody\n    distributions:\n    - variant: off\n      rollout: 100\n";
    sandbox.write("features.yml", flag);
    sandbox
        .run("build app")
        .fails(1)
        .says("features.yml:7:14")
        .says("nobody")
        .says("features.yml:9:16")
        .says("off");
    sandbox.run("build app --check schema").succeeds();
}

#[test]
fn what_a_released_server_refuses_is_a_warning_and_a_fault_if_strict() {
    let sandbox = Sandbox::new();
    let segment = "segments:\n- key: s\n  name: S\n  match_type: ANY_MATCH_TYPE\n  constraints:\n  - type: NUMBER_COMPARISON_TYPE\n    property: age\n    operator: lt\n    value: \"3\"\n";
    sandbox.write("features.yml", segment);
    sandbox.run("build app").succeeds().says("warning:").says("features.yml:8:15");
    sandbox.run("build app --strict").fails(1);
    // What lint finds is its data: faults and warnings stand on one stream, in one order.
    let warning = "features.yml:8:15: warning: ";
    for line in ["lint", "lint --quiet", "lint --strict"] {
        let found = sandbox.run(line).shows(warning).stderr;
        assert!(!found.contains("features.yml"), "{found}");
    }
    sandbox.run("lint").succeeds().says("0 faults, 1 warning");
    sandbox.run("lint --strict").fails(1);
}

#[test]
fn names_with_control_characters_do_not_reach_the_terminal() {
    let sandbox = Sandbox::new();
    sandbox.write("features.yml", "flags:\n- key: a\n  name: A\n  \"x\\e[31m\": 1\n");
    sandbox.run("lint").fails(1).hides("\u{1b}");
}

#[test]
fn deep_nesting_and_alias_bombs_end_quickly() {
    let sandbox = Sandbox::new();
    sandbox.write("features.yml", format!("flags: {}", "[".repeat(400_000)));
    sandbox.run("lint").fails(1);
    let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for level in 1..12 {
        let inner = vec![format!("*a{}", level - 1); 9].join(",");
        writeln!(bomb, "a{level}: &a{level} [{inner}]").unwrap();
    }
    sandbox.write("features.yml", bomb);
    sandbox.run("lint").fails(1);
}
