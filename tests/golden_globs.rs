//! Every recorded pattern of `.flipt.yml` against every recorded path: the same files as Flipt, or a refusal.

#![allow(clippy::unwrap_used, reason = "a golden file of another shape must fail the test")]
#![allow(clippy::print_stdout, reason = "the counts of refusals are part of what the test tells")]

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use torte::kinds::flipt::patterns::Pattern;

/// What became of the rows.
#[derive(Default)]
struct Tally {
    equal: usize,
    refused: BTreeMap<String, Vec<String>>,
    wrong: Vec<String>,
}

fn golden(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden/flipt").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// The paths that a pattern takes, or why it is refused.
fn taken<'a>(pattern: &str, paths: &[&'a str]) -> Result<Vec<&'a str>, String> {
    let pattern = Pattern::new(pattern).map_err(|error| error.to_string())?;
    let mut taken = Vec::new();
    for path in paths {
        if pattern.takes(path).map_err(|doubt| format!("{:?}", doubt.reason))? {
            taken.push(*path);
        }
    }
    Ok(taken)
}

impl Tally {
    /// Holds a pattern that Flipt takes against the paths that Flipt takes with it.
    fn row(&mut self, pattern: &str, paths: &[&str], expected: &[&str]) {
        match taken(pattern, paths) {
            Ok(ours) if ours == expected => self.equal += 1,
            Ok(ours) => self.wrong.push(format!("{pattern}: {ours:?}, Flipt takes {expected:?}")),
            Err(reason) => self.refused.entry(reason).or_default().push(pattern.to_owned()),
        }
    }

    fn check(&self) {
        let refused: usize = self.refused.values().map(Vec::len).sum();
        let all = self.equal + refused + self.wrong.len();
        println!("{all} patterns: {} as Flipt, {refused} refused", self.equal);
        for (reason, patterns) in &self.refused {
            println!("  {reason}: {} such as {:?}", patterns.len(), &patterns[..patterns.len().min(5)]);
        }
        assert!(self.wrong.is_empty(), "other files than Flipt, silently:\n{}", self.wrong.join("\n"));
        assert!(refused * 100 <= all * 3, "more than 3 % refused");
    }
}

#[test]
fn chosen_patterns_take_the_files_that_flipt_takes() {
    let golden = golden("globs.json");
    let mut paths = strings(&golden["paths"]);
    paths.sort_unstable();
    let mut tally = Tally::default();
    for row in golden["patterns"].as_array().unwrap() {
        let pattern = row["pattern"].as_str().unwrap();
        if row.get("error").is_some() {
            assert!(taken(pattern, &paths).is_err(), "{pattern} is refused by Flipt");
        } else {
            let mut expected = strings(&row["matches"]);
            expected.sort_unstable();
            tally.row(pattern, &paths, &expected);
        }
    }
    tally.check();
}

#[test]
fn random_patterns_take_the_paths_that_flipt_takes() {
    let golden = golden("globs-random.json");
    let paths = strings(&golden["paths"]);
    let mut tally = Tally::default();
    for row in golden["patterns"].as_array().unwrap() {
        let pattern = row["p"].as_str().unwrap();
        if row.get("err").is_some() {
            assert!(taken(pattern, &paths).is_err(), "{pattern} is refused by Flipt, or crashes it");
        } else {
            let at = row.get("m").map(|indices| indices.as_array().unwrap().as_slice()).unwrap_or_default();
            let expected: Vec<&str> =
                at.iter().map(|index| paths[usize::try_from(index.as_u64().unwrap()).unwrap()]).collect();
            tally.row(pattern, &paths, &expected);
        }
    }
    tally.check();
}
