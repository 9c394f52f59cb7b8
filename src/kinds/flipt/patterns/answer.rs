//! What a pattern takes, and for which texts torte cannot say what Flipt does.

use super::language::{Budget, Language, TooLarge};

/// The texts that a matcher takes.
///
/// Of a text in none of `doubts` it is certain: it is taken if it is in `taken`, and left if not.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) taken: Language,
    /// One language for each of [`Reason::ALL`].
    pub(super) doubts: [Language; 3],
}

/// Why it is not certain what Flipt does with a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Flipt's matcher reads behind the end of the path and ends the process.
    Crash,
    /// Flipt's matcher tries the first place where a part fits, and not always the others.
    FirstOnly,
    /// Flipt's matcher cuts characters beyond ASCII into bytes; so only for paths that have such characters.
    CutCharacters,
}

impl Reason {
    pub(super) const ALL: [Self; 3] = [Self::Crash, Self::FirstOnly, Self::CutCharacters];
}

impl Answer {
    pub(super) const fn sure(taken: Language) -> Self {
        Self { taken, doubts: [Language::Never, Language::Never, Language::Never] }
    }

    pub(super) fn doubt(reason: Reason, about: Language) -> Self {
        let mut answer = Self::sure(Language::Never);
        answer.doubts[reason as usize] = about;
        answer
    }

    /// All that may be taken.
    pub(super) fn possible(&self) -> Language {
        Language::either(std::iter::once(self.taken.clone()).chain(self.doubts.iter().cloned()))
    }

    /// Takes what either takes.
    pub(super) fn or(self, other: Self) -> Self {
        let both = |(one, other)| Language::either([one, other]);
        let [crash, first, cut] = self.doubts;
        let [other_crash, other_first, other_cut] = other.doubts;
        Self {
            taken: both((self.taken, other.taken)),
            doubts: [(crash, other_crash), (first, other_first), (cut, other_cut)].map(both),
        }
    }

    /// Takes this, then that. Where a doubt is in either part, it is in the whole; after a crash nothing counts.
    pub(super) fn then(&self, next: &Self, budget: &mut Budget) -> Result<Self, TooLarge> {
        let mut answer = Self::sure(Language::row([self.taken.clone(), next.taken.clone()]));
        for (at, doubt) in answer.doubts.iter_mut().enumerate() {
            let here = match &self.doubts[at] {
                Language::Never => Language::Never,
                here if at == Reason::Crash as usize => Language::row([here.clone(), Language::Any]),
                here => Language::row([here.clone(), next.possible()]),
            };
            let there = if next.doubts[at] == Language::Never {
                Language::Never
            } else {
                Language::row([self.possible(), next.doubts[at].clone()])
            };
            *doubt = Language::either([here, there]);
        }
        budget.spend(answer.size())?;
        Ok(answer)
    }

    /// The same without the empty text.
    pub(super) fn without_empty(&self) -> Self {
        Self {
            taken: self.taken.without_empty(),
            doubts: self.doubts.each_ref().map(Language::without_empty),
        }
    }

    /// The texts of one length.
    pub(super) fn of_length(&self, characters: usize, budget: &mut Budget) -> Result<Self, TooLarge> {
        let taken = self.taken.of_length(characters, budget)?;
        let mut answer = Self::sure(taken);
        for (to, from) in answer.doubts.iter_mut().zip(&self.doubts) {
            *to = from.of_length(characters, budget)?;
        }
        Ok(answer)
    }

    /// The same, where what is taken is ASCII.
    pub(super) fn in_ascii(&self) -> Self {
        Self { taken: self.taken.in_ascii(), doubts: self.doubts.clone() }
    }

    pub(super) fn size(&self) -> usize {
        self.taken.size() + self.doubts.iter().map(Language::size).sum::<usize>()
    }
}
