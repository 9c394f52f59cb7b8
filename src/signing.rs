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
mod private_key;
mod public_key;
mod sealed;
pub mod sign;
mod statement;
pub mod verify;

pub use examine::examine;
pub use json::Malformed;
pub use password::Password;
pub use private_key::{KeyFiles, PrivateKey, generate};
pub use public_key::PublicKey;

/// Why a key file cannot be used. None of it shows what is in the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key is of an algorithm that is not read.
    #[error("it is neither P-256, P-384, Ed25519 nor RSA of 2048, 3072 or 4096 bits")]
    Algorithm,
    /// It is not what its first line says.
    #[error("{0}")]
    Broken(&'static str),
    /// P-384 verifies and cannot sign.
    #[error(
        "it is a P-384 key, which can verify here and not sign; make a P-256 key with `torte keys generate`"
    )]
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
    #[error("its first block is `{0}`, and not a key that is read")]
    Label(String),
    /// An encrypted file and no password.
    #[error("it is encrypted, and there is no password")]
    NoPassword,
    /// No PEM at all.
    #[error("it is not a PEM file of at most 64 KiB, which begins with `-----BEGIN`")]
    NoPem,
    /// The system gave no random numbers.
    #[error("the system gave no random numbers")]
    NoRandomness,
    /// A private key in a form that came before PKCS#8.
    #[error("it is in an older form than PKCS#8; turn it with `openssl pkcs8 -topk8 -nocrypt`")]
    OldForm,
    /// A private key where a public one belongs.
    #[error("it is a private key, and a public one is needed: the `.pub` file beside it")]
    Private,
    /// A public key where a private one belongs.
    #[error("it is a public key, and a private one is needed")]
    Public,
    /// The tag does not fit.
    #[error("the password is wrong, or the file is damaged")]
    WrongPassword,
}
