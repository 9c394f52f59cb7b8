//! Holds `build --profile flux` against every archive that the real flux made of a directory or a file: the same entries in
//! the same order, and where flux has the modes that torte writes, the same bytes. The trees hold links, pipes and names
//! that are not UTF-8, which only Unix lets a test make.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use flux_cases::{Case, Run};
use serde_json::Value;
use torte::oci::Digest;

#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "support/flux_cases.rs"]
mod flux_cases;

/// What torte refuses: the case, whether it is about the runs that follow links or those with a list of what to ignore,
/// the words that tell it, and why.
const REFUSED: [(&str, &str, &str, &str); 5] = [
    (
        "002-single-file-modes",
        "--ignore-paths",
        "nothing to pack",
        "the one file is ignored, and flux packs a bare root",
    ),
    ("027-symlink-outside", "--resolve-symlinks", "broken-link", "flux refuses it as well"),
    ("028-symlink-outside-ok", "--resolve-symlinks", "link-leaves", "flux packs files from anywhere"),
    ("041-not-utf8-names", "", "name-not-utf8", "no manifest of a bundle, being JSON, can name such a file"),
    ("046-helm-chart", "", "helm-chart", "neither Flux nor Argo CD takes a chart in this form"),
];

/// One entry: its name, and for a file its digest and whether its owner may run it.
type Packed = (String, Option<(String, bool)>);

fn torte(store: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_torte"));
    command.env_clear().env("HOME", store).env("TORTE_STORE", store).args(arguments).output().unwrap()
}

fn build(run: Run<'_>, root: &Path, store: &Path) -> Output {
    let input = run.input(root);
    let links = if run.follows_links() { "follow" } else { "skip" };
    let mut arguments =
        vec!["build", "app", input.to_str().unwrap(), "--kind", "kubernetes", "--profile", "flux"];
    arguments.extend(["--symlinks", links]);
    // With `=`, for a list may be empty.
    let list = run.ignore_paths().map(|list| format!("--ignore-paths={list}"));
    arguments.extend(list.as_deref());
    torte(store, &arguments)
}

/// The archive of the bundle, uncompressed.
fn archive(store: &Path) -> Vec<u8> {
    let shown = torte(store, &["inspect", "app", "--format", "json"]);
    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    let [layer] = shown["layers"].as_array().unwrap().as_slice() else { panic!("{shown}") };
    let hex = layer["digest"].as_str().unwrap().trim_start_matches("sha256:");
    let blob = fs::read(store.join("app/blobs/sha256").join(hex)).unwrap();
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(blob.as_slice()).read_to_end(&mut bytes).unwrap();
    bytes
}

/// What another reader than torte's finds in an archive.
fn entries(bytes: &[u8]) -> Vec<Packed> {
    let mut archive = tar::Archive::new(bytes);
    let entry = |entry: std::io::Result<tar::Entry<'_, &[u8]>>| {
        let mut entry = entry.unwrap();
        let name = String::from_utf8(entry.path_bytes().into_owned()).unwrap();
        let mode = entry.header().mode().unwrap();
        if entry.header().entry_type() == tar::EntryType::Directory {
            assert_eq!(mode, 0o755, "{name}");
            return (name, None);
        }
        assert_eq!(entry.header().entry_type(), tar::EntryType::Regular, "{name}");
        assert!([0o644, 0o755].contains(&mode), "{name}: {mode:o}");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        (name, Some((Digest::of(&content).hex().to_owned(), mode == 0o755)))
    };
    archive.entries().unwrap().map(entry).collect()
}

fn recorded(run: Run<'_>) -> Vec<Packed> {
    run.entries()
        .map(|entry| {
            let content = (entry.sha256().to_owned(), entry.mode() & 0o100 != 0);
            (entry.name().to_owned(), (!entry.is_directory()).then_some(content))
        })
        .collect()
}

/// Flux ran as root; whoever runs this test need not be, and no mode but the owner's right to run a file is packed.
fn make_readable(case: &Case, root: &Path) {
    for (name, _) in flux_cases::object(&case.tree()["files"]) {
        let path = root.join(name);
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_mode(permissions.mode() | 0o400);
        fs::set_permissions(path, permissions).unwrap();
    }
}

/// The words by which torte refuses a run that it refuses.
fn refusal(case: &Case, run: Run<'_>) -> Option<&'static str> {
    let is_meant = |(name, flag, ..): &&(&str, &str, &str, &str)| {
        *name == case.name() && run.args().iter().any(|argument| argument.starts_with(flag))
    };
    REFUSED.iter().find(is_meant).map(|(_, _, words, _)| *words)
}

#[test]
fn every_tree_is_packed_as_flux_packs_it() {
    let (mut equal, mut equal_but_for_modes, mut refused) = (0, 0, 0);
    for case in flux_cases::cases() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("input");
        fs::create_dir(&root).unwrap();
        case.lay_out(&root);
        make_readable(&case, &root);
        for (number, run) in case.runs_on_disk().enumerate() {
            let at = format!("{} {:?}", case.name(), run.args());
            let store = place.path().join(format!("store-{number}"));
            let built = build(run, &root, &store);
            let told = String::from_utf8(built.stderr).unwrap();
            if let Some(words) = refusal(&case, run) {
                assert!(built.status.code() == Some(1) && told.contains(words), "{at}: {told}");
                refused += 1;
                continue;
            }
            assert!(built.status.success() && run.succeeded(), "{at}: {told}");
            let bytes = archive(&store);
            assert_eq!(entries(&bytes), recorded(run), "{at}");
            assert_eq!(bytes.len() as u64, run.size(), "{at}");
            // Where flux wrote another mode, torte must not have.
            let is_usual = run.entries().all(flux_cases::Entry::is_usual);
            assert_eq!(Digest::of(&bytes).hex() == run.sha256(), is_usual, "{at}");
            *(if is_usual { &mut equal } else { &mut equal_but_for_modes }) += 1;
        }
    }
    // So that no change of the fixtures makes this test an empty one.
    assert!(equal >= 38 && equal_but_for_modes >= 10, "{equal}, {equal_but_for_modes}");
    assert_eq!(refused, 7);
}
