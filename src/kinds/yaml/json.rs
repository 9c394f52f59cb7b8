//! JSON as it is taken where Go's `yaml.v3` reads a file first and `encoding/json` after it: by both their rules.

use std::borrow::Cow;

use super::MAX_PROBLEMS;
use super::builder::Builder;
use super::quirks::bad_escape;
use super::read::Parsed;
use super::tree::{Mark, Problem, Style, Tag};
use super::unify;
use super::words::{brief, small};

/// From which length on `yaml.v3` no longer sees the `:` after a key.
const MAX_KEY: usize = 1024;

/// Reads a JSON text: one value, or none at all where the text is blank.
#[must_use]
pub fn read_json(text: &str) -> Option<Parsed<'_>> {
    let mut reader = Reader { text, at: 0, line: 1, line_start: 0, counted: (0, 0), problems: Vec::new() };
    reader.blank(true);
    if reader.at == text.len() && reader.problems.is_empty() {
        return None;
    }
    let tree = reader.document().and_then(|builder| builder.finish_document(true));
    let tree = match tree {
        Ok(tree) => tree,
        Err(problem) => {
            reader.problems.push(problem);
            None
        }
    };
    let tree = tree.map(|mut tree| {
        unify::duplicates(&mut tree, &mut reader.problems);
        tree
    });
    Some(Parsed { tree, size: text.len(), problems: reader.problems, unreadable: Vec::new() })
}

/// What may come next.
enum Next {
    /// A value, or the end of the list or object where nothing was read in it yet.
    Value { end: bool },
    /// A key, or the end of the object where nothing was read in it yet.
    Key { end: bool },
    /// A comma or the end of what is open.
    Separator,
}

struct Reader<'s> {
    text: &'s str,
    at: usize,
    line: u32,
    line_start: usize,
    /// An offset in the line and the characters before it, so that columns are counted once.
    counted: (usize, usize),
    problems: Vec<Problem>,
}

