//! Arguments of the verbs that look and write files: list, inspect and unpack.

use std::path::PathBuf;

use clap::Args;

use super::{Remote, ShownOutput};

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct List {
    /// Local repository, or a remote one [default: the whole store]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// How the result is printed.
    #[command(flatten)]
    pub output: ShownOutput,
    /// How the registry is reached.
    #[command(flatten)]
    pub remote: Remote,
}

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub struct Inspect {
    /// Bundle to look into
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Read the layers too, and show what they hold
    #[arg(long)]
    pub contents: bool,
    /// Show which file of a bundle of manifests is in which layer, and why
    #[arg(long)]
    pub explain: bool,
    /// Print the exact bytes of the manifest
    #[arg(long, conflicts_with_all = ["contents", "explain"])]
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
pub struct Unpack {
    /// Bundle to unpack
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Directory for its files
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// Only this namespace; may be given more than once
    #[arg(short, long, value_name = "NAMESPACE")]
    pub namespace: Vec<String>,
    /// Write into a directory that is not empty, over files of the same name
    #[arg(long)]
    pub force: bool,
    /// How the registry is reached.
    #[command(flatten)]
    pub remote: Remote,
}
