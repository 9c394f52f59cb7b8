//! What a row of matchers takes: gobwas gives each part its share of the text, and cuts the last character to one byte.
//!
//! So where a share ends with a character beyond ASCII, the next one begins within that character.

use std::collections::BTreeMap;

use super::answer::{Answer, Reason};
use super::hollow::Hollow;
use super::language::{ASCII, Budget, Language, Letters, TooLarge};
use super::matcher::Matcher;
use super::meaning::whole;

/// Where a row stands.
pub(super) enum Place<'a> {
    /// It is asked about a whole text.
    Whole,
    /// It is the value of a tree and is looked for.
    Found {
        /// What kind of matcher stands right of it.
        behind: Behind,
        /// What that one takes.
        right: &'a Answer,
    },
}

/// What stands right of a row that is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    /// Any text.
    Any,
    /// What takes no text that begins within a character.
    Closed,
    /// Something else.
    Else,
    /// Nothing.
    End,
    /// Any text with this end.
    Suffix,
}

impl Behind {
    pub(super) fn of(right: Option<&Matcher>) -> Self {
        match right {
            None => Self::End,
            Some(Matcher::Many) => Self::Any,
            Some(Matcher::Suffix(_)) => Self::Suffix,
            Some(right) if !takes_stray_byte(right) => Self::Closed,
            Some(_) => Self::Else,
        }
    }
}

/// What a part takes of the texts of the length that it claims.
struct Share {
    /// Texts that end with an ASCII character, so that the next share begins where it should.
    even: Answer,
    /// Texts that end with a character of 2, 3 or 4 bytes, of which the part saw the first byte.
    cut: [Language; 3],
    /// Texts of which it is not clear what the part makes.
    unclear: Language,
    /// Whether it takes a share that begins within a character; absent, it is not clear.
    stray: Option<bool>,
}

/// How far the bytes that were compared lie behind the characters that they belong to.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lag {
    /// Bytes of the last character that are still to be compared.
    pub(super) bytes: usize,
    /// Characters at the end of the text that will not be compared at all.
    pub(super) characters: usize,
}

/// What was taken so far, by how far the comparison lags.
pub(super) type Taken = BTreeMap<Lag, Answer>;

/// What a row takes, with what stands behind it where it is looked for.
pub(super) fn meaning(parts: &[Matcher], place: &Place<'_>, budget: &mut Budget) -> Result<Answer, TooLarge> {
    if let Some(hollow) = Hollow::of(parts) {
        return hollow.meaning(place, budget);
    }
    let length = if matches!(place, Place::Whole) { Length::Claimed } else { Length::Open };
    let Compared { taken, unclear, wide } = compared(parts, length, budget)?;
    match place {
        Place::Whole => {
            let mut all = doubt(unclear);
            for (lag, answer) in taken {
                all = all.or(answer.then(&Answer::sure(Language::count(lag.characters)), budget)?);
            }
            Ok(all)
        }
        Place::Found { behind, right } => {
            let mut all = doubt(Language::row([unclear, Language::Any]));
            for (lag, answer) in taken {
                let unsure = |answer: &Answer| doubt(Language::row([answer.possible(), Language::Any]));
                // A row that is found counts its length in characters, and the right side begins so many bytes
                // further on: within the row, where its own texts have characters of several bytes.
                all = all.or(match behind {
                    Behind::Any => answer.then(right, budget)?,
                    Behind::End if wide => answer.in_ascii().then(right, budget)?,
                    _ if wide => answer.in_ascii().then(right, budget)?.or(unsure(&answer)),
                    _ if lag.bytes == 0 => answer.then(right, budget)?,
                    Behind::End => Answer::sure(Language::Never),
                    // What it takes cannot follow; where it crashes, it crashes all the same.
                    Behind::Closed => {
                        let [crash, ..] = right.doubts.clone();
                        Answer::doubt(Reason::Crash, Language::row([answer.possible(), crash]))
                    }
                    Behind::Suffix => answer.then(right, budget)?,
                    Behind::Else => unsure(&answer),
                });
            }
            Ok(all)
        }
    }
}

