//! Arguments of the verbs that clean up: rm, gc and check.

use clap::Args;

use super::{Remote, ShownOutput};

/// Arguments of `rm`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte rm flags:v7
  torte rm ghcr.io/org/flags:v8 --dry-run")]
pub struct Rm {
    /// Bundles to remove, each by its tag or its digest
    #[arg(value_name = "REF", required = true)]
    pub references: Vec<String>,
    /// Remove a bundle by its digest although it has tags, and all of them with it
    #[arg(long)]
    pub force: bool,
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How the result is printed.
    #[command(flatten)]
    pub output: ShownOutput,
    /// How the registry is reached.
    #[command(flatten)]
    pub remote: Remote,
}

/// Arguments of `gc`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte gc --dry-run
  torte gc flags --older 7d")]
pub struct Gc {
    /// Local repositories [default: the whole store]
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Free what nobody wanted for so long, such as `90s`, `24h` or `7d`; `0s` frees all of it
    #[arg(long, value_name = "DURATION", default_value = "24h")]
    pub older: String,
    /// Say what would be freed, and free nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How the result is printed.
    #[command(flatten)]
    pub output: ShownOutput,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte check
  torte check flags --repair")]
pub struct Prove {
    /// Local repositories [default: the whole store]
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Remove what killed processes left, and move what is corrupt out of the way
    #[arg(long)]
    pub repair: bool,
    /// How the result is printed.
    #[command(flatten)]
    pub output: ShownOutput,
}
