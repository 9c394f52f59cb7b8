//! `torte sign`: a signature or an attestation beside a bundle; and the same for other verbs, after they published one.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;

use super::Context;
use super::keys::{exposure, named_file, private_key};
use super::places::{Opened, absent, reference};
use super::verify::of_type;
use crate::cli::{self, SignatureFormat};
use crate::oci::{Descriptor, Manifest, Place, Tag};
use crate::output::Answer;
use crate::output::report::{Resolved, SignatureLine, Signed, Transferred};
use crate::repository::attach::{Attachment, Companion, amend, attach};
use crate::repository::{self, ErrorKind, Repository};
use crate::settings::{self, Reach, Usage};
use crate::signing::sign::{self, Layer, Order, SignError};
use crate::signing::{Predicate, PrivateKey};

/// The largest predicate that is read, in bytes. Whether `torte verify` reads what is made of it, its wrapping decides.
const LARGEST_PREDICATE: u64 = 2 * 1024 * 1024;

pub(super) fn run(arguments: &cli::Sign, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let reference = reference(&arguments.reference)?;
    let Some(selector) = reference.selector.clone() else {
        let what = format!("`{}` does not say which bundle is to be signed", arguments.reference);
        return Err(Usage::new(what, format!("say which, as in `torte sign {reference}:TAG …`")).into());
    };
    let annotations = settings::annotations(&arguments.annotation)?;
    let created = settings::signed(&context.settings.now, context.environment)?;
    let predicate = match (&arguments.predicate, &arguments.predicate_type) {
        (Some(path), Some(name)) => Some(predicate(path, name, &created)?),
        _ => None,
    };
    let key = private_key(&arguments.key, context)?;
    let aim = || format!("cannot sign {reference}");
    let reach = Reach::only(&arguments.remote);
    let opened = context.open(&reference.place, &reach).with_context(aim)?;
    let found = opened.repository().resolve(&selector)?;
    let found = found.ok_or_else(|| absent(opened.repository(), &selector)).with_context(aim)?;
    let opened = match opened.remote() {
        Some(_) => opened.for_writing(),
        // A store is opened anew, to write down when the tags were set.
        None => context.create(&reference.place, &reach, None).with_context(aim)?,
    };
    let job = Job {
        key: &key,
        format: arguments.signature_format,
        annotations: &annotations,
        predicate: predicate.as_ref(),
        created: &created,
    };
    let signatures = job.run(opened.repository(), &reference.place, &found).with_context(aim)?;
    let requests = opened.repository().cost().requests;
    let bundle = Resolved { reference, found, requests };
    let report = Signed { bundle, signatures, attested: predicate.is_some() };
    let mut answer = report.answer(arguments.output.format);
    answer.notes.extend(exposure(&arguments.key));
    Ok(answer)
}

fn predicate(path: &Path, name: &str, created: &str) -> anyhow::Result<Predicate> {
    of_type("--predicate-type", name)?;
    let aim = || format!("cannot attest {}", path.display());
    let hint = "a predicate is a file with what is to be attested";
    let file = named_file(path, LARGEST_PREDICATE, hint).with_context(aim)?;
    Predicate::read(name, &file, created).with_context(aim)
}

/// Who signs what a verb publishes: read before anything is moved, so that a wrong password costs nothing.
pub(super) struct Signer {
    key: PrivateKey,
    created: String,
    /// What is said of the key's file with the first signature.
    exposure: Cell<Option<String>>,
}

impl Signer {
    /// The one whose key a flag names; nobody where it names none.
    pub(super) fn of(path: Option<&Path>, context: &mut Context<'_>) -> anyhow::Result<Option<Self>> {
        let Some(path) = path else { return Ok(None) };
        let created = settings::signed(&context.settings.now, context.environment)?;
        let key = private_key(path, context)?;
        Ok(Some(Self { key, created, exposure: Cell::new(exposure(path)) }))
    }

