//! The kinds of single values that the schema knows, and the free values of attachments and metadata.

use super::findings::{Findings, Path, describe};
use crate::kinds::flipt::literal::{Literal, brief, literal};
use crate::kinds::flipt::number::as_unsigned;
use crate::kinds::yaml::{Decimal, Mapping, Resolved, Shape, Value};

impl<'t> Findings<'t> {
    /// Any text.
    pub(super) fn text(&mut self, value: Value<'t>, path: Path<'_>) -> Option<&'t str> {
        match self.literal(value, path, "text")? {
            Literal::Text(text) => Some(text),
            _ => {
                self.wrong(value, path, "text");
                None
            }
        }
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
        match value.shape() {
            Shape::Scalar(_) => {
                self.literal(value, path, "a value");
            }
            Shape::Sequence(sequence) => {
                for (at, item) in sequence.items().enumerate() {
                    self.free(item, path.item(at));
                }
            }
            Shape::Mapping(mapping) => self.free_mapping(mapping, path),
        }
    }

    fn free_mapping(&mut self, mapping: Mapping<'t>, path: Path<'_>) {
        for (key, _) in mapping.written() {
            let resolved = key.scalar().map(|scalar| scalar.resolve());
            if !matches!(resolved, Some(Ok(Resolved::Text(_)))) && !key.is_merge_key() {
                let message =
                    format!("a key in `{path}` must be text, not {}; put it in quotes", describe(key));
                self.fault(key.mark(), "non-text-key", message);
            }
        }
        match mapping.overlaid() {
            Ok(entries) => {
                for (key, value) in entries {
                    self.free(value, path.field(key.scalar().map_or("", |key| key.text)));
                }
            }
            Err(bad) => self.bad_merge(bad.mark),
        }
    }

    /// Metadata: names with single values.
    pub(super) fn metadata(&mut self, value: Value<'t>, path: Path<'_>) {
        let Shape::Mapping(mapping) = value.shape() else {
            self.wrong(value, path, "a mapping");
            return;
        };
        let entries = match mapping.overlaid() {
            Ok(entries) => entries,
            Err(bad) => return self.bad_merge(bad.mark),
        };
        for (key, value) in entries {
            self.metadata_key(key, path);
            let path = path.field(key.scalar().map_or("", |key| key.text));
            match self.literal(value, path, SINGLE) {
                Some(Literal::Null | Literal::Bytes) => self.wrong(value, path, SINGLE),
                Some(_) | None => {}
            }
        }
    }

    /// A name in metadata: any scalar, of which the text counts, but for numbers with a sign.
    fn metadata_key(&mut self, key: Value<'t>, path: Path<'_>) {
        let meaning = key.scalar().map(literal);
        let signed =
            matches!(meaning, Some(Ok(Literal::Int(text) | Literal::Float(text))) if text.starts_with('-'));
        if signed || !matches!(meaning, Some(Ok(meaning)) if meaning != Literal::Bytes) {
            let message = format!("a key in `{path}` must be text, not {}; put it in quotes", describe(key));
            self.fault(key.mark(), "non-text-key", message);
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
