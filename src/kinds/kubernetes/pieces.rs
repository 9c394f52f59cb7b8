//! The pieces of an archive: cut by their size alone, and made one by one, so that no thread waits for another.

use super::inventory;
use super::layers::{Packed, Part};
use crate::bundle::archive::{Compressor, END, Entry, append, end_member, is_piece};
use crate::oci::{Digest, Hasher};

/// Entries that become one gzip member.
pub(super) struct Piece<'t> {
    /// Whether its part begins, and ends, with it.
    is_first: bool,
    is_last: bool,
    /// How many bytes of tar it makes.
    length: usize,
    entries: Vec<Packed<'t>>,
}

/// Cuts the entries of all parts; each piece but the last of its part ends with the entry that makes it long enough.
pub(super) fn pieces<'t>(parts: &mut [Part<'t>]) -> Vec<Piece<'t>> {
    let mut pieces: Vec<Piece<'t>> = Vec::with_capacity(parts.len());
    for Part { entries, .. } in parts {
        let first = pieces.len();
        for entry in std::mem::take(entries) {
            let length = entry.entry().length();
            let is_first = pieces.len() == first;
            match pieces[first..].last_mut().filter(|piece| !is_piece(piece.length)) {
                Some(piece) => {
                    piece.length += length;
                    piece.entries.push(entry);
                }
                None => pieces.push(Piece { is_first, is_last: false, length, entries: vec![entry] }),
            }
        }
        if let Some(piece) = pieces[first..].last_mut() {
            piece.is_last = true;
        }
    }
    pieces
}

/// A piece of which a layer is made.
pub(super) struct Pressed {
    pub(super) tar: Vec<u8>,
    /// Its gzip member, with room for the end of an archive.
    pub(super) member: Vec<u8>,
    pub(super) files: Vec<inventory::File>,
    /// Whether its part ends with it.
    pub(super) is_last: bool,
    /// Of a piece that is all of its part, the digests of the layer and of its tar, with their ends.
    pub(super) digests: Option<(Digest, Digest)>,
}

/// Makes members of pieces, in memory of its own.
#[derive(Default)]
pub(super) struct Press {
    compressor: Compressor,
    tar: Vec<u8>,
}

impl Press {
    /// The member of a piece.
    pub(super) fn member(&mut self, piece: &Piece<'_>) -> Vec<u8> {
        self.fill(piece);
        self.compressor.member(&self.tar).to_vec()
    }

    /// The member of a piece, and all that a layer of its own needs beside.
    pub(super) fn pressed(&mut self, piece: &Piece<'_>) -> Pressed {
        self.fill(piece);
        let (tar, end) = (std::mem::take(&mut self.tar), end_member());
        let made = self.compressor.member(&tar);
        let mut member = Vec::with_capacity(made.len() + end.len());
        member.extend_from_slice(made);
        let is_alone = piece.is_first && piece.is_last;
        let digests = is_alone.then(|| (digest([&member, end]), digest([&tar, &END])));
        let mut files = Vec::with_capacity(piece.entries.len());
        files.extend(piece.entries.iter().filter_map(Packed::listed));
        Pressed { tar, member, files, is_last: piece.is_last, digests }
    }

    /// Takes back the memory of a tar.
    pub(super) fn reuse(&mut self, tar: Vec<u8>) {
        self.tar = tar;
    }

    fn fill(&mut self, piece: &Piece<'_>) {
        self.tar.clear();
        self.tar.reserve(piece.length);
        for packed in &piece.entries {
            append(&packed.entry(), &mut self.tar);
        }
    }
}

fn digest(parts: [&[u8]; 2]) -> Digest {
    let mut hasher = Hasher::default();
    for part in parts {
        hasher.update(part);
    }
    hasher.finish()
}

impl Packed<'_> {
    fn entry(&self) -> Entry<'_> {
        match self {
            Self::Directory { path } => Entry::Directory { path },
            Self::File { path, is_executable, bytes, .. } => {
                Entry::File { path, is_executable: *is_executable, bytes }
            }
        }
    }

    /// How the inventory lists it, if it is a file.
    fn listed(&self) -> Option<inventory::File> {
        let Self::File { path, bytes, reason, .. } = self else { return None };
        Some(inventory::File {
            path: (*path).to_owned(),
            size: bytes.len() as u64,
            sha256: Digest::of(bytes).hex().to_owned(),
            reason: (*reason).into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lengths of the pieces of parts, each of so many files of so many bytes; and which are all of their part.
    fn cut(parts: &[(usize, usize)]) -> Vec<(usize, bool)> {
        let file =
            |size| Packed::File { path: "f", is_executable: false, bytes: vec![b'x'; size], reason: "" };
        let part = |(count, size): &(usize, usize)| Part {
            entries: (0..*count).map(|_| file(*size)).collect(),
            ..Part::default()
        };
        let mut parts: Vec<_> = parts.iter().map(part).collect();
        pieces(&mut parts).iter().map(|piece| (piece.length, piece.is_first && piece.is_last)).collect()
    }

    #[test]
    fn a_piece_ends_with_the_entry_that_fills_it_or_with_its_part() {
        // Each entry is a block longer than a quarter of 512 KiB, so the fourth fills a piece.
        let (size, entry) = (128 * 1024, 128 * 1024 + 512);
        assert_eq!(cut(&[(0, size)]), []);
        assert_eq!(cut(&[(3, size)]), [(3 * entry, true)]);
        assert_eq!(cut(&[(4, size)]), [(4 * entry, true)]);
        assert_eq!(cut(&[(9, size)]), [(4 * entry, false), (4 * entry, false), (entry, false)]);
        assert_eq!(cut(&[(1, size), (1, size)]), [(entry, true), (entry, true)]);
        assert_eq!(cut(&[(2, 512 * 1024 - 512)]), [(512 * 1024, false); 2], "exactly full is full");
    }
}
