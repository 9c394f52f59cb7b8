//! Manifests and indexes as they travel: the exact bytes, and what they say.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::descriptor::null_is_default;
use super::{Descriptor, Digest, media_type};

/// The largest manifest that is read or written, in bytes.
pub const LARGEST: u64 = 4 * 1024 * 1024;

/// A manifest or an index: its bytes as received or made, never serialised again, and the parts that torte reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    bytes: Vec<u8>,
    media_type: String,
    digest: Digest,
    fields: Fields,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    schema_version: Option<u64>,
    media_type: Option<String>,
    artifact_type: Option<String>,
    config: Option<Descriptor>,
    #[serde(default, deserialize_with = "null_is_default")]
    layers: Vec<Descriptor>,
    #[serde(default, deserialize_with = "null_is_default")]
    manifests: Vec<Descriptor>,
    subject: Option<Descriptor>,
    #[serde(default, deserialize_with = "null_is_default")]
    annotations: BTreeMap<String, String>,
}

/// Why bytes are not a manifest that torte takes.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// It holds both layers or a config and manifests, so that two readers may see two things (CVE-2021-41190).
    #[error(
        "it is ambiguous: an index has no `config` and no `layers`, an image manifest has no `manifests`"
    )]
    Ambiguous,
    /// Its bytes have another digest than the one by which it is addressed.
    #[error("its digest is {found}, not {expected}")]
    Digest {
        /// By which it is addressed.
        expected: Digest,
        /// What its bytes have.
        found: Digest,
    },
    /// Not JSON, or not of the shape of a manifest.
    #[error("it is not a manifest: {0}")]
    Json(#[from] serde_json::Error),
    /// The body and its envelope disagree about the media type.
    #[error("it came as `{outer}` and says of itself that it is `{inner}`")]
    MediaType {
        /// The media type of the header or descriptor.
        outer: String,
        /// The media type inside.
        inner: String,
    },
    /// Larger than [`LARGEST`].
    #[error("it is {size} bytes long; the most that is read is {LARGEST}")]
    TooLarge {
        /// Its size in bytes.
        size: u64,
    },
    /// A media type that is no manifest's.
    #[error("`{0}` is not the media type of a manifest or an index")]
    UnknownMediaType(String),
}

impl Manifest {
    /// Reads a manifest from its bytes, to be addressed by their SHA-256.
    ///
    /// `outer` is the media type under which they came (a header, a descriptor); absent, the body's own counts, and an
    /// image manifest is assumed where it has none either, as the specification allows.
    pub fn parse(bytes: Vec<u8>, outer: Option<&str>) -> Result<Self, ManifestError> {
        let digest = Digest::of(bounded(&bytes)?);
        Self::read(bytes, outer, digest)
    }

    /// The same, addressed by the digest under which it was asked for (`sha512`, say), which its bytes must have: what
    /// is said of other bytes does not matter.
    pub fn of(bytes: Vec<u8>, outer: Option<&str>, digest: &Digest) -> Result<Self, ManifestError> {
        let mut hasher = digest.hasher();
        hasher.update(bounded(&bytes)?);
        let found = hasher.finish();
        if found != *digest {
            return Err(ManifestError::Digest { expected: digest.clone(), found });
        }
        Self::read(bytes, outer, found)
    }

    fn read(bytes: Vec<u8>, outer: Option<&str>, digest: Digest) -> Result<Self, ManifestError> {
        let fields: Fields = serde_json::from_slice(&bytes)?;
        let inner = fields.media_type.as_deref();
        if let (Some(outer), Some(inner)) = (outer, inner)
            && outer != inner
        {
            return Err(ManifestError::MediaType { outer: outer.into(), inner: inner.into() });
        }
        let guess = if fields.manifests.is_empty() { media_type::MANIFEST } else { media_type::INDEX };
        let media_type = outer.or(inner).unwrap_or(guess).to_owned();
        if !media_type::MANIFESTS.contains(&media_type.as_str()) {
            return Err(ManifestError::UnknownMediaType(media_type));
        }
        let is_index = media_type::is_list(&media_type);
        let has_content = fields.config.is_some() || !fields.layers.is_empty();
        if (is_index && has_content) || (!is_index && !fields.manifests.is_empty()) {
            return Err(ManifestError::Ambiguous);
        }
        Ok(Self { bytes, media_type, digest, fields })
    }

    /// The exact bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The digest of the bytes.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Its media type.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Whether it lists manifests instead of layers.
    pub fn is_index(&self) -> bool {
        media_type::is_list(&self.media_type)
    }

