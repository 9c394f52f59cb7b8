//! What is unpacked builds to the same layers again, in the same order.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::kinds::{self, Check, Kind, Options};
use crate::source::Tree;

fn built(files: BTreeMap<String, Vec<u8>>) -> Vec<Vec<u8>> {
    let mut tree = Tree::in_memory(files);
    let options = Options::new(Check::Schema, 1);
    let reading = kinds::read(Kind::Flipt, &mut tree, &options).unwrap();
    reading.content.layers.into_iter().map(|layer| layer.body).collect()
}

fn layers(payloads: &[Vec<u8>]) -> Vec<Descriptor> {
    payloads.iter().map(|payload| Descriptor::of(super::super::LAYER, payload)).collect()
}

fn unpacked(payloads: &[Vec<u8>]) -> Vec<FileOut> {
    let layers = layers(payloads);
    files(layers.iter().zip(payloads.iter().map(Vec::as_slice))).unwrap()
}

fn again(payloads: &[Vec<u8>]) -> Vec<Vec<u8>> {
    built(unpacked(payloads).into_iter().map(|file| (file.path, file.bytes)).collect())
}

/// Payloads as Flipt makes them: of JSON files, whose numbers are all floats, and of YAML files in turn.
fn payloads(documents: &[Value]) -> Vec<Vec<u8>> {
    let payload = |(at, document): (usize, &Value)| {
        let format = if at % 2 == 0 { Format::Json } else { Format::Yaml };
        let mut reading = document::read("x", document.to_string().as_bytes(), format);
        assert_eq!(reading.faults, [], "{document}");
        reading.documents.remove(0).payload
    };
    documents.iter().enumerate().map(payload).collect()
}

fn attachment() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has none", |number| number.is_finite()).prop_map(Value::from),
        Just(json!(-0.0)),
        Just(json!(1e20)),
        words().prop_map(Value::from),
    ];
    let tree = leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(words(), inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    });
    tree.prop_map(|value| if value.is_object() || value.is_array() { value } else { json!([value]) })
}

/// Texts that a reader could take for something else, and any others but those that JSON can only say with a pair of
/// escapes or that the YAML reader in front of Flipt's JSON refuses.
fn words() -> impl Strategy<Value = String> {
    let any_text = prop::collection::vec(
        prop::char::any().prop_filter("refused raw", |letter| {
            !letter.is_control()
                && !matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
        }),
        0..12,
    );
    prop_oneof![
        "(yes|no|null|~|true|1|0x1F|1_0|2024-01-02|<<|=|- a|a: b|a #b|\\.inf|!x|&a|\\*a|%|@|`|'|, |\\[|\\{)",
        "[a-z ]{0,12}",
        any_text.prop_map(|letters| letters.into_iter().collect()),
    ]
}

fn document() -> impl Strategy<Value = Value> {
    let namespace = prop_oneof![
        "[a-zA-Z0-9_,-]{1,8}".prop_map(Value::from),
        "[a-c]{1,2}".prop_map(|key| json!({"key": key, "name": "N", "description": "d: #"})),
    ];
    (namespace, words(), attachment(), 0.0f32..100.0, any::<bool>()).prop_map(
        |(namespace, description, attachment, share, is_on)| {
            json!({
                "version": "1.4",
                "namespace": namespace,
                "flags": [{
                    "key": "k", "name": "Name", "description": description, "enabled": is_on,
                    "metadata": {"1": "one", "area": 32, "ratio": 3.25},
                    "variants": [{"key": "v", "attachment": attachment}],
                    "rules": [{"segment": "s", "distributions": [{"variant": "v", "rollout": share}]}],
                }],
                "segments": [{"key": "s", "name": "S", "match_type": "ANY_MATCH_TYPE"}],
            })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn what_is_unpacked_builds_to_the_same_layers_in_order(documents in prop::collection::vec(document(), 1..5)) {
        let payloads = payloads(&documents);
        prop_assert_eq!(again(&payloads), payloads);
    }
}

#[test]
fn names_are_numbered_only_where_order_or_uniqueness_would_be_lost() {
    let payload = |namespace: &str| format!("{{\"namespace\":\"{namespace}\"}}").into_bytes();
    let names = |namespaces: &[&str]| {
        let payloads: Vec<_> = namespaces.iter().map(|namespace| payload(namespace)).collect();
        assert_eq!(again(&payloads), payloads);
        unpacked(&payloads).into_iter().map(|file| file.path).collect::<Vec<_>>()
    };
    assert_eq!(names(&["a", "b"]), ["a.features.yml", "b.features.yml"]);
    assert_eq!(names(&["b", "a"]), ["000-b.features.yml", "001-a.features.yml"]);
    assert_eq!(names(&["a", "a"]), ["000-a.features.yml", "001-a.features.yml"]);
    assert_eq!(names(&["A", "a"]), ["000-A.features.yml", "001-a.features.yml"]);
}

#[test]
fn every_golden_layer_comes_back_byte_for_byte() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/golden/flipt/cases");
    let mut count = 0;
    for entry in std::fs::read_dir(root).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let case: Value = serde_json::from_str(&text).unwrap();
        let payloads: Vec<Vec<u8>> = case["expect"]["layers"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|layer| layer["namespace"].as_str().is_some_and(|namespace| !namespace.is_empty()))
            .map(|layer| layer["payload"].as_str().unwrap().as_bytes().to_vec())
            .collect();
        if !payloads.is_empty() {
            count += payloads.len();
            assert_eq!(again(&payloads), payloads, "{}", case["name"]);
        }
    }
    assert!(count > 100);
}

#[test]
fn a_namespace_that_is_no_key_names_no_file() {
    for namespace in ["", "../x", "a/b", "a b", "..", "a\u{0}"] {
        let payload = json!({"namespace": namespace}).to_string().into_bytes();
        let layer = Descriptor::of(super::super::LAYER, &payload);
        let outcome = files([(&layer, payload.as_slice())].into_iter());
        assert!(matches!(outcome, Err(UnpackError::Namespace { .. })), "{namespace}");
    }
}

#[test]
fn other_layers_and_other_payloads_are_refused() {
    let outcome = |media_type: &str, bytes: &[u8]| {
        let layer = Descriptor::of(media_type, bytes);
        files([(&layer, bytes)].into_iter()).unwrap_err()
    };
    assert!(matches!(outcome("text/plain", b"{}"), UnpackError::Foreign { .. }));
    assert!(matches!(outcome(super::super::LAYER, b"<html>"), UnpackError::Payload { .. }));
    assert!(matches!(
        outcome(super::super::LAYER, br#"{"namespace":"a","x":1}"#),
        UnpackError::Payload { .. }
    ));
}
