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

/// What a log said, with the fields that cosign writes and no other: readers that do not care for letter case would take
/// some of those for these.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Log {
    #[serde(rename = "SignedEntryTimestamp")]
    timestamp: Option<String>,
    #[serde(rename = "Payload")]
    _payload: Option<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(dead_code, reason = "only that it can be read counts")]
struct Entry {
    body: Option<String>,
    integrated_time: Option<i64>,
    log_index: Option<i64>,
    #[serde(rename = "logID")]
    log_id: Option<String>,
}

/// What a timestamp authority said, likewise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Timestamp {
    #[serde(rename = "SignedRFC3161Timestamp")]
    signed: Option<String>,
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
    check_proof(layer.annotation(LOG), |log: Log| log.timestamp)?;
    check_proof(layer.annotation(TIMESTAMP), |timestamp: Timestamp| timestamp.signed)?;
    Ok(signature)
}

/// What is said of a signature's time can be read, and what was signed of it is base64; nothing at all is fine.
fn check_proof<'a, T: Deserialize<'a>>(
    text: Option<&'a str>,
    signed: impl Fn(T) -> Option<String>,
) -> Result<(), Reason> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(()) };
    let read: Option<T> = serde_json::from_str(text).map_err(|_| Reason::Log)?;
    let signed = read.and_then(signed).unwrap_or_default();
    base64_text::standard(&signed).map(drop).ok_or(Reason::Log)
}
