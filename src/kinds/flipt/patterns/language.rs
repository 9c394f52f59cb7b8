//! Small regular languages over characters, with the few operations that the translation of a pattern needs.

/// A set of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// Any text.
    Any,
    /// What is in one of several.
    Either(Vec<Self>),
    /// Nothing but the empty text.
    Empty,
    /// One character of a set.
    Letter(Letters),
    /// No text at all.
    Never,
    /// Texts of each, one after the other.
    Row(Vec<Self>),
}

/// A set of characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letters {
    /// A bit for each ASCII character.
    pub(super) ascii: u128,
    /// The others.
    pub(super) beyond: Beyond,
}

/// A set of characters that are not ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Beyond {
    /// All but these.
    AllBut(Vec<char>),
    /// Those of so many bytes in UTF-8.
    OfBytes(usize),
    /// These.
    Only(Vec<char>),
}

/// A language became larger than torte follows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

/// How many parts one pattern's languages may have in all.
const MOST_PARTS: usize = 20_000;

/// Every ASCII character but U+0000, which stands in no path.
pub(super) const ASCII: u128 = u128::MAX - 1;

impl Letters {
    pub(super) const fn every() -> Self {
        Self { ascii: ASCII, beyond: Beyond::AllBut(Vec::new()) }
    }

    pub(super) const fn ascii(ascii: u128) -> Self {
        Self { ascii, beyond: Beyond::Only(Vec::new()) }
    }

    /// Characters of so many bytes in UTF-8, more than one.
    pub(super) const fn of_bytes(bytes: usize) -> Self {
        Self { ascii: 0, beyond: Beyond::OfBytes(bytes) }
    }

    pub(super) const fn beyond_ascii() -> Self {
        Self { ascii: 0, beyond: Beyond::AllBut(Vec::new()) }
    }

    /// These characters.
    pub(super) fn of(members: &str) -> Self {
        let mut letters = Self::ascii(0);
        for member in members.chars() {
            match (u8::try_from(member), &mut letters.beyond) {
                (Ok(byte), _) if byte.is_ascii() => letters.ascii |= 1 << byte,
                (_, Beyond::Only(known)) if !known.contains(&member) => known.push(member),
                _ => {}
            }
        }
        letters
    }

    /// All characters but these.
    pub(super) fn all_but(members: &str) -> Self {
        let Self { ascii, beyond } = Self::of(members);
        let beyond = if let Beyond::Only(known) = beyond { Beyond::AllBut(known) } else { beyond };
        Self { ascii: ASCII & !ascii, beyond }
    }
}

impl Language {
    /// Exactly this text.
    pub(super) fn text(text: &str) -> Self {
        let mut buffer = [0; 4];
        Self::row(text.chars().map(|letter| Self::letter(Letters::of(letter.encode_utf8(&mut buffer)))))
    }

    /// One character of a set.
    pub(super) fn letter(letters: Letters) -> Self {
        if letters == Letters::ascii(0) { Self::Never } else { Self::Letter(letters) }
    }

    /// Any so many characters.
    pub(super) fn count(characters: usize) -> Self {
        Self::row(std::iter::repeat_n(Self::Letter(Letters::every()), characters))
    }

    /// Texts of each, one after the other.
    pub(super) fn row(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat: Vec<Self> = Vec::new();
        for part in parts {
            match part {
                Self::Never => return Self::Never,
                Self::Empty => {}
                Self::Row(inner) => inner.into_iter().for_each(|part| push(&mut flat, part)),
                part => push(&mut flat, part),
            }
        }
        match flat.len() {
            0 => Self::Empty,
            1 => flat.remove(0),
            _ => Self::Row(flat),
        }
    }

    /// What is in one of several.
    pub(super) fn either(choices: impl IntoIterator<Item = Self>) -> Self {
        let mut flat: Vec<Self> = Vec::new();
        for choice in choices {
            let inner = match choice {
                Self::Either(inner) => inner,
                choice => vec![choice],
            };
            for choice in inner {
                if choice == Self::Any {
                    return Self::Any;
                }
                if choice != Self::Never && !flat.contains(&choice) {
                    flat.push(choice);
                }
            }
        }
        match flat.len() {
            0 => Self::Never,
            1 => flat.remove(0),
            _ => Self::Either(flat),
        }
    }

    /// Whether the empty text is in it.
    pub(super) fn has_empty(&self) -> bool {
        match self {
            Self::Any | Self::Empty => true,
            Self::Either(choices) => choices.iter().any(Self::has_empty),
            Self::Letter(_) | Self::Never => false,
            Self::Row(parts) => parts.iter().all(Self::has_empty),
        }
    }

    /// Its texts but the empty one.
    pub(super) fn without_empty(&self) -> Self {
        match self {
            Self::Any => Self::row([Self::count(1), Self::Any]),
            Self::Empty | Self::Never => Self::Never,
            Self::Either(choices) => Self::either(choices.iter().map(Self::without_empty)),
            Self::Row(parts) if parts.iter().all(Self::has_empty) => {
                // The first part that is not empty, and anything behind it.
                Self::either((0..parts.len()).map(|at| {
                    let rest = parts[at + 1..].iter().cloned();
                    Self::row(std::iter::once(parts[at].without_empty()).chain(rest))
                }))
            }
            Self::Letter(_) | Self::Row(_) => self.clone(),
        }
    }

