//! What a scalar means, by the rules with which `yaml.v3` resolves it.

use super::timestamp::Timestamp;
use super::tree::{Scalar, Style, Tag};

/// A scalar's meaning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Resolved<'t> {
    /// Nothing, or `null`.
    Null,
    /// `true` or `false`, in one of three spellings.
    Bool(bool),
    /// A whole number that fits.
    Int(i64),
    /// A whole number above `i64::MAX`.
    Uint(u64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(&'t str),
    /// A date, or a date with a time.
    Timestamp(Timestamp),
    /// Base64 under the tag `!!binary`, not decoded.
    Binary(&'t str),
    /// The merge key `<<`.
    Merge,
    /// A scalar under a tag that nobody knows.
    Foreign(&'t str),
}

/// A tag that its text does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mismatch {
    /// The tag.
    pub tag: &'static str,
}

impl<'t> Scalar<'t> {
    /// Whether a tag says what the scalar is.
    #[must_use]
    pub fn is_tagged(self) -> bool {
        *self.tag != Tag::None
    }

    /// Whether the scalar is null: written as such, or not at all.
    #[must_use]
    pub fn is_null(self) -> bool {
        matches!(self.resolve(), Ok(Resolved::Null))
    }

    /// The scalar's meaning, or the tag that contradicts its text.
    pub fn resolve(self) -> Result<Resolved<'t>, Mismatch> {
        let text = self.text;
        let (tag, expected): (_, fn(&Resolved<'_>) -> bool) = match self.tag {
            Tag::None if self.style == Style::Quoted => return Ok(Resolved::Text(text)),
            Tag::None => return Ok(if text == "<<" { Resolved::Merge } else { plain(text, true) }),
            Tag::Str => return Ok(Resolved::Text(text)),
            Tag::Binary => return Ok(Resolved::Binary(text)),
            Tag::Merge => return Ok(Resolved::Merge),
            Tag::Other(tag) => return Ok(Resolved::Foreign(tag)),
            Tag::Null => ("!!null", |found| matches!(found, Resolved::Null)),
            Tag::Bool => ("!!bool", |found| matches!(found, Resolved::Bool(_))),
            Tag::Int => ("!!int", |found| matches!(found, Resolved::Int(_) | Resolved::Uint(_))),
            Tag::Float => ("!!float", |found| matches!(found, Resolved::Float(_))),
            Tag::Timestamp => ("!!timestamp", |found| matches!(found, Resolved::Timestamp(_))),
        };
        let found = match plain(text, *self.tag == Tag::Timestamp) {
            // The nearest double is what `yaml.v3` makes of a whole number under `!!float`.
            #[allow(clippy::cast_precision_loss)]
            Resolved::Int(number) if *self.tag == Tag::Float => Resolved::Float(number as f64),
            found => found,
        };
        if expected(&found) { Ok(found) } else { Err(Mismatch { tag }) }
    }
}

/// The meaning of text without quotes or tag.
fn plain(text: &str, timestamps: bool) -> Resolved<'_> {
    match text.as_bytes().first() {
        None => Resolved::Null,
        Some(b'~' | b't' | b'T' | b'f' | b'F' | b'n' | b'N') => word(text),
        Some(b'.') => dotted(text),
        Some(b'+' | b'-' | b'0'..=b'9') => number(text, timestamps),
        Some(_) => Resolved::Text(text),
    }
}

fn word(text: &str) -> Resolved<'_> {
    match text {
        "~" | "null" | "Null" | "NULL" => Resolved::Null,
        "true" | "True" | "TRUE" => Resolved::Bool(true),
        "false" | "False" | "FALSE" => Resolved::Bool(false),
        _ => Resolved::Text(text),
    }
}

fn dotted(text: &str) -> Resolved<'_> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Resolved::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" => Resolved::Float(f64::INFINITY),
        _ => float(text).map_or(Resolved::Text(text), Resolved::Float),
    }
}

fn number(text: &str, timestamps: bool) -> Resolved<'_> {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => return Resolved::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Resolved::Float(f64::NEG_INFINITY),
        _ => {}
    }
    if let Some(timestamp) = timestamps.then(|| Timestamp::parse(text)).flatten() {
        return Resolved::Timestamp(timestamp);
    }
    let joined;
    let digits = if text.contains('_') {
        joined = text.replace('_', "");
        joined.as_str()
    } else {
        text
    };
    integer(digits)
        .or_else(|| float(digits).map(Resolved::Float))
        .or_else(|| signed_after_prefix(digits))
        .unwrap_or(Resolved::Text(text))
}

