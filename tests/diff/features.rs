//! Random features, and what `torte diff` compares of them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use torte::kinds::flipt::document::{Format, read};

use super::dice::{Dice, Make, Object, list};

const KEYS: [&str; 5] = ["a", "b-1", "c,d", "_", "flags"];
pub(crate) const TEXTS: [&str; 9] = ["x", "y z", "1", "a/b~c", "[key=a]", "q\"]#2", "k,e=y~2", "ü日本", "-"];

/// Some documents, made of others where there are any.
pub(crate) fn documents(dice: &mut Dice, base: Option<&[Value]>) -> Vec<Value> {
    let base = base.map(|documents| Value::from(documents.to_vec()));
    if dice.percent(5)
        && let Some(base) = &base
    {
        return base.as_array().unwrap().clone();
    }
    let found = list(dice, base.as_ref(), 1, document);
    if found.is_empty() { vec![document(dice, None)] } else { found }
}

fn key(dice: &mut Dice, _: Option<&Value>) -> Value {
    json!(dice.pick(&KEYS))
}

fn text(dice: &mut Dice, _: Option<&Value>) -> Value {
    json!(dice.pick(&TEXTS))
}

fn prose(dice: &mut Dice, _: Option<&Value>) -> Value {
    json!(dice.pick(&["one\nline\n", "one\nmore\nline\n", "short", ""]))
}

fn boolean(dice: &mut Dice, _: Option<&Value>) -> Value {
    json!(dice.percent(50))
}

fn percentage(dice: &mut Dice, _: Option<&Value>) -> Value {
    json!(dice.below(5) * 25)
}

fn document(dice: &mut Dice, base: Option<&Value>) -> Value {
    let version: Make = |dice, _| json!(dice.pick(&["1.3", "1.4"]));
    let namespace: Make = |dice, _| {
        let key = *dice.pick(&["default", "web", "c,d"]);
        if dice.percent(30) { json!({"key": key, "name": dice.pick(&TEXTS)}) } else { json!(key) }
    };
    Object::new(dice, base)
        .must("version", version)
        .must("namespace", namespace)
        .may("flags", |dice, base| list(dice, base, 0, flag).into())
        .may("segments", |dice, base| list(dice, base, 0, segment).into())
        .done()
}

fn flag(dice: &mut Dice, base: Option<&Value>) -> Value {
    let is_boolean = base.map_or_else(|| dice.percent(40), |base| base["type"] == "BOOLEAN_FLAG_TYPE");
    let metadata: Make = |dice, base| {
        let mut fields = base.and_then(Value::as_object).cloned().unwrap_or_default();
        let value = dice.pick(&[json!("x"), json!(7), json!(0.5), json!(true)]).clone();
        fields.insert((*dice.pick(&TEXTS)).to_owned(), value);
        Value::Object(fields)
    };
    let flag = Object::new(dice, base)
        .must("key", key)
        .must("name", text)
        .must("enabled", boolean)
        .may("description", prose)
        .may("metadata", metadata)
        .may("variants", |dice, base| list(dice, base, 0, variant).into())
        .may("rules", |dice, base| list(dice, base, 0, rule).into());
    if is_boolean {
        flag.must("type", |_, _| json!("BOOLEAN_FLAG_TYPE"))
            .may("rollouts", |dice, base| list(dice, base, 0, rollout).into())
            .done()
    } else {
        flag.done()
    }
}

fn variant(dice: &mut Dice, base: Option<&Value>) -> Value {
    let attachment: Make = |dice, base| match base {
        Some(base) => tree(dice, Some(base), 0),
        None if dice.percent(50) => json!({"rules": tree(dice, None, 1), "a~/": tree(dice, None, 1)}),
        None => json!([tree(dice, None, 1), tree(dice, None, 1)]),
    };
    Object::new(dice, base).must("key", text).may("name", text).may("attachment", attachment).done()
}

/// Any JSON, whose top stays what it is.
pub(crate) fn tree(dice: &mut Dice, base: Option<&Value>, depth: usize) -> Value {
    const LEAVES: [fn() -> Value; 7] = [
        || Value::Null,
        || json!(true),
        || json!(1),
        || json!(-0.5),
        || json!(u64::MAX),
        || json!("~0/"),
        || json!([]),
    ];
    match base {
        Some(Value::Array(_)) => {
            let make: Make = |dice, base| {
                if dice.percent(50) { tree(dice, base, 1) } else { tree(dice, None, 1) }
            };
            list(dice, base, 0, make).into()
        }
        Some(Value::Object(fields)) => {
            let mut fields = fields.clone();
            let name = (*dice.pick(&TEXTS)).to_owned();
            if dice.percent(30) {
                fields.remove(&name);
            } else {
                let value = tree(dice, fields.get(&name), depth + 1);
                fields.insert(name, value);
            }
            Value::Object(fields)
        }
        _ if depth > 3 || dice.percent(50) => dice.pick(&LEAVES)(),
        _ if dice.percent(50) => (0..dice.below(5)).map(|_| tree(dice, None, depth + 1)).collect(),
        _ => json!({*dice.pick(&TEXTS): tree(dice, None, depth + 1)}),
    }
}

fn keys(dice: &mut Dice, base: Option<&Value>) -> Value {
    list(dice, base, 1, key).into()
}

fn operator(dice: &mut Dice, _: Option<&Value>) -> Value {
    json!(dice.pick(&["OR_SEGMENT_OPERATOR", "AND_SEGMENT_OPERATOR"]))
}

