//! A blob that is other blobs joined: each without the end that it stands with alone, and one end behind them all.

use crate::oci::{Descriptor, Digest, Hasher};

/// How one blob of a bundle is made of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The blob that is made.
    pub whole: Descriptor,
    /// What it is made of, in order.
    pub parts: Vec<Descriptor>,
    /// What each part, and the whole, ends in.
    pub end: &'static [u8],
}

/// Why parts are not what a whole is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// A part that was not packed to be joined.
    #[error("a layer does not end as the layers of a namespace do")]
    End,
    /// The parts hold something else than the whole.
    #[error("the layers of the namespaces do not add up to layer 0, the complete tree")]
    Sum,
}

/// Takes the bytes of the parts in order, and knows the whole.
pub struct Joiner {
    end: &'static [u8],
    hasher: Hasher,
    size: u64,
    /// The last bytes of the part, which may be its end.
    held: Vec<u8>,
}

impl Joined {
    /// Begins to join.
    pub fn joiner(&self) -> Joiner {
        Joiner { end: self.end, hasher: Hasher::default(), size: 0, held: Vec::new() }
    }
}

impl Joiner {
    /// Takes the next bytes of a part; `out` gets those of the whole.
    pub fn feed<E>(&mut self, bytes: &[u8], mut out: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        self.held.extend_from_slice(bytes);
        let ready = self.held.len().saturating_sub(self.end.len());
        if ready > 0 {
            self.take(ready);
            out(&self.held[..ready])?;
            self.held.drain(..ready);
        }
        Ok(())
    }

    /// Ends a part.
    pub fn end_part(&mut self) -> Result<(), JoinError> {
        let is_end = self.held == self.end;
        self.held.clear();
        if is_end { Ok(()) } else { Err(JoinError::End) }
    }

    /// Ends the whole, whose end goes to `out`, and holds it against what it should be.
    pub fn finish<E: From<JoinError>>(
        mut self,
        whole: &Descriptor,
        mut out: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let end = self.end;
        self.held.extend_from_slice(end);
        self.take(end.len());
        out(end)?;
        let found: Digest = self.hasher.finish();
        let is_whole = found == whole.digest && self.size == whole.size;
        if is_whole { Ok(()) } else { Err(JoinError::Sum.into()) }
    }

    fn take(&mut self, count: usize) {
        self.hasher.update(&self.held[..count]);
        self.size += count as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(parts: &[&[u8]], whole: &[u8], step: usize) -> Result<Vec<u8>, JoinError> {
        let parts_of = parts.iter().map(|part| Descriptor::of("x", part)).collect();
        let joined = Joined { whole: Descriptor::of("x", whole), parts: parts_of, end: b"END" };
        let (mut whole_of, mut made) = (joined.joiner(), Vec::new());
        for part in parts {
            for bytes in part.chunks(step) {
                whole_of.feed(bytes, |bytes| {
                    made.extend_from_slice(bytes);
                    Ok(())
                })?;
            }
            whole_of.end_part()?;
        }
        whole_of.finish(&joined.whole, |bytes| {
            made.extend_from_slice(bytes);
            Ok::<_, JoinError>(())
        })?;
        Ok(made)
    }

    #[test]
    fn parts_are_joined_with_one_end_whatever_the_reads() {
        for step in 1..8 {
            assert_eq!(join(&[b"abEND", b"END", b"cENDEND"], b"abcENDEND", step).unwrap(), b"abcENDEND");
        }
    }

    #[test]
    fn what_does_not_add_up_is_refused() {
        assert_eq!(join(&[b"abEND", b"cEND"], b"abdEND", 2), Err(JoinError::Sum));
        assert_eq!(join(&[b"abEND", b"cEND"], b"abcENDEND", 2), Err(JoinError::Sum));
        assert_eq!(join(&[b"abEND", b"cEN"], b"abcEND", 2), Err(JoinError::End));
        assert_eq!(join(&[b"abEND", b"EN"], b"abEND", 2), Err(JoinError::End));
    }
}
