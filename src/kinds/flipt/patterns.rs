//! The patterns of `.flipt.yml`, matched by globset as far as that takes the same files as Flipt.
//!
//! Flipt compiles patterns with gobwas/glob v0.2.3 without separators. That library takes other files than its syntax
//! promises in a number of cases, and which ones depends on how it takes a pattern apart. So the pattern is taken
//! apart in the same way (`syntax`, `matcher`), what the parts take is worked out as a small regular language
//! (`language`, `answer`, `meaning`, `row`), and that is handed to globset (`glob`). Where Flipt's answer depends on
//! more than a regular language can say, the path is refused and never guessed at.

use std::fmt;

use globset::GlobMatcher;

use crate::kinds::yaml::brief;

mod answer;
mod glob;
mod hollow;
mod language;
mod matcher;
mod meaning;
mod row;
mod syntax;

pub use answer::Reason;
use language::Budget;
pub use syntax::SyntaxError;

/// A pattern that takes the files that Flipt takes.
#[derive(Debug)]
pub struct Pattern {
    text: String,
    named: Vec<char>,
    taken: Option<GlobMatcher>,
    doubts: Vec<(Reason, GlobMatcher)>,
}

/// Why a pattern cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PatternError {
    /// Flipt, or torte, cannot read it.
    #[error("the pattern `{pattern}` cannot be read: {why}")]
    Syntax {
        /// The pattern as written.
        pattern: String,
        /// What is wrong with it.
        why: SyntaxError,
    },
    /// It stands for more alternatives than torte follows.
    #[error("the pattern `{pattern}` has too many alternatives within each other; write several patterns")]
    TooLarge {
        /// The pattern as written.
        pattern: String,
    },
}

/// Whether Flipt takes this path cannot be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The pattern as written.
    pub pattern: String,
    /// The path.
    pub path: String,
    /// Why.
    pub reason: Reason,
}

impl std::error::Error for Doubt {}

impl fmt::Display for Doubt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pattern, path, reason } = self;
        match reason {
            Reason::Crash => write!(
                out,
                "the pattern `{pattern}` makes Flipt crash when it meets a file such as `{path}`; write it without \
                 the empty alternative"
            ),
            Reason::FirstOnly => write!(
                out,
                "with the pattern `{pattern}` Flipt tries only some of the ways to fit `{path}`, and may leave a \
                 file out that fits; write each alternative as a pattern of its own"
            ),
            Reason::CutCharacters => write!(
                out,
                "with the pattern `{pattern}` Flipt compares single bytes of the characters in `{path}` that are \
                 not ASCII, and takes other files than it says; write `*` there, or the name itself"
            ),
        }
    }
}

impl Pattern {
    /// Reads a pattern as Flipt reads it.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        let syntax = |why| PatternError::Syntax { pattern: brief(text).into_owned(), why };
        let node = syntax::parse(text).map_err(syntax)?;
        let too_large = || PatternError::TooLarge { pattern: brief(text).into_owned() };
        let answer = meaning::whole(&matcher::compile(&node), &mut Budget::new()).map_err(|_| too_large())?;
        let mut named: Vec<char> = text.chars().filter(|letter| !letter.is_ascii()).collect();
        named.sort_unstable();
        named.dedup();
        let compile = |language| glob::compile(language, &named).map_err(|_| too_large());
        let taken = compile(&answer.taken)?;
        let mut doubts = Vec::new();
        for (reason, language) in Reason::ALL.into_iter().zip(&answer.doubts) {
            doubts.extend(compile(language)?.map(|glob| (reason, glob)));
        }
        Ok(Self { text: text.to_owned(), named, taken, doubts })
    }

    /// The pattern as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether Flipt takes a path: relative, with `/` between components.
    pub fn takes(&self, path: &str) -> Result<bool, Doubt> {
        let seen = glob::seen(path, &self.named);
        for (reason, glob) in &self.doubts {
            let applies = *reason != Reason::CutCharacters || !path.is_ascii();
            if applies && glob.is_match(&*seen) {
                let (pattern, path) = (brief(&self.text).into_owned(), path.to_owned());
                return Err(Doubt { pattern, path, reason: *reason });
            }
        }
        Ok(self.taken.as_ref().is_some_and(|glob| glob.is_match(&*seen)))
    }
}

#[cfg(test)]
mod tests;
