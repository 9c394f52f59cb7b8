//! Secrets in texts: in manifests within values, and in what no reader of YAML takes, such as templates and prose.

use std::borrow::Cow;

use memchr::memmem::{find, find_iter};

use super::clear::{content, is_clear};
use super::{documents, tree};
use crate::kinds::kubernetes::group::root::Root;
use crate::kinds::yaml::{self, Mark, Problem, Shape, Source, Value, brief};

/// Whether a text may hold a Secret, and is not to be shown.
pub(in super::super) fn may_hold(text: &str) -> bool {
    text.contains("Secret") && text.contains("kind") && (text.contains("data") || text.contains("Data"))
}

/// Whether a file is to be read for Secrets: most say no word of them.
pub(super) fn may_be_worth_reading(path: &str, bytes: &[u8]) -> bool {
    names_secret(bytes) || find(bytes, b"ecretGenerator").is_some() || Root::may_be_at(path)
}

/// Whether `Secret`, or `SecretList`, stands there as a word.
fn names_secret(bytes: &[u8]) -> bool {
    const WORD: &[u8] = b"Secret";
    let is_word = |at: usize| {
        let after = &bytes[at + WORD.len()..];
        let after = after.strip_prefix(b"List").unwrap_or(after);
        let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        !is_letter(bytes[..at].last()) && !is_letter(after.first())
    };
    find_iter(bytes, WORD).any(is_word)
}

/// The first value in the clear of each Secret in a file.
pub(super) fn plain(text: &str) -> Vec<Problem> {
    plain_within(text, 0)
}

/// The same of a text that stands in so many others.
pub(super) fn plain_within(text: &str, depth: usize) -> Vec<Problem> {
    if let Some(found) = documents(text, |root| tree::plain(root, depth)) {
        return found;
    }
    let mut found = Vec::new();
    for (first, document) in cut(text) {
        let read = if document.len() < text.len() {
            documents(document, |root| tree::plain(root, depth))
        } else {
            None
        };
        let problems = read.unwrap_or_else(|| unreadable(document));
        found.extend(problems.into_iter().map(|problem| later(problem, first)));
    }
    found
}

fn later(problem: Problem, lines: u32) -> Problem {
    Problem { mark: Mark { line: problem.mark.line + lines, ..problem.mark }, ..problem }
}

/// The documents of a text, each with the number of lines before it.
fn cut(text: &str) -> Vec<(u32, &str)> {
    let (mut found, mut start, mut at, mut first) = (Vec::new(), 0, 0, 0);
    for (number, line) in (0..).zip(text.split_inclusive('\n')) {
        if line.trim_end() == "---" {
            found.push((first, &text[start..at]));
            (start, first) = (at + line.len(), number + 1);
        }
        at += line.len();
    }
    found.push((first, &text[start..]));
    found
}

/// The first value in the clear of a document that cannot be read, and says that it is a Secret.
fn unreadable(document: &str) -> Vec<Problem> {
    let names_kind =
        |line: &str| line.split_once("kind").is_some_and(|(_, after)| names_secret(after.as_bytes()));
    if !document.lines().any(names_kind) {
        return Vec::new();
    }
    let document = without_actions(document);
    let lines: Vec<&str> = document.lines().collect();
    let blocks = blocks(&lines);
    // Of what is written on one line, no values are told apart.
    if blocks.is_empty() && ["data\"", "stringData\""].iter().any(|key| document.contains(key)) {
        return vec![problem(Mark { line: 1, column: 1 }, "")];
    }
    blocks.into_iter().find_map(|(first, block)| Some(later(values_of(block)?, first))).into_iter().collect()
}

/// The values in a document of which nothing else may be read, each with the number of lines before them.
fn blocks<'l, 't>(lines: &'l [&'t str]) -> Vec<(u32, &'l [&'t str])> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let first = at;
        at += 1;
        if begins_values(line) {
            let is_below = |line: &&str| line.trim().is_empty() || indent(line) > indent(lines[first]);
            at += lines[at..].iter().take_while(|line| is_below(line)).count();
            found.push((u32::try_from(first).unwrap_or(u32::MAX), &lines[first..at]));
        }
    }
    found
}

/// The first value in the clear of a block; where even that cannot be read, the block itself.
fn values_of(block: &[&str]) -> Option<Problem> {
    let indent = indent(block[0]);
    let text: Vec<&str> = block.iter().map(|line| line.get(indent..).unwrap_or_default()).collect();
    let text = text.join("\n");
    let decoded = yaml::decode(text.as_bytes());
    // Keys are given twice where a template chooses between them.
    let source = Source::new(&decoded);
    let tree = source.documents().next().and_then(|parsed| parsed.tree);
    let found = match &tree {
        Some(tree) => values(tree.root())?,
        None => problem(Mark { line: 1, column: 1 }, ""),
    };
    let column = found.mark.column + u32::try_from(indent).unwrap_or_default();
    Some(Problem { mark: Mark { column, ..found.mark }, ..found })
}

fn problem(mark: Mark, name: &str) -> Problem {
    let of = if name.is_empty() { String::new() } else { format!("`{}` of ", brief(name)) };
    let message =
        format!("{of}a Secret in this text is not encrypted; encrypt it with SOPS, or leave it out");
    Problem::new(mark, super::PLAIN, message)
}

fn begins_values(line: &str) -> bool {
    let line = line.trim_start();
    let after = line.strip_prefix("stringData").or_else(|| line.strip_prefix("data"));
    after.is_some_and(|after| after.trim_start().starts_with(':'))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The first value in the clear of a mapping of mappings.
fn values(root: Value<'_>) -> Option<Problem> {
    let Shape::Mapping(fields) = root.shape() else { return None };
    let (_, values) = fields.written().next()?;
    let Shape::Mapping(values) = values.shape() else { return None };
    let is_plain = |value: Value<'_>| value.scalar().and_then(content).is_some_and(is_clear);
    let (key, _) = values.written().find(|(_, value)| is_plain(*value))?;
    Some(problem(key.mark(), key.scalar().map_or("", |key| key.text)))
}

/// A template with a placeholder for each of its actions; a line that has nothing else is empty.
fn without_actions(text: &str) -> Cow<'_, str> {
    if !text.contains("{{") {
        return Cow::Borrowed(text);
    }
    let mut without = String::with_capacity(text.len());
    let mut rest = text;
    let mut count = 0_usize;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((action, after)) = after.split_once("}}") else { break };
        let is_alone = before.rsplit('\n').next().is_some_and(|line| line.trim().is_empty())
            && after.split('\n').next().is_some_and(|line| line.trim().is_empty());
        without.push_str(before);
        if !is_alone {
            count += 1;
            without.extend(["<", &count.to_string(), ">"]);
        }
        // Lines keep their places.
        without.extend(action.chars().filter(|letter| *letter == '\n'));
        rest = after;
    }
    without.push_str(rest);
    Cow::Owned(without)
}
