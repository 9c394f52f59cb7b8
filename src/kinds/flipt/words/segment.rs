//! What differs of a segment, in words.

use super::{counted, each};
use crate::kinds::diff::{Change, Nature, Step, Value, dotted, general, in_lines, plain, short};

/// `segment, 2 constraints`, of one that is new.
pub(super) fn whole(change: &Change) -> Vec<String> {
    let segment = change.to.iter();
    segment.map(|segment| format!("segment, {}", counted(segment, "constraints", "constraint"))).collect()
}

/// What differs within a segment.
pub(super) fn part(inner: &[&Step], change: &Change) -> Vec<String> {
    let (from, to) = (change.from.as_ref(), change.to.as_ref());
    let verb = change.nature.name();
    let told = match inner {
        [Step::Field(field)] if field.as_ref() == "constraints" && change.nature != Nature::Changed => {
            return each(from.or(to), |_, item| format!("constraint {} {verb}", constraint(item)));
        }
        [Step::Field(field)] if field.as_ref() == "match_type" => {
            let [from, to] = [from, to].map(|side| side.map_or_else(|| "none".to_owned(), match_type));
            format!("match type: {from} → {to}")
        }
        [Step::Field(list), Step::Any] if list.as_ref() == "constraints" => match (from, to) {
            (Some(from), Some(to)) => {
                let property = from.get("property").map(plain).unwrap_or_default();
                format!("constraint {property}: {}", fields(from, to))
            }
            _ => format!("constraint {} {verb}", from.or(to).map(constraint).unwrap_or_default()),
        },
        _ => return in_lines(&dotted(inner), from, to),
    };
    vec![told]
}

fn match_type(value: &Value) -> String {
    match value.as_text() {
        Some("ALL_MATCH_TYPE") => "all".to_owned(),
        Some("ANY_MATCH_TYPE") => "any".to_owned(),
        _ => plain(value),
    }
}

/// `plan isoneof ["pro"]`
fn constraint(item: &Value) -> String {
    let parts = ["property", "operator", "value"].map(|field| item.get(field).map(plain));
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { short(item) } else { parts.join(" ") }
}

/// The fields in which two constraints differ.
fn fields(from: &Value, to: &Value) -> String {
    let known = ["operator", "value", "description"];
    let differs = known.iter().filter(|name| from.get(name) != to.get(name));
    let words: Vec<String> = differs.map(|name| general(name, from.get(name), to.get(name))).collect();
    if words.is_empty() { format!("{} → {}", short(from), short(to)) } else { words.join(", ") }
}
