//! What `torte diff --format json` says makes of one side's content the other's, for random pairs of directories.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "diff/apply.rs"]
mod apply;
#[path = "diff/features.rs"]
mod features;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use torte::Streams;
use torte::kinds::flipt::document::{Format, read};
use torte::settings::{Directories, Environment};

use features::Dice;

/// Runs torte within this process; gives its exit code and what it printed.
fn torte(arguments: &[&str]) -> (u8, String) {
    let nowhere = OsString::from("/nonexistent");
    let environment = Environment {
        variables: [(OsString::from("TORTE_STORE"), nowhere)].into(),
        now: SystemTime::UNIX_EPOCH,
        directories: Directories::default(),
        stderr_is_terminal: false,
        stdout_is_terminal: false,
    };
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let streams = Streams { stdin: &mut std::io::empty(), stdout: &mut stdout, stderr: &mut stderr };
    let arguments = ["torte"].iter().chain(arguments).map(OsString::from).collect();
    let code = torte::run(arguments, streams, &environment);
    assert!(matches!(code, 0 | 6), "{}", String::from_utf8_lossy(&stderr));
    (code, String::from_utf8(stdout).unwrap())
}

fn write(directory: &Path, documents: &[Value]) {
    fs::create_dir(directory).unwrap();
    for (at, document) in documents.iter().enumerate() {
        fs::write(directory.join(format!("{at}.features.yml")), document.to_string()).unwrap();
    }
}

/// The documents of a directory as they stand in its bundle's layers.
fn payloads(documents: &[Value]) -> Vec<Value> {
    let payload = |document: &Value| {
        let reading = read("x", document.to_string().as_bytes(), Format::Yaml);
        assert_eq!(reading.faults, [], "{document}");
        serde_json::from_slice(&reading.documents[0].payload).unwrap()
    };
    documents.iter().map(payload).collect()
}

/// Without the documents that the other side has too, as often as it has them: what diff compares.
fn unlike(documents: &[Value], other: &[Value]) -> Vec<Value> {
    let mut waiting: Vec<&Value> = other.iter().collect();
    let mut is_own = |document: &&Value| match waiting.iter().position(|one| one == document) {
        Some(at) => {
            waiting.swap_remove(at);
            false
        }
        None => true,
    };
    documents.iter().filter(|document| is_own(document)).cloned().collect()
}

fn namespace(document: &Value) -> String {
    let stated = &document["namespace"];
    stated.as_str().or(stated["key"].as_str()).unwrap_or("default").to_owned()
}

/// The content of each namespace, by the words of `docs/json.md`.
fn contents(documents: &[Value]) -> BTreeMap<String, Value> {
    let mut found: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for document in documents {
        let fields = found.entry(namespace(document)).or_default();
        for (name, value) in document.as_object().unwrap() {
            let values = fields.entry(name).or_insert_with(|| json!([])).as_array_mut().unwrap();
            match name.as_str() {
                "flags" | "segments" => values.extend(value.as_array().unwrap().iter().cloned()),
                _ if values.contains(value) => {}
                _ => values.push(value.clone()),
            }
        }
    }
    let whole = |mut fields: Map<String, Value>| {
        for (name, values) in &mut fields {
            let is_list = matches!(name.as_str(), "flags" | "segments");
            if let [only] = values.as_array().unwrap().as_slice()
                && !is_list
            {
                *values = only.clone();
            }
        }
        for list in ["flags", "segments"] {
            fields.entry(list).or_insert_with(|| json!([]));
        }
        Value::Object(fields)
    };
    found.into_iter().map(|(name, fields)| (name, whole(fields))).collect()
}

/// Lists whose order means nothing, in one order.
fn settled(content: &Value) -> Value {
    let mut content = content.clone();
    content.sort_all_objects();
    let by_key = |list: &mut Value| {
        if let Some(items) = list.as_array_mut() {
            items.sort_by_key(|item| item["key"].as_str().unwrap().to_owned());
        }
    };
    let as_bag = |list: &mut Value| {
        if let Some(items) = list.as_array_mut() {
            items.sort_by_key(Value::to_string);
        }
    };
    for flag in content["flags"].as_array_mut().unwrap() {
        flag.get_mut("variants").map(by_key);
        for list in ["rules", "rollouts"] {
            let users = flag.get_mut(list).and_then(Value::as_array_mut);
            users.into_iter().flatten().for_each(|user| {
                user.get_mut("segment").and_then(|segment| segment.get_mut("keys")).map(as_bag);
            });
        }
    }
    for segment in content["segments"].as_array_mut().unwrap() {
        segment.get_mut("constraints").map(as_bag);
    }
    by_key(&mut content["flags"]);
    by_key(&mut content["segments"]);
    content
}

