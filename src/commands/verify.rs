//! `torte verify`: whether the holders of given keys signed a bundle; and the same for other verbs, before they go on.

use std::path::{Path, PathBuf};

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
use crate::signing::sign::predicate_type;
use crate::signing::verify::{Claim, Policy, Quorum, Verified};
use crate::signing::{examine, verify::Unverified};

pub(super) fn run(arguments: &cli::Verify, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let reference = reference(&arguments.reference)?;
    let quorum = if arguments.any { Quorum::Any } else { Quorum::All };
    let claim = match &arguments.r#type {
        None => Claim::Signature,
        Some(name) => Claim::Attestation(of_type(name)?.to_owned()),
    };
    let annotations = settings::annotations(&arguments.annotation)?;
    let keys = keys(&arguments.key)?;
    let policy = Policy { keys, quorum, annotations, claim };
    let aim = || format!("cannot verify {reference}");
    let opened = context.open(&reference.place, &Reach::only(&arguments.remote)).with_context(aim)?;
    let repository = opened.repository();
    let at = reference.selector_or_latest();
    let found = repository.resolve(&at)?.ok_or_else(|| absent(repository, &at)).with_context(aim)?;
    let verified = verified(repository, &found.digest, &policy, &arguments.key).with_context(aim)?;
    let requests = repository.cost().requests;
    let mut answer =
        Resolved { reference: reference.at(at), found, requests }.answer(arguments.output.format);
    let signers: Vec<_> = policy
        .keys
        .iter()
        .zip(&arguments.key)
        .filter(|(key, _)| verified.keys().contains(&key.digest()))
        .map(|(_, path)| path.display().to_string())
        .collect();
    answer.summary = answer.summary.map(|text| {
        let rest = text.strip_prefix("resolved ").unwrap_or(&text).to_owned();
        format!("verified {rest} · signed with {}", signers.join(", "))
    });
    Ok(answer)
}

/// The URI that a name of a predicate's type means.
pub(super) fn of_type(name: &str) -> Result<&str, Usage> {
    predicate_type(name).map_err(|error| {
        Usage::new(format!("`--type`: {error}"), "write it as `https://example.com/what/v1`, or as `custom`")
    })
}

fn keys(paths: &[PathBuf]) -> anyhow::Result<Vec<crate::signing::PublicKey>> {
    paths.iter().map(|path| public_key(path)).collect()
}

/// What a verb demands of a bundle before it uses it.
pub(super) struct Demand {
    policy: Policy,
    paths: Vec<PathBuf>,
}

impl Demand {
    /// What flags demand; nothing where there are none. Reads the key files.
    pub(super) fn of(flags: &Verifying) -> anyhow::Result<Option<Self>> {
        if flags.verify_key.is_empty() {
            return Ok(None);
        }
        let keys = keys(&flags.verify_key)?;
        let annotations = std::collections::BTreeMap::new();
        let policy = Policy { keys, quorum: Quorum::All, annotations, claim: Claim::Signature };
        Ok(Some(Self { policy, paths: flags.verify_key.clone() }))
    }

    /// Fails unless the bundle is signed as demanded. What is used afterwards must be read by this digest.
    pub(super) fn hold(&self, repository: &dyn Repository, digest: &Digest) -> anyhow::Result<()> {
        verified(repository, digest, &self.policy, &self.paths).map(drop)
    }
}

fn verified(
    repository: &dyn Repository,
    digest: &Digest,
    policy: &Policy,
    paths: &[PathBuf],
) -> anyhow::Result<Verified> {
    examine(repository, digest, policy)?.map_err(|unverified| {
        let missing = missing(&unverified, policy, paths);
        anyhow::Error::from(unverified).context(format!("it is not verified with {missing}"))
    })
}

fn missing(unverified: &Unverified, policy: &Policy, paths: &[PathBuf]) -> String {
    let keys = policy.keys.iter().zip(paths);
    let keys = keys.filter(|(key, _)| unverified.missing.contains(&key.digest()));
    let names: Vec<_> = keys.map(|(_, path): (_, &PathBuf)| shown(path)).collect();
    names.join(if policy.quorum == Quorum::Any { " or " } else { " and " })
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
