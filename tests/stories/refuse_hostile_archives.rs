//! Archives that want to write elsewhere, to show two readers two things, or to fill the machine: none leaves a trace.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::Sandbox;
use crate::support::archive::{END, Layer, file, gzip, long, write_layout};

mod contents;
mod names;
mod structure;

/// A hostile bundle, and words of the refusal that name what is wrong.
struct Row {
    name: &'static str,
    layers: Vec<Layer>,
    says: String,
}

/// A bundle of one layer whose bytes are these.
fn blob(name: &'static str, bytes: Vec<u8>, says: impl Into<String>) -> Row {
    Row { name, layers: vec![Layer::flux(bytes)], says: says.into() }
}

/// A bundle of one sound layer with these entries between two harmless ones.
fn tar(name: &'static str, entries: &[Vec<u8>], says: impl Into<String>) -> Row {
    let bytes = [file("before.yaml"), entries.concat(), file("other.yaml"), END.to_vec()].concat();
    blob(name, gzip(bytes), says)
}

/// A bundle of several layers.
fn bundle(name: &'static str, layers: Vec<Layer>, says: impl Into<String>) -> Row {
    Row { name, layers, says: says.into() }
}

/// Everything below a directory: type, permissions, when it was written, content.
fn snapshot(root: &Path) -> BTreeMap<String, String> {
    let entry = |entry: walkdir::DirEntry| {
        let about = entry.metadata().unwrap();
        let content = if about.is_file() { fs::read(entry.path()).unwrap() } else { Vec::new() };
        let digest = torte::oci::Digest::of(&content);
        // A directory's time changes when something is staged in it.
        let written = about.is_file().then(|| about.modified().unwrap());
        let state = format!("{:?} {:?} {written:?} {digest}", about.file_type(), about.permissions());
        (entry.path().display().to_string(), state)
    };
    walkdir::WalkDir::new(root).into_iter().map(|found| entry(found.unwrap())).collect()
}

/// What starts torte with 128 MiB of memory, an eighth of what the largest bombs unpack to.
const BOUNDED: [&str; 4] = ["sh", "-c", "ulimit -v 131072 && exec \"$@\"", "sh"];
const UNBOUNDED: [&str; 1] = ["env"];
/// Far more than any row needs, so that a busy machine fails none.
const LONGEST: Duration = Duration::from_mins(5);
/// Somebody else than root.
const NOBODY: [&str; 4] = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
const NOBODYS_ID: u32 = 65534;

fn is_refused(row: &Row, as_nobody: bool) {
    let sandbox = Sandbox::new();
    write_layout(&sandbox.path("bundle"), &row.layers);
    sandbox.write("out/bystander", "mine").write("out/dir/kept", "mine").write("outside/kept", "mine");
    let mut launcher: Vec<&str> =
        if cfg!(target_os = "linux") { BOUNDED.to_vec() } else { UNBOUNDED.to_vec() };
    if as_nobody {
        launcher.extend(NOBODY);
        give_away(sandbox.root());
    }
    let before = snapshot(sandbox.root());
    let begun = Instant::now();

    let outcome = sandbox.run_through(&launcher, &["unpack", "ocidir://bundle:v1", "out", "--force"]);
    assert!(begun.elapsed() < LONGEST, "{} took {:?}", row.name, begun.elapsed());
    assert!(matches!(outcome.code, Some(1 | 5)), "{}: {:?}\n{}", row.name, outcome.code, outcome.stderr);
    outcome
        .prints("")
        .says("cannot unpack")
        .says(&row.says)
        .hides("panicked")
        .hides("\u{1b}")
        .hides("\u{202e}");
    assert_eq!(snapshot(sandbox.root()), before, "{}", row.name);
    assert!(!Path::new(names::ABSOLUTE).exists(), "{}", row.name);
}

#[cfg(unix)]
fn give_away(root: &Path) {
    for entry in walkdir::WalkDir::new(root) {
        std::os::unix::fs::lchown(entry.unwrap().path(), Some(NOBODYS_ID), Some(NOBODYS_ID)).unwrap();
    }
}

#[cfg(not(unix))]
fn give_away(_: &Path) {}

/// Whether torte can be run as somebody else from here: by root, where `setpriv` is, and the binary can be reached.
fn can_be_nobody() -> bool {
    let tried =
        Command::new(NOBODY[0]).args(&NOBODY[1..]).args([env!("CARGO_BIN_EXE_torte"), "--version"]).output();
    let can = tried.is_ok_and(|output| output.status.success());
    if !can {
        let _ =
            writeln!(std::io::stderr(), "skipped: the same as another user, which takes root and `setpriv`");
    }
    can
}