    /// Describes it, with its artifact type and without annotations.
    pub fn descriptor(&self) -> Descriptor {
        let mut descriptor = Descriptor::new(&self.media_type, self.digest.clone(), self.bytes.len() as u64);
        descriptor.artifact_type = self.artifact_type().map(str::to_owned);
        descriptor
    }

    /// What the artifact is: the manifest's own word, or else the media type of its config.
    pub fn artifact_type(&self) -> Option<&str> {
        let own = self.fields.artifact_type.as_deref().filter(|text| !text.is_empty());
        own.or_else(|| self.fields.config.as_ref().map(|config| config.media_type.as_str()))
    }

    /// The config, which an index lacks.
    pub fn config(&self) -> Option<&Descriptor> {
        self.fields.config.as_ref()
    }

    /// The layers in order; one digest may stand here more than once.
    pub fn layers(&self) -> &[Descriptor] {
        &self.fields.layers
    }

    /// The manifests that an index lists.
    pub fn manifests(&self) -> &[Descriptor] {
        &self.fields.manifests
    }

    /// The manifest that this one is about.
    pub fn subject(&self) -> Option<&Descriptor> {
        self.fields.subject.as_ref()
    }

    /// The annotations.
    pub fn annotations(&self) -> &BTreeMap<String, String> {
        &self.fields.annotations
    }

    /// The version of its form, 2 of all that are in use, where it says one.
    pub fn schema_version(&self) -> Option<u64> {
        self.fields.schema_version
    }

    /// The blobs that it names, config and layers in order; one digest may stand here more than once.
    pub fn named(&self) -> impl Iterator<Item = &Descriptor> {
        self.fields.config.iter().chain(&self.fields.layers)
    }

    /// The same, each digest once.
    pub fn blobs(&self) -> Vec<Descriptor> {
        let mut seen = std::collections::HashSet::new();
        self.named().filter(|blob| seen.insert(&blob.digest)).cloned().collect()
    }
}

fn bounded(bytes: &[u8]) -> Result<&[u8], ManifestError> {
    let size = bytes.len() as u64;
    if size > LARGEST { Err(ManifestError::TooLarge { size }) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, outer: Option<&str>) -> Result<Manifest, ManifestError> {
        Manifest::parse(text.as_bytes().to_vec(), outer)
    }

    #[test]
    fn a_body_that_contradicts_its_header_is_refused() {
        let body =
            r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#;
        assert!(parse(body, None).unwrap().is_index());
        assert!(matches!(parse(body, Some(media_type::MANIFEST)), Err(ManifestError::MediaType { .. })));
    }

    #[test]
    fn a_body_that_can_be_read_as_two_things_is_refused() {
        let layer = format!(r#"{{"mediaType":"x","digest":"{}","size":2}}"#, Digest::of(b"{}"));
        let both = format!(r#"{{"layers":[{layer}],"manifests":[{layer}]}}"#);
        assert!(matches!(parse(&both, None), Err(ManifestError::Ambiguous)));
        assert!(matches!(parse(&both, Some(media_type::MANIFEST)), Err(ManifestError::Ambiguous)));
    }

    #[test]
    fn duplicate_fields_negative_sizes_and_bad_digests_are_refused() {
        for body in [
            r#"{"layers":[],"layers":[]}"#,
            r#"{"layers":[{"mediaType":"x","digest":"sha256:zz","size":2}]}"#,
            r#"{"config":{"mediaType":"x","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":-2}}"#,
            "[]",
            "<html>",
        ] {
            assert!(matches!(parse(body, None), Err(ManifestError::Json(_))), "{body}");
        }
    }

    #[test]
    fn a_manifest_is_addressed_by_the_digest_that_it_was_asked_for_by() {
        let sha512 = "sha512:27c74670adb75075fad058d5ceaf7b20c4e7786c83bae8a32f626f9782af34c9a33c2046ef60fd2a7878d378e29fec851806bbd9a67878f3a9f1cda4830763fd";
        for digest in [sha512.parse().unwrap(), Digest::of(b"{}")] {
            assert_eq!(*Manifest::of(b"{}".to_vec(), None, &digest).unwrap().digest(), digest);
            let wrong = Manifest::of(b"<html>".to_vec(), None, &digest);
            assert!(matches!(wrong, Err(ManifestError::Digest { .. })), "the digest comes first");
        }
    }

    #[test]
    fn null_lists_are_empty() {
        assert_eq!(parse(r#"{"layers":null,"annotations":null}"#, None).unwrap().layers(), &[]);
    }
}
