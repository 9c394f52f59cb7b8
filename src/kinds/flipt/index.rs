//! Which files belong to a bundle: those that `.flipt.yml` says, or those of the default patterns.
//!
//! Flipt reads the first document of the file into a list `include` and a list `exclude` (`internal/storage/fs/index.go`).
//! Where the file is, its lists stand in place of the defaults, so that without `include` nothing is taken.

use super::patterns::{Doubt, Pattern};
use crate::kinds::fault::{Fault, Lines};
use crate::kinds::yaml::{self, Mark, Problem, Shape, Value};
use crate::source::Tree;

/// The file, at the top of the directory.
pub(super) const FILE: &str = ".flipt.yml";

/// The ends of the names that are taken without an index.
const DEFAULTS: [&str; 2] = ["features.yml", "features.yaml"];

/// Which files belong to a bundle.
#[derive(Debug, Default)]
pub(super) enum Selection {
    /// Every file whose path ends in `features.yml` or `features.yaml`.
    #[default]
    Default,
    /// What an index says.
    Index { include: Vec<Pattern>, exclude: Vec<Pattern> },
}

impl Selection {
    /// Reads the index of a tree, if it has one.
    pub(super) fn of(tree: &Tree) -> Result<Self, Vec<Fault>> {
        let Some(file) = tree.find(FILE) else {
            if tree.files().iter().any(|file| file.path.starts_with(".flipt.yml/")) {
                return Err(vec![super::whole(FILE, "not-a-file", format!("`{FILE}` is a directory"))]);
            }
            return Ok(Self::Default);
        };
        let bytes = tree.read(file).map_err(|error| vec![super::unreadable(&error)])?;
        read(&bytes)
    }

    /// Whether Flipt takes a file; an error where that cannot be told.
    pub(super) fn picks(&self, path: &str) -> Result<bool, Doubt> {
        let Self::Index { include, exclude } = self else {
            return Ok(DEFAULTS.iter().any(|end| path.ends_with(end)));
        };
        match any(exclude, path) {
            Ok(true) => Ok(false),
            Ok(false) => any(include, path),
            Err(doubt) => {
                if any(include, path) == Ok(false) {
                    Ok(false)
                } else {
                    Err(doubt)
                }
            }
        }
    }

    /// What is looked for, for people.
    pub(super) fn in_words(&self) -> String {
        let patterns = match self {
            Self::Default => DEFAULTS.iter().map(|end| format!("`**{end}`")).collect(),
            Self::Index { include, .. } if include.is_empty() => {
                return format!("nothing, for `{FILE}` has no `include`");
            }
            Self::Index { include, .. } => {
                include.iter().map(|pattern| format!("`{}`", pattern.text())).collect::<Vec<_>>()
            }
        };
        patterns.join(" or ")
    }
}

/// Whether one of the patterns takes a path; a pattern that certainly does makes doubts about others void.
fn any(patterns: &[Pattern], path: &str) -> Result<bool, Doubt> {
    let mut doubt = None;
    for pattern in patterns {
        match pattern.takes(path) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(found) => doubt = Some(found),
        }
    }
    doubt.map_or(Ok(false), Err)
}

fn read(bytes: &[u8]) -> Result<Selection, Vec<Fault>> {
    let mut decoded = yaml::decode(bytes);
    let mut problems = std::mem::take(&mut decoded.problems);
    let source = yaml::Source::new(&decoded);
    let mut selection = Selection::Index { include: Vec::new(), exclude: Vec::new() };
    match source.documents().next() {
        None if problems.is_empty() => {
            let message = "the file is empty; list the files to take under `include`";
            problems.push(Problem::new(Mark { line: 1, column: 1 }, "index-empty", message));
        }
        None => {}
        Some(parsed) => {
            problems.extend(parsed.problems);
            if let Some(tree) = parsed.tree.filter(|_| problems.is_empty()) {
                selection = fields(tree.root(), &mut problems);
            }
        }
    }
    if problems.is_empty() {
        return Ok(selection);
    }
    let lines = Lines::new(source.text());
    let fault = |Problem { mark, rule, message }| {
        Fault { path: FILE.to_owned(), line: mark.line, column: mark.column, rule, message, excerpt: None }
            .quoting(&lines)
    };
    Err(problems.into_iter().map(fault).collect())
}

