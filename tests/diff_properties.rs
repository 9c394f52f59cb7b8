//! What `torte diff --format json` says makes of one side's content the other's, for random pairs of directories.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "diff/apply.rs"]
mod apply;
#[path = "diff/dice.rs"]
mod dice;
#[path = "diff/features.rs"]
mod features;
#[path = "diff/manifests.rs"]
mod manifests;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use serde_json::{Value, json};
use tempfile::TempDir;
use torte::Streams;
use torte::settings::{Directories, Environment};

use dice::Dice;

/// Runs torte within this process; gives its exit code and what it printed.
fn torte(arguments: &[&str]) -> (u8, String) {
    let nowhere = OsString::from("/nonexistent");
    let environment = Environment {
        variables: [(OsString::from("TORTE_STORE"), nowhere)].into(),
        now: SystemTime::UNIX_EPOCH,
        directories: Directories::default(),
        stderr_is_terminal: false,
        stdin_is_terminal: false,
        stdout_is_terminal: false,
    };
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let streams = Streams { stdin: &mut std::io::empty(), stdout: &mut stdout, stderr: &mut stderr };
    let arguments = ["torte"].iter().chain(arguments).map(OsString::from).collect::<Vec<_>>();
    let code = torte::run(&arguments, streams, &environment);
    assert!(matches!(code, 0 | 6), "{}", String::from_utf8_lossy(&stderr));
    (code, String::from_utf8(stdout).unwrap())
}

/// Files by path.
type Files = BTreeMap<String, String>;

/// Writes both sides and compares them in a format, with further flags.
fn diff(sides: [&Files; 2], format: &str, flags: &[&str]) -> (u8, String) {
    let root = TempDir::new().unwrap();
    let [from, to] = ["a", "b"].map(|name| root.path().join(name));
    for (directory, files) in [(&from, sides[0]), (&to, sides[1])] {
        write(directory, files);
    }
    let mut arguments = vec!["diff", from.to_str().unwrap(), to.to_str().unwrap()];
    arguments.extend(["--exit-code", "--format", format]);
    arguments.extend(flags);
    torte(&arguments)
}

