//! Changes are few, exact and in an order in which they can be applied.

use serde_json::json;

use super::*;

fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(is_true) => Value::Bool(*is_true),
        serde_json::Value::Number(number) => Value::Number(number.to_string().into()),
        serde_json::Value::String(text) => Value::text(text.as_str()),
        serde_json::Value::Array(items) => Value::list(items.iter().map(value).collect()),
        serde_json::Value::Object(fields) => {
            Value::map(fields.iter().map(|(name, field)| (name.as_str().into(), value(field))).collect())
        }
    }
}

fn order(names: &[&str]) -> Order {
    match names {
        ["keyed"] => Order::Keyed(&[&["name"], &["port", "protocol"]]),
        ["steps"] => Order::KeyedInOrder(&[&["name"]]),
        ["bag"] => Order::Bag(&["type"]),
        ["rules"] => Order::Ranked("segment"),
        _ => Order::Plain,
    }
}

/// The changes as lines: what happened, where, from what, to what.
fn told(one: impl Into<serde_json::Value>, other: impl Into<serde_json::Value>) -> Vec<String> {
    let (one, other) = (one.into(), other.into());
    let line = |change: &Change| {
        let show =
            |side: &Option<Value>| side.as_ref().map(|value| format!(" {value:?}")).unwrap_or_default();
        let sign = match change.nature {
            Nature::Added => '+',
            Nature::Removed => '-',
            Nature::Changed => '~',
        };
        format!("{sign} {}{}{}", change.path, show(&change.from), show(&change.to))
    };
    compare(&value(&one), &value(&other), order).iter().map(line).collect()
}

#[test]
fn fields_come_go_and_change_in_the_order_of_their_names() {
    let found = told(
        json!({"c": 1, "a/b~": {"x": 1, "y": 2}, "d": 0}),
        json!({"a/b~": {"x": 1, "y": 3}, "b": null, "d": []}),
    );
    assert_eq!(found, ["~ /a~1b~0/y 2 3", "+ /b null", "- /c 1", "~ /d 0 []"]);
}

#[test]
fn numbers_differ_by_every_digit() {
    let (one, other) =
        (Value::Number("12345678901234567890".into()), Value::Number("12345678901234567891".into()));
    assert_eq!(compare(&one, &other, order).len(), 1);
    assert_ne!(Value::Number("1".into()), Value::text("1"));
}

#[test]
fn items_with_keys_are_found_wherever_they_stand() {
    let (one, other) = (
        json!({"keyed": [{"name": "a", "v": 1}, {"name": "b"}, {"name": "c,d"}]}),
        json!({"keyed": [{"name": "e"}, {"name": "c,d"}, {"name": "a", "v": 2}]}),
    );
    let changes = [
        "~ /keyed/[name=a]/v 1 2",
        "- /keyed/[name=b] {\"name\":\"b\"}",
        "+ /keyed/[name=e] {\"name\":\"e\"}",
    ];
    assert_eq!(told(one, other), changes);
}