fn fields(root: Value<'_>, problems: &mut Vec<Problem>) -> Selection {
    let (mut include, mut exclude) = (Vec::new(), Vec::new());
    let mut wrong = |mark, message: &str| problems.push(Problem::new(mark, "index", message));
    let entries = match root.shape() {
        Shape::Scalar(scalar) if scalar.is_null() => None,
        Shape::Mapping(mapping) => match mapping.merged() {
            Ok(entries) => Some(entries),
            Err(bad) => {
                wrong(bad.mark, "`<<` takes a mapping or a list of mappings");
                None
            }
        },
        _ => {
            wrong(root.mark(), "expected `include` and `exclude`, each with a list of patterns");
            None
        }
    };
    for (key, value) in entries.into_iter().flatten() {
        let list = match key.scalar().map(|scalar| scalar.text) {
            Some("include") => &mut include,
            Some("exclude") => &mut exclude,
            Some("version") if value.scalar().is_none() => {
                problems.push(Problem::new(
                    value.mark(),
                    "index",
                    "`version` must be a text such as \"1.0\"",
                ));
                continue;
            }
            // Whatever else stands there is not read.
            _ => continue,
        };
        patterns(value, list, problems);
    }
    Selection::Index { include, exclude }
}

fn patterns(value: Value<'_>, list: &mut Vec<Pattern>, problems: &mut Vec<Problem>) {
    let mut wrong = |mark, message: String| problems.push(Problem::new(mark, "index", message));
    let items = match value.shape() {
        Shape::Scalar(scalar) if scalar.is_null() => return,
        Shape::Sequence(sequence) => sequence.items(),
        _ => return wrong(value.mark(), "expected a list of patterns".to_owned()),
    };
    for item in items {
        let Some(scalar) = item.scalar() else {
            wrong(item.mark(), "expected a pattern, as a text".to_owned());
            continue;
        };
        // yaml.v3 reads a null as an empty text, and any other scalar as the text it is written with.
        let text = if scalar.is_null() { "" } else { scalar.text };
        match Pattern::new(text) {
            Ok(pattern) => list.push(pattern),
            Err(error) => wrong(item.mark(), error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(text: &str) -> Result<Selection, Vec<Fault>> {
        read(text.as_bytes())
    }

    #[test]
    fn what_is_excluded_is_not_taken_whatever_includes_it() {
        let selection = selection("include: ['*.yml']\nexclude: [b.yml]\n").unwrap();
        assert_eq!(selection.picks("a.yml"), Ok(true));
        assert_eq!(selection.picks("b.yml"), Ok(false));
        assert_eq!(selection.picks("c.txt"), Ok(false));
    }

    #[test]
    fn without_an_index_the_end_of_the_name_counts() {
        let selection = Selection::default();
        for path in ["features.yml", "a/b.features.yaml", "myfeatures.yml"] {
            assert_eq!(selection.picks(path), Ok(true), "{path}");
        }
        for path in ["features.json", "Features.yml", "features.yml.bak"] {
            assert_eq!(selection.picks(path), Ok(false), "{path}");
        }
    }

    #[test]
    fn each_fault_has_its_place() {
        for (text, line, column) in [
            ("", 1, 1),
            ("# nothing\n", 1, 1),
            ("- a\n", 1, 1),
            ("include: a.yml\n", 1, 10),
            ("include:\n- {a: b}\n", 2, 3),
            ("include:\n- '[a'\n", 2, 3),
            ("exclude: [a\n", 1, 10),
        ] {
            let faults = selection(text).unwrap_err();
            assert_eq!((faults[0].line, faults[0].column), (line, column), "{text:?}: {faults:?}");
        }
    }
}
