//! `index.json` of a layout, with everything that torte does not know kept as it is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::descriptor::null_is_default;
use super::{Descriptor, media_type};

/// The index of a layout (image specification, `image-layout.md`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Index {
    schema_version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    media_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    artifact_type: Option<String>,
    /// The entries: a manifest stands here once for each of its tags, or once without any.
    #[serde(default, deserialize_with = "null_is_default")]
    pub manifests: Vec<Descriptor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<Descriptor>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "null_is_default")]
    annotations: BTreeMap<String, String>,
    #[serde(flatten)]
    other: serde_json::Map<String, serde_json::Value>,
}

/// Why an index cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Not JSON, or not of the shape of an index.
    #[error("it is not an image index: {0}")]
    Json(#[from] serde_json::Error),
    /// Another version of the format.
    #[error("its schemaVersion is {0}, expected 2")]
    Version(u32),
}

impl Default for Index {
    fn default() -> Self {
        Self {
            schema_version: 2,
            media_type: Some(media_type::INDEX.to_owned()),
            artifact_type: None,
            manifests: Vec::new(),
            subject: None,
            annotations: BTreeMap::new(),
            other: serde_json::Map::new(),
        }
    }
}

impl Index {
    /// Reads an index from the bytes of `index.json`.
    pub fn parse(bytes: &[u8]) -> Result<Self, IndexError> {
        let index: Self = serde_json::from_slice(bytes)?;
        if index.schema_version != 2 {
            return Err(IndexError::Version(index.schema_version));
        }
        Ok(index)
    }

    /// The bytes of `index.json`: compact, no line end, as oras-go writes them.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_index_is_written_as_oras_writes_it() {
        let expected =
            r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#;
        assert_eq!(String::from_utf8(Index::default().to_bytes()).unwrap(), expected);
    }

    #[test]
    fn unknown_fields_and_their_order_survive() {
        let text = r#"{"schemaVersion":2,"manifests":[{"mediaType":"m","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2,"x":{"z":1,"a":2}}],"later":[1]}"#;
        assert_eq!(String::from_utf8(Index::parse(text.as_bytes()).unwrap().to_bytes()).unwrap(), text);
    }
}
