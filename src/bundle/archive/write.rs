//! Tar entries, and where a piece ends of which one gzip member is made.

use super::{BLOCK, header};

/// A piece ends with the entry that makes it this long, in bytes of tar.
const PIECE: usize = 512 * 1024;

/// One entry of an archive to be written. Its path is relative, with `/` between plain components and none at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'a> {
    /// A directory, mode 0755.
    Directory {
        /// Its path; `.` is the tree itself.
        path: &'a str,
    },
    /// A regular file, mode 0755 or 0644.
    File {
        /// Its path.
        path: &'a str,
        /// Whether it may be run.
        is_executable: bool,
        /// Its content, less than 8 GiB.
        bytes: &'a [u8],
    },
}

impl Entry<'_> {
    /// How many bytes of tar it takes.
    pub fn length(&self) -> usize {
        match self {
            Self::Directory { path } => header::length(path),
            Self::File { path, bytes, .. } => header::length(path) + bytes.len().next_multiple_of(BLOCK),
        }
    }
}

/// Whether a piece of so many bytes of tar ends with the entry that made it so long.
pub const fn is_piece(length: usize) -> bool {
    length >= PIECE
}

/// Appends an entry to a piece of tar, which becomes [`Entry::length`] longer.
///
/// It belongs to nobody and has no time (owner 0, no names, 1970-01-01), so that the same entries give the same bytes.
pub fn append(entry: &Entry<'_>, piece: &mut Vec<u8>) {
    match entry {
        Entry::Directory { path } => header::directory(path, piece),
        Entry::File { path, is_executable, bytes } => {
            header::file(path, *is_executable, bytes.len() as u64, piece);
            piece.extend_from_slice(bytes);
            header::pad(piece);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::bundle::archive::{END, compress, end_member};

    fn tar(entries: &[Entry<'_>]) -> Vec<u8> {
        let mut tar = Vec::new();
        for entry in entries {
            append(entry, &mut tar);
        }
        tar
    }

    /// What another reader makes of an archive: path, type, mode, content.
    fn read(bytes: &[u8]) -> Vec<(String, tar::EntryType, u32, Vec<u8>)> {
        let mut archive = tar::Archive::new(bytes);
        let entry = |entry: std::io::Result<tar::Entry<'_, &[u8]>>| {
            let mut entry = entry.unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            let path = String::from_utf8(entry.path_bytes().into_owned()).unwrap();
            assert_eq!((entry.header().uid().unwrap(), entry.header().mtime().unwrap()), (0, 0));
            (path, entry.header().entry_type(), entry.header().mode().unwrap(), content)
        };
        archive.entries().unwrap().map(entry).collect()
    }

    #[test]
    fn another_reader_finds_what_was_written() {
        let long = format!("{}/{}.yaml", "d".repeat(160), "f".repeat(90));
        let split = format!("{}/{}.yaml", "d".repeat(100), "f".repeat(90));
        let paths = ["a.yaml", "ä/日本.yaml", &long, &split, &"x/".repeat(127)[..253]];
        let mut entries = vec![Entry::Directory { path: "." }, Entry::Directory { path: "d" }];
        for path in paths {
            entries.push(Entry::File { path, is_executable: path == "a.yaml", bytes: path.as_bytes() });
        }
        let bytes = [tar(&entries), END.to_vec()].concat();
        let found = read(&bytes);
        assert_eq!(found[0], (".".into(), tar::EntryType::Directory, 0o755, vec![]));
        assert_eq!(found[1], ("d".into(), tar::EntryType::Directory, 0o755, vec![]));
        for (found, path) in found[2..].iter().zip(paths) {
            let mode = if path == "a.yaml" { 0o755 } else { 0o644 };
            assert_eq!(*found, (path.to_owned(), tar::EntryType::Regular, mode, path.as_bytes().to_vec()));
        }
        assert_eq!(found.len(), entries.len());
        for entry in entries {
            assert_eq!(entry.length(), tar(&[entry]).len(), "{entry:?}");
        }
    }

    #[test]
    fn pieces_of_two_archives_make_a_third() {
        let (one, two) = (Entry::Directory { path: "a" }, Entry::Directory { path: "b" });
        let blob: Vec<u8> = [tar(&[one]), tar(&[two])]
            .iter()
            .flat_map(|piece| compress(piece))
            .chain(end_member().iter().copied())
            .collect();
        let mut bytes = Vec::new();
        flate2::read::MultiGzDecoder::new(blob.as_slice()).read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, [tar(&[one, two]), END.to_vec()].concat());
    }
}
