//! The documents that yaml.v3 takes and torte refuses: each row of the table in `docs/bundle-format.md`.

use torte::kinds::flipt::document::{Format, read};

/// The row's first cell, a document, and the line on which it is refused.
const REFUSED: [(&str, &str, u32); 21] = [
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
        "a comment right behind a value, a bracket or another sign",
        "flags:\n- key: a\n  name: A\n  description: >#c\n    x\n",
        4,
    ),
    ("a comment right behind a value, a bracket or another sign", "flags: []#c\n", 1),
    ("a comment right behind a value, a bracket or another sign", "namespace: \"n\"#c\n", 1),
    ("an anchor name with a `:`", "namespace: &a:b n\n", 1),
    ("a byte order mark before a later document", "namespace: n\n---\n\u{feff}namespace: m\n", 3),
    ("a directive after a document without `...`", "namespace: n\n%YAML 1.1\n---\nnamespace: m\n", 2),
    ("a comment right behind a value, a bracket or another sign", "flags: [# c\n]\n", 1),
    (
        "U+2028 or U+2029 in plain text or in a block of text",
        "flags:\n- key: a\n  name: A\n  description: a\u{2028}    b\n",
        4,
    ),
    (
        "U+2028 or U+2029 in plain text or in a block of text",
        "flags:\n- key: a\n  name: A\n  description: |\n    a\u{2029}    b\n",
        5,
    ),
    (
        "a plain text of several lines that ends in `:` within `[ ]` or `{ }`",
        "flags:\n- key: a\n  name: A\n  variants:\n  - key: v\n    attachment: [a\n      b:]\n",
        7,
    ),
    (
        "a plain text of several lines that ends in `:` within `[ ]` or `{ }`",
        "flags:\n- key: a\n  name: A\n  variants:\n  - key: v\n    attachment: {a\n      b:}\n",
        6,
    ),
    (
        "a `:` right before a text, behind a tag within `[ ]` or `{ }`",
        "flags:\n- key: a\n  name: A\n  variants:\n  - key: v\n    attachment: [!!str :x]\n",
        6,
    ),
    ("an empty `!!binary` key in metadata", "flags:\n- key: a\n  name: A\n  metadata: {!!binary '': x}\n", 4),
    (
        "a block of text below blank lines that are indented deeper",
        "flags:\n- key: a\n  name: A\n  description: |\n      \n    # x\n",
        6,
    ),
];

fn attachment(list: &str) -> String {
    format!("flags:\n- key: a\n  name: A\n  variants:\n  - key: v\n    attachment: [{list}]\n")
}

fn is_taken(document: &str) -> bool {
    read("features.yml", document.as_bytes(), Format::Yaml).faults.is_empty()
}

const ESCAPES: &str = "more than 64 texts with the escape `\\'` in one file";

#[test]
fn escapes_of_an_apostrophe_are_read_as_often_as_the_table_says() {
    let escapes = |count: usize| attachment(&vec![r#""\'""#; count].join(", "));
    assert!(is_taken(&escapes(64)));
    assert!(!is_taken(&escapes(65)));
}

#[test]
fn aliases_may_stand_for_as_many_values_as_in_flipt() {
    // The list that is repeated counts as a value as well.
    let list = vec!["1"; 999].join(", ");
    let aliases = |count: usize| attachment(&format!("&l [{list}], {}", vec!["*l"; count].join(", ")));
    assert!(is_taken(&aliases(50)));
    assert!(!is_taken(&aliases(51)));
}

#[test]
fn each_oddity_is_refused_at_its_place_and_documented() {
    for (cell, document, line) in REFUSED {
        let reading = read("features.yml", document.as_bytes(), Format::Yaml);
        let lines: Vec<u32> = reading.faults.iter().map(|fault| fault.line).collect();
        assert!(lines.contains(&line), "{cell}: {:?}", reading.faults);
        assert!(
            table().iter().any(|row| row.starts_with(&format!("| {cell} | "))),
            "{cell} is not in the table"
        );
    }
}

#[test]
fn each_row_of_the_table_has_a_document_here() {
    for row in table() {
        let mut cells = REFUSED.iter().map(|(cell, ..)| *cell).chain([ESCAPES]);
        assert!(cells.any(|cell| row.starts_with(&format!("| {cell} |"))), "{row}");
    }
}

/// The table's rows.
fn table() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/bundle-format.md");
    let docs = std::fs::read_to_string(path).expect("the page is there");
    let section = docs.split("## YAML that is refused").nth(1).expect("the section is there");
    let section = section.split("\n## ").next().unwrap_or_default();
    section.lines().filter(|line| line.starts_with("| ")).skip(2).map(str::to_owned).collect()
}
