//! Public keys: read from PEM files, and asked whether they signed something.

use std::ops::RangeInclusive;

use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use zeroize::Zeroizing;

use super::der::{self, Reader};
use super::{KeyError, pem};
use crate::oci::Digest;

/// What stands for each kind of key where a key says its algorithm (RFC 5480, RFC 8410, RFC 3279).
pub(super) const P256: &[u8] =
    &[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
pub(super) const P384: &[u8] = &[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x22];
pub(super) const ED25519: &[u8] = &[6, 3, 0x2b, 0x65, 0x70];
pub(super) const RSA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];

/// The lengths of an RSA key, in bytes. cosign verifies with shorter ones too, which nobody should rely on.
const RSA_LENGTHS: RangeInclusive<usize> = 256..=1024;
/// The longest pair of two numbers that is taken for an ECDSA signature, in bytes.
const LONGEST_PAIR: usize = 132;

/// Which signatures a key makes. Each kind of key makes one, so that nothing outside a key can choose a weaker one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    P256,
    P384,
    Ed25519,
    Rsa,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    kind: Kind,
    /// The key without its wrapping, as `ring` takes it.
    key: Vec<u8>,
    /// The key with its algorithm (`SubjectPublicKeyInfo`).
    info: Vec<u8>,
}

impl PublicKey {
    /// Reads the first block of a PEM file: `PUBLIC KEY`, of P-256, P-384, Ed25519, or RSA of 2048 to 8192 bits.
    pub fn read(file: &[u8]) -> Result<Self, KeyError> {
        let block = pem::read(file).ok_or(KeyError::NoPem)?;
        match block.label {
            "PUBLIC KEY" => Self::of_info(block.content()?),
            "RSA PUBLIC KEY" => Self::new(Kind::Rsa, block.content()?),
            label if label.ends_with("PRIVATE KEY") => Err(KeyError::Private),
            label => {
                Err(KeyError::Label { found: label.chars().take(60).collect(), expected: "`PUBLIC KEY`" })
            }
        }
    }

    fn of_info(info: &[u8]) -> Result<Self, KeyError> {
        let parts = || {
            let mut fields = Reader::only(info, der::SEQUENCE)?;
            let parts = (fields.take(der::SEQUENCE)?, fields.bits()?);
            fields.is_at_end().then_some(parts)
        };
        let (algorithm, key) = parts().ok_or(KeyError::Broken("it is not a public key in DER"))?;
        Self::new(kind(algorithm)?, key)
    }

    /// A key of a kind, without its wrapping.
    pub(super) fn new(kind: Kind, key: &[u8]) -> Result<Self, KeyError> {
        let is_whole = match kind {
            Kind::P256 => key.len() == 65 && key[0] == 4,
            Kind::P384 => key.len() == 97 && key[0] == 4,
            Kind::Ed25519 => key.len() == 32,
            Kind::Rsa => match rsa_length(key) {
                Some(length) if !RSA_LENGTHS.contains(&length) => {
                    return Err(KeyError::Length { bits: length * 8 });
                }
                length => length.is_some(),
            },
        };
        if !is_whole {
            return Err(KeyError::Broken("its point is compressed, or it is no key of its algorithm"));
        }
        let algorithm = match kind {
            Kind::P256 => P256,
            Kind::P384 => P384,
            Kind::Ed25519 => ED25519,
            Kind::Rsa => RSA,
        };
        let bits = der::value(der::BIT_STRING, &[&[0], key].concat());
        let info = der::value(der::SEQUENCE, &[der::value(der::SEQUENCE, algorithm), bits].concat());
        Ok(Self { kind, key: key.to_vec(), info })
    }

    /// The key as a PEM file.
    pub fn to_pem(&self) -> String {
        let text: Zeroizing<String> = pem::write("PUBLIC KEY", &self.info);
        text.as_str().to_owned()
    }

    /// The digest of the key with its algorithm: one key, one digest, however its file was written.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.info)
    }

    /// Whether the holder of the private key signed exactly this message.
    ///
    /// ECDSA with SHA-256, as DER or as the two numbers one after the other; RSA PKCS#1 v1.5 with SHA-256; Ed25519.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self.kind {
            Kind::P256 => self.verifies_ecdsa(&signature::ECDSA_P256_SHA256_ASN1, message, signature),
            Kind::P384 => self.verifies_ecdsa(&signature::ECDSA_P384_SHA256_ASN1, message, signature),
            Kind::Ed25519 => self.asks(&signature::ED25519, message, signature),
            Kind::Rsa => self.asks(&signature::RSA_PKCS1_2048_8192_SHA256, message, signature),
        }
    }

    fn verifies_ecdsa(
        &self,
        algorithm: &'static dyn VerificationAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        self.asks(algorithm, message, signature)
            || pair(signature).is_some_and(|signature| self.asks(algorithm, message, &signature))
    }

    fn asks(&self, algorithm: &'static dyn VerificationAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(algorithm, &self.key).verify(message, signature).is_ok()
    }
}

/// The kind of key that an algorithm's identifier means.
pub(super) fn kind(algorithm: &[u8]) -> Result<Kind, KeyError> {
    match algorithm {
        P256 => Ok(Kind::P256),
        P384 => Ok(Kind::P384),
        ED25519 => Ok(Kind::Ed25519),
        RSA => Ok(Kind::Rsa),
        _ => Err(KeyError::Algorithm),
    }
}

/// The length of an RSA key in bytes.
fn rsa_length(key: &[u8]) -> Option<usize> {
    let mut fields = Reader::only(key, der::SEQUENCE)?;
    let (modulus, _exponent) = (fields.natural()?, fields.natural()?);
    fields.is_at_end().then_some(modulus.len())
}

/// Two numbers of equal length, one after the other (IEEE P1363), in DER.
fn pair(signature: &[u8]) -> Option<Vec<u8>> {
    if signature.is_empty() || signature.len() > LONGEST_PAIR || !signature.len().is_multiple_of(2) {
        return None;
    }
    let (first, second) = signature.split_at(signature.len() / 2);
    Some(der::value(der::SEQUENCE, &[der::natural(first), der::natural(second)].concat()))
}
