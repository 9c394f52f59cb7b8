//! Entries of a transparency log inside a bundle: read so that a bundle with broken ones is refused, and not verified.

use crate::signing::base64_text;
use crate::signing::json::{Json, Malformed, Message};

mod record;

/// The most entries of one bundle.
const MOST: usize = 32;

/// Reads the entries; where there are any, one must prove that it was included.
pub(super) fn read(entries: &[Json]) -> Result<(), Malformed> {
    if entries.len() > MOST {
        return Err(Malformed::Field("tlogEntries"));
    }
    let mut proven = entries.is_empty();
    for entry in entries {
        proven |= read_entry(entry)?;
    }
    if proven { Ok(()) } else { Err(Malformed::Missing("inclusionProof")) }
}

/// Reads one entry and says whether it has a proof.
fn read_entry(entry: &Json) -> Result<bool, Malformed> {
    let mut fields = Message::of(entry, "tlogEntries")?;
    whole(fields.take(["logIndex", "log_index"])?, "logIndex")?;
    whole(fields.take(["integratedTime", "integrated_time"])?, "integratedTime")?;
    let mut id = fields.take_message(["logId", "log_id"])?;
    let key = id.take_bytes(["keyId", "key_id"])?.filter(|key| !key.is_empty());
    key.ok_or(Malformed::Missing("keyId"))?;
    id.end()?;
    let mut kind = fields.take_message(["kindVersion", "kind_version"])?;
    let said = (kind.take_text(["kind"; 2])?, kind.take_text(["version"; 2])?);
    kind.end()?;
    if let Some(promise) = fields.take(["inclusionPromise", "inclusion_promise"])? {
        let mut promise = Message::of(promise, "inclusionPromise")?;
        promise.take_bytes(["signedEntryTimestamp", "signed_entry_timestamp"])?;
        promise.end()?;
    }
    let proof = fields.take(["inclusionProof", "inclusion_proof"])?;
    proof.map(read_proof).transpose()?;
    let body = fields.take_bytes(["canonicalizedBody", "canonicalized_body"])?;
    fields.end()?;
    record::read(&body.ok_or(Malformed::Missing("canonicalizedBody"))?, said)?;
    Ok(proof.is_some())
}

fn read_proof(proof: &Json) -> Result<(), Malformed> {
    let mut fields = Message::of(proof, "inclusionProof")?;
    whole(fields.take(["logIndex", "log_index"])?, "logIndex")?;
    whole(fields.take(["treeSize", "tree_size"])?, "treeSize")?;
    fields.take_bytes(["rootHash", "root_hash"])?;
    for hash in fields.take_list(["hashes"; 2])? {
        let text = hash.text().ok_or(Malformed::Field("hashes"))?;
        base64_text::of_message(text).ok_or(Malformed::Field("hashes"))?;
    }
    let mut checkpoint = fields.take_message(["checkpoint"; 2])?;
    let envelope = checkpoint.take_text(["envelope"; 2])?;
    checkpoint.end()?;
    fields.end()?;
    if envelope.is_empty() { Err(Malformed::Missing("envelope")) } else { Ok(()) }
}

/// A whole number that is not negative, in plain decimal, also as a text, as 64 bits are written in JSON.
fn whole(value: Option<&Json>, name: &'static str) -> Result<(), Malformed> {
    let number = match value {
        None => Some(0),
        Some(Json::Number(number)) => *number,
        Some(Json::Text(text)) => text.parse().ok().filter(|number: &i64| number.to_string() == *text),
        Some(_) => None,
    };
    number.filter(|number| *number >= 0).map(drop).ok_or(Malformed::Field(name))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_entry_is_whole_or_refused() {
        let hash = json!({"algorithm": "sha256", "value": "0".repeat(64)});
        let body = json!({"apiVersion": "0.0.1", "kind": "dsse", "spec": {
            "envelopeHash": hash, "payloadHash": hash, "signatures": [{"signature": "AAAA", "verifier": "AAAA"}],
        }});
        let body = base64::prelude::BASE64_STANDARD.encode(body.to_string());
        let entry = json!({
            "logIndex": "7", "logId": {"keyId": "AAAA"}, "kindVersion": {"kind": "dsse", "version": "0.0.1"},
            "integratedTime": "1", "inclusionProof": {"checkpoint": {"envelope": "x"}}, "canonicalizedBody": body,
        });
        let verdict = |entry: &serde_json::Value| {
            read(Json::parse(json!([entry]).to_string().as_bytes()).unwrap().list().unwrap())
        };
        assert_eq!(verdict(&entry), Ok(()));
        for field in ["logId", "kindVersion", "inclusionProof", "canonicalizedBody"] {
            let mut cut = entry.clone();
            cut.as_object_mut().unwrap().remove(field);
            assert!(verdict(&cut).is_err(), "{field}");
        }
        for (field, value) in [
            ("logIndex", json!(-1)),
            ("logIndex", json!("x")),
            ("logIndex", json!("+1")),
            ("logIndex", json!("007")),
            ("logIndex", json!(1.0)),
            ("logIndex", json!(u64::MAX)),
            ("logId", json!({"keyId": ""})),
            ("canonicalizedBody", json!("e30=")),
            ("inclusionProof", json!({})),
            ("inclusionProof", json!({"checkpoint": {}})),
            ("other", json!(1)),
        ] {
            let mut other = entry.clone();
            other[field] = value;
            assert!(verdict(&other).is_err(), "{field}");
        }
        assert!(verdict(&json!({})).is_err());
        assert_eq!(read(&[]), Ok(()));
    }
}
