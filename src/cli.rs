//! The command line: clap's types and the help texts, no logic.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

mod diff;
mod each;
pub mod groups;
mod login;
mod look;
mod output;
mod remote;
mod share;
mod sign;
mod source;
mod tidy;
mod transfer;
pub mod values;

pub use diff::Diff;
pub use login::{Login, Logout};
pub use look::{Inspect, List, Resolve, Unpack};
pub use output::{DiffFormat, DigestOutput, Format, LintFormat, ShownFormat, ShownOutput};
pub use remote::{Door, FromRemote, Guard, Remote};
pub use share::Share;
pub use sign::{Generate, Keys, KeysWish, Sign, SignatureFormat, Verify, Verifying};
pub use source::{
    Build, Check, GroupBy, KindName, Lint, ManifestVersion, Manifests, ProfileName, Reading, Stamp, Symlinks,
};
pub use tidy::{Gc, Prove, Rm};
pub use transfer::{Copy, Pull, Push, Tag};

/// Packs feature flags or Kubernetes manifests into OCI bundles, one layer per namespace, and moves them to and from any registry
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

impl Cli {
    /// Reads the arguments, of which the first is the program's name. Help and version are errors, too.
    pub fn read(arguments: &[OsString]) -> Result<Self, clap::Error> {
        let mut command = command();
        let matches = command.try_get_matches_from_mut(arguments);
        let mut matches = matches.map_err(|error| each::hinted(error, arguments))?;
        Self::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
    }
}

/// The command line as clap knows it, with the verbs in groups.
pub fn command() -> Command {
    groups::with_overview(Cli::command())
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
    Build(Box<Build>),
    /// Check a directory: every fault of every file, without building
    Lint(Lint),
    /// List the bundles of the local store, or the tags of a remote repository
    List(List),
    /// Print the digest that a tag or a range of versions means now
    Resolve(Resolve),
    /// Show what is inside a bundle
    Inspect(Inspect),
    /// Show what changed between two bundles or directories
    Diff(Diff),
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
    /// Remove a tag, locally or in its registry, or a bundle by its digest
    Rm(Box<Rm>),
    /// Free the space of what no tag and no pull by digest holds
    Gc(Gc),
    /// Prove the local store sound: every fault with its file, and what to do
    Check(Prove),
    /// Sign a bundle, or attest something of it
    Sign(Box<Sign>),
    /// Print the digest of a bundle if the right keys signed it
    Verify(Box<Verify>),
    /// Make the keys that bundles are signed with
    Keys(Keys),
    /// Give a bundle a throw-away name on a registry that forgets it
    Share(Box<Share>),
    /// Keep credentials for a registry, in Docker's file or its helper, once the registry has taken them
    Login(Login),
    /// Forget the credentials for a registry
    Logout(Logout),
    /// Run an OCI registry out of a directory, on loopback unless told otherwise
    Serve(Serve),
    /// Print the completion script of a shell
    Completions(Completions),
    /// Write the man pages into a directory
    Man(Man),
}

/// Arguments of `serve`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte serve --root registry
  torte serve --root registry --read-only --listen 127.0.0.1:5001")]
pub struct Serve {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:5000")]
    pub listen: String,
    /// Directory that keeps the bundles [default: a temporary one]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Let what is pushed live as long as its tag says, such as `30m`; an hour where it says nothing, at most a day
    #[arg(long, conflicts_with = "read_only")]
    pub ttl: bool,
    /// Serve what is there, and take nothing
    #[arg(long, requires = "root")]
    pub read_only: bool,
    /// Ask for a user of this file, as `htpasswd -B` writes it
    #[arg(long, value_name = "FILE")]
    pub auth: Option<PathBuf>,
    /// Let anybody in who can reach an address that is not on loopback
    #[arg(long, conflicts_with = "auth")]
    pub allow_anonymous: bool,
    /// Speak TLS with this certificate, and those after it in the file (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key of the certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte completions bash --live > torte.bash
  torte completions zsh > _torte")]
pub struct Completions {
    /// Shell
    pub shell: Shell,
    /// Look up names, tags and namespaces too; for bash, zsh and fish
    #[arg(long)]
    pub live: bool,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte man ~/.local/share/man/man1")]
pub struct Man {
    /// Directory for the pages; made if it is not there
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
}
