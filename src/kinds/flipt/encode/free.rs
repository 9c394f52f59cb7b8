//! Attachments and metadata as JSON: values of any type, keys in the order of their bytes.

use super::Encoder;
use crate::kinds::flipt::literal::binary;
use crate::kinds::flipt::number::float64;
use crate::kinds::flipt::text::{quoted, quoted_bytes};
use crate::kinds::yaml::{Entries, Resolved, Scalar, Shape as Form, Style, Value};

impl Encoder {
    /// The metadata of a flag; left out where it is empty.
    pub(super) fn metadata(&mut self, name: &str, value: Option<Value<'_>>) {
        let Some(value) = value else {
            return;
        };
        let entries = sorted(value);
        if !entries.is_empty() {
            self.name(name);
            self.object(entries);
        }
    }

    /// A value of any type; of JSON keys given twice the last value counts.
    pub(super) fn free(&mut self, value: Value<'_>) {
        let value = value.last();
        match value.shape() {
            Form::Scalar(scalar) if value.is_json() => self.json_scalar(scalar),
            Form::Scalar(scalar) => self.scalar(scalar),
            Form::Mapping(_) => self.object(sorted(value)),
            Form::Sequence(sequence) => {
                self.out.push(b'[');
                for (at, item) in sequence.items().enumerate() {
                    if at > 0 {
                        self.out.push(b',');
                    }
                    self.free(item);
                }
                self.out.push(b']');
            }
        }
    }

    fn object(&mut self, entries: Vec<(&str, Value<'_>)>) {
        self.out.push(b'{');
        for (at, (key, value)) in entries.into_iter().enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            quoted(key, &mut self.out);
            self.out.push(b':');
            self.free(value);
        }
        self.out.push(b'}');
    }

    /// Every number of JSON is a float64 where its type is free.
    fn json_scalar(&mut self, scalar: Scalar<'_>) {
        match (scalar.style, scalar.text) {
            (Style::Plain, "null" | "true" | "false") => self.out.extend_from_slice(scalar.text.as_bytes()),
            (Style::Plain, number) => float64(number.parse().unwrap_or_default(), &mut self.out),
            (Style::Quoted | Style::Empty | Style::EmptyInFlow, text) => quoted(text, &mut self.out),
        }
    }

    fn scalar(&mut self, scalar: Scalar<'_>) {
        let out = &mut self.out;
        match scalar.resolve() {
            Ok(Resolved::Null) => out.extend_from_slice(b"null"),
            Ok(Resolved::Bool(value)) => out.extend_from_slice(value.to_string().as_bytes()),
            Ok(Resolved::Int(number)) => out.extend_from_slice(number.to_string().as_bytes()),
            Ok(Resolved::Uint(number)) => out.extend_from_slice(number.to_string().as_bytes()),
            Ok(Resolved::Float(number)) => float64(number, out),
            Ok(Resolved::Text(text)) => quoted(text, out),
            Ok(Resolved::Timestamp(timestamp)) => quoted(&timestamp.to_string(), out),
            Ok(Resolved::Binary(text)) => quoted_bytes(&binary(text).unwrap_or_default(), out),
            // The check lets none of these pass.
            Ok(Resolved::Merge | Resolved::Foreign(_)) | Err(_) => quoted(scalar.text, out),
        }
    }
}

/// A mapping's entries in the order of their keys' bytes; a null key has no place among texts, and is dropped.
fn sorted(mapping: Value<'_>) -> Vec<(&str, Value<'_>)> {
    let entries = match mapping.shape() {
        Form::Mapping(mapping) => mapping.merged().unwrap_or_else(|_| Entries::none()),
        Form::Scalar(_) | Form::Sequence(_) => Entries::none(),
    };
    let named = entries.filter_map(|(key, value)| {
        let scalar = key.scalar()?;
        (!scalar.is_null()).then_some((scalar.text, value))
    });
    let mut entries: Vec<_> = named.collect();
    entries.sort_by(|one, other| one.0.cmp(other.0));
    entries
}