pub(super) fn doubt(about: Language) -> Answer {
    Answer::doubt(Reason::CutCharacters, about)
}

/// What the parts of a row take, one after the other.
pub(super) struct Compared {
    pub(super) taken: Taken,
    /// Texts of which it is not clear what the row makes, up to its end.
    pub(super) unclear: Language,
    /// Whether texts of the pattern itself have characters of several bytes.
    pub(super) wide: bool,
}

/// How long a text may be that is compared with a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    /// It has as many characters as the row claims.
    Claimed,
    /// It has as many bytes, or more.
    Open,
}

pub(super) fn compared(parts: &[Matcher], length: Length, budget: &mut Budget) -> Result<Compared, TooLarge> {
    let remaining = |characters| match length {
        Length::Claimed => Language::count(characters),
        Length::Open => Language::Any,
    };
    let mut after: usize = parts.iter().filter_map(Matcher::len).sum();
    let mut taken = Taken::from([(Lag::default(), Answer::sure(Language::Empty))]);
    let mut unclear = Vec::new();
    let mut wide = false;
    for part in parts {
        let characters = part.len().unwrap_or_default();
        let own = share(part, characters, budget)?;
        wide |= !own.even.possible().is_ascii();
        let mut next = Taken::new();
        let mut add = |lag: Lag, answer: Answer| {
            let held = next.remove(&lag).unwrap_or_else(|| Answer::sure(Language::Never));
            next.insert(lag, held.or(answer));
        };
        for (lag, answer) in taken {
            if lag.bytes > 0 {
                match own.stray {
                    Some(true) => add(Lag { bytes: lag.bytes - 1, characters: lag.characters + 1 }, answer),
                    Some(false) => {}
                    None => {
                        unclear.push(Language::row([answer.possible(), remaining(after + lag.characters)]));
                    }
                }
                continue;
            }
            let rest = remaining(after - characters + lag.characters);
            unclear.push(Language::row([answer.possible(), own.unclear.clone(), rest]));
            for (bytes, cut) in (1..).zip(&own.cut) {
                if *cut != Language::Never {
                    add(Lag { bytes, ..lag }, answer.then(&Answer::sure(cut.clone()), budget)?);
                }
            }
            add(lag, answer.then(&own.even, budget)?);
        }
        after -= characters;
        taken = next;
    }
    Ok(Compared { taken, unclear: Language::either(unclear), wide })
}

fn share(part: &Matcher, characters: usize, budget: &mut Budget) -> Result<Share, TooLarge> {
    if let Matcher::AnyOf(alternatives) = part {
        let mut all = Share::nothing();
        for alternative in alternatives {
            all = all.or(share(alternative, characters, budget)?);
        }
        return Ok(all);
    }
    if let Matcher::Row(parts) = part
        && Hollow::of(parts).is_none()
    {
        let fits = part.len() == Some(characters);
        return if fits { share_of_row(parts, budget) } else { Ok(Share::nothing()) };
    }
    let mut share = Share::nothing();
    share.even = whole(part, budget)?.of_length(characters, budget)?;
    share.even.taken = share.even.taken.ending_in_ascii();
    let Some(before) = characters.checked_sub(1) else { return Ok(share) };
    if let Some(language) = before_stray_byte(part, before, budget)? {
        share.cut = [2, 3, 4].map(|bytes| Language::row([language.clone(), character(bytes)]));
        share.stray = (characters == 1).then_some(language != Language::Never);
    } else {
        share.unclear = Language::row([Language::count(before), Language::letter(Letters::beyond_ascii())]);
        share.stray = None;
    }
    if !takes_stray_byte(part) {
        share.stray = Some(false);
    }
    Ok(share)
}

