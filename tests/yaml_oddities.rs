//! The documents that yaml.v3 takes and torte refuses: each row of the table in `docs/bundle-format.md`.

use torte::kinds::flipt::document::{Format, read};

/// The row's first cell, a document, and the line on which it is refused.
const REFUSED: [(&str, &str, u32); 13] = [
    ("a line within `[ ]` or `{ }` that begins with a tab", "flags: [\n\t{key: a, name: A}]\n", 2),
    (
        "a quoted text that goes on at a lower indent",
        "flags:\n  - key: a\n    name: A\n    description: \"one\n  two\"\n",
        5,
    ),
    ("U+2028 or U+2029 as a line break", "namespace: n\u{2029}flags: []\n", 1),
    ("a lone `-` as a value within `[ ]` or `{ }`", "flags:\n- key: a\n  name: A\n  metadata: {x: -}\n", 4),
    (
        "a text that begins with `?` within `[ ]` or `{ }`",
        "flags:\n- key: a\n  name: A\n  variants:\n  - key: v\n    attachment: [?x]\n",
        6,
    ),
    ("an alias of an anchor in an earlier document", "namespace: &n n\n---\nnamespace: *n\n", 3),
    (
        "an alias as a key without a space before its `:`",
        "flags:\n- &k key: a\n  name: A\n- *k: b\n  name: B\n",
        4,
    ),
    (
        "a comment right behind a value or an indicator",
        "flags:\n- key: a\n  name: A\n  description: >#c\n    x\n",
        4,
    ),
    ("a comment right behind a value or an indicator", "flags: []#c\n", 1),
    ("a comment right behind a value or an indicator", "namespace: \"n\"#c\n", 1),
    ("an anchor name with a `:`", "namespace: &a:b n\n", 1),
    ("a byte order mark before a later document", "namespace: n\n---\n\u{feff}namespace: m\n", 3),
    ("a directive after a document without `...`", "namespace: n\n%YAML 1.1\n---\nnamespace: m\n", 2),
];

#[test]
fn each_oddity_is_refused_at_its_place_and_documented() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/bundle-format.md");
    let docs = std::fs::read_to_string(path).unwrap();
    for (cell, document, line) in REFUSED {
        let reading = read("features.yml", document.as_bytes(), Format::Yaml);
        let lines: Vec<u32> = reading.faults.iter().map(|fault| fault.line).collect();
        assert!(lines.contains(&line), "{cell}: {:?}", reading.faults);
        assert!(docs.contains(&format!("\n| {cell} | ")), "{cell} is not in the table");
    }
}

#[test]
fn each_row_of_the_table_has_a_document_here() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/bundle-format.md");
    let docs = std::fs::read_to_string(path).unwrap();
    let section = docs.split("## YAML that is refused").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| ")).skip(2);
    for row in rows {
        assert!(REFUSED.iter().any(|(cell, ..)| row.starts_with(&format!("| {cell} |"))), "{row}");
    }
}
