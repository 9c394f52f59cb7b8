//! Why a signature proves nothing, in words.

use std::fmt;

use super::Form;
use crate::oci::Digest;
use crate::signing::Malformed;

/// Why one thing that looks like a signature is not the one that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// It says something else than what is asked.
    #[error("its annotation `{0}` is missing or different")]
    Annotation(String),
    /// It was made with a certificate.
    #[error("it was made with a certificate, and only keys are verified")]
    Certificate,
    /// Its bytes are not those of the digest that they go by.
    #[error("its content is not what its digest and size say")]
    Content,
    /// Its signature is not base64.
    #[error("its signature is not base64")]
    Encoding,
    /// It names a key.
    #[error("it names a key, which a bundle does not")]
    KeyName,
    /// What a transparency log is said to have said of it is no such thing.
    #[error("what it holds of a transparency log cannot be read")]
    Log,
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Malformed(#[from] Malformed),
    /// What refers to the digest could not be listed.
    #[error("the list of what refers to it cannot be read")]
    List,
    /// It signs no statement.
    #[error("it holds no statement about a digest")]
    NoEnvelope,
    /// No signature stands where it should.
    #[error("it has no signature")]
    NoSignature,
    /// It is about something else.
    #[error("it is about another digest")]
    OtherDigest,
    /// Its signature is by none of the keys, or what was signed was changed since.
    #[error("it was signed with another key, or changed since")]
    OtherKey,
    /// It is a statement of another type: an attestation is not a signature.
    #[error("it is a statement of the type `{0}`")]
    OtherType(String),
    /// The envelope holds something else than a statement.
    #[error("its payload is not an in-toto statement")]
    PayloadType,
    /// A bundle has one signature.
    #[error("it has {0} signatures")]
    SignatureCount(usize),
    /// It is larger than what is read.
    #[error("it is larger than {most} bytes, the most that is read")]
    TooLarge {
        /// The limit in bytes.
        most: u64,
    },
    /// Its content could not be had.
    #[error("its content is missing")]
    Unavailable,
    /// A manifest cannot be read, and nobody knows what it is about.
    #[error("it cannot be read, and may be one")]
    Unread,
    /// A version of bundles that is not read.
    #[error("it is a bundle of the type `{0}`, and version 0.3 is read")]
    Version(String),
}

impl Reason {
    /// How far something came before it was refused: what a key did sign tells more than what nobody here signed.
    fn reach(&self) -> u8 {
        match self {
            Self::Annotation(_) => 4,
            Self::OtherDigest | Self::OtherType(_) | Self::PayloadType => 3,
            Self::OtherKey => 1,
            Self::Unread => 0,
            _ => 2,
        }
    }
}

/// One thing that was examined and proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// In which form it was.
    pub form: Form,
    /// The manifest that holds it; of a list that cannot be read, what should have been verified.
    pub found: Digest,
    /// Why.
    pub reason: Reason,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = match self.form {
            // Here nothing was found: `it` is the digest that is to be verified.
            _ if self.reason == Reason::List => return self.reason.fmt(out),
            _ if self.reason == Reason::Unread => {
                return write!(out, "the manifest {}: {}", self.found.short(), self.reason);
            }
            Form::Bundle => "the bundle",
            Form::Legacy => "the signature",
        };
        write!(out, "{form} in {}: {}", self.found.short(), self.reason)
    }
}

/// A digest that is not verified. That nothing was found is as bad as that something wrong was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified {
    /// What should have been verified.
    pub digest: Digest,
    /// The digests of the keys that did not sign it, in the order in which they were given.
    pub missing: Vec<Digest>,
    /// Whether others of the keys did.
    pub is_signed: bool,
    /// Whether there was more than is examined.
    pub is_limited: bool,
    /// What was found instead.
    pub refusals: Vec<Refusal>,
}

impl std::error::Error for Unverified {}

impl fmt::Display for Unverified {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Of equals the first.
        match self.refusals.iter().rev().max_by_key(|refusal| refusal.reason.reach()) {
            None if self.is_signed => write!(out, "nobody else signed {}", self.digest)?,
            None => write!(out, "there is no signature of {}", self.digest)?,
            Some(telling) => write!(out, "no good signature of {}: {telling}", self.digest)?,
        }
        if self.refusals.len() > 1 {
            write!(out, "; and {} more", self.refusals.len() - 1)?;
        }
        if self.is_limited {
            write!(out, "; there is more than is examined")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_furthest_is_told() {
        let refusal =
            |number: u8, reason| Refusal { form: Form::Bundle, found: Digest::of(&[number]), reason };
        let unverified = Unverified {
            digest: Digest::of(b"subject"),
            missing: Vec::new(),
            is_signed: false,
            is_limited: false,
            refusals: vec![
                refusal(1, Reason::OtherKey),
                refusal(2, Reason::Annotation("env".into())),
                refusal(3, Reason::Annotation("team".into())),
                refusal(4, Reason::Encoding),
            ],
        };
        let told = unverified.to_string();
        assert!(told.ends_with("its annotation `env` is missing or different; and 3 more"), "{told}");
        let others = Unverified { refusals: Vec::new(), is_signed: true, ..unverified.clone() }.to_string();
        assert_eq!(others, format!("nobody else signed {}", Digest::of(b"subject")));
        let none = Unverified { refusals: Vec::new(), ..unverified.clone() }.to_string();
        assert_eq!(none, format!("there is no signature of {}", Digest::of(b"subject")));

        let damaged = refusal(5, Reason::Unread);
        let (subject, unread) = (unverified.digest.clone(), damaged.found.clone());
        let alone = Unverified { refusals: vec![damaged.clone()], ..unverified.clone() }.to_string();
        let expected = format!("the manifest {}: it cannot be read, and may be one", unread.short());
        assert_eq!(alone, format!("no good signature of {subject}: {expected}"));
        let refusals = vec![damaged, refusal(6, Reason::OtherKey)];
        let both = Unverified { refusals, ..unverified }.to_string();
        assert!(both.ends_with("it was signed with another key, or changed since; and 1 more"), "{both}");
    }
}
