//! What a layer says, as values that can be compared: by namespace, whatever document a flag stands in.

use std::collections::{BTreeMap, HashSet};

use super::document::{self, Format};
use crate::kinds::diff::{self, Change, Order, Value, of_json};
use crate::kinds::yaml;
use crate::oci::Descriptor;

/// The lists of a namespace that are always there, so that each flag and segment can be told on its own.
const LISTS: [&str; 2] = ["flags", "segments"];
/// What holds the text of layers that cannot be read.
pub(super) const UNREADABLE: &str = "unreadable";

/// The documents of a layer, each with its namespace. What cannot be read is text.
pub(in crate::kinds) fn parse(layer: &Descriptor, bytes: &[u8]) -> Vec<(String, Value)> {
    let documents = if !super::is_layer(layer) {
        None
    } else if super::unpack::is_yaml(layer) {
        let reading = document::read("layer", bytes, Format::Yaml);
        let payloads = reading.documents.iter().map(|document| json(&document.payload));
        if reading.faults.is_empty() { payloads.collect() } else { None }
    } else {
        json(bytes).map(|value| vec![value])
    };
    let named = layer.annotation(super::NAMESPACE).map(str::to_owned);
    let Some(documents) = documents else {
        let name = named.unwrap_or_else(|| format!("({})", layer.media_type));
        return vec![(
            name,
            Value::map(vec![(UNREADABLE.into(), Value::list(vec![Value::of_bytes(bytes)]))]),
        )];
    };
    documents.into_iter().map(|document| (namespace(&document), document)).collect()
}

/// The namespace's key, by the rules of Flipt's reader.
fn namespace(document: &Value) -> String {
    let stated = document.get("namespace");
    let key = stated.and_then(|stated| stated.as_text().or_else(|| stated.get("key")?.as_text()));
    key.unwrap_or("default").to_owned()
}

/// The documents of each namespace as one: flags with flags, segments with segments, in order. What else they say stands
/// once where they agree, and else as a list.
pub(in crate::kinds) fn merge(parts: Vec<(String, Value)>) -> BTreeMap<String, Value> {
    let mut namespaces: BTreeMap<String, BTreeMap<Box<str>, Vec<Value>>> = BTreeMap::new();
    for (namespace, document) in parts {
        let fields = namespaces.entry(namespace).or_default();
        let Value::Map(document) = document else { continue };
        for (name, value) in document.entries() {
            let found = fields.entry(name.clone()).or_default();
            match value {
                Value::List(items) if is_list(name) => found.extend_from_slice(items.items()),
                Value::Null if is_list(name) => {}
                value if is_list(name) || !found.contains(value) => found.push(value.clone()),
                _ => {}
            }
        }
    }
    namespaces.into_iter().map(|(namespace, fields)| (namespace, whole(fields))).collect()
}

fn is_list(name: &str) -> bool {
    LISTS.contains(&name) || name == UNREADABLE
}

fn whole(mut fields: BTreeMap<Box<str>, Vec<Value>>) -> Value {
    for name in LISTS {
        fields.entry(name.into()).or_default();
    }
    let value = |name: &str, mut values: Vec<Value>| match values.pop() {
        Some(only) if values.is_empty() && !is_list(name) => only,
        last => {
            values.extend(last);
            Value::list(values)
        }
    };
    Value::map(fields.into_iter().map(|(name, values)| (name.clone(), value(&name, values))).collect())
}

/// The changes that make one namespace of another; one that is not there has neither flags nor segments.
pub(in crate::kinds) fn compare(from: Option<&Value>, to: Option<&Value>) -> Vec<Change> {
    let nothing = whole(BTreeMap::new());
    diff::compare(from.unwrap_or(&nothing), to.unwrap_or(&nothing), order)
}

/// What the order of a list means to Flipt's server: rules and rollouts are tried one after the other, and distributions
/// share the users out from the first to the last (`internal/server/evaluation`).
fn order(names: &[&str]) -> Order {
    match names {
        ["flags" | "segments"] | ["flags", "variants"] => Order::Keyed(&[&["key"]]),
        ["flags", "rules" | "rollouts"] => Order::Ranked("segment"),
        ["flags", "rules", "distributions"] => Order::KeyedInOrder(&[&["variant"]]),
        ["flags", "rules" | "rollouts", "segment", "keys"] => Order::Bag(&[]),
        ["segments", "constraints"] => Order::Bag(&["type", "property"]),
        _ => Order::Plain,
    }
}

/// A JSON object with exact numbers; none where it is anything else.
fn json(bytes: &[u8]) -> Option<Value> {
    let parsed = yaml::read_json(std::str::from_utf8(bytes).ok()?)?;
    let tree = parsed.tree.filter(|_| parsed.problems.is_empty())?;
    let value = of_json(tree.root(), &HashSet::new());
    matches!(value, Value::Map(_)).then_some(value)
}
