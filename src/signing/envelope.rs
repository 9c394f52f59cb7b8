//! DSSE envelopes: what their signatures are made over, and the form in which they stand alone.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::json::{Json, Malformed, Message};
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

/// The keys of an envelope that stands alone.
const KEYS: [&str; 5] = ["payload", "payloadType", "signatures", "keyid", "sig"];

impl Envelope {
    /// Reads an envelope that stands alone: unknown keys are passed over, as the older form allows.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let root = Json::parse(bytes)?;
        root.spelt(&KEYS)?;
        let mut fields = Message::of(&root, "the envelope")?;
        // cosign reads the payload three times, and once only in the standard alphabet.
        let payload = base64_text::standard(fields.take_text(["payload"; 2])?);
        let payload = payload.ok_or(Malformed::Field("payload"))?;
        let payload_type = fields.take_text(["payloadType"; 2])?.to_owned();
        let signature = |one: &Json| {
            let mut fields = Message::of(one, "signatures")?;
            let key = fields.take_text(["keyid"; 2])?.to_owned();
            let bytes = base64_text::either(fields.take_text(["sig"; 2])?);
            Ok(Signature { bytes: bytes.ok_or(Malformed::Field("sig"))?, key })
        };
        let signatures = fields.take_list(["signatures"; 2])?;
        let signatures = signatures.iter().map(signature).collect::<Result<_, _>>()?;
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
