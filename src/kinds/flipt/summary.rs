//! What a layer holds: its flags and segments, read from its payload.

use serde::Deserialize;
use serde::de::Deserializer;

use super::document::{self, Format};
use super::unpack::UnpackError;
use crate::oci::Descriptor;

/// What a layer holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Its flags.
    pub flags: Vec<FlagLine>,
    /// The keys of its segments.
    pub segments: Vec<String>,
}

/// One flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagLine {
    /// Its key.
    pub key: String,
    /// `variant` or `boolean`.
    pub kind: String,
    /// Whether it is on.
    pub enabled: bool,
    /// The keys of its variants.
    pub variants: Vec<String>,
}

#[derive(Deserialize)]
struct Payload {
    #[serde(default, deserialize_with = "list")]
    flags: Vec<Flag>,
    #[serde(default, deserialize_with = "list")]
    segments: Vec<Keyed>,
}

#[derive(Deserialize)]
struct Flag {
    #[serde(default)]
    key: String,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    enabled: bool,
    #[serde(default, deserialize_with = "list")]
    variants: Vec<Keyed>,
}

#[derive(Deserialize)]
struct Keyed {
    #[serde(default)]
    key: String,
}

/// `null` is an empty list.
fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a layer. A layer in YAML, which other builders may make, can hold several documents.
pub fn summary(layer: &Descriptor, bytes: &[u8]) -> Result<Summary, UnpackError> {
    let unreadable = |cause: String| UnpackError::Payload { layer: layer.digest.clone(), cause };
    let read = |json: &[u8]| serde_json::from_slice(json).map_err(|error| unreadable(error.to_string()));
    let payloads: Vec<Payload> = if super::unpack::is_yaml(layer) {
        let mut reading = document::read("layer", bytes, Format::Yaml);
        if let Some(fault) = reading.faults.pop() {
            return Err(unreadable(fault.message));
        }
        reading.documents.iter().map(|document| read(&document.payload)).collect::<Result<_, _>>()?
    } else {
        vec![read(bytes)?]
    };
    let mut found = Summary::default();
    for payload in payloads {
        found.flags.extend(payload.flags.into_iter().map(line));
        found.segments.extend(payload.segments.into_iter().map(|segment| segment.key));
    }
    Ok(found)
}

fn line(flag: Flag) -> FlagLine {
    let kind = match flag.kind.as_str() {
        "BOOLEAN_FLAG_TYPE" => "boolean",
        "" | "VARIANT_FLAG_TYPE" => "variant",
        other => other,
    };
    let variants = flag.variants.into_iter().map(|variant| variant.key).collect();
    FlagLine { kind: kind.to_owned(), key: flag.key, enabled: flag.enabled, variants }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(media_type: &str, text: &str) -> Result<Summary, UnpackError> {
        summary(&Descriptor::of(media_type, text.as_bytes()), text.as_bytes())
    }

    #[test]
    fn flags_and_segments_are_found_in_every_encoding() {
        let json = r#"{"flags":[{"key":"a","type":"BOOLEAN_FLAG_TYPE","enabled":true},{"key":"b","variants":[{"key":"x"}]}],"segments":null}"#;
        let found = of("application/vnd.io.flipt.features.namespace.v1", json).unwrap();
        assert_eq!(found.flags[0].kind, "boolean");
        assert_eq!(
            (found.flags[1].kind.as_str(), &found.flags[1].variants[..]),
            ("variant", &["x".to_owned()][..])
        );
        let yaml =
            "flags:\n- {key: a, name: A}\n---\nsegments:\n- {key: s, name: S, match_type: ANY_MATCH_TYPE}\n";
        let found = of("application/vnd.io.flipt.features.namespace.v1+yaml", yaml).unwrap();
        assert_eq!((found.flags.len(), found.segments), (1, vec!["s".to_owned()]));
    }

    #[test]
    fn a_payload_of_another_shape_is_an_error() {
        for text in ["[1]", "{\"flags\":1}", "<html>", ""] {
            assert!(of("application/vnd.io.flipt.features.namespace.v1", text).is_err(), "{text}");
        }
    }
}
