//! The index and what it selects, held against what yaml.v3 makes of the same text.

use super::*;

fn picked<'a>(index: &str, paths: &[&'a str]) -> Vec<&'a str> {
    let selection = read(index.as_bytes()).unwrap();
    paths.iter().copied().filter(|path| selection.picks(path).unwrap()).collect()
}

/// Line, column and rule of each fault.
fn faults(index: &str) -> Vec<(u32, u32, &'static str)> {
    let faults = read(index.as_bytes()).expect_err(index);
    faults.into_iter().map(|fault| (fault.line, fault.column, fault.rule)).collect()
}

#[test]
fn without_an_index_the_end_of_the_path_decides() {
    let tree = Tree::in_memory(std::collections::BTreeMap::new());
    let selection = Selection::of(&tree).unwrap();
    for path in ["features.yml", "a/b.features.yaml", "myfeatures.yml", ".git/features.yml"] {
        assert_eq!(selection.picks(path), Ok(true), "{path}");
    }
    for path in ["features.json", "Features.yml", "features.yml.bak"] {
        assert_eq!(selection.picks(path), Ok(false), "{path}");
    }
}

#[test]
fn what_is_excluded_is_not_taken_whatever_includes_it() {
    assert_eq!(picked("include: ['*.yml']\nexclude: [b.yml]\n", &["a.yml", "b.yml", "c.txt"]), ["a.yml"]);
    assert_eq!(picked("exclude: [b.yml]\n", &["features.yml"]), [""; 0], "the defaults are replaced");
    assert_eq!(picked("---\n", &["features.yml"]), [""; 0]);
}

#[test]
fn scalars_are_the_text_that_is_written_and_nulls_are_left_out() {
    let paths = ["1", "2.50", "True", "017", "~", "null", "", "hi", "aGk="];
    let index = "include: [1, 2.50, True, 017, ~, null, !!binary aGk=]\n";
    assert_eq!(picked(index, &paths), ["1", "2.50", "True", "017", "hi"]);
}

#[test]
fn only_the_first_document_and_the_known_keys_are_read() {
    assert_eq!(picked("include: [a]\n---\n[broken", &["a"]), ["a"]);
    assert_eq!(picked("author: {me: 1, me: 2}\nversion: 7\ninclude: [a]\n", &["a"]), ["a"]);
    assert_eq!(picked("base: &base {include: [a]}\n<<: *base\n", &["a"]), ["a"]);
}

#[test]
fn every_fault_has_its_place() {
    assert_eq!(faults(""), [(1, 1, "index-empty")]);
    assert_eq!(faults("# nothing\n"), [(1, 1, "index-empty")]);
    assert_eq!(faults("- a\n"), [(1, 1, "index")]);
    assert_eq!(faults("include: a.yml\n"), [(1, 10, "index")]);
    assert_eq!(faults("include: [a]\nexclude: {}\n"), [(2, 10, "index")]);
    assert_eq!(
        faults("include:\n- {a: b}\n- '[a'\nversion: []\n"),
        [(2, 3, "index"), (3, 3, "bad-pattern"), (4, 10, "index"),]
    );
    assert_eq!(faults("include: [a]\ninclude: [b]\n"), [(2, 1, "duplicate-key")]);
    assert_eq!(faults("<<: 3\ninclude: [y]\n")[0].2, "bad-merge");
    assert_eq!(faults("include: [!!int x]\n"), [(1, 17, "index")]);
}

#[test]
fn a_crash_counts_even_where_the_file_is_excluded_and_another_doubt_does_not() {
    let crash = read(b"include: ['a{', a]\nexclude: [a]\n").unwrap();
    assert_eq!(crash.picks("a").unwrap_err().reason, Reason::Crash);
    assert_eq!(crash.picks("b"), Ok(false));
    let doubt = "include: ['??.yml']\n";
    assert_eq!(read(doubt.as_bytes()).unwrap().picks("\u{e9}bc.ym").map_err(|doubt| doubt.reason), Ok(false));
    let settled = read("include: ['{[!a]b,{?,}b*}c*d', '*']\n".as_bytes()).unwrap();
    assert_eq!(settled.picks("xbcd"), Ok(true));
}

#[test]
fn the_words_name_the_patterns() {
    assert_eq!(Selection::default().in_words(), "`**features.yml` or `**features.yaml`");
    assert_eq!(read(b"include: [a, 'b*']\n").unwrap().in_words(), "`a` or `b*`");
    assert!(read(b"exclude: [a]\n").unwrap().in_words().contains("`include`"));
}
