//! Every recorded text and range against every recorded version: what Flux's own code says of them.

#![allow(clippy::unwrap_used, reason = "a golden file of another shape must fail the test")]

use std::cmp::Ordering;
use std::path::Path;

use serde_json::Value;
use torte::oci::{Range, Version};

fn golden() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden/semver.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn rows<'a>(golden: &'a Value, name: &str) -> &'a [Value] {
    golden[name].as_array().unwrap()
}

/// The versions among the texts, with the place that each has in Flux's order; equal ones share theirs.
fn versions(golden: &Value) -> Vec<(&str, u64, Version)> {
    let counted =
        rows(golden, "tags").iter().filter_map(|row| Some((row["tag"].as_str()?, row["rank"].as_u64()?)));
    counted.map(|(text, rank)| (text, rank, Version::of(text).expect(text))).collect()
}

#[test]
fn the_same_texts_are_versions() {
    let golden = golden();
    let mut wrong = Vec::new();
    for row in rows(&golden, "tags") {
        let text = row["tag"].as_str().unwrap();
        if Version::of(text).is_some() != row.get("version").is_some() {
            wrong.push(text);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(rows(&golden, "tags").len() > versions(&golden).len() + 40);
}

#[test]
fn versions_stand_in_the_same_order() {
    let golden = golden();
    let versions = versions(&golden);
    for (left, place, one) in &versions {
        for (right, other_place, other) in &versions {
            assert_eq!(one.cmp(other), place.cmp(other_place), "{left} and {right}");
            assert_eq!(one == other, one.cmp(other) == Ordering::Equal, "{left} and {right}");
        }
    }
}

#[test]
fn ranges_take_the_same_versions() {
    let golden = golden();
    let versions = versions(&golden);
    let (mut wrong, mut verdicts) = (Vec::new(), 0);
    for row in rows(&golden, "ranges") {
        let text = row["range"].as_str().unwrap();
        let expected = row.get("takes").map(|takes| takes.as_str().unwrap());
        let takes = |range: Range| {
            let bit = |(_, _, version): &(_, _, Version)| if range.holds(version) { '1' } else { '0' };
            versions.iter().map(bit).collect::<String>()
        };
        let ours = text.parse::<Range>().ok().map(takes);
        verdicts += expected.map_or(1, str::len);
        if ours.as_deref() != expected {
            wrong.push(format!("{text:?}\n  ours: {ours:?}\n  Flux: {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(verdicts > 40_000, "{verdicts}");
}
