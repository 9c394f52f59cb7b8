//! A password of a private key.

use zeroize::Zeroizing;

/// A password. It is overwritten when it goes, and has neither `Debug` nor `Display`.
///
/// The empty one is a password like any other.
#[derive(Clone)]
pub struct Password(Zeroizing<Vec<u8>>);

impl Password {
    /// Takes the password's bytes; whoever held them before clears its own copy.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(bytes.into()))
    }

    /// Whether it is the empty one, which keeps nobody out.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}
