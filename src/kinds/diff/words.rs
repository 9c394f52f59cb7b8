//! Paths and values in short words for people.

use std::fmt::Write as _;

use super::excerpt::excerpt;
use super::path::Step;
use super::value::Value;

/// How many characters of a value are shown.
const SHOWN: usize = 60;

/// How many characters of two values are compared to find where they begin to differ.
const COMPARED: usize = 16 * 1024;

/// Two values as JSON, each on one line; where they are long, from a little before they begin to differ.
fn both(from: &Value, to: &Value) -> [String; 2] {
    let whole = |value: &Value| {
        let mut text = String::new();
        value.write_json(&mut text, COMPARED);
        text
    };
    if [from, to].iter().any(|value| matches!(value, Value::Secret(_))) {
        return [short(from), short(to)];
    }
    let texts = [whole(from), whole(to)];
    let alike = texts[0].chars().zip(texts[1].chars()).take_while(|(left, right)| left == right).count();
    let is_long = texts.iter().any(|text| text.chars().nth(SHOWN).is_some());
    if !is_long || alike < SHOWN / 2 {
        return texts.map(cut);
    }
    let before = alike - SHOWN / 3;
    texts.map(|text| cut(format!("…{}", text.chars().skip(before).take(SHOWN).collect::<String>())))
}

/// A value as JSON on one line, cut where it is long.
pub fn short(value: &Value) -> String {
    if matches!(value, Value::Secret(_)) {
        return "(hidden)".to_owned();
    }
    let mut text = String::new();
    value.write_json(&mut text, SHOWN * 4);
    cut(text)
}

/// The same, but text without quotes: for keys.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => cut(text.chars().take(SHOWN + 1).collect()),
        other => short(other),
    }
}

fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(SHOWN) {
        text.truncate(at);
        text.push('…');
    }
    text
}

/// Steps as people write them: `a.b[2].c`, an item with a key as `list[key]`.
pub fn dotted(steps: &[&Step]) -> String {
    // Writing to a String cannot fail.
    let mut out = String::new();
    for step in steps {
        match step {
            Step::Field(name) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.extend(name.chars().take(SHOWN));
            }
            Step::Index(at) => {
                let _ = write!(out, "[{at}]");
            }
            Step::Item(fields, number) => {
                let texts: Vec<&str> =
                    fields.iter().map(|(_, text)| text.as_ref()).filter(|text| !text.is_empty()).collect();
                out.push('[');
                out.extend(texts.join("/").chars().take(SHOWN));
                if *number > 1 {
                    let _ = write!(out, "#{number}");
                }
                out.push(']');
            }
            Step::Any => {}
        }
        if out.len() > SHOWN * 8 {
            out.push('…');
            break;
        }
    }
    out
}

/// A change in general words: `a.b: 1 → 2`, `a.b added: 2`, `a.b removed: 1`; of text with several lines the counts.
pub fn general(name: &str, from: Option<&Value>, to: Option<&Value>) -> String {
    let name = if name.is_empty() { "content" } else { name };
    match (from, to) {
        (Some(Value::Secret(_)), Some(_)) | (Some(_), Some(Value::Secret(_))) => format!("{name} changed"),
        (Some(Value::Text(from)), Some(Value::Text(to))) if from.contains('\n') || to.contains('\n') => {
            format!("{name}: {}", lines(from, to))
        }
        (Some(from), Some(to)) => {
            let [from, to] = both(from, to);
            format!("{name}: {from} → {to}")
        }
        (None, Some(Value::Secret(_))) => format!("{name} added"),
        (None, Some(to)) => format!("{name} added: {}", short(to)),
        (Some(from), None) if !from.has_secrets() => format!("{name} removed: {}", short(from)),
        (_, None) => format!("{name} removed"),
    }
}

/// The same, and of text with several lines the first of those that differ, a line each.
pub fn in_lines(name: &str, from: Option<&Value>, to: Option<&Value>) -> Vec<String> {
    let mut words = vec![general(name, from, to)];
    if let (Some(Value::Text(from)), Some(Value::Text(to))) = (from, to)
        && (from.contains('\n') || to.contains('\n'))
    {
        words.extend(excerpt(from, to));
    }
    words
}

/// How many lines one text has that the other lacks.
fn lines(from: &str, to: &str) -> String {
    let mut counts: std::collections::HashMap<&str, i64> = std::collections::HashMap::new();
    for line in to.lines() {
        *counts.entry(line).or_default() += 1;
    }
    for line in from.lines() {
        *counts.entry(line).or_default() -= 1;
    }
    let added: i64 = counts.values().filter(|count| **count > 0).sum();
    let removed: i64 = -counts.values().filter(|count| **count < 0).sum::<i64>();
    match (added, removed) {
        (0, 0) => "lines moved, or their ends changed".to_owned(),
        _ => format!("lines +{added} -{removed}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_shown_where_they_differ() {
        let image =
            |tag: &str| Value::Text(format!("registry.example.com/{}/app:{tag}", "team/".repeat(20)).into());
        let words = general("image", Some(&image("1.0.0")), Some(&image("1.1.0")));
        assert!(words.starts_with("image: …") && words.contains("/app:1.0.0\" → …"), "{words}");
        assert!(words.ends_with("/app:1.1.0\""), "{words}");
        assert!(words.chars().count() < 3 * SHOWN, "{words}");
        let short = general("a", Some(&Value::Text("x".into())), Some(&Value::Text("y".into())));
        assert_eq!(short, "a: \"x\" → \"y\"");
        let tail = |text: &str| Value::Text(format!("{text}{}", "z".repeat(100)).into());
        let words = general("a", Some(&tail("x")), Some(&tail("y")));
        assert!(words.starts_with("a: \"xzz") && words.contains("zz… → \"yzz"), "{words}");
    }
}
