//! The outline of plain block YAML in one pass over its lines, many times as fast as by the full reader.
//!
//! It knows a small part of YAML, in which nothing has two readings: mappings and sequences in blocks, indented by
//! spaces; keys without quotes; values on one line, or blocks of text; comments; `---`. For anything else it gives no
//! answer. Where it gives one, the full reader would give the same, and find no fault.

mod level;
mod text;
mod value;

use super::Reading;
use super::draft::{Draft, Written};
use crate::kinds::yaml::{Mark, Scalar, Style};
use level::{Field, Levels};
use text::{Lines, rest_of_line, spaces};
use value::{NO_TAG, Value};

/// Reads a file of YAML, if all of it is of the part that is known here.
pub(super) fn yaml(bytes: &[u8]) -> Option<Reading> {
    let text = text::plain(bytes)?;
    let mut scan = Scan {
        lines: Lines::new(text),
        has_tabs: memchr::memchr(b'\t', bytes).is_some(),
        levels: Levels::default(),
        open: None,
        draft: None,
        reading: Reading::default(),
    };
    while let Some(line) = scan.lines.next() {
        scan.line(line)?;
    }
    scan.end_document()?;
    Some(scan.reading)
}

struct Scan<'t> {
    lines: Lines<'t>,
    has_tabs: bool,
    /// The collections around the current line.
    levels: Levels,
    /// What the last entry was, if it has no value so far: the lines below may give it one.
    open: Option<Field>,
    /// What was found of the document, once it has begun.
    draft: Option<Draft<'t>>,
    reading: Reading,
}

impl<'t> Scan<'t> {
    fn line(&mut self, line: &'t str) -> Option<()> {
        let column = spaces(line);
        let rest = line.get(column..)?;
        match rest.as_bytes() {
            _ if self.has_tabs && memchr::memchr(b'\t', line.as_bytes()).is_some() => None,
            [] | [b'#', ..] => Some(()),
            [b'-', b'-', b'-', after @ ..] if column == 0 && matches!(after, [] | [b' ', ..]) => {
                rest_of_line(rest.get(3..)?)?;
                self.end_document()
            }
            [b'.', b'.', b'.', ..] if column == 0 => None,
            [b'-'] | [b'-', b' ', ..] => self.item(column, rest),
            _ => {
                let length = value::key(rest)?;
                self.levels.entry(column, self.open.take())?;
                self.pair(column, rest, length)
            }
        }
    }

    /// An item of a sequence, from its `-` on.
    fn item(&mut self, column: usize, text: &'t str) -> Option<()> {
        self.levels.item(column, self.open.take())?;
        self.begin();
        let gap = spaces(text.get(1..)?);
        let rest = text.get(1 + gap..)?;
        if let Some(length) = value::key(rest) {
            let column = column + 1 + gap;
            self.levels.entry(column, Some(Field::Other))?;
            return self.pair(column, rest, length);
        }
        match value::read(rest)? {
            Value::Nothing => self.open = Some(Field::Other),
            Value::Block => self.lines.skip_block(column)?,
            Value::Scalar(..) | Value::Escaped | Value::Empty | Value::Collection => {}
        }
        Some(())
    }

    /// A key with its value, from the key on.
    fn pair(&mut self, column: usize, text: &'t str, length: usize) -> Option<()> {
        self.begin();
        let field = self.levels.key(text.get(..length)?)?;
        let after = text.get(length + 1..)?;
        let gap = spaces(after);
        let value = value::read(after.get(gap..)?)?;
        match value {
            Value::Scalar(text, style) => {
                let mark = self.lines.mark(column + length + 1 + gap);
                self.fill(field, Scalar { text, style, tag: &NO_TAG }, mark);
            }
            Value::Nothing => {
                self.open = Some(field);
                self.fill(field, Scalar { text: "", style: Style::Empty, tag: &NO_TAG }, Mark::default());
            }
            // Their text would have to be worked out, or looked into.
            _ if field.is_scalar() => return None,
            Value::Collection if field != Field::Other => return None,
            Value::Block => self.lines.skip_block(column)?,
            Value::Escaped | Value::Empty | Value::Collection => {}
        }
        Some(())
    }

    /// The document has begun here, if it had not before.
    fn begin(&mut self) {
        if self.draft.is_none() {
            self.draft = Some(Draft { mark: self.lines.mark(0), ..Draft::default() });
        }
    }

    fn fill(&mut self, field: Field, scalar: Scalar<'t>, mark: Mark) {
        let Some(draft) = &mut self.draft else { return };
        match field {
            Field::ApiVersion => draft.api_version = Some(scalar),
            Field::Kind => draft.kind = Some(scalar),
            Field::Name => draft.name = Some(scalar),
            Field::Namespace => {
                draft.namespace = Some(Written::Scalar(scalar));
                draft.namespace_mark = mark;
            }
            Field::Group => draft.group = Some(scalar),
            Field::Scope => draft.scope = Some(scalar),
            Field::Defined => draft.defined = Some(scalar),
            Field::Metadata | Field::Spec | Field::Names | Field::Other => {}
        }
    }

    fn end_document(&mut self) -> Option<()> {
        self.levels.clear();
        self.open = None;
        let Some(draft) = self.draft.take() else {
            return Some(());
        };
        // Lists are to be looked into.
        if draft.kind().is_some_and(|(_, kind)| kind.ends_with("List")) {
            return None;
        }
        self.reading.documents += 1;
        if !draft.write(&mut self.reading.outline) {
            self.reading.outline.others += 1;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests;
