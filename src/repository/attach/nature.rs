//! What an attachment claims to be, by its artifact type, its annotations and its tag. Nothing is verified.

use std::collections::BTreeSet;

use super::Companion;
use super::attached::Found;
use crate::oci::{Descriptor, Manifest};

/// cosign's bundles, of any version, and its annotations of them.
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle";
const BUNDLE_CONTENT: &str = "dev.sigstore.bundle.content";
const BUNDLE_PREDICATE: &str = "dev.sigstore.bundle.predicateType";
/// The predicate of a bundle that is a signature and attests nothing else.
const COSIGN_SIGNATURE: &str = "https://sigstore.dev/cosign/sign/v1";
/// cosign's older attachments as referrers: `…artifact.sig.v1+json` and so on.
const COSIGN_ARTIFACT: &str = "application/vnd.dev.cosign.artifact.";
/// notation's signatures, by their config's media type.
const NOTATION: &str = "application/vnd.cncf.notary.signature";
/// Annotation of a layer under cosign's tag for attestations.
const PREDICATE: &str = "predicateType";
/// Lists of components.
const SBOMS: [&str; 4] =
    ["application/spdx", "application/vnd.cyclonedx", "application/vnd.syft", "text/spdx"];

/// What an attachment claims to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nature {
    /// What it is for.
    pub what: What,
    /// Whose format it has: `cosign` or `notation`, where it is one of theirs.
    pub by: Option<&'static str>,
    /// What an attestation states, or the artifact type of what is neither known nor an attestation.
    pub types: Vec<String>,
    /// How many there are in it: cosign's older tags hold several.
    pub count: u64,
}

/// What an attachment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A signature.
    Signature,
    /// A signed statement about the bundle.
    Attestation,
    /// One of the two: the list does not say which, and its manifest was not read.
    SignatureOrAttestation,
    /// A list of components.
    Sbom,
    /// Anything else.
    Other,
}

impl Nature {
    /// The nature of what was found; its manifest says more than the list, where it was read.
    pub fn of(found: &Found, manifest: Option<&Manifest>) -> Self {
        match &found.tag {
            Some((companion, _)) => Self::under_tag(*companion, manifest),
            None => Self::of_referrer(&found.manifest, manifest),
        }
    }

    fn new(what: What, by: Option<&'static str>) -> Self {
        Self { what, by, types: Vec::new(), count: 1 }
    }

    fn under_tag(companion: Companion, manifest: Option<&Manifest>) -> Self {
        let what = match companion {
            Companion::Signatures => What::Signature,
            Companion::Attestations => What::Attestation,
            Companion::Sbom => What::Sbom,
        };
        let mut nature = Self::new(what, Some("cosign"));
        if let Some(manifest) = manifest.filter(|_| what != What::Sbom) {
            nature.count = manifest.layers().len() as u64;
            let layers = manifest.layers().iter().filter(|_| what == What::Attestation);
            let stated: BTreeSet<&str> = layers.filter_map(|layer| layer.annotation(PREDICATE)).collect();
            nature.types = stated.into_iter().map(str::to_owned).collect();
        }
        nature
    }

    fn of_referrer(listed: &Descriptor, manifest: Option<&Manifest>) -> Self {
        let own = manifest.and_then(Manifest::artifact_type);
        let kind = own.or(listed.artifact_type.as_deref()).unwrap_or(&listed.media_type);
        let annotation = |key: &str| match manifest {
            Some(manifest) => manifest.annotations().get(key).map(String::as_str),
            None => listed.annotation(key),
        };
        if kind.starts_with(BUNDLE) {
            return Self::of_bundle(annotation(BUNDLE_PREDICATE), annotation(BUNDLE_CONTENT));
        }
        if let Some(rest) = kind.strip_prefix(COSIGN_ARTIFACT) {
            let what = match rest.split('.').next() {
                Some("sig") => What::Signature,
                Some("att") => What::Attestation,
                Some("sbom") => What::Sbom,
                _ => What::Other,
            };
            return Self { types: other_type(what, kind), ..Self::new(what, Some("cosign")) };
        }
        if kind == NOTATION {
            return Self::new(What::Signature, Some("notation"));
        }
        let what = if SBOMS.iter().any(|start| kind.starts_with(start)) { What::Sbom } else { What::Other };
        Self { types: other_type(what, kind), ..Self::new(what, None) }
    }

    fn of_bundle(predicate: Option<&str>, content: Option<&str>) -> Self {
        let what = match (predicate, content) {
            (Some(COSIGN_SIGNATURE), _) | (None, Some("message-signature")) => What::Signature,
            (Some(_), _) => What::Attestation,
            // What its manifest leaves open, only the bundle itself tells.
            (None, _) => What::SignatureOrAttestation,
        };
        let types = predicate.filter(|_| what == What::Attestation).map(str::to_owned);
        Self { types: types.into_iter().collect(), ..Self::new(what, Some("cosign")) }
    }
}

fn other_type(what: What, kind: &str) -> Vec<String> {
    if matches!(what, What::Other | What::Sbom) { vec![kind.to_owned()] } else { Vec::new() }
}
