//! Content to blobs and manifest bytes; the same input gives the same digest everywhere.
//!
//! The manifest is what oras-go 2.6 `PackManifest` writes in Go's field order, because Flipt's builder writes it so.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::{Bundle, Content, Identity};
use crate::oci::{Descriptor, Digest, Manifest, ManifestError, media_type};

/// What stands in a manifest beside the content.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// When the bundle counts as made, in RFC 3339.
    pub created: String,
    /// Which form the manifest has.
    pub version: ManifestVersion,
    /// Further annotations; they may not replace `created`.
    pub annotations: BTreeMap<String, String>,
}

/// The version of the image specification that the manifest follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ManifestVersion {
    /// Without `artifactType`; the config's media type says what it is. For registries that refuse 1.1.
    V1_0,
    /// With `artifactType` and an empty config.
    #[default]
    V1_1,
}

/// Why content cannot be packed.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// There are so many layers that no registry would take the manifest.
    #[error("the bundle's manifest would be larger than 4 MiB, the most that registries take")]
    Manifest(#[from] ManifestError),
}

/// The bytes of the config of a bundle that has none.
const EMPTY: &[u8] = b"{}";
/// [`EMPTY`] in base64, as it stands in a 1.1 manifest.
const EMPTY_DATA: &str = "e30=";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fields<'a> {
    schema_version: u32,
    media_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    artifact_type: Option<&'a str>,
    config: Descriptor,
    layers: Vec<Descriptor>,
    annotations: BTreeMap<&'a str, &'a str>,
}

/// Packs content into a bundle.
pub fn pack(content: Content, stamp: &Stamp) -> Result<Bundle, PackError> {
    let (config, config_body, artifact_type) = config(content.identity, stamp.version);
    let mut seen = HashSet::from([config.digest.clone()]);
    let mut blobs = vec![(config.clone(), config_body)];
    let mut layers = Vec::with_capacity(content.layers.len());
    for layer in content.layers {
        let digest = layer.digest.unwrap_or_else(|| Digest::of(&layer.body));
        let mut descriptor = Descriptor::new(layer.media_type, digest, layer.body.len() as u64);
        if seen.insert(descriptor.digest.clone()) {
            blobs.push((descriptor.clone(), layer.body));
        }
        descriptor.annotations = layer.annotations;
        layers.push(descriptor);
    }

    let mut annotations: BTreeMap<&str, &str> =
        stamp.annotations.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    annotations.insert(media_type::CREATED, &stamp.created);
    let fields = Fields {
        schema_version: 2,
        media_type: media_type::MANIFEST,
        artifact_type,
        config,
        layers,
        annotations,
    };
    let json = serde_json::to_string(&fields).map_err(ManifestError::from)?;
    let manifest = Manifest::parse(escape_as_go(json).into_bytes(), None)?;
    Ok(Bundle { manifest, blobs })
}

/// The config with its bytes, and the artifact type that stands beside it.
fn config(identity: Identity, version: ManifestVersion) -> (Descriptor, Vec<u8>, Option<&'static str>) {
    match (identity, version) {
        (Identity::Config(media_type, body), _) => (Descriptor::of(media_type, &body), body, None),
        (Identity::ArtifactType(own), ManifestVersion::V1_0) => {
            (Descriptor::of(own, EMPTY), EMPTY.to_vec(), None)
        }
        (Identity::ArtifactType(own), ManifestVersion::V1_1) => {
            let mut config = Descriptor::of(media_type::EMPTY, EMPTY);
            config.data = Some(EMPTY_DATA.to_owned());
            (config, EMPTY.to_vec(), Some(own))
        }
    }
}

/// Escapes what Go's `encoding/json` escapes beyond the JSON standard; all of it can only stand inside strings.
fn escape_as_go(json: String) -> String {
    // What they are in UTF-8, or begin with; mostly there is none.
    if !json.bytes().any(|byte| matches!(byte, b'<' | b'>' | b'&' | 0xe2)) {
        return json;
    }
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Layer;

    fn layer(namespace: &str, body: &[u8]) -> Layer {
        Layer {
            media_type: "application/vnd.io.flipt.features.namespace.v1",
            annotations: BTreeMap::from([("io.flipt.features.namespace".into(), namespace.into())]),
            body: body.to_vec(),
            digest: None,
        }
    }

    fn stamp(version: ManifestVersion) -> Stamp {
        Stamp { created: "2024-01-02T03:04:05Z".into(), version, annotations: BTreeMap::new() }
    }

    #[test]
    fn identical_layers_share_a_blob_and_stand_twice() {
        let content = Content {
            identity: Identity::ArtifactType("application/vnd.io.flipt.features.v1"),
            layers: vec![layer("a", b"x"), layer("b", b"x"), layer("c", b"{}")],
        };
        let bundle = pack(content, &stamp(ManifestVersion::V1_1)).unwrap();
        assert_eq!(bundle.manifest.layers().len(), 3);
        assert_eq!(bundle.blobs.len(), 2, "`x` once, and `{{}}` is the config's blob");
    }

    #[test]
    fn annotations_are_escaped_as_go_escapes_them() {
        let mut stamp = stamp(ManifestVersion::V1_0);
        stamp.annotations.insert("k".into(), "<a&b>\u{2028}".into());
        let bundle = pack(Content { identity: Identity::ArtifactType("t"), layers: vec![] }, &stamp).unwrap();
        let text = String::from_utf8(bundle.manifest.bytes().to_vec()).unwrap();
        assert!(text.contains(r#""k":"\u003ca\u0026b\u003e\u2028""#), "{text}");
        assert!(!text.contains("artifactType"), "{text}");
    }
}
