//! What granit-parser (YAML 1.2) takes and `yaml.v3` does not: found again in the source, and refused.

use std::borrow::Cow;

use granit_parser::{Marker, ScalarStyle, Span};

use super::read::{Place, brief, small};
use super::tree::{Mark, Problem};

/// The text beside its events.
pub(super) struct Quirks<'s> {
    text: &'s str,
    /// Where the document before ended, as far as is known.
    after: usize,
}

impl<'s> Quirks<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        Self { text, after: 0 }
    }

    /// An end marker (`...`) before any document.
    pub(super) fn leading_end_marker(&self) -> Option<Problem> {
        let mut lines = self.text.lines().enumerate();
        let (index, line) = lines.find(|(_, line)| {
            let line = line.trim_start_matches(' ');
            !line.is_empty() && !line.starts_with('#')
        })?;
        let ends =
            line.strip_prefix("...").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
        let mark = Mark { line: small(index + 1), column: 1 };
        ends.then(|| Problem::new(mark, "syntax", "the end marker `...` stands before any document"))
    }

    /// Directives, and the marker that must stand between documents.
    pub(super) fn document_start(
        &mut self,
        span: &Span,
        explicit: bool,
        version: Option<(u32, u32)>,
        first: bool,
        problems: &mut Vec<Problem>,
    ) {
        let mark = mark(&span.start);
        if let Some((major, minor)) = version.filter(|version| *version != (1, 1)) {
            let message = format!("`%YAML {major}.{minor}` is not read; leave the directive out");
            problems.push(Problem::new(mark, "syntax", message));
        }
        if !explicit && !first {
            let message = "a second document must begin with a line `---`";
            problems.push(Problem::new(mark, "syntax", message));
        }
        let start = offset(&span.start);
        if explicit && self.text.as_bytes().contains(&b'%') {
            let gap = self.text.get(self.after..start).unwrap_or_default();
            let unknown = gap.lines().find(|line| {
                line.starts_with('%') && !line.starts_with("%YAML ") && !line.starts_with("%TAG ")
            });
            if let Some(line) = unknown {
                let message = format!("`{}` is not a directive that is read", brief(line));
                problems.push(Problem::new(mark, "syntax", message));
            }
        }
        self.after = offset(&span.end);
    }

    /// The name of an anchor or alias, with its sign.
    pub(super) fn name(&self, span: &Span, problems: &mut Vec<Problem>) {
        let name = self.slice(span).get(1..).unwrap_or_default();
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
            let message =
                format!("the anchor name `{}` may hold only ASCII letters, digits, `-` and `_`", brief(name));
            problems.push(Problem::new(mark(&span.start), "syntax", message));
        }
    }

    /// A collection's place.
    pub(super) fn collection(&mut self, span: &Span, place: Place, problems: &mut Vec<Problem>) {
        self.tab_after_dash(span, place, problems);
        self.after = offset(&span.start);
    }

    /// A scalar's place and spelling.
    pub(super) fn scalar(
        &mut self,
        text: &Cow<'_, str>,
        style: ScalarStyle,
        span: &Span,
        place: Place,
        empty: bool,
        problems: &mut Vec<Problem>,
    ) {
        if style == ScalarStyle::DoubleQuoted && matches!(text, Cow::Owned(_)) {
            self.escapes(span, problems);
        }
        if place.key {
            if empty {
                problems.push(Problem::new(mark(&span.start), "syntax", "a key is missing before this `:`"));
            } else if place.flow {
                self.key_on_one_line(span, problems);
            }
        } else if style == ScalarStyle::Plain && place.flow && !empty && text.starts_with('?') {
            let message = "a value within `[ ]` or `{ }` may not begin with `?`; put it in quotes";
            problems.push(Problem::new(mark(&span.start), "syntax", message));
        }
        self.tab_after_dash(span, place, problems);
        self.after = offset(&span.end);
    }

    /// A plain key in a flow mapping; `yaml.v3` counts a `:` to it that no blank follows.
    pub(super) fn flow_key(&self, text: Cow<'s, str>, span: &Span, place: Place) -> Cow<'s, str> {
        let rest = self.text.as_bytes().get(offset(&span.end)..).unwrap_or_default();
        if place.key && place.flow && matches!(rest, [b':', b',' | b'}' | b']', ..]) {
            return Cow::Owned(format!("{text}:"));
        }
        text
    }

    /// Escapes of JSON that YAML 1.1 does not have.
    fn escapes(&self, span: &Span, problems: &mut Vec<Problem>) {
        let source = self.slice(span);
        let mut rest = source;
        while let Some(at) = rest.find('\\') {
            let escape = &rest[at + 1..];
            if let Some(message) = bad_escape(escape) {
                let index = source.len() - escape.len();
                problems.push(Problem::new(within(span, &source[..index - 1]), "bad-escape", message));
            }
            rest = escape.get(escape.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
        }
    }

    /// A key that `:` follows on a later line only.
    fn key_on_one_line(&self, span: &Span, problems: &mut Vec<Problem>) {
        let before = self.text.get(..offset(&span.start)).unwrap_or_default().trim_end();
        if before.ends_with('?') {
            return;
        }
        let after = self.text.get(offset(&span.end)..).unwrap_or_default();
        let blank = after.len() - after.trim_start().len();
        let ends_in_colon = after[blank..].starts_with(':');
        let broken = span.start.line() != span.end.line() || after[..blank].contains(['\n', '\r']);
        if ends_in_colon && broken {
            let message = "a key within `{ }` and its `:` must stand on one line";
            problems.push(Problem::new(mark(&span.start), "syntax", message));
        }
    }

    /// `-` and then a tab, in a block sequence.
    fn tab_after_dash(&self, span: &Span, place: Place, problems: &mut Vec<Problem>) {
        if place.mapping || place.flow {
            return;
        }
        let before = self.text.as_bytes().get(..offset(&span.start)).unwrap_or_default();
        let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let (rest, blank) = before.split_at(before.len() - blanks);
        if rest.last() == Some(&b'-') && blank.contains(&b'\t') {
            problems.push(Problem::new(mark(&span.start), "syntax", "a tab may not follow `-`; use a space"));
        }
    }

    fn slice(&self, span: &Span) -> &'s str {
        self.text.get(offset(&span.start)..offset(&span.end)).unwrap_or_default()
    }
}

/// Why the escape that begins after a backslash is not taken.
pub(super) fn bad_escape(escape: &str) -> Option<&'static str> {
    let unit = |text: &str| text.get(1..5).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    match escape.as_bytes().first() {
        Some(b'/') => Some("the escape `\\/` is not read; write `/`"),
        Some(b'u') if unit(escape).is_some_and(|unit| (0xD800..0xE000).contains(&unit)) => {
            Some("an escape for half a character is not read; write the character itself")
        }
        _ => None,
    }
}

/// The position after `text`, which begins where the span does.
fn within(span: &Span, text: &str) -> Mark {
    let line = text.matches('\n').count();
    let column = match text.rfind('\n') {
        Some(at) => text[at + 1..].chars().count(),
        None => span.start.col() + text.chars().count(),
    };
    Mark { line: small(span.start.line() + line), column: small(column + 1) }
}

fn mark(marker: &Marker) -> Mark {
    Mark { line: small(marker.line()), column: small(marker.col() + 1) }
}

fn offset(marker: &Marker) -> usize {
    marker.byte_offset().unwrap_or_default()
}
