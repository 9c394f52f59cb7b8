//! Repairs to a text where `yaml.v3` takes what granit-parser does not, so that both read the same values.

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle};

use super::tree::Problem;
use super::words::mark_of;

/// How often a text is read again after an escape was repaired in it.
const MAX_REPAIRS: usize = 64;

/// A text that was repaired.
#[derive(Debug)]
pub(super) struct Repaired {
    pub(super) text: String,
    /// The character that stands in it for byte order marks.
    pub(super) stand_in: Option<char>,
    /// What could not be repaired.
    pub(super) problems: Vec<Problem>,
}

/// The text repaired; none where nothing needs repair.
pub(super) fn repaired(text: &str, breaks: bool) -> Option<Repaired> {
    let marks = text.contains('\u{FEFF}');
    let quotes = text.contains("\\'");
    if !breaks && !marks && !quotes {
        return None;
    }
    let mut problems = Vec::new();
    let mut text = if breaks { with_line_feeds(text, &mut problems) } else { text.to_owned() };
    let stand_in = if marks { hide_marks(&mut text) } else { None };
    if quotes {
        drop_escapes(&mut text);
    }
    Some(Repaired { text, stand_in, problems })
}

const SEPARATORS: [char; 2] = ['\u{2028}', '\u{2029}'];

/// Line feeds for the breaks of YAML 1.1: NEL, and LS and PS outside of quotes, within which they are text.
fn with_line_feeds(text: &str, problems: &mut Vec<Problem>) -> String {
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for (event, span) in Parser::new_from_str(text).map_while(Result::ok) {
        let (Event::Scalar(_, style, ..), Some(start), Some(end)) =
            (event, span.start.byte_offset(), span.end.byte_offset())
        else {
            continue;
        };
        let scalar = &text[start..end];
        if matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) {
            result.push_str(&text[done..start].replace(BREAKS, "\n"));
            // Quoted text may go on at any column in YAML 1.1; blanks at a line's beginning do not count.
            let continued = format!("\n{}", " ".repeat(span.start.col() + 1));
            result.push_str(&without_blanks(scalar).replace('\u{85}', &continued));
            done = end;
        } else if scalar.trim().trim_matches(SEPARATORS).contains(SEPARATORS) {
            let message = "the separators U+2028 and U+2029 may stand in quoted text only";
            problems.push(Problem::new(mark_of(&span.start), "syntax", message));
        }
    }
    result.push_str(&text[done..].replace(BREAKS, "\n"));
    result
}

const BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// Quoted text without the blanks around separators, which are breaks of lines after all.
fn without_blanks(quoted: &str) -> String {
    let mut lines = quoted.split_inclusive(SEPARATORS).peekable();
    let mut result = String::with_capacity(quoted.len());
    let mut first = true;
    while let Some(line) = lines.next() {
        let line = if first { line } else { line.trim_start_matches([' ', '\t']) };
        let separator = if lines.peek().is_some() { line.chars().next_back() } else { None };
        let body = separator.map_or(line, |separator| {
            line[..line.len() - separator.len_utf8()].trim_end_matches([' ', '\t'])
        });
        result.push_str(body);
        result.extend(separator);
        first = false;
    }
    result
}

/// Puts a character that the text does not have, and that is as long, for each byte order mark within it.
fn hide_marks(text: &mut String) -> Option<char> {
    let stand_in = ('\u{E000}'..='\u{F8FF}').find(|character| !text.contains(*character))?;
    *text = text.replace('\u{FEFF}', stand_in.encode_utf8(&mut [0; 4]));
    Some(stand_in)
}

/// Drops the backslash of `\'` in double quotes, an escape of `yaml.v3` alone.
fn drop_escapes(text: &mut String) {
    for _ in 0..MAX_REPAIRS {
        let Some(Err(error)) = Parser::new_from_str(text).find(Result::is_err) else {
            return;
        };
        let at = error.marker().byte_offset().unwrap_or(text.len());
        if !matches!(error.kind(), ErrorKind::UnknownQuotedScalarEscape) {
            return;
        }
        // The marker stands at the beginning of the scalar.
        if !drop_in_scalar(text, at) {
            return;
        }
    }
}

/// Drops the backslash of each `\'` from `start` to the quote that ends the scalar; whether there was any.
fn drop_in_scalar(text: &mut String, start: usize) -> bool {
    let bytes = text.as_bytes();
    let mut at = start + usize::from(bytes.get(start) == Some(&b'"'));
    let mut drop = Vec::new();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => break,
            b'\\' => {
                if bytes.get(at + 1) == Some(&b'\'') {
                    drop.push(at);
                }
                at += 2;
            }
            _ => at += 1,
        }
    }
    if drop.is_empty() {
        return false;
    }
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for at in drop {
        result.push_str(&text[done..at]);
        done = at + 1;
    }
    result.push_str(&text[done..]);
    *text = result;
    true
}
