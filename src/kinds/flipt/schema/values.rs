//! The kinds of single values that the schema knows, and the free values of attachments and metadata.

use super::findings::{Findings, Path, describe};
use crate::kinds::flipt::literal::{Literal, is_written_number, literal};
use crate::kinds::flipt::number::as_unsigned;
use crate::kinds::yaml::{Decimal, Mapping, Resolved, Scalar, Shape, Value, brief};

impl<'t> Findings<'t> {
    /// Any text.
    pub(super) fn text(&mut self, value: Value<'t>, path: Path<'_>) -> Option<&'t str> {
        if let Literal::Text(text) = self.literal(value, path, "text")? {
            return Some(text);
        }
        self.wrong(value, path, "text");
        None
    }

    /// Text of one line that is not empty.
    pub(super) fn line(&mut self, value: Value<'t>, path: Path<'_>) {
        let Some(text) = self.text(value, path) else {
            return;
        };
        if text.is_empty() {
            self.fault(value.mark(), "empty-text", format!("`{path}` must not be empty"));
        } else if text.contains('\n') {
            self.fault(
                value.mark(),
                "line-break",
                format!("`{path}` must be one line, and this text has several"),
            );
        }
    }

    /// A key of a flag, segment or namespace.
    pub(super) fn key(&mut self, value: Value<'t>, path: Path<'_>) {
        let Some(text) = self.text(value, path) else {
            return;
        };
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b',');
        if text.is_empty() {
            self.fault(value.mark(), "empty-text", format!("`{path}` must not be empty"));
        } else if !text.bytes().all(allowed) {
            let message = format!(
                "`{path}` is {:?}, but a key may hold only ASCII letters, digits, `-`, `_` and `,`",
                brief(text)
            );
            self.fault(value.mark(), "bad-key", message);
        }
    }

    /// True or false.
    pub(super) fn boolean(&mut self, value: Value<'t>, path: Path<'_>) {
        match self.literal(value, path, "true or false") {
            Some(Literal::Bool(_)) | None => {}
            Some(_) => self.wrong(value, path, "true or false"),
        }
    }

    /// One of a few words; its index.
    pub(super) fn one_of(&mut self, value: Value<'t>, path: Path<'_>, words: &[&str]) -> Option<usize> {
        let text = self.text(value, path)?;
        let found = words.iter().position(|word| *word == text);
        if found.is_none() {
            let message = format!("`{path}` must be one of {}, not {}", words.join(", "), describe(value));
            self.fault(value.mark(), "unknown-value", message);
        }
        found
    }

    /// A whole number that is not negative.
    pub(super) fn rank(&mut self, value: Value<'t>, path: Path<'_>) {
        match self.literal(value, path, "a whole number") {
            Some(Literal::Int(text)) if as_unsigned(value).is_none() => {
                let message = format!("`{path}` must not be negative, and is {}", brief(text));
                self.fault(value.mark(), "out-of-range", message);
            }
            Some(Literal::Int(_)) | None => {}
            Some(_) => self.wrong(value, path, "a whole number"),
        }
    }

    /// A number; whether it is one.
    pub(super) fn number(&mut self, value: Value<'t>, path: Path<'_>) -> bool {
        match self.literal(value, path, "a number") {
            Some(Literal::Int(_) | Literal::Float(_)) => true,
            None => false,
            Some(_) => {
                self.wrong(value, path, "a number");
                false
            }
        }
    }

    /// A number from 0 to 100.
    pub(super) fn share(&mut self, value: Value<'t>, path: Path<'_>) {
        if self.number(value, path) && !is_percentage(value) {
            let text = value.scalar().map_or("", |scalar| scalar.text);
            let message = format!("`{path}` must lie from 0 to 100, and is {}", brief(text));
            self.fault(value.mark(), "out-of-range", message);
        }
    }

    /// Any value: of an attachment, or within one.
    pub(super) fn free(&mut self, value: Value<'t>, path: Path<'_>) {
        self.readable(value, path, true);
    }

    /// What stands in a mapping with merge keys, even where what they merge hides it: both readers decode it.
    pub(super) fn hidden(&mut self, mapping: Mapping<'t>, path: Path<'_>, text_keys: bool) {
        if mapping.merges() {
            let written = mapping.written().filter(|(key, _)| !key.is_merge_key());
            self.readable_fields(written, path, text_keys);
        }
    }

    fn readable_fields(
        &mut self,
        fields: impl Iterator<Item = (Value<'t>, Value<'t>)>,
        path: Path<'_>,
        text_keys: bool,
    ) {
        for (key, value) in fields {
            self.readable(value, path.field(key.scalar().map_or("", |key| key.text)), text_keys);
        }
    }

    fn readable(&mut self, value: Value<'t>, path: Path<'_>, text_keys: bool) {
        match value.shape() {
            Shape::Scalar(_) => {
                self.literal(value, path, "a value");
                self.moment(value, path);
            }
            Shape::Sequence(sequence) => {
                for (at, item) in sequence.items().enumerate() {
                    self.readable(item, path.item(at), text_keys);
                }
            }
            Shape::Mapping(mapping) => self.readable_mapping(mapping, path, text_keys),
        }
    }

    /// Each value once, where it is written or where it is merged into: mappings with merge keys may nest.
    fn readable_mapping(&mut self, mapping: Mapping<'t>, path: Path<'_>, text_keys: bool) {
        let written = || mapping.written().filter(|(key, _)| !key.is_merge_key());
        for (key, _) in written() {
            let resolved = key.scalar().map(Scalar::resolve);
            if text_keys && !matches!(resolved, Some(Ok(Resolved::Text(_)))) {
                let message =
                    format!("a key in `{path}` must be text, not {}; put it in quotes", describe(key));
                self.fault(key.mark(), "non-text-key", message);
            }
        }
        self.readable_fields(written(), path, text_keys);
        match mapping.brought() {
            Ok(brought) => self.readable_fields(brought, path, text_keys),
            Err(bad) => self.bad_merge(bad.mark),
        }
    }

    /// Metadata: names with single values.
    pub(super) fn metadata(&mut self, value: Value<'t>, path: Path<'_>) {
        let Shape::Mapping(mapping) = value.shape() else {
            self.wrong(value, path, "a mapping");
            return;
        };
        self.hidden(mapping, path, true);
        let entries = match mapping.overlaid() {
            Ok(entries) => entries,
            Err(bad) => return self.bad_merge(bad.mark),
        };
        for (key, value) in entries {
            self.metadata_key(key, path);
            let path = path.field(key.scalar().map_or("", |key| key.text));
            match self.literal(value, path, SINGLE) {
                Some(Literal::Null | Literal::Bytes) => self.wrong(value, path, SINGLE),
                Some(_) | None => self.moment(value, path),
            }
        }
    }

    /// A name in metadata: any scalar, of which the text counts, but for numbers below zero.
    fn metadata_key(&mut self, key: Value<'t>, path: Path<'_>) {
        let is_name = key.scalar().is_some_and(|scalar| match literal(scalar) {
            Ok(Literal::Int(text) | Literal::Float(text)) => !text.starts_with('-'),
            Ok(literal) => literal != Literal::Bytes,
            // A number may be too large for a value, and yet be a name.
            Err(_) => matches!(scalar.resolve(), Ok(Resolved::Float(_))) && is_written_number(scalar.text),
        });
        if !is_name {
            let message = format!("a key in `{path}` must be text, not {}; put it in quotes", describe(key));
            self.fault(key.mark(), "non-text-key", message);
        }
    }

    /// A moment that the encoder can print.
    fn moment(&mut self, value: Value<'t>, path: Path<'_>) {
        if let Some(Ok(Resolved::Timestamp(moment))) = value.scalar().map(Scalar::resolve)
            && !moment.is_printable()
        {
            let message = format!("`{path}` lies a day or more from UTC; put it in quotes to make it text");
            self.fault(value.mark(), "out-of-range", message);
        }
    }
}

const SINGLE: &str = "text, a number, true or false";

fn is_percentage(value: Value<'_>) -> bool {
    let Some(scalar) = value.scalar() else {
        return false;
    };
    match scalar.resolve() {
        Ok(Resolved::Int(number)) => (0..=100).contains(&number),
        Ok(Resolved::Float(_)) => Decimal::parse(scalar.text).is_some_and(|number| number.is_percentage()),
        _ => false,
    }
}