fn nothing() -> Value {
    json!({"flags": [], "segments": []})
}

/// Compares two directories and holds what is said against what they hold.
fn holds(from: &[Value], to: &[Value]) {
    let root = TempDir::new().unwrap();
    let [a, b] = ["a", "b"].map(|name| root.path().join(name));
    write(&a, from);
    write(&b, to);
    let (a, b) = (a.to_str().unwrap(), b.to_str().unwrap());
    let (code, text) = torte(&["diff", a, b, "--format", "json", "--exit-code", "--check", "schema"]);
    let report: Value = serde_json::from_str(&text).unwrap();

    let (from, to) = (payloads(from), payloads(to));
    let names = |documents: &[Value]| documents.iter().map(namespace).collect::<BTreeSet<_>>();
    let (was, is) = (names(&from), names(&to));
    let (before, after) = (contents(&unlike(&from, &to)), contents(&unlike(&to, &from)));
    let told: BTreeMap<&str, &Value> = report["namespaces"]
        .as_array()
        .unwrap()
        .iter()
        .map(|differing| (differing["namespace"].as_str().unwrap(), differing))
        .collect();
    for name in was.union(&is) {
        let mut content = before.get(name).cloned().unwrap_or_else(nothing);
        let goal = settled(after.get(name).unwrap_or(&nothing()));
        let change = match (was.contains(name), is.contains(name)) {
            (false, _) => "added",
            (_, false) => "removed",
            _ => "changed",
        };
        let Some(differing) = told.get(name.as_str()) else {
            assert_eq!(settled(&content), goal, "{name} differs and is not told");
            assert_eq!(change, "changed");
            continue;
        };
        assert_eq!(differing["change"], change);
        apply::all(&mut content, differing["changes"].as_array().unwrap());
        assert_eq!(settled(&content), goal, "{name}: {differing:#}");
    }
    assert_eq!(report["compared"], was.union(&is).count());
    assert_eq!(report["equal"], told.is_empty());
    assert_eq!(code, if told.is_empty() { 0 } else { 6 });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_told_makes_one_side_the_other(seed: u64) {
        let mut dice = Dice::new(seed);
        let from = features::documents(&mut dice, None);
        let to = features::documents(&mut dice, Some(&from));
        holds(&from, &to);
    }
}

#[test]
fn the_pairs_differ_in_every_way_there_is() {
    let (mut equal, mut natures, mut paths) = (0, BTreeSet::new(), BTreeSet::new());
    for seed in 0..600 {
        let mut dice = Dice::new(seed);
        let from = features::documents(&mut dice, None);
        let to = features::documents(&mut dice, Some(&from));
        let root = TempDir::new().unwrap();
        let [a, b] = ["a", "b"].map(|name| root.path().join(name));
        write(&a, &from);
        write(&b, &to);
        let (_, text) = torte(&[
            "diff",
            a.to_str().unwrap(),
            b.to_str().unwrap(),
            "--format",
            "json",
            "--check",
            "schema",
        ]);
        let report: Value = serde_json::from_str(&text).unwrap();
        equal += usize::from(report["equal"] == true);
        for namespace in report["namespaces"].as_array().unwrap() {
            for change in namespace["changes"].as_array().unwrap() {
                natures.insert((namespace["change"].to_string(), change["change"].to_string()));
                let path = change["path"].as_str().unwrap();
                let shape = path.split('/').map(|step| match step.as_bytes().first() {
                    Some(b'[') if step.contains('#') => "[]#",
                    Some(b'[') => "[]",
                    Some(b'0'..=b'9') => "0",
                    _ => step,
                });
                paths.insert(shape.take(6).collect::<Vec<_>>().join("/"));
            }
        }
    }
    assert!(equal > 5, "{equal} pairs are equal");
    assert_eq!(natures.len(), 5, "{natures:?}");
    for path in [
        "/flags/[]",
        "/flags/[]#",
        "/flags/[]/enabled",
        "/flags/[]/variants/[]",
        "/flags/[]/variants/[]/attachment",
        "/flags/[]/rules/0",
        "/flags/[]/rules/0/distributions",
        "/flags/[]/rollouts/0/threshold",
        "/segments/[]/constraints/-",
        "/namespace",
    ] {
        assert!(paths.contains(path), "no change at {path}: {paths:#?}");
    }
}