fn rule(dice: &mut Dice, base: Option<&Value>) -> Value {
    let segment: Make = |dice, base| match base {
        Some(base @ Value::Object(_)) => {
            Object::new(dice, Some(base)).must("keys", keys).must("operator", operator).done()
        }
        _ if dice.percent(60) => key(dice, None),
        _ => Object::new(dice, None).must("keys", keys).must("operator", operator).done(),
    };
    let distribution: Make =
        |dice, base| Object::new(dice, base).must("variant", text).must("rollout", percentage).done();
    let rule =
        Object::new(dice, base).must("segment", segment).may("rank", |dice, _| json!(1 + dice.below(3)));
    let rule = rule.may("distributions", |_, _| json!([])).done();
    let mut rule = rule;
    if rule.get("distributions").is_some() {
        let old = base.and_then(|base| base.get("distributions"));
        rule["distributions"] = list(dice, old, 1, distribution).into();
    }
    rule
}

fn rollout(dice: &mut Dice, base: Option<&Value>) -> Value {
    let is_threshold = base.map_or_else(|| dice.percent(50), |base| base["threshold"].is_object());
    let threshold: Make = |dice, base| {
        Object::new(dice, base).must("percentage", percentage).may("value", |_, _| json!(true)).done()
    };
    let segment: Make = |dice, base| {
        let has_key = base.map_or_else(|| dice.percent(50), |base| base["key"].is_string());
        let segment = Object::new(dice, base).may("value", |_, _| json!(true));
        if has_key { segment.must("key", key) } else { segment.must("keys", keys).must("operator", operator) }
            .done()
    };
    let rollout = Object::new(dice, base).may("description", prose);
    if is_threshold { rollout.must("threshold", threshold) } else { rollout.must("segment", segment) }.done()
}

fn segment(dice: &mut Dice, base: Option<&Value>) -> Value {
    let match_type: Make = |dice, _| json!(dice.pick(&["ANY_MATCH_TYPE", "ALL_MATCH_TYPE"]));
    let constraint: Make = |dice, base| {
        Object::new(dice, base)
            .must("type", |_, _| json!("STRING_COMPARISON_TYPE"))
            .must("property", key)
            .must("operator", |dice, _| json!(dice.pick(&["eq", "neq", "prefix"])))
            .may("value", text)
            .done()
    };
    let mut segment = Object::new(dice, base)
        .must("key", key)
        .must("name", text)
        .must("match_type", match_type)
        .may("constraints", |_, _| json!([]))
        .done();
    if segment.get("constraints").is_some() {
        let old = base.and_then(|base| base.get("constraints"));
        segment["constraints"] = list(dice, old, 1, constraint).into();
    }
    segment
}

/// The documents of a directory as they stand in its bundle's layers.
pub(crate) fn payloads(documents: &[Value]) -> Vec<Value> {
    let payload = |document: &Value| {
        let reading = read("x", document.to_string().as_bytes(), Format::Yaml);
        assert_eq!(reading.faults, [], "{document}");
        serde_json::from_slice(&reading.documents[0].payload).unwrap()
    };
    documents.iter().map(payload).collect()
}

/// Without the documents that the other side has too, as often as it has them: what diff compares.
pub(crate) fn unlike(documents: &[Value], other: &[Value]) -> Vec<Value> {
    let mut waiting: Vec<&Value> = other.iter().collect();
    let mut is_own = |document: &&Value| match waiting.iter().position(|one| one == document) {
        Some(at) => {
            waiting.swap_remove(at);
            false
        }
        None => true,
    };
    documents.iter().filter(|document| is_own(document)).cloned().collect()
}

pub(crate) fn namespace(document: &Value) -> String {
    let stated = &document["namespace"];
    stated.as_str().or(stated["key"].as_str()).unwrap_or("default").to_owned()
}

/// The content of each namespace, by the words of `docs/json.md`.
pub(crate) fn contents(documents: &[Value]) -> BTreeMap<String, Value> {
    let mut found: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for document in documents {
        let fields = found.entry(namespace(document)).or_default();
        for (name, value) in document.as_object().unwrap() {
            let values = fields.entry(name).or_insert_with(|| json!([])).as_array_mut().unwrap();
            match name.as_str() {
                "flags" | "segments" => values.extend(value.as_array().unwrap().iter().cloned()),
                _ if values.contains(value) => {}
                _ => values.push(value.clone()),
            }
        }
    }
    let whole = |mut fields: Map<String, Value>| {
        for (name, values) in &mut fields {
            let is_list = matches!(name.as_str(), "flags" | "segments");
            if let [only] = values.as_array().unwrap().as_slice()
                && !is_list
            {
                *values = only.clone();
            }
        }
        for list in ["flags", "segments"] {
            fields.entry(list).or_insert_with(|| json!([]));
        }
        Value::Object(fields)
    };
    found.into_iter().map(|(name, fields)| (name, whole(fields))).collect()
}

/// Lists whose order means nothing, in one order.
pub(crate) fn settled(content: &Value) -> Value {
    let mut content = content.clone();
    content.sort_all_objects();
    let by_key = |list: &mut Value| {
        if let Some(items) = list.as_array_mut() {
            items.sort_by_key(|item| item["key"].as_str().unwrap().to_owned());
        }
    };
    let as_bag = |list: &mut Value| {
        if let Some(items) = list.as_array_mut() {
            items.sort_by_key(Value::to_string);
        }
    };
    for flag in content["flags"].as_array_mut().unwrap() {
        flag.get_mut("variants").map(by_key);
        for list in ["rules", "rollouts"] {
            let users = flag.get_mut(list).and_then(Value::as_array_mut);
            users.into_iter().flatten().for_each(|user| {
                user.get_mut("segment").and_then(|segment| segment.get_mut("keys")).map(as_bag);
            });
        }
    }
    for segment in content["segments"].as_array_mut().unwrap() {
        segment.get_mut("constraints").map(as_bag);
    }
    by_key(&mut content["flags"]);
    by_key(&mut content["segments"]);
    content
}
