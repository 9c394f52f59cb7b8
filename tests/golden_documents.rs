//! Documents as Flipt's own builder read them: single values, mutated documents, and the files of whole cases.

use std::fs;
use std::path::Path;

use serde_json::Value;
use torte::kinds::flipt::document::{Format, Reading, read};
use torte::kinds::flipt::number::{float32, float64};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/golden/flipt");

/// Mutations that Flipt takes and torte refuses: a namespace object without a key.
const NAMELESS: [usize; 2] = [7, 163];

fn golden(name: &str) -> Value {
    let text = fs::read_to_string(Path::new(GOLDEN).join(name)).expect("the golden file is there");
    serde_json::from_str(&text).expect("the golden file is JSON")
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_else(|| panic!("`{field}` is text in {value}"))
}

/// The one payload of a reading without faults, or its faults.
fn payload(reading: &Reading) -> Result<String, String> {
    match (&reading.documents[..], &reading.faults[..]) {
        ([document], []) => Ok(String::from_utf8_lossy(&document.payload).into_owned()),
        (_, faults) => Err(format!("{faults:?}")),
    }
}

/// The document into which a value of `scalars.json` was put, and the payload around what became of it.
struct Frame {
    format: Format,
    source: [&'static str; 2],
    payload: [&'static str; 2],
}

fn frame(context: &str) -> Frame {
    const YAML: &str = "flags:\n- key: a\n  name: A\n";
    let (context, json) = match context.rsplit_once('-') {
        Some((context, "json")) => (context, true),
        Some((context, _)) => (context, false),
        None => panic!("an unknown context `{context}`"),
    };
    let (yaml, in_json, payload) = match context {
        "attachment" => (
            ["  variants:\n  - key: x\n    attachment:\n      v: ", "\n"],
            [r#""variants":[{"key":"x","attachment":{"v":"#, "}}]}]}"],
            [r#""enabled":false,"variants":[{"key":"x","attachment":{"v":"#, "}}]}]}"],
        ),
        "attachment-key" => (
            ["  variants:\n  - key: x\n    attachment:\n      ", ": 1\n"],
            ["", ""],
            [r#""enabled":false,"variants":[{"key":"x","attachment":{"#, ":1}}]}]}"],
        ),
        "description" => (
            ["  description: ", "\n"],
            [r#""description":"#, "}]}"],
            [r#""description":"#, r#","enabled":false}]}"#],
        ),
        "enabled" => (["  enabled: ", "\n"], ["", ""], [r#""enabled":"#, "}]}"]),
        "rank" => (
            ["  rules:\n  - segment: s1\n    rank: ", "\n"],
            [r#""rules":[{"segment":"s1","rank":"#, "}]}]}"],
            [r#""enabled":false,"rules":[{"segment":"s1""#, "}]}]}"],
        ),
        "rollout" => (
            ["  rules:\n  - segment: s1\n    distributions:\n    - variant: v\n      rollout: ", "\n"],
            [r#""rules":[{"segment":"s1","distributions":[{"variant":"v","rollout":"#, "}]}]}]}"],
            [
                r#""enabled":false,"rules":[{"segment":"s1","distributions":[{"variant":"v","rollout":"#,
                "}]}]}]}",
            ],
        ),
        "percentage" => (
            ["  rollouts:\n  - threshold:\n      percentage: ", "\n"],
            ["", ""],
            [r#""enabled":false,"rollouts":[{"threshold":{"percentage":"#, "}}]}]}"],
        ),
        other => panic!("an unknown context `{other}`"),
    };
    let (format, source) = if json { (Format::Json, in_json) } else { (Format::Yaml, yaml) };
    Frame { format, source: [if json { "" } else { YAML }, source[0]], payload }.with_end(source[1])
}

impl Frame {
    fn with_end(self, _end: &'static str) -> Self {
        self
    }
}

#[test]
fn placeholder() {
    let _ = (golden("scalars.json"), text, payload, frame, NAMELESS, float32, float64, read);
}
