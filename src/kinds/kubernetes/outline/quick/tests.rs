//! The law of the quick way: where it gives an answer, the full reader gives the same, and finds no fault.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::kinds::kubernetes::outline::{YAML, full};

/// Whether a file went the quick way; the law holds if this returns.
fn is_quick(bytes: &[u8]) -> bool {
    let Some(quick) = yaml(bytes) else {
        return false;
    };
    let shown = String::from_utf8_lossy(bytes);
    let full = full::yaml(bytes);
    assert_eq!(full.outline.unreadable, None, "the full reader refuses:\n{shown}");
    assert_eq!(quick, full, "the readers differ over:\n{shown}");
    true
}

/// Holds the law over so many inputs, and returns how many of them went the quick way.
fn hold(cases: u32, inputs: impl Strategy<Value = String>) -> u32 {
    let quick = std::cell::Cell::new(0);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let outcome = TestRunner::new(config).run(&inputs, |text| {
        quick.set(quick.get() + u32::from(is_quick(text.as_bytes())));
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    quick.get()
}

/// Lines without their indent, most of them on the edge of what the quick way knows; a `¦` stands between them.
const PIECES: &str = "\
a: ¦ b: ¦ a: 1 ¦ b: x ¦ c: y z ¦ - x ¦ - y ¦ - ¦ - a: 1 ¦ - b: ¦ -  a: x ¦ - - x ¦ - ? x ¦ \
kind: Pod ¦ kind: ¦ kind: PodList ¦ kind: Secret ¦ apiVersion: v1 ¦ apiVersion: \"v1\" ¦ metadata: ¦ \
  name: n ¦   namespace: team-a ¦   namespace: ${ns} ¦   namespace: 'a' ¦   namespace: 7 ¦ \
  namespace: ¦ metadata: {} ¦ metadata: {name: x} ¦ spec: ¦ spec: {} ¦   group: g ¦ \
  scope: Cluster ¦   names: ¦     kind: W ¦ kind: CustomResourceDefinition ¦ \
apiVersion: apiextensions.k8s.io/v1 ¦ a: | ¦ a: >- ¦ a: |+ # c ¦ a: |2 ¦ a: |x ¦ - | ¦ - > ¦ \
a: 'q' ¦ a: 'it''s' # c ¦ a: 'open ¦ a: \"q\" ¦ a: \"\\n\\\"\" ¦ a: \"\\x41\" ¦ a: \"\\/\" ¦ \
a: \"\\'\" ¦ a: \"q\"x ¦ a: 'q' 'r' ¦ a: [b, c] ¦ a: [b, 'c', \"d\"] # e ¦ a: [ ] ¦ a: [b,] ¦ \
a: [b ¦ a: [-, x] ¦ a: [--x, -y] ¦ a: {b: c} ¦ a: {b: c, b: d} ¦ a: {b} ¦ a: {b:} ¦ - [x] ¦ \
- {b: c} ¦ a: {{ x }} ¦ {{- x }} ¦ a: &x 1 ¦ a: *x ¦ <<: *x ¦ <<: {} ¦ a: !!str x ¦ \"a\": 1 ¦ ? a ¦ \
: b ¦ a : b ¦ a:b ¦ a: b: c ¦ a: b: ¦ a: b #c ¦ a: b#c ¦ a: - ¦ a: - x ¦ a: -x ¦ # c ¦ #c ¦ --- ¦ \
--- # c ¦ --- a ¦ ... ¦ %YAML 1.1 ¦ text ¦   ";

/// Characters that mutations bring in.
const CHARACTERS: [char; 33] = [
    ' ', ' ', ' ', '\n', '\n', ':', '-', '#', '\'', '"', '\\', '|', '>', '[', ']', '{', '}', ',', '&', '*',
    '!', '?', '%', '.', '\t', '\r', 'a', '0', '~', 'é', '\u{85}', '\u{2028}', '\u{FEFF}',
];

/// A line at any indent.
fn line() -> impl Strategy<Value = String> {
    // Most lines of real files stand at even columns, and deep ones are rare.
    let indent = select(&[0, 0, 0, 2, 2, 2, 4, 4, 6, 1, 3, 5][..]);
    let pieces: Vec<_> = PIECES.split(" ¦ ").collect();
    (indent, select(pieces)).prop_map(|(indent, piece)| format!("{}{piece}", " ".repeat(indent)))
}

/// Lines in no order.
fn soup() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec(line(), 1..5);
    (lines, any::<bool>()).prop_map(|(lines, ends)| lines.join("\n") + if ends { "\n" } else { "" })
}

/// Lines in no order, of which each is left out with which the quick way would give no answer; and one more.
fn sieved() -> impl Strategy<Value = String> {
    (prop::collection::vec(line(), 1..40), line()).prop_map(|(lines, last)| {
        let mut text = String::new();
        for line in lines {
            let longer = format!("{text}{line}\n");
            if yaml(longer.as_bytes()).is_some() {
                text = longer;
            }
        }
        let longer = format!("{text}{last}");
        if yaml(longer.as_bytes()).is_some() { longer } else { text }
    })
}

/// A value of a manifest, as it may stand after a key or `- `, at a column.
#[derive(Clone, Debug)]
enum Node {
    Line(&'static str),
    Block(&'static str, Vec<&'static str>),
    Mapping(Vec<(String, Node)>),
    Sequence(bool, Vec<Node>),
}

fn node() -> impl Strategy<Value = Node> {
    let line = select(
        &[
            "",
            " x",
            " web-1",
            " 80",
            " 1.5",
            " true",
            " ~",
            " \"yes\"",
            " 'a b'",
            " a, b; c",
            " http://x/y#z",
            " --flag=1",
            " -1",
            " x # why",
            " # why",
            " {}",
            " []",
            " [\"a\", b]",
            " {cpu: 100m}",
            " 'it''s'",
            " \"a\\nb\"",
            " ${ns}",
            " *",
            " &a x",
            " @x",
            " %x",
            " ünï — ok",
            " \"\"",
            " 2024-01-01",
            " =",
            " <<",
            " a: b",
        ][..],
    );
    let block = (
        select(&[" |", " |-", " >", " >+", " | # why", " |2", " >1-"][..]),
        prop::collection::vec(
            select(&["a", "b: c", "  d", "", "   ", "# e", "- f", "\tg", "h\ti", "---", "..."][..]),
            0..5,
        ),
    );
    let leaf = prop_oneof![5 => line.prop_map(Node::Line), 1 => block.prop_map(|(head, lines)| Node::Block(head, lines))];
    leaf.prop_recursive(4, 30, 5, |inner| {
        let key = prop_oneof![
            6 => select(&["name", "namespace", "kind", "names", "group", "scope", "labels", "data", "x", "app.k8s.io/y"][..])
                .prop_map(str::to_owned),
            3 => "[a-z]{1,9}",
            1 => select(&["'q'", "$patch", ".a", "..", "1", "é", "a b", "<<", "-x"][..]).prop_map(str::to_owned),
        ];
        prop_oneof![
            3 => prop::collection::vec((key, inner.clone()), 1..5).prop_map(Node::Mapping),
            2 => (any::<bool>(), prop::collection::vec(inner, 1..4)).prop_map(|(flush, items)| Node::Sequence(flush, items)),
        ]
    })
}

fn write(node: &Node, column: usize, out: &mut String) {
    let line = |out: &mut String, parts: [&str; 3]| out.extend(parts.into_iter().chain(["\n"]));
    let pad = " ".repeat(column);
    match node {
        Node::Line(text) => line(out, [text, "", ""]),
        Node::Block(head, lines) => {
            line(out, [head, "", ""]);
            for text in lines {
                line(out, [&pad, text, ""]);
            }
        }
        Node::Mapping(entries) => {
            out.push('\n');
            for (key, value) in entries {
                out.extend([&pad, key.as_str(), ":"]);
                write(value, column + 2, out);
            }
        }
        Node::Sequence(flush, items) => {
            out.push('\n');
            let column = if *flush { column.saturating_sub(2) } else { column };
            for item in items {
                out.extend([&" ".repeat(column), "-"]);
                let mut text = String::new();
                write(item, column + 2, &mut text);
                // The first entry of a mapping stands on the line of its `-`.
                match item {
                    Node::Mapping(_) => out.extend([" ", text.trim_start()]),
                    _ => out.push_str(&text),
                }
            }
        }
    }
}

fn manifest() -> impl Strategy<Value = String> {
    let head = (
        select(
            &["v1", "apps/v1", "\"v1\"", "apiextensions.k8s.io/v1", "rbac.authorization.k8s.io/v1 # x"][..],
        ),
        select(
            &[
                "Pod",
                "ClusterRole",
                "'Pod'",
                "CustomResourceDefinition",
                "Namespace",
                "Secret",
                "PodList",
                "7",
                "",
            ][..],
        ),
    );
    let rest = prop::collection::vec((select(&["metadata", "spec", "data", "items", "x"][..]), node()), 0..4);
    let start = select(&["", "", "---\n", "# c\n---\n", "\n", "--- # c\n"][..]);
    let document = (start, head, rest, any::<bool>()).prop_map(|(start, (version, kind), rest, first)| {
        let mut text = start.to_owned();
        let head = format!("apiVersion: {version}\nkind: {kind}\n");
        if first {
            text += &head;
        }
        for (key, value) in &rest {
            text.extend([key, ":"]);
            write(value, 2, &mut text);
        }
        if first { text } else { text + &head }
    });
    prop::collection::vec(document, 1..4).prop_map(|documents| documents.join("---\n"))
}

/// A manifest with some characters put in, put for others, or taken out, or lines moved.
fn mutated() -> impl Strategy<Value = String> {
    let edit = (any::<Index>(), 0..4u8, select(&CHARACTERS[..]));
    (manifest(), prop::collection::vec(edit, 0..4)).prop_map(|(text, edits)| {
        let mut text: Vec<char> = text.chars().collect();
        for (at, edit, character) in edits {
            let at = at.index(text.len() + 1);
            match edit {
                0 => text.insert(at, character),
                1 if at < text.len() => text[at] = character,
                2 if at < text.len() => {
                    text.remove(at);
                }
                _ => text.truncate(at),
            }
        }
        text.into_iter().collect()
    })
}

#[test]
fn the_law_holds_for_lines_in_no_order() {
    let quick = hold(3000, soup());
    assert!(quick > 100, "only {quick} went the quick way: this shows nothing");
    assert_eq!(hold(1000, sieved()), 1000);
}

#[test]
fn the_law_holds_for_manifests() {
    let quick = hold(1000, manifest());
    assert!(quick > 100, "only {quick} went the quick way: this shows nothing");
}

#[test]
fn the_law_holds_for_manifests_with_slips() {
    let quick = hold(2000, mutated());
    assert!(quick > 200, "only {quick} went the quick way: this shows nothing");
}

proptest! {
    #[test]
    fn the_law_holds_for_bytes_that_are_no_text(
        bytes in prop::collection::vec(select(&b"ab: -#'\"\\|>[]{},\n\n\r\t\0\x7F\x80\xC2\xE2\xFF"[..]), 0..40),
    ) {
        is_quick(&bytes);
    }
}

/// So many keys in one mapping.
fn keys(count: usize) -> String {
    let keys: Vec<_> = (0..count).map(|at| format!("k{at}: x\n")).collect();
    keys.concat()
}

#[test]
fn a_key_given_twice_is_seen_among_few_and_among_many() {
    for count in [1, 2, 17, 256] {
        assert!(is_quick(keys(count).as_bytes()), "{count}");
        assert!(!is_quick(format!("{}k0: x\n", keys(count)).as_bytes()), "{count}");
    }
    assert!(!is_quick(keys(257).as_bytes()));
    assert!(is_quick(b"a:\n  x: 1\nb:\n  x: 1\n"), "the same key in another mapping");
    assert!(is_quick(b"a:\n- x: 1\n- x: 1\n"));
    assert!(!is_quick(b"a:\n  x: 1\nb: 2\na: 3\n"), "a nested mapping between them hides none");
}

#[test]
fn a_long_key_does_not_go_the_quick_way() {
    for start in ["", ".", "/", "$"] {
        let key = |length: usize| format!("{start}{}: x\n", "k".repeat(length - start.len()));
        assert!(is_quick(key(512).as_bytes()), "`{start}`");
        for length in [513, 1024, 1025, 2000] {
            assert!(!is_quick(key(length).as_bytes()), "`{start}`, {length} bytes");
        }
    }
}

#[test]
fn what_is_common_in_manifests_goes_the_quick_way() {
    let text = "# A comment\n---\napiVersion: \"apps/v1\"\nkind: Deployment # which\nmetadata:\n  name: web\n  namespace: 'team-a'\n  \
                annotations: {}\nspec:\n  template:\n    spec:\n      containers:\n      - name: web\n        args: [\"--x=1\", -v]\n        \
                command:\n          - sh\n          - -c\n          - |\n            echo \"$X\" # ü\n\n            \texit\n        \
                image: eu.example.org:5000/web@sha256:00\n        resources:\n          limits: {cpu: 100m, memory: \"1Gi\"}\n      \
                volumes: []\n...".trim_end_matches("...");
    assert!(is_quick(text.as_bytes()));
    for (line, says) in [
        ("kind: ConfigMapList", "its items are objects"),
        ("\"kind\": Pod", "a key in quotes"),
        ("kind: &kind Pod", "an anchor"),
        ("kind: !!str Pod", "a tag"),
        ("? kind\n: Pod", "a key with a sign"),
        ("<<: {kind: Pod}", "a merge"),
        ("kind: \"P\\x6fd\"", "an escape"),
    ] {
        assert!(!is_quick(format!("apiVersion: v1\n{line}\n").as_bytes()), "{says}");
    }
}

fn is_yaml(path: &str) -> bool {
    YAML.iter().any(|end| path.ends_with(end))
}

/// The manifests of the trees that the real Flux packed.
fn fixtures() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/golden/flux/cases");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the fixtures are there") {
        let path = entry.expect("it is readable").path();
        let case: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&path).expect("it is readable")).expect("it is JSON");
        let Some(files) = case["tree"]["files"].as_object() else { continue };
        let texts = files.iter().filter_map(|(path, file)| Some((path, file["text"].as_str()?)));
        found.extend(
            texts
                .filter(|(path, _)| is_yaml(path))
                .map(|(name, text)| (format!("{}: {name}", path.display()), text.to_owned())),
        );
    }
    found
}

