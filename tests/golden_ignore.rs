//! Holds listing and ignoring against what the real flux packed of the same directories: names, order, bytes, who may be
//! executed. The directories hold links, pipes and names that are not UTF-8, which only Unix lets a test make.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use serde_json::Value;
use torte::kinds::kubernetes::ignore::{Ignore, IgnoreError};
use torte::oci::Digest;
use torte::source::{Entry, File, FileType, Links, Tree};

/// Links that flux follows out of the tree with `--resolve-symlinks`, or fails at, and torte refuses.
const REFUSED: [(&str, &str, &str); 4] = [
    ("027-symlink-outside", "abs", "broken-link"),
    ("027-symlink-outside", "secret.yaml", "link-leaves"),
    ("028-symlink-outside-ok", "odir", "link-leaves"),
    ("028-symlink-outside-ok", "secret.yaml", "link-leaves"),
];

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden/flux")
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap())
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn hex(text: &str) -> std::ffi::OsString {
    std::ffi::OsString::from_vec(hex::decode(text).unwrap())
}

/// Makes the tree of a case, and what stands beside it.
fn lay_out(tree: &Value, root: &Path) {
    for (name, file) in object(&tree["files"]) {
        let path = root.join(name);
        write(&path, file["text"].as_str().unwrap());
        let mode = file["mode"].as_str().or(tree["default_file"].as_str()).unwrap_or("0644");
        fs::set_permissions(path, fs::Permissions::from_mode(u32::from_str_radix(mode, 8).unwrap())).unwrap();
    }
    for (name, file) in object(&tree["files_hex"]) {
        write(&root.join(hex(name)), file["text"].as_str().unwrap());
    }
    for (name, text) in object(&tree["outside"]) {
        write(&root.parent().unwrap().join(name), text.as_str().unwrap());
    }
    for name in strings(&tree["empty_dirs"]) {
        fs::create_dir_all(root.join(name)).unwrap();
    }
    for (name, target) in object(&tree["symlinks"]) {
        symlink(target.as_str().unwrap(), root.join(name)).unwrap();
    }
    for name in strings(&tree["fifos"]) {
        assert!(std::process::Command::new("mkfifo").arg(root.join(name)).status().unwrap().success());
    }
}

/// The value of `--ignore-paths` in a run, as flux was given it.
fn ignore_paths(args: &[&str]) -> Option<String> {
    let at = args.iter().position(|arg| arg.starts_with("--ignore-paths"))?;
    let value = args[at].strip_prefix("--ignore-paths=").or_else(|| args.get(at + 1).copied());
    Some(value.unwrap().to_owned())
}

fn mode(entry: &Value) -> u32 {
    u32::from_str_radix(entry["mode"].as_str().unwrap(), 8).unwrap()
}

/// An entry as it is compared: its name, and for a file its digest and whether it is executable.
type Packed = (String, Option<(String, bool)>);

/// What flux packed, without the root, names as torte shows them.
fn expected(run: &Value) -> Vec<Packed> {
    let mut packed = Vec::new();
    for entry in run["tar"].as_array().unwrap() {
        let name = entry["name"].as_str().unwrap();
        let native = name.strip_prefix("hex:").map_or_else(|| name.into(), hex);
        let is_directory = entry["type"] == "5";
        // A directory whose name is not UTF-8 is a fault.
        if name == "." || is_directory && native.to_str().is_none() {
            continue;
        }
        let digest = entry["sha256"].as_str().unwrap_or_default().to_owned();
        let content = (!is_directory).then_some((digest, mode(entry) & 0o100 != 0));
        packed.push((native.to_string_lossy().into_owned(), content));
    }
    packed
}

fn packed(tree: &Tree, ignore: &Ignore, run: &Value) -> Vec<Packed> {
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

fn is_unreadable(run: &Value, path: &str) -> bool {
    let entry = run["tar"].as_array().unwrap().iter().find(|entry| entry["name"] == path);
    entry.is_some_and(|entry| mode(entry) & 0o400 == 0)
}

fn compare(name: &str, run: &Value, root: &Path) {
    let args: Vec<&str> = strings(&run["args"]).collect();
    let follows = args.contains(&"--resolve-symlinks");
    let links = if follows { Links::Follow } else { Links::Keep };
    let input = args[args.iter().position(|arg| *arg == "--path").unwrap() + 1];
    let mut tree = match input.strip_prefix("<CASE>/input").unwrap() {
        "" => Tree::of_directory(root, links).unwrap(),
        file => Tree::of_file(&root.join(&file[1..])).unwrap(),
    };
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
    if run["ok"] == false {
        assert!(!refused.is_empty(), "{name}: flux refuses it");
        return;
    }
    let ignore = match ignore_paths(&args) {
        None => Ignore::flux_defaults(),
        Some(list) => Ignore::of_list(&list).unwrap(),
    };
    let is_beyond = |path: &str| refused.iter().any(|(link, _)| Path::new(path).starts_with(link));
    let expected: Vec<Packed> = expected(run).into_iter().filter(|(path, _)| !is_beyond(path)).collect();
    assert_eq!(packed(&tree, &ignore, run), expected, "{name} {}", run["id"]);
}

#[test]
fn every_directory_is_listed_as_flux_packs_it() {
    let mut cases: Vec<_> =
        fs::read_dir(golden().join("cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let mut compared = 0;
    for path in cases {
        let case = json(&path);
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("input");
        fs::create_dir(&root).unwrap();
        lay_out(&case["tree"], &root);
        let runs = case["runs"].as_array().unwrap();
        for run in runs.iter().filter(|run| !strings(&run["args"]).any(|arg| arg == "-")) {
            compare(case["name"].as_str().unwrap(), run, &root);
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
