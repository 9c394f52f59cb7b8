//! What Flipt's builder lets pass and its server does not: references that lead nowhere, and keys given twice.

use std::collections::{HashMap, HashSet};

use super::outline::{Flag, Outline, Word};
use crate::kinds::fault::Fault;

/// What the shares of a rule may add up to, in hundredths of a percent.
const WHOLE: u32 = 10_000;

/// Checks the documents of a bundle, in the order of their layers.
///
/// A segment must be defined in its namespace by the same document or an earlier one, for the server reads
/// layer by layer; a variant by its own flag. Keys of flags, segments and variants must be unique. The
/// shares of a rule may add up to less than 100, and then the rest of the users gets no variant, but not to
/// more, for the server would cut off what lies beyond.
#[must_use]
pub fn check(documents: &[(&str, &Outline)]) -> Vec<Fault> {
    let mut namespaces: HashMap<&str, Namespace<'_>> = HashMap::new();
    let mut faults = Vec::new();
    for (path, outline) in documents {
        let namespace = namespaces.entry(&outline.namespace).or_default();
        let mut file = File { path, outline, faults: &mut faults };
        for word in &outline.segments {
            file.unique(*word, "segment", &mut namespace.segments);
        }
        for flag in &outline.flags {
            file.unique(flag.key, "flag", &mut namespace.flags);
            file.flag(flag, &namespace.segments);
        }
    }
    faults
}

/// Keys so far, each with the place where it was first given.
#[derive(Default)]
struct Namespace<'d> {
    flags: HashMap<&'d str, Place<'d>>,
    segments: HashMap<&'d str, Place<'d>>,
}

#[derive(Clone, Copy)]
struct Place<'d> {
    path: &'d str,
    line: u32,
}

struct File<'d, 'f> {
    path: &'d str,
    outline: &'d Outline,
    faults: &'f mut Vec<Fault>,
}

impl<'d> File<'d, '_> {
    fn flag(&mut self, flag: &'d Flag, segments: &HashMap<&'d str, Place<'d>>) {
        let key = self.outline.text(flag.key);
        let mut variants = HashMap::new();
        for word in &flag.variants {
            self.unique(*word, "variant", &mut variants);
        }
        for (at, rule) in flag.rules.iter().enumerate() {
            self.segments(&rule.segments, segments, &format!("rule {} of flag `{key}`", at + 1));
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
            self.segments(rollout, segments, &format!("rollout {} of flag `{key}`", at + 1));
        }
    }

    fn segments(&mut self, words: &[Word], known: &HashMap<&'d str, Place<'d>>, user: &str) {
        let mut told = HashSet::new();
        for word in words {
            let text = self.outline.text(*word);
            if !known.contains_key(text) && told.insert(text) {
                let namespace = &self.outline.namespace;
                let message = format!(
                    "{user} names the segment `{text}`, which namespace `{namespace}` does not have here or in an earlier document"
                );
                self.fault(*word, "unknown-segment", message);
            }
        }
    }

    fn unique(&mut self, word: Word, what: &str, known: &mut HashMap<&'d str, Place<'d>>) {
        let text = self.outline.text(word);
        let place = Place { path: self.path, line: word.line };
        match known.get(text) {
            None => {
                known.insert(text, place);
            }
            Some(first) => {
                let message =
                    format!("the {what} `{text}` was defined before, at {}:{}", first.path, first.line);
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
        let (line, column) = (word.line, word.column);
        self.faults.push(Fault { path: self.path.to_owned(), line, column, rule, message, excerpt: None });
    }
}

#[cfg(test)]
mod tests;