#[test]
fn the_first_key_that_tells_all_apart_is_taken() {
    let (one, other) = (
        json!({"keyed": [{"port": 53, "protocol": "TCP"}, {"port": 53, "protocol": "UDP", "v": 1}, {"port": 80}]}),
        json!({"keyed": [{"port": 80, "v": 2}, {"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}),
    );
    let changes = ["- /keyed/[port=53,protocol=UDP]/v 1", "+ /keyed/[port=80,protocol=]/v 2"];
    assert_eq!(told(one, other), changes);
}

#[test]
fn of_items_with_one_key_the_last_goes_first() {
    let item = |v: u8| json!({"name": "a", "v": v});
    let found = told(json!({"keyed": [item(1), item(2), item(3)]}), json!({"keyed": [item(1)]}));
    assert_eq!(
        found,
        ["- /keyed/[name=a]#3 {\"name\":\"a\",\"v\":3}", "- /keyed/[name=a]#2 {\"name\":\"a\",\"v\":2}"]
    );
}

#[test]
fn items_without_keys_are_found_by_their_places() {
    let found =
        told(json!({"keyed": [{"v": 1}, {"name": "b"}]}), json!({"keyed": [{"v": 2}, {"name": "b"}]}));
    assert_eq!(found, ["~ /keyed/0/v 1 2"]);
}

#[test]
fn keys_whose_order_counts_are_told_whole_when_it_changes() {
    let steps =
        |names: &[&str]| json!({"steps": names.iter().map(|name| json!({"name": name})).collect::<Vec<_>>()});
    assert_eq!(told(steps(&["a", "b", "c"]), steps(&["a", "c", "z", "d"])).len(), 3);
    assert_eq!(
        told(steps(&["a", "b"]), steps(&["b", "a"])),
        ["~ /steps [{\"name\":\"a\"},{\"name\":\"b\"}] [{\"name\":\"b\"},{\"name\":\"a\"}]"]
    );
    let found = told(steps(&["a"]), steps(&["z", "a"]));
    assert_eq!(found, ["~ /steps [{\"name\":\"a\"}] [{\"name\":\"z\"},{\"name\":\"a\"}]"]);
    let added = told(steps(&["a"]), steps(&["a", "z", "b"]));
    assert_eq!(added, ["+ /steps/[name=z] {\"name\":\"z\"}", "+ /steps/[name=b] {\"name\":\"b\"}"]);
}

#[test]
fn a_bag_has_neither_order_nor_places() {
    let (one, other) =
        (json!({"bag": [1, 1, {"type": "x", "v": 1}, 2]}), json!({"bag": [{"type": "x", "v": 2}, 3, 1]}));
    let changes = [
        "- /bag/- 1",
        "~ /bag/- {\"type\":\"x\",\"v\":1} {\"type\":\"x\",\"v\":2}",
        "- /bag/- 2",
        "+ /bag/- 3",
    ];
    assert_eq!(told(one, other), changes);
}

#[test]
fn ranked_items_keep_their_names_and_places_are_those_of_the_moment() {
    let rule = |segment: &str, v: u8| json!({"segment": segment, "v": v});
    let (one, other) = (
        json!({"rules": [rule("a", 1), rule("b", 1), rule("c", 1)]}),
        json!({"rules": [rule("z", 1), rule("b", 2), rule("c", 1), rule("y", 1)]}),
    );
    let changes =
        ["~ /rules/0/segment \"a\" \"z\"", "~ /rules/1/v 1 2", "+ /rules/3 {\"segment\":\"y\",\"v\":1}"];
    assert_eq!(told(one, other), changes);
    let found = told(json!({"l": ["a", "b", "c", "d"]}), json!({"l": ["b", "x", "d", "e"]}));
    assert_eq!(found, ["~ /l/2 \"c\" \"x\"", "- /l/0 \"a\"", "+ /l/3 \"e\""]);
}

#[test]
fn secrets_are_compared_and_not_shown() {
    let secret = |text: &str| Value::map(vec![("password".into(), Value::text(text).hidden())]);
    assert!(compare(&secret("hunter2"), &secret("hunter2"), order).is_empty());
    let changes = compare(&secret("hunter2"), &secret("hunter3"), order);
    assert_eq!(changes[0].path.to_string(), "/password");
    assert!(changes[0].to.as_ref().unwrap().has_secrets());
    let shown = format!("{changes:?}{:?}", secret("hunter2"));
    assert!(!shown.contains("hunter"), "{shown}");
    let words = general("password", changes[0].from.as_ref(), changes[0].to.as_ref());
    assert_eq!(words, "password changed");
}

#[test]
fn lists_made_to_be_hard_take_no_longer() {
    // Each anchor uncovers one more, and all lie in one gap: quadratic for whoever goes on for ever.
    let (mut one, mut other) = (Vec::new(), Vec::new());
    for at in 0..20_000 {
        one.extend([json!(at + 1), json!(at)]);
        other.extend([json!(at + 1), json!(at), json!(-1)]);
    }
    let found = told(json!(one), json!(other));
    assert!(found.len() > 5_000, "{}", found.len());
}

#[test]
fn long_values_are_cut_in_words() {
    let long = Value::text("ü".repeat(1000));
    assert_eq!(short(&long).chars().count(), 61);
    assert!(plain(&long).ends_with("ü…"));
    let many = Value::list(vec![long; 100]);
    assert!(short(&many).chars().count() == 61);
    assert_eq!(
        general("text", Some(&Value::text("a\nb\n")), Some(&Value::text("a\nc\nd\n"))),
        "text: lines +2 -1"
    );
}
