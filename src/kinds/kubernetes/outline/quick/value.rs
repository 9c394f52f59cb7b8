//! Keys and values that stand on one line: what they are, if that is plain to see.

use super::text::{rest_of_line, spaces};
use crate::kinds::yaml::{Style, Tag};

/// The longest key that is read here, in bytes; `yaml.v3` takes 1,024 characters.
const MAX_KEY: usize = 512;

/// What untagged values are tagged with.
pub(super) static NO_TAG: Tag = Tag::None;

/// A value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value<'t> {
    /// Nothing stands on this line; the next may have it.
    Nothing,
    /// A text as it is written.
    Scalar(&'t str, Style),
    /// A text in quotes with escapes in it.
    Escaped,
    /// A block of text, which begins on the next line.
    Block,
    /// `[]` or `{}`.
    Empty,
    /// A collection in brackets.
    Collection,
}

/// The length of the key that a text begins with, in bytes, if a `:` and a blank or the line's end follow it.
pub(super) fn key(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let length = bytes.iter().take_while(|byte| is_key(**byte)).count();
    let begins = match bytes {
        [b'-', ..] => false,
        [b'.', second, ..] => second.is_ascii_alphanumeric(),
        _ => length > 0,
    };
    let ends = matches!(bytes.get(length..), Some([b':'] | [b':', b' ', ..]));
    (begins && ends && length <= MAX_KEY).then_some(length)
}

/// Reads what stands on a line from a value on; a blank must stand before it, or nothing.
pub(super) fn read(text: &str) -> Option<Value<'_>> {
    match text.as_bytes() {
        [] | [b'#', ..] => Some(Value::Nothing),
        [b'\'', ..] => single_quoted(text),
        [b'"', ..] => double_quoted(text),
        [b'|' | b'>', rest @ ..] => {
            let header = usize::from(matches!(rest, [b'+' | b'-', ..]));
            rest_of_line(text.get(1 + header..)?)?;
            Some(Value::Block)
        }
        [b'[', ..] => {
            let (is_empty, rest) = sequence(text)?;
            collection(is_empty, rest)
        }
        [b'{', ..] => {
            let (is_empty, rest) = mapping(text)?;
            collection(is_empty, rest)
        }
        [b'-']
        | [b'-', b' ', ..]
        | [b'!' | b'&' | b'*' | b'%' | b'@' | b'`' | b',' | b']' | b'}' | b'?' | b':', ..] => None,
        _ => plain(text),
    }
}

fn collection(is_empty: bool, rest: &str) -> Option<Value<'_>> {
    rest_of_line(rest)?;
    Some(if is_empty { Value::Empty } else { Value::Collection })
}

fn plain(text: &str) -> Option<Value<'_>> {
    let bytes = text.as_bytes();
    let mut end = bytes.len();
    for at in memchr::memchr2_iter(b':', b'#', bytes) {
        if bytes[at] == b':' {
            if matches!(bytes.get(at + 1), None | Some(b' ')) {
                return None;
            }
        } else if at > 0 && bytes[at - 1] == b' ' {
            end = at;
            break;
        }
    }
    Some(Value::Scalar(text.get(..end)?.trim_end_matches(' '), Style::Plain))
}

fn single_quoted(text: &str) -> Option<Value<'_>> {
    let (length, is_escaped) = single_quotes(text)?;
    quoted(text, length, is_escaped)
}

fn double_quoted(text: &str) -> Option<Value<'_>> {
    let (length, is_escaped) = double_quotes(text)?;
    quoted(text, length, is_escaped)
}

fn quoted(text: &str, length: usize, is_escaped: bool) -> Option<Value<'_>> {
    rest_of_line(text.get(length..)?)?;
    if is_escaped {
        return Some(Value::Escaped);
    }
    Some(Value::Scalar(text.get(1..length - 1)?, Style::Quoted))
}

/// The length of a text in single quotes, the quotes among it, and whether one is doubled in it.
fn single_quotes(text: &str) -> Option<(usize, bool)> {
    let bytes = text.as_bytes();
    let (mut from, mut is_escaped) = (1, false);
    loop {
        let end = from + memchr::memchr(b'\'', bytes.get(from..)?)?;
        if bytes.get(end + 1) != Some(&b'\'') {
            return Some((end + 1, is_escaped));
        }
        (from, is_escaped) = (end + 2, true);
    }
}

/// The same of a text in double quotes, with the escapes that every reader has.
fn double_quotes(text: &str) -> Option<(usize, bool)> {
    let bytes = text.as_bytes();
    let (mut from, mut is_escaped) = (1, false);
    loop {
        let at = from + memchr::memchr2(b'"', b'\\', bytes.get(from..)?)?;
        if bytes[at] == b'"' {
            return Some((at + 1, is_escaped));
        }
        if !matches!(bytes.get(at + 1)?, b'n' | b't' | b'r' | b'"' | b'\\') {
            return None;
        }
        (from, is_escaped) = (at + 2, true);
    }
}

/// What follows a sequence in brackets, and whether it is empty.
fn sequence(text: &str) -> Option<(bool, &str)> {
    let mut rest = skip(text.get(1..)?);
    if let Some(after) = rest.strip_prefix(']') {
        return Some((true, after));
    }
    loop {
        rest = skip(element(rest)?);
        if let Some(after) = rest.strip_prefix(']') {
            return Some((false, after));
        }
        rest = skip(rest.strip_prefix(',')?);
    }
}

/// What follows a mapping in braces, and whether it is empty.
fn mapping(text: &str) -> Option<(bool, &str)> {
    let mut rest = skip(text.get(1..)?);
    if let Some(after) = rest.strip_prefix('}') {
        return Some((true, after));
    }
    let mut keys = [""; 8];
    for at in 0..keys.len() {
        let length = key(rest)?;
        let key = rest.get(..length)?;
        if keys[..at].contains(&key) {
            return None;
        }
        keys[at] = key;
        rest = skip(element(skip(rest.get(length + 1..)?))?);
        if let Some(after) = rest.strip_prefix('}') {
            return Some((false, after));
        }
        rest = skip(rest.strip_prefix(',')?);
    }
    None
}

/// What follows a scalar within brackets.
fn element(text: &str) -> Option<&str> {
    match text.as_bytes() {
        [b'\'', ..] => text.get(single_quotes(text)?.0..),
        [b'"', ..] => text.get(double_quotes(text)?.0..),
        bytes => {
            let dashes = bytes.iter().take_while(|byte| **byte == b'-').count();
            let length = bytes.iter().take_while(|byte| is_word(**byte)).count();
            let begins = dashes <= 2 && bytes.get(dashes).is_some_and(|byte| is_word(*byte) && *byte != b'%');
            if begins { text.get(length..) } else { None }
        }
    }
}

fn skip(text: &str) -> &str {
    text.get(spaces(text)..).unwrap_or_default()
}

/// What a key may hold here.
const fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'/' | b'_' | b'$')
}

/// What a word within brackets may hold here.
const fn is_word(byte: u8) -> bool {
    is_key(byte) || matches!(byte, b'=' | b'+' | b'%' | b'~')
}
