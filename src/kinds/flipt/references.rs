//! What Flipt's builder lets pass and its server does not: references that lead nowhere, and keys given twice.

use std::collections::{HashMap, HashSet};

use super::document::KEPT_FAULTS;
use super::outline::{Doubt, Flag, Outline, Word};
use crate::kinds::yaml::{Mark, Problem};

/// What the shares of a rule may add up to, in hundredths of a percent.
const WHOLE: u32 = 10_000;

/// The check of a bundle's documents, one after the other in the order of their layers.
///
/// A segment must be defined in its namespace by the same document or an earlier one, for the server reads
/// layer by layer; a variant by its own flag. Keys of flags, segments and variants must be unique. The
/// shares of a rule may add up to less than 100, and then the rest of the users gets no variant, but not to
/// more, for the server would cut off what lies beyond. A segment may be missed in vain where an earlier
/// document could not be read: then none is said to be unknown.
#[derive(Default)]
pub struct References {
    namespaces: HashMap<Box<str>, Namespace>,
    /// The files so far, named by places.
    paths: Vec<Box<str>>,
    /// Whether a document that could not be read may define segments of any namespace.
    is_part: bool,
}

impl References {
    /// The check of a bundle of which a part is missing that may stand anywhere.
    #[must_use]
    pub(super) fn of_a_part() -> Self {
        Self { is_part: true, ..Self::default() }
    }

    /// Checks the next document against itself and those before it.
    pub fn check(&mut self, path: &str, outline: &Outline) -> Vec<Problem> {
        if self.paths.last().is_none_or(|last| **last != *path) {
            self.paths.push(path.into());
        }
        self.is_part |= outline.doubt == Doubt::Namespace;
        let mut unknown = Namespace::default();
        let namespace = match outline.doubt {
            Doubt::Namespace => &mut unknown,
            Doubt::Segments | Doubt::None => {
                self.namespaces.entry(outline.namespace.as_str().into()).or_default()
            }
        };
        namespace.is_part |= self.is_part || outline.doubt == Doubt::Segments;
        let mut file = File { paths: &self.paths, outline, faults: Vec::new() };
        for word in &outline.segments {
            file.unique(*word, "segment", &mut namespace.segments);
        }
        for flag in &outline.flags {
            file.unique(flag.key, "flag", &mut namespace.flags);
            file.flag(flag, (!namespace.is_part).then_some(&namespace.segments));
        }
        file.faults
    }
}

/// Keys so far, each with the place where it was first given.
type Keys = HashMap<Box<str>, Place>;

#[derive(Default)]
struct Namespace {
    flags: Keys,
    segments: Keys,
    /// Whether it may have segments that could not be read.
    is_part: bool,
}

#[derive(Clone, Copy)]
struct Place {
    path: usize,
    line: u32,
}

struct File<'d> {
    /// The last is the document's own.
    paths: &'d [Box<str>],
    outline: &'d Outline,
    faults: Vec<Problem>,
}

impl File<'_> {
    fn flag(&mut self, flag: &Flag, segments: Option<&Keys>) {
        let key = self.outline.text(flag.key);
        let mut variants = Keys::new();
        for word in &flag.variants {
            self.unique(*word, "variant", &mut variants);
        }
        for (at, rule) in flag.rules.iter().enumerate() {
            self.segments(&rule.segments, segments, || format!("rule {} of flag `{key}`", at + 1));
            for word in rule.variants.iter().filter(|word| !variants.contains_key(self.outline.text(**word)))
            {
                let text = self.outline.text(*word);
                self.fault(*word, "unknown-variant", format!("flag `{key}` has no variant `{text}`"));
            }
            if rule.total > WHOLE
                && let Some(word) = rule.variants.first()
            {
                let total = f64::from(rule.total) / 100.0;
                let message =
                    format!("the shares in rule {} of flag `{key}` add up to {total}, more than 100", at + 1);
                self.fault(*word, "shares-above-100", message);
            }
        }
        for (at, rollout) in flag.rollouts.iter().enumerate() {
            self.segments(rollout, segments, || format!("rollout {} of flag `{key}`", at + 1));
        }
    }

    fn segments(&mut self, words: &[Word], known: Option<&Keys>, user: impl Fn() -> String) {
        let Some(known) = known else { return };
        let mut told = HashSet::new();
        for word in words {
            let text = self.outline.text(*word);
            if !known.contains_key(text) && told.insert(text) {
                let namespace = &self.outline.namespace;
                let message = format!(
                    "{} names the segment `{text}`, which namespace `{namespace}` does not have here or in an earlier document",
                    user()
                );
                self.fault(*word, "unknown-segment", message);
            }
        }
    }

    fn unique(&mut self, word: Word, what: &str, known: &mut Keys) {
        let text = self.outline.text(word);
        let place = Place { path: self.paths.len() - 1, line: word.line };
        match known.get(text) {
            None => {
                known.insert(text.into(), place);
            }
            Some(first) => {
                let (path, line) = (&self.paths[first.path], first.line);
                let message = format!("the {what} `{text}` was defined before, at {path}:{line}");
                let rule = match what {
                    "flag" => "duplicate-flag",
                    "segment" => "duplicate-segment",
                    _ => "duplicate-variant",
                };
                self.fault(word, rule, message);
            }
        }
    }

    fn fault(&mut self, word: Word, rule: &'static str, message: String) {
        if self.faults.len() < KEPT_FAULTS {
            let mark = Mark { line: word.line, column: word.column };
            self.faults.push(Problem { mark, rule, message });
        }
    }
}

#[cfg(test)]
mod tests;
