//! Holds the documents to the repository: links lead somewhere, and the tests that they name are there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn documents() -> Vec<PathBuf> {
    let mut found = vec![root().join("README.md")];
    let mut waiting = vec![root().join("docs")];
    while let Some(directory) = waiting.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found
}

/// The relative targets of the links in a text, without their anchors.
fn links(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    let targets = targets.map(|(target, _)| target.split('#').next().unwrap_or_default());
    targets.filter(|target| !target.is_empty() && !target.contains(':')).collect()
}

#[test]
fn links_lead_to_files_that_are_there() {
    assert_eq!(links("[a](b.md#c) [d](https://e.f) ![g](../h.svg) [i](#j)"), ["b.md", "../h.svg"]);
    let mut wrong = Vec::new();
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for link in links(&text) {
            if !document.parent().unwrap().join(link).exists() {
                wrong.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The tests that a text names: after a line that begins with a dash, up to the end of the paragraph, each after the
/// module that it stands in.
fn tests_named(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut module = String::new();
    for paragraph in text.split("\n\n").filter_map(|part| part.split_once("— ")) {
        for name in paragraph.1.split('`').skip(1).step_by(2) {
            if name.contains("::") || !name.contains('_') {
                name.clone_into(&mut module);
            } else {
                found.push((module.clone(), name.to_owned()));
            }
        }
    }
    found
}

/// Whether a test of this name stands in a module of the library (`store::layout`) or in a file of stories.
fn is_there(module: &str, test: &str) -> bool {
    let path = module.replace("::", "/");
    let files = [format!("src/{path}.rs"), format!("src/{path}/tests.rs"), format!("tests/{path}.rs")];
    let texts = files.iter().filter_map(|file| fs::read_to_string(root().join(file)).ok());
    texts.into_iter().any(|text| {
        text.contains(&format!("#[test]\nfn {test}(")) || text.contains(&format!("#[test]\n    fn {test}("))
    })
}

#[test]
fn the_tests_that_prove_a_promise_are_there() {
    let text = fs::read_to_string(root().join("docs/guarantees.md")).unwrap();
    let named = tests_named(&text);
    assert!(named.len() > 30, "only {} tests are named", named.len());
    let missing: Vec<_> = named.iter().filter(|(module, test)| !is_there(module, test)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// The code in a cell of a table.
fn codes(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(|code| code.replace("\\|", "|")).collect()
}

#[test]
fn each_row_of_the_table_of_ranges_holds() {
    use torte::oci::{Range, Version};
    let text = fs::read_to_string(root().join("docs/versions.md")).unwrap();
    let (_, table) = text.split_once("| range | in it | not in it |").unwrap();
    let rows: Vec<&str> = table.lines().skip(2).take_while(|line| line.starts_with('|')).collect();
    assert!(rows.len() > 15, "{rows:#?}");
    for row in rows {
        let cells: Vec<&str> = row.trim_matches(['|', ' ']).split(" | ").collect();
        let [ranges, inside, outside] = cells[..] else { panic!("{row}") };
        for range in codes(ranges) {
            let range: Range = range.parse().unwrap_or_else(|error| panic!("{range}: {error}"));
            let holds = |tag: &str| Version::of(tag).is_some_and(|version| range.holds(&version));
            assert!(codes(inside).iter().all(|tag| holds(tag)), "{row}");
            assert!(!codes(outside).iter().any(|tag| holds(tag)), "{row}");
        }
    }
}
