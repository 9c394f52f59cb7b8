//! `index.json` of a layout, with everything that torte does not know kept as it is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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
    #[serde(default, deserialize_with = "null_is_default")]
    manifests: Vec<Entry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<Descriptor>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "null_is_default")]
    annotations: BTreeMap<String, String>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

/// One entry. What is no descriptor that torte can read hides none of the others, and is written back as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all entries are known, and a box for each would cost more"
)]
enum Entry {
    Known(Listed),
    Foreign(Value),
}

/// What an index lists: a manifest, with all that others say of it and torte does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The manifest, without its platform.
    #[serde(flatten)]
    pub manifest: Descriptor,
    /// Kept whole, so that nothing of it is lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    platform: Option<Value>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

impl From<Descriptor> for Listed {
    fn from(manifest: Descriptor) -> Self {
        Self { manifest, platform: None, other: Map::new() }
    }
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
            other: Map::new(),
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

    /// The manifests in their order: each stands here once for each of its tags, or once without any.
    pub fn manifests(&self) -> impl DoubleEndedIterator<Item = &Descriptor> {
        self.listed().map(|listed| &listed.manifest)
    }

    /// The same, with all that is said of them.
    pub fn listed(&self) -> impl DoubleEndedIterator<Item = &Listed> {
        self.manifests.iter().filter_map(|entry| match entry {
            Entry::Known(listed) => Some(listed),
            Entry::Foreign(_) => None,
        })
    }

    /// The same, to be changed.
    pub fn manifests_mut(&mut self) -> impl Iterator<Item = &mut Descriptor> {
        self.manifests.iter_mut().filter_map(|entry| match entry {
            Entry::Known(listed) => Some(&mut listed.manifest),
            Entry::Foreign(_) => None,
        })
    }

    /// What is no descriptor among the entries: its position, from 0, and why it is none.
    pub fn foreign(&self) -> impl Iterator<Item = (usize, serde_json::Error)> {
        self.manifests.iter().enumerate().filter_map(|(at, entry)| match entry {
            Entry::Known(_) => None,
            Entry::Foreign(value) => Listed::deserialize(value).err().map(|reason| (at, reason)),
        })
    }

    /// Whether it has no entry at all.
    pub fn is_empty(&self) -> bool {
        self.manifests.is_empty()
    }

    /// Adds a manifest at the end.
    pub fn push(&mut self, manifest: impl Into<Listed>) {
        self.manifests.push(Entry::Known(manifest.into()));
    }

    /// Takes the manifests away that `keep` does not want; what is no descriptor stays.
    pub fn retain(&mut self, mut keep: impl FnMut(&Descriptor) -> bool) {
        self.manifests.retain(|entry| match entry {
            Entry::Known(listed) => keep(&listed.manifest),
            Entry::Foreign(_) => true,
        });
    }

    /// The bytes of `index.json`: compact, no line end, as oras-go writes them.
    pub fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oci::Digest;

    #[test]
    fn an_empty_index_is_written_as_oras_writes_it() {
        let expected =
            r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#;
        assert_eq!(String::from_utf8(Index::default().to_bytes().unwrap()).unwrap(), expected);
    }

    #[test]
    fn unknown_fields_and_their_order_survive() {
        let text = r#"{"schemaVersion":2,"manifests":[{"mediaType":"m","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2,"x":{"z":1,"a":2}}],"later":[1]}"#;
        assert_eq!(
            String::from_utf8(Index::parse(text.as_bytes()).unwrap().to_bytes().unwrap()).unwrap(),
            text
        );
    }

    #[test]
    fn a_platform_is_written_back_as_it_was() {
        let digest = Digest::of(b"{}");
        for platform in [r#"{"os":"linux","x":{"z":[1]},"architecture":"amd64"}"#, "7", r#""linux""#] {
            let text = format!(
                r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"m","digest":"{digest}","size":2,"platform":{platform}}}]}}"#
            );
            let mut index = Index::parse(text.as_bytes()).unwrap();
            assert_eq!(index.foreign().count(), 0);
            assert_eq!(String::from_utf8(index.to_bytes().unwrap()).unwrap(), text);
            for entry in index.manifests_mut() {
                entry.annotations.insert("a".into(), "b".into());
            }
            let changed = text.replace(r#","platform""#, r#","annotations":{"a":"b"},"platform""#);
            assert_eq!(String::from_utf8(index.to_bytes().unwrap()).unwrap(), changed);
        }
    }

    #[test]
    fn an_entry_that_is_no_descriptor_hides_none_and_is_written_back_as_it_was() {
        let good = r#"{"mediaType":"m","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2}"#;
        let foreign = [
            r#"{"size":2,"mediaType":"m","digest":"md5:abc"}"#,
            r#"{"mediaType":"m","digest":"sha384:00","size":2,"annotations":{"b":"1","a":"2"}}"#,
            r#"{"mediaType":"m","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":-1}"#,
            r#"{"x":[1.5,-3,18446744073709551615,null]}"#,
            "null",
            "7",
            r#""text""#,
            "[[]]",
        ];
        let text = format!(
            r#"{{"schemaVersion":2,"manifests":[{good},{},{good}]}}"#,
            foreign.join(&format!(",{good},"))
        );
        let mut index = Index::parse(text.as_bytes()).unwrap();
        assert_eq!(index.manifests().count(), foreign.len() + 1);
        let named: Vec<_> = index.foreign().map(|(at, _)| at).collect();
        assert_eq!(named, [1, 3, 5, 7, 9, 11, 13, 15]);
        assert!(
            index.foreign().next().unwrap().1.to_string().contains("md5"),
            "the reason names what is wrong"
        );
        assert_eq!(String::from_utf8(index.to_bytes().unwrap()).unwrap(), text);
        index.retain(|_| false);
        assert!(!index.is_empty());
        let left = format!(r#"{{"schemaVersion":2,"manifests":[{}]}}"#, foreign.join(","));
        assert_eq!(String::from_utf8(index.to_bytes().unwrap()).unwrap(), left);
    }
}
