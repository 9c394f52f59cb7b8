//! A fault in a source file: where it is, which rule it breaks, and the line it stands on.

use std::borrow::Cow;

use super::yaml::Problem;
use crate::source;

/// The longest excerpt, in characters, that a fault carries of its line.
const EXCERPT: usize = 160;

/// Something wrong, or doubtful, in a source file, in words meant for the file's author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file's path, as the caller named it.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// A stable slug for scripts, such as `unknown-field`.
    pub rule: &'static str,
    /// What was given and what was expected, in one sentence.
    pub message: String,
    /// The source line, cut to a window around the column where it is long.
    pub excerpt: Option<String>,
}

impl Fault {
    /// A fault of a whole file.
    #[must_use]
    pub fn whole(path: &str, rule: &'static str, message: String) -> Self {
        Self { path: path.to_owned(), line: 1, column: 1, rule, message, excerpt: None }
    }

    /// A file that cannot be read.
    #[must_use]
    pub fn unreadable(error: &source::Error) -> Self {
        let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
        Self::whole(error.path(), error.rule(), format!("{error}{hint}"))
    }

    /// A problem of a file.
    #[must_use]
    pub fn of(path: &str, problem: Problem) -> Self {
        let Problem { mark, rule, message } = problem;
        Self { path: path.to_owned(), line: mark.line, column: mark.column, rule, message, excerpt: None }
    }

    /// Fills in the excerpt from the file's text, where that has the line.
    ///
    /// For many faults of one file use [`Lines`], which finds its lines once.
    #[must_use]
    pub fn quoting(mut self, lines: &Lines<'_>) -> Self {
        self.excerpt = lines.excerpt(self.line, self.column);
        self
    }
}

/// A text's lines, indexed once, from which faults are quoted.
///
/// A line ends as YAML has it: at a line feed, a carriage return, or both together.
#[derive(Debug)]
pub struct Lines<'s> {
    text: &'s str,
    starts: Vec<usize>,
}

impl<'s> Lines<'s> {
    /// Indexes `text`.
    #[must_use]
    pub fn new(text: &'s str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
                starts.push(at + 1);
            }
        }
        Self { text, starts }
    }

    /// The line (from 1) as it should stand under a fault at `column` (from 1, in characters).
    #[must_use]
    pub fn excerpt(&self, line: u32, column: u32) -> Option<String> {
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        let start = *self.starts.get(index)?;
        let end = self.starts.get(index + 1).copied().unwrap_or(self.text.len());
        Some(window(self.text[start..end].trim_end_matches(['\r', '\n']), column).into_owned())
    }
}

/// `line` itself, or the part of it around `column`, with an ellipsis where it was cut.
fn window(line: &str, column: u32) -> Cow<'_, str> {
    if line.len() <= EXCERPT || line.chars().nth(EXCERPT).is_none() {
        return Cow::Borrowed(line);
    }
    let column = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
    let first = column.saturating_sub(EXCERPT / 2);
    let mut rest = line.chars().skip(first);
    let cut: String = rest.by_ref().take(EXCERPT).collect();
    let head = if first > 0 { "…" } else { "" };
    let tail = if rest.next().is_some() { "…" } else { "" };
    Cow::Owned(format!("{head}{cut}{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_any_break() {
        let lines = Lines::new("one\r\ntwo\rthree\nfour");
        let found: Vec<_> = (0..6).map(|line| lines.excerpt(line, 1)).collect();
        let text = |word: &str| Some(word.to_owned());
        assert_eq!(found, [None, text("one"), text("two"), text("three"), text("four"), None]);
    }

    #[test]
    fn a_long_line_is_cut_around_the_column() {
        let line = format!("{}here{}", "é".repeat(5000), "x".repeat(5000));
        let excerpt = Lines::new(&line).excerpt(1, 5001).expect("the line exists");
        assert_eq!(excerpt.chars().count(), EXCERPT + 2);
        assert!(excerpt.contains("here") && excerpt.starts_with('…') && excerpt.ends_with('…'));
    }
}
