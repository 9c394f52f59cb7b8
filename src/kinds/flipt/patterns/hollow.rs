//! Rows with a part that claims to have no length: gobwas gives it all that is left, and crashes where nothing is left.

use super::answer::{Answer, Reason};
use super::language::{Budget, Language, TooLarge};
use super::matcher::Matcher;
use super::meaning::whole;
use super::row::{Behind, Compared, Lag, Place, compared, doubt};

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
        if self.ends_search() {
            return Ok(Answer::sure(Language::Never));
        }
        match place {
            Place::Whole => self.meaning_of_whole(budget),
            Place::Found { behind, right } => self.meaning_where_found(*behind, right, budget),
        }
    }

    fn meaning_of_whole(&self, budget: &mut Budget) -> Result<Answer, TooLarge> {
        let Compared { taken, unclear, .. } = compared(self.before, budget)?;
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
        let Compared { taken, unclear, wide } = compared(self.before, budget)?;
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
        if self.ends_search() {
            return Ok(Language::Never);
        }
        let Compared { taken, unclear, .. } = compared(self.before, budget)?;
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

/// Where Flipt may crash when it looks for a value: these texts, with nothing behind them.
pub(super) fn crash(value: &Matcher, budget: &mut Budget) -> Result<Language, TooLarge> {
    match value {
        Matcher::AnyOf(alternatives) => {
            let all: Result<Vec<_>, _> = alternatives.iter().map(|part| crash(part, budget)).collect();
            Ok(Language::either(all?))
        }
        Matcher::Row(parts) => {
            let mut all = Vec::new();
            for part in parts {
                let [crash, ..] = whole(part, budget)?.doubts;
                all.push(Language::row([crash, Language::Any]));
            }
            if let Some(hollow) = Hollow::of(parts) {
                all.push(hollow.crash(budget)?);
            }
            Ok(Language::either(all))
        }
        _ => Ok(Language::Never),
    }
}
