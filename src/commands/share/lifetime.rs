//! How long a shared bundle is to be had, as the tag that says so to a registry that forgets.

use crate::settings::Usage;

/// The longest that ttl.sh, and `torte serve --ttl`, keep anything: more is cut to it without a word.
const LONGEST: u64 = 24 * 60 * 60;
/// The units that both know, the largest first; one stands in a tag, alone.
const UNITS: [(char, u64); 5] = [('w', 7 * 24 * 3600), ('d', 24 * 3600), ('h', 3600), ('m', 60), ('s', 1)];

/// How long something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lifetime {
    /// In seconds; at least one, at most a day.
    pub(super) seconds: u64,
    /// What was asked for, where that is longer.
    pub(super) wanted: Option<u64>,
}

impl Lifetime {
    /// Reads `90m`, `1h`, and also `1h30m`, which a registry would not understand.
    pub(super) fn parse(text: &str) -> Result<Self, Usage> {
        let wrong = || {
            let what = format!("`--ttl {text}` is not a time that a bundle can be shared for");
            Usage::new(what, "write it as `30m`, `90m` or `2h`, up to `24h`")
        };
        let mut seconds: u64 = 0;
        let mut rest = text;
        while !rest.is_empty() {
            let digits = rest.find(|letter: char| !letter.is_ascii_digit()).ok_or_else(wrong)?;
            let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
            let unit = rest[digits..].chars().next().ok_or_else(wrong)?;
            let (_, each) = UNITS.iter().find(|(letter, _)| *letter == unit).ok_or_else(wrong)?;
            let part = number.checked_mul(*each).ok_or_else(wrong)?;
            seconds = seconds.checked_add(part).ok_or_else(wrong)?;
            rest = &rest[digits + 1..];
        }
        match seconds {
            0 => Err(wrong()),
            1..=LONGEST => Ok(Self { seconds, wanted: None }),
            _ => Ok(Self { seconds: LONGEST, wanted: Some(seconds) }),
        }
    }

    /// The tag: a number and the largest unit that needs no fraction.
    pub(super) fn tag(self) -> String {
        tag(self.seconds)
    }

    /// What to say where it is shorter than asked for.
    pub(super) fn warning(self) -> Option<String> {
        let wanted = tag(self.wanted?);
        Some(format!("nothing is kept longer than 24h; it ends after that, not after {wanted}"))
    }
}

fn tag(seconds: u64) -> String {
    // A day is written in hours, as everybody writes it.
    let fitting = UNITS.iter().skip(2).find(|(_, each)| seconds.is_multiple_of(*each));
    let (unit, each) = fitting.copied().unwrap_or(('s', 1));
    format!("{}{unit}", seconds / each)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_unit_stands_in_the_tag() {
        for (given, expected) in [
            ("1h", "1h"),
            ("90m", "90m"),
            ("60m", "1h"),
            ("1h30m", "90m"),
            ("1d", "24h"),
            ("3600s", "1h"),
            ("61s", "61s"),
            ("007h", "7h"),
        ] {
            let lifetime = Lifetime::parse(given).unwrap();
            assert_eq!((lifetime.tag().as_str(), lifetime.warning()), (expected, None), "{given}");
        }
    }

    #[test]
    fn a_day_is_the_end_and_it_is_said() {
        for (given, wanted) in [("25h", "25h"), ("1w", "168h"), ("1d1s", "86401s")] {
            let lifetime = Lifetime::parse(given).unwrap();
            assert_eq!(lifetime.tag(), "24h");
            assert!(lifetime.warning().unwrap().ends_with(&format!("not after {wanted}")), "{given}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for given in
            ["", "0s", "0h0m", "h", "1", "1.5h", "-1h", "1H", "1y", "1hm", "99999999999999999999s", "é"]
        {
            assert!(Lifetime::parse(given).is_err(), "{given}");
        }
    }
}
