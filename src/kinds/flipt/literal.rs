//! What Flipt's schema, written in CUE, takes a scalar for: `yaml.v3`'s meaning, as far as CUE can spell it.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::kinds::yaml::{Resolved, Scalar, Style, brief};

/// A scalar's type to the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Literal<'t> {
    Null,
    Bool(bool),
    /// A whole number, as written.
    Int(&'t str),
    /// Any other number, as written.
    Float(&'t str),
    Text(&'t str),
    Bytes,
}

/// Why a scalar has no meaning at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) rule: &'static str,
    pub(super) message: String,
}

/// The scalar as the schema sees it.
pub(super) fn literal(scalar: Scalar<'_>) -> Result<Literal<'_>, Refusal> {
    let text = scalar.text;
    let refused = |rule, message: String| Err(Refusal { rule, message });
    if scalar.style == Style::EmptyInFlow {
        return Ok(Literal::Text(""));
    }
    match scalar.resolve() {
        Ok(Resolved::Text(text)) => Ok(Literal::Text(text)),
        Ok(Resolved::Timestamp(_)) => Ok(Literal::Text(text)),
        Ok(Resolved::Null) => Ok(Literal::Null),
        Ok(Resolved::Bool(value)) => Ok(Literal::Bool(value)),
        Ok(Resolved::Int(_) | Resolved::Uint(_)) => match number(&octal(text)) {
            Some(Form::Whole) => Ok(Literal::Int(text)),
            _ => refused(
                "bad-number",
                format!("`{text}` is no way to write a whole number; put it in quotes if it is text"),
            ),
        },
        Ok(Resolved::Float(value)) => {
            if !scalar.is_tagged() && is_like_octal(text) {
                return Ok(Literal::Text(text));
            }
            if !value.is_finite() {
                return refused(
                    "bad-number",
                    format!("`{text}` is no number that can be kept; JSON has none like it"),
                );
            }
            if number(&octal(text)).is_none() {
                return refused(
                    "bad-number",
                    format!("`{text}` is no way to write a number; put it in quotes if it is text"),
                );
            }
            if !text.contains(['.', 'e', 'E']) {
                return refused("bad-number", whole_only(text, scalar.is_tagged()));
            }
            Ok(Literal::Float(text))
        }
        Ok(Resolved::Binary(text)) if binary(text).is_some() => Ok(Literal::Bytes),
        Ok(Resolved::Binary(_)) => refused("bad-tag", "`!!binary` must be followed by base64".to_owned()),
        Ok(Resolved::Merge) => {
            refused("bad-merge", "`<<` is a merge key, not a value; put it in quotes".to_owned())
        }
        Ok(Resolved::Foreign(tag)) => refused("bad-tag", format!("the tag `{}` is not known", brief(tag))),
        Err(mismatch) => {
            refused("bad-tag", format!("`{}` does not fit its tag `{}`", brief(text), mismatch.tag))
        }
    }
}

/// The bytes under `!!binary`, line breaks in their base64 ignored.
pub(super) fn binary(text: &str) -> Option<Vec<u8>> {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical);
    let joined: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    GeneralPurpose::new(&STANDARD, CONFIG).decode(joined).ok()
}

/// Whether CUE can spell the number, infinities among them, without a minus sign.
pub(super) fn is_written_number(text: &str) -> bool {
    !text.starts_with('-')
        && (number(&octal(text)).is_some() || text.ends_with(|last: char| last.is_ascii_alphabetic()))
}

fn whole_only(text: &str, tagged: bool) -> String {
    if tagged {
        format!("`{text}` under `!!float` must have a decimal point")
    } else {
        format!("`{text}` is out of range: a whole number must lie from -2^63 to 2^64-1")
    }
}

/// `0` and digits, of which some are not octal: to YAML 1.1 neither an octal nor a decimal number.
fn is_like_octal(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let rest = digits.strip_prefix('0').unwrap_or_default();
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
}

/// `0644` as CUE writes it, `0o644`.
fn octal(text: &str) -> std::borrow::Cow<'_, str> {
    match text.as_bytes() {
        [b'0', b'0'..=b'9', ..] => format!("0o{}", &text[1..]).into(),
        _ => text.into(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Whole,
    Broken,
}

/// Whether the text is a number to CUE, and whether it is whole.
fn number(text: &str) -> Option<Form> {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    for (prefixes, base) in [(["0x", "0X"], 16), (["0b", "0b"], 2), (["0o", "0o"], 8)] {
        if let Some(rest) = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)) {
            return (mantissa(rest, base) == Some((rest.len(), true))).then_some(Form::Whole);
        }
    }
    let (whole, some) = mantissa(text, 10)?;
    let mut rest = &text[whole..];
    let mut form = Form::Whole;
    if let Some(after) = rest.strip_prefix('.') {
        let (fraction, more) = mantissa(after, 10)?;
        if !some && !more {
            return None;
        }
        rest = &after[fraction..];
        form = Form::Broken;
    } else if !some {
        return None;
    }
    if let Some(after) = rest.strip_prefix(['e', 'E']) {
        let after = after.strip_prefix(['+', '-']).unwrap_or(after);
        let (exponent, more) = mantissa(after, 10)?;
        rest = &after[exponent..];
        form = Form::Broken;
        if !more {
            return None;
        }
    }
    // A whole number may not begin with a zero, an underscore after it included.
    let leading = form == Form::Whole && whole > 1 && text.starts_with('0');
    (rest.is_empty() && !leading).then_some(form)
}

/// How long the run of digits and underscores at the start is, and whether a digit is among them; none
/// where underscores stand together or at the end.
fn mantissa(text: &str, base: u32) -> Option<(usize, bool)> {
    let run = text.bytes().take_while(|byte| *byte == b'_' || char::from(*byte).is_digit(base)).count();
    let digits = &text[..run];
    let sound = !digits.contains("__") && !digits.ends_with('_');
    sound.then(|| (run, digits.bytes().any(|byte| byte != b'_')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_cues() {
        for whole in ["0", "-0", "+7", "1_000", "0x1_F", "0X1f", "0b1", "-0o17", "0x_1"] {
            assert_eq!(number(whole), Some(Form::Whole), "{whole}");
        }
        for broken in ["1.5", "5.", ".5", "+.5", "1e3", "1_000.5", "1e1_0", "0_7.5", "0e5", "-07.5", "1._5"] {
            assert_eq!(number(broken), Some(Form::Broken), "{broken}");
        }
        for none in [
            "0O17", "-017", "0B1", "1__0", "1_", "0_7", "1_e3", "0o8", "08", ".", "e3", "1e", "0b-1", "0x1.5",
        ] {
            assert_eq!(number(none), None, "{none}");
        }
    }
}
