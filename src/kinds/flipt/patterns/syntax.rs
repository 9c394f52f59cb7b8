//! The written form of a `.flipt.yml` pattern, read as gobwas/glob v0.2.3 reads it.

use std::iter::Peekable;
use std::str::Chars;

/// One part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// These characters.
    Text(String),
    /// `*` or `**`. They mean the same here, but are not equal when alternatives are compared.
    Many {
        /// Whether two stars were written.
        double: bool,
    },
    /// `?`.
    One,
    /// `[abc]`, `[!a-c]`.
    Class(Class),
    /// `{a,b}`.
    Choice(Vec<Self>),
    /// Parts after one another. Without any, it is empty text.
    Sequence(Vec<Self>),
    /// An alternative of which nothing was left when common parts were taken out.
    Nothing,
}

/// What stands in square brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Class {
    /// Whether it begins with `!`.
    pub(super) not: bool,
    /// The characters it names: a list as written, or every character of a range.
    pub(super) members: Members,
}

/// The characters of a class: a list or one range, never both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Members {
    /// Single characters, in the order in which they were written.
    List(String),
    /// First and last.
    Range(char, char),
}

/// Why a pattern cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyntaxError {
    /// `[]`, `[!]`.
    #[error("a class is empty; a `]` that belongs to it is written `\\]`")]
    EmptyClass,
    /// `[a-cx]`.
    #[error("a class holds a list of characters or one range, not both")]
    MixedClass,
    /// U+0000, U+FFFD, or one of three non-characters that torte needs for itself.
    #[error("it holds U+0000 or U+FFFD, which Flipt cannot read in a pattern, or a non-character")]
    Unreadable,
    /// `[a`.
    #[error("a `[` has no `]`")]
    UnclosedClass,
    /// `[z-a]`.
    #[error("a range in a class ends before it begins")]
    ReversedRange,
    /// `[a-é]`.
    #[error("a range in a class ends beyond ASCII; torte takes a list of characters there")]
    RangeBeyondAscii,
    /// More than torte follows.
    #[error(
        "it is too long; at most {LONGEST} characters, {MOST_PARTS} wildcards in a row and {DEEPEST} braces in each \
         other are read"
    )]
    TooLarge,
}

/// The most characters of a pattern.
pub(super) const LONGEST: usize = 1024;
/// The most braces within each other.
const DEEPEST: usize = 16;
/// The most parts of the pattern or of one alternative.
const MOST_PARTS: usize = 64;

/// Reads a pattern.
pub(super) fn parse(pattern: &str) -> Result<Node, SyntaxError> {
    if pattern.contains(['\0', '\u{fffd}']) || pattern.contains(super::glob::UNNAMED) {
        return Err(SyntaxError::Unreadable);
    }
    if pattern.chars().count() > LONGEST {
        return Err(SyntaxError::TooLarge);
    }
    let mut rest = Rest { letters: pattern.chars().peekable() };
    let (parts, _) = rest.sequence(0)?;
    Ok(Node::Sequence(parts))
}

/// What ended a sequence of parts.
#[derive(PartialEq, Eq)]
enum End {
    Comma,
    Brace,
    Pattern,
}

/// What of the pattern was not read yet.
struct Rest<'a> {
    letters: Peekable<Chars<'a>>,
}

