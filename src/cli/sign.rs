//! Arguments of the verbs that sign and verify, and the flags by which other verbs do it on their way.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{DigestOutput, Remote};

/// The forms in which a signature is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SignatureFormat {
    /// A bundle that refers to what is signed, as cosign 3 writes and Flux reads it
    #[default]
    Bundle,
    /// Under a tag made of the digest, as older tools read it
    Legacy,
    /// Both
    Both,
}

/// Arguments of `sign`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte sign ghcr.io/org/flags:v8 --key torte.key
  torte sign flags:v8 --key torte.key --annotation stage=prod
  torte sign ghcr.io/org/flags:v8 --key torte.key --predicate sbom.json --predicate-type cyclonedx")]
pub struct Sign {
    /// Bundle to sign, with its tag or digest
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Private key (PEM): of `torte keys generate` or cosign, or plain PKCS#8 [its password: `TORTE_KEY_PASSWORD`, `COSIGN_PASSWORD`]
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// Say this in the signature too; may be given more than once
    #[arg(short, long, value_name = "KEY=VALUE", conflicts_with = "predicate")]
    pub annotation: Vec<String>,
    /// How the signature is kept
    #[arg(long, value_name = "FORMAT", default_value = "bundle")]
    pub signature_format: SignatureFormat,
    /// Attest this file instead of signing
    #[arg(long, value_name = "FILE", requires = "predicate_type")]
    pub predicate: Option<PathBuf>,
    /// Type of the predicate: a URI or a name of cosign's such as `spdxjson` for a JSON object, `custom` for any text
    #[arg(long, value_name = "TYPE", requires = "predicate", alias = "type")]
    pub predicate_type: Option<String>,
    /// How the result is printed.
    #[command(flatten)]
    pub output: DigestOutput,
    /// How the registry is reached.
    #[command(flatten)]
    pub remote: Remote,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte verify ghcr.io/org/flags:v8 --key torte.pub
  torte verify ghcr.io/org/flags:v8 --key torte.pub --key next.pub --any
  torte verify ghcr.io/org/flags:v8 --key torte.pub --type cyclonedx")]
pub struct Verify {
    /// Bundle to verify
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Public key (PEM); given more than once, each of them must have signed
    #[arg(long, value_name = "FILE", required = true)]
    pub key: Vec<PathBuf>,
    /// One of the keys is enough
    #[arg(long)]
    pub any: bool,
    /// What the signatures must say too; may be given more than once
    #[arg(short, long, value_name = "KEY=VALUE")]
    pub annotation: Vec<String>,
    /// Verify an attestation with this type of predicate instead: a URI, or a name of cosign's such as `spdxjson`
    #[arg(long, value_name = "TYPE", alias = "predicate-type")]
    pub r#type: Option<String>,
    /// How the result is printed.
    #[command(flatten)]
    pub output: DigestOutput,
    /// How the registry is reached.
    #[command(flatten)]
    pub remote: Remote,
}

/// Verifying what is read.
#[derive(Clone, Debug, Args)]
pub struct Verifying {
    /// Go on only if the holder of this public key signed the bundle; given more than once, each of them
    #[arg(long, value_name = "FILE")]
    pub verify_key: Vec<PathBuf>,
    /// One of the keys is enough
    #[arg(long, requires = "verify_key")]
    pub verify_any: bool,
    /// What the signatures must say too; may be given more than once
    #[arg(long, value_name = "KEY=VALUE", requires = "verify_key")]
    pub verify_annotation: Vec<String>,
}

/// Arguments of `keys`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  torte keys generate
  torte keys generate --out release")]
pub struct Keys {
    /// What to do.
    #[command(subcommand)]
    pub wish: KeysWish,
}

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub enum KeysWish {
    /// Make a pair of keys: PREFIX.key, encrypted, and PREFIX.pub [password: `TORTE_KEY_PASSWORD`, `COSIGN_PASSWORD`]
    Generate(Generate),
}

/// Arguments of `keys generate`.
#[derive(Debug, Args)]
pub struct Generate {
    /// What the files are called before `.key` and `.pub`
    #[arg(long, value_name = "PREFIX", default_value = "torte")]
    pub out: PathBuf,
}
