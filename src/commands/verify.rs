//! `torte verify`: whether the holders of given keys signed a bundle; and the same for other verbs, before they go on.

use std::path::PathBuf;

use anyhow::Context as _;

use super::Context;
use super::keys::public_key;
use super::places::{absent, reference};
use crate::cli::{self, Verifying};
use crate::oci::Digest;
use crate::output::Answer;
use crate::output::report::Resolved;
use crate::repository::Repository;
use crate::settings::{self, Reach, Usage};
use crate::signing::verify::{Claim, Policy, Quorum};
use crate::signing::{examine, predicate_type};

pub(super) fn run(arguments: &cli::Verify, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let cli::Verify { key, any, annotation, r#type, .. } = arguments;
    let reference = reference(&arguments.reference)?;
    let claim = match r#type {
        None => Claim::Signature,
        Some(name) => Claim::Attestation(of_type("--type", name)?.to_owned()),
    };
    let demand = Demand::new(key, *any, annotation, claim)?;
    let aim = || format!("cannot verify {reference}");
    let opened = context.open(&reference.place, &Reach::only(&arguments.remote)).with_context(aim)?;
    let repository = opened.repository();
    let at = reference.selector_or_latest();
    let found = repository.resolve(&at)?.ok_or_else(|| absent(repository, &at)).with_context(aim)?;
    let signed = demand.hold(repository, &found.digest).with_context(aim)?;
    let requests = repository.cost().requests;
    let found = Resolved { reference: reference.at(at), found, requests };
    Ok(found.verified(signed, arguments.output.format))
}

/// The URI that a name of a predicate's type means, as a flag gives it.
pub(super) fn of_type<'a>(flag: &str, name: &'a str) -> Result<&'a str, Usage> {
    predicate_type(name).map_err(|error| {
        Usage::new(format!("`{flag}`: {error}"), "a URI is written as `https://example.com/what/v1`")
    })
}

/// What a verb demands of a bundle before it uses it.
pub(super) struct Demand {
    policy: Policy,
    paths: Vec<PathBuf>,
}

impl Demand {
    /// What flags demand; nothing where there are none. Reads the key files.
    pub(super) fn of(flags: &Verifying) -> anyhow::Result<Option<Self>> {
        let Verifying { verify_key, verify_any, verify_annotation } = flags;
        if verify_key.is_empty() {
            return Ok(None);
        }
        Self::new(verify_key, *verify_any, verify_annotation, Claim::Signature).map(Some)
    }

    fn new(paths: &[PathBuf], any: bool, annotations: &[String], claim: Claim) -> anyhow::Result<Self> {
        let annotations = settings::annotations(annotations)?;
        let keys = paths.iter().map(|path| public_key(path)).collect::<anyhow::Result<_>>()?;
        let quorum = if any { Quorum::Any } else { Quorum::All };
        Ok(Self { policy: Policy { keys, quorum, annotations, claim }, paths: paths.to_owned() })
    }

    /// Fails unless the bundle is signed as demanded, and else says with whose keys. What is used afterwards must be
    /// read by this digest.
    pub(super) fn hold(&self, repository: &dyn Repository, digest: &Digest) -> anyhow::Result<String> {
        match examine(repository, digest, &self.policy)? {
            Ok(verified) => Ok(format!("signed with {}", self.files_of(verified.keys(), ", "))),
            Err(unverified) => {
                let or = if self.policy.quorum == Quorum::Any { " or " } else { " and " };
                let missing = self.files_of(&unverified.missing, or);
                Err(anyhow::Error::from(unverified).context(format!("it is not verified with {missing}")))
            }
        }
    }

    fn files_of(&self, keys: &[Digest], between: &str) -> String {
        let pairs = self.policy.keys.iter().zip(&self.paths);
        let wanted = pairs.filter(|(key, _)| keys.contains(&key.digest()));
        wanted.map(|(_, path)| path.display().to_string()).collect::<Vec<_>>().join(between)
    }
}
