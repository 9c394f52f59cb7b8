//! Rows with a part that claims to have no length: gobwas gives it all that is left, and crashes where nothing is left.

use super::answer::{Answer, Reason};
use super::language::{Budget, Language, Letters, TooLarge};
use super::matcher::Matcher;
use super::meaning::whole;
use super::row::{Behind, Compared, Lag, Length, Place, compared, doubt, takes_stray_byte};

/// Such a row, around the first of its parts without length.
pub(super) struct Hollow<'a> {
    before: &'a [Matcher],
    part: &'a Matcher,
    /// What comes next; a part with a length finds nothing left and ends the search.
    next: Option<&'a Matcher>,
    /// The lengths behind the part.
    after: usize,
}

impl<'a> Hollow<'a> {
    pub(super) fn of(parts: &'a [Matcher]) -> Option<Self> {
        let at = parts.iter().position(|part| part.len() == Some(0))?;
        let after = parts[at..].iter().filter_map(Matcher::len).sum();
        Some(Self { before: &parts[..at], part: &parts[at], next: parts.get(at + 1), after })
    }

    /// Whether the part itself may take something, so that it matters what follows.
    fn ends_search(&self) -> bool {
        self.next.is_some_and(|next| next.len() != Some(0))
    }

    /// What the row takes, with what stands behind it where it is looked for.
    pub(super) fn meaning(&self, place: &Place<'_>, budget: &mut Budget) -> Result<Answer, TooLarge> {
        let all = match place {
            _ if self.ends_search() => Answer::sure(Language::Never),
            Place::Whole => self.meaning_of_whole(budget)?,
            Place::Found { behind, right } => self.meaning_where_found(*behind, right, budget)?,
        };
        Ok(all.or(self.cut_at_end(budget)?))
    }

    /// All that is left is cut too, so that of a last character beyond ASCII some bytes are left after all.
    fn cut_at_end(&self, budget: &mut Budget) -> Result<Answer, TooLarge> {
        if *self.part == Matcher::Nothing || self.ends_search() && !self.next.is_some_and(takes_stray_byte) {
            return Ok(Answer::sure(Language::Never));
        }
        let Compared { taken, .. } = compared(self.before, Length::Open, budget)?;
        let end = Language::row([Language::Any, Language::letter(Letters::beyond_ascii())]);
        let before = Language::either(taken.values().map(Answer::possible));
        Ok(doubt(Language::row([before, end])))
    }

    fn meaning_of_whole(&self, budget: &mut Budget) -> Result<Answer, TooLarge> {
        let Compared { taken, unclear, .. } = compared(self.before, Length::Claimed, budget)?;
        let mut all = doubt(Language::row([unclear, Language::count(self.after)]));
        for (lag, answer) in taken {
            let crash = if lag == Lag::default() {
                let rest = whole(self.part, budget)?.possible().of_length(self.after, budget)?;
                if self.after == 0 { Language::Empty } else { rest }
            } else {
                Language::Never
            };
            all = all.or(Answer::doubt(Reason::Crash, Language::row([answer.possible(), crash])));
            if lag != Lag::default() && *self.part != Matcher::Nothing {
                let rest = Language::count(self.after + lag.characters);
                all = all.or(doubt(Language::row([answer.possible(), rest])));
            }
        }
        Ok(all)
    }

    /// All but the crashes, of which [`Hollow::crash`] tells.
    fn meaning_where_found(
        &self,
        behind: Behind,
        right: &Answer,
        budget: &mut Budget,
    ) -> Result<Answer, TooLarge> {
        if *self.part == Matcher::Nothing {
            return Ok(Answer::sure(Language::Never));
        }
        let Compared { taken, unclear, wide } = compared(self.before, Length::Open, budget)?;
        let mut all = doubt(Language::row([unclear, Language::Any]));
        for (lag, answer) in taken {
            let clear = lag == Lag::default() && !wide;
            let rest = whole(self.part, budget)?.without_empty();
            all = all.or(match behind {
                Behind::End if clear => Answer::sure(Language::Never),
                Behind::Any if clear => answer.then(&rest.then(right, budget)?, budget)?,
                _ if clear => {
                    Answer::doubt(Reason::FirstOnly, Language::row([answer.possible(), Language::Any]))
                }
                _ => doubt(Language::row([answer.possible(), Language::Any])),
            });
        }
        Ok(all)
    }

    /// The texts on which Flipt crashes where the row is looked for, from where it is found to the end.
    fn crash(&self, budget: &mut Budget) -> Result<Language, TooLarge> {
        let Compared { taken, unclear, wide } = compared(self.before, Length::Open, budget)?;
        if wide {
            // The row counts characters, so that bytes can be used up before its parts are.
            let before = Language::either(taken.values().map(Answer::possible).chain([unclear]));
            return Ok(Language::row([before, Language::Any]));
        }
        if self.ends_search() {
            return Ok(Language::Never);
        }
        let mut all = vec![Language::row([unclear, Language::Any])];
        for (lag, answer) in taken {
            if self.after == 0 && lag.bytes == 0 {
                all.push(answer.possible());
            }
            if self.next.is_some() && *self.part != Matcher::Nothing {
                let clear = lag == Lag::default();
                let rest =
                    if clear { whole(self.part, budget)?.possible().without_empty() } else { Language::Any };
                all.push(Language::row([answer.possible(), rest]));
            }
        }
        Ok(Language::either(all))
    }
}

/// Where Flipt may crash when it looks for a value, whatever stands left and right of it.
pub(super) fn crash(value: &Matcher, budget: &mut Budget) -> Result<Answer, TooLarge> {
    let found = Language::row([Language::Any, crash_from(value, budget)?]);
    // The parts of a row may see a text that ends within a character.
    let cut = if is_within(value) { Language::Any } else { Language::Never };
    Ok(Answer::doubt(Reason::Crash, found).or(doubt(cut)))
}

/// The texts on which Flipt crashes, from where the value is found to the end.
fn crash_from(value: &Matcher, budget: &mut Budget) -> Result<Language, TooLarge> {
    match value {
        Matcher::AnyOf(alternatives) => {
            let all: Result<Vec<_>, _> = alternatives.iter().map(|part| crash_from(part, budget)).collect();
            Ok(Language::either(all?))
        }
        Matcher::Row(parts) => {
            let mut all = Vec::new();
            for part in parts {
                let [crash, ..] = whole(part, budget)?.doubts;
                all.push(Language::row([Language::Any, crash, Language::Any]));
            }
            if let Some(hollow) = Hollow::of(parts) {
                all.push(hollow.crash(budget)?);
            }
            Ok(Language::either(all))
        }
        _ => Ok(Language::Never),
    }
}

/// Whether there is such a row within a row.
fn is_within(matcher: &Matcher) -> bool {
    match matcher {
        Matcher::AnyOf(parts) => parts.iter().any(is_within),
        Matcher::Row(parts) => parts.iter().any(is_or_is_within),
        _ => false,
    }
}

fn is_or_is_within(matcher: &Matcher) -> bool {
    match matcher {
        Matcher::AnyOf(parts) => parts.iter().any(is_or_is_within),
        Matcher::Row(parts) => Hollow::of(parts).is_some() || is_within(matcher),
        Matcher::Tree(tree) => {
            let sides = [&tree.left, &tree.right];
            is_or_is_within(&tree.value) || sides.into_iter().flatten().any(is_or_is_within)
        }
        _ => false,
    }
}
