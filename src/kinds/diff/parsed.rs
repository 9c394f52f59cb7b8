//! From what the readers of YAML and JSON give to values that can be compared. Nests no deeper than they let it.

use std::collections::HashSet;

use super::value::Value;
use crate::kinds::flipt::number::float64;
use crate::kinds::yaml::{self, NodeId, Resolved, Scalar, Shape, Style};

/// A value of JSON, with some of it never shown; of keys given twice the last counts.
pub(in crate::kinds) fn of_json(value: yaml::Value<'_>, hidden: &HashSet<NodeId>) -> Value {
    let value = value.last();
    let read = match value.shape() {
        Shape::Scalar(scalar) => match (scalar.style, scalar.text) {
            (Style::Plain, "null") => Value::Null,
            (Style::Plain, "true") => Value::Bool(true),
            (Style::Plain, "false") => Value::Bool(false),
            (Style::Plain, digits) => Value::Number(digits.into()),
            (_, text) => Value::text(text),
        },
        Shape::Sequence(sequence) => {
            Value::list(sequence.items().map(|item| of_json(item, hidden)).collect())
        }
        Shape::Mapping(mapping) => {
            let field = |(key, value): (yaml::Value<'_>, yaml::Value<'_>)| {
                (key.scalar().map_or("", |scalar| scalar.text).into(), of_json(value, hidden))
            };
            Value::map(mapping.written().map(field).collect())
        }
    };
    if hidden.contains(&value.id()) { read.hidden() } else { read }
}

/// A value of YAML as JSON has it, merge keys worked in, with some of it never shown; none where a key is no plain value or a
/// merge key merges nothing.
pub(in crate::kinds) fn of_yaml(value: yaml::Value<'_>, hidden: &HashSet<NodeId>) -> Option<Value> {
    let read = match value.shape() {
        Shape::Scalar(scalar) => of_scalar(scalar),
        Shape::Sequence(sequence) => {
            Value::list(sequence.items().map(|item| of_yaml(item, hidden)).collect::<Option<_>>()?)
        }
        Shape::Mapping(mapping) => {
            let entries = mapping.merged().ok()?;
            let fields =
                entries.map(|(key, value)| Some((key.scalar()?.text.into(), of_yaml(value, hidden)?)));
            Value::map(fields.collect::<Option<_>>()?)
        }
    };
    Some(if hidden.contains(&value.id()) { read.hidden() } else { read })
}

fn of_scalar(scalar: Scalar<'_>) -> Value {
    match scalar.resolve() {
        Ok(Resolved::Null) => Value::Null,
        Ok(Resolved::Bool(is_true)) => Value::Bool(is_true),
        Ok(Resolved::Int(number)) => Value::Number(number.to_string().into()),
        Ok(Resolved::Uint(number)) => Value::Number(number.to_string().into()),
        Ok(Resolved::Float(number)) if number.is_finite() => {
            let mut digits = Vec::new();
            float64(number, &mut digits);
            Value::Number(String::from_utf8_lossy(&digits).into())
        }
        // JSON has no other types; what YAML adds to them stays as it was written.
        _ => Value::text(scalar.text),
    }
}
