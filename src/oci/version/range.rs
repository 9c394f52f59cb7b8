//! Ranges of versions, read and held as Flux does, with the rules of Masterminds/semver 3.5.

use std::fmt;
use std::str::FromStr;

use super::{Version, Written};
use crate::oci::Tag;

/// The longest range, in bytes, and the most alternatives of one.
const LONGEST: usize = 512;
const MOST_ALTERNATIVES: usize = 32;

/// Which versions are wanted: `>=1.0 <2`, `~1.4`, `^2`, `1.x`, `1.2 - 1.4`, `>=1.0 || 0.9.3`.
///
/// A prerelease is in a range only where one of the comparisons that it must meet names a prerelease itself, if only `-0`,
/// the first of all: `>=1.0-0 <2`.
#[derive(Clone, Debug)]
pub struct Range {
    text: Box<str>,
    alternatives: Vec<Alternative>,
}

/// What is wrong with a range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    /// Not a comparison, or not several of them.
    #[error("`{0}` is not a comparison with a version, nor several with spaces or commas between them")]
    Comparison(String),
    /// More text than Flux reads.
    #[error("it is longer than {LONGEST} bytes")]
    TooLong,
    /// More alternatives than Flux reads.
    #[error("it has more than {MOST_ALTERNATIVES} alternatives")]
    TooMany,
    /// A version that cannot be one.
    #[error(
        "`{0}` is not a version: a number is too large, is half a wildcard, or begins with 0 in a prerelease"
    )]
    Version(String),
}

/// Comparisons that must all hold.
#[derive(Clone, Debug)]
struct Alternative {
    comparisons: Vec<Comparison>,
    takes_prereleases: bool,
}

#[derive(Clone, Debug)]
struct Comparison {
    operator: Operator,
    version: Version,
    open: Open,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    Not,
    Above,
    Below,
    AtLeast,
    AtMost,
    Tilde,
    Caret,
}

/// Which numbers of a comparison's version are missing or wildcards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Nothing,
    Patch,
    Minor,
    Major,
}

/// The operators as they are written, longer ones before those that they begin with.
const OPERATORS: [(&str, Operator); 11] = [
    ("!=", Operator::Not),
    (">=", Operator::AtLeast),
    ("=>", Operator::AtLeast),
    ("<=", Operator::AtMost),
    ("=<", Operator::AtMost),
    ("~>", Operator::Tilde),
    ("=", Operator::Equal),
    (">", Operator::Above),
    ("<", Operator::Below),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
];

impl Range {
    /// Whether a version is in the range.
    pub fn holds(&self, version: &Version) -> bool {
        self.alternatives.iter().any(|alternative| alternative.holds(version))
    }

    /// What bears a tag that counts as a version and is in the range, newest first.
    ///
    /// Of equal versions (`1.0.0`, `v1.0.0`, `01.0.0`) the one whose tag sorts first by its bytes comes first, so that the
    /// order does not depend on the order of `items`.
    pub fn newest_first<T>(&self, items: Vec<T>, tag: impl Fn(&T) -> Option<&Tag>) -> Vec<T> {
        let version = |item: T| {
            let version = Version::of(tag(&item)?.as_str())?;
            self.holds(&version).then_some((version, item))
        };
        let mut found: Vec<(Version, T)> = items.into_iter().filter_map(version).collect();
        found.sort_by(|(left, one), (right, other)| right.cmp(left).then_with(|| tag(one).cmp(&tag(other))));
        found.into_iter().map(|(_, item)| item).collect()
    }
}

impl FromStr for Range {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        if text.len() > LONGEST {
            return Err(RangeError::TooLong);
        }
        let plain = without_hyphens(text);
        if plain.split("||").count() > MOST_ALTERNATIVES {
            return Err(RangeError::TooMany);
        }
        let alternatives = plain.split("||").map(Alternative::read).collect::<Result<_, _>>()?;
        Ok(Self { text: text.into(), alternatives })
    }
}

impl fmt::Display for Range {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl Alternative {
    fn read(text: &str) -> Result<Self, RangeError> {
        let wrong = || RangeError::Comparison(text.trim().to_owned());
        let mut comparisons = Vec::new();
        let mut rest = trimmed(text);
        loop {
            let (operator, after) = Operator::read(rest);
            let (written, after) = Written::read(trimmed(after), is_digit).ok_or_else(wrong)?;
            comparisons.push(Comparison::new(operator, written)?);
            let next = trimmed(after);
            rest = match next.strip_prefix(',') {
                _ if next.is_empty() => break,
                Some(after) => trimmed(after),
                None if next.len() < after.len() => next,
                None => return Err(wrong()),
            };
        }
        let takes_prereleases = comparisons.iter().any(|comparison| !comparison.version.is_release());
        Ok(Self { comparisons, takes_prereleases })
    }