fn write(directory: &Path, files: &Files) {
    for (path, text) in files {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// What both sides hold, told by the test itself.
struct Truth {
    /// The namespaces of each.
    names: [BTreeSet<String>; 2],
    /// What each says of a namespace.
    contents: [BTreeMap<String, Value>; 2],
    /// A namespace that is not there.
    nothing: Value,
    /// Lists whose order means nothing, in one order.
    settled: fn(&Value) -> Value,
}

/// Holds what is said against what both sides hold.
fn holds(report: &Value, code: u8, truth: &Truth, seed: u64) {
    let Truth { names: [was, is], contents: [before, after], nothing, settled } = truth;
    let told: BTreeMap<&str, &Value> = report["namespaces"]
        .as_array()
        .unwrap()
        .iter()
        .map(|differing| (differing["namespace"].as_str().unwrap(), differing))
        .collect();
    for name in was.union(is) {
        let mut content = before.get(name).unwrap_or(nothing).clone();
        let goal = settled(after.get(name).unwrap_or(nothing));
        let change = match (was.contains(name), is.contains(name)) {
            (false, _) => "added",
            (_, false) => "removed",
            _ => "changed",
        };
        let Some(differing) = told.get(name.as_str()) else {
            assert_eq!(settled(&content), goal, "{name} differs and is not told, seed {seed}");
            assert_eq!(change, "changed");
            continue;
        };
        assert_eq!(differing["change"], change);
        apply::all(&mut content, differing["changes"].as_array().unwrap());
        assert_eq!(settled(&content), goal, "{name}, seed {seed}: {differing:#}");
    }
    assert!(told.keys().all(|name| was.contains(*name) || is.contains(*name)));
    assert_eq!(report["compared"], was.union(is).count());
    assert_eq!(report["equal"], told.is_empty());
    assert_eq!(code, if told.is_empty() { 0 } else { 6 });
}

/// How many pairs of either kind are compared.
const PAIRS: u64 = 2000;

#[test]
fn what_is_told_of_flags_makes_one_side_the_other() {
    let mut shapes = Shapes::default();
    for seed in 0..PAIRS {
        let mut dice = Dice::new(seed);
        let from = features::documents(&mut dice, None);
        let to = features::documents(&mut dice, Some(&from));
        let files = [&from, &to].map(|documents| {
            let named = documents.iter().enumerate();
            let file = |(at, document): (usize, &Value)| (format!("{at}.features.yml"), document.to_string());
            named.map(file).collect::<Files>()
        });
        let (code, text) = diff([&files[0], &files[1]], "json", &["--check", "schema"]);
        let report = serde_json::from_str(&text).unwrap();
        let (from, to) = (features::payloads(&from), features::payloads(&to));
        let names = |documents: &[Value]| documents.iter().map(features::namespace).collect();
        let truth = Truth {
            names: [names(&from), names(&to)],
            contents: [
                features::contents(&features::unlike(&from, &to)),
                features::contents(&features::unlike(&to, &from)),
            ],
            nothing: json!({"flags": [], "segments": []}),
            settled: features::settled,
        };
        holds(&report, code, &truth, seed);
        shapes.take(&report);
    }
    shapes.have(&[
        "/flags/[]",
        "/flags/[]#",
        "/flags/[]/enabled",
        "/flags/[]/variants/[]",
        "/flags/[]/variants/[]/attachment",
        "/flags/[]/rules/0",
        "/flags/[]/rules/0/distributions",
        "/flags/[]/rules/0/distributions/[]/rollout",
        "/flags/[]/rollouts/0/threshold/percentage",
        "/segments/[]/constraints/-",
        "/namespace",
    ]);
}

#[test]
fn what_is_told_of_objects_makes_one_side_the_other() {
    let mut shapes = Shapes::default();
    for seed in 0..PAIRS {
        let mut dice = Dice::new(seed);
        let from = manifests::side(&mut dice, None);
        let to = manifests::side(&mut dice, Some(&from));
        let sides = [from, to];
        let files = [0, 1].map(|at: usize| sides[at].files());
        let (code, text) = diff([&files[0], &files[1]], "json", sides[0].flags());
        let format = if seed % 2 == 0 { "text" } else { "markdown" };
        let words = if seed % 8 < 2 {
            diff([&files[0], &files[1]], format, sides[0].flags()).1
        } else {
            String::new()
        };
        for text in [&text, &words] {
            assert!(!text.contains(manifests::SECRET), "a Secret's value is shown, seed {seed}:\n{text}");
        }
        let report = serde_json::from_str(&text).unwrap();
        let truth = Truth {
            names: [0, 1].map(|at: usize| sides[at].names()),
            contents: manifests::contents(&sides),
            nothing: json!({"objects": [], "files": []}),
            settled: manifests::settled,
        };
        holds(&report, code, &truth, seed);
        shapes.take(&report);
    }
    shapes.have(&[
        "/objects/[]",
        "/objects/[]/metadata/labels",
        "/objects/[]/data/a",
        "/objects/[]/data/password",
        "/objects/[]/rules/-",
        "/objects/[]/spec/ports/[]",
        "/objects/[]/spec/template/spec/containers/[]",
        "/objects/[]/spec/template/spec/containers/[]/env/[]",
        "/objects/[]/spec/template/spec/initContainers/0",
        "/objects/[]/spec/template/spec/tolerations/-",
        "/files/[]",
        "/files/[]/text",
        "/files/[]/documents/0",
    ]);
}

/// Which sorts of changes were told, so that none is left out by the dice.
#[derive(Default)]
struct Shapes {
    equal: usize,
    natures: BTreeSet<String>,
    paths: BTreeSet<String>,
}

impl Shapes {
    fn take(&mut self, report: &Value) {
        self.equal += usize::from(report["equal"] == true);
        for namespace in report["namespaces"].as_array().unwrap() {
            for change in namespace["changes"].as_array().unwrap() {
                self.natures.insert(format!("{} {}", namespace["change"], change["change"]));
                let mut shape = String::new();
                for step in change["path"].as_str().unwrap().split('/').skip(1) {
                    shape.push('/');
                    shape.push_str(match step.as_bytes().first() {
                        Some(b'[') if step.contains('#') => "[]#",
                        Some(b'[') => "[]",
                        Some(b'0'..=b'9') => "0",
                        _ => step,
                    });
                    self.paths.insert(shape.clone());
                }
            }
        }
    }

    fn have(&self, paths: &[&str]) {
        assert!(self.equal > 20, "{} pairs are equal", self.equal);
        assert_eq!(self.natures.len(), 5, "{:?}", self.natures);
        for path in paths {
            assert!(self.paths.contains(*path), "no change at {path}: {:#?}", self.paths);
        }
    }
}
