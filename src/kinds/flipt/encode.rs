//! A checked document as the exact JSON that Flipt puts into a layer, and its outline.

mod flag;
mod free;

use crate::kinds::yaml::{Problem, Resolved, Scalar, Shape as Form, Value};

use super::number::{as_float32, float32};
use super::outline::Outline;
use super::shape::{CONSTRAINT, DOCUMENT, NAMESPACE, SEGMENT, Shape};
use super::text::quoted;

/// What a document is to a bundle.
pub(super) struct Encoded {
    pub(super) payload: Vec<u8>,
    pub(super) outline: Outline,
    /// What Go's decoder does not take, though the schema does.
    pub(super) faults: Vec<Problem>,
    /// What a server would not load, though it can be built.
    pub(super) warnings: Vec<Problem>,
}

/// Encodes a document that has passed the check of the schema; `size` is about how long its source is.
pub(super) fn encode(document: Value<'_>, size: usize) -> Encoded {
    let mut encoder = Encoder {
        out: Vec::with_capacity(size),
        outline: Outline::default(),
        faults: Vec::new(),
        warnings: Vec::new(),
    };
    encoder.document(document);
    encoder.outline.texts.shrink_to_fit();
    Encoded {
        payload: encoder.out,
        outline: encoder.outline,
        faults: encoder.faults,
        warnings: encoder.warnings,
    }
}

struct Encoder {
    out: Vec<u8>,
    outline: Outline,
    faults: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl Encoder {
    fn document(&mut self, document: Value<'_>) {
        let [version, namespace, flags, segments] = self.values(document, &DOCUMENT);
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
            None => self.values(value, &NAMESPACE),
        };
        let text = self.text_of(key);
        self.outline.namespace.push_str(text);
        self.out.push(b'{');
        self.text("key", key);
        self.text("name", name);
        self.text("description", description);
        self.out.push(b'}');
    }

    fn segment(&mut self, segment: Value<'_>) {
        let [key, name, description, constraints, matches] = self.values(segment, &SEGMENT);
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
        let [kind, property, operator, value, description] = self.values(constraint, &CONSTRAINT);
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
        let text = self.text_of(value);
        if !text.is_empty() {
            self.name(name);
            quoted(text, &mut self.out);
        }
    }

    /// A list of texts; an empty one is left out.
    fn texts(&mut self, name: &str, value: Option<Value<'_>>) {
        self.list(name, value, |encoder, item| {
            let text = encoder.text_of(Some(item));
            quoted(text, &mut encoder.out);
        });
    }

    /// A list; an empty one is left out.
    fn list<'t>(&mut self, name: &str, value: Option<Value<'t>>, mut item: impl FnMut(&mut Self, Value<'t>)) {
        let Some(value) = value else {
            return;
        };
        let Form::Sequence(sequence) = value.shape() else {
            return self.undecodable(value, "a list");
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
        if self.is_true(value) {
            self.name(name);
            self.out.extend_from_slice(b"true");
        }
    }

    /// A number of a float32 field, which is always written.
    fn float(&mut self, name: &str, value: Option<Value<'_>>) -> f32 {
        let number = value.and_then(|value| {
            let number = as_float32(value);
            if number.is_none() {
                self.undecodable(value, "a number");
            }
            number
        });
        let number = number.unwrap_or_default();
        self.name(name);
        float32(number, &mut self.out);
        number
    }

    /// An object's values by field, merge keys worked in as Go's decoder does it.
    fn values<'t, const N: usize>(&mut self, object: Value<'t>, shape: &Shape<N>) -> [Option<Value<'t>>; N] {
        if let Form::Mapping(mapping) = object.shape()
            && let Ok(entries) = mapping.merged()
        {
            return shape.sort(entries, |_| {});
        }
        self.undecodable(object, "a mapping");
        [None; N]
    }

    /// A text, or nothing for null.
    fn text_of<'t>(&mut self, value: Option<Value<'t>>) -> &'t str {
        let Some(value) = value else {
            return "";
        };
        match value.scalar() {
            Some(scalar) if scalar.is_null() => "",
            Some(scalar) => scalar.text,
            None => {
                self.undecodable(value, "text");
                ""
            }
        }
    }

    /// Whether a typed truth is true. The words of YAML 1.1 count, but the schema lets them pass only where
    /// a merge key hides them from it.
    fn is_true(&mut self, value: Option<Value<'_>>) -> bool {
        let Some(value) = value else {
            return false;
        };
        match value.scalar().map(Scalar::resolve) {
            Some(Ok(Resolved::Bool(truth))) => truth,
            Some(Ok(Resolved::Text("y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON"))) => true,
            Some(Ok(Resolved::Text("n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF"))) => false,
            _ => {
                self.undecodable(value, "true or false");
                false
            }
        }
    }

    /// Notes a value of the wrong type, which the schema saw only as what a merge key put in its place.
    fn undecodable(&mut self, value: Value<'_>, expected: &str) {
        if !value.scalar().is_some_and(Scalar::is_null) {
            let message = format!("this value must be {expected}, though a merge key gives another");
            self.faults.push(Problem::new(value.mark(), "wrong-type", message));
        }
    }
}
