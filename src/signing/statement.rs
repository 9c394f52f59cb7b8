//! in-toto statements: what a DSSE envelope says of which digest (in-toto attestation, `spec/v1/statement.md`).

use std::collections::BTreeMap;

use serde_json::json;

use super::json::{Json, Malformed, Message};
use crate::oci::Digest;

/// The predicate type by which cosign marks a statement that is a signature and nothing more.
pub(super) const SIGNATURE: &str = "https://sigstore.dev/cosign/sign/v1";
/// The most subjects of a statement, and digests of one of them, that are read; cosign has the same limits.
const MOST_SUBJECTS: usize = 1024;
const MOST_DIGESTS: usize = 32;

/// The statement that is a signature of a digest.
pub(super) fn signature(subject: &Digest, annotations: &BTreeMap<String, String>) -> Vec<u8> {
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"digest": {subject.algorithm(): subject.hex()}, "annotations": annotations}],
        "predicateType": SIGNATURE,
        "predicate": {},
    });
    statement.to_string().into_bytes()
}

/// The statement of an attestation; `name` is the repository with its host, as cosign gives it. The predicate is JSON, and
/// stands in it as it is. Fails where the statement would not be read again.
pub(super) fn attestation(
    subject: &Digest,
    name: &str,
    predicate_type: &str,
    predicate: &str,
) -> Result<Vec<u8>, Malformed> {
    let version = "https://in-toto.io/Statement/v0.1";
    let subject = json!([{"name": name, "digest": {subject.algorithm(): subject.hex()}}]);
    let kind = json!(predicate_type);
    let statement = format!(
        r#"{{"_type":"{version}","subject":{subject},"predicateType":{kind},"predicate":{predicate}}}"#
    );
    let statement = statement.into_bytes();
    Statement::read(&statement).map(|_| statement)
}

/// A statement, read as strictly as its protocol buffer.
pub(super) struct Statement {
    pub(super) predicate_type: String,
    pub(super) subjects: Vec<Subject>,
}

/// What a statement is about.
pub(super) struct Subject {
    digests: BTreeMap<String, String>,
    annotations: BTreeMap<String, Json>,
}

impl Statement {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let root = Json::parse(bytes)?;
        let mut fields = Message::of(&root, "the statement")?;
        fields.take_text(["_type", "type"])?;
        let predicate_type = fields.take_text(["predicateType", "predicate_type"])?.to_owned();
        free_form(fields.take(["predicate"; 2])?, "predicate")?;
        let subjects = fields.take_list(["subject"; 2])?;
        fields.end()?;
        if subjects.len() > MOST_SUBJECTS {
            return Err(Malformed::Field("subject"));
        }
        let subjects = subjects.iter().map(Subject::of).collect::<Result<_, _>>()?;
        Ok(Self { predicate_type, subjects })
    }

    /// The first subject that is this digest.
    pub(super) fn about(&self, digest: &Digest) -> Option<&Subject> {
        self.subjects.iter().find(|subject| {
            subject.digests.get(digest.algorithm()).is_some_and(|found| found == digest.hex())
        })
    }

    /// Whether all digests of all subjects are in hex.
    pub(super) fn is_in_hex(&self) -> bool {
        let mut all = self.subjects.iter().flat_map(|subject| subject.digests.values());
        all.all(|digest| hex::decode(digest).is_ok())
    }
}

impl Subject {
    fn of(value: &Json) -> Result<Self, Malformed> {
        let mut fields = Message::of(value, "subject")?;
        for names in
            [["name"; 2], ["uri"; 2], ["downloadLocation", "download_location"], ["mediaType", "media_type"]]
        {
            fields.take_text(names)?;
        }
        fields.take_bytes(["content"; 2])?;
        let annotations = free_form(fields.take(["annotations"; 2])?, "annotations")?;
        let digests = free_form(fields.take(["digest"; 2])?, "digest")?;
        fields.end()?;
        if digests.len() > MOST_DIGESTS {
            return Err(Malformed::Field("digest"));
        }
        let text = |(key, value): &(String, Json)| {
            let value = value.text().ok_or(Malformed::Field("digest"))?;
            Ok((key.clone(), value.to_owned()))
        };
        Ok(Self {
            digests: digests.iter().map(text).collect::<Result<_, _>>()?,
            annotations: annotations.iter().cloned().collect(),
        })
    }

    /// Whether an annotation has this value; a number is no text.
    pub(super) fn has(&self, key: &str, value: &str) -> bool {
        self.annotations.get(key).and_then(Json::text) == Some(value)
    }
}

/// An object of any content, in which no key stands twice.
fn free_form<'a>(value: Option<&'a Json>, name: &'static str) -> Result<&'a [(String, Json)], Malformed> {
    let Some(value) = value else { return Ok(&[]) };
    value.unique()?;
    value.object().ok_or(Malformed::Field(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_predicate_stands_in_its_statement_as_it_is_unless_that_makes_it_too_deep() {
        let made = |predicate: &str| attestation(&Digest::of(b"x"), "a\"b", "urn:x", predicate);
        let predicate = r#"{"n": 123456789012345678901234567890, "m":1.10,
            "e":1E+2, "t":"\u0041\/"}"#;
        let statement = String::from_utf8(made(predicate).unwrap()).unwrap();
        assert!(statement.ends_with(&format!(r#","predicate":{predicate}}}"#)), "{statement}");
        // The parser goes 127 levels deep, and the statement is one of them.
        let nested = |levels: usize| [r#"{"a":"#.repeat(levels), "1".into(), "}".repeat(levels)].concat();
        assert!(made(&nested(126)).is_ok());
        assert!(Json::parse(nested(127).as_bytes()).is_ok());
        assert!(matches!(made(&nested(127)), Err(Malformed::Json(_))));
    }
}
