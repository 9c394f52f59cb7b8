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
    &["kinds", "signing"],
    &["source", "store", "registry"],
    &["repository"],
    &["bundle"],
    &["oci"],
    &["disk", "runtime", "progress"],
];

/// Files that stand beside a room's own and are compiled for tests alone.
const TEST_STAGES: [&str; 2] = ["repository/contract.rs", "store/fixture.rs"];

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

/// A text without its lines of comment.
fn code(text: &str) -> String {
    let lines: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    lines.join("\n")
}

/// The rooms that a text names by `crate::room` or `crate::{room, room::item}`.
fn seen(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in code(text).split("crate::").skip(1) {
        match part.strip_prefix('{') {
            Some(group) => found.extend(firsts(group)),
            None => found.push(word(part)),
        }
    }
    found
}

fn word(text: &str) -> String {
    text.trim_start().chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

/// The first word of each path of a group, whose opening brace is gone already.
fn firsts(group: &str) -> Vec<String> {
    let mut found = vec![word(group)];
    let mut depth = 1;
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => found.push(word(&group[at + 1..])),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}

/// A formatted text without the items, fields and statements that are for tests alone.
fn without_tests(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut kept = String::new();
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).peekable();
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            kept.extend([line, "\n"]);
            continue;
        }
        let depth = indent(line);
        let goes_on = |next: &str| {
            indent(next) > depth
                || (indent(next) == depth && next.trim_start().starts_with(['{', '}', ')', ']']))
        };
        while let Some(inner) = lines.next() {
            let is_whole = inner.ends_with(['}', ';', ',']);
            if is_whole && !lines.peek().is_some_and(|next| goes_on(next)) {
                break;
            }
        }
    }
    kept
}

#[test]
fn imports_are_seen_in_groups_too() {
    let text = "use crate::kinds::flipt;\n// crate::never\nuse crate::{\n    cli, oci::{Digest, Tag},\n    disk};\nuse a::{b};";
    assert_eq!(seen(text), ["kinds", "cli", "oci", "disk"]);
}

#[test]
fn only_what_is_for_tests_is_passed_over() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n#[cfg(test)]\nfn f<T>()\nwhere\n    T: X,\n{\n    1;\n}\n#[cfg(test)]\nmod fixture;\nstruct S {\n    #[cfg(test)]\n    c: u8,\n    d: u8,\n}\nfn e() {\n    #[cfg(test)]\n    let f =\n        {\n        1;\n    };\n    g();\n}\n";
    let kept = "fn a() {}\nstruct S {\n    d: u8,\n}\nfn e() {\n    g();\n}\n";
    assert_eq!(without_tests(text), kept);
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
            if is_room && other != room && floor(&other) <= floor(&room) {
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

/// A capability, the words that betray it, and the rooms that may have it.
const DOORS: [(&str, &[&str], &[&str]); 6] = [
    ("command line types", &["clap::", "use clap"], &["cli", "completions"]),
    ("HTTP", &["reqwest", "hyper::", "hyper_util"], &["registry", "serve"]),
    ("the environment", &["std::env", "env::var", "SystemTime::now"], &["settings"]),
    ("printing", &["println!", "eprintln!", "io::stdout", "io::stderr"], &["output"]),
    ("files", &["std::fs", "fs::File", "tempfile::"], &["disk", "source", "store"]),
    ("async", &["async fn", ".await", "async move"], &["registry", "serve", "runtime"]),
];

/// Single files that have a capability which their room has not, and why (`docs/decisions/0005-where-the-house-differs.md`).
const EXEMPTIONS: [(&str, &str, &str); 5] = [
    ("command line types", "lib.rs", "parses the arguments before any verb is known"),
    ("the environment", "main.rs", "hands the process's own to the library"),
    ("printing", "main.rs", "hands the process's own streams to the library"),
    ("printing", "settings.rs", "asks whether standard output is a terminal, and writes nothing"),
    (
        "files",
        "registry/credentials/file.rs",
        "reads the files of Docker and Podman, which are no part of a store",
    ),
];

#[test]
fn each_capability_stays_behind_its_door() {
    let mut wrong = Vec::new();
    let mut unused: Vec<_> = EXEMPTIONS.iter().map(|(what, file, _)| (*what, *file)).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (room, path, text) in sources() {
        let file = path.strip_prefix(&root).unwrap();
        let is_test = path.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests");
        if is_test || TEST_STAGES.iter().any(|stage| file == Path::new(stage)) {
            continue;
        }
        let code = code(&without_tests(&text));
        for (what, words, _) in DOORS.iter().filter(|(.., rooms)| !rooms.contains(&room.as_str())) {
            let is_exempt = EXEMPTIONS.iter().any(|(of, place, _)| of == what && file == Path::new(place));
            for line in code.lines().filter(|line| words.iter().any(|word| line.contains(word))) {
                if is_exempt {
                    unused.retain(|(of, place)| !(of == what && file == Path::new(place)));
                } else {
                    wrong.push(format!("{}: {what}: {}", file.display(), line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(unused.is_empty(), "nothing needs these exemptions any more: {unused:?}");
}
