//! Arguments of the verbs that keep and forget credentials.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{Remote, ShownOutput};

/// Arguments of `login`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte login ghcr.io
  printf %s \"$TOKEN\" | torte login ghcr.io -u NAME --password-stdin")]
#[command(mut_arg("authfile", |arg| arg.help("Keep them in this file, such as Podman's, instead of Docker's")))]
pub struct Login {
    /// Registry, such as `ghcr.io`; `docker.io` is Docker Hub
    #[arg(value_name = "REGISTRY", value_hint = ValueHint::Hostname)]
    pub registry: String,
    /// How the result is printed.
    #[command(flatten)]
    pub output: ShownOutput,
    /// How the registry is reached, and as whom.
    #[command(flatten)]
    pub remote: Remote,
}

/// Arguments of `logout`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte logout ghcr.io")]
pub struct Logout {
    /// Registry, such as `ghcr.io`; `docker.io` is Docker Hub
    #[arg(value_name = "REGISTRY", value_hint = ValueHint::Hostname)]
    pub registry: String,
    /// Take them out of this file, such as Podman's, instead of Docker's
    #[arg(long, value_name = "FILE", help_heading = "Registry")]
    pub authfile: Option<PathBuf>,
    /// How long to wait for a credential helper, such as `30s` or `2m`
    #[arg(long, value_name = "DURATION", default_value = "30s", help_heading = "Registry")]
    pub timeout: String,
    /// How the result is printed.
    #[command(flatten)]
    pub output: ShownOutput,
}
