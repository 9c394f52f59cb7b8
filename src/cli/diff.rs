//! Arguments of `diff`.

use clap::Args;

use super::{DiffFormat, FromRemote, Reading, Remote};

/// Arguments of `diff`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte diff flags:v7 flags:v8
  torte diff ghcr.io/org/flags:v8 ./flags --exit-code")]
pub struct Diff {
    /// Bundle, or directory where it begins with `.`, `/` or `~`
    #[arg(value_name = "A")]
    pub from: String,
    /// What it is compared with, in the same forms
    #[arg(value_name = "B")]
    pub to: String,
    /// Only this namespace; may be given more than once
    #[arg(short, long, value_name = "NAMESPACE")]
    pub namespace: Vec<String>,
    /// A line for each namespace, with how many flags, segments or objects differ
    #[arg(long)]
    pub stat: bool,
    /// End with 6 where the two differ
    #[arg(long)]
    pub exit_code: bool,
    /// How to print the differences
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: DiffFormat,
    /// How a directory is read.
    #[command(flatten)]
    pub reading: Reading,
    /// How the registry of B is reached.
    #[command(flatten)]
    pub remote: Remote,
    /// How the registry of A is reached, where B has one too.
    #[command(flatten)]
    pub from_remote: FromRemote,
}
