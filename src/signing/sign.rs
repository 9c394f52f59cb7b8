//! Makes signatures and attestations, each as a manifest and its blobs, ready to be attached to what they are about.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::verify::{LARGEST_ATTESTATION, LARGEST_SIGNATURE, MOST_LAYERS};
use super::{
    KeyError, Malformed, Predicate, PrivateKey, PublicKey, base64_text, bundle, envelope, layer, payload,
    statement,
};
use crate::oci::{Descriptor, Manifest, ManifestError, media_type};
use crate::repository::attach::Attachment;

/// The time that cosign writes where it writes none.
const NO_TIME: &str = "0001-01-01T00:00:00Z";
/// The config of the older form.
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
/// The annotation of an attestation's layer that repeats the predicate's type.
const PREDICATE_TYPE: &str = "predicateType";

/// What is signed.
pub struct Order<'a> {
    /// The manifest or index.
    pub subject: &'a Descriptor,
    /// Its repository with the host, without a tag or a digest. Nothing checks it.
    pub repository: &'a str,
    /// What the signature says besides.
    pub annotations: &'a BTreeMap<String, String>,
    /// When, in RFC 3339; bundles and custom predicates bear it.
    pub created: &'a str,
}

/// A signature or an attestation in the older form: one layer among those of all signers, under one tag.
pub struct Layer {
    descriptor: Descriptor,
    content: Vec<u8>,
    /// Whose signature in the layer's annotation makes another one needless.
    signer: Option<PublicKey>,
}

/// Why there is no signature.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The key failed.
    #[error("the key cannot sign: {0}")]
    Key(#[from] KeyError),
    /// What would be written is not a manifest: there are far too many signatures already.
    #[error("the manifest of the signatures cannot be written: {0}")]
    Manifest(#[from] ManifestError),
    /// What stands under the tag of the signatures is an index.
    #[error("the tag of the signatures holds an index, to which no signature can be added")]
    NotAManifest,
    /// What it would say cannot be read again.
    #[error("its statement cannot be read: {0}")]
    Malformed(#[from] Malformed),
    /// It would not be read by whoever verifies.
    #[error("with its wrapping it is {size} bytes large, and {most} are the most that are verified")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
        /// The limit in bytes.
        most: u64,
    },
    /// With one more, none of those under the tag would be verified.
    #[error("the tag of the signatures holds {0} already, and {MOST_LAYERS} are the most that are verified")]
    TooMany(usize),
}

impl SignError {
    /// One thing to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Key(error) => error.hint(),
            Self::NotAManifest | Self::TooMany(_) => Some("sign it with `--signature-format bundle`"),
            Self::TooLarge { .. } => Some("sign less: name a large file by its digest"),
            Self::Malformed(_) | Self::Manifest(_) => None,
        }
    }
}

/// A signature as a bundle.
pub fn bundle(key: &PrivateKey, order: &Order<'_>) -> Result<Attachment, SignError> {
    let statement = statement::signature(&order.subject.digest, order.annotations);
    let content = within(LARGEST_SIGNATURE, bundle::write(&statement, key)?)?;
    referrer(content, statement::SIGNATURE, order)
}

/// An attestation as a bundle.
pub fn attest_bundle(
    key: &PrivateKey,
    order: &Order<'_>,
    predicate: &Predicate,
) -> Result<Attachment, SignError> {
    let content = within(LARGEST_ATTESTATION, bundle::write(&about(order, predicate)?, key)?)?;
    referrer(content, &predicate.kind, order)
}

/// A signature in the older form, for the tag of [`Companion::Signatures`](crate::repository::attach::Companion).
pub fn legacy(key: &PrivateKey, order: &Order<'_>) -> Result<Layer, SignError> {
    let content = payload::write(&order.subject.digest, order.repository, order.annotations);
    let content = within(LARGEST_SIGNATURE, content)?;
    let signature = BASE64_STANDARD.encode(key.sign(&content)?);
    let mut descriptor = Descriptor::of(layer::SIGNATURE, &content);
    descriptor.annotations.insert(layer::ANNOTATION.to_owned(), signature);
    Ok(Layer { descriptor, content, signer: Some(key.public().clone()) })
}

