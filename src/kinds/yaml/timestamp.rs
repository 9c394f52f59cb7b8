//! Dates and times in the four spellings that `yaml.v3` knows, printed as Go prints a time in JSON.

use std::fmt;

/// A moment as it was written, with its offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timestamp {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    nanosecond: u32,
    /// Minutes east of UTC.
    offset: i16,
}

impl Timestamp {
    /// Reads `Y-M-D`, `Y-M-D h:m:s[.f]`, or `Y-M-DTh:m:s[.f]` (`t` too) with `Z` or `±hh:mm`; else none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = Cursor(text.as_bytes());
        let year = rest.exactly(4)?;
        rest.byte(b"-")?;
        let month = u8::try_from(rest.number()?).ok()?;
        rest.byte(b"-")?;
        let day = u8::try_from(rest.number()?).ok()?;
        if !(1..=12).contains(&month) || day < 1 || day > days(year, month) {
            return None;
        }
        let date = Self { year, month, day, hour: 0, minute: 0, second: 0, nanosecond: 0, offset: 0 };
        if rest.0.is_empty() {
            return Some(date);
        }
        let zoned = rest.byte(b"Tt ")? != b' ';
        if !zoned {
            rest.spaces();
        }
        let hour = rest.below(24)?;
        rest.byte(b":")?;
        let minute = rest.below(60)?;
        rest.byte(b":")?;
        let second = rest.below(60)?;
        let nanosecond = rest.fraction();
        let offset = if zoned { rest.offset()? } else { 0 };
        rest.0.is_empty().then_some(Self { hour, minute, second, nanosecond, offset, ..date })
    }

    /// Whether Go's JSON encoder prints it: the offset must be less than a day.
    #[must_use]
    pub fn is_printable(&self) -> bool {
        self.offset.unsigned_abs() < 24 * 60
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 with as many digits of the second as there are.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second, .. } = self;
        write!(out, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanosecond != 0 {
            let digits = format!("{:09}", self.nanosecond);
            write!(out, ".{}", digits.trim_end_matches('0'))?;
        }
        if self.offset == 0 {
            return out.write_str("Z");
        }
        let (sign, minutes) = (if self.offset < 0 { '-' } else { '+' }, self.offset.unsigned_abs());
        write!(out, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

struct Cursor<'t>(&'t [u8]);

impl Cursor<'_> {
    /// A number of one or two digits.
    fn number(&mut self) -> Option<u16> {
        let second = self.0.get(1).is_some_and(u8::is_ascii_digit);
        self.exactly(if second { 2 } else { 1 })
    }

    fn spaces(&mut self) {
        while let [b' ', rest @ ..] = self.0 {
            self.0 = rest;
        }
    }

    fn below(&mut self, limit: u16) -> Option<u8> {
        self.number().filter(|number| *number < limit).and_then(|number| u8::try_from(number).ok())
    }

    fn exactly(&mut self, count: usize) -> Option<u16> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits
            .iter()
            .try_fold(0, |sum: u16, digit| digit.is_ascii_digit().then(|| sum * 10 + u16::from(digit - b'0')))
    }

    fn byte(&mut self, expected: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        expected.contains(first).then_some(*first)
    }

    /// A fraction of a second after `.` or `,`; digits beyond the ninth are dropped.
    fn fraction(&mut self) -> u32 {
        let [b'.' | b',', rest @ ..] = self.0 else {
            return 0;
        };
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return 0;
        }
        let (digits, rest) = rest.split_at(count);
        self.0 = rest;
        (0..9).fold(0, |sum, at| sum * 10 + u32::from(digits.get(at).map_or(0, |digit| digit - b'0')))
    }

    /// `Z`, or `±hh:mm`, in minutes.
    fn offset(&mut self) -> Option<i16> {
        let sign = match self.byte(b"Z+-")? {
            b'Z' => return Some(0),
            b'-' => -1,
            _ => 1,
        };
        let hours = self.exactly(2).filter(|hours| *hours <= 24)?;
        self.byte(b":")?;
        let minutes = self.exactly(2).filter(|minutes| *minutes <= 60)?;
        i16::try_from(hours * 60 + minutes).ok().map(|offset| sign * offset)
    }
}

fn days(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_spellings_are_read() {
        let table = [
            ("2024-1-2", "2024-01-02T00:00:00Z"),
            ("2024-01-02 3:4:5.50", "2024-01-02T03:04:05.5Z"),
            ("2024-01-02t03:04:05+02:00", "2024-01-02T03:04:05+02:00"),
            ("2024-01-02T03:04:05.1234567891-00:00", "2024-01-02T03:04:05.123456789Z"),
            ("0000-02-29", "0000-02-29T00:00:00Z"),
        ];
        for (text, printed) in table {
            assert_eq!(Timestamp::parse(text).map(|found| found.to_string()).as_deref(), Some(printed));
        }
    }

    #[test]
    fn what_does_not_exist_is_none() {
        let texts = [
            "2023-02-29",
            "2024-13-01",
            "10000-01-01",
            "2024-01-02T03:04:05",
            "2024-01-02 03:04:05Z",
            "2024-01-02T24:00:00Z",
        ];
        assert!(texts.iter().all(|text| Timestamp::parse(text).is_none()));
    }
}
