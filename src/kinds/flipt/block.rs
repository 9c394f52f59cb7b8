//! Writes a payload as YAML that reads back as the same payload under Flipt's rules.

use std::fmt::Write as _;

use serde_json::{Map, Number, Value};

/// The longest key that YAML takes without a mark before it, with room for escapes (yaml.v3: 1,024 characters).
const LONGEST_KEY: usize = 150;

/// Block style, strings quoted wherever they could be taken for anything else.
pub(super) fn yaml(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(fields) if !fields.is_empty() => mapping(&mut out, fields, 0, false),
        other => {
            scalar(&mut out, other);
            out.push('\n');
        }
    }
    out
}

/// `is_begun`: the first key follows a `- ` on its line.
fn mapping(out: &mut String, fields: &Map<String, Value>, indent: usize, is_begun: bool) {
    for (at, (key, value)) in fields.iter().enumerate() {
        if at > 0 || !is_begun {
            blanks(out, indent);
        }
        if key.len() > LONGEST_KEY {
            out.push_str("? ");
            text(out, key);
            out.push('\n');
            blanks(out, indent);
        } else {
            text(out, key);
        }
        out.push(':');
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                out.push('\n');
                mapping(out, fields, indent + 2, false);
            }
            Value::Array(items) if !items.is_empty() => {
                out.push('\n');
                sequence(out, items, indent);
            }
            other => {
                out.push(' ');
                scalar(out, other);
                out.push('\n');
            }
        }
    }
}

fn sequence(out: &mut String, items: &[Value], indent: usize) {
    for item in items {
        blanks(out, indent);
        match item {
            Value::Object(fields) if !fields.is_empty() => {
                out.push_str("- ");
                mapping(out, fields, indent + 2, true);
            }
            Value::Array(inner) if !inner.is_empty() => {
                out.push_str("-\n");
                sequence(out, inner, indent + 2);
            }
            other => {
                out.push_str("- ");
                scalar(out, other);
                out.push('\n');
            }
        }
    }
}

fn blanks(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}

fn scalar(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(is_true) => out.push_str(if *is_true { "true" } else { "false" }),
        Value::Number(given) => figure(out, given),
        Value::String(given) => text(out, given),
        Value::Array(_) => out.push_str("[]"),
        Value::Object(_) => out.push_str("{}"),
    }
}

/// A number in a form that keeps it a float where an integer would be out of range, or lose its sign.
fn figure(out: &mut String, given: &Number) {
    // Writing to a String cannot fail.
    let _ = match (given.as_i64(), given.as_u64(), given.as_f64()) {
        (Some(whole), ..) => write!(out, "{whole}"),
        (_, Some(whole), _) => write!(out, "{whole}"),
        (.., Some(0.0)) => write!(out, "-0.0"),
        // A fraction is a float however it is written; a whole number needs an exponent to stay one.
        (.., Some(float)) if float.fract() != 0.0 && float.abs() > 1e-6 => write!(out, "{float}"),
        (.., Some(float)) => write!(out, "{float:e}"),
        _ => write!(out, "{given}"),
    };
}

/// Plain where no reader can mistake it, else in double quotes.
fn text(out: &mut String, given: &str) {
    if is_plain(given) {
        out.push_str(given);
        return;
    }
    out.push('"');
    for letter in given.chars() {
        // Writing to a String cannot fail.
        let _ = match letter {
            '"' => write!(out, "\\\""),
            '\\' => write!(out, "\\\\"),
            '\n' => write!(out, "\\n"),
            '\t' => write!(out, "\\t"),
            '\r' => write!(out, "\\r"),
            _ if needs_escape(letter) => match u32::from(letter) {
                code @ 0..=0xff => write!(out, "\\x{code:02x}"),
                code => write!(out, "\\u{code:04x}"),
            },
            _ => {
                out.push(letter);
                Ok(())
            }
        };
    }
    out.push('"');
}

/// What yaml.v3 refuses raw, or takes for the end of a line.
fn needs_escape(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// A word, or words with single blanks, that begins with a letter and means nothing to YAML.
fn is_plain(given: &str) -> bool {
    const MEANINGS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan"];
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | '/');
    given.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && given.len() <= LONGEST_KEY
        && given.split(' ').all(|word| !word.is_empty() && word.chars().all(is_word))
        && !MEANINGS.contains(&given.to_ascii_lowercase().as_str())
}
