//! Private keys: made, read from PEM files, and used.

use ring::rand::SystemRandom;
use ring::rsa::KeyPair as RsaKeyPair;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
};
use zeroize::Zeroizing;

use super::der::{self, Reader};
use super::public_key::{Kind, kind};
use super::{KeyError, Password, PublicKey, pem, sealed};

/// What encrypted key files are called, today's name first; both are read.
const SEALED: [&str; 2] = ["ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY"];

/// What openssl calls the forms that it turns into PKCS#8.
const OTHERS: [&str; 4] = ["EC PARAMETERS", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY"];
/// The labels that are read, for people.
const READ: &str = "`ENCRYPTED SIGSTORE PRIVATE KEY` or `PRIVATE KEY`";
const BROKEN: KeyError = KeyError::Broken("it is not a private key in PKCS#8");
/// The lengths of RSA keys that sign, in bytes: cosign signs with these too.
const RSA_LENGTHS: [usize; 3] = [256, 384, 512];

/// A private key. It has no `Debug`; what torte holds of a file is overwritten when it goes.
pub struct PrivateKey {
    pair: Pair,
    public: PublicKey,
}

enum Pair {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>),
}

/// A new pair of keys, as files.
pub struct KeyFiles {
    /// The encrypted private key.
    pub private: Zeroizing<String>,
    /// The public key.
    pub public: String,
}

/// Makes a pair of keys: P-256, the private one encrypted as cosign does.
pub fn generate(password: &Password) -> Result<KeyFiles, KeyError> {
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new())
        .map_err(|_| KeyError::NoRandomness)?;
    let public = PrivateKey::of_pkcs8(document.as_ref())?.public.to_pem();
    let sealed = sealed::seal(document.as_ref(), password)?;
    Ok(KeyFiles { private: pem::write(SEALED[0], &sealed), public })
}

impl PrivateKey {
    /// Whether a file holds an encrypted private key, so that a password is needed to read it.
    pub fn is_encrypted(file: &[u8]) -> bool {
        pem::read(file).is_some_and(|block| SEALED.contains(&block.label))
    }

    /// Reads the first block of a PEM file: encrypted as cosign and [`generate`] write it, or plain PKCS#8.
    ///
    /// A password for a plain file is not looked at. P-384 cannot sign: of these keys readers take SHA-256 alone, and
    /// that pair is not to be had here.
    pub fn read(file: &[u8], password: Option<&Password>) -> Result<Self, KeyError> {
        let block = pem::read(file).ok_or(KeyError::NoPem)?;
        match block.label {
            "PRIVATE KEY" => Self::of_pkcs8(block.content()?),
            label if SEALED.contains(&label) => {
                let password = password.ok_or(KeyError::NoPassword)?;
                Self::of_pkcs8(&sealed::open(block.content()?, password)?)
            }
            label if OTHERS.contains(&label) => Err(KeyError::OtherForm(label.to_owned())),
            "PUBLIC KEY" | "RSA PUBLIC KEY" => Err(KeyError::Public),
            label => Err(KeyError::Label { found: label.chars().take(60).collect(), expected: READ }),
        }
    }

    /// Reads PKCS#8 (RFC 5208), in DER.
    fn of_pkcs8(bytes: &[u8]) -> Result<Self, KeyError> {
        let parts = || {
            let mut fields = Reader::only(bytes, der::SEQUENCE)?;
            let version = fields.take(der::INTEGER)?;
            let parts = (fields.take(der::SEQUENCE)?, fields.take(der::OCTET_STRING)?);
            // Attributes, and a copy of the public key, may follow.
            matches!(version, [0 | 1]).then_some(parts)
        };
        let (algorithm, key) = parts().ok_or(BROKEN)?;
        match kind(algorithm)? {
            Kind::P384 => Err(KeyError::CannotSign),
            Kind::P256 => p256(key),
            Kind::Ed25519 => ed25519(key).ok_or(BROKEN),
            Kind::Rsa => rsa(key).ok_or(KeyError::Rsa),
        }
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs a message: ECDSA with SHA-256 in DER, Ed25519, or RSA PKCS#1 v1.5 with SHA-256.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::P256(pair) => {
                let signature = pair.sign(&random, message).map_err(|_| KeyError::NoRandomness)?;
                Ok(signature.as_ref().to_vec())
            }
            Pair::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(|_| KeyError::NoRandomness)?;
                Ok(signature)
            }
        }
    }
}

/// A key of RFC 5915, which must hold its public half: `ring` does not compute it.
fn p256(key: &[u8]) -> Result<PrivateKey, KeyError> {
    let parts = || {
        let mut fields = Reader::only(key, der::SEQUENCE)?;
        let (version, number) = (fields.take(der::INTEGER)?, fields.take(der::OCTET_STRING)?);
        let _curve = fields.take(der::CONTEXT_0);
        let public = fields.take(der::CONTEXT_1);
        (version == [1] && fields.is_at_end()).then_some((number, public))
    };
    let (number, public) = parts().ok_or(BROKEN)?;
    let point = Reader::new(public.ok_or(KeyError::NoPublicHalf)?).bits().ok_or(BROKEN)?;
    let random = SystemRandom::new();
    let pair = EcdsaKeyPair::from_private_key_and_public_key(
        &ECDSA_P256_SHA256_ASN1_SIGNING,
        number,
        point,
        &random,
    );
    let public = PublicKey::new(Kind::P256, point)?;
    Ok(PrivateKey { pair: Pair::P256(pair.map_err(|_| BROKEN)?), public })
}

/// The seed of RFC 8410.
fn ed25519(key: &[u8]) -> Option<PrivateKey> {
    let mut fields = Reader::new(key);
    let seed = fields.take(der::OCTET_STRING).filter(|_| fields.is_at_end())?;
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).ok()?;
    let public = PublicKey::new(Kind::Ed25519, pair.public_key().as_ref()).ok()?;
    Some(PrivateKey { pair: Pair::Ed25519(pair), public })
}

/// A key of RFC 8017, appendix A.1.2.
fn rsa(key: &[u8]) -> Option<PrivateKey> {
    let pair = RsaKeyPair::from_der(key).ok()?;
    if !RSA_LENGTHS.contains(&pair.public().modulus_len()) {
        return None;
    }
    let public = PublicKey::new(Kind::Rsa, pair.public_key().as_ref()).ok()?;
    Some(PrivateKey { pair: Pair::Rsa(Box::new(pair)), public })
}

#[cfg(test)]
mod tests;
