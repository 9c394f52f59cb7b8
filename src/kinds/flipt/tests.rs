//! What is asked of a tree of flags as a whole, and how often its files are read for it.

use std::fmt::Write as _;

use super::*;
use crate::kinds::{self, Kind};

fn tree(files: impl IntoIterator<Item = (String, String)>) -> Tree {
    Tree::in_memory(files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect())
}

fn faults(tree: &mut Tree) -> Vec<Fault> {
    match read(tree, &Options::new(Check::References, 2)) {
        Err(Error::Faults { faults, .. }) => faults,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_flood_of_broken_references_is_cut_off_and_quoted_at_once() {
    // The lines of a megabyte, found anew for each of these, take minutes.
    let mut text =
        "# x\n".repeat(250_000) + "flags:\n- key: f\n  name: F\n  type: VARIANT_FLAG_TYPE\n  rules:\n";
    for at in 0..10_000 {
        writeln!(text, "  - segment: s{at}").unwrap();
    }
    let small = "flags:\n- key: f\n  name: F\n  rules: [{segment: t}]\nnamespace: b\n";
    let files = [("1.features.yml", text.as_str()), ("2.features.yml", small)];
    let faults = faults(&mut tree(files.map(|(path, text)| (path.to_owned(), text.to_owned()))));
    assert_eq!(faults.len(), 1002);
    assert_eq!(faults[999].excerpt.as_deref(), Some("  - segment: s999"));
    let [more, last] = &faults[1000..] else { unreachable!() };
    assert_eq!(
        (more.rule, more.message.as_str()),
        ("more-faults", "at least 9000 more of this file are not told")
    );
    assert_eq!(
        (last.path.as_str(), last.excerpt.as_deref()),
        ("2.features.yml", Some("  rules: [{segment: t}]"))
    );
}

#[test]
fn the_index_is_read_once_however_many_files_there_are() {
    // A megabyte, read anew for each of these files, takes minutes.
    let index = "# x\n".repeat(250_000) + "include: ['*.yaml']\n";
    let files = (0..2_000).map(|at| (format!("{at}.yaml"), "apiVersion: v1\nkind: Pod\n".to_owned()));
    let tree = tree(files.chain([(index::FILE.to_owned(), index)]));
    assert_eq!(Kind::recognise(&tree).unwrap(), Kind::Flipt);
    assert_eq!(kinds::files_with_secrets(&tree), [""; 0]);
}

#[test]
fn values_that_are_compared_count_with_the_memory_that_they_take() {
    let zeros = "0,".repeat(9_999) + "0";
    let payload = format!(r#"{{"namespace":"a","x":[{zeros}]}}"#);
    let layer = Descriptor::of(LAYER, payload.as_bytes());
    // Each number is a value of 24 bytes, and points at a text of its own.
    let parse = |room: u64| kinds::parse(Kind::Flipt, &layer, payload.as_bytes(), &kinds::Room::of(room));
    assert_eq!(parse(240_000).err(), Some(kinds::Full));
    assert!(parse(640_000).is_ok());
}
