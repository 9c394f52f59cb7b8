//! Durations as users write them: `90s`, `30m`, `24h`, `7d`.

use std::time::Duration;

/// Reads a whole number and its unit, `ms`, `s`, `m`, `h` or `d`; a number alone counts seconds.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let unit_at = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..unit_at].parse().ok()?;
    let seconds = match &text[unit_at..] {
        "ms" => return Some(Duration::from_millis(number)),
        "" | "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return None,
    };
    number.checked_mul(seconds).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_units() {
        for (text, seconds) in [("90s", 90), ("30m", 1800), ("24h", 86400), ("7d", 604_800), ("5", 5)] {
            assert_eq!(parse(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "s", "1.5h", "-1s", "1w", "1 s", "99999999999999999999s", "9999999999999999999d"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
