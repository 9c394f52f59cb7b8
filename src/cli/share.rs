//! Arguments of the verb that shares a bundle for a while.

use clap::Args;

use super::{DigestOutput, Door, Reading};

/// Arguments of `share`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte share flags:v8
  torte share ./flags --ttl 30m")]
pub struct Share {
    /// Local bundle, or a directory, which begins with `.`, `/` or `~`
    #[arg(value_name = "REF|DIR")]
    pub what: String,
    /// How long it is to be had, such as `30m` or `2h` [default: 1h]
    #[arg(long, value_name = "DURATION")]
    pub ttl: Option<String>,
    /// Registry that forgets: it takes the tag for a duration, as ttl.sh does
    #[arg(long, value_name = "HOST", default_value = "ttl.sh")]
    pub registry: String,
    /// Name on the registry [default: a random one, which nobody can guess]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Share it although it holds what looks like a secret
    #[arg(long)]
    pub allow_secrets: bool,
    /// How to read the directory.
    #[command(flatten)]
    pub reading: Reading,
    /// How the result is printed.
    #[command(flatten)]
    pub output: DigestOutput,
    /// How the registry is reached; it is shown no credentials.
    #[command(flatten)]
    pub door: Door,
}
