//! Holds the archives that torte writes against those of the real Flux: the same entries give the same bytes.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;

use flux_cases::object;
use serde_json::Value;
use torte::bundle::archive::{END, Entry, append};
use torte::oci::Digest;

#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "support/flux_cases.rs"]
mod flux_cases;

/// What torte refuses to pack, so that there is nothing to compare: names that are not UTF-8.
const NOT_OURS: [&str; 1] = ["041-not-utf8-names"];

/// The contents of a case's files, by their SHA-256. A link stands in an archive under its own name.
fn contents(tree: &Value) -> HashMap<String, Vec<u8>> {
    let text = |file: &Value| match &file["text"] {
        Value::String(text) => text.clone(),
        _ => {
            file.as_str().unwrap_or_else(|| panic!("a form of content that is not known: {file}")).to_owned()
        }
    };
    let by_digest = |bytes: Vec<u8>| (Digest::of(&bytes).hex().to_owned(), bytes);
    let files = object(&tree["files"]).chain(object(&tree["outside"]));
    files.map(|(_, file)| by_digest(text(file).into_bytes())).collect()
}

/// One recorded entry as torte writes it, and the same with the recorded mode, which torte never writes but for 0644 and
/// 0755.
fn written(recorded: flux_cases::Entry<'_>, contents: &HashMap<String, Vec<u8>>) -> (Vec<u8>, Vec<u8>) {
    let (path, mode) = (recorded.name(), recorded.mode());
    let mut ours = Vec::new();
    let content = if recorded.is_directory() {
        append(&Entry::Directory { path }, &mut ours);
        0
    } else {
        let bytes = &contents[recorded.sha256()];
        append(&Entry::File { path, is_executable: mode & 0o111 != 0, bytes }, &mut ours);
        bytes.len().next_multiple_of(512)
    };
    let mut patched = ours.clone();
    let header = &mut patched[ours.len() - content - 512..][..512];
    header[100..108].copy_from_slice(format!("{mode:07o}\0").as_bytes());
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    (ours, patched)
}

#[test]
fn the_same_entries_give_the_bytes_of_flux() {
    let (mut equal, mut equal_but_for_modes) = (0, 0);
    for case in flux_cases::cases().iter().filter(|case| !NOT_OURS.contains(&case.name())) {
        let mut contents = contents(case.tree());
        for run in case.runs().filter(|run| run.succeeded()) {
            // What Flux read from its standard input is the one file of the archive, without the line ends at its end.
            let mut stdin = run.stdin();
            while stdin.pop_if(|byte| matches!(byte, b'\r' | b'\n')).is_some() {}
            contents.insert(Digest::of(&stdin).hex().to_owned(), stdin);
            let (ours, patched): (Vec<_>, Vec<_>) =
                run.entries().map(|entry| written(entry, &contents)).unzip();
            let (ours, patched) = (ours.concat(), patched.concat());
            let archive = [patched.as_slice(), &END].concat();
            let at = format!("{} {:?}", case.name(), run.args());
            assert_eq!(archive.len() as u64, run.size(), "{at}");
            assert_eq!(Digest::of(&archive).hex(), run.sha256(), "{at}");
            // The modes that torte writes, so that nothing was patched.
            assert_eq!(ours == patched, run.entries().all(flux_cases::Entry::is_usual), "{at}");
            if ours == patched {
                equal += 1;
            } else {
                equal_but_for_modes += 1;
            }
        }
    }
    // So that no change of the fixtures makes this test an empty one.
    assert!(equal >= 40 && equal_but_for_modes >= 20, "{equal}, {equal_but_for_modes}");
}
