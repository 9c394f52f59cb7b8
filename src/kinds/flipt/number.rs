//! Numbers as Go reads them into its types, and as its `encoding/json` prints them.

use crate::kinds::yaml::{Resolved, Value};

/// The value as a `float32`: from YAML by way of a `float64`, from JSON directly. None where it is too large.
pub(super) fn as_float32(value: Value<'_>) -> Option<f32> {
    let scalar = value.scalar()?;
    let number = if value.is_json() {
        scalar.text.parse().ok()?
    } else {
        // Rounding is the point: a float32 is what Flipt keeps.
        #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
        match scalar.resolve().ok()? {
            Resolved::Int(number) => number as f64 as f32,
            Resolved::Uint(number) => number as f64 as f32,
            Resolved::Float(number) => number as f32,
            _ => return None,
        }
    };
    number.is_finite().then_some(number)
}

/// The value as an unsigned whole number, as ranks are.
pub(super) fn as_unsigned(value: Value<'_>) -> Option<u64> {
    let scalar = value.scalar()?;
    match scalar.resolve().ok()? {
        // To Go's JSON decoder a minus sign is no part of an unsigned number, not even before zero.
        Resolved::Int(_) if value.is_json() && scalar.text.starts_with('-') => None,
        Resolved::Int(number) => u64::try_from(number).ok(),
        Resolved::Uint(number) => Some(number),
        _ => None,
    }
}

/// A `float64` as JSON: the shortest digits that read back as the same number, in plain notation
/// from 1e-6 to below 1e21, else with an exponent (`1e+21`, `1e-7`). Not for NaN and infinities.
pub fn float64(number: f64, out: &mut Vec<u8>) {
    let text = format!("{number:e}");
    append(
        &nearest(text, 15, |digits| format!("{number:.digits$e}"), |text| text.parse() == Ok(number)),
        out,
    );
}

/// A `float32` as JSON, by the same rules with the shortest digits of a `float32`.
pub fn float32(number: f32, out: &mut Vec<u8>) {
    let text = format!("{number:e}");
    append(&nearest(text, 6, |digits| format!("{number:.digits$e}"), |text| text.parse() == Ok(number)), out);
}

/// Of as many digits as the shortest text has, those nearest to the number. The standard library takes the
/// upper of two that are equally near, Go the even one, which rounding to that many digits gives.
fn nearest(
    shortest: String,
    safe: usize,
    round: impl Fn(usize) -> String,
    reads_back: impl Fn(&str) -> bool,
) -> String {
    let mantissa = shortest.split('e').next().unwrap_or_default();
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    if digits < safe {
        return shortest;
    }
    let rounded = round(digits - 1);
    if reads_back(&rounded) { rounded } else { shortest }
}

/// Appends a number in scientific notation as JSON has it.
fn append(scientific: &str, out: &mut Vec<u8>) {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let power: i32 = exponent.parse().unwrap_or_default();
    if !(-6..21).contains(&power) {
        out.extend_from_slice(mantissa.as_bytes());
        out.extend_from_slice(if power < 0 { b"e" } else { b"e+" });
        out.extend_from_slice(exponent.as_bytes());
        return;
    }
    let (sign, mantissa) = mantissa.split_at(usize::from(mantissa.starts_with('-')));
    out.extend_from_slice(sign.as_bytes());
    let digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
    // The point stands after as many digits as the power says, before the first where it is negative.
    let point = usize::try_from(power + 1).unwrap_or_default();
    if point == 0 {
        out.extend_from_slice(b"0.");
        out.extend(std::iter::repeat_n(b'0', usize::try_from(-power - 1).unwrap_or_default()));
        out.extend_from_slice(&digits);
        return;
    }
    let whole = digits.len().min(point);
    out.extend_from_slice(&digits[..whole]);
    out.extend(std::iter::repeat_n(b'0', point - whole));
    if whole < digits.len() {
        out.push(b'.');
        out.extend_from_slice(&digits[whole..]);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn printed(number: f64) -> String {
        let mut out = Vec::new();
        float64(number, &mut out);
        String::from_utf8(out).expect("digits are text")
    }

    #[test]
    fn notation_changes_where_go_changes_it() {
        let table = [
            (0.0, "0"),
            (-0.0, "-0"),
            (50.0, "50"),
            (1e-6, "0.000001"),
            (9.99e-7, "9.99e-7"),
            (1e20, "100000000000000000000"),
            (-1e21, "-1e+21"),
            (5e-324, "5e-324"),
        ];
        for (number, text) in table {
            assert_eq!(printed(number), text);
        }
    }

    proptest! {
        #[test]
        fn float64_reads_back(bits: u64) {
            let number = f64::from_bits(bits);
            prop_assume!(number.is_finite());
            prop_assert_eq!(printed(number).parse::<f64>().expect("a number").to_bits(), bits);
        }

        #[test]
        fn float32_reads_back(bits: u32) {
            let number = f32::from_bits(bits);
            prop_assume!(number.is_finite());
            let mut out = Vec::new();
            float32(number, &mut out);
            let text = String::from_utf8(out).expect("digits are text");
            prop_assert_eq!(text.parse::<f32>().expect("a number").to_bits(), bits);
        }
    }
}
