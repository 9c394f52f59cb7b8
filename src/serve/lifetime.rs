//! How long a tag says that it wants to live, in the words of ttl.sh.

use std::time::Duration;

use crate::oci::Tag;

/// The life of what names no time.
const USUAL: Duration = Duration::from_hours(1);
/// The longest life.
const LONGEST: Duration = Duration::from_hours(24);

/// `30m` lives for half an hour, `2h` for two; at most a day, and an hour where the tag is no time or there is none.
///
/// A time is a whole number above 0 and one of `s`, `m`, `h`, `d` and `w`, and nothing else: `1h30m`, `1H` and `pr-7-1d` are
/// none.
pub(super) fn of(tag: Option<&Tag>) -> Duration {
    tag.and_then(|tag| parse(tag.as_str())).map_or(USUAL, |wanted| wanted.min(LONGEST))
}

fn parse(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        "w" => 7 * 24 * 60 * 60,
        _ => return None,
    };
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // A number that is too large for any time is above the longest.
    let number: u64 = number.parse().unwrap_or(u64::MAX);
    (number > 0).then(|| Duration::from_secs(number.saturating_mul(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_times_as_ttl_sh_reads_them() {
        let seconds = |text: &str| of(Some(&text.parse().unwrap())).as_secs();
        for (tag, expected) in [
            ("30m", 1800),
            ("2h", 7200),
            ("1d", 86400),
            ("1600s", 1600),
            ("007h", 25200),
            ("24h", 86400),
            ("25h", 86400),
            ("1w", 86400),
            ("99999999999999999999999s", 86400),
        ] {
            assert_eq!(seconds(tag), expected, "{tag}");
        }
        for tag in ["1h30m", "90min", "1H", "v1", "latest", "pr-7-1d", "0s", "000h", "h", "1", "1y", "1.5h"] {
            assert_eq!(seconds(tag), 3600, "{tag}");
        }
        assert_eq!(of(None).as_secs(), 3600);
    }
}