/// Runs all rows as whoever runs the tests and, where that is root, as somebody else too.
fn all_are_refused(rows: &[Row]) {
    let users: &[bool] = if can_be_nobody() { &[false, true] } else { &[false] };
    run(&rows.iter().flat_map(|row| users.iter().map(move |user| (row, *user))).collect::<Vec<_>>());
}

/// Runs rows, two at once.
fn run(runs: &[(&Row, bool)]) {
    std::thread::scope(|scope| {
        for part in runs.chunks(runs.len().div_ceil(2)) {
            scope.spawn(move || part.iter().for_each(|(row, as_nobody)| is_refused(row, *as_nobody)));
        }
    });
}

#[test]
fn names_that_lead_elsewhere_or_mislead() {
    all_are_refused(&names::rows());
}

#[test]
fn names_that_some_system_takes_for_the_same() {
    all_are_refused(&names::pairs());
}

#[test]
fn entries_that_are_no_plain_files_and_directories() {
    all_are_refused(&contents::types());
}

#[test]
fn archives_that_two_readers_would_see_differently() {
    all_are_refused(&structure::differentials());
}

#[test]
fn blobs_that_are_broken_or_no_archives() {
    all_are_refused(&structure::broken());
}

#[test]
fn bombs_that_would_fill_the_disk_or_the_memory() {
    // Once each: what they would fill is the same for everybody.
    let as_nobody = can_be_nobody();
    run(&contents::bombs().iter().map(|row| (row, as_nobody)).collect::<Vec<_>>());
}

#[test]
fn bundles_whose_layers_do_not_go_together() {
    all_are_refused(&contents::bundles());
}

#[test]
fn every_row_has_a_name_of_its_own_and_none_is_lost() {
    let sets = [names::rows(), names::pairs(), contents::types(), contents::bundles(), contents::bombs()];
    let others = [structure::differentials(), structure::broken()];
    let names: Vec<_> = sets.iter().chain(&others).flatten().map(|row| row.name).collect();
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), names.len());
    assert!(names.len() >= 185, "{}", names.len());
}

#[test]
fn the_same_archive_without_the_hostile_entry_is_unpacked() {
    let sandbox = Sandbox::new();
    write_layout(&sandbox.path("bundle"), &tar("sound", &[long("a/b.yaml")], "").layers);
    sandbox.run("unpack ocidir://bundle:v1 out").succeeds().says("3 files");
    assert_eq!(sandbox.read("out/a/b.yaml"), "hostile");
    assert_eq!(sandbox.read("out/before.yaml"), "hostile");
}

/// Where the system has such files they are written, and the user hears of it.
#[cfg(unix)]
#[test]
fn names_that_windows_cannot_have_are_written_with_a_warning() {
    let sandbox = Sandbox::new();
    let entries = [file("aux.yaml"), file("a:b"), file("dot."), file("ab/com1")];
    write_layout(&sandbox.path("bundle"), &tar("odd", &entries, "").layers);
    sandbox.run("unpack ocidir://bundle:v1 out").fails(1).says("`a:b` is refused: its path has a drive");
    let entries = [file("aux.yaml"), file("ab:c"), file("dot."), file("ab/com1")];
    fs::remove_dir_all(sandbox.path("bundle")).unwrap();
    write_layout(&sandbox.path("bundle"), &tar("odd", &entries, "").layers);
    let outcome = sandbox.run("unpack ocidir://bundle:v1 out").succeeds();
    outcome.says("`aux.yaml`: Windows takes it for a device (3 more names are like it)");
    assert_eq!(sandbox.read("out/aux.yaml"), "hostile");
}

#[test]
fn a_later_layer_of_an_image_lies_over_an_earlier_one() {
    let sandbox = Sandbox::new();
    let of = |content: &str, paths: &[&str]| {
        let entries: Vec<_> =
            paths.iter().map(|path| crate::support::archive::entry(b'0', path, content)).collect();
        Layer::image(gzip([entries.concat(), END.to_vec()].concat()))
    };
    let layers = [of("lower", &["a", "d/b", "d/c"]), of("middle", &["d/b", "e"]), of("upper", &["d/b"])];
    write_layout(&sandbox.path("bundle"), &layers);
    sandbox.run("unpack ocidir://bundle:v1 out").succeeds().says("4 files").hides("warning");
    for (path, content) in [("a", "lower"), ("d/b", "upper"), ("d/c", "lower"), ("e", "middle")] {
        assert_eq!(sandbox.read(&format!("out/{path}")), content, "{path}");
    }
}
