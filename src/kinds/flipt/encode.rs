//! A checked document as the exact JSON that Flipt puts into a layer, and its outline.

mod flag;
mod free;

use crate::kinds::yaml::{Entries, Problem, Shape as Form, Value};

use super::number::{as_float32, float32};
use super::outline::Outline;
use super::shape::{CONSTRAINT, DOCUMENT, NAMESPACE, SEGMENT, Shape};
use super::text::quoted;

/// What a document is to a bundle.
pub(super) struct Encoded {
    pub(super) payload: Vec<u8>,
    pub(super) outline: Outline,
    /// What a server would not load, though it can be built.
    pub(super) warnings: Vec<Problem>,
}

/// Encodes a document that has passed the check of the schema; `size` is about how long its source is.
pub(super) fn encode(document: Value<'_>, size: usize) -> Encoded {
    let mut encoder =
        Encoder { out: Vec::with_capacity(size), outline: Outline::default(), warnings: Vec::new() };
    encoder.document(document);
    encoder.outline.texts.shrink_to_fit();
    Encoded { payload: encoder.out, outline: encoder.outline, warnings: encoder.warnings }
}

struct Encoder {
    out: Vec<u8>,
    outline: Outline,
    warnings: Vec<Problem>,
}

impl Encoder {
    fn document(&mut self, document: Value<'_>) {
        let [version, namespace, flags, segments] = values(document, &DOCUMENT);
        self.out.push(b'{');
        self.text("version", version);
        self.name("namespace");
        self.namespace(namespace.map(Value::last));
        self.list("flags", flags, Self::flag);
        self.list("segments", segments, Self::segment);
        self.out.push(b'}');
    }

    fn namespace(&mut self, namespace: Option<Value<'_>>) {
        let Some(value) = namespace else {
            self.outline.namespace.push_str("default");
            self.out.extend_from_slice(br#"{"key":"default","name":"Default"}"#);
            return;
        };
        let [key, name, description] = match value.scalar() {
            Some(scalar) => {
                self.outline.namespace.push_str(scalar.text);
                return quoted(scalar.text, &mut self.out);
            }
            None => values(value, &NAMESPACE),
        };
        self.outline.namespace.push_str(text_of(key));
        self.out.push(b'{');
        self.text("key", key);
        self.text("name", name);
        self.text("description", description);
        self.out.push(b'}');
    }

    fn segment(&mut self, segment: Value<'_>) {
        let [key, name, description, constraints, matches] = values(segment, &SEGMENT);
        if let Some(key) = key {
            let word = self.outline.word(key);
            self.outline.segments.push(word);
        }
        self.out.push(b'{');
        self.text("key", key);
        self.text("name", name);
        self.text("description", description);
        self.list("constraints", constraints, Self::constraint);
        self.text("match_type", matches);
        self.out.push(b'}');
    }

    fn constraint(&mut self, constraint: Value<'_>) {
        self.outline.constraints += 1;
        let [kind, property, operator, value, description] = values(constraint, &CONSTRAINT);
        self.out.push(b'{');
        self.text("type", kind);
        self.text("property", property);
        self.text("operator", operator);
        self.text("value", value);
        self.text("description", description);
        self.out.push(b'}');
    }

    /// A field's name, with the comma before it unless it is the first of its object.
    fn name(&mut self, name: &str) {
        if self.out.last() != Some(&b'{') {
            self.out.push(b',');
        }
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    /// A text field; an empty one is left out, as null is.
    fn text(&mut self, name: &str, value: Option<Value<'_>>) {
        let text = text_of(value);
        if !text.is_empty() {
            self.name(name);
            quoted(text, &mut self.out);
        }
    }

    /// A list of texts; an empty one is left out.
    fn texts(&mut self, name: &str, value: Option<Value<'_>>) {
        self.list(name, value, |encoder, item| quoted(text_of(Some(item)), &mut encoder.out));
    }

    /// A list; an empty one is left out.
    fn list<'t>(&mut self, name: &str, value: Option<Value<'t>>, mut item: impl FnMut(&mut Self, Value<'t>)) {
        let Some(Form::Sequence(sequence)) = value.map(Value::shape) else {
            return;
        };
        let mut items = sequence.items();
        let Some(first) = items.next() else {
            return;
        };
        self.name(name);
        self.out.push(b'[');
        item(self, first);
        for value in items {
            self.out.push(b',');
            item(self, value);
        }
        self.out.push(b']');
    }

    /// A truth that is left out where it is false.
    fn truth(&mut self, name: &str, value: Option<Value<'_>>) {
        if is_true(value) {
            self.name(name);
            self.out.extend_from_slice(b"true");
        }
    }

    /// A number of a float32 field, which is always written.
    fn float(&mut self, name: &str, value: Option<Value<'_>>) -> f32 {
        let number = value.and_then(as_float32).unwrap_or_default();
        self.name(name);
        float32(number, &mut self.out);
        number
    }
}

/// An object's values by field, merge keys worked in as Go's decoder does it.
fn values<'t, const N: usize>(object: Value<'t>, shape: &Shape<N>) -> [Option<Value<'t>>; N] {
    shape.sort(entries(object), |_| {})
}

/// A mapping's entries; none where it is no mapping, or its merge key is broken, which the check refuses.
fn entries(object: Value<'_>) -> Entries<'_> {
    match object.shape() {
        Form::Mapping(mapping) => mapping.merged().unwrap_or_else(|_| Entries::none()),
        Form::Scalar(_) | Form::Sequence(_) => Entries::none(),
    }
}

/// A text, or nothing for null.
fn text_of(value: Option<Value<'_>>) -> &str {
    let Some(scalar) = value.and_then(Value::scalar) else {
        return "";
    };
    if scalar.is_null() { "" } else { scalar.text }
}

fn is_true(value: Option<Value<'_>>) -> bool {
    value.and_then(Value::scalar).is_some_and(|scalar| matches!(scalar.text, "true" | "True" | "TRUE"))
}
