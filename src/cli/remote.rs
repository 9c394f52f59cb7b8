//! Flags of the verbs that reach a registry, and guards of the tags that they write.

use std::path::PathBuf;

use clap::Args;

/// How a registry is reached, and as whom.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Registry")]
pub struct Remote {
    /// How it is reached.
    #[command(flatten)]
    pub door: Door,
    /// Read credentials from this file instead of Docker's and Podman's
    #[arg(long, value_name = "FILE")]
    pub authfile: Option<PathBuf>,
    /// User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]
    #[arg(short, long, value_name = "NAME")]
    pub username: Option<String>,
    /// Read the password from standard input
    #[arg(long, conflicts_with = "identity_token_stdin")]
    pub password_stdin: bool,
    /// Read an identity token from standard input
    #[arg(long)]
    pub identity_token_stdin: bool,
}

/// How a registry is reached, whoever asks.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Registry")]
pub struct Door {
    /// Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]
    #[arg(long)]
    pub plain_http: bool,
    /// Do not verify the registry's certificate
    #[arg(long)]
    pub insecure: bool,
    /// Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub concurrency: Option<u16>,
    /// How long to wait for an answer, such as `30s` or `2m`
    #[arg(long, value_name = "DURATION", default_value = "30s")]
    pub timeout: String,
    /// How often to try again where that is safe
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(0..=20))]
    pub retries: u8,
}

/// What must hold of the tag that is written.
#[derive(Debug, Args)]
pub struct Guard {
    /// Fail if the tag exists already
    #[arg(long, conflicts_with = "if_match")]
    pub if_absent: bool,
    /// Fail unless the tag points at this digest now
    #[arg(long, value_name = "DIGEST")]
    pub if_match: Option<String>,
}

/// What differs for the source of a copy.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Registry of the source")]
pub struct FromRemote {
    /// Speak plain HTTP to the source
    #[arg(long)]
    pub from_plain_http: bool,
    /// Do not verify the source's certificate
    #[arg(long)]
    pub from_insecure: bool,
    /// Trust these certificate authorities too (PEM)
    #[arg(long, value_name = "FILE")]
    pub from_ca_file: Option<PathBuf>,
    /// Read the source's credentials from this file
    #[arg(long, value_name = "FILE")]
    pub from_authfile: Option<PathBuf>,
    /// User name for the source
    #[arg(long, value_name = "NAME")]
    pub from_username: Option<String>,
    /// Read the source's password from standard input
    #[arg(long, conflicts_with_all = ["password_stdin", "identity_token_stdin"])]
    pub from_password_stdin: bool,
}
