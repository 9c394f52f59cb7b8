//! The matchers into which gobwas/glob v0.2.3 compiles a pattern without separators.
//!
//! Which matchers a pattern becomes decides what it matches: several of them do not do what the syntax promises.
//! So the steps are followed here in the same order, and `language` says what each matcher takes.

use super::syntax::{Class, Members, Node};

/// A compiled pattern. A length is what the matcher says of itself, in characters; it can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Matcher {
    /// One of several. Its length is that of the alternatives, where a leading run of unknown lengths is overlooked.
    AnyOf(Vec<Self>),
    /// One character.
    Class(Class),
    /// Anything that holds the text.
    Contains(String),
    /// So many characters that do not hold the text.
    Exactly(usize, Option<String>),
    /// Any text.
    Many,
    /// At least so many characters.
    Min(usize),
    /// No text.
    Nothing,
    /// Any one character.
    One,
    /// Text, then anything.
    Prefix(String),
    /// Begins with the first and ends with the second, even where they overlap.
    PrefixSuffix(String, String),
    /// Matchers of known lengths, one after the other.
    Row(Vec<Self>),
    /// Anything, then text.
    Suffix(String),
    /// Exactly this text.
    Text(String),
    /// A value, with what stands left and right of it.
    Tree(Box<Tree>),
}

/// The three parts of [`Matcher::Tree`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tree {
    /// What is searched for.
    pub(super) value: Matcher,
    /// What all before it must match; absent, nothing may stand there.
    pub(super) left: Option<Matcher>,
    /// What all behind it must match; absent, nothing may stand there.
    pub(super) right: Option<Matcher>,
}

impl Matcher {
    /// The length that it claims, in characters.
    pub(super) fn len(&self) -> Option<usize> {
        match self {
            Self::AnyOf(alternatives) => {
                let mut lengths = alternatives.iter().map(Self::len).skip_while(Option::is_none);
                let first = lengths.next()?;
                lengths.all(|length| length == first).then_some(first)?
            }
            Self::Class(_) | Self::One => Some(1),
            Self::Nothing => Some(0),
            Self::Row(parts) => parts.iter().map(Self::len).sum(),
            Self::Text(text) => Some(text.chars().count()),
            Self::Tree(tree) => {
                let side = |side: &Option<Self>| side.as_ref().map_or(Some(0), Self::len);
                Some(tree.value.len()? + side(&tree.left)? + side(&tree.right)?)
            }
            Self::Contains(_)
            | Self::Exactly(..)
            | Self::Many
            | Self::Min(_)
            | Self::Prefix(_)
            | Self::PrefixSuffix(..)
            | Self::Suffix(_) => None,
        }
    }
}

/// Compiles one part of a pattern.
pub(super) fn compile(node: &Node) -> Matcher {
    match node {
        Node::Text(text) => Matcher::Text(text.clone()),
        Node::Many { .. } => Matcher::Many,
        Node::One => Matcher::One,
        Node::Nothing => Matcher::Nothing,
        Node::Class(class) => simplified(Matcher::Class(class.clone())),
        Node::Choice(alternatives) => match factored(alternatives) {
            Some(sequence) => compile(&sequence),
            None => Matcher::AnyOf(alternatives.iter().map(part).collect()),
        },
        Node::Sequence(parts) if parts.is_empty() => Matcher::Nothing,
        Node::Sequence(parts) => simplified(joined(&glued_runs(parts.iter().map(part).collect()))),
    }
}

fn part(node: &Node) -> Matcher {
    simplified(compile(node))
}

/// Replaces a matcher by a simpler one, which does not always mean the same.
fn simplified(matcher: Matcher) -> Matcher {
    match matcher {
        Matcher::AnyOf(mut alternatives) if alternatives.len() == 1 => alternatives.remove(0),
        Matcher::Class(Class { not: false, members: Members::List(list) }) if list.chars().count() == 1 => {
            Matcher::Text(list)
        }
        Matcher::Tree(tree) => {
            let Tree { value, left, right } = *tree;
            let (left, right) = (left.map(simplified), right.map(simplified));
            let Matcher::Text(text) = value else {
                return Matcher::Tree(Box::new(Tree { value, left, right }));
            };
            match (left, right) {
                (None, None) => Matcher::Text(text),
                (Some(Matcher::Many), Some(Matcher::Many)) => Matcher::Contains(text),
                (Some(Matcher::Many), None) => Matcher::Suffix(text),
                (None, Some(Matcher::Many)) => Matcher::Prefix(text),
                (None, Some(Matcher::Suffix(suffix))) => Matcher::PrefixSuffix(text, suffix),
                (Some(Matcher::Prefix(prefix)), None) => Matcher::PrefixSuffix(prefix, text),
                (left, right) => Matcher::Tree(Box::new(Tree { value: Matcher::Text(text), left, right })),
            }
        }
        other => other,
    }
}