#[test]
fn the_law_holds_for_the_trees_that_flux_packed() {
    let files = fixtures();
    let slow = files.iter().filter(|(_, text)| !is_quick(text.as_bytes()));
    let slow: Vec<_> = slow.map(|(name, _)| name).collect();
    assert!(slow.len() * 10 < files.len(), "not the quick way, of {}: {slow:#?}", files.len());
}

#[test]
#[ignore = "reads the directory that TORTE_MANIFESTS names, and fails with the files that do not go the quick way"]
fn the_law_holds_for_a_directory_all_of_which_goes_the_quick_way() {
    let directory = std::env::var("TORTE_MANIFESTS").expect("TORTE_MANIFESTS names a directory");
    let files = walkdir::WalkDir::new(directory).into_iter().filter_map(Result::ok);
    let (mut all, mut slow) = (0, Vec::new());
    for file in files.filter(|file| file.file_type().is_file()) {
        let name = file.path().display().to_string();
        if is_yaml(&name) {
            all += 1;
            if !is_quick(&std::fs::read(file.path()).expect("it is readable")) {
                slow.push(name);
            }
        }
    }
    assert!(all > 0 && slow.is_empty(), "of {all} files these do not: {slow:#?}");
}

#[test]
#[ignore = "takes minutes; run it where the quick way, or the reader below the full one, was changed"]
fn the_law_holds_for_very_many_files() {
    let quick =
        [hold(300_000, soup()), hold(150_000, sieved()), hold(100_000, manifest()), hold(200_000, mutated())];
    assert!(quick.iter().all(|quick| *quick > 5_000), "{quick:?}");
}
