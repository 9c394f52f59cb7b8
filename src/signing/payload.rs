//! The payload of the older form, "simple signing": written as cosign writes it, read as tolerantly as cosign reads it.

use std::collections::BTreeMap;

use serde_json::json;

use super::json::{Json, Malformed, folded};
use crate::oci::Digest;

/// What cosign calls its payloads.
const TYPE: &str = "cosign container image signature";

/// The fields of an object, some perhaps twice.
type Fields = [(String, Json)];

/// The payload for a digest; `reference` is the repository with its host, without a tag.
pub(super) fn write(subject: &Digest, reference: &str, annotations: &BTreeMap<String, String>) -> Vec<u8> {
    let optional = if annotations.is_empty() { serde_json::Value::Null } else { json!(annotations) };
    let payload = json!({
        "critical": {
            "identity": {"docker-reference": reference},
            "image": {"docker-manifest-digest": subject},
            "type": TYPE,
        },
        "optional": optional,
    });
    payload.to_string().into_bytes()
}

/// What a payload claims.
pub(super) struct Payload {
    /// The digest, as it stands there; empty where none does.
    pub(super) digest: String,
    optional: BTreeMap<String, Json>,
}

impl Payload {
    /// Reads a payload: keys in any letter case, unknown ones passed over, of two equal ones the later, as the tools
    /// do that everyone signs with. All of it was signed, so that none of this lets anybody else in.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let root = Json::parse(bytes)?;
        let root = match &root {
            Json::Object(fields) => vec![fields.as_slice()],
            Json::Null => Vec::new(),
            _ => return Err(Malformed::Field("the payload")),
        };
        let critical = objects(&root, "critical")?;
        let identity = objects(&critical, "identity")?;
        text(&identity, "docker-reference")?;
        text(&critical, "type")?;
        let image = objects(&critical, "image")?;
        let digest = text(&image, "docker-manifest-digest")?.unwrap_or_default().to_owned();
        let mut optional = BTreeMap::new();
        for value in named(&root, "optional") {
            match value {
                Json::Null => optional.clear(),
                Json::Object(fields) => optional.extend(fields.iter().cloned()),
                _ => return Err(Malformed::Field("optional")),
            }
        }
        Ok(Self { digest, optional })
    }

    /// Whether an annotation has this value; a number is no text.
    pub(super) fn has(&self, key: &str, value: &str) -> bool {
        self.optional.get(key).and_then(Json::text) == Some(value)
    }
}

/// All values that go by a name.
fn named<'a>(parents: &[&'a Fields], name: &'static str) -> impl Iterator<Item = &'a Json> {
    let fields = parents.iter().copied().flatten();
    fields.filter(move |(key, _)| folded(key).eq(name.chars())).map(|(_, value)| value)
}

/// The objects that go by a name; they are one object to the reader.
fn objects<'a>(parents: &[&'a Fields], name: &'static str) -> Result<Vec<&'a Fields>, Malformed> {
    let values = named(parents, name).filter(|value| **value != Json::Null);
    values.map(|value| value.object().ok_or(Malformed::Field(name))).collect()
}

/// The last text that goes by a name.
fn text<'a>(parents: &[&'a Fields], name: &'static str) -> Result<Option<&'a str>, Malformed> {
    let values = named(parents, name).filter(|value| **value != Json::Null);
    let texts: Result<Vec<_>, _> = values.map(|value| value.text().ok_or(Malformed::Field(name))).collect();
    Ok(texts?.pop())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(text: &str) -> Option<String> {
        Payload::read(text.as_bytes()).ok().map(|payload| payload.digest)
    }

    #[test]
    fn keys_are_read_as_go_reads_them() {
        for text in [
            r#"{"critical":{"image":{"docker-manifest-digest":"D"}}}"#,
            r#"{"Critical":{"IMAGE":{"Docker-Manifest-Digest":"D"}}}"#,
            r#"{"critical":{"image":{"docKer-manifeſt-digeſt":"D"}}}"#,
            r#"{"critical":{"image":{"docker-manifest-digest":"E","docker-manifest-digest":"D"}}}"#,
            r#"{"critical":{"image":{"docker-manifest-digest":"D","docker-manifest-digest":null}}}"#,
            r#"{"critical":{"image":{"docker-manifest-digest":"D"}},"critical":{"type":"x"},"x":[{}]}"#,
            r#"{"critical":{"image":{"docker-manifest-digest":"E"}},"critical":{"image":{"docker-manifest-digest":"D"}}}"#,
        ] {
            assert_eq!(digest(text).as_deref(), Some("D"), "{text}");
        }
        for text in ["null", "{}", r#"{"critical":null}"#, r#"{"critical":{"image":{}}}"#] {
            assert_eq!(digest(text).as_deref(), Some(""), "{text}");
        }
        for text in [
            "[]",
            r#"{"critical":[]}"#,
            r#"{"critical":{"type":5}}"#,
            r#"{"critical":{"identity":""}}"#,
            r#"{"critical":{"image":{"docker-manifest-digest":["D"]}}}"#,
            r#"{"optional":"x"}"#,
        ] {
            assert_eq!(digest(text), None, "{text}");
        }
    }

    #[test]
    fn annotations_are_texts_and_the_later_wins() {
        let read = |text: &str| Payload::read(text.as_bytes()).unwrap();
        assert!(read(r#"{"optional":{"a":"1"}}"#).has("a", "1"));
        assert!(!read(r#"{"optional":{"a":1}}"#).has("a", "1"));
        assert!(!read(r#"{"optional":{"A":"1"}}"#).has("a", "1"), "the map's own keys are exact");
        assert!(read(r#"{"optional":{"a":"0","a":"1"},"optional":{"b":"2"}}"#).has("a", "1"));
        assert!(!read(r#"{"optional":{"a":"1"},"optional":null}"#).has("a", "1"));
    }
}
