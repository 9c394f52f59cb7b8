//! What an attestation says: a file, and the type that says how to read it.

use serde_json::json;

use super::json::Json;
use super::{Malformed, statement};

/// cosign's name for a statement whose predicate is any file.
const CUSTOM: &str = "https://cosign.sigstore.dev/attestation/v1";

/// cosign's short names, and the URIs that they stand for (its `options/predicate.go`, 3.1.3).
const NAMES: [(&str, &str); 10] = [
    ("custom", CUSTOM),
    ("cyclonedx", "https://cyclonedx.org/bom"),
    ("link", "https://in-toto.io/Link/v1"),
    ("openvex", "https://openvex.dev/ns"),
    ("slsaprovenance", "https://slsa.dev/provenance/v0.2"),
    ("slsaprovenance02", "https://slsa.dev/provenance/v0.2"),
    ("slsaprovenance1", "https://slsa.dev/provenance/v1"),
    ("spdx", "https://spdx.dev/Document"),
    ("spdxjson", "https://spdx.dev/Document"),
    ("vuln", "https://cosign.sigstore.dev/attestation/vuln/v1"),
];

/// What an attestation says.
pub struct Predicate {
    /// Its type, a URI.
    pub(super) kind: String,
    /// The statement's predicate: JSON as it was written, since a number that is read may be rounded.
    pub(super) content: String,
}

/// Why a file is no predicate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PredicateError {
    /// Not JSON that every reader reads alike.
    #[error("{0}")]
    Malformed(#[from] Malformed),
    /// Not an object.
    #[error("it is JSON and no object, which a predicate must be unless its type is `custom`")]
    NoObject,
    /// Not text.
    #[error("it is not UTF-8")]
    NoText,
    /// The type by which a signature is told from an attestation.
    #[error("`{}` is what signatures are told by; sign without a predicate instead", statement::SIGNATURE)]
    Signature,
    /// No type that is known, and no URI.
    #[error("`{0}` is neither the URI of a predicate's type nor one of {names}", names = names())]
    Type(String),
}

/// The short names of types, as a list.
fn names() -> String {
    NAMES.map(|(name, _)| name).join(", ")
}

/// The URI that a predicate's type means: one of cosign's short names, or a URI.
pub fn predicate_type(name: &str) -> Result<&str, PredicateError> {
    if let Some((_, uri)) = NAMES.iter().find(|(short, _)| *short == name) {
        return Ok(uri);
    }
    let is_plain = name.bytes().all(|byte| byte.is_ascii_graphic());
    let scheme = name.split_once(':').map(|(scheme, rest)| (scheme.as_bytes(), rest));
    match scheme {
        Some(([b'a'..=b'z' | b'A'..=b'Z', ..], rest)) if is_plain && !rest.is_empty() => Ok(name),
        _ => Err(PredicateError::Type(name.to_owned())),
    }
}

impl Predicate {
    /// A predicate of a type, from the bytes of a file: with `custom` any text, else a JSON object.
    ///
    /// What an object of its type must hold is not looked at. SPDX as text, which cosign wraps and cannot verify, is
    /// refused.
    pub fn read(name: &str, file: &[u8], created: &str) -> Result<Self, PredicateError> {
        let kind = predicate_type(name)?.to_owned();
        if kind == statement::SIGNATURE {
            return Err(PredicateError::Signature);
        }
        let text = std::str::from_utf8(file).map_err(|_| PredicateError::NoText)?;
        if kind == CUSTOM {
            let content = json!({"Data": text, "Timestamp": created}).to_string();
            return Ok(Self { kind, content });
        }
        let tree = Json::parse(file)?;
        tree.unique()?;
        if tree.object().is_none() {
            return Err(PredicateError::NoObject);
        }
        Ok(Self { kind, content: text.trim_ascii().to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_has_each_name_and_what_it_stands_for() {
        let guide = include_str!("../../docs/signing.md");
        for (name, uri) in NAMES {
            let mut rows = guide.lines().filter(|line| line.starts_with("| `"));
            let is_there =
                |row: &str| row.contains(&format!("`{name}`")) && row.contains(&format!("`{uri}`"));
            assert!(rows.any(is_there), "{name}");
        }
    }

    #[test]
    fn a_type_is_a_name_or_a_uri() {
        assert_eq!(predicate_type("spdxjson").unwrap(), "https://spdx.dev/Document");
        for uri in ["https://example.com/tests/v1", "urn:example:tests"] {
            assert_eq!(predicate_type(uri).unwrap(), uri);
        }
        for other in ["", "tests", "SPDX", "1:x", "x:", "https://example.com/a b"] {
            assert!(matches!(predicate_type(other), Err(PredicateError::Type(_))), "{other}");
        }
    }

    #[test]
    fn only_custom_takes_what_is_no_object() {
        let read = |name: &str, file: &[u8]| Predicate::read(name, file, "2026-01-01T00:00:00Z").err();
        assert_eq!(read("custom", b"any text"), None);
        assert_eq!(read("custom", b"\xff"), Some(PredicateError::NoText));
        assert_eq!(read("spdx", b"{}"), None);
        assert!(matches!(read("spdx", b"SPDXVersion: SPDX-2.3"), Some(PredicateError::Malformed(_))));
        assert!(matches!(read("vuln", br#"{"a":1,"a":2}"#), Some(PredicateError::Malformed(_))));
        assert_eq!(read("vuln", b"[]"), Some(PredicateError::NoObject));
        assert_eq!(read(statement::SIGNATURE, b"{}"), Some(PredicateError::Signature));
    }
}
