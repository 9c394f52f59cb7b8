//! Which files belong to a bundle: those that `.flipt.yml` names, or those of the default patterns.
//!
//! Of the file Flipt reads the first document alone, into the lists `include` and `exclude`. They stand in place of the
//! defaults, so that without `include` nothing is taken (`internal/storage/fs/index.go`, main c9f57d82).

use std::cell::OnceCell;

use super::literal::binary;
use super::patterns::{Doubt, Pattern, Reason};
use crate::kinds::fault::{Fault, Lines};
use crate::kinds::yaml::{self, Entries, Mark, Problem, Resolved, Shape, Value};
use crate::source::Tree;

/// The file's name; it counts at the top of the directory alone.
pub(super) const FILE: &str = ".flipt.yml";

/// How the paths end that Flipt's four default patterns take.
const DEFAULT_ENDS: [&str; 2] = ["features.yml", "features.yaml"];

/// Which files belong to a bundle.
#[derive(Debug, Default)]
pub(super) enum Selection {
    /// Those that the default patterns take.
    #[default]
    Default,
    /// Those that some pattern includes and none excludes.
    Index {
        /// The patterns under `include`.
        include: Vec<Pattern>,
        /// The patterns under `exclude`.
        exclude: Vec<Pattern>,
    },
}

impl Selection {
    /// Reads the index of a tree; without one, the defaults hold.
    pub(super) fn of(tree: &Tree) -> Result<Self, Vec<Fault>> {
        let Some(file) = tree.find(FILE) else {
            let is_directory = tree.files().iter().any(|file| file.path.starts_with(".flipt.yml/"));
            return if is_directory {
                Err(vec![Fault::whole(FILE, "not-a-file", format!("`{FILE}` is a directory"))])
            } else {
                Ok(Self::Default)
            };
        };
        let bytes = tree.read(file).map_err(|error| vec![Fault::unreadable(&error)])?;
        read(&bytes)
    }

    /// Whether Flipt takes a file, or why that cannot be told.
    ///
    /// The patterns are asked in Flipt's order, for a crash in one of them ends all.
    pub(super) fn picks(&self, path: &str) -> Result<bool, Doubt> {
        let Self::Index { include, exclude } = self else {
            return Ok(DEFAULT_ENDS.iter().any(|end| path.ends_with(end)));
        };
        let excluded = OnceCell::new();
        let is_excluded = || excluded.get_or_init(|| any(exclude, path, || Ok(true))).clone();
        any(include, path, || is_excluded().map(|excluded| !excluded)).or_else(|doubt| {
            let is_moot = doubt.reason != Reason::Crash && is_excluded() == Ok(true);
            if is_moot { Ok(false) } else { Err(doubt) }
        })
    }

    /// What is looked for, in words.
    pub(super) fn in_words(&self) -> String {
        let quoted: Vec<_> = match self {
            Self::Default => DEFAULT_ENDS.iter().map(|end| format!("`**{end}`")).collect(),
            Self::Index { include, .. } => {
                include.iter().map(|pattern| format!("`{}`", pattern.text())).collect()
            }
        };
        match quoted.as_slice() {
            [] => format!("anything, for `{FILE}` has no patterns under `include`"),
            all => all.join(" or "),
        }
    }
}

/// Whether a pattern takes the path, and what then counts is true.
///
/// A doubt is told only where no other pattern settles the matter.
fn any(patterns: &[Pattern], path: &str, counts: impl Fn() -> Result<bool, Doubt>) -> Result<bool, Doubt> {
    let mut doubt = None;
    for pattern in patterns {
        match pattern.takes(path) {
            Ok(true) if counts()? => return Ok(true),
            Ok(_) => {}
            Err(crash) if crash.reason == Reason::Crash => return Err(crash),
            Err(other) => doubt = Some(other),
        }
    }
    doubt.map_or(Ok(false), Err)
}

