//! Sigstore bundles, version 0.3, with a DSSE envelope in them (protobuf-specs, `sigstore_bundle.proto`).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use super::envelope::{self, Envelope, Signature};
use super::json::{Json, Malformed, Message};
use super::verify::Reason;
use super::{KeyError, PrivateKey, PublicKey};

mod log;

/// The media type that is written.
pub(super) const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
/// What the media type of a layer that holds a bundle begins with.
pub(super) const LAYER: &str = "application/vnd.dev.sigstore.bundle";

/// A bundle around a statement.
pub(super) fn write(statement: &[u8], key: &PrivateKey) -> Result<Vec<u8>, KeyError> {
    let bundle = json!({
        "mediaType": MEDIA_TYPE,
        "verificationMaterial": {"publicKey": {"hint": hint(key.public())}},
        "dsseEnvelope": envelope::write(statement, key)?,
    });
    Ok(bundle.to_string().into_bytes())
}

/// Which key it was, for whoever has many: the base64 of its SHA-256.
fn hint(key: &PublicKey) -> String {
    // The hex of a digest is hex.
    BASE64_STANDARD.encode(hex::decode(key.digest().hex()).unwrap_or_default())
}

/// Reads a bundle as strictly as its protocol buffer, down to its envelope.
pub(super) fn read(bytes: &[u8]) -> Result<Envelope, Reason> {
    let root = Json::parse(bytes)?;
    let mut fields = Message::of(&root, "the bundle")?;
    let media_type = fields.take_text(["mediaType", "media_type"])?;
    if !is_known(media_type) {
        return Err(Reason::Version(media_type.chars().take(80).collect()));
    }
    let material = fields.take(["verificationMaterial", "verification_material"])?;
    let content = fields.take(["dsseEnvelope", "dsse_envelope"])?;
    let message = fields.take(["messageSignature", "message_signature"])?;
    fields.end()?;
    read_material(material.ok_or(Malformed::Missing("verificationMaterial"))?)?;
    match (content, message) {
        (Some(content), None) => Ok(read_envelope(content)?),
        (Some(_), Some(_)) => Err(Malformed::Twice("content".to_owned()).into()),
        (None, _) => Err(Reason::NoEnvelope),
    }
}

/// Version 0.3 and its patches, in both ways in which the type is written.
fn is_known(media_type: &str) -> bool {
    let Some(rest) = media_type.strip_prefix(LAYER) else { return false };
    if rest == "+json;version=0.3" {
        return true;
    }
    let Some(rest) = rest.strip_prefix(".v0.3").and_then(|rest| rest.strip_suffix("+json")) else {
        return false;
    };
    let is_number = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && (text == "0" || !text.starts_with('0'))
    };
    rest.is_empty() || rest.strip_prefix('.').is_some_and(is_number)
}

/// The hint is a hint: which key it must be, whoever verifies says.
fn read_material(value: &Json) -> Result<(), Reason> {
    let mut fields = Message::of(value, "verificationMaterial")?;
    let key = fields.take(["publicKey", "public_key"])?;
    let chain = fields.take(["x509CertificateChain", "x509_certificate_chain"])?;
    let certificate = fields.take(["certificate"; 2])?;
    log::read(fields.take_list(["tlogEntries", "tlog_entries"])?)?;
    if let Some(times) = fields.take(["timestampVerificationData", "timestamp_verification_data"])? {
        let mut fields = Message::of(times, "timestampVerificationData")?;
        for one in fields.take_list(["rfc3161Timestamps", "rfc3161_timestamps"])? {
            let mut fields = Message::of(one, "rfc3161Timestamps")?;
            fields.take_bytes(["signedTimestamp", "signed_timestamp"])?;
            fields.end()?;
        }
        fields.end()?;
    }
    fields.end()?;
    if chain.is_some() || certificate.is_some() {
        return Err(Reason::Certificate);
    }
    let mut key = Message::of(key.ok_or(Malformed::Missing("publicKey"))?, "publicKey")?;
    key.take_text(["hint"; 2])?;
    Ok(key.end()?)
}

fn read_envelope(value: &Json) -> Result<Envelope, Malformed> {
    let mut fields = Message::of(value, "dsseEnvelope")?;
    let payload = fields.take_bytes(["payload"; 2])?.unwrap_or_default();
    let payload_type = fields.take_text(["payloadType"; 2])?.to_owned();
    let signatures = fields.take_list(["signatures"; 2])?;
    fields.end()?;
    let signature = |one: &Json| {
        let mut fields = Message::of(one, "signatures")?;
        let bytes = fields.take_bytes(["sig"; 2])?.unwrap_or_default();
        let key = fields.take_text(["keyid"; 2])?.to_owned();
        fields.end().map(|()| Signature { bytes, key })
    };
    let signatures = signatures.iter().map(signature).collect::<Result<_, _>>()?;
    Ok(Envelope { payload, payload_type, signatures })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_that_cosign_takes() {
        let known =
            ["bundle.v0.3+json", "bundle.v0.3.0+json", "bundle.v0.3.17+json", "bundle+json;version=0.3"];
        let other = [
            "bundle",
            "bundle.v0.3",
            "bundle.v0.30+json",
            "bundle.v0.3.+json",
            "bundle.v0.3.01+json",
            "bundle.v0.3.1-rc+json",
            "bundle.v0.2+json",
            "bundle.v0.4+json",
            "bundle+json;version=0.4",
            "bundle+json",
        ];
        let full = |name: &str| format!("application/vnd.dev.sigstore.{name}");
        assert!(known.iter().all(|name| is_known(&full(name))));
        assert!(!other.iter().any(|name| is_known(&full(name))));
        assert!(!is_known(""));
    }
}
