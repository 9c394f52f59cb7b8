//! Names against patterns, as Go's `filepath.Match` has it on Unix: bytes, and no way back before a `*` that was passed.
//!
//! Each `*` takes as little as it can and keeps it, so that the time grows with the pattern times the name and no more.

/// A pattern for one component of a path.
#[derive(Debug)]
pub(super) enum Glob {
    /// The name itself.
    Exact(Box<[u8]>),
    /// What the name ends in: a `*`, and then nothing special.
    Ending(Box<[u8]>),
    /// Anything else that is well formed.
    Pattern(Box<[u8]>),
    /// What Go calls a bad pattern: it fits no name.
    Malformed,
}

impl Glob {
    pub(super) fn new(text: &[u8]) -> Self {
        let is_plain = |text: &[u8]| !text.iter().any(|byte| b"*?[\\".contains(byte));
        if is_plain(text) {
            return Self::Exact(text.into());
        }
        match text {
            [b'*', ending @ ..] if is_plain(ending) => Self::Ending(ending.into()),
            _ if is_well_formed(text) => Self::Pattern(text.into()),
            _ => Self::Malformed,
        }
    }

    pub(super) fn fits(&self, name: &str) -> bool {
        let name = name.as_bytes();
        match self {
            Self::Exact(text) => **text == *name,
            Self::Ending(ending) => name.ends_with(ending),
            Self::Pattern(pattern) => fits(pattern, name),
            Self::Malformed => false,
        }
    }
}

/// What stands before the next `*`.
struct Piece<'p> {
    /// Whether anything may come before it.
    follows_star: bool,
    text: &'p [u8],
}

/// Cuts a pattern at its next `*`. One between brackets is a letter of a class.
fn cut(pattern: &[u8]) -> (Piece<'_>, &[u8]) {
    let stars = pattern.iter().take_while(|byte| **byte == b'*').count();
    let pattern = &pattern[stars..];
    let mut is_class = false;
    let mut at = 0;
    while at < pattern.len() {
        match pattern[at] {
            b'\\' => at += 1,
            b'[' => is_class = true,
            b']' => is_class = false,
            b'*' if !is_class => break,
            _ => {}
        }
        at += 1;
    }
    let (text, rest) = pattern.split_at(at.min(pattern.len()));
    (Piece { follows_star: stars > 0, text }, rest)
}

fn fits(mut pattern: &[u8], mut name: &[u8]) -> bool {
    while !pattern.is_empty() {
        let (piece, rest) = cut(pattern);
        if piece.text.is_empty() {
            return true;
        }
        let starts = if piece.follows_star { 0..=name.len() } else { 0..=0 };
        let found = starts
            .filter_map(|start| begins(piece.text, &name[start..]))
            .find(|left| left.is_empty() || !rest.is_empty());
        match found {
            Some(left) => (name, pattern) = (left, rest),
            None => return false,
        }
    }
    name.is_empty()
}

/// What is left of a name that begins with what a piece means.
fn begins<'n>(mut piece: &[u8], mut name: &'n [u8]) -> Option<&'n [u8]> {
    while !piece.is_empty() {
        let (step, rest) = Step::first(piece)?;
        name = step.take(name)?;
        piece = rest;
    }
    Some(name)
}

fn is_well_formed(mut pattern: &[u8]) -> bool {
    while !pattern.is_empty() {
        let (piece, rest) = cut(pattern);
        let mut text = piece.text;
        while !text.is_empty() {
            match Step::first(text) {
                Some((_, rest)) => text = rest,
                None => return false,
            }
        }
        pattern = rest;
    }
    true
}

/// The smallest part of a piece.
enum Step<'p> {
    Byte(u8),
    AnyLetter,
    /// The ranges between brackets, and whether the letter must be in none.
    Class(&'p [u8], bool),
}

impl<'p> Step<'p> {
    /// The first step of a text that is not empty, and what follows; none where it is malformed.
    fn first(text: &'p [u8]) -> Option<(Self, &'p [u8])> {
        match text {
            [b'?', rest @ ..] => Some((Self::AnyLetter, rest)),
            [b'[', b'^', class @ ..] => Some((Self::Class(class, true), after_class(class)?)),
            [b'[', class @ ..] => Some((Self::Class(class, false), after_class(class)?)),
            [b'\\'] | [] => None,
            [b'\\', byte, rest @ ..] | [byte, rest @ ..] => Some((Self::Byte(*byte), rest)),
        }
    }

    /// What is left of a name whose beginning it takes.
    fn take<'n>(&self, name: &'n [u8]) -> Option<&'n [u8]> {
        match self {
            Self::Byte(byte) => name.strip_prefix(&[*byte]),
            Self::AnyLetter => letter(name).map(|(_, length)| &name[length..]),
            Self::Class(ranges, is_negated) => {
                let (letter, length) = letter(name)?;
                let is_in = Ranges(ranges).any(|(low, high)| (low..=high).contains(&letter));
                (is_in != *is_negated).then(|| &name[length..])
            }
        }
    }
}

/// The ranges of a well-formed class, up to its `]`.
struct Ranges<'p>(&'p [u8]);

impl Iterator for Ranges<'_> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<Self::Item> {
        let (range, rest) = range(self.0)?;
        self.0 = rest;
        Some(range)
    }
}

/// What follows a class, which has at least one range; none where it has no end.
fn after_class(class: &[u8]) -> Option<&[u8]> {
    let (_, mut rest) = range(class)?;
    loop {
        match rest {
            [b']', after @ ..] => return Some(after),
            _ => rest = range(rest)?.1,
        }
    }
}

/// The first range of a class, which may be one letter, and what follows, at least a `]`.
fn range(class: &[u8]) -> Option<((u32, u32), &[u8])> {
    let (low, rest) = class_letter(class)?;
    match rest {
        [b'-', high @ ..] => class_letter(high).map(|(high, rest)| ((low, high), rest)),
        _ => Some(((low, low), rest)),
    }
}

fn class_letter(class: &[u8]) -> Option<(u32, &[u8])> {
    let text = match class {
        [] | [b'-' | b']', ..] => return None,
        [b'\\', text @ ..] | text => text,
    };
    let (letter, length) = letter(text)?;
    let is_bad = letter == u32::from(char::REPLACEMENT_CHARACTER) && length == 1;
    let rest = &text[length..];
    (!is_bad && !rest.is_empty()).then_some((letter, rest))
}

/// The first letter of a text and its length in bytes; where it is not UTF-8, U+FFFD and one byte.
fn letter(text: &[u8]) -> Option<(u32, usize)> {
    let first = text[..text.len().min(4)].utf8_chunks().next()?.valid().chars().next();
    Some(
        first
            .map_or((u32::from(char::REPLACEMENT_CHARACTER), 1), |letter| (letter.into(), letter.len_utf8())),
    )
}
