//! What granit-parser (YAML 1.2) takes and `yaml.v3` does not: found again in the source, and refused.

use std::borrow::Cow;

use granit_parser::{Marker, ScalarStyle, Span};

use super::MAX_PROBLEMS;
use super::place::Place;
use super::tabs::{Before, Gap, misplaced_in_block, misplaced_in_plain};
use super::tree::{Mark, Problem};
use super::words::{brief, mark_of, small};

/// The text beside its events.
pub(super) struct Quirks<'s> {
    text: &'s str,
    /// Where the last token ended, and what it was.
    after: usize,
    before: Before,
    last: Mark,
    /// The column, from 0, at which that token's text must go on at least.
    indent: usize,
    tabs: bool,
    directives: bool,
    /// Whether line breaks that only YAML 1.1 knows are left in quoted texts.
    breaks: bool,
}

impl<'s> Quirks<'s> {
    pub(super) fn new(text: &'s str, breaks: bool) -> Self {
        Self {
            text,
            after: 0,
            before: Before::Line,
            last: Mark { line: 1, column: 1 },
            indent: 0,
            breaks,
            tabs: text.contains('\t'),
            directives: text.contains('%'),
        }
    }

    /// How long the text is, in bytes.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// How far the text was read, as far as is known.
    pub(super) fn position(&self) -> usize {
        self.after.min(self.text.len())
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
        let mark = mark_of(&span.start);
        if let Some((major, minor)) = version.filter(|version| *version != (1, 1)) {
            let message = format!("`%YAML {major}.{minor}` is not read; leave the directive out");
            problems.push(Problem::new(mark, "syntax", message));
        }
        if !explicit && !first {
            let message = "a second document must begin with a line `---`";
            problems.push(Problem::new(mark, "syntax", message));
        }
        let start = offset(&span.start);
        if explicit && self.directives {
            let gap = self.text.get(self.after..start).unwrap_or_default();
            let unknown = gap.lines().find(|line| {
                line.starts_with('%') && !line.starts_with("%YAML ") && !line.starts_with("%TAG ")
            });
            if let Some(line) = unknown {
                let message = format!("`{}` is not a directive that is read", brief(line));
                problems.push(Problem::new(mark, "syntax", message));
            }
        }
        self.gap_to(start, problems);
        (self.after, self.before, self.last) = (offset(&span.end), Before::Token, mark_of(&span.end));
        if !explicit && first {
            // Without its marker the document begins where the next token does.
            (self.after, self.before, self.last) = (0, Before::Line, Mark { line: 1, column: 1 });
        }
    }

    /// The end of the file.
    pub(super) fn stream_end(&self, problems: &mut Vec<Problem>) {
        self.gap_to(self.text.len(), problems);
    }

    /// A document was given up: nobody knows where the next token begins.
    pub(super) fn lost(&mut self) {
        self.after = usize::MAX;
    }

    /// An alias.
    pub(super) fn alias(&mut self, span: &Span, place: Place, problems: &mut Vec<Problem>) {
        self.name(span, problems);
        self.gap(&span.start, place, problems);
        self.advance(&span.end, Before::Token);
    }

