//! Numbers compared exactly, as they are written, without rounding them to a float first.

/// A decimal number: `0.digits × 10^exponent`, without zeros at either end of the digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    /// Reads `[+-]? digits [. digits] [e [+-] digits]`, with `_` anywhere; none where the text is otherwise.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, power) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], exponent(&text[at + 1..])?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = |part: &str| part.bytes().filter(|byte| *byte != b'_').collect::<Vec<_>>();
        let (whole, fraction) = (digits(whole), digits(fraction));
        if whole.is_empty() && fraction.is_empty() || !whole.iter().chain(&fraction).all(u8::is_ascii_digit) {
            return None;
        }
        let point = i64::try_from(whole.len()).ok()?;
        let mut all = whole;
        all.extend(fraction);
        let leading = all.iter().take_while(|digit| **digit == b'0').count();
        let trailing = all[leading..].iter().rev().take_while(|digit| **digit == b'0').count();
        let digits = all[leading..all.len() - trailing].to_vec();
        let exponent = if digits.is_empty() {
            0
        } else {
            point.saturating_sub(i64::try_from(leading).ok()?).saturating_add(power)
        };
        Some(Self { negative: negative && !digits.is_empty(), digits, exponent })
    }

    /// Whether the number lies from 0 to 100, both included.
    #[must_use]
    pub fn is_percentage(&self) -> bool {
        !self.negative && (self.exponent < 3 || (self.exponent == 3 && self.digits == b"1"))
    }
}

fn exponent(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let digits = digits.bytes().filter(|byte| *byte != b'_');
    let number = digits.clone().try_fold(0i64, |sum, digit| {
        digit.is_ascii_digit().then(|| (sum * 10 + i64::from(digit - b'0')).min(1 << 40))
    })?;
    (digits.count() > 0).then_some(sign * number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_are_equal_however_written() {
        for (one, other) in
            [("1", "1.0"), ("100", "1e2"), ("-0", "0.00"), ("12_0.5e-1", "12.05"), ("+3", "0.3e1")]
        {
            assert_eq!(Decimal::parse(one), Decimal::parse(other), "{one} {other}");
        }
        assert_ne!(Decimal::parse("1"), Decimal::parse("-1"));
        assert!(["", ".", "e1", "1e", "x", "1.2.3", "-"].iter().all(|text| Decimal::parse(text).is_none()));
    }

    #[test]
    fn percentages_end_at_a_hundred_exactly() {
        let within = |text: &str| Decimal::parse(text).is_some_and(|number| number.is_percentage());
        assert!(
            ["0", "-0.0", "100", "1e2", "99.9999999999999999999999", "1e-400", "0e9"]
                .iter()
                .all(|text| within(text))
        );
        let outside = ["-1e-400", "100.00000000000000000000001", "101", "1e3", "1e99999999999999999999"];
        assert!(!outside.iter().any(|text| within(text)));
    }
}