    /// Signs what was published, as a bundle of cosign's, and adds to the report what that took.
    pub(super) fn sign(
        &self,
        opened: &Opened,
        place: &Place,
        manifest: &Manifest,
        report: &mut Transferred,
    ) -> anyhow::Result<()> {
        let before = opened.repository().cost().requests;
        let subject = &manifest.descriptor();
        let annotations = BTreeMap::new();
        let job = Job {
            key: &self.key,
            format: SignatureFormat::Bundle,
            annotations: &annotations,
            predicate: None,
            created: &self.created,
        };
        let aim = || format!("{place}@{} is published, and cannot be signed", subject.digest);
        let signatures = job.run(opened.repository(), place, subject).with_context(aim)?;
        report.notes.extend(signatures.iter().map(|line| line.note("signature")).chain(self.exposure.take()));
        report.requests += opened.repository().cost().requests - before;
        Ok(())
    }
}

/// What is to be written beside a bundle.
struct Job<'a> {
    key: &'a PrivateKey,
    format: SignatureFormat,
    annotations: &'a BTreeMap<String, String>,
    predicate: Option<&'a Predicate>,
    created: &'a str,
}

impl Job<'_> {
    fn run(
        &self,
        repository: &dyn Repository,
        place: &Place,
        subject: &Descriptor,
    ) -> anyhow::Result<Vec<SignatureLine>> {
        let name = match place {
            Place::Remote { host, name, .. } => format!("{host}/{name}"),
            Place::Local(name) => name.to_string(),
            // Where it lies on this disk is nobody's business.
            Place::Layout(_) => String::new(),
        };
        let Self { annotations, created, .. } = *self;
        let order = Order { subject, repository: &name, annotations, created };
        // Nothing is written before all that is asked for is made.
        let layer = (self.format != SignatureFormat::Bundle).then(|| self.layer(&order)).transpose()?;
        let bundle = (self.format != SignatureFormat::Legacy).then(|| self.bundle(&order)).transpose()?;
        let mut lines = Vec::new();
        if let Some((layer, companion)) = layer {
            lines.push(add(repository, subject, &layer, companion)?);
        }
        if let Some(bundle) = bundle {
            let attached = attach(repository, subject, &bundle)?;
            let digest = attached.manifest.digest;
            lines.push(SignatureLine { form: "bundle", digest, tag: attached.fallback, is_new: true });
        }
        Ok(lines)
    }

    fn bundle(&self, order: &Order<'_>) -> Result<Attachment, SignError> {
        match self.predicate {
            None => sign::bundle(self.key, order),
            Some(predicate) => sign::attest_bundle(self.key, order, predicate),
        }
    }

    fn layer(&self, order: &Order<'_>) -> Result<(Layer, Companion), SignError> {
        Ok(match self.predicate {
            None => (sign::legacy(self.key, order)?, Companion::Signatures),
            Some(predicate) => (sign::attest_legacy(self.key, order, predicate)?, Companion::Attestations),
        })
    }
}

/// Adds a signature in the older form to those under its tag.
fn add(
    repository: &dyn Repository,
    subject: &Descriptor,
    layer: &Layer,
    companion: Companion,
) -> anyhow::Result<SignatureLine> {
    let tag: Tag = companion.tag(&subject.digest).ok_or_else(|| {
        let what = format!("{} is too long for a tag", subject.digest);
        repository::Error::new(ErrorKind::Refused, repository.place(), what)
            .hinting("sign it with `--signature-format bundle`")
    })?;
    let refused = |error: SignError| {
        let hint = error.hint().map(str::to_owned);
        let what = error.to_string();
        repository::Error { hint, ..repository::Error::new(ErrorKind::Refused, repository.place(), what) }
    };
    let amended = amend(repository, &tag, |there| layer.beside(there).map_err(refused))?;
    let digest = amended.now.map_or_else(|| subject.digest.clone(), |now| now.digest().clone());
    Ok(SignatureLine { form: "legacy", digest, tag: Some(tag), is_new: amended.is_changed })
}