    /// Its texts of so many characters.
    pub(super) fn of_length(&self, characters: usize, budget: &mut Budget) -> Result<Self, TooLarge> {
        budget.spend(1)?;
        Ok(match self {
            Self::Any => {
                budget.spend(characters)?;
                Self::count(characters)
            }
            Self::Empty if characters == 0 => Self::Empty,
            Self::Letter(_) if characters == 1 => self.clone(),
            Self::Empty | Self::Letter(_) | Self::Never => Self::Never,
            Self::Either(choices) => {
                let all: Result<Vec<_>, _> =
                    choices.iter().map(|choice| choice.of_length(characters, budget)).collect();
                Self::either(all?)
            }
            Self::Row(parts) => row_of_length(parts, characters, budget)?,
        })
    }

    /// Its texts that are ASCII.
    pub(super) fn in_ascii(&self) -> Self {
        match self {
            // Never asked of languages of unknown length; a superset would do harm, so it is the empty one.
            Self::Any => Self::Never,
            Self::Empty | Self::Never => self.clone(),
            Self::Letter(letters) => Self::letter(Letters::ascii(letters.ascii)),
            Self::Either(choices) => Self::either(choices.iter().map(Self::in_ascii)),
            Self::Row(parts) => Self::row(parts.iter().map(Self::in_ascii)),
        }
    }

    /// Its texts whose last character is ASCII; asked only of texts of one length, that have a last one.
    pub(super) fn ending_in_ascii(&self) -> Self {
        match self {
            Self::Any | Self::Empty | Self::Never => Self::Never,
            Self::Letter(letters) => Self::letter(Letters::ascii(letters.ascii)),
            Self::Either(choices) => Self::either(choices.iter().map(Self::ending_in_ascii)),
            Self::Row(parts) => match parts.split_last() {
                Some((last, before)) => Self::row(before.iter().cloned().chain([last.ending_in_ascii()])),
                None => Self::Never,
            },
        }
    }

    /// Whether all its texts are ASCII.
    pub(super) fn is_ascii(&self) -> bool {
        match self {
            Self::Any => false,
            Self::Empty | Self::Never => true,
            Self::Letter(letters) => letters.beyond == Beyond::Only(Vec::new()),
            Self::Either(parts) | Self::Row(parts) => parts.iter().all(Self::is_ascii),
        }
    }

    /// Whether anything may be put before its texts.
    pub(super) fn begins_with_any(&self) -> bool {
        match self {
            Self::Any => true,
            Self::Row(parts) => parts.first().is_some_and(Self::begins_with_any),
            Self::Either(choices) => choices.iter().all(Self::begins_with_any),
            _ => false,
        }
    }

    /// Whether anything may be put behind its texts.
    pub(super) fn ends_with_any(&self) -> bool {
        match self {
            Self::Any => true,
            Self::Row(parts) => parts.last().is_some_and(Self::ends_with_any),
            Self::Either(choices) => choices.iter().all(Self::ends_with_any),
            _ => false,
        }
    }

    /// How many parts it has.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Either(parts) | Self::Row(parts) => 1 + parts.iter().map(Self::size).sum::<usize>(),
            _ => 1,
        }
    }
}

/// Appends to a row, where any text beside any text is still any text.
fn push(row: &mut Vec<Language>, part: Language) {
    if part != Language::Any || row.last() != Some(&Language::Any) {
        row.push(part);
    }
}

fn row_of_length(parts: &[Language], characters: usize, budget: &mut Budget) -> Result<Language, TooLarge> {
    let Some((first, rest)) = parts.split_first() else {
        return Ok(if characters == 0 { Language::Empty } else { Language::Never });
    };
    let mut choices = Vec::new();
    for taken in 0..=characters {
        let head = first.of_length(taken, budget)?;
        if head != Language::Never {
            choices.push(Language::row([head, row_of_length(rest, characters - taken, budget)?]));
        }
    }
    Ok(Language::either(choices))
}

/// What of [`MOST_PARTS`] is left.
pub(super) struct Budget(usize);

impl Budget {
    pub(super) const fn new() -> Self {
        Self(MOST_PARTS)
    }

    pub(super) fn spend(&mut self, parts: usize) -> Result<(), TooLarge> {
        self.0 = self.0.checked_sub(parts).ok_or(TooLarge)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_choices_stay_flat() {
        let a = Language::text("a");
        assert_eq!(Language::row([Language::Any, Language::Empty, Language::Any]), Language::Any);
        assert_eq!(Language::row([a.clone(), Language::Never]), Language::Never);
        assert_eq!(Language::either([a.clone(), Language::Never, a.clone()]), a);
    }

    #[test]
    fn texts_of_one_length_are_listed() {
        let mut budget = Budget::new();
        let pattern = Language::row([Language::text("a"), Language::Any, Language::text("b")]);
        assert_eq!(pattern.of_length(1, &mut budget), Ok(Language::Never));
        assert_eq!(pattern.of_length(2, &mut budget), Ok(Language::text("ab")));
        let three = Language::row([Language::text("a"), Language::count(1), Language::text("b")]);
        assert_eq!(pattern.of_length(3, &mut budget), Ok(three));
    }

    #[test]
    fn the_budget_ends_an_explosion() {
        let any_a = [Language::Any, Language::text("a")];
        let pattern = Language::row(any_a.iter().cycle().take(60).cloned());
        assert_eq!(pattern.of_length(60, &mut Budget::new()), Err(TooLarge));
    }
}