/// An attestation in the older form, for the tag of [`Companion::Attestations`](crate::repository::attach::Companion).
pub fn attest_legacy(key: &PrivateKey, order: &Order<'_>, predicate: &Predicate) -> Result<Layer, SignError> {
    let content = envelope::write(&about(order, predicate)?, key)?.to_string().into_bytes();
    let content = within(LARGEST_ATTESTATION, content)?;
    let mut descriptor = Descriptor::of(layer::ATTESTATION, &content);
    descriptor.annotations.insert(layer::ANNOTATION.to_owned(), String::new());
    descriptor.annotations.insert(PREDICATE_TYPE.to_owned(), predicate.kind.clone());
    Ok(Layer { descriptor, content, signer: None })
}

/// Content that is to be written, if whoever verifies reads as much.
fn within(most: u64, content: Vec<u8>) -> Result<Vec<u8>, SignError> {
    let size = content.len();
    if size as u64 > most { Err(SignError::TooLarge { size, most }) } else { Ok(content) }
}

fn about(order: &Order<'_>, predicate: &Predicate) -> Result<Vec<u8>, Malformed> {
    statement::attestation(&order.subject.digest, order.repository, &predicate.kind, &predicate.content)
}

impl Layer {
    /// The manifest of what stands under the tag and this layer; `None` where it is there already, or the same was
    /// signed there with the same key before.
    pub fn beside(&self, there: Option<&Manifest>) -> Result<Option<Attachment>, SignError> {
        if there.is_some_and(Manifest::is_index) {
            return Err(SignError::NotAManifest);
        }
        let before = there.map(Manifest::layers).unwrap_or_default();
        let is_there = before.iter().any(|layer| self.is_in(layer));
        if before.len() + usize::from(!is_there) > MOST_LAYERS {
            return Err(SignError::TooMany(before.len()));
        }
        if is_there {
            return Ok(None);
        }
        let layers: Vec<&Descriptor> = before.iter().chain([&self.descriptor]).collect();
        let config = json!({
            "architecture": "",
            "created": NO_TIME,
            "history": layers.iter().map(|_| json!({"created": NO_TIME})).collect::<Vec<_>>(),
            "os": "",
            "rootfs": {"type": "layers", "diff_ids": layers.iter().map(|layer| &layer.digest).collect::<Vec<_>>()},
            "config": {},
        });
        let config = config.to_string().into_bytes();
        let described = Descriptor::of(CONFIG, &config);
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": media_type::MANIFEST,
            "config": shown(&described),
            "layers": layers.into_iter().map(shown).collect::<Vec<_>>(),
        });
        let manifest = Manifest::parse(manifest.to_string().into_bytes(), None)?;
        let blobs = vec![(described, config), (self.descriptor.clone(), self.content.clone())];
        Ok(Some(Attachment { manifest, blobs }))
    }

    /// Whether a layer that is there says the same, in the same name.
    fn is_in(&self, layer: &Descriptor) -> bool {
        let signature = || layer.annotation(layer::ANNOTATION).and_then(base64_text::standard);
        layer.digest == self.descriptor.digest
            && self.signer.as_ref().is_none_or(|signer| {
                signature().is_some_and(|signature| signer.verifies(&self.content, &signature))
            })
    }
}

/// A descriptor as cosign writes it.
fn shown(descriptor: &Descriptor) -> Value {
    let Descriptor { media_type, size, digest, .. } = descriptor;
    let mut shown = json!({"mediaType": media_type, "size": size, "digest": digest});
    if !descriptor.annotations.is_empty() {
        shown["annotations"] = json!(descriptor.annotations);
    }
    shown
}

/// The manifest of a bundle: a referrer of its subject.
fn referrer(content: Vec<u8>, kind: &str, order: &Order<'_>) -> Result<Attachment, SignError> {
    let config = Descriptor::of(media_type::EMPTY, b"{}");
    let layer = Descriptor::of(bundle::MEDIA_TYPE, &content);
    let mut shown_config = shown(&config);
    shown_config["artifactType"] = json!(bundle::MEDIA_TYPE);
    let subject = Descriptor { annotations: BTreeMap::new(), ..order.subject.clone() };
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": media_type::MANIFEST,
        "config": shown_config,
        "layers": [shown(&layer)],
        "annotations": {
            "dev.sigstore.bundle.content": "dsse-envelope",
            "dev.sigstore.bundle.predicateType": kind,
            media_type::CREATED: order.created,
        },
        "subject": shown(&subject),
        "artifactType": bundle::MEDIA_TYPE,
    });
    let manifest = Manifest::parse(manifest.to_string().into_bytes(), None)?;
    Ok(Attachment { manifest, blobs: vec![(config, b"{}".to_vec()), (layer, content)] })
}
