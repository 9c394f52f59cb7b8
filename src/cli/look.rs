//! Arguments of the verbs that look and write files: list, resolve, inspect and unpack.

use std::path::PathBuf;

use clap::Args;

use super::{DigestOutput, Remote, ShownOutput, Verifying};

/// Arguments of `list`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte list
  torte list ghcr.io/org/flags --semver '>=1.0 <2' --limit 5")]
pub struct List {
    /// Local repository, or a remote one [default: the whole store]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Only tags that are versions in this range, newest first, such as '>=1.0 <2'
    #[arg(long, value_name = "RANGE")]
    pub semver: Option<String>,
    /// At most N tags of a repository: the newest with `--semver`, else the first by name
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
    /// How the result is printed.
    #[command(flatten)]
    pub output: ShownOutput,
    /// How the registry is reached.
    #[command(flatten)]
    pub remote: Remote,
}

/// Arguments of `resolve`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte resolve ghcr.io/org/flags:v8
  torte resolve ghcr.io/org/flags --semver '>=1.0 <2' --format reference")]
pub struct Resolve {
    /// Bundle, by its tag; a repository with `--semver`
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Take the newest tag that is a version in this range, such as '>=1.0 <2'
    #[arg(long, value_name = "RANGE")]
    pub semver: Option<String>,
    /// How the result is printed.
    #[command(flatten)]
    pub output: DigestOutput,
    /// How the registry is reached.
    #[command(flatten)]
    pub remote: Remote,
}

/// Arguments of `inspect`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(after_help = "Examples:
  torte inspect flags:v8 --contents
  torte inspect ghcr.io/org/flags --semver '>=1.0 <2'")]
pub struct Inspect {
    /// Bundle to look into
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Take the newest tag that is a version in this range, such as '>=1.0 <2'
    #[arg(long, value_name = "RANGE")]
    pub semver: Option<String>,
    /// Read the layers too, and show what they hold
    #[arg(long)]
    pub contents: bool,
    /// Show which file of a bundle of manifests is in which layer, and why
    #[arg(long)]
    pub explain: bool,
    /// Follow what is attached, and what refers to that, and show it as a tree
    #[arg(long)]
    pub referrers: bool,
    /// Print the exact bytes of the manifest
    #[arg(long, conflicts_with_all = ["contents", "explain", "referrers"])]
    pub manifest: bool,
    /// How the result is printed.
    #[command(flatten)]
    pub output: ShownOutput,
    /// How the registry is reached.
    #[command(flatten)]
    pub remote: Remote,
}

/// Arguments of `unpack`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte unpack flags:v8 out
  torte unpack ghcr.io/org/flags:v8 out-web --namespace web")]
pub struct Unpack {
    /// Bundle to unpack
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Directory for its files
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// Take the newest tag that is a version in this range, such as '>=1.0 <2'
    #[arg(long, value_name = "RANGE")]
    pub semver: Option<String>,
    /// Only this namespace; may be given more than once
    #[arg(short, long, value_name = "NAMESPACE")]
    pub namespace: Vec<String>,
    /// Write into a directory that is not empty, over files of the same name
    #[arg(long)]
    pub force: bool,
    /// Whose signature it must have.
    #[command(flatten)]
    pub verifying: Verifying,
    /// How the registry is reached.
    #[command(flatten)]
    pub remote: Remote,
}
