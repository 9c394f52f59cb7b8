//! What a log keeps of a signature: the three records that clients make of an envelope, in exactly their shape.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::signing::base64_text;
use crate::signing::json::{Json, Malformed, Message};

/// The hashes of Rekor's second version (protobuf-specs, `sigstore_common.proto`).
const HASHES: [&str; 3] = ["SHA2_256", "SHA2_384", "SHA2_512"];
/// Its names for those keys that are verified here.
const KEYS: [&str; 7] = [
    "PKIX_ECDSA_P256_SHA_256",
    "PKIX_ECDSA_P384_SHA_384",
    "PKIX_ED25519",
    "PKIX_ED25519_PH",
    "PKIX_RSA_PKCS1V15_2048_SHA256",
    "PKIX_RSA_PKCS1V15_3072_SHA256",
    "PKIX_RSA_PKCS1V15_4096_SHA256",
];

/// Reads a record that is said to be of this kind and version.
///
/// cosign reads some ten kinds in several versions, each by rules of its own. Which record it is decides nothing here, so
/// that only what real clients write is taken: Rekor's `dsse`, its older `intoto`, and `hashedrekord` of its second version.
pub(super) fn read(body: &[u8], said: (&str, &str)) -> Result<(), Malformed> {
    let body = Json::parse(body)?;
    let mut fields = Message::of(&body, "canonicalizedBody")?;
    let kind = (fields.take_text(["kind"; 2])?, fields.take_text(["apiVersion"; 2])?);
    let spec = fields.take_message(["spec"; 2])?;
    fields.end()?;
    match kind {
        _ if kind != said => Err(Malformed::Field("kindVersion")),
        ("dsse", "0.0.1") => dsse(spec),
        ("hashedrekord", "0.0.2") => hashed(spec),
        ("intoto", "0.0.2") => in_toto(spec),
        _ => Err(Malformed::Field("kindVersion")),
    }
}

fn dsse(mut spec: Message<'_>) -> Result<(), Malformed> {
    hash(spec.take_message(["envelopeHash"; 2])?)?;
    hash(spec.take_message(["payloadHash"; 2])?)?;
    signatures(spec.take_list(["signatures"; 2])?, ["signature", "verifier"])?;
    spec.end()
}

fn in_toto(mut spec: Message<'_>) -> Result<(), Malformed> {
    let mut content = spec.take_message(["content"; 2])?;
    spec.end()?;
    hash(content.take_message(["hash"; 2])?)?;
    hash(content.take_message(["payloadHash"; 2])?)?;
    let mut envelope = content.take_message(["envelope"; 2])?;
    content.end()?;
    envelope.take_text(["payloadType"; 2])?;
    signatures(envelope.take_list(["signatures"; 2])?, ["sig", "publicKey"])?;
    envelope.end()
}

fn hashed(mut spec: Message<'_>) -> Result<(), Malformed> {
    let mut record = spec.take_message(["hashedRekordV002"; 2])?;
    spec.end()?;
    let mut data = record.take_message(["data"; 2])?;
    let mut signature = record.take_message(["signature"; 2])?;
    record.end()?;
    one_of(&mut data, "algorithm", &HASHES)?;
    filled(&mut data, "digest")?;
    data.end()?;
    filled(&mut signature, "content")?;
    let mut verifier = signature.take_message(["verifier"; 2])?;
    signature.end()?;
    one_of(&mut verifier, "keyDetails", &KEYS)?;
    let mut key = verifier.take_message(["publicKey"; 2])?;
    verifier.end()?;
    filled(&mut key, "rawBytes")?;
    key.end()
}

fn hash(mut hash: Message<'_>) -> Result<(), Malformed> {
    one_of(&mut hash, "algorithm", &["sha256"])?;
    let value = hash.take_text(["value"; 2])?;
    let is_hex = value.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if value.len() != 64 || !is_hex {
        return Err(Malformed::Field("value"));
    }
    hash.end()
}

/// At least one signature, each with its bytes and its key under these names.
fn signatures(all: &[Json], names: [&'static str; 2]) -> Result<(), Malformed> {
    if all.is_empty() {
        return Err(Malformed::Missing("signatures"));
    }
    for one in all {
        let mut fields = Message::of(one, "signatures")?;
        names.into_iter().try_for_each(|name| filled(&mut fields, name))?;
        fields.take_text(["keyid"; 2])?;
        fields.end()?;
    }
    Ok(())
}

/// Bytes in base64, as it is written.
fn filled(fields: &mut Message<'_>, name: &'static str) -> Result<(), Malformed> {
    let text = fields.take_text([name; 2])?;
    let is_plain = base64_text::standard(text)
        .is_some_and(|bytes| !bytes.is_empty() && BASE64_STANDARD.encode(bytes) == text);
    if is_plain { Ok(()) } else { Err(Malformed::Field(name)) }
}

fn one_of(fields: &mut Message<'_>, name: &'static str, known: &[&str]) -> Result<(), Malformed> {
    let text = fields.take_text([name; 2])?;
    if known.contains(&text) { Ok(()) } else { Err(Malformed::Field(name)) }
}
