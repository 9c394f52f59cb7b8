//! Documents as Flipt's own builder read them: single values, floats, mutated documents, and the files of cases.

use std::fs;
use std::path::Path;

use serde_json::Value;
use torte::kinds::flipt::document::{Format, Reading, read};
use torte::kinds::flipt::number::{float32, float64};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/golden/flipt");

/// What Flipt takes and torte refuses: a namespace object without a key.
const NAMELESS_MUTATIONS: [usize; 2] = [7, 163];
const NAMELESS_CASES: [&str; 2] = ["101-namespace-object-no-key.json", "102-namespace-object-empty.json"];

fn golden(name: impl AsRef<Path>) -> Value {
    let text = fs::read_to_string(Path::new(GOLDEN).join(name)).expect("the golden file is there");
    serde_json::from_str(&text).expect("the golden file is JSON")
}

fn rows(value: &Value) -> &[Value] {
    value.as_array().expect("a list of rows")
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_else(|| panic!("`{field}` is text in {value}"))
}

/// A reading's payloads, or its faults.
fn payloads(reading: &Reading) -> Result<Vec<String>, String> {
    if !reading.faults.is_empty() {
        return Err(format!("{:?}", reading.faults));
    }
    let text = |payload: &[u8]| String::from_utf8(payload.to_vec()).expect("a payload is text");
    Ok(reading.documents.iter().map(|document| text(&document.payload)).collect())
}

/// Compares a reading with what Flipt made of the same source; `expected` is none where Flipt refused it.
fn difference(name: &str, reading: &Reading, expected: Option<&[String]>) -> Option<String> {
    match (payloads(reading), expected) {
        (Ok(payloads), Some(expected)) if payloads == expected => None,
        (Err(_), None) => None,
        (found, expected) => Some(format!("{name}\n  flipt: {expected:?}\n  torte: {found:?}")),
    }
}