impl<'s> Reader<'s> {
    fn document(&mut self) -> Result<Builder<'s>, Problem> {
        let mut builder = Builder::new(self.text.len());
        // Of each open list or object, whether it is an object.
        let mut open: Vec<bool> = Vec::new();
        let mut next = Next::Value { end: false };
        loop {
            self.blank(open.is_empty());
            let mark = self.mark();
            let byte = self.peek();
            next = match (next, byte) {
                (Next::Value { end: true }, Some(b']')) | (Next::Key { end: true }, Some(b'}')) => {
                    self.close(&mut open, &mut builder)
                }
                (Next::Separator, Some(b']')) if open.last() == Some(&false) => {
                    self.close(&mut open, &mut builder)
                }
                (Next::Separator, Some(b'}')) if open.last() == Some(&true) => {
                    self.close(&mut open, &mut builder)
                }
                (Next::Separator, Some(b',')) => {
                    self.at += 1;
                    if open.last() == Some(&true) {
                        Next::Key { end: false }
                    } else {
                        Next::Value { end: false }
                    }
                }
                (Next::Value { .. }, Some(start @ (b'[' | b'{'))) => {
                    self.at += 1;
                    builder.begin(mark, Tag::None, 0)?;
                    open.push(start == b'{');
                    if start == b'{' { Next::Key { end: true } } else { Next::Value { end: true } }
                }
                (Next::Value { .. }, Some(b'"')) => {
                    let text = self.string()?;
                    builder.scalar(mark, Tag::None, 0, text, Style::Quoted);
                    Next::Separator
                }
                (Next::Value { .. }, Some(_)) => {
                    let text = self.word()?;
                    builder.scalar(mark, Tag::None, 0, Cow::Borrowed(text), Style::Plain);
                    Next::Separator
                }
                (Next::Key { .. }, Some(b'"')) => {
                    let key = self.key(mark)?;
                    builder.scalar(mark, Tag::None, 0, key, Style::Quoted);
                    Next::Value { end: false }
                }
                (Next::Key { .. }, _) => return Err(self.unexpected(mark, "a key in double quotes")),
                (Next::Separator, _) if open.last() == Some(&true) => {
                    return Err(self.unexpected(mark, "`,` or `}`"));
                }
                (Next::Separator, _) => return Err(self.unexpected(mark, "`,` or `]`")),
                (Next::Value { .. }, None) => return Err(self.unexpected(mark, "a value")),
            };
            if open.is_empty() {
                break;
            }
        }
        self.blank(true);
        if self.at < self.text.len() {
            let mark = self.mark();
            return Err(self.unexpected(mark, "the end of the file, after one value"));
        }
        Ok(builder)
    }

    fn close(&mut self, open: &mut Vec<bool>, builder: &mut Builder<'s>) -> Next {
        self.at += 1;
        if open.pop() == Some(true) {
            builder.end_mapping();
        } else {
            builder.end_sequence();
        }
        Next::Separator
    }

    /// A key with its colon, as far as both readers take it.
    fn key(&mut self, mark: Mark) -> Result<Cow<'s, str>, Problem> {
        let start = self.at;
        let key = self.string()?;
        let raw = &self.text[start..self.at];
        self.blank(false);
        let length = self.text[start..self.at].chars().count();
        if self.peek() != Some(b':') {
            let mark = self.mark();
            return Err(self.unexpected(mark, "`:` after the key"));
        }
        self.at += 1;
        if self.line != mark.line || raw.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
            self.problems.push(Problem::new(mark, "syntax", "a key and its `:` must stand on one line"));
        } else if length > MAX_KEY {
            let message = format!("a key may not be longer than {MAX_KEY} characters; this one has {length}");
            self.problems.push(Problem::new(mark, "syntax", message));
        }
        Ok(key)
    }

    /// A string, from quote to quote.
    fn string(&mut self) -> Result<Cow<'s, str>, Problem> {
        let opened = self.mark();
        self.at += 1;
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut owned: Option<String> = None;
        let mut copied = start;
        loop {
            let run =
                bytes[self.at..].iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count();
            self.at += run;
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    let text = owned.get_or_insert_default();
                    text.push_str(&self.text[copied..self.at]);
                    let character = self.escape()?;
                    owned.get_or_insert_default().push(character);
                    copied = self.at;
                }
                Some(control) => {
                    let message = format!("a string may not hold the raw control character U+{control:04X}");
                    return Err(Problem::new(self.mark(), "syntax", message));
                }
                None => return Err(Problem::new(opened, "syntax", "this quoted text is never closed")),
            }
        }
        let rest = &self.text[copied..self.at];
        self.at += 1;
        Ok(match owned {
            Some(text) => Cow::Owned(text + rest),
            None => Cow::Borrowed(rest),
        })
    }

    fn escape(&mut self) -> Result<char, Problem> {
        let mark = self.mark();
        let escape = &self.text[self.at + 1..];
        if let Some(message) = bad_escape(escape).filter(|_| self.problems.len() < MAX_PROBLEMS) {
            self.problems.push(Problem::new(mark, "bad-escape", message));
        }
        let (length, character) = match escape.as_bytes().first() {
            Some(b'"') => (2, '"'),
            Some(b'\\') => (2, '\\'),
            Some(b'/') => (2, '/'),
            Some(b'b') => (2, '\u{8}'),
            Some(b'f') => (2, '\u{C}'),
            Some(b'n') => (2, '\n'),
            Some(b'r') => (2, '\r'),
            Some(b't') => (2, '\t'),
            Some(b'u') => {
                let digits =
                    escape.get(1..5).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
                let Some(unit) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
                    return Err(Problem::new(
                        mark,
                        "bad-escape",
                        "`\\u` must be followed by four hexadecimal digits",
                    ));
                };
                (6, char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
            }
            _ => {
                let shown = escape.chars().next().unwrap_or(' ');
                let message = format!("`\\{}` is not an escape of JSON", shown.escape_default());
                return Err(Problem::new(mark, "bad-escape", message));
            }
        };
        self.at += length;
        Ok(character)
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Result<&'s str, Problem> {
        let rest = &self.text[self.at..];
        let end = rest.find([',', ']', '}', ':', '"', '[', '{', ' ', '\t', '\r', '\n']).unwrap_or(rest.len());
        let word = &rest[..end];
        if !matches!(word, "true" | "false" | "null") && !is_number(word) {
            let mark = self.mark();
            return Err(
                self.unexpected(mark, "a value: an object, a list, a string, a number, true, false or null")
            );
        }
        self.at += end;
        Ok(word)
    }

    /// Skips blanks; outside of everything a tab may not begin a line.
    fn blank(&mut self, outside: bool) {
        let mut begins = self.at == 0;
        while let Some(byte) = self.peek() {
            match byte {
                b'\t' if outside && begins => {
                    begins = false;
                    let message = "a tab may not indent a line outside of the value";
                    let mark = self.mark();
                    self.problems.push(Problem::new(mark, "syntax", message));
                }
                b' ' | b'\t' => {}
                b'\n' | b'\r' => {
                    if byte == b'\r' && self.text.as_bytes().get(self.at + 1) == Some(&b'\n') {
                        self.at += 1;
                    }
                    self.line = self.line.saturating_add(1);
                    self.line_start = self.at + 1;
                    self.counted = (self.line_start, 0);
                    begins = true;
                }
                _ => break,
            }
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn mark(&mut self) -> Mark {
        let (from, before) = self.counted;
        let characters = before + self.text[from.max(self.line_start)..self.at].chars().count();
        self.counted = (self.at, characters);
        Mark { line: self.line, column: small(characters + 1) }
    }

    fn unexpected(&self, mark: Mark, expected: &str) -> Problem {
        let rest = self.text[self.at..].lines().next().unwrap_or_default();
        let found = rest.split([' ', '\t', ',']).next().unwrap_or_default();
        let message = match (self.at >= self.text.len(), found) {
            (true, _) => format!("the file ends where {expected} was expected"),
            (false, "") => format!("expected {expected} here"),
            (false, found) => format!("expected {expected} here, not `{}`", brief(found)),
        };
        Problem::new(mark, "syntax", message)
    }
}

/// Whether the word is a number of JSON: no sign `+`, no zero before other digits, digits around the point.
fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let word = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match word.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (word, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}
