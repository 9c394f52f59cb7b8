//! References that lead somewhere, and those that do not.

use super::*;
use crate::kinds::flipt::document::{Format, read};

/// The faults of a bundle of files, each as `path:line:column rule`.
fn faults(files: &[(&str, &str)]) -> Vec<String> {
    let mut references = References::default();
    let mut faults = Vec::new();
    for (path, text) in files {
        let reading = read(path, text.as_bytes(), Format::Yaml);
        assert_eq!(reading.faults, []);
        for outline in &reading.outlines {
            let found = references.check(path, outline).into_iter();
            faults
                .extend(found.map(|Problem { mark, rule, .. }| {
                    format!("{path}:{}:{} {rule}", mark.line, mark.column)
                }));
        }
    }
    faults
}

const SEGMENT: &str = "segments:\n- {key: s, name: S, match_type: ANY_MATCH_TYPE}\n";

fn flag(rules: &str) -> String {
    format!("flags:\n- key: f\n  name: F\n  variants: [{{key: a}}, {{key: b}}]\n  rules:\n{rules}")
}

#[test]
fn a_segment_must_stand_in_this_document_or_an_earlier_one() {
    let user = flag("  - segment: s\n");
    assert_eq!(faults(&[("1.yml", SEGMENT), ("2.yml", &user)]), [""; 0]);
    assert_eq!(faults(&[("1.yml", &format!("{user}{SEGMENT}"))]), [""; 0]);
    assert_eq!(faults(&[("1.yml", &user), ("2.yml", SEGMENT)]), ["1.yml:6:14 unknown-segment"]);
    let elsewhere = format!("namespace: other\n{SEGMENT}");
    assert_eq!(faults(&[("1.yml", &elsewhere), ("2.yml", &user)]), ["2.yml:6:14 unknown-segment"]);
}

#[test]
fn rollouts_and_lists_of_segments_refer_too() {
    let source = format!(
        "{SEGMENT}flags:\n- key: f\n  name: F\n  type: BOOLEAN_FLAG_TYPE\n  rules:\n  - segment: {{keys: [s, t]}}\n  \
         rollouts:\n  - segment: {{key: u}}\n  - segment: {{keys: [s, v, v]}}\n  - threshold: {{percentage: 5}}\n"
    );
    assert_eq!(
        faults(&[("x.yml", &source)]),
        ["x.yml:8:25 unknown-segment", "x.yml:10:20 unknown-segment", "x.yml:11:25 unknown-segment"]
    );
}

#[test]
fn a_variant_must_be_the_flags_own() {
    let source = format!(
        "{SEGMENT}{}",
        flag("  - segment: s\n    distributions: [{variant: a, rollout: 0}, {variant: c, rollout: 1}]\n")
    );
    assert_eq!(faults(&[("x.yml", &source)]), ["x.yml:9:57 unknown-variant"]);
}

#[test]
fn shares_may_add_up_to_less_than_a_hundred_but_not_to_more() {
    let shares = |a: &str, b: &str| {
        let rule = format!(
            "  - segment: s\n    distributions:\n    - {{variant: a, rollout: {a}}}\n    - {{variant: b, rollout: {b}}}\n"
        );
        faults(&[("x.yml", &format!("{SEGMENT}{}", flag(&rule)))])
    };
    assert_eq!(shares("50", "20"), [""; 0]);
    assert_eq!(shares("33.333333", "66.666667"), [""; 0]);
    assert_eq!(shares("50", "50.1"), ["x.yml:10:17 shares-above-100"]);
}

#[test]
fn keys_are_unique_in_their_namespace() {
    let flags = "flags:\n- {key: f, name: F, variants: [{key: v}, {key: v}]}\n";
    let other = format!("namespace: other\n{flags}");
    assert_eq!(
        faults(&[
            ("1.yml", flags),
            ("2.yml", flags),
            ("3.yml", &other),
            ("4.yml", SEGMENT),
            ("5.yml", SEGMENT)
        ]),
        [
            "1.yml:2:48 duplicate-variant",
            "2.yml:2:9 duplicate-flag",
            "2.yml:2:48 duplicate-variant",
            "3.yml:3:48 duplicate-variant",
            "5.yml:2:9 duplicate-segment"
        ]
    );
}
