//! What a row of matchers takes: gobwas gives each part its share of the text, and cuts the last character to one byte.
//!
//! So a text in which some character has more than one byte is compared at the wrong places behind it. A part that
//! takes any byte there is called open here, one that takes ASCII alone closed.

use super::answer::{Answer, Reason};
use super::language::{Budget, Language, Letters, TooLarge};
use super::matcher::Matcher;
use super::meaning::{letters, whole};

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
    Any,
    Else,
    End,
    Suffix,
}

/// What a part does with a character beyond ASCII.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beyond {
    /// Never takes it.
    Closed,
    /// Takes it as if its first byte were all of it.
    Open,
    /// May do either.
    Unknown,
}

/// What a row takes, with what stands behind it where it is looked for.
pub(super) fn meaning(parts: &[Matcher], place: &Place<'_>, budget: &mut Budget) -> Result<Answer, TooLarge> {
    if parts.iter().any(|part| part.len() == Some(0)) {
        return with_empty_part(parts, place, budget);
    }
    // A part that is found too short lets the right side begin too early.
    let long = parts.iter().any(|part| !whole_is_ascii(part));
    let mut after: usize = parts.iter().filter_map(Matcher::len).sum();
    let mut so_far = Answer::sure(Language::Empty);
    let mut cut = Answer::sure(Language::Never);
    for (at, part) in parts.iter().enumerate() {
        let characters = part.len().unwrap_or_default();
        after -= characters;
        let next = parts.get(at + 1).map(beyond);
        let this = beyond(part);
        if this == Beyond::Open && next.is_none() {
            let last = so_far.then(&Answer::sure(Language::letter(Letters::beyond_ascii())), budget)?;
            cut = cut.or(match place {
                Place::Whole => last,
                Place::Found { behind: Behind::End, .. } => Answer::sure(Language::Never),
                Place::Found { behind: Behind::Any, right } => last.then(right, budget)?,
                Place::Found { behind: Behind::Suffix, right } if !long => last.then(right, budget)?,
                Place::Found { .. } => doubt(Language::row([last.possible(), Language::Any])),
            });
        } else if this == Beyond::Unknown || (this == Beyond::Open && next != Some(Beyond::Closed)) {
            let rest = match place {
                Place::Whole => Language::count(after),
                Place::Found { .. } => Language::Any,
            };
            cut = cut.or(doubt(Language::row([so_far.possible(), with_beyond(characters), rest])));
        }
        so_far = so_far.then(&words(part, budget)?, budget)?;
    }
    let plain = match place {
        Place::Whole => so_far,
        Place::Found { behind: Behind::Any, right } => so_far.then(right, budget)?,
        Place::Found { right, .. } if !long => so_far.then(right, budget)?,
        Place::Found { behind: Behind::End, .. } => Answer::sure(Language::Never),
        Place::Found { .. } => doubt(Language::row([so_far.possible(), Language::Any])),
    };
    Ok(plain.or(cut))
}

fn doubt(about: Language) -> Answer {
    Answer::doubt(Reason::CutCharacters, about)
}

/// So many characters, of which at least one is not ASCII.
fn with_beyond(characters: usize) -> Language {
    Language::either((0..characters).map(|before| {
        let ascii = std::iter::repeat_n(Language::letter(Letters::ascii(super::language::ASCII)), before);
        let beyond = Language::letter(Letters::beyond_ascii());
        Language::row(ascii.chain([beyond, Language::count(characters - before - 1)]))
    }))
}

/// A part that claims to have no length is given all that is left, and if nothing is left, Flipt crashes.
fn with_empty_part(parts: &[Matcher], place: &Place<'_>, budget: &mut Budget) -> Result<Answer, TooLarge> {
    match place {
        Place::Whole => {
            let Some(about) = crash_from(parts, budget)? else { return Ok(Answer::sure(Language::Never)) };
            let characters = parts.iter().filter_map(Matcher::len).sum();
            let all_closed = parts.iter().all(|part| beyond(part) == Beyond::Closed);
            let cut = if all_closed { Language::Never } else { Language::count(characters) };
            Ok(Answer::doubt(Reason::Crash, about).or(doubt(cut)))
        }
        // See `crash`, which says the same of all rows that are looked for.
        Place::Found { .. } => Ok(Answer::sure(Language::Never)),
    }
}

