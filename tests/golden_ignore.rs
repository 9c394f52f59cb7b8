//! Holds listing and ignoring against what the real flux packed of the same directories: names, order, bytes, who may be
//! executed. The directories hold links, pipes and names that are not UTF-8, which only Unix lets a test make.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use flux_cases::{Run, golden, strings};
use serde_json::Value;
use torte::kinds::kubernetes::ignore::{Ignore, IgnoreError};
use torte::oci::Digest;
use torte::source::{Entry, File, FileType, Links, Tree};

#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "support/flux_cases.rs"]
mod flux_cases;

/// Links that flux follows out of the tree with `--resolve-symlinks`, or fails at, and torte refuses.
const REFUSED: [(&str, &str, &str); 4] = [
    ("027-symlink-outside", "abs", "broken-link"),
    ("027-symlink-outside", "secret.yaml", "link-leaves"),
    ("028-symlink-outside-ok", "odir", "link-leaves"),
    ("028-symlink-outside-ok", "secret.yaml", "link-leaves"),
];

/// An entry as it is compared: its name, and for a file its digest and whether it is executable.
type Packed = (String, Option<(String, bool)>);

/// What flux packed, without the root, names as torte shows them.
fn expected(run: Run<'_>) -> Vec<Packed> {
    let mut packed = Vec::new();
    for entry in run.entries() {
        let native = entry.native_name();
        // A directory whose name is not UTF-8 is a fault.
        if native == "." || entry.is_directory() && native.to_str().is_none() {
            continue;
        }
        let content = (entry.sha256().to_owned(), entry.mode() & 0o100 != 0);
        packed.push((native.to_string_lossy().into_owned(), (!entry.is_directory()).then_some(content)));
    }
    packed
}

fn packed(tree: &Tree, ignore: &Ignore, run: Run<'_>) -> Vec<Packed> {
    let content = |file: &File| match tree.load(file) {
        Ok(loaded) => (
            Digest::of(&loaded.bytes).to_string().trim_start_matches("sha256:").to_owned(),
            loaded.is_executable,
        ),
        // Flux ran as root, and packed these; whoever runs this test need not be.
        Err(_) if !file.is_utf8 || is_unreadable(run, &file.path) => {
            expected(run).into_iter().find(|(name, _)| *name == file.path).unwrap().1.unwrap()
        }
        Err(error) => panic!("{error}"),
    };
    let is_in = |entry: &Entry<'_>| match entry {
        Entry::Directory(path) => !ignore.ignores(path, true),
        Entry::File(file) => file.file_type == FileType::Regular && !ignore.ignores(&file.path, false),
    };
    let show = |entry: Entry<'_>| match entry {
        Entry::Directory(path) => (path.to_owned(), None),
        Entry::File(file) => (file.path.clone(), Some(content(file))),
    };
    tree.entries().filter(is_in).map(show).collect()
}

fn is_unreadable(run: Run<'_>, path: &str) -> bool {
    run.entries().find(|entry| entry.name() == path).is_some_and(|entry| entry.mode() & 0o400 == 0)
}

fn compare(name: &str, run: Run<'_>, root: &Path) {
    let follows = run.follows_links();
    let links = if follows { Links::Follow } else { Links::Keep };
    let input = run.input(root);
    let mut tree =
        if input == root { Tree::of_directory(root, links).unwrap() } else { Tree::of_file(&input).unwrap() };
    let refused: Vec<_> = REFUSED
        .iter()
        .filter(|(case, ..)| follows && *case == name)
        .map(|(_, path, rule)| (*path, *rule))
        .collect();
    let faults = tree.take_faults();
    let told: Vec<_> = faults.iter().map(|fault| (fault.path(), fault.rule())).collect();
    if name == "041-not-utf8-names" {
        assert_eq!(told, [("\u{fffd}", "name-not-utf8")]);
    } else {
        assert_eq!(told, refused, "{name}");
    }
    if !run.succeeded() {
        assert!(!refused.is_empty(), "{name}: flux refuses it");
        return;
    }
    let ignore = match run.ignore_paths() {
        None => Ignore::flux_defaults(),
        Some(list) => Ignore::of_list(list).unwrap(),
    };
    let is_beyond = |path: &str| refused.iter().any(|(link, _)| Path::new(path).starts_with(link));
    let expected: Vec<Packed> = expected(run).into_iter().filter(|(path, _)| !is_beyond(path)).collect();
    assert_eq!(packed(&tree, &ignore, run), expected, "{name} {:?}", run.args());
}

#[test]
fn every_directory_is_listed_as_flux_packs_it() {
    let mut compared = 0;
    for case in flux_cases::cases() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("input");
        fs::create_dir(&root).unwrap();
        case.lay_out(&root);
        for run in case.runs_on_disk() {
            compare(case.name(), run, &root);
            compared += 1;
        }
    }
    assert!(compared >= 57, "{compared} runs");
}

/// Patterns as the one record of comma-separated values that flux was given.
fn record(patterns: &[&str]) -> String {
    let entry = |text: &&str| {
        let is_quoted = text.contains([',', '"']);
        if is_quoted { format!("\"{}\"", text.replace('"', "\"\"")) } else { (*text).to_owned() }
    };
    patterns.iter().map(entry).collect::<Vec<_>>().join(",")
}

#[test]
fn every_recorded_set_of_patterns_drops_what_flux_drops() {
    let text = fs::read_to_string(golden().join("ignore-matrix.json")).unwrap();
    let mut rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let head = rows.next().unwrap();
    let entries: Vec<_> = strings(&head["entries"]).collect();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for row in rows {
        let patterns: Vec<_> = strings(&row["patterns"]).collect();
        let list = record(&patterns);
        let ignore = match list.split_once("\r\n") {
            None => Ignore::of_list(&list).unwrap(),
            // Flux stops here in silence; torte does not.
            Some((first_line, _)) => {
                assert_eq!(Ignore::of_list(&list).unwrap_err(), IgnoreError::LineBreak);
                Ignore::of_list(first_line).unwrap()
            }
        };
        let out =
            entries.iter().filter(|entry| ignore.ignores(entry.trim_end_matches('/'), entry.ends_with('/')));
        let ours: Vec<_> = out.map(|entry| entry.trim_end_matches('/')).collect();
        let dropped: Vec<_> = strings(&row["dropped"]).collect();
        if ours != dropped {
            wrong.push(format!("{patterns:?}\n  torte {ours:?}\n  flux  {dropped:?}"));
        }
        count += 1;
    }
    assert_eq!(count, 482);
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