/// Makes one matcher of a sequence: the longest of known length, the last of equals, with a subtree on either side.
fn joined(sequence: &[Matcher]) -> Matcher {
    if let [only] = sequence {
        return only.clone();
    }
    if let Some(one) = glued(sequence) {
        return one;
    }
    let known = sequence.iter().enumerate().filter_map(|(at, matcher)| Some((matcher.len()?, at)));
    let at = known.max().map_or(0, |(_, at)| at);
    let side = |side: &[Matcher]| (!side.is_empty()).then(|| joined(side));
    let (left, right) = (side(&sequence[..at]), side(&sequence[at + 1..]));
    Matcher::Tree(Box::new(Tree { value: sequence[at].clone(), left, right }))
}

/// Makes one matcher of a whole sequence, if there is one that stands for it.
fn glued(sequence: &[Matcher]) -> Option<Matcher> {
    if sequence.len() < 2 {
        return None;
    }
    glued_as_counts(sequence).or_else(|| {
        let all_known = sequence.iter().all(|matcher| matcher.len().is_some());
        all_known.then(|| Matcher::Row(sequence.to_vec()))
    })
}

/// `***`, `?*?`, `??`, `[!a][!a]`: sequences of which only a number of characters stays, and one forbidden text.
fn glued_as_counts(sequence: &[Matcher]) -> Option<Matcher> {
    let mut characters = 0;
    let mut many = false;
    let mut forbidden = None;
    for matcher in sequence {
        let forbids = match matcher {
            Matcher::Many => {
                many = true;
                ""
            }
            Matcher::One => {
                characters += 1;
                ""
            }
            Matcher::Class(Class { not: true, members: Members::List(list) }) => {
                characters += 1;
                list
            }
            _ => return None,
        };
        if *forbidden.get_or_insert(forbids) != forbids {
            return None;
        }
    }
    Some(match (many, characters) {
        (true, 0) => Matcher::Many,
        (true, _) => Matcher::Min(characters),
        (false, _) => {
            Matcher::Exactly(characters, forbidden.filter(|text| !text.is_empty()).map(str::to_owned))
        }
    })
}

/// Glues runs within a sequence until none is left, of all runs the longest first.
fn glued_runs(mut sequence: Vec<Matcher>) -> Vec<Matcher> {
    loop {
        let mut best: Option<(Matcher, usize, usize)> = None;
        for from in 0..sequence.len() {
            for to in (from + 1..=sequence.len()).rev() {
                let Some(found) = glued(&sequence[from..to]) else { continue };
                let better = match &best {
                    None => true,
                    Some((held, start, end)) => {
                        let longer =
                            matches!((held.len(), found.len()), (Some(held), Some(found)) if found > held);
                        longer || end - start < to - from
                    }
                };
                if better {
                    best = Some((found, from, to));
                }
            }
        }
        let Some((found, from, to)) = best else { return sequence };
        sequence.splice(from..to, [found]);
    }
}

/// Takes out what all alternatives begin and end with.
fn factored(alternatives: &[Node]) -> Option<Node> {
    let sequences: Option<Vec<&[Node]>> = alternatives
        .iter()
        .map(|node| match node {
            Node::Sequence(parts) => Some(parts.as_slice()),
            _ => None,
        })
        .collect();
    let sequences = sequences?;
    let (left, right) = common(&sequences);
    if left + right == 0 {
        return None;
    }
    let first = sequences[0];
    let mut rests: Vec<Node> = Vec::new();
    for sequence in &sequences {
        let rest = match &sequence[left..sequence.len() - right] {
            [] => Node::Nothing,
            rest => Node::Sequence(rest.to_vec()),
        };
        if !rests.contains(&rest) {
            rests.push(rest);
        }
    }
    let mut parts = Vec::new();
    if left > 0 {
        parts.push(Node::Sequence(first[..left].to_vec()));
    }
    match rests.as_slice() {
        [Node::Nothing] => {}
        [_] => parts.append(&mut rests),
        _ => parts.push(Node::Choice(rests)),
    }
    if right > 0 {
        parts.push(Node::Sequence(first[first.len() - right..].to_vec()));
    }
    Some(Node::Sequence(parts))
}

/// How many parts all sequences begin with, and how many they end with, never counting one of the shortest twice.
fn common(sequences: &[&[Node]]) -> (usize, usize) {
    let by_length = sequences.iter().enumerate().min_by_key(|(_, sequence)| sequence.len());
    let Some((at_shortest, shortest)) = by_length else { return (0, 0) };
    let others: Vec<&[Node]> =
        sequences.iter().enumerate().filter(|(at, _)| *at != at_shortest).map(|(_, other)| *other).collect();
    let Some(first_other) = others.first() else { return (0, 0) };
    let length = shortest.len();
    let (mut left, mut right) = (0, 0);
    let (mut left_grows, mut right_grows) = (true, true);
    let mut at = 0;
    while at < length && left + right < length && (left_grows || right_grows) {
        let from_right = length - 1 - at;
        // The two have met; that only the first of the others is asked is how gobwas does it.
        let met = left_grows && from_right <= at && first_other[at] == shortest[at];
        left_grows = left_grows && others.iter().all(|other| other[at] == shortest[at]);
        right_grows = right_grows
            && !met
            && others.iter().all(|other| other[other.len() - 1 - at] == shortest[from_right]);
        left += usize::from(left_grows);
        right += usize::from(right_grows);
        at += 1;
    }
    (left, right)
}
