//! The lines in which two texts differ: the first few of them, in their order.

use super::align::{Face, align};
use super::value::Value;

/// How many lines are shown of one change.
const MOST_LINES: usize = 6;
/// How many characters of a line are kept.
const LONGEST: usize = 200;

/// Lines that are gone, with a `-`, and lines that are new, with a `+`; how many more there are stands at the end.
pub(super) fn excerpt(from: &str, to: &str) -> Vec<String> {
    let [one, other]: [Vec<&str>; 2] = [from, to].map(|text| text.lines().collect());
    let face = |line: &&str| Face { print: Value::text(*line).print(), label: None };
    let faces = |lines: &[&str]| lines.iter().map(face).collect::<Vec<_>>();
    let mut found = Vec::new();
    let mut count = 0;
    let mut differing = |sign: char, lines: &[&str]| {
        count += lines.len();
        let room = MOST_LINES.saturating_sub(found.len());
        let shown = lines.iter().take(room).map(|line| line.chars().take(LONGEST).collect::<String>());
        found.extend(shown.map(|line| format!("  {sign} {line}")));
    };
    // Pairs of lines that are alike; the ends of both texts are the last of them.
    let alike = align(&faces(&one), &faces(&other)).into_iter().filter(|(l, r)| one[*l] == other[*r]);
    let (mut l, mut r) = (0, 0);
    for (left, right) in alike.chain([(one.len(), other.len())]) {
        differing('-', &one[l..left]);
        differing('+', &other[r..right]);
        (l, r) = ((left + 1).min(one.len()), (right + 1).min(other.len()));
    }
    if count > found.len() {
        found.push(format!("  … and {} more", count - found.len()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_lines_that_differ_are_shown() {
        assert_eq!(excerpt("a\nb\nc\n", "a\nB\nc\nd\n"), ["  - b", "  + B", "  + d"]);
        assert_eq!(excerpt("a\nb\nc", "c\na\nb"), ["  + c", "  - c"]);
        assert_eq!(excerpt("a\r\nb\r\n", "a\nb\n"), [""; 0]);
        assert_eq!(excerpt("", "x"), ["  + x"]);
        let many = (0..20).map(|line| format!("{line}\n")).collect::<Vec<_>>().concat();
        let found = excerpt(&many, "new\n");
        assert_eq!(found.len(), MOST_LINES + 1);
        assert_eq!((found[0].as_str(), found[6].as_str()), ("  - 0", "  … and 15 more"));
        assert!(excerpt("x", &"y".repeat(9999))[1].chars().count() < LONGEST + 9);
    }
}
