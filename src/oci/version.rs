//! Versions, as Flux reads them out of tags, and their precedence.

use std::cmp::Ordering;

mod range;

pub use range::{Range, RangeError};

/// The longest text that is read as a version, in bytes (Masterminds/semver 3.5).
const LONGEST: usize = 256;

/// A semantic version, without its build metadata, which counts in no comparison.
///
/// Ordered by precedence: of releases by their three numbers, a prerelease before its release, its identifiers one after
/// the other, numbers before words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 3],
    prerelease: Box<str>,
}

impl Version {
    /// The version that a tag stands for, by the rule of `ParseVersion` in `github.com/fluxcd/pkg/version`: it has two dots
    /// at least, and is a version with or without a `v` before it; numbers may begin with zeros.
    pub fn of(tag: &str) -> Option<Self> {
        let dots = tag.bytes().filter(|byte| *byte == b'.').count();
        if dots < 2 { None } else { Self::coerce(tag) }
    }

    /// Reads a version whose last numbers may be missing, as `NewVersion` of Masterminds/semver does.
    fn coerce(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (written, rest) = Written::read(text, |byte| byte.is_ascii_digit())?;
        if !rest.is_empty() || !written.prerelease.split('.').all(is_identifier) {
            return None;
        }
        let mut numbers = [0; 3];
        for (number, digits) in numbers.iter_mut().zip(written.numbers.into_iter().flatten()) {
            *number = digits.parse().ok()?;
        }
        Some(Self { numbers, prerelease: written.prerelease.into() })
    }

    fn major(&self) -> u64 {
        self.numbers[0]
    }

    fn minor(&self) -> u64 {
        self.numbers[1]
    }

    fn is_release(&self) -> bool {
        self.prerelease.is_empty()
    }

    fn identifiers(&self) -> impl Iterator<Item = Identifier<'_>> {
        self.prerelease.split('.').map(Identifier::of)
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = self.numbers.cmp(&other.numbers);
        let releases = || self.is_release().cmp(&other.is_release());
        numbers.then_with(releases).then_with(|| self.identifiers().cmp(other.identifiers()))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A part of a prerelease; a number that 64 bits do not hold is a word.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Identifier<'a> {
    Number(u64),
    Word(&'a str),
}

impl<'a> Identifier<'a> {
    fn of(text: &'a str) -> Self {
        text.parse().map_or(Self::Word(text), Self::Number)
    }
}

/// A number of a prerelease has no zero before it.
fn is_identifier(text: &str) -> bool {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    !(is_number && text.len() > 1 && text.starts_with('0'))
}

/// A version as it is written, with what stands for its numbers.
#[derive(Clone, Copy)]
struct Written<'a> {
    text: &'a str,
    numbers: [Option<&'a str>; 3],
    /// Empty where there is none.
    prerelease: &'a str,
}

impl<'a> Written<'a> {
    /// Reads as much as is a version at the start of a text, and gives the rest.
    fn read(text: &'a str, is_digit: fn(u8) -> bool) -> Option<(Self, &'a str)> {
        let (major, mut rest) = run(text.strip_prefix('v').unwrap_or(text), is_digit)?;
        let mut numbers = [Some(major), None, None];
        for number in &mut numbers[1..] {
            let Some((digits, after)) = rest.strip_prefix('.').and_then(|after| run(after, is_digit)) else {
                break;
            };
            (*number, rest) = (Some(digits), after);
        }
        let (prerelease, rest) = rest.strip_prefix('-').and_then(identifiers).unwrap_or(("", rest));
        let (_, rest) = rest.strip_prefix('+').and_then(identifiers).unwrap_or(("", rest));
        Some((Self { text: &text[..text.len() - rest.len()], numbers, prerelease }, rest))
    }
}

/// As many bytes as are so, one at least, and the rest. The bytes are of ASCII.
fn run(text: &str, is_so: fn(u8) -> bool) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| !is_so(byte)).unwrap_or(text.len());
    if end == 0 { None } else { Some(text.split_at(end)) }
}

/// Words of letters, digits and hyphens, joined by dots, and the rest.
fn identifiers(text: &str) -> Option<(&str, &str)> {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let (_, mut rest) = run(text, is_letter)?;
    while let Some((_, after)) = rest.strip_prefix('.').and_then(|after| run(after, is_letter)) {
        rest = after;
    }
    Some(text.split_at(text.len() - rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_counts_as_a_version_where_flux_says_so() {
        for tag in ["1.2.3", "v1.2.3", "2025.02.03", "1.2.3-rc.1", "0.0.0", "1.2-rc.1"] {
            assert!(Version::of(tag).is_some(), "{tag}");
        }
        for tag in [
            "",
            "latest",
            "1",
            "v1",
            "1.2",
            "V1.2.3",
            "1.2.3.4",
            "1.2.3-",
            "1.2.3-01",
            "1.2.3_1",
            " 1.2.3",
            "1..3",
            "v",
            "release-1.2.3",
            "18446744073709551616.0.0",
            "sha256-abc.sig",
            "1.2.é",
        ] {
            assert!(Version::of(tag).is_none(), "{tag}");
        }
        assert!(Version::of(&format!("1.2.{}", "0".repeat(252))).is_some());
        assert!(Version::of(&format!("1.2.{}", "0".repeat(253))).is_none());
    }

    /// The example of section 11 of the specification (semver.org, 2.0.0), and numbers beside words.
    #[test]
    fn versions_are_ordered_by_precedence() {
        let ordered = [
            "0.9.9",
            "1.0.0-1",
            "1.0.0-2",
            "1.0.0-18446744073709551616",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.1",
            "1.2.0",
            "1.10.0",
            "2.0.0",
        ];
        let versions: Vec<_> = ordered.iter().map(|text| Version::of(text).unwrap()).collect();
        assert!(versions.is_sorted_by(|left, right| left < right), "{versions:#?}");
        for (left, right) in [("1.0.0", "v1.0.0"), ("1.2.3", "01.02.03"), ("1.0.0+a", "1.0.0+b")] {
            assert_eq!(Version::of(left), Version::of(right));
        }
    }
}
