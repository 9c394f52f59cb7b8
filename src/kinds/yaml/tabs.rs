//! Where a tab may not stand: `yaml.v3` takes none where a token could begin a key, granit-parser takes some.

use super::tree::{Mark, Problem};

/// The token before a gap, as far as it decides on tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// The beginning of the file, or of a line.
    Line,
    /// A plain scalar, whose scan goes on over blanks and line breaks.
    Plain,
    /// Anything else.
    Token,
}

/// The text between two tokens outside of brackets, and what stands around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap<'s> {
    pub(super) text: &'s str,
    pub(super) before: Before,
    /// The column, from 0, from which on tabs may separate the lines of a plain scalar.
    pub(super) indent: usize,
    /// Where the gap begins.
    pub(super) start: Mark,
}

impl Gap<'_> {
    /// The first tab that may not stand in the gap.
    pub(super) fn misplaced_tab(self) -> Option<Problem> {
        if !self.text.contains('\t') {
            return None;
        }
        let Self { before, indent, start: Mark { mut line, mut column }, .. } = self;
        // A simple key may begin here; where it may, a tab may not.
        let mut key = before == Before::Line;
        let mut plain = before == Before::Plain;
        let mut broken = false;
        let mut skip_line = false;
        let mut previous = '\n';
        for character in self.text.chars() {
            let column_before = column;
            column += 1;
            match character {
                '\n' | '\r' => {
                    line += u32::from(character == '\r' || previous != '\r');
                    column = 1;
                    (key, broken, skip_line) = (!plain, true, false);
                }
                _ if skip_line => {}
                '\t' => {
                    let offside =
                        plain && broken && usize::try_from(column_before).is_ok_and(|at| at <= indent);
                    if key || offside {
                        let message = "a tab may not indent a line or follow an indicator; use spaces";
                        return Some(Problem::new(Mark { line, column: column_before }, "syntax", message));
                    }
                }
                ' ' => {}
                '#' => (skip_line, plain) = (true, false),
                '%' if column_before == 1 => skip_line = true,
                // Else it belongs to a block's header, to a marker, or to a name.
                '-' | '?' if matches!(previous, ' ' | '\t' | '\n' | '\r') => (key, plain) = (true, false),
                _ => (key, plain) = (false, false),
            }
            previous = character;
        }
        None
    }
}

/// The first tab that indents a continued line of a plain scalar less than its parent.
pub(super) fn misplaced_in_plain(text: &str, start: Mark, indent: usize) -> Option<Problem> {
    if !text.contains('\t') {
        return None;
    }
    let lines = text.split('\n').enumerate().skip(1);
    lines.into_iter().find_map(|(at, line)| {
        let column = line.bytes().take_while(|byte| *byte == b' ').count();
        let tab = line.as_bytes().get(column) == Some(&b'\t') && column < indent;
        let mark = Mark {
            line: start.line.saturating_add(u32::try_from(at).ok()?),
            column: u32::try_from(column + 1).ok()?,
        };
        tab.then(|| Problem::new(mark, "syntax", "a tab may not indent a line; use spaces"))
    })
}

/// A tab that begins the text of a block whose indent its first line shows; `before` is what stands before it.
pub(super) fn misplaced_in_block(text: &str, before: &str, start: Mark) -> Option<Problem> {
    if !text.starts_with('\t') {
        return None;
    }
    let mut lines = before.lines().map(|line| line.split(" #").next().unwrap_or_default());
    let header = lines.rfind(|line| line.contains(['|', '>'])).unwrap_or_default();
    let tells_indent = header.rsplit(['|', '>']).next()?.contains(|letter: char| letter.is_ascii_digit());
    let message = "a tab may not begin a block of text; put the text in double quotes";
    (!tells_indent).then(|| Problem::new(start, "syntax", message))
}
