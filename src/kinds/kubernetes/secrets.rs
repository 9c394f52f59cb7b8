//! The one place that decides what of manifests is secret, and which of it stands in the clear.
//!
//! Secret are the values of a `Secret`, wherever it stands: as a document, in a list, within another object, in a text that
//! is itself a manifest, or in a template; the literals of kustomize's generators of Secrets, and the files that these name.
//! What is compared hides all of it. What is built, checked or shared asks for more: that SOPS did not encrypt it, and that
//! no later step fills it in.

mod clear;
mod sources;
mod text;
mod tree;

use super::outline::JSON;
use crate::kinds::secrets::{private_key, token};
use crate::kinds::yaml::{self, Mark, Parsed, Problem, Source};

pub(super) use clear::is_clear_file as is_clear;
pub(super) use sources::{Sourced, sources};
pub(super) use text::may_hold;
pub(super) use tree::hidden;

/// What such a Secret is called.
pub(super) const SECRET: &str = "a Secret that is not encrypted";
/// The rule of a Secret in the clear.
const PLAIN: &str = "plain-secret";

/// A secret that stands in the clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// What it is, in words.
    pub what: &'static str,
    /// Where it is, and what to do; the value is never said. Its rule is `plain-secret`, `private-key` or `token`.
    pub problem: Problem,
}

impl Plain {
    fn of_secret(mark: Mark, message: String) -> Self {
        Self::of_problem(Problem::new(mark, PLAIN, message))
    }

    fn of_problem(problem: Problem) -> Self {
        Self { what: SECRET, problem }
    }

    /// A file of which a kustomization makes a Secret, by the place where that names it.
    pub(super) fn of_source(mark: Mark, path: &str) -> Self {
        let path = yaml::brief(path);
        Self::of_secret(
            mark,
            format!("a Secret is made of `{path}`, which is not encrypted; encrypt it with SOPS"),
        )
    }
}

/// All that stands in the clear in a file, of each Secret the first value, in the order of their positions.
pub fn plain(path: &str, bytes: &[u8]) -> Vec<Plain> {
    let known = [
        (private_key(bytes), "private-key", "encrypt the file, or leave it out"),
        (token(bytes), "token", "take it out, and have another one made"),
    ];
    let known = known.into_iter().filter_map(|(found, rule, advice)| {
        let (at, what) = found?;
        let message = format!("{what} stands here in the clear; {advice}");
        Some(Plain { what, problem: Problem::new(mark_of(bytes, at), rule, message) })
    });
    let mut found: Vec<Plain> = known.collect();
    if text::may_be_worth_reading(path, bytes) {
        let decoded = yaml::decode(bytes);
        if path.ends_with(JSON) {
            found.extend(of_json(&decoded));
        } else {
            found.extend(text::plain(&decoded.text).into_iter().map(Plain::of_problem));
        }
    }
    found.sort_by_key(|plain| plain.problem.mark);
    found
}

fn of_json(decoded: &yaml::Decoded<'_>) -> Vec<Plain> {
    let Some(Parsed { tree, problems, .. }) = yaml::read_json(&decoded.text) else { return Vec::new() };
    let problems = match tree.filter(|_| problems.is_empty()) {
        Some(tree) => tree::plain(tree.root(), 0),
        None => text::plain(&decoded.text),
    };
    problems.into_iter().map(Plain::of_problem).collect()
}

/// The documents of a text, if all of it can be read.
fn documents<R>(text: &str, mut each: impl FnMut(yaml::Value<'_>) -> Vec<R>) -> Option<Vec<R>> {
    let decoded = yaml::decode(text.as_bytes());
    let source = Source::new(&decoded);
    let mut found = Vec::new();
    for parsed in source.documents() {
        let tree = parsed.tree.filter(|_| parsed.problems.is_empty())?;
        found.extend(each(tree.root()));
    }
    decoded.problems.is_empty().then_some(found)
}

/// The position of an offset. A line ends at a line feed, a carriage return, or both together.
fn mark_of(bytes: &[u8], at: usize) -> Mark {
    let before = &bytes[..at];
    let ends = |at: &usize| bytes[*at] == b'\n' || (bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    let lines = (0..at).filter(ends).count();
    let start = (0..at).rev().find(ends).map_or(0, |end| end + 1);
    // Bytes that go on with a character of UTF-8 are none of their own.
    let column = before[start..].iter().filter(|byte| **byte & 0xC0 != 0x80).count();
    let small = |number: usize| u32::try_from(number + 1).unwrap_or(u32::MAX);
    Mark { line: small(lines), column: small(column) }
}

#[cfg(test)]
mod tests;
