//! Holds the archives that torte writes against those of the real Flux: the same entries give the same bytes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use torte::bundle::archive::{END, Entry, Tar};
use torte::oci::Digest;

/// What torte refuses to pack, so that there is nothing to compare: names that are not UTF-8.
const NOT_OURS: [&str; 1] = ["041-not-utf8-names"];

/// The contents of a case's files, by their SHA-256. A link stands in an archive under its own name.
fn contents(tree: &Value) -> HashMap<String, Vec<u8>> {
    let texts = |key: &str| tree[key].as_object().cloned().unwrap_or_default().into_values();
    let text = |file: Value| match &file["text"] {
        Value::String(text) => text.clone(),
        _ => {
            file.as_str().unwrap_or_else(|| panic!("a form of content that is not known: {file}")).to_owned()
        }
    };
    let by_digest = |bytes: Vec<u8>| (Digest::of(&bytes).hex().to_owned(), bytes);
    texts("files").chain(texts("outside")).map(|file| by_digest(text(file).into_bytes())).collect()
}

/// One recorded entry as torte writes it, and the same with the recorded mode, which torte never writes but for 0644 and
/// 0755.
fn written(recorded: &Value, contents: &HashMap<String, Vec<u8>>) -> (Vec<u8>, Vec<u8>) {
    let path = recorded["name"].as_str().unwrap();
    let mode = u32::from_str_radix(recorded["mode"].as_str().unwrap(), 8).unwrap();
    let mut tar = Tar::default();
    let content = match recorded["type"].as_str().unwrap() {
        "5" => {
            tar.add(&Entry::Directory { path });
            0
        }
        "0" => {
            let bytes = &contents[recorded["sha256"].as_str().unwrap()];
            tar.add(&Entry::File { path, is_executable: mode & 0o111 != 0, bytes });
            bytes.len().next_multiple_of(512)
        }
        other => panic!("type {other}"),
    };
    let ours = tar.into_pieces().concat();
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
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden/flux/cases");
    for file in fs::read_dir(cases).unwrap() {
        let case: Value = serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap();
        let name = case["name"].as_str().unwrap();
        let mut contents = contents(&case["tree"]);
        for run in case["runs"].as_array().unwrap() {
            let Some(recorded) = run["tar"].as_array().filter(|_| !NOT_OURS.contains(&name)) else {
                continue;
            };
            // What Flux read from its standard input is the one file of the archive, without the line ends at its end.
            let mut stdin = hex::decode(run["stdin_hex"].as_str().unwrap_or_default()).unwrap();
            while stdin.pop_if(|byte| matches!(byte, b'\r' | b'\n')).is_some() {}
            contents.insert(Digest::of(&stdin).hex().to_owned(), stdin);
            let (ours, patched): (Vec<_>, Vec<_>) =
                recorded.iter().map(|entry| written(entry, &contents)).unzip();
            let (ours, patched) = (ours.concat(), patched.concat());
            let archive = [patched.as_slice(), &END].concat();
            let at = format!("{name} {}", run["args"]);
            assert_eq!(archive.len() as u64, run["uncompressed_size"].as_u64().unwrap(), "{at}");
            assert_eq!(Digest::of(&archive).hex(), run["uncompressed_sha256"].as_str().unwrap(), "{at}");
            // The modes that torte writes, so that nothing was patched.
            let is_usual = |entry: &Value| {
                let mode = entry["mode"].as_str().unwrap();
                if entry["type"] == "5" { mode == "0755" } else { ["0644", "0755"].contains(&mode) }
            };
            assert_eq!(ours == patched, recorded.iter().all(is_usual), "{at}");
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
