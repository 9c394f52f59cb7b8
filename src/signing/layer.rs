//! The layers of cosign's older form: what their annotations hold, and what they must not.

use serde::Deserialize;

use super::base64_text;
use super::verify::Reason;
use crate::oci::Descriptor;

/// The media type of a signature's layer.
pub(super) const SIGNATURE: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
/// The media type of an attestation's layer.
pub(super) const ATTESTATION: &str = "application/vnd.dsse.envelope.v1+json";
/// The annotation that holds the signature; empty on an attestation, whose envelope has its own.
pub(super) const ANNOTATION: &str = "dev.cosignproject.cosign/signature";
/// The annotation that holds what a transparency log said.
const LOG: &str = "dev.sigstore.cosign/bundle";
/// The annotation that holds what a timestamp authority said.
const TIMESTAMP: &str = "dev.sigstore.cosign/rfc3161timestamp";
/// The annotations that hold certificates.
const CERTIFICATES: [&str; 2] = ["dev.sigstore.cosign/certificate", "dev.sigstore.cosign/chain"];

/// What a log said, as far as its shape goes.
#[derive(Deserialize)]
#[expect(dead_code, reason = "only that it can be read counts")]
struct Log {
    #[serde(rename = "SignedEntryTimestamp")]
    timestamp: Option<String>,
    #[serde(rename = "Payload")]
    payload: Option<Entry>,
}

/// What a timestamp authority said, as far as its shape goes.
#[derive(Deserialize)]
struct Timestamp {
    #[serde(rename = "SignedRFC3161Timestamp")]
    signed: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only that it can be read counts")]
struct Entry {
    integrated_time: Option<i64>,
    log_index: Option<i64>,
    #[serde(rename = "logID")]
    log_id: Option<String>,
}

/// The text of a layer's signature, if all that stands beside it can be read.
///
/// Certificates are not verified here, and a signature that comes with one is not taken for one that came without.
pub(super) fn check(layer: &Descriptor) -> Result<&str, Reason> {
    let signature = layer.annotation(ANNOTATION).ok_or(Reason::NoSignature)?;
    let filled = |key: &&str| layer.annotation(key).is_some_and(|text| !text.is_empty());
    if CERTIFICATES.iter().any(filled) {
        return Err(Reason::Certificate);
    }
    if let Some(log) = layer.annotation(LOG).filter(|text| !text.is_empty())
        && serde_json::from_str::<Option<Log>>(log).is_err()
    {
        return Err(Reason::Log);
    }
    if let Some(timestamp) = layer.annotation(TIMESTAMP).filter(|text| !text.is_empty()) {
        let read = serde_json::from_str::<Option<Timestamp>>(timestamp).map_err(|_| Reason::Log)?;
        let signed = read.and_then(|read| read.signed).unwrap_or_default();
        base64_text::standard(&signed).ok_or(Reason::Log)?;
    }
    Ok(signature)
}
