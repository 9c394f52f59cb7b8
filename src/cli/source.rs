//! Arguments of the verbs that read a directory: build and lint.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{DigestOutput, Guard, LintFormat, Remote};

/// What a directory holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KindName {
    /// Feature flags, as Flipt v1 reads them
    Flipt,
}

/// How much is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Check {
    /// The schema, and what flags, variants and segments say of each other
    #[default]
    References,
    /// The schema alone, as Flipt's builder does
    Schema,
}

/// How a directory is read.
#[derive(Debug, Args)]
pub struct Reading {
    /// What the directory holds [default: recognised from its files]
    #[arg(long, value_name = "KIND")]
    pub kind: Option<KindName>,
    /// How much to check
    #[arg(long, value_name = "HOW", default_value = "references")]
    pub check: Check,
    /// Take warnings for faults
    #[arg(long)]
    pub strict: bool,
}

/// Arguments of `build`.
#[derive(Debug, Args)]
pub struct Build {
    /// Local name of the bundle, with one or more tags [tag: latest]
    #[arg(value_name = "NAME[:TAG[,TAG]]")]
    pub name: String,
    /// Directory to pack
    #[arg(value_name = "DIR", default_value = ".")]
    pub directory: PathBuf,
    /// Copy the bundle to this place when it is built
    #[arg(long, value_name = "TO")]
    pub push: Option<String>,
    /// How to read the directory.
    #[command(flatten)]
    pub reading: Reading,
    /// When the bundle counts as made, in RFC 3339 [default: 1970; environment: `SOURCE_DATE_EPOCH`]
    #[arg(long, value_name = "TIME")]
    pub created: Option<String>,
    /// Version of the OCI manifest, 1.1 unless said; 1.0 for registries that refuse artifacts
    #[arg(long, value_name = "VERSION")]
    pub manifest_version: Option<ManifestVersion>,
    /// Add an annotation to the manifest
    #[arg(long, value_name = "KEY=VALUE")]
    pub annotation: Vec<String>,
    /// Where the source is kept, as an annotation
    #[arg(long, value_name = "URL")]
    pub source: Option<String>,
    /// Revision of the source, as an annotation
    #[arg(long, value_name = "REVISION")]
    pub revision: Option<String>,
    /// Take source and revision from the git repository of the directory
    #[arg(long)]
    pub git: bool,
    /// Write the digest to this file too
    #[arg(long, value_name = "FILE")]
    pub digest_file: Option<PathBuf>,
    /// Print the digest that the bundle would get, and write nothing
    #[arg(long, conflicts_with_all = ["push", "digest_file"])]
    pub dry_run: bool,
    /// What must hold of the tag.
    #[command(flatten)]
    pub guard: Guard,
    /// How the result is printed.
    #[command(flatten)]
    pub output: DigestOutput,
    /// How the registry of `--push` is reached.
    #[command(flatten)]
    pub remote: Remote,
}

/// `--manifest-version`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ManifestVersion {
    /// With `artifactType`
    #[value(name = "1.1")]
    V1_1,
    /// Without it
    #[value(name = "1.0")]
    V1_0,
}

/// Arguments of `lint`.
#[derive(Debug, Args)]
pub struct Lint {
    /// Directory to check
    #[arg(value_name = "DIR", default_value = ".")]
    pub directory: PathBuf,
    /// How to read the directory.
    #[command(flatten)]
    pub reading: Reading,
    /// How to print the faults
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: LintFormat,
}