    fn holds(&self, version: &Version) -> bool {
        (self.takes_prereleases || version.is_release())
            && self.comparisons.iter().all(|comparison| comparison.holds(version))
    }
}

impl Operator {
    fn read(text: &str) -> (Self, &str) {
        let found = OPERATORS.iter().find_map(|(sign, operator)| Some((*operator, text.strip_prefix(sign)?)));
        found.unwrap_or((Self::Equal, text))
    }
}

impl Comparison {
    fn new(operator: Operator, written: Written<'_>) -> Result<Self, RangeError> {
        let is_open = |number: Option<&str>| matches!(number, None | Some("x" | "X" | "*"));
        let [major, minor, patch] = written.numbers;
        let open = match (is_open(major), is_open(minor), is_open(patch)) {
            (true, ..) => Open::Major,
            (_, true, _) => Open::Minor,
            (.., true) => Open::Patch,
            _ => Open::Nothing,
        };
        let (major, minor) = (major.unwrap_or_default(), minor.unwrap_or_default());
        let numbers = match open {
            Open::Major => "0.0.0".to_owned(),
            Open::Minor => format!("{major}.0.0"),
            Open::Patch => format!("{major}.{minor}.0"),
            Open::Nothing => String::new(),
        };
        let text = match (open, written.prerelease) {
            (Open::Nothing, _) => written.text.to_owned(),
            (_, "") => numbers,
            (_, prerelease) => format!("{numbers}-{prerelease}"),
        };
        let version = Version::coerce(&text);
        let version = version.ok_or_else(|| RangeError::Version(written.text.to_owned()))?;
        Ok(Self { operator, version, open })
    }

    fn holds(&self, version: &Version) -> bool {
        let bound = &self.version;
        let pair = |of: &Version| (of.major(), of.minor());
        match (self.operator, self.open) {
            (Operator::Equal, Open::Nothing) => version == bound,
            (Operator::Equal | Operator::Tilde, _) => version >= bound && self.is_near(version),
            (Operator::Not, Open::Minor) => version.major() != bound.major(),
            (Operator::Not, Open::Patch) => {
                pair(version) != pair(bound) || version.prerelease != bound.prerelease
            }
            (Operator::Not, _) => version != bound,
            (Operator::Above, Open::Minor) => version.major() > bound.major(),
            (Operator::Above, Open::Patch) => pair(version) > pair(bound),
            (Operator::Above, _) => version > bound,
            (Operator::Below, _) => version < bound,
            (Operator::AtLeast, _) => version >= bound,
            (Operator::AtMost, Open::Minor) => version.major() <= bound.major(),
            (Operator::AtMost, Open::Nothing) => version <= bound,
            (Operator::AtMost, _) => pair(version) <= pair(bound),
            (Operator::Caret, _) => version >= bound && self.is_compatible(version),
        }
    }

    /// `~`: the same major and, where it is said, minor number. `~0.0.0` and `*` leave all open.
    fn is_near(&self, version: &Version) -> bool {
        let bound = &self.version;
        match self.open {
            Open::Minor => version.major() == bound.major(),
            Open::Major | Open::Nothing if bound.numbers == [0; 3] => true,
            _ => version.numbers[..2] == bound.numbers[..2],
        }
    }

    /// `^`: the same leftmost number that is not zero, as far as numbers are said. `^*` is `^0.0.0`.
    fn is_compatible(&self, version: &Version) -> bool {
        let bound = &self.version;
        let fixed = match (self.open, bound.major(), bound.minor()) {
            (Open::Minor, ..) | (_, 1.., _) => 1,
            (Open::Patch, ..) | (.., 1..) => 2,
            _ => 3,
        };
        version.numbers[..fixed] == bound.numbers[..fixed]
    }
}

/// Writes `1.2 - 1.4` as `>= 1.2, <= 1.4`, from left to right and before alternatives are told apart, as Flux does.
fn without_hyphens(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some((low, high, after)) = hyphen_range(rest) {
            plain.extend([">= ", low, ", <= ", high, " "]);
            rest = after;
        } else {
            plain.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    plain
}

fn hyphen_range(text: &str) -> Option<(&str, &str, &str)> {
    let (low, rest) = Written::read(trimmed(text), is_digit)?;
    let (high, rest) = Written::read(spaced(spaced(rest)?.strip_prefix('-')?)?, is_digit)?;
    Some((low.text, high.text, trimmed(rest)))
}

/// What may stand for a number. The bar is there too, by an oversight that Flux has with its library: `1||2 - 3` is
/// `>=1 || 2 <=3`.
fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'x' | b'X' | b'*' | b'|')
}

fn trimmed(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}'])
}

/// The same, where there is space to be trimmed.
fn spaced(text: &str) -> Option<&str> {
    Some(trimmed(text)).filter(|rest| rest.len() < text.len())
}

#[cfg(test)]
mod tests;
