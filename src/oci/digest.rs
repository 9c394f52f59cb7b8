//! Content digests: parsed at every edge, computed, and verified while bytes pass.

use std::fmt;
use std::io::{self, Read};
use std::str::FromStr;

use sha2::{Digest as _, Sha256, Sha512};

/// A digest as the image specification writes it: `sha256:` and 64, or `sha512:` and 128, lower-case hex digits.
///
/// Nothing else can be held, so that a digest is safe in a path or an address.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest {
    algorithm: Algorithm,
    hex: Box<str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Algorithm {
    Sha256,
    Sha512,
}

impl Algorithm {
    const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    const fn hex_length(self) -> usize {
        match self {
            Self::Sha256 => 64,
            Self::Sha512 => 128,
        }
    }
}

/// What is wrong with a text that should have been a digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a digest; expected `sha256:` and 64 lower-case hex digits")]
pub struct DigestError {
    /// The text, shortened.
    pub given: String,
}

impl Digest {
    /// The SHA-256 digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self { algorithm: Algorithm::Sha256, hex: hex::encode(Sha256::digest(bytes)).into() }
    }

    /// `sha256` or `sha512`.
    pub fn algorithm(&self) -> &'static str {
        self.algorithm.name()
    }

    /// The hex digits.
    pub fn hex(&self) -> &str {
        &self.hex
    }

    /// The first 12 hex digits, for tables and summaries.
    pub fn short(&self) -> &str {
        &self.hex[..12]
    }

    /// A hasher for this digest's algorithm.
    pub fn hasher(&self) -> Hasher {
        Hasher::new(self.algorithm)
    }

    /// The digest of all that a reader gives, by the algorithm of this one, and how many bytes it is.
    pub fn read(&self, mut from: impl Read) -> io::Result<(Self, u64)> {
        let (mut hasher, mut size, mut buffer) = (self.hasher(), 0, vec![0; 128 * 1024]);
        loop {
            match from.read(&mut buffer) {
                Ok(0) => return Ok((hasher.finish(), size)),
                Ok(count) => {
                    hasher.update(&buffer[..count]);
                    size += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Whether these bytes have this digest.
    pub fn matches(&self, bytes: &[u8]) -> bool {
        let mut hasher = self.hasher();
        hasher.update(bytes);
        hasher.finish() == *self
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let wrong = || DigestError { given: text.chars().take(150).collect() };
        let (algorithm, hex) = match text.split_once(':') {
            Some(("sha256", hex)) => (Algorithm::Sha256, hex),
            Some(("sha512", hex)) => (Algorithm::Sha512, hex),
            _ => return Err(wrong()),
        };
        let is_hex = hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if hex.len() != algorithm.hex_length() || !is_hex {
            return Err(wrong());
        }
        Ok(Self { algorithm, hex: hex.into() })
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.algorithm.name(), self.hex)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self}")
    }
}

impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Computes a digest piece by piece.
pub struct Hasher(State);

enum State {
    Sha256(Sha256),
    Sha512(Box<Sha512>),
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new(Algorithm::Sha256)
    }
}

impl Hasher {
    fn new(algorithm: Algorithm) -> Self {
        Self(match algorithm {
            Algorithm::Sha256 => State::Sha256(Sha256::new()),
            Algorithm::Sha512 => State::Sha512(Box::new(Sha512::new())),
        })
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Sha256(state) => state.update(bytes),
            State::Sha512(state) => state.update(bytes),
        }
    }

    /// The digest of all bytes that were taken.
    pub fn finish(self) -> Digest {
        match self.0 {
            State::Sha256(state) => {
                Digest { algorithm: Algorithm::Sha256, hex: hex::encode(state.finalize()).into() }
            }
            State::Sha512(state) => {
                Digest { algorithm: Algorithm::Sha512, hex: hex::encode(state.finalize()).into() }
            }
        }
    }
}

