//! A file as lines of text, where no character needs a second look.

use crate::kinds::yaml::Mark;

/// The text of a file that holds nothing but UTF-8, with no line breaks but line feeds, and no character that may not
/// stand in YAML or that has a meaning of its own there.
pub(super) fn plain(bytes: &[u8]) -> Option<&str> {
    let mut is_ascii = true;
    for chunk in bytes.chunks(256) {
        // Without a way out within a chunk this vectorises.
        let (mut control, mut wide) = (false, false);
        for byte in chunk {
            control |= matches!(byte, 0..=8 | 0xB..=0x1F | 0x7F);
            wide |= *byte >= 0x80;
        }
        if control {
            return None;
        }
        is_ascii &= !wide;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    (is_ascii || !text.chars().any(is_special)).then_some(text)
}

/// Characters beyond ASCII that are controls, breaks of lines in YAML 1.1, byte order marks, or none.
fn is_special(character: char) -> bool {
    matches!(character, '\u{80}'..='\u{9F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// How many spaces a text begins with.
pub(super) fn spaces(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b' ').count()
}

/// What stands after a value, if it is nothing but a comment.
pub(super) fn rest_of_line(text: &str) -> Option<()> {
    let rest = text.trim_start_matches(' ');
    (rest.is_empty() || (rest.starts_with('#') && rest.len() < text.len())).then_some(())
}

/// The lines of a text.
pub(super) struct Lines<'t> {
    rest: &'t str,
    /// The number of the line given last, from 1.
    number: u32,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text, number: 0 }
    }

    /// The position of a column, from 0, in the line given last; all before it must be ASCII.
    pub(super) fn mark(&self, column: usize) -> Mark {
        Mark { line: self.number, column: u32::try_from(column + 1).unwrap_or(u32::MAX) }
    }

    /// Passes over the lines of a block of text; `parent` is the column of the collection it stands in.
    pub(super) fn skip_block(&mut self, parent: usize) -> Option<()> {
        let mut indent = None;
        let mut widest = 0;
        while !self.rest.is_empty() {
            let line = self.line();
            let blank = spaces(line);
            let first = line.as_bytes().get(blank);
            match (indent, first) {
                (None, None) => widest = widest.max(blank),
                (None, Some(_)) if blank <= parent => break,
                // A tab here, or a blank line that is longer than the indent, is refused by most readers.
                (None, Some(first)) if *first == b'\t' || widest > blank => return None,
                (None, Some(_)) => indent = Some(blank),
                (Some(indent), Some(first)) if blank < indent => {
                    if *first == b'\t' {
                        return None;
                    }
                    break;
                }
                (Some(_), _) => {}
            }
            self.advance(line);
        }
        (indent.is_some() || widest == 0).then_some(())
    }

    /// The next line, without going on to it.
    fn line(&self) -> &'t str {
        let end = memchr::memchr(b'\n', self.rest.as_bytes()).unwrap_or(self.rest.len());
        self.rest.get(..end).unwrap_or_default()
    }

    fn advance(&mut self, line: &str) {
        self.rest = self.rest.get(line.len() + 1..).unwrap_or_default();
        self.number = self.number.saturating_add(1);
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        if self.rest.is_empty() {
            return None;
        }
        let line = self.line();
        self.advance(line);
        Some(line)
    }
}
