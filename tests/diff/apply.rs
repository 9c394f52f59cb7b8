//! Applies what `torte diff --format json` says, by the rules of `docs/json.md` and nothing else.

use serde_json::Value;

/// Applies all changes, in their order.
pub(crate) fn all(content: &mut Value, changes: &[Value]) {
    for change in changes {
        let path = change["path"].as_str().unwrap();
        match path.rsplit_once('/') {
            None => *content = change["to"].clone(),
            Some((above, last)) => one(descend(content, above), last, change),
        }
    }
}

/// The value at a path.
fn descend<'v>(content: &'v mut Value, path: &str) -> &'v mut Value {
    let mut here = content;
    for step in path.split('/').skip(1) {
        here = match here {
            Value::Object(fields) => fields.get_mut(&unescaped(step)).unwrap(),
            Value::Array(items) => {
                let at = place(items, step);
                &mut items[at]
            }
            leaf => panic!("{leaf} has no {step}"),
        };
    }
    here
}

fn one(here: &mut Value, step: &str, change: &Value) {
    let (from, to) = (change["from"].clone(), change["to"].clone());
    let nature = change["change"].as_str().unwrap();
    match here {
        Value::Object(fields) => {
            let old = match nature {
                "removed" => fields.remove(&unescaped(step)),
                _ => fields.insert(unescaped(step), to),
            };
            assert_eq!(old, (nature != "added").then_some(from), "{change}");
        }
        Value::Array(items) => match (nature, step) {
            ("added", _) if step == "-" || step.starts_with('[') => items.push(to),
            ("added", _) => items.insert(step.parse().unwrap(), to),
            _ => {
                let at = match step {
                    "-" => items.iter().position(|item| *item == from).unwrap(),
                    _ => place(items, step),
                };
                assert_eq!(items[at], from, "{change}");
                if nature == "removed" {
                    items.remove(at);
                } else {
                    items[at] = to;
                }
            }
        },
        leaf => panic!("{leaf} has no {step}"),
    }
}

/// The place of a list's item: a number, or `[field=value,…]` with `#n` where it is not the first.
fn place(items: &[Value], step: &str) -> usize {
    let Some(keyed) = step.strip_prefix('[') else { return step.parse().unwrap() };
    let (fields, number) = if let Some(fields) = keyed.strip_suffix(']') {
        (fields, 1)
    } else {
        let (fields, number) = keyed.rsplit_once("]#").unwrap();
        (fields, number.parse().unwrap())
    };
    let fields: Vec<(&str, String)> = fields
        .split(',')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, text)| (name, unescaped(&text.replace("~2", ","))))
        .collect();
    let is_meant = |item: &Value| {
        fields.iter().all(|(name, text)| match name.split('.').fold(item, |value, name| &value[name]) {
            Value::Null => text.is_empty(),
            Value::String(found) => found == text,
            other => format!("{other}") == *text,
        })
    };
    let mut found = items.iter().enumerate().filter(|(_, item)| is_meant(item));
    found.nth(number - 1).unwrap().0
}

/// The escapes of JSON Pointer.
fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}
