//! What of a document the check of references needs, small: keys and references with their positions.

use crate::kinds::yaml::{Value, small};

/// A text in an outline, with the position of its value in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    start: u32,
    len: u32,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// One document in outline. All its texts lie in one string.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    pub(super) texts: String,
    /// The namespace's key.
    pub namespace: String,
    /// The flags, in order.
    pub flags: Vec<Flag>,
    /// The segments' keys, in order.
    pub segments: Vec<Word>,
    /// How many constraints the segments have together.
    pub constraints: usize,
    /// What of the document cannot be told.
    pub doubt: Doubt,
}

/// What of a document with faults cannot be told before they are mended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Doubt {
    /// Nothing that references depend on.
    #[default]
    None,
    /// Which segments it defines in its namespace.
    Segments,
    /// Which namespace it belongs to.
    Namespace,
}

/// A flag in outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// The flag's key.
    pub key: Word,
    /// Whether the type is `BOOLEAN_FLAG_TYPE`.
    pub boolean: bool,
    /// Whether the flag is enabled.
    pub enabled: bool,
    /// The variants' keys, in order.
    pub variants: Vec<Word>,
    /// The rules, in order.
    pub rules: Vec<Rule>,
    /// The segments that each rollout names, in order; none for a threshold.
    pub rollouts: Vec<Vec<Word>>,
}

/// A rule in outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The segments that it names.
    pub segments: Vec<Word>,
    /// The variants that its distributions name.
    pub variants: Vec<Word>,
    /// What the distributions' rollouts add up to, in hundredths of a percent, rounded.
    pub total: u32,
}

impl Outline {
    /// The outline of a document that could not be read.
    #[must_use]
    pub fn unknown() -> Self {
        Self { doubt: Doubt::Namespace, ..Self::default() }
    }

    /// A word's text.
    #[must_use]
    pub fn text(&self, word: Word) -> &str {
        let start = word.start as usize;
        self.texts.get(start..start + word.len as usize).unwrap_or_default()
    }

    /// Keeps a scalar's text.
    pub(super) fn word(&mut self, value: Value<'_>) -> Word {
        let text = value.scalar().map_or("", |scalar| scalar.text);
        let (start, mark) = (small(self.texts.len()), value.mark());
        self.texts.push_str(text);
        Word { start, len: small(text.len()), line: mark.line, column: mark.column }
    }
}
