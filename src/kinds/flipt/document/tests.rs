//! What an author sees of a file: every fault with its place, and nothing worse for hostile input.

use proptest::prelude::*;

use super::*;

fn yaml(source: &str) -> Reading {
    read("features.yml", source.as_bytes(), Format::Yaml)
}

fn places(faults: &[Fault]) -> Vec<(u32, u32, &'static str)> {
    faults.iter().map(|fault| (fault.line, fault.column, fault.rule)).collect()
}

fn payload(source: &str) -> String {
    let reading = yaml(source);
    assert_eq!(reading.faults, [], "{source}");
    String::from_utf8(reading.documents[0].payload.clone()).expect("JSON is text")
}

#[test]
fn a_broken_document_hides_no_fault_of_the_others() {
    let source =
        "flags: [\n---\nflags:\n- key: a b\n  name: A\n---\nnamespace: fine\n---\na: b: c\n---\nx: 1\n";
    let reading = yaml(source);
    assert_eq!(
        places(&reading.faults),
        [(1, 8, "syntax"), (4, 8, "bad-key"), (9, 5, "syntax"), (11, 1, "unknown-field")]
    );
    assert_eq!(reading.documents.len(), 1);
}

#[test]
fn a_fault_says_what_was_given_and_what_was_expected() {
    let reading = yaml("flags:\n- key: fine\n  name: Fine\n  enabled: \"yes\"\n  colour: red\n");
    let messages: Vec<_> = reading.faults.iter().map(|fault| fault.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "`flags[0].enabled` must be true or false, not the text \"yes\" (flag `fine`)",
            "`flags[0].colour` is no field of a flag; those are key, name, type, description, enabled, \
             metadata, variants, rules, rollouts (flag `fine`)",
        ]
    );
    assert_eq!(reading.faults[0].excerpt.as_deref(), Some("  enabled: \"yes\""));
}

