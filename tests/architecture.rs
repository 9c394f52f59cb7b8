//! Holds the house to its plan: imports only point down, each file has one responsibility and fits on a few screens.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the front door down; rooms on one line never see each other.
const FLOORS: [&[&str]; 12] = [
    &["main"],
    &["lib"],
    &["commands"],
    &["output", "serve", "completions"],
    &["settings"],
    &["cli"],
    &["kinds"],
    &["source", "store", "registry"],
    &["repository"],
    &["bundle"],
    &["oci"],
    &["disk", "runtime", "progress"],
];

/// Sights across that the plan allows, and why.
const ALLOWED: [(&str, &str); 1] = [
    // `serve` stands beside `output`; it stores what it is sent in the store's layouts, floors below.
    ("completions", "cli"),
];

const LONGEST: usize = 400;

fn rust_files(below: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let name = |path: &Path| {
        let first = path.strip_prefix(&root).unwrap().components().next().unwrap();
        first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
    };
    rust_files(&root)
        .into_iter()
        .map(|path| (name(&path), path.clone(), fs::read_to_string(&path).unwrap()))
        .collect()
}

fn floor(room: &str) -> usize {
    FLOORS
        .iter()
        .position(|rooms| rooms.contains(&room))
        .unwrap_or_else(|| panic!("`{room}` is not in the plan"))
}

/// The rooms that a text names by `crate::room`.
fn seen(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let mut found = Vec::new();
    for line in code {
        for part in line.split("crate::").skip(1) {
            let name: String =
                part.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            found.push(name);
        }
    }
    found
}

#[test]
fn imports_only_point_down() {
    let mut wrong = Vec::new();
    for (room, path, text) in sources() {
        if room == "lib" || room == "main" {
            continue;
        }
        for other in seen(&text) {
            let is_room = FLOORS.iter().any(|rooms| rooms.contains(&other.as_str()));
            let is_allowed = ALLOWED.contains(&(room.as_str(), other.as_str()));
            if is_room && other != room && floor(&other) <= floor(&room) && !is_allowed {
                wrong.push(format!("{}: {room} sees {other}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_room_is_in_the_plan() {
    for (room, ..) in sources() {
        floor(&room);
    }
}

#[test]
fn a_file_fits_on_a_few_screens() {
    let long: BTreeMap<_, _> = sources()
        .into_iter()
        .map(|(_, path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .collect();
    assert!(long.is_empty(), "above {LONGEST} lines: {long:#?}");
}

#[test]
fn a_file_says_its_responsibility_in_its_first_line() {
    for (_, path, text) in sources() {
        assert!(text.starts_with("//! "), "{} does not", path.display());
    }
}

/// A capability, the words that betray it, and the places that may have it.
const DOORS: [(&str, &[&str], &[&str]); 6] = [
    ("command line types", &["clap::", "use clap"], &["cli", "completions", "lib"]),
    ("HTTP", &["reqwest", "hyper::", "hyper_util"], &["registry", "serve"]),
    ("the environment", &["std::env", "env::var", "SystemTime::now"], &["settings", "main"]),
    ("printing", &["println!", "eprintln!", "io::stdout", "io::stderr"], &["output", "main", "settings"]),
    ("files", &["std::fs", "fs::File"], &["disk", "source", "store", "registry"]),
    ("async", &["async fn", ".await", "async move"], &["registry", "serve", "runtime"]),
];

#[test]
fn each_capability_stays_behind_its_door() {
    let mut wrong = Vec::new();
    for (room, path, text) in sources() {
        let is_test = path.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests");
        let body = text.split("#[cfg(test)]").next().unwrap_or(&text);
        let code: Vec<&str> = body.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for (what, words, rooms) in DOORS {
            if is_test || rooms.contains(&room.as_str()) {
                continue;
            }
            for line in code.iter().filter(|line| words.iter().any(|word| line.contains(word))) {
                wrong.push(format!("{}: {what}: {}", path.display(), line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