/// Where Flipt may crash when it looks for a value: these texts, at the end of the path or followed by anything.
pub(super) fn crash(value: &Matcher, budget: &mut Budget) -> Result<Language, TooLarge> {
    match value {
        Matcher::AnyOf(alternatives) => {
            let all: Result<Vec<_>, _> = alternatives.iter().map(|part| crash(part, budget)).collect();
            Ok(Language::either(all?))
        }
        Matcher::Row(parts) => {
            let mut inner = Vec::new();
            for part in parts {
                let [crash, ..] = whole(part, budget)?.doubts;
                inner.push(Language::row([crash, Language::Any]));
            }
            if let Some(about) = crash_from(parts, budget)? {
                let plain = parts.iter().all(|part| part.len() != Some(0) || *part == Matcher::Nothing);
                let closed = parts.iter().all(|part| beyond(part) == Beyond::Closed);
                let rest = if plain && closed { Language::Empty } else { Language::Any };
                inner.push(Language::row([about, rest]));
            }
            Ok(Language::either(inner))
        }
        _ => Ok(Language::Never),
    }
}

/// The texts before a part without length, if that part can be reached with nothing left or be followed by another.
fn crash_from(parts: &[Matcher], budget: &mut Budget) -> Result<Option<Language>, TooLarge> {
    let Some(at) = parts.iter().position(|part| part.len() == Some(0)) else { return Ok(None) };
    if parts.get(at + 1).is_some_and(|next| next.len() != Some(0)) {
        return Ok(None);
    }
    let mut before = Answer::sure(Language::Empty);
    for part in &parts[..at] {
        let all = whole(part, budget)?.of_length(part.len().unwrap_or_default(), budget)?;
        before = before.then(&all, budget)?;
    }
    let after = parts[at..].iter().filter_map(Matcher::len).sum();
    Ok(Some(Language::row([before.possible(), Language::count(after)])))
}

/// Whether the texts of a part are ASCII or have none of their own.
fn whole_is_ascii(part: &Matcher) -> bool {
    match part {
        Matcher::Text(text) => text.is_ascii(),
        Matcher::AnyOf(parts) | Matcher::Row(parts) => parts.iter().all(whole_is_ascii),
        _ => true,
    }
}

/// What a part of a row takes of a text in which only its own characters are beyond ASCII.
fn words(part: &Matcher, budget: &mut Budget) -> Result<Answer, TooLarge> {
    let characters = part.len().unwrap_or_default();
    words_of_length(part, characters, budget)
}

fn words_of_length(part: &Matcher, characters: usize, budget: &mut Budget) -> Result<Answer, TooLarge> {
    match part {
        // Its last character is cut, so that it is never found.
        Matcher::Text(text) if text.ends_with(|last: char| !last.is_ascii()) => Ok(Answer::sure(Language::Never)),
        Matcher::Text(text) => Answer::sure(Language::text(text)).of_length(characters, budget),
        Matcher::AnyOf(alternatives) => {
            let mut all = Answer::sure(Language::Never);
            for alternative in alternatives {
                all = all.or(words_of_length(alternative, characters, budget)?);
            }
            Ok(all)
        }
        Matcher::Row(parts) if parts.iter().all(|part| part.len() != Some(0)) => {
            let mut all = Answer::sure(Language::Empty);
            for part in parts {
                all = all.then(&words(part, budget)?, budget)?;
            }
            all.of_length(characters, budget)
        }
        _ => {
            let mut all = whole(part, budget)?.of_length(characters, budget)?;
            all.taken = all.taken.in_ascii();
            Ok(all)
        }
    }
}

fn beyond(part: &Matcher) -> Beyond {
    beyond_of_length(part, part.len().unwrap_or_default())
}

fn beyond_of_length(part: &Matcher, characters: usize) -> Beyond {
    let open = |open: bool| if open { Beyond::Open } else { Beyond::Closed };
    match part {
        Matcher::AnyOf(alternatives) => {
            let all = alternatives.iter().map(|part| beyond_of_length(part, characters));
            all.fold(Beyond::Closed, |worst, next| match (worst, next) {
                (Beyond::Unknown, _) | (_, Beyond::Unknown) => Beyond::Unknown,
                (Beyond::Open, _) | (_, Beyond::Open) => Beyond::Open,
                _ => Beyond::Closed,
            })
        }
        Matcher::Class(class) => open(!letters(class).is_ascii() && class.not),
        Matcher::One => Beyond::Open,
        Matcher::Nothing | Matcher::Text(_) => Beyond::Closed,
        Matcher::Row(parts) => {
            if parts.iter().all(|part| beyond(part) == Beyond::Closed) { Beyond::Closed } else { Beyond::Unknown }
        }
        Matcher::Many if characters == 1 => Beyond::Open,
        Matcher::Min(least) | Matcher::Exactly(least, _) if characters == 1 => open(*least == 1),
        Matcher::Prefix(text) | Matcher::Suffix(text) | Matcher::Contains(text)
            if text.chars().count() >= characters =>
        {
            Beyond::Closed
        }
        _ => Beyond::Unknown,
    }
}