/// Content that is not what its descriptor says. Carried inside an [`io::Error`] of kind `InvalidData`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The bytes have another digest.
    #[error("content of {expected} has the digest {found}")]
    Digest {
        /// What was asked for.
        expected: Digest,
        /// What came.
        found: Digest,
    },
    /// There are fewer or more bytes than the descriptor says; `found` is exact only where it is smaller.
    #[error("content of {digest} should be {expected} bytes long and is {found}")]
    Size {
        /// What was asked for.
        digest: Digest,
        /// The descriptor's size.
        expected: u64,
        /// Bytes seen.
        found: u64,
    },
}

/// Passes a reader's bytes on and fails, at the latest at the end, if they are not those of the digest and the size.
///
/// It never reads more than one buffer beyond the size. A caller may use the bytes only after it has seen the end
/// (`Ok(0)`).
pub struct Verifying<R> {
    inner: R,
    digest: Digest,
    size: u64,
    seen: u64,
    hasher: Option<Hasher>,
}

impl<R: Read> Verifying<R> {
    /// Verifies `inner` against a digest and a size in bytes.
    pub fn new(inner: R, digest: Digest, size: u64) -> Self {
        let hasher = Some(digest.hasher());
        Self { inner, digest, size, seen: 0, hasher }
    }
}

impl<R: Read> Read for Verifying<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let count = self.inner.read(buffer)?;
        self.seen += count as u64;
        let wrong_size = self.seen > self.size || (count == 0 && self.seen < self.size);
        if wrong_size {
            let (digest, expected, found) = (self.digest.clone(), self.size, self.seen);
            return Err(invalid(VerifyError::Size { digest, expected, found }));
        }
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&buffer[..count]);
        }
        if count == 0
            && let Some(hasher) = self.hasher.take()
        {
            let found = hasher.finish();
            if found != self.digest {
                return Err(invalid(VerifyError::Digest { expected: self.digest.clone(), found }));
            }
        }
        Ok(count)
    }
}

fn invalid(error: VerifyError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lower_case_digests_are_taken() {
        let good = format!("sha256:{}", "0a".repeat(32));
        assert_eq!(good.parse::<Digest>().unwrap().to_string(), good);
        assert!(format!("sha512:{}", "0a".repeat(64)).parse::<Digest>().is_ok());
        for bad in ["", "sha256", "sha256:", "sha256:0a", "md5:0a", "sha256:../../etc/passwd"] {
            assert!(bad.parse::<Digest>().is_err(), "{bad}");
        }
        assert!(format!("sha256:{}", "0A".repeat(32)).parse::<Digest>().is_err());
        assert!(format!("sha384:{}", "0a".repeat(48)).parse::<Digest>().is_err());
    }

    #[test]
    fn the_empty_object_has_its_well_known_digest() {
        let known = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        assert_eq!(Digest::of(b"{}").to_string(), known);
    }

    fn read(bytes: &[u8], digest: &Digest, size: u64) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        Verifying::new(bytes, digest.clone(), size).read_to_end(&mut out).map(|_| out)
    }

    #[test]
    fn a_reader_is_hashed_to_its_end_through_interruptions() {
        struct Interrupted<'a>(&'a [u8], bool);
        impl Read for Interrupted<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                self.1 = !self.1;
                if self.1 {
                    return Err(io::ErrorKind::Interrupted.into());
                }
                let most = buffer.len().min(2);
                self.0.read(&mut buffer[..most])
            }
        }
        let long: Digest = format!("sha512:{}", hex::encode(Sha512::digest(b"layer"))).parse().unwrap();
        for digest in [Digest::of(b"layer"), long] {
            assert_eq!(digest.read(Interrupted(b"layer", false)).unwrap(), (digest.clone(), 5));
        }
        let failing = b"layer".chain(Interrupted(b"", false)).chain(Failing);
        assert_eq!(Digest::of(b"").read(failing).unwrap_err().kind(), io::ErrorKind::Other);
    }

    struct Failing;

    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }

    #[test]
    fn a_verified_reader_refuses_other_short_and_long_content() {
        let digest = Digest::of(b"layer");
        assert_eq!(read(b"layer", &digest, 5).unwrap(), b"layer");
        for (bytes, size) in [(&b"lAyer"[..], 5), (b"laye", 5), (b"layers", 5), (b"layer", 4)] {
            assert_eq!(read(bytes, &digest, size).unwrap_err().kind(), io::ErrorKind::InvalidData);
        }
    }
}