/// The share of a row within a row, which is compared with its own share alone.
fn share_of_row(parts: &[Matcher], budget: &mut Budget) -> Result<Share, TooLarge> {
    let inner = compared(parts, Length::Claimed, budget)?;
    let mut share = Share::nothing();
    share.unclear = inner.unclear;
    share.stray = if parts.first().is_some_and(takes_stray_byte) { None } else { Some(false) };
    for (lag, answer) in inner.taken {
        match (lag.characters.checked_sub(1), lag.bytes.checked_sub(1)) {
            (None, None) => share.even = share.even.or(answer),
            (None, Some(at)) => share.cut[at] = Language::either([share.cut[at].clone(), answer.possible()]),
            (Some(skipped), _) => {
                let skipped = Language::row([answer.possible(), Language::count(skipped)]);
                let ascii = Language::letter(Letters::ascii(ASCII));
                share.even = share.even.or(Answer::sure(Language::row([skipped.clone(), ascii])));
                for (bytes, cut) in (2..).zip(&mut share.cut) {
                    *cut =
                        Language::either([cut.clone(), Language::row([skipped.clone(), character(bytes)])]);
                }
            }
        }
    }
    budget.spend(share.even.size())?;
    Ok(share)
}

fn character(bytes: usize) -> Language {
    Language::letter(Letters::of_bytes(bytes))
}

impl Share {
    const fn nothing() -> Self {
        Self {
            even: Answer::sure(Language::Never),
            cut: [Language::Never, Language::Never, Language::Never],
            unclear: Language::Never,
            stray: Some(false),
        }
    }

    fn or(self, other: Self) -> Self {
        let either = |one, other| Language::either([one, other]);
        let [cut_2, cut_3, cut_4] = self.cut;
        let [other_2, other_3, other_4] = other.cut;
        Self {
            even: self.even.or(other.even),
            cut: [either(cut_2, other_2), either(cut_3, other_3), either(cut_4, other_4)],
            unclear: either(self.unclear, other.unclear),
            stray: match (self.stray, other.stray) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (None, _) | (_, None) => None,
                _ => Some(false),
            },
        }
    }
}

/// The texts of so many characters after which a part takes one byte that is no character; absent, it is not clear.
fn before_stray_byte(
    part: &Matcher,
    characters: usize,
    budget: &mut Budget,
) -> Result<Option<Language>, TooLarge> {
    let any = || Language::count(characters);
    let if_length = |fits: bool| if fits { any() } else { Language::Never };
    Ok(Some(match part {
        Matcher::Class(class) => if_length(class.not && characters == 0),
        Matcher::One => if_length(characters == 0),
        Matcher::Many => any(),
        Matcher::Min(least) => if_length(characters + 1 >= *least),
        Matcher::Exactly(count, _) if characters + 1 != *count => Language::Never,
        Matcher::Exactly(count, without) => {
            whole(&Matcher::Exactly(count - 1, without.clone()), budget)?.taken
        }
        Matcher::Contains(_) | Matcher::Prefix(_) => {
            whole(part, budget)?.taken.of_length(characters, budget)?
        }
        Matcher::Nothing | Matcher::PrefixSuffix(..) | Matcher::Suffix(_) | Matcher::Text(_) => {
            Language::Never
        }
        Matcher::AnyOf(_) | Matcher::Row(_) | Matcher::Tree(_) => return Ok(None),
    }))
}

/// Whether a part may take a text that begins within a character.
pub(super) fn takes_stray_byte(part: &Matcher) -> bool {
    match part {
        Matcher::AnyOf(alternatives) => alternatives.iter().any(takes_stray_byte),
        Matcher::Class(class) => class.not,
        Matcher::Nothing | Matcher::Prefix(_) | Matcher::PrefixSuffix(..) | Matcher::Text(_) => false,
        Matcher::Row(parts) => parts.first().is_some_and(takes_stray_byte),
        // Each of the three may be empty, so that another one comes first.
        Matcher::Tree(tree) => {
            let sides = [&tree.left, &tree.right];
            takes_stray_byte(&tree.value) || sides.into_iter().flatten().any(takes_stray_byte)
        }
        Matcher::Contains(_)
        | Matcher::Exactly(..)
        | Matcher::Many
        | Matcher::Min(_)
        | Matcher::One
        | Matcher::Suffix(_) => true,
    }
}
