//! The report of lint, and the words in which a fault is shown everywhere.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::json_text;
use crate::cli::LintFormat;
use crate::output::table::count;
use crate::output::{Answer, Data, Exit, clean_line};

/// A directory was checked.
#[derive(Clone, Debug, Default)]
pub struct Linted {
    /// What is wrong.
    pub faults: Vec<FaultLine>,
    /// What may be wrong.
    pub warnings: Vec<FaultLine>,
    /// Whether warnings count as faults.
    pub strict: bool,
}

/// One fault of a source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultLine {
    /// The file, below the directory that was read.
    pub path: String,
    /// The line, from 1; 0 where the fault is of the whole file.
    pub line: u64,
    /// The column in characters, from 1.
    pub column: u64,
    /// The rule, as a stable slug.
    pub rule: &'static str,
    /// What is wrong, in words.
    pub message: String,
    /// The line of the source.
    pub excerpt: Option<String>,
}

impl FaultLine {
    /// `path:line:column: message [rule]`, and the source line with a mark under the place.
    pub fn block(&self) -> String {
        self.block_of("")
    }

    /// The block of one that `label` tells from a fault.
    fn block_of(&self, label: &str) -> String {
        let (path, message) = (clean_line(&self.path), clean_line(&self.message));
        if self.line == 0 {
            return format!("{path}: {label}{message} [{}]", self.rule);
        }
        let mut out = format!("{path}:{}:{}: {label}{message} [{}]", self.line, self.column, self.rule);
        if let Some(excerpt) = &self.excerpt {
            // Writing to a String cannot fail.
            let _ = write!(out, "\n  | {}", clean_line(excerpt).trim_end());
        }
        out
    }

    /// One line, without the excerpt.
    pub fn line(&self) -> String {
        let Self { path, line, column, rule, message, .. } = self;
        format!("{path}:{line}:{column}: {message} [{rule}]")
    }

    /// As `lint --format json` shows it.
    pub fn json(&self) -> Value {
        json!({"path": self.path, "line": self.line, "column": self.column,
               "rule": self.rule, "message": self.message})
    }

    /// A workflow command of GitHub Actions; its escapes keep a value from ending the command.
    fn annotation(&self, level: &str) -> String {
        let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
        let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
        format!(
            "::{level} file={},line={},col={},title={}::{}\n",
            property(&self.path),
            self.line.max(1),
            self.column.max(1),
            property(self.rule),
            data(&self.message)
        )
    }
}

impl Linted {
    /// Ready to be printed.
    pub fn answer(self, format: LintFormat) -> Answer {
        let fails = !self.faults.is_empty() || (self.strict && !self.warnings.is_empty());
        let exit = if fails { Exit::Failed } else { Exit::Done };
        let is_strict = self.strict && !self.warnings.is_empty();
        let summary = format!(
            "{}, {}{}",
            count(self.faults.len() as u64, "fault"),
            count(self.warnings.len() as u64, "warning"),
            if is_strict { ", which `--strict` takes for a fault" } else { "" }
        );
        // What was looked for is the data, whatever becomes of it: all of it on one stream.
        let data = match format {
            LintFormat::Text => {
                let faults = self.faults.iter().map(|fault| fault.block() + "\n");
                let warnings = self.warnings.iter().map(|warning| warning.block_of("warning: ") + "\n");
                faults.chain(warnings).collect()
            }
            LintFormat::Json => json_text(&self.json()),
            LintFormat::Github => {
                let errors = self.faults.iter().map(|fault| fault.annotation("error"));
                let warnings = self.warnings.iter().map(|warning| warning.annotation("warning"));
                errors.chain(warnings).collect()
            }
        };
        Answer { data: Data::Text(data), summary: Some(summary), exit, ..Answer::default() }
    }

    fn json(&self) -> Value {
        let all = |lines: &[FaultLine]| lines.iter().map(FaultLine::json).collect::<Vec<_>>();
        json!({"faults": all(&self.faults), "warnings": all(&self.warnings)})
    }
}