/// The frame that a value of `scalars.json` stood in: the source around it, and the payload around its JSON.
fn frame(context: &str) -> (Format, [&'static str; 2], [&'static str; 2]) {
    let (yaml, json) = (Format::Yaml, Format::Json);
    let attachment = [r#""enabled":false,"variants":[{"key":"x","attachment":{"v":"#, "}}]}]}"];
    let description = [r#""description":"#, r#","enabled":false}]}"#];
    let rank = [r#""enabled":false,"rules":[{"segment":"s1""#, "}]}]}"];
    let rollout =
        [r#""enabled":false,"rules":[{"segment":"s1","distributions":[{"variant":"v","rollout":"#, "}]}]}]}"];
    match context {
        "attachment-yaml" => {
            (yaml, ["  variants:\n  - key: x\n    attachment:\n      v: ", "\n"], attachment)
        }
        "attachment-json" => (json, [r#""variants":[{"key":"x","attachment":{"v":"#, "}}]}]}"], attachment),
        "attachment-key-yaml" => (
            yaml,
            ["  variants:\n  - key: x\n    attachment:\n      ", ": 1\n"],
            [r#""enabled":false,"variants":[{"key":"x","attachment":{"#, ":1}}]}]}"],
        ),
        "description-yaml" => (yaml, ["  description: ", "\n"], description),
        "description-json" => (json, [r#""description":"#, "}]}"], description),
        "enabled-yaml" => (yaml, ["  enabled: ", "\n"], [r#""enabled":"#, "}]}"]),
        "rank-yaml" => (yaml, ["  rules:\n  - segment: s1\n    rank: ", "\n"], rank),
        "rank-json" => (json, [r#""rules":[{"segment":"s1","rank":"#, "}]}]}"], rank),
        "rollout-yaml" => (
            yaml,
            ["  rules:\n  - segment: s1\n    distributions:\n    - variant: v\n      rollout: ", "\n"],
            rollout,
        ),
        "rollout-json" => (
            json,
            [r#""rules":[{"segment":"s1","distributions":[{"variant":"v","rollout":"#, "}]}]}]}"],
            rollout,
        ),
        "percentage-yaml" => (
            yaml,
            ["  rollouts:\n  - threshold:\n      percentage: ", "\n"],
            [r#""enabled":false,"rollouts":[{"threshold":{"percentage":"#, "}}]}]}"],
        ),
        other => panic!("an unknown context `{other}`"),
    }
}

#[test]
fn every_single_value_becomes_what_it_becomes_in_flipt() {
    let golden = golden("scalars.json");
    let mut differences = Vec::new();
    for row in rows(&golden) {
        let (format, source, around) = frame(text(row, "context"));
        let head = if format == Format::Json {
            r#"{"flags":[{"key":"a","name":"A","#
        } else {
            "flags:\n- key: a\n  name: A\n"
        };
        let source = format!("{head}{}{}{}", source[0], text(row, "text"), source[1]);
        let expected = row["ok"].as_bool().expect("a verdict").then(|| {
            let payload =
                r#"{"namespace":{"key":"default","name":"Default"},"flags":[{"key":"a","name":"A","#;
            // An empty description is left out.
            match row["value"].as_str() {
                Some(value) => vec![format!("{payload}{}{value}{}", around[0], around[1])],
                None => vec![format!(r#"{payload}"enabled":false}}]}}"#)],
            }
        });
        let reading = read("f", source.as_bytes(), format);
        differences.extend(difference(&source, &reading, expected.as_deref()));
    }
    assert_eq!(rows(&golden).len(), 420);
    assert!(differences.is_empty(), "{} of 420 differ\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn every_float_is_printed_as_go_prints_it() {
    let golden = golden("floats.json");
    let mut out = Vec::new();
    for row in rows(&golden["float32"]) {
        out.clear();
        let bits = u32::from_str_radix(text(row, "bits"), 16).expect("bits in hex");
        float32(f32::from_bits(bits), &mut out);
        assert_eq!(String::from_utf8_lossy(&out), text(row, "json"), "float32 {}", text(row, "bits"));
    }
    for row in rows(&golden["float64"]) {
        out.clear();
        let bits = u64::from_str_radix(text(row, "bits"), 16).expect("bits in hex");
        float64(f64::from_bits(bits), &mut out);
        assert_eq!(String::from_utf8_lossy(&out), text(row, "json"), "float64 {}", text(row, "bits"));
    }
}

#[test]
fn every_mutated_document_is_taken_or_refused_as_in_flipt() {
    let golden = golden("mutations.json");
    let mut differences = Vec::new();
    for (at, row) in rows(&golden).iter().enumerate().filter(|(at, _)| !NAMELESS_MUTATIONS.contains(at)) {
        let expected = row["ok"].as_bool().expect("a verdict").then(|| vec![text(row, "payload").to_owned()]);
        let reading = read("f", text(row, "doc").as_bytes(), Format::Yaml);
        differences.extend(difference(&format!("mutation {at}"), &reading, expected.as_deref()));
        if let ([document], Some(namespace)) = (&reading.documents[..], row["namespace"].as_str()) {
            assert_eq!(document.namespace, namespace, "mutation {at}");
        }
    }
    for at in NAMELESS_MUTATIONS {
        let reading = read("f", text(&golden[at], "doc").as_bytes(), Format::Yaml);
        let rules: Vec<_> = reading.faults.iter().map(|fault| fault.rule).collect();
        assert_eq!(rules, ["missing-field"], "mutation {at}");
    }
    assert_eq!(rows(&golden).len(), 513);
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}

/// The files of a case that Flipt selects, in its order, where the selection needs no matcher of globs.
fn selected(case: &Value) -> Option<Vec<(&str, &str)>> {
    let files = case["files"].as_object()?;
    let included: Option<Vec<&str>> = match files.get(".flipt.yml").map(|index| index.as_str()) {
        None => None,
        Some(index) => {
            let list = index?.strip_prefix("include: [")?.strip_suffix("]\n")?;
            Some(list.split(',').map(|pattern| pattern.trim_matches([' ', '\''])).collect())
        }
    };
    let mut chosen = Vec::new();
    for (path, content) in files.iter().filter(|(path, _)| *path != ".flipt.yml") {
        let matched = match &included {
            None => [".yml", ".yaml"].iter().any(|end| path.ends_with(&format!("features{end}"))),
            Some(patterns)
                if patterns
                    .iter()
                    .any(|pattern| pattern.trim_start_matches('*').contains(['*', '?', '[', '{', '\\'])) =>
            {
                return None;
            }
            Some(patterns) => patterns.iter().any(|pattern| match pattern.strip_prefix('*') {
                Some(end) => path.ends_with(end.trim_start_matches('*')),
                None => path == pattern,
            }),
        };
        if matched {
            chosen.push((path.as_str(), content.as_str()?));
        }
    }
    chosen.sort_by(|one, other| one.0.split('/').cmp(other.0.split('/')));
    Some(chosen)
}

#[test]
fn the_files_of_every_case_hold_the_layers_that_flipt_made_of_them() {
    let mut names: Vec<_> = fs::read_dir(Path::new(GOLDEN).join("cases"))
        .expect("the cases are there")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name"))
        .collect();
    names.sort();
    let (mut compared, mut differences) = (0, Vec::new());
    for name in names.iter().filter(|name| !NAMELESS_CASES.contains(&name.as_str())) {
        let case = golden(Path::new("cases").join(name));
        let Some(files) = selected(&case) else {
            continue;
        };
        // What stops Flipt in this case is the name of a directory, and no document.
        if files.is_empty() || name.starts_with("051-") {
            continue;
        }
        compared += 1;
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        for (path, content) in files {
            let Some(format) = Format::of(path) else {
                refused.push(format!("{path} has an extension that is not read"));
                continue;
            };
            match payloads(&read(path, content.as_bytes(), format)) {
                Ok(payloads) => found.extend(payloads),
                Err(faults) => refused.push(faults),
            }
        }
        let expect = &case["expect"];
        let layers = expect["layers"].as_array().into_iter().flatten();
        let expected: Vec<_> = layers
            .filter(|layer| layer["namespace"].is_string())
            .map(|layer| text(layer, "payload").to_owned())
            .collect();
        let taken = expect["ok"].as_bool().expect("a verdict");
        if taken != refused.is_empty() || (taken && found != expected) {
            differences.push(format!("{name}\n  flipt: {expect}\n  torte: {found:?} {refused:?}"));
        }
    }
    assert!(compared >= 180, "only {compared} cases were compared");
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn a_namespace_object_without_a_key_is_refused() {
    for name in NAMELESS_CASES {
        let case = golden(Path::new("cases").join(name));
        let source = text(&case["files"], "features.yml");
        let reading = read("features.yml", source.as_bytes(), Format::Yaml);
        assert_eq!(reading.faults.len(), 1, "{name}");
        assert_eq!(reading.faults[0].rule, "missing-field", "{name}");
    }
}

#[test]
fn all_faults_of_a_document_are_found_in_one_run() {
    let case = golden("cases/338-many-errors.json");
    let source = text(&case["files"], "features.yml");
    let reading = read("features.yml", source.as_bytes(), Format::Yaml);
    let found: Vec<_> = reading.faults.iter().map(|fault| (fault.line, fault.column, fault.rule)).collect();
    let expected = [
        (3, 8, "bad-key"),
        (4, 9, "empty-text"),
        (5, 12, "wrong-type"),
        (13, 16, "out-of-range"),
        (15, 3, "missing-field"),
    ];
    assert_eq!(found, expected);
    assert_eq!(reading.faults[2].excerpt.as_deref(), Some("  enabled: maybe"));
}