    /// The name of an anchor or alias, with its sign.
    pub(super) fn name(&self, span: &Span, problems: &mut Vec<Problem>) {
        let name = self.slice(span).get(1..).unwrap_or_default();
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
            let message =
                format!("the anchor name `{}` may hold only ASCII letters, digits, `-` and `_`", brief(name));
            problems.push(Problem::new(mark_of(&span.start), "syntax", message));
        }
    }

    /// The beginning of a collection.
    pub(super) fn begin(&mut self, span: &Span, place: Place, problems: &mut Vec<Problem>) {
        self.gap(&span.start, place, problems);
        self.advance(&span.start, Before::Token);
    }

    /// The end of a collection in brackets.
    pub(super) fn end(&mut self, span: &Span) {
        self.advance(&span.end, Before::Token);
    }

    fn gap(&self, to: &Marker, place: Place, problems: &mut Vec<Problem>) {
        if !place.flow {
            self.gap_to(offset(to), problems);
        }
    }

    fn gap_to(&self, to: usize, problems: &mut Vec<Problem>) {
        if self.tabs {
            let text = self.text.get(self.after..to).unwrap_or_default();
            let gap = Gap { text, before: self.before, indent: self.indent, start: self.last };
            problems.extend(gap.misplaced_tab());
        }
    }

    fn advance(&mut self, to: &Marker, before: Before) {
        self.after = offset(to);
        (self.before, self.last) = (before, mark_of(to));
    }

    /// A scalar's place and spelling.
    pub(super) fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        span: &Span,
        place: Place,
        Spelling { escaped, empty, tagged }: Spelling,
        problems: &mut Vec<Problem>,
    ) {
        if escaped {
            self.escapes(span, problems);
        }
        if place.is_key() {
            if empty && !tagged {
                problems.push(Problem::new(
                    mark_of(&span.start),
                    "syntax",
                    "a key is missing before this `:`",
                ));
            } else if place.flow {
                self.key_on_one_line(span, problems);
            }
            if self.breaks && self.slice(span).contains(['\u{2028}', '\u{2029}']) {
                problems.push(Problem::new(
                    mark_of(&span.start),
                    "syntax",
                    "a key and its `:` must stand on one line",
                ));
            }
        }
        if style == ScalarStyle::Plain && place.flow && !empty {
            self.plain_in_flow(text, span, place, problems);
        }
        if !empty {
            self.gap(&span.start, place, problems);
            if style == ScalarStyle::Plain && self.tabs && !place.flow {
                problems.extend(misplaced_in_plain(self.slice(span), mark_of(&span.start), place.indent));
            }
            let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
            if is_block && self.tabs {
                let before = self.text.get(self.after..offset(&span.start)).unwrap_or_default();
                problems.extend(misplaced_in_block(self.slice(span), before, mark_of(&span.start)));
            }
            let before = match style {
                ScalarStyle::Plain => Before::Plain,
                ScalarStyle::Literal | ScalarStyle::Folded => Before::Line,
                _ => Before::Token,
            };
            self.advance(&span.end, before);
            self.indent = place.indent;
        }
    }

    /// A plain scalar within brackets, where `:` and `?` are signs in more places.
    fn plain_in_flow(&self, text: &str, span: &Span, place: Place, problems: &mut Vec<Problem>) {
        let rest = self.text.as_bytes().get(offset(&span.end)..).unwrap_or_default();
        let glued = place.is_key() && matches!(rest, [b':', b'[' | b'{', ..]);
        let sign = if text.starts_with(':') {
            ':'
        } else if text.contains('?') {
            '?'
        } else if glued {
            ':'
        } else {
            return;
        };
        let message = format!(
            "within `[ ]` and `{{ }}` the `{sign}` of this text is a sign of YAML; put the text in quotes"
        );
        problems.push(Problem::new(mark_of(&span.start), "syntax", message));
    }

    /// Whether a flow mapping stands without braces and without `?`, as the one pair that it is.
    pub(super) fn is_pair(&self, span: &Span) -> bool {
        !matches!(self.text.as_bytes().get(offset(&span.start)), Some(b'{' | b'?'))
    }

    /// A plain key in a flow mapping; `yaml.v3` counts a `:` to it that no blank follows.
    pub(super) fn flow_key(&self, text: Cow<'s, str>, span: &Span, place: Place) -> Cow<'s, str> {
        let rest = self.text.as_bytes().get(offset(&span.end)..).unwrap_or_default();
        if place.is_key() && place.flow && matches!(rest, [b':', b',' | b'}' | b']', ..]) {
            return Cow::Owned(format!("{text}:"));
        }
        text
    }

    /// The text of a block; `yaml.v3` gives its last line no line break where the file has none there.
    pub(super) fn block(&self, text: Cow<'s, str>, span: &Span) -> Cow<'s, str> {
        let is_last = self.text.get(offset(&span.end)..).is_some_and(str::is_empty);
        let last_line = self.slice(span).rsplit(['\n', '\r']).next().unwrap_or_default();
        let is_blank = |line: &str| line.bytes().all(|byte| byte == b' ');
        // Blanks are text where they are more than the indent.
        let last_text = text.strip_suffix('\n').unwrap_or(&text).rsplit('\n').next().unwrap_or_default();
        if !is_last || is_blank(last_line) && (last_text.is_empty() || !is_blank(last_text)) {
            return text;
        }
        match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.strip_suffix('\n').unwrap_or(text)),
            Cow::Owned(mut text) => {
                if text.ends_with('\n') {
                    text.pop();
                }
                Cow::Owned(text)
            }
        }
    }

    /// Escapes of JSON that YAML 1.1 does not have.
    fn escapes(&self, span: &Span, problems: &mut Vec<Problem>) {
        let mut rest = self.slice(span);
        let mut mark = mark_of(&span.start);
        while let Some(at) = rest.find('\\').filter(|_| problems.len() < MAX_PROBLEMS) {
            let (before, escape) = rest.split_at(at);
            mark = mark.after(before.as_bytes());
            if let Some(message) = bad_escape(&escape[1..]) {
                problems.push(Problem::new(mark, "bad-escape", message));
            }
            let length = escape.chars().take(2).map(char::len_utf8).sum();
            mark = mark.after(&escape.as_bytes()[..length]);
            rest = &escape[length..];
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
            problems.push(Problem::new(mark_of(&span.start), "syntax", message));
        }
    }

    fn slice(&self, span: &Span) -> &'s str {
        self.text.get(offset(&span.start)..offset(&span.end)).unwrap_or_default()
    }
}

/// What a scalar's text does not show.
#[derive(Clone, Copy)]
pub(super) struct Spelling {
    /// It stands in double quotes, and not as it is.
    pub(super) escaped: bool,
    /// Nothing was written.
    pub(super) empty: bool,
    /// A tag stands before it.
    pub(super) tagged: bool,
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

fn offset(marker: &Marker) -> usize {
    marker.byte_offset().unwrap_or_default()
}
