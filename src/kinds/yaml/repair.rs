//! Repairs to a text where `yaml.v3` takes what granit-parser does not, so that both read the same values.

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle};

/// How often a text is read again after an escape was repaired in it.
const MAX_REPAIRS: usize = 64;

/// The text repaired, and the character that stands in it for byte order marks; none where nothing needs repair.
pub(super) fn repaired(text: &str, breaks: bool) -> Option<(String, Option<char>)> {
    let marks = text.contains('\u{FEFF}');
    let quotes = text.contains("\\'");
    if !breaks && !marks && !quotes {
        return None;
    }
    let mut text = if breaks { with_line_feeds(text) } else { text.to_owned() };
    let mark = if marks { hide_marks(&mut text) } else { None };
    if quotes {
        drop_escapes(&mut text);
    }
    Some((text, mark))
}

/// Line feeds for the breaks of YAML 1.1: NEL, and LS and PS outside of quotes, within which they are text.
fn with_line_feeds(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for (event, span) in Parser::new_from_str(text).map_while(Result::ok) {
        let quoted =
            matches!(event, Event::Scalar(_, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted, ..));
        if let (true, Some(start), Some(end)) = (quoted, span.start.byte_offset(), span.end.byte_offset()) {
            result.push_str(&text[done..start].replace(['\u{85}', '\u{2028}', '\u{2029}'], "\n"));
            // Quoted text may go on at any column in YAML 1.1; blanks at a line's beginning do not count.
            let continued = format!("\n{}", " ".repeat(span.start.col() + 1));
            result.push_str(&text[start..end].replace('\u{85}', &continued));
            done = end;
        }
    }
    result.push_str(&text[done..].replace(['\u{85}', '\u{2028}', '\u{2029}'], "\n"));
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