/// A whole number with any of Go's prefixes, in the range of `i64` and `u64` together.
fn integer<'t>(text: &str) -> Option<Resolved<'t>> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    };
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    let magnitude = magnitude(digits, base)?;
    if negative {
        return 0i64.checked_sub_unsigned(magnitude).map(Resolved::Int);
    }
    match i64::try_from(magnitude) {
        Ok(number) => Some(Resolved::Int(number)),
        // A number beyond i64 is read without its sign, so `+` makes it none.
        Err(_) => (!text.starts_with('+')).then_some(Resolved::Uint(magnitude)),
    }
}

/// `0b-101` and its like, which `yaml.v3` reads after it cut the prefix off.
fn signed_after_prefix<'t>(text: &str) -> Option<Resolved<'t>> {
    let (base, rest) = match text.as_bytes() {
        [b'0', b'b', b'+' | b'-', ..] => (2, &text[2..]),
        [b'0', b'o', b'+' | b'-', ..] => (8, &text[2..]),
        _ => return None,
    };
    let magnitude = i64::try_from(magnitude(&rest[1..], base)?).ok()?;
    Some(Resolved::Int(if rest.starts_with('-') { -magnitude } else { magnitude }))
}

fn magnitude(digits: &str, base: u32) -> Option<u64> {
    // The parser of the standard library takes a sign here, Go does not.
    digits.as_bytes().first().filter(|first| first.is_ascii_alphanumeric())?;
    u64::from_str_radix(digits, base).ok()
}

/// A decimal floating point number that is finite: `[-+]? (. digits | digits [. digits?]) [e [-+]? digits]`.
fn float(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let whole = digits(bytes, at);
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(bytes, at + 1);
        if whole == 0 && fraction == 0 {
            return None;
        }
        at += 1 + fraction;
    } else if whole == 0 {
        return None;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(bytes, at);
        if exponent == 0 {
            return None;
        }
        at += exponent;
    }
    if at < bytes.len() {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn digits(bytes: &[u8], from: usize) -> usize {
    bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn untagged(text: &str) -> Resolved<'_> {
        Scalar { text, style: Style::Plain, tag: &Tag::None }.resolve().expect("no tag to contradict")
    }

    #[test]
    fn whole_numbers_have_gos_prefixes_and_range() {
        let table = [
            ("0", 0),
            ("-0", 0),
            ("+7", 7),
            ("017", 15),
            ("0o17", 15),
            ("-0b101", -5),
            ("0b-101", -5),
            ("0x1_F", 31),
            ("1_000", 1000),
            ("-9223372036854775808", i64::MIN),
        ];
        for (text, number) in table {
            assert_eq!(untagged(text), Resolved::Int(number), "{text}");
        }
        assert_eq!(untagged("18446744073709551615"), Resolved::Uint(u64::MAX));
        assert_eq!(untagged("+18446744073709551615"), Resolved::Float(18_446_744_073_709_551_615.0));
        assert_eq!(untagged("18446744073709551616"), Resolved::Float(18_446_744_073_709_551_616.0));
    }

    #[test]
    fn what_is_no_number_is_text() {
        for text in [
            "0x", "0b2", "0o8", "--1", "+-1", "1e400", "1e", ".", "+", "1:30", "1,000", "0x1p4", "._5", "yes",
        ] {
            assert_eq!(untagged(text), Resolved::Text(text), "{text}");
        }
    }

    #[test]
    fn a_tag_must_fit_its_text() {
        let tagged = |tag: &Tag, text| Scalar { text, style: Style::Plain, tag }.resolve().is_ok();
        assert!(tagged(&Tag::Int, "3") && tagged(&Tag::Float, "3") && tagged(&Tag::Bool, "True"));
        assert!(!tagged(&Tag::Int, "3.5") && !tagged(&Tag::Bool, "yes") && !tagged(&Tag::Null, "x"));
        assert!(!tagged(&Tag::Float, "18446744073709551615") && !tagged(&Tag::Timestamp, "soon"));
    }
}