impl Rest<'_> {
    /// Reads up to the end of the pattern, or within `depth` braces up to the end of an alternative.
    fn sequence(&mut self, depth: usize) -> Result<(Vec<Node>, End), SyntaxError> {
        let mut parts = Vec::new();
        while let Some(&letter) = self.letters.peek() {
            if parts.len() > MOST_PARTS {
                return Err(SyntaxError::TooLarge);
            }
            match letter {
                '?' => {
                    self.letters.next();
                    parts.push(Node::One);
                }
                '*' => {
                    self.letters.next();
                    parts.push(Node::Many { double: self.letters.next_if_eq(&'*').is_some() });
                }
                '[' => {
                    self.letters.next();
                    parts.push(Node::Class(self.class()?));
                }
                '{' => {
                    self.letters.next();
                    parts.push(self.choice(depth + 1)?);
                }
                ',' if depth > 0 => {
                    self.letters.next();
                    return Ok((parts, End::Comma));
                }
                '}' if depth > 0 => {
                    self.letters.next();
                    return Ok((parts, End::Brace));
                }
                _ => {
                    let stops: &[char] =
                        if depth > 0 { &['?', '*', '[', '{', '}', ','] } else { &['?', '*', '[', '{'] };
                    let text = self.text(stops);
                    // A lone backslash at the end stands for nothing.
                    if !text.is_empty() {
                        parts.push(Node::Text(text));
                    }
                }
            }
        }
        Ok((parts, End::Pattern))
    }

    /// Reads the alternatives after a `{`. The end of the pattern closes them too.
    fn choice(&mut self, depth: usize) -> Result<Node, SyntaxError> {
        if depth > DEEPEST {
            return Err(SyntaxError::TooLarge);
        }
        let mut alternatives = Vec::new();
        loop {
            let (parts, end) = self.sequence(depth)?;
            alternatives.push(Node::Sequence(parts));
            if end != End::Comma {
                return Ok(Node::Choice(alternatives));
            }
        }
    }

    /// Reads up to an unescaped stop, which stays.
    fn text(&mut self, stops: &[char]) -> String {
        let mut text = String::new();
        while let Some(letter) = self.letters.next_if(|letter| !stops.contains(letter)) {
            if letter != '\\' {
                text.push(letter);
            } else if let Some(escaped) = self.letters.next() {
                text.push(escaped);
            }
        }
        text
    }

    /// Reads a class after its `[`.
    fn class(&mut self) -> Result<Class, SyntaxError> {
        let not = self.letters.next_if_eq(&'!').is_some();
        let mut ahead = self.letters.clone();
        let first = ahead.next().ok_or(SyntaxError::UnclosedClass)?;
        let members = if ahead.next() == Some('-') {
            self.letters = ahead;
            let last = self.letters.next().ok_or(SyntaxError::UnclosedClass)?;
            if self.letters.peek().is_some_and(|next| *next != ']') {
                return Err(SyntaxError::MixedClass);
            }
            if last < first {
                return Err(SyntaxError::ReversedRange);
            }
            if !last.is_ascii() {
                return Err(SyntaxError::RangeBeyondAscii);
            }
            Members::Range(first, last)
        } else {
            Members::List(self.text(&[']']))
        };
        self.letters.next().ok_or(SyntaxError::UnclosedClass)?;
        match members {
            Members::List(list) if list.is_empty() => Err(SyntaxError::EmptyClass),
            members => Ok(Class { not, members }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(not: bool, members: &str) -> Node {
        Node::Class(Class { not, members: Members::List(members.into()) })
    }

    fn parts(pattern: &str) -> Vec<Node> {
        match parse(pattern) {
            Ok(Node::Sequence(parts)) => parts,
            other => panic!("{pattern}: {other:?}"),
        }
    }

    #[test]
    fn braces_and_commas_outside_braces_are_text() {
        assert_eq!(parts("a}b,c"), [Node::Text("a}b,c".into())]);
        assert_eq!(parts("a\\"), [Node::Text("a".into())]);
    }

    #[test]
    fn an_unclosed_brace_ends_with_the_pattern() {
        assert_eq!(parts("{a,b"), parts("{a,b}"));
        assert_eq!(parts("{"), [Node::Choice(vec![Node::Sequence(vec![])])]);
    }

    #[test]
    fn classes_are_a_list_or_a_range() {
        assert_eq!(parts("[!!a]"), [list(true, "!a")]);
        assert_eq!(parts("[-a]"), [list(false, "-a")]);
        assert_eq!(parts("[ab-]"), [list(false, "ab-")]);
        assert_eq!(parts("[\\]]"), [list(false, "]")]);
        let range = Class { not: true, members: Members::Range('a', 'c') };
        assert_eq!(parts("[!a-c]"), [Node::Class(range)]);
        for (pattern, error) in [
            ("[a", SyntaxError::UnclosedClass),
            ("[a-", SyntaxError::UnclosedClass),
            ("[a-]x]", SyntaxError::MixedClass),
            ("[]a]", SyntaxError::EmptyClass),
            ("[!]", SyntaxError::EmptyClass),
            ("[a-c1]", SyntaxError::MixedClass),
            ("[c-a]", SyntaxError::ReversedRange),
            ("[a-é]", SyntaxError::RangeBeyondAscii),
            ("a\0b", SyntaxError::Unreadable),
        ] {
            assert_eq!(parse(pattern), Err(error), "{pattern}");
        }
    }

    #[test]
    fn endless_nesting_is_refused() {
        assert_eq!(parse(&"{".repeat(1000)), Err(SyntaxError::TooLarge));
        assert_eq!(parse(&"a".repeat(LONGEST + 1)), Err(SyntaxError::TooLarge));
    }
}
