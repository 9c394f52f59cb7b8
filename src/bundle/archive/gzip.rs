//! Gzip members whose bytes depend on nothing but what they hold.

use std::sync::LazyLock;

use flate2::{Compress, Compression, Crc, Decompress, FlushCompress, FlushDecompress, Status};

use super::END;

/// Nothing but the magic, deflate and "made by an unknown system": no name, no time (RFC 1952), as Go writes it.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
const LEVEL: u32 = 6;

/// One gzip member with these bytes.
pub fn compress(piece: &[u8]) -> Vec<u8> {
    Compressor::default().member(piece).to_vec()
}

/// Makes members one after the other in the same memory, of which an encoder needs much.
pub struct Compressor {
    encoder: Compress,
    member: Vec<u8>,
}

impl Default for Compressor {
    fn default() -> Self {
        Self { encoder: Compress::new(Compression::new(LEVEL), false), member: Vec::new() }
    }
}

impl Compressor {
    /// One gzip member with these bytes, whatever was compressed before.
    ///
    /// The encoder gets them in one piece with room for all of its output, since what it makes depends on both.
    #[expect(clippy::missing_panics_doc, reason = "only an encoder with a fault of its own panics")]
    pub fn member(&mut self, piece: &[u8]) -> &[u8] {
        self.encoder.reset();
        self.member.clear();
        self.member.reserve(HEADER.len() + piece.len() + piece.len() / 8 + 1024);
        self.member.extend_from_slice(&HEADER);
        let outcome = self.encoder.compress_vec(piece, &mut self.member, FlushCompress::Finish);
        assert!(matches!(outcome, Ok(Status::StreamEnd)), "deflate ends in one write: {outcome:?}");
        let mut crc = Crc::new();
        crc.update(piece);
        self.member.extend_from_slice(&crc.sum().to_le_bytes());
        self.member.extend_from_slice(&crc.amount().to_le_bytes());
        &self.member
    }
}

/// The constant member at the end of every archive: [`END`], compressed.
pub fn end_member() -> &'static [u8] {
    static MEMBER: LazyLock<Vec<u8>> = LazyLock::new(|| compress(&END));
    &MEMBER
}

/// How many bytes a member that torte made holds, as its end says.
pub fn unpacked(member: &[u8]) -> u64 {
    member.last_chunk().map_or(0, |size| u64::from(u32::from_le_bytes(*size)))
}

/// How far what comes out of a member that torte made runs ahead, where it does most, of `ratio` times what went in.
pub fn lead(member: &[u8], ratio: u64) -> u64 {
    /// So little at once that what goes in with it hardly counts.
    const STEP: usize = 64;
    let mut decoder = Decompress::new(false);
    let mut buffer = vec![0; 64 * 1024];
    let mut most = 0;
    for step in member.get(HEADER.len()..).unwrap_or_default().chunks(STEP) {
        let before = decoder.total_in();
        loop {
            let (fed, out) = (decoder.total_in() - before, decoder.total_out());
            let rest = usize::try_from(fed).ok().and_then(|fed| step.get(fed..)).unwrap_or_default();
            let ended = decoder.decompress(rest, &mut buffer, FlushDecompress::None);
            most = most.max(decoder.total_out().saturating_sub(before.saturating_mul(ratio)));
            match ended {
                Ok(Status::Ok) if decoder.total_out() > out => {}
                Ok(Status::Ok | Status::BufError) => break,
                _ => return most,
            }
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::oci::Digest;

    /// Bytes that do not compress well, and some that do: SHA-256 of a counter in hex.
    fn sample(size: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(size + 64);
        let mut counter = 0_u32;
        while bytes.len() < size {
            bytes.extend_from_slice(Digest::of(&counter.to_le_bytes()).hex().as_bytes());
            bytes.extend_from_slice(b"apiVersion: v1\nkind: ConfigMap\n");
            counter += 1;
        }
        bytes.truncate(size);
        bytes
    }

    fn digest(bytes: &[u8]) -> String {
        Digest::of(bytes).hex().to_owned()
    }

    #[test]
    fn the_end_member_never_changes() {
        assert_eq!(hex::encode(end_member()), "1f8b08000000000000ff63601805a36014308c5000002eafb5ef00040000");
    }

    /// What other versions of the encoder make may differ; every digest of a bundle would then move, so that a change
    /// here is a decision.
    #[test]
    fn the_bytes_of_a_member_never_change() {
        let pieces = [Vec::new(), b"a".to_vec(), vec![0; 70_000], sample(33_000), sample(600 * 1024)];
        let digests = pieces.map(|piece| digest(&compress(&piece)));
        let expected = [
            "ac73670af3abed54ac6fb4695131f4099be9fbe39d6076c5d0264a6bbdae9d83",
            "94992c9e182d4a5387b07e699a54922d1a21f9358a69504eb8c56922a31a21f8",
            "202be219000242b179bbaabf71328a85867c3fb1ff5cc797d358d95ef80ce962",
            "c1b383a3f3e7be389435ac7f5a34c963a11b6dced074c762d6f5c77ce5afe4a4",
            "4eb11080ab34c5ef2dd0f0e2e7b3b5db687c8965411fee66f991db31fadc474f",
        ];
        assert_eq!(digests, expected);
    }

    #[test]
    fn threads_and_order_change_nothing() {
        let pieces: Vec<_> = [1, 600 * 1024, 100, 40_000, 600 * 1024].map(sample).into();
        let once: Vec<_> = pieces.iter().map(|piece| compress(piece)).collect();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let mut compressor = Compressor::default();
                    for (piece, expected) in pieces.iter().zip(&once).rev() {
                        assert!(compress(piece) == *expected, "{} bytes", piece.len());
                        assert!(compressor.member(piece) == *expected, "{} bytes, after others", piece.len());
                    }
                });
            }
        });
    }

    #[test]
    fn members_read_as_one_stream_whatever_they_hold() {
        for size in [0, 1, 511, 512, 65_535, 65_536, 600 * 1024] {
            let piece = sample(size);
            let blob = [compress(&piece), compress(&piece), end_member().to_vec()].concat();
            let mut read = Vec::new();
            flate2::read::MultiGzDecoder::new(blob.as_slice()).read_to_end(&mut read).unwrap();
            assert!(read == [piece.clone(), piece, END.to_vec()].concat(), "{size} bytes");
        }
    }

    /// Noise, by a linear congruential generator's upper bytes (Knuth's constants).
    fn noise(size: usize) -> Vec<u8> {
        let mut state = 1_u64;
        let next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        };
        std::iter::repeat_with(next).take(size).collect()
    }

    #[test]
    fn the_lead_is_that_of_the_worst_place() {
        let (zeros, noise) = (vec![0; 8 << 20], noise(1 << 20));
        for (piece, least, most) in [
            (vec![], 0, 0),
            (noise.clone(), 0, 200),
            // Of zeros deflate makes a thousandth, so that four fifths of them come of nothing.
            (zeros.clone(), 6 << 20, 7 << 20),
            ([zeros.as_slice(), &noise].concat(), 6 << 20, 7 << 20),
            // What came before makes up for them.
            ([noise.as_slice(), &zeros].concat(), 0, 200),
        ] {
            let member = compress(&piece);
            assert_eq!(unpacked(&member), piece.len() as u64);
            let lead = lead(&member, 200);
            assert!((least..=most).contains(&lead), "{lead} of {} bytes", piece.len());
        }
    }

    #[test]
    fn what_cannot_be_compressed_hardly_grows() {
        let noise = noise(1_000_000);
        assert!(compress(&noise).len() < noise.len() + noise.len() / 1000 + 64);
    }
}
