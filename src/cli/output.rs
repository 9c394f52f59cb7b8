//! How results are printed: `--format` of each verb.

use clap::{Args, ValueEnum};

/// How the result is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, and one line of data for scripts
    #[default]
    Text,
    /// One JSON object
    Json,
    /// The reference with its digest, for the next tool
    Reference,
}

/// `--format` of the verbs that give a digest.
#[derive(Debug, Args)]
pub struct DigestOutput {
    /// How to print the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

/// `--format` of the verbs that show something.
#[derive(Debug, Args)]
pub struct ShownOutput {
    /// How to print the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ShownFormat,
}

/// The formats of the verbs that show something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ShownFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object
    Json,
}

/// The formats of `lint`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LintFormat {
    /// A block for each fault
    #[default]
    Text,
    /// One JSON object
    Json,
    /// Annotations for a workflow of GitHub Actions
    Github,
}

/// The formats of `diff`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// A line for each change
    #[default]
    Text,
    /// One JSON object
    Json,
    /// For the summary of a pull request or a job
    Markdown,
}
