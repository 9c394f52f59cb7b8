//! Signatures in the forms of cosign: key files, what is signed, and whether what was found is worth anything.

mod base64_text;
mod bundle;
mod der;
mod envelope;
mod examine;
mod json;
mod layer;
mod password;
mod payload;
mod pem;
mod predicate;
mod private_key;
mod public_key;
mod sealed;
pub mod sign;
mod statement;
pub mod verify;

pub use examine::examine;
pub use json::Malformed;
pub use password::Password;
pub use predicate::{Predicate, PredicateError, predicate_type};
pub use private_key::{KeyFiles, PrivateKey, generate};
pub use public_key::PublicKey;

/// Why a key file cannot be used. None of it shows what is in the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key is of an algorithm that is not read.
    #[error("it is neither P-256, P-384, Ed25519 nor RSA; other curves, such as P-521, are not read")]
    Algorithm,
    /// It is not what its first line says.
    #[error("{0}")]
    Broken(&'static str),
    /// P-384 verifies and cannot sign.
    #[error("it is a P-384 key, which can verify here and not sign")]
    CannotSign,
    /// The password would have to be stretched with more work than is done, or less than is safe.
    #[error("its scrypt cost is N={n} r={r} p={p}; N=32768, 65536 and 131072 are taken, with r=8 and p=1")]
    Cost {
        /// The CPU and memory cost.
        n: u32,
        /// The block size.
        r: u32,
        /// The parallelisation.
        p: u32,
    },
    /// A block of another label.
    #[error("its first block is `{found}`; expected {expected}")]
    Label {
        /// The label, shortened.
        found: String,
        /// Which are read.
        expected: &'static str,
    },
    /// An RSA key that is too short to be safe, or too long to be worked with.
    #[error("it is an RSA key of {bits} bits, and 2048 to 8192 are taken")]
    Length {
        /// How long it is, in whole bytes.
        bits: usize,
    },
    /// An encrypted file and no password.
    #[error("it is encrypted, and there is no password")]
    NoPassword,
    /// No PEM at all.
    #[error("it is not a PEM file of at most 64 KiB, which has a line that begins with `-----BEGIN`")]
    NoPem,
    /// A private key from which its public half would have to be computed.
    #[error("it does not hold its public half")]
    NoPublicHalf,
    /// The system gave no random numbers.
    #[error("the system gave no random numbers")]
    NoRandomness,
    /// A private key in a form that came before PKCS#8, or that is encrypted as openssl does it.
    #[error("its first block is `{0}`, neither plain PKCS#8 nor encrypted as torte and cosign do it")]
    OtherForm(String),
    /// A private key where a public one belongs.
    #[error("it is a private key, and a public one is needed")]
    Private,
    /// A public key where a private one belongs.
    #[error("it is a public key, and a private one is needed")]
    Public,
    /// An RSA key that verifies and does not sign.
    #[error("it is not an RSA key of 2048, 3072 or 4096 bits with an exponent of 65537 or more")]
    Rsa,
    /// The tag does not fit.
    #[error("the password is wrong, or the file is damaged")]
    WrongPassword,
}

impl KeyError {
    /// One thing to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::CannotSign | Self::Rsa => Some("make a key that can with `torte keys generate`"),
            Self::Label { found, .. } if found == "CERTIFICATE" => {
                Some("`openssl x509 -noout -pubkey -in FILE` prints the public key that it holds")
            }
            Self::NoPublicHalf => Some("`openssl ec -in FILE | openssl pkcs8 -topk8 -nocrypt` adds it"),
            Self::OtherForm(_) => {
                Some("`openssl pkcs8 -topk8 -nocrypt -in FILE` prints it as PKCS#8, without a password")
            }
            Self::Private => Some("give the `.pub` file beside it"),
            Self::Public => Some("give the `.key` file beside it"),
            Self::WrongPassword => Some(
                "it is taken from `TORTE_KEY_PASSWORD`, else from `COSIGN_PASSWORD`, else it is asked for",
            ),
            _ => None,
        }
    }
}
