//! Collects what stands beside a digest in a repository, and has it examined: the one way from a repository to a verdict.

use std::io::Read as _;

use super::bundle;
use super::json::Json;
use super::statement::SIGNATURE;
use super::verify::{
    Claim, Examination, Form, MOST_EXAMINED, Policy, Reason, Unverified, Verified, holds_no_other,
};
use crate::oci::{Descriptor, Digest, Manifest, Selector};
use crate::repository::attach::Companion;
use crate::repository::{Error, ErrorKind, Repository};

/// The most referrers whose manifests are read: those that are bundles by their own word come first.
const MOST_REFERRERS: usize = 256;
/// The annotation in which a bundle's manifest repeats the predicate's type.
const PREDICATE_TYPE: &str = "dev.sigstore.bundle.predicateType";

/// The keys of manifests, indexes and descriptors: in another letter case they are the same to some readers.
const KEYS: [&str; 19] = [
    "annotations",
    "architecture",
    "artifactType",
    "config",
    "data",
    "digest",
    "features",
    "layers",
    "manifests",
    "mediaType",
    "os",
    "os.features",
    "os.version",
    "platform",
    "schemaVersion",
    "size",
    "subject",
    "urls",
    "variant",
];

/// Verifies a digest by what stands beside it, in both forms.
///
/// Fails where the repository cannot be asked; then nothing is known. What is there and cannot be read proves nothing,
/// and hides nothing else.
pub fn examine(
    repository: &dyn Repository,
    subject: &Digest,
    policy: &Policy,
) -> Result<Result<Verified, Unverified>, Error> {
    let mut reader = Reader { repository, examination: Examination::new(subject, policy) };
    let wanted = wanted(&policy.claim);
    // What says of itself that it is something else comes last: attestations by the dozen hide no signature.
    let mut others = Vec::new();
    for referrer in reader.referrers(subject, wanted)? {
        let Some(manifest) = reader.manifest(Form::Bundle, &Selector::Digest(referrer.digest), subject)?
        else {
            continue;
        };
        if manifest.annotations().get(PREDICATE_TYPE).is_some_and(|kind| kind != wanted) {
            // All of them are kept in memory at once.
            if others.len() < MOST_EXAMINED {
                others.push(manifest);
            } else {
                reader.examination.cut();
            }
        } else {
            reader.layers(Form::Bundle, &manifest)?;
        }
    }
    for manifest in &others {
        reader.layers(Form::Bundle, manifest)?;
    }
    let companion = match policy.claim {
        Claim::Signature => Companion::Signatures,
        Claim::Attestation(_) => Companion::Attestations,
    };
    if let Some(tag) = companion.tag(subject)
        && let Some(manifest) = reader.manifest(Form::Legacy, &Selector::Tag(tag), subject)?
    {
        reader.layers(Form::Legacy, &manifest)?;
    }
    Ok(reader.examination.verdict())
}

/// The predicate's type that a claim asks for.
fn wanted(claim: &Claim) -> &str {
    match claim {
        Claim::Signature => SIGNATURE,
        Claim::Attestation(kind) => kind,
    }
}

struct Reader<'a> {
    repository: &'a dyn Repository,
    examination: Examination<'a>,
}

impl Reader<'_> {
    /// The referrers, those first that say of themselves that they are what is asked.
    fn referrers(&mut self, subject: &Digest, wanted: &str) -> Result<Vec<Descriptor>, Error> {
        let (mut found, unread) = match self.repository.readable_referrers(subject) {
            Ok(found) => found,
            Err(error) => {
                unusable(error)?;
                self.examination.refuse(Form::Bundle, subject, Reason::List);
                return Ok(Vec::new());
            }
        };
        for digest in &unread {
            self.examination.note(Form::Bundle, digest, Reason::Unread);
        }
        found.sort_by_key(|referrer| {
            let is_bundle =
                referrer.artifact_type.as_deref().is_some_and(|kind| kind.starts_with(bundle::LAYER));
            (!is_bundle, referrer.annotation(PREDICATE_TYPE).is_some_and(|kind| kind != wanted))
        });
        if found.len() > MOST_REFERRERS {
            self.examination.cut();
            found.truncate(MOST_REFERRERS);
        }
        Ok(found)
    }

    /// A manifest that may still change the verdict; of an index the one in it that has no platform, or Linux on x86-64.
    fn manifest(&mut self, form: Form, at: &Selector, subject: &Digest) -> Result<Option<Manifest>, Error> {
        if self.examination.is_decided(form) {
            return Ok(None);
        }
        let Some(manifest) = self.read(form, at, subject)? else { return Ok(None) };
        if !manifest.is_index() {
            return Ok(Some(manifest));
        }
        let Some(child) = manifest.manifests().iter().find(|child| is_default(child)) else {
            return Ok(None);
        };
        let found = self.read(form, &Selector::Digest(child.digest.clone()), subject)?;
        Ok(found.filter(|found| !found.is_index() && holds_no_other(child, found.bytes())))
    }

    fn read(&mut self, form: Form, at: &Selector, subject: &Digest) -> Result<Option<Manifest>, Error> {
        let about = match at {
            Selector::Digest(digest) => digest,
            Selector::Tag(_) => subject,
        };
        let found = self.repository.manifest(at);
        let Some(found) = self.proves_nothing(form, about, found)? else { return Ok(None) };
        if let Err(reason) = Json::parse(found.bytes()).and_then(|tree| tree.spelt(&KEYS)) {
            self.examination.refuse(form, about, reason.into());
            return Ok(None);
        }
        Ok(Some(found))
    }

    fn layers(&mut self, form: Form, manifest: &Manifest) -> Result<(), Error> {
        for layer in self.examination.wanted(form, manifest) {
            if self.examination.is_decided(form) {
                return Ok(());
            }
            let content = self.content(&layer).map(Some);
            if let Some(content) = self.proves_nothing(form, manifest.digest(), content)? {
                self.examination.piece(form, manifest.digest(), &layer, &content);
            }
        }
        Ok(())
    }

    fn content(&self, layer: &Descriptor) -> Result<Vec<u8>, Error> {
        let mut content = Vec::new();
        let read = self.repository.open(layer, 0)?.read_to_end(&mut content);
        let what = format!("cannot read {}", layer.digest);
        read.map_err(|error| Error::reading(self.repository.place(), what, error))?;
        Ok(content)
    }

    /// What was found, or a note that it is unusable; only where the repository cannot be asked, an error.
    fn proves_nothing<T>(
        &mut self,
        form: Form,
        about: &Digest,
        found: Result<Option<T>, Error>,
    ) -> Result<Option<T>, Error> {
        match found {
            Ok(found) => Ok(found),
            Err(error) => {
                self.examination.refuse(form, about, unusable(error)?);
                Ok(None)
            }
        }
    }
}

/// Why something proves nothing that could not be read; where the repository cannot be asked, the error.
fn unusable(error: Error) -> Result<Reason, Error> {
    match error.kind {
        ErrorKind::Corrupt => Ok(Reason::Content),
        ErrorKind::NotFound | ErrorKind::Refused => Ok(Reason::Unavailable),
        _ => Err(error),
    }
}

/// Whether a manifest of an index is the one that cosign takes.
fn is_default(child: &Descriptor) -> bool {
    child.platform.as_ref().is_none_or(|platform| platform.is_usual())
}
