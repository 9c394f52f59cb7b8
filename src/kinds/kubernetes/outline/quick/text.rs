//! A file as lines of text, where no character needs a second look.

use crate::kinds::yaml::Mark;

/// The text of a file that holds nothing but UTF-8, with no line breaks but line feeds, and no character that may not
/// stand in YAML or that has a meaning of its own there.
pub(super) fn plain(bytes: &[u8]) -> Option<&str> {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [b' '; 8];
    last.get_mut(..rest.len())?.copy_from_slice(rest);
    if words.iter().chain([&last]).any(|word| has_control(u64::from_le_bytes(*word))) {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    (text.is_ascii() || !text.chars().any(is_special)).then_some(text)
}

/// Whether one of eight bytes is a control character of ASCII other than a line feed or a tab.
///
/// All eight are compared at once, each in its own byte of a word: a plain loop does not vectorise in what is built small.
fn has_control(word: u64) -> bool {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    // The high bit of each byte that is below a bound (of at most 0x80), or that is a certain one.
    let below = |bound: u64| !((word | HIGH) - bound * EACH) & !word & HIGH;
    let is = |byte: u64| {
        let differs = word ^ (byte * EACH);
        !(((differs & !HIGH) + !HIGH) | differs) & HIGH
    };
    (below(0x20) & !is(0x0A) & !is(0x09)) | is(0x7F) != 0
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_control_character_is_seen_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            let is_control = byte.is_ascii_control() && !matches!(byte, b'\n' | b'\t');
            for around in [b' ', b'\n', b'\t', b'~', 0x80, 0xFF] {
                for at in 0..8 {
                    let mut bytes = [around; 8];
                    bytes[at] = byte;
                    assert_eq!(
                        has_control(u64::from_le_bytes(bytes)),
                        is_control,
                        "{byte:#x} at {at} in {around:#x}"
                    );
                }
            }
        }
    }

    #[test]
    fn text_with_a_character_that_needs_a_second_look_is_not_plain() {
        for good in ["", "a", "a\n\tb", "twelve bytes", "übung — “x” \u{A0}\u{1F600}"] {
            assert_eq!(plain(good.as_bytes()), Some(good));
        }
        for bad in [
            "a\r\n",
            "\u{7F}",
            "0123456\u{1}",
            "01234567\u{1}",
            "\u{85}",
            "\u{9F}",
            "\u{2028}",
            "\u{FEFF}a",
            "\u{FFFE}",
        ] {
            assert_eq!(plain(bad.as_bytes()), None, "{bad:?}");
        }
        assert_eq!(plain(b"a\xFF"), None);
    }
}
