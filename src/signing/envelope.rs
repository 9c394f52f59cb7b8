//! DSSE envelopes: what their signatures are made over, and the form in which they stand alone.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::json::{Json, Malformed};
use super::payload::{named, text};
use super::{KeyError, PrivateKey, base64_text};

/// The payload type of in-toto statements.
pub(super) const IN_TOTO: &str = "application/vnd.in-toto+json";

/// An envelope that was read.
pub(super) struct Envelope {
    pub(super) payload: Vec<u8>,
    pub(super) payload_type: String,
    pub(super) signatures: Vec<Signature>,
}

/// One signature of an envelope.
pub(super) struct Signature {
    pub(super) bytes: Vec<u8>,
    /// The name of the key; hardly anybody writes one.
    pub(super) key: String,
}

/// What is signed: type and payload with their lengths (DSSE, `protocol.md`).
pub(super) fn encoded(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

/// An envelope around a statement.
pub(super) fn write(statement: &[u8], key: &PrivateKey) -> Result<Value, KeyError> {
    let signature = key.sign(&encoded(IN_TOTO, statement))?;
    Ok(json!({
        "payload": BASE64_STANDARD.encode(statement),
        "payloadType": IN_TOTO,
        "signatures": [{"sig": BASE64_STANDARD.encode(signature)}],
    }))
}

impl Envelope {
    /// Reads an envelope that stands alone: unknown keys are passed over, as the older form allows.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let root = Json::parse(bytes)?;
        let root = [root.object().ok_or(Malformed::Field("the envelope"))?];
        let decoded = |text: Option<&str>, name| {
            base64_text::either(text.unwrap_or_default()).ok_or(Malformed::Field(name))
        };
        let payload = decoded(text(&root, "payload")?, "payload")?;
        let payload_type = text(&root, "payloadtype")?.unwrap_or_default().to_owned();
        let lists: Vec<_> = named(&root, "signatures").collect();
        let list = match lists.as_slice() {
            [one] => one.list().ok_or(Malformed::Field("signatures"))?,
            [] => &[],
            _ => return Err(Malformed::Twice("signatures".to_owned())),
        };
        let signature = |one: &Json| {
            let fields = [one.object().ok_or(Malformed::Field("signatures"))?];
            let key = text(&fields, "keyid")?.unwrap_or_default().to_owned();
            Ok(Signature { bytes: decoded(text(&fields, "sig")?, "sig")?, key })
        };
        let signatures = list.iter().map(signature).collect::<Result<_, _>>()?;
        Ok(Self { payload, payload_type, signatures })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specifications_own_example_is_encoded_so() {
        let expected = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world";
        assert_eq!(encoded("http://example.com/HelloWorld", b"hello world"), expected);
    }
}