fn read(bytes: &[u8]) -> Result<Selection, Vec<Fault>> {
    let mut decoded = yaml::decode(bytes);
    let mut problems = std::mem::take(&mut decoded.problems);
    let source = yaml::Source::new(&decoded);
    let (mut include, mut exclude) = (Vec::new(), Vec::new());
    match source.documents().next() {
        Some(parsed) => {
            let root = parsed.tree.as_ref().map(yaml::Tree::root);
            problems.extend(
                parsed
                    .problems
                    .into_iter()
                    .filter(|problem| !root.is_some_and(|root| stands_in_unread_value(root, problem))),
            );
            if let Some(root) = root {
                fields(root, &mut include, &mut exclude, &mut problems);
            }
        }
        None if problems.is_empty() => {
            let message = "the file is empty; list patterns of the files to take under `include`";
            problems.push(Problem::new(Mark { line: 1, column: 1 }, "index-empty", message));
        }
        None => {}
    }
    if problems.is_empty() {
        return Ok(Selection::Index { include, exclude });
    }
    problems.sort_by_key(|problem| problem.mark);
    let lines = Lines::new(source.text());
    Err(problems.into_iter().map(|problem| Fault::of(FILE, problem).quoting(&lines)).collect())
}

/// A key that is given twice does no harm in the value of a key that Flipt does not read.
fn stands_in_unread_value(root: Value<'_>, problem: &Problem) -> bool {
    let Shape::Mapping(mapping) = root.shape() else { return false };
    let last_before = mapping.written().take_while(|(key, _)| key.mark() < problem.mark).last();
    let is_top_level = mapping.written().any(|(key, _)| key.mark() == problem.mark);
    let is_unread = |(key, _): (Value<'_>, _)| {
        key.scalar().is_some_and(|key| !["include", "exclude", "version"].contains(&key.text))
    };
    problem.rule == "duplicate-key"
        && !mapping.merges()
        && !is_top_level
        && last_before.is_some_and(is_unread)
}

fn fields(
    root: Value<'_>,
    include: &mut Vec<Pattern>,
    exclude: &mut Vec<Pattern>,
    problems: &mut Vec<Problem>,
) {
    for (key, value) in entries(root, problems) {
        let Some(key_text) = key.scalar().map(|key| key.text) else {
            problems.push(Problem::new(key.mark(), "index", "a list or a mapping cannot be a key here"));
            continue;
        };
        match key_text {
            "include" => patterns(value, include, problems),
            "exclude" => patterns(value, exclude, problems),
            "version" => {
                // Whatever it says, as long as it is some text.
                if let Err(problem) = text(value) {
                    problems.push(problem);
                }
            }
            _ => {}
        }
    }
}

fn entries<'t>(root: Value<'t>, problems: &mut Vec<Problem>) -> Entries<'t> {
    let problem = match root.shape() {
        Shape::Mapping(mapping) => match mapping.merged() {
            Ok(entries) => return entries,
            Err(bad) => Problem::new(bad.mark, "bad-merge", "`<<` takes a mapping, or a list of mappings"),
        },
        Shape::Scalar(scalar) if scalar.is_null() => return Entries::none(),
        _ => Problem::new(
            root.mark(),
            "index",
            "expected `include` and `exclude`, each with a list of patterns",
        ),
    };
    problems.push(problem);
    Entries::none()
}

fn patterns(value: Value<'_>, into: &mut Vec<Pattern>, problems: &mut Vec<Problem>) {
    let items = match value.shape() {
        Shape::Sequence(sequence) => sequence.items(),
        Shape::Scalar(scalar) if scalar.is_null() => return,
        _ => return problems.push(Problem::new(value.mark(), "index", "expected a list of patterns")),
    };
    for item in items {
        match text(item).map(|text| text.map(|text| Pattern::new(&text))) {
            Ok(Some(Ok(pattern))) => into.push(pattern),
            Ok(Some(Err(error))) => {
                problems.push(Problem::new(item.mark(), "bad-pattern", error.to_string()));
            }
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
}

/// A scalar as yaml.v3 puts it into a text: as it is written, whatever it means. A null is left out.
fn text(value: Value<'_>) -> Result<Option<String>, Problem> {
    let wrong = |message: String| Problem::new(value.mark(), "index", message);
    let Some(scalar) = value.scalar() else {
        return Err(wrong("expected a text".to_owned()));
    };
    match scalar.resolve() {
        Ok(Resolved::Null) => Ok(None),
        Ok(Resolved::Binary(base64)) => match binary(base64).map(String::from_utf8) {
            Some(Ok(text)) => Ok(Some(text)),
            _ => Err(wrong("`!!binary` must be followed by text in base64".to_owned())),
        },
        Ok(_) => Ok(Some(scalar.text.to_owned())),
        Err(mismatch) => Err(wrong(format!("`{}` does not fit what follows it", mismatch.tag))),
    }
}

#[cfg(test)]
mod tests;
