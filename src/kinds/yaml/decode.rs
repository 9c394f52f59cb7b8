//! A file's bytes as text, by the rules of `yaml.v3`'s reader: UTF-8, or UTF-16 with a byte order mark.

use std::borrow::Cow;

use super::tree::{Mark, Problem};

/// How many characters that may not stand in a file are reported; more say nothing new.
const REPORTED: usize = 20;

/// A file's text, with what was wrong in its bytes.
#[derive(Debug)]
pub struct Decoded<'s> {
    /// The text, without its byte order mark; what was wrong in it stands as U+FFFD.
    pub text: Cow<'s, str>,
    /// Whether the bytes were plain UTF-8 without a byte order mark, the only thing that JSON may be.
    pub plain: bool,
    /// Whether line breaks that only YAML 1.1 knows (NEL, LS, PS) stand in it.
    pub breaks: bool,
    /// Bytes that are no text, and characters that may not stand in YAML.
    pub problems: Vec<Problem>,
}

/// Decodes a file.
#[must_use]
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    let mut problems = Vec::new();
    let (text, plain) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (Cow::Owned(utf16(rest, u16::from_le_bytes, &mut problems)), false),
        [0xFE, 0xFF, rest @ ..] => (Cow::Owned(utf16(rest, u16::from_be_bytes, &mut problems)), false),
        [0xEF, 0xBB, 0xBF, rest @ ..] => (utf8(rest, &mut problems), false),
        _ => (utf8(bytes, &mut problems), true),
    };
    let (mut text, mut breaks) = (text, false);
    if !is_simple(text.as_bytes()) {
        let before = problems.len();
        breaks = inspect(&text, &mut problems);
        if problems.len() > before {
            // What was told is told; other faults are to be found beside it.
            text = Cow::Owned(text.replace(is_control, "\u{FFFD}"));
        }
    }
    Decoded { text, plain, breaks, problems }
}

fn utf8<'s>(bytes: &'s [u8], problems: &mut Vec<Problem>) -> Cow<'s, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) => {
            let (good, bad) = bytes.split_at(error.valid_up_to());
            let mark = Mark::START.after(good);
            let byte = bad.first().copied().unwrap_or_default();
            let message = format!("the file must be UTF-8 text, and the byte 0x{byte:02X} here is none");
            problems.push(Problem::new(mark, "encoding", message));
            String::from_utf8_lossy(bytes)
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, problems: &mut Vec<Problem>) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len());
    let mut bad = (!rest.is_empty()).then(|| "the UTF-16 text ends within a character".to_owned());
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match decoded {
            Ok(character) => text.push(character),
            Err(error) => {
                let half = error.unpaired_surrogate();
                bad.get_or_insert_with(|| format!("half a UTF-16 character (0x{half:04X}) stands alone"));
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
    if let Some(message) = bad {
        problems.push(Problem::new(Mark::START, "encoding", message));
    }
    text
}

/// Whether the text is free of everything that `inspect` looks for; written so that it vectorises.
fn is_simple(bytes: &[u8]) -> bool {
    bytes.chunks(256).all(|chunk| {
        !chunk.iter().fold(false, |found, byte| {
            let control = *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
            found | control | matches!(byte, 0x7F | 0xC2 | 0xE2 | 0xEF)
        })
    })
}

/// Whether a character may not stand in a file. Tabs, and the line breaks of YAML 1.1, may.
fn is_control(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\0'..'\x20' | '\x7F'..'\u{A0}' | '\u{FFFE}' | '\u{FFFF}' => true,
        _ => false,
    }
}

fn inspect(text: &str, problems: &mut Vec<Problem>) -> bool {
    let mut breaks = false;
    let mut found = 0;
    for (at, character) in text.char_indices() {
        match character {
            '\u{85}' | '\u{2028}' | '\u{2029}' => breaks = true,
            _ if found < REPORTED && is_control(character) => {
                found += 1;
                let message = format!(
                    "the control character U+{:04X} may not stand in the file; in double quotes write `\\u{:04X}`",
                    u32::from(character),
                    u32::from(character)
                );
                problems.push(Problem::new(
                    Mark::START.after(&text.as_bytes()[..at]),
                    "control-character",
                    message,
                ));
            }
            _ => {}
        }
    }
    breaks
}
