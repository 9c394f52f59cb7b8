//! Arguments of the verbs that name and move bundles: tag, push, pull and copy.

use std::path::PathBuf;

use clap::Args;

use super::{DigestOutput, FromRemote, Guard, Remote, Verifying};

/// Arguments of `tag`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte tag flags:v8 stable
  torte tag ghcr.io/org/flags:v8 staging production")]
pub struct Tag {
    /// Bundle to name, with its tag or digest
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Tags that it gets
    #[arg(value_name = "TAG", required = true)]
    pub tags: Vec<String>,
    /// What must hold of the tags.
    #[command(flatten)]
    pub guard: Guard,
    /// How the result is printed.
    #[command(flatten)]
    pub output: DigestOutput,
    /// How the registry is reached.
    #[command(flatten)]
    pub remote: Remote,
}

/// Arguments of `push`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte push flags:v8 ghcr.io/org/flags
  torte push flags:v8 ghcr.io/org/flags:candidate --if-absent")]
pub struct Push {
    /// Local bundle
    #[arg(value_name = "FROM")]
    pub from: String,
    /// Remote repository; without a tag it takes the bundle's
    #[arg(value_name = "TO")]
    pub to: String,
    /// Sign what was published with this private key [its password: `TORTE_KEY_PASSWORD`, `COSIGN_PASSWORD`]
    #[arg(long, value_name = "FILE")]
    pub sign: Option<PathBuf>,
    /// Take along what is attached: signatures, attestations, and whatever else refers to it
    #[arg(long)]
    pub referrers: bool,
    /// What must hold of the tag.
    #[command(flatten)]
    pub guard: Guard,
    /// How the result is printed.
    #[command(flatten)]
    pub output: DigestOutput,
    /// How the registry is reached.
    #[command(flatten)]
    pub remote: Remote,
}

/// Arguments of `pull`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte pull ghcr.io/org/flags:v8
  torte pull ghcr.io/org/flags flags --semver '>=1.0 <2'")]
pub struct Pull {
    /// Remote bundle
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Local name [default: the remote path without its host]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Take the newest tag that is a version in this range, such as '>=1.0 <2'
    #[arg(long, value_name = "RANGE")]
    pub semver: Option<String>,
    /// Move a local tag even if it came from another registry
    #[arg(long)]
    pub force: bool,
    /// Whose signature it must have.
    #[command(flatten)]
    pub verifying: Verifying,
    /// Take along what is attached: signatures, attestations, and whatever else refers to it
    #[arg(long)]
    pub referrers: bool,
    /// How the result is printed.
    #[command(flatten)]
    pub output: DigestOutput,
    /// How the registry is reached.
    #[command(flatten)]
    pub remote: Remote,
}

/// Arguments of `copy`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte copy ghcr.io/org/flags:v8 registry.example.com/team/flags
  torte copy flags:v8 ocidir://backup")]
pub struct Copy {
    /// Bundle to copy
    #[arg(value_name = "FROM")]
    pub from: String,
    /// Where to; without a tag it takes the bundle's
    #[arg(value_name = "TO")]
    pub to: String,
    /// Whose signature it must have.
    #[command(flatten)]
    pub verifying: Verifying,
    /// Take along what is attached: signatures, attestations, and whatever else refers to it
    #[arg(long)]
    pub referrers: bool,
    /// What must hold of the tag.
    #[command(flatten)]
    pub guard: Guard,
    /// How the result is printed.
    #[command(flatten)]
    pub output: DigestOutput,
    /// How the destination's registry is reached.
    #[command(flatten)]
    pub remote: Remote,
    /// How the source's registry is reached.
    #[command(flatten)]
    pub from_remote: FromRemote,
}
