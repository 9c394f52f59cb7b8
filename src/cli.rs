//! The command line: clap's types and the help texts, no logic.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

mod remote;

pub use remote::{FromRemote, Guard, Remote};

/// Packs feature flags into OCI bundles, one layer per namespace, and moves them to and from any registry
#[derive(Debug, Parser)]
#[command(name = "torte", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    /// What applies to every verb.
    #[command(flatten)]
    pub global: Global,
    /// The verb.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What every verb takes.
#[derive(Debug, Args)]
pub struct Global {
    /// Directory of the local store [default: `torte` in the user's data directory, such as ~/.local/share; environment: `TORTE_STORE`]
    #[arg(long, global = true, value_name = "DIR", help_heading = "Everywhere")]
    pub store: Option<PathBuf>,
    /// Print nothing but data and errors
    #[arg(short, long, global = true, help_heading = "Everywhere")]
    pub quiet: bool,
    /// Say each request and what it cost
    #[arg(short, long, global = true, help_heading = "Everywhere", conflicts_with = "quiet")]
    pub verbose: bool,
    /// Draw no progress bars, also on a terminal
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub no_progress: bool,
    /// Colour the messages
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Everywhere")]
    pub color: Color,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Pack a directory into the local store, and publish it in the same breath if asked
    Build(Build),
    /// Check a directory: every fault of every file, without building
    Lint(Lint),
    /// List the bundles of the local store, or the tags of a remote repository
    List(List),
    /// Show what is inside a bundle
    Inspect(Inspect),
    /// Give a bundle further names, locally or in its registry
    Tag(Tag),
    /// Copy a local bundle to a registry
    Push(Push),
    /// Copy a bundle from a registry to the local store
    Pull(Pull),
    /// Copy a bundle between any two places
    Copy(Copy),
    /// Write the files of a bundle into a directory
    Unpack(Unpack),
    /// Run a small OCI registry on loopback, out of a directory
    Serve(Serve),
    /// Print the completion script of a shell
    Completions(Completions),
}

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
    /// Print the exact bytes of the manifest
    #[arg(long, conflicts_with = "contents")]
    pub manifest: bool,
    /// How the result is printed.
    #[command(flatten)]
    pub output: ShownOutput,
    /// How the registry is reached.
    #[command(flatten)]
    pub remote: Remote,
}

/// Arguments of `tag`.
#[derive(Debug, Args)]
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
pub struct Push {
    /// Local bundle
    #[arg(value_name = "FROM")]
    pub from: String,
    /// Remote repository; without a tag it takes the bundle's
    #[arg(value_name = "TO")]
    pub to: String,
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
pub struct Pull {
    /// Remote bundle
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Local name [default: the remote path without its host]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Move a local tag even if it came from another registry
    #[arg(long)]
    pub force: bool,
    /// How the result is printed.
    #[command(flatten)]
    pub output: DigestOutput,
    /// How the registry is reached.
    #[command(flatten)]
    pub remote: Remote,
}

/// Arguments of `copy`.
#[derive(Debug, Args)]
pub struct Copy {
    /// Bundle to copy
    #[arg(value_name = "FROM")]
    pub from: String,
    /// Where to; without a tag it takes the bundle's
    #[arg(value_name = "TO")]
    pub to: String,
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

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Loopback address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:5000")]
    pub listen: String,
    /// Directory that keeps the bundles [default: a temporary one]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// Shell
    pub shell: Shell,
}
