//! Arguments of the verbs that read a directory: build and lint.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{DigestOutput, Guard, LintFormat, Remote};

/// What a directory holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KindName {
    /// Feature flags, as Flipt v1 reads them
    Flipt,
    /// Manifests, as Flux and Argo CD take them
    Kubernetes,
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
    /// What holds of manifests alone.
    #[command(flatten)]
    pub manifests: Manifests,
}

/// How a directory of manifests is read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Kubernetes")]
pub struct Manifests {
    /// Shape of the bundle [default: hybrid]
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<ProfileName>,
    /// What decides which layer a file goes to [default: auto]
    #[arg(long, value_name = "HOW")]
    pub group_by: Option<GroupBy>,
    /// Put the files that match into this group, whatever they hold
    #[arg(long, value_name = "GLOB=NAME")]
    pub group: Vec<String>,
    /// Leave these out, as a comma list of patterns like those of .gitignore; replaces Flux's own list
    #[arg(long, value_name = "LIST")]
    pub ignore_paths: Option<String>,
    /// Leave these out too
    #[arg(long, value_name = "LIST")]
    pub add_ignore_paths: Option<String>,
    /// Leave out what the `.sourceignore` files of the directory name
    #[arg(long)]
    pub sourceignore: bool,
    /// What to do with symbolic links
    #[arg(long, value_name = "HOW", default_value = "error")]
    pub symlinks: Symlinks,
    /// Keep standard input whole, as a file of this name
    #[arg(long, value_name = "FILE")]
    pub stdin_name: Option<String>,
}

/// The shapes of a bundle of manifests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProfileName {
    /// The complete tree, and a layer for each namespace
    Hybrid,
    /// The one layer that Flux writes
    Flux,
    /// The one layer that Argo CD takes by default
    Argo,
}

/// What decides which layer a manifest goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GroupBy {
    /// Units of kustomize and Helm, then namespaces
    Auto,
    /// The first directory of the path
    Dir,
    /// Namespaces; units of kustomize and Helm are refused
    Namespace,
    /// Nothing: one layer
    None,
}

/// What to do with symbolic links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Symlinks {
    /// Refuse them
    #[default]
    Error,
    /// Leave them out
    Skip,
    /// Pack what they point at, if that is inside the directory
    Follow,
}

/// Arguments of `build`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte build flags:v8 ./flags
  torte build flags:v8,stable ./flags --push ghcr.io/org/flags
  kustomize build prod | torte build app:v1 -")]
pub struct Build {
    /// Local name of the bundle, with one or more tags [tag: latest]
    #[arg(value_name = "NAME[:TAG[,TAG]]")]
    pub name: String,
    /// Directory to pack, or one file, or `-` for manifests on standard input
    #[arg(value_name = "DIR|FILE|-", default_value = ".", conflicts_with = "each")]
    pub input: PathBuf,
    /// Make a bundle of each directory that matches, tagged by its name, all in one go
    #[arg(long, value_name = "GLOB", conflicts_with = "digest_file")]
    pub each: Option<String>,
    /// Copy the bundle to this place when it is built
    #[arg(long, value_name = "TO")]
    pub push: Option<String>,
    /// How to read the directory.
    #[command(flatten)]
    pub reading: Reading,
    /// What the manifest says beside the content.
    #[command(flatten)]
    pub stamp: Stamp,
    /// Write the digest to this file too
    #[arg(long, value_name = "FILE")]
    pub digest_file: Option<PathBuf>,
    /// Sign what was published with this private key [its password: `TORTE_KEY_PASSWORD`, `COSIGN_PASSWORD`]
    #[arg(long, value_name = "FILE", requires = "push")]
    pub sign: Option<PathBuf>,
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

/// What a manifest says beside the content.
#[derive(Debug, Default, Args)]
pub struct Stamp {
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
#[command(after_help = "Examples:
  torte lint ./flags
  torte lint ./manifests --kind kubernetes --format github")]
pub struct Lint {
    /// Directory to check, or one file, or `-` for manifests on standard input
    #[arg(value_name = "DIR|FILE|-", default_value = ".")]
    pub input: PathBuf,
    /// How to read the directory.
    #[command(flatten)]
    pub reading: Reading,
    /// How to print the faults
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: LintFormat,
}