#[test]
fn merge_keys_and_aliases_are_worked_in() {
    let source =
        "flags:\n- &a {key: a, name: A, enabled: true}\n- {<<: *a, key: b}\n- {name: C, <<: *a, key: c}\n";
    assert!(
        payload(source)
            .ends_with(r#"{"key":"b","name":"A","enabled":true},{"key":"c","name":"C","enabled":true}]}"#)
    );
}

#[test]
fn nothing_within_brackets_is_text_to_the_schema_and_null_to_the_encoder() {
    let source = "flags:\n- {key: a, name: A, description: , metadata: {m: }}\n";
    assert!(payload(source).ends_with(r#"[{"key":"a","name":"A","enabled":false,"metadata":{"m":null}}]}"#));
    assert_eq!(
        places(&yaml("flags:\n- key: a\n  name: A\n  description:\n").faults),
        [(4, 14, "wrong-type")]
    );
}

#[test]
fn json_keys_given_twice_must_agree() {
    let json = |source: &str| read("f.json", source.as_bytes(), Format::Json);
    let agreed = json(
        r#"{"namespace":"a","flags":[{"key":"k","name":"K"}],"flags":[{"enabled":true}],"namespace":"a"}"#,
    );
    let expected = r#"{"namespace":"a","flags":[{"key":"k","name":"K","enabled":true}]}"#;
    assert_eq!(String::from_utf8_lossy(&agreed.documents[0].payload), expected);
    let torn = json("{\"namespace\":\"a\",\n\"namespace\":\"b\"}");
    assert_eq!(places(&torn.faults), [(2, 1, "duplicate-key")]);
}

#[test]
fn an_operator_that_no_release_knows_is_a_warning() {
    let constraint = "{type: NUMBER_COMPARISON_TYPE, property: p, operator: lt, value: '1'}";
    let reading = yaml(&format!(
        "segments:\n- key: s\n  name: S\n  match_type: ANY_MATCH_TYPE\n  constraints:\n  - {constraint}\n"
    ));
    assert_eq!(reading.faults, []);
    assert_eq!(places(&reading.warnings), [(6, 59, "unreleased-operator")]);
}

#[test]
fn a_layer_that_no_server_would_load_is_a_warning() {
    let attachment = |value: &str| {
        let source =
            format!("flags:\n- key: a\n  name: A\n  variants:\n  - {{key: v, attachment: {{v: {value}}}}}\n");
        let reading = yaml(&source);
        assert_eq!(reading.faults, [], "{source}");
        reading.warnings.iter().map(|warning| warning.rule).collect::<Vec<_>>()
    };
    for value in [r#""\x7f""#, r#""\x80""#, r#""\uffff""#, "1e20"] {
        assert_eq!(attachment(value), ["unservable"], "{value}");
    }
    for value in ["1e21", "12345678901234567890", r#""é · … \u2028""#] {
        assert!(attachment(value).is_empty(), "{value}");
    }
}

#[test]
fn the_extension_decides_on_the_format() {
    let table = [
        ("a/features.yml", Some(Format::Yaml)),
        ("x.yaml", Some(Format::Yaml)),
        ("x.json", Some(Format::Json)),
        ("dir.d/none", Some(Format::Json)),
        (".json", Some(Format::Json)),
        ("x.YML", None),
        ("x.txt", None),
    ];
    for (path, format) in table {
        assert_eq!(Format::of(path), format, "{path}");
    }
}

#[test]
fn deep_nesting_and_alias_bombs_are_refused() {
    let deep = format!("flags: {}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(yaml(&deep).faults[0].rule, "too-deep");
    assert_eq!(read("x", &deep.as_bytes()[7..], Format::Json).faults[0].rule, "too-deep");
    let indented = (0..2000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect::<Vec<_>>().concat();
    assert_eq!(yaml(&indented).faults[0].rule, "too-deep");
    let first = "a0: &a0 [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]\n";
    let tenfold = |at: usize| format!("a{at}: &a{at} [{}]\n", vec![format!("*a{}", at - 1); 10].join(", "));
    let bomb = (1..12).map(tenfold).collect::<Vec<_>>().concat();
    assert_eq!(yaml(&format!("{first}{bomb}")).faults[0].rule, "too-large");
    let chain = (1..600).map(|at| format!("a{at}: &a{at} [*a{}]\n", at - 1)).collect::<Vec<_>>().concat();
    assert_eq!(yaml(&format!("a0: &a0 [x]\n{chain}")).faults[0].rule, "too-deep");
}

#[test]
fn nesting_up_to_the_limit_is_taken() {
    let nested = format!("{}1{}", "{\"a\": [".repeat(250), "]}".repeat(250));
    let twice = format!(r#"{{"k":{nested},"k":{nested}}}"#);
    for (attachment, format) in [(&nested, Format::Yaml), (&nested, Format::Json), (&twice, Format::Json)] {
        let source = format!(
            r#"{{"flags":[{{"key":"k","name":"K","variants":[{{"key":"v","attachment":{attachment}}}]}}]}}"#
        );
        let reading = read("x", source.as_bytes(), format);
        assert_eq!(reading.faults, []);
        assert_eq!(reading.documents.len(), 1);
    }
}

#[test]
fn merge_keys_in_merge_keys_cost_no_more_than_what_is_written() {
    let nested = format!("{}1{}", "{<<: {}, b: ".repeat(400), "}".repeat(400));
    let merged = format!("{}{{x: 1}}{}", "{<<: ".repeat(400), "}".repeat(400));
    for (attachment, expected) in [
        (nested, format!("{}1{}", r#"{"b":"#.repeat(400), "}".repeat(400))),
        (merged, r#"{"x":1}"#.to_owned()),
    ] {
        let flag =
            format!("flags:\n- key: a\n  name: A\n  variants: [{{key: v, attachment: {attachment}}}]\n");
        let payload = payload(&flag);
        assert!(payload.contains(&format!(r#""attachment":{expected}"#)), "{payload}");
    }
}

#[test]
fn what_a_merge_key_hides_or_brings_is_told_where_it_stands() {
    let reading = yaml(
        "flags:\n- key: a\n  name: A\n  variants:\n  - key: v\n    attachment:\n      x: !!int hidden\n      \
         <<:\n        x: !!int shown\n        y: {<<: {}, z: !!int deep}\n",
    );
    let told: Vec<_> = reading.faults.iter().map(|fault| (fault.line, fault.message.as_str())).collect();
    assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [7, 9, 10], "{told:?}");
    let paths = ["attachment.x`", "attachment.x`", "attachment.y.z`"];
    assert!(told.iter().zip(paths).all(|((_, message), path)| message.contains(path)), "{told:?}");
}

#[test]
fn a_flood_of_faults_is_cut_off() {
    let reading = yaml(&format!("flags:\n{}", "- 1\n".repeat(5000)));
    assert_eq!(reading.faults.len(), MAX_FAULTS + 1);
    assert_eq!(reading.faults[MAX_FAULTS].rule, "more-faults");
}

#[test]
fn a_text_of_nothing_but_bad_escapes_is_read_once() {
    // Counted from the beginning of the text for each of them, these are 10^12 characters.
    let many = 1_000_000;
    let escapes = r"é\/".repeat(many).replace(r"\\", r"\");
    let source = format!("namespace: \"\n {escapes}\"\n");
    for (source, format, line) in [
        (source.clone(), Format::Yaml, 2),
        (source.replace("\n ", "").replace("namespace:", r#"{"namespace":"#) + "}", Format::Json, 1),
    ] {
        let faults = read("x", source.as_bytes(), format).faults;
        assert_eq!(faults.len(), MAX_FAULTS + 1, "{format:?}");
        let column = |at: usize| faults[at].column;
        assert_eq!((faults[0].line, faults[0].rule, column(999) - column(0)), (line, "bad-escape", 2997));
        let told: usize = faults[MAX_FAULTS].message.split(' ').find_map(|word| word.parse().ok()).unwrap();
        assert!(told < many / 10, "{told} were kept to be counted");
    }
}

#[test]
fn what_is_no_text_is_told_with_its_place() {
    assert_eq!(places(&read("x", b"a: 1\nb: \xFF", Format::Yaml).faults)[..1], [(1, 1, "unknown-field")]);
    let reading = read("x", b"namespace: a\n# \xFF\n", Format::Yaml);
    assert_eq!(places(&reading.faults), [(2, 3, "encoding")]);
    assert_eq!(
        places(&yaml("namespace: \"a\u{7f}\"\n").faults),
        [(1, 12, "bad-key"), (1, 14, "control-character")]
    );
}

#[test]
fn utf16_is_read_as_utf8_is() {
    let source = "namespace: a\nflags:\n- {key: é, name: x}\n";
    let units: Vec<u8> = source.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let reading = read("x", &[&[0xFF, 0xFE], &units[..]].concat(), Format::Yaml);
    assert_eq!(places(&reading.faults), [(3, 9, "bad-key")]);
}

const SEED: &str = "version: \"1.4\"\nnamespace: {key: ns, name: N}\nflags:\n- &f\n  key: a\n  name: A\n  \
    type: VARIANT_FLAG_TYPE\n  metadata: {x: 1.5, y: 2024-01-02, <<: {z: ~}}\n  variants:\n  - {key: v, attachment: [1, {b: \"\\u00e9\"}]}\n  \
    rules:\n  - segment: s\n    rank: 1\n    distributions: [{variant: v, rollout: 33.3}]\n- {<<: *f, key: b}\nsegments:\n- key: s\n  \
    name: |\n    S\n  match_type: ANY_MATCH_TYPE\n---\n{}\n...\n";

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read("x", &bytes, Format::Yaml);
        let _ = read("x", &bytes, Format::Json);
    }

    #[test]
    fn no_signs_of_yaml_make_it_panic(source in "[-?:,\\[\\]{}#&*!|>'\"%@`a1 \\t\\n\\\\<.~=\u{85}\u{2028}\u{feff}]{0,60}") {
        let _ = read("x", source.as_bytes(), Format::Yaml);
        let _ = read("x", source.as_bytes(), Format::Json);
    }

    #[test]
    fn no_edit_of_a_document_makes_it_panic(at in 0..SEED.len(), cut in 0..20usize, put in "[-:\\[\\]{}&*!\"' \\n\\ta<]{0,4}") {
        let mut bytes = SEED.as_bytes().to_vec();
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, put.bytes());
        let reading = read("x", &bytes, Format::Yaml);
        prop_assert!(reading.faults.iter().all(|fault| fault.line >= 1 && fault.column >= 1));
    }

    #[test]
    fn json_is_read_alike_as_json_and_as_yaml(keys in proptest::collection::btree_map("[a-z]{1,4}", any::<i32>(), 0..8)) {
        let attachment = serde_json::to_string(&keys).expect("a map is JSON");
        let source = format!(r#"{{"flags":[{{"key":"k","name":"K","variants":[{{"key":"v","attachment":{attachment}}}]}}]}}"#);
        let [json, yaml] = [Format::Json, Format::Yaml].map(|format| read("x", source.as_bytes(), format));
        prop_assert_eq!(&json.documents[0].payload, &yaml.documents[0].payload);
    }
}

#[test]
fn a_block_of_text_that_cannot_be_written_again_is_refused() {
    let flag = |text: &str| format!("flags:\n- key: a\n  name: A\n  description: {text}\n");
    assert_eq!(places(&yaml(&flag("|\n\n    x")).faults), [(6, 5, "block-text")]);
    assert_eq!(places(&yaml(&flag("|2\n     x")).faults), [(5, 5, "block-text")]);
    assert_eq!(places(&yaml(&flag("|2\n    \tx")).faults), [(5, 5, "block-text")]);
    assert_eq!(places(&yaml(&flag(">-  # 2\n    \tx")).faults), [(5, 5, "syntax")]);
    assert_eq!(places(&yaml(&flag("\n   |\n\n    \tx")).faults), [(7, 5, "syntax")]);
    for taken in ["\"\\nx\"", "|\n    x\n    \ty", "|2\n      x", "|-\t# c\n    x", "&a-\tx"] {
        assert_eq!(yaml(&flag(taken)).faults, [], "{taken}");
    }
    assert_eq!(yaml("namespace:\n  key: a\n  description: |2\n\n    \tx\n").faults, []);
}

#[test]
fn a_block_of_text_at_the_end_of_a_file_ends_as_the_file_does() {
    let description = |rest: &str| {
        let payload = payload(&format!("flags:\n- key: a\n  name: A\n  description: {rest}"));
        let text = payload.split(r#""description":""#).nth(1).unwrap_or_default();
        text.split('"').next().unwrap_or_default().to_owned()
    };
    for header in ["|", "|+", ">"] {
        assert_eq!(description(&format!("{header}\n    x")), "x");
        assert_eq!(description(&format!("{header}\n    x \n  ")), r"x \n");
        assert_eq!(description(&format!("{header}\n    x\n      ")), r"x\n  ");
        assert_eq!(description(&format!("{header}\n    x\n")), r"x\n");
    }
    assert_eq!(description("|-\n    x"), "x");
    assert_eq!(
        places(&yaml("flags:\n- key: a\n  name: A\n  description: |\t# 2\n    \tx").faults),
        [(5, 5, "syntax")]
    );
}
