//! Keeps control characters of other people's words away from terminals.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with every control and direction-changing character written as an escape; line ends and tabs stay.
pub fn clean(text: &str) -> Cow<'_, str> {
    escape(text, |letter| letter != '\n' && letter != '\t' && is_dangerous(letter))
}

/// The same for a text that must stay on one line.
pub fn clean_line(text: &str) -> Cow<'_, str> {
    escape(text, is_dangerous)
}

fn escape(text: &str, escapes: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&escapes) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if escapes(letter) {
            // Writing to a String cannot fail.
            let _ = match letter {
                '\n' => write!(out, "\\n"),
                '\t' => write!(out, "\\t"),
                '\r' => write!(out, "\\r"),
                _ => write!(out, "\\u{{{:x}}}", u32::from(letter)),
            };
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

/// C0 and C1 controls, DEL, line and paragraph separators, and what turns the direction of writing or hides.
fn is_dangerous(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_do_not_pass() {
        assert_eq!(clean("a\u{1b}[31mb\u{9b}c\u{202e}d\n\te"), "a\\u{1b}[31mb\\u{9b}c\\u{202e}d\n\te");
        assert_eq!(clean_line("a\r\nb\tc"), "a\\r\\nb\\tc");
        assert_eq!(clean("straße, 日本"), "straße, 日本");
    }
}
