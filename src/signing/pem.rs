//! The armour of key files (RFC 7468), as tolerant as Go's reader: text around a block, CRLF, lines of any length.

use base64::Engine as _;
use zeroize::Zeroizing;

use super::{KeyError, base64_text};

/// The largest key file that is read, in bytes; an RSA key of 4096 bits takes a twentieth of it.
pub(super) const LARGEST: usize = 64 * 1024;
/// How long a written line is (RFC 7468, section 2).
const LINE: usize = 64;

/// The first block of a file.
pub(super) struct Block<'a> {
    /// What stands behind `BEGIN`.
    pub(super) label: &'a str,
    /// What was inside, decoded; `None` where it is broken.
    content: Option<Zeroizing<Vec<u8>>>,
}

impl Block<'_> {
    /// What was inside.
    pub(super) fn content(&self) -> Result<&[u8], KeyError> {
        let broken = "its first block is not Base64 alone, or has no end";
        self.content.as_ref().map(|content| content.as_slice()).ok_or(KeyError::Broken(broken))
    }
}

/// Finds the first block; those after it do not count, whatever the first one holds.
///
/// `None`: too large, or no block begins at the beginning of a line. Go's reader passes over a block that is broken, and
/// takes fields before what is inside; here such a file is refused, so that no two readers find two keys in it.
pub(super) fn read(file: &[u8]) -> Option<Block<'_>> {
    if file.len() > LARGEST {
        return None;
    }
    let mut lines = file.split(|byte| *byte == b'\n').map(without_end);
    let label = lines.find_map(|line| line.strip_prefix(b"-----BEGIN ")?.strip_suffix(b"-----"))?;
    let end = [b"-----END ", label, b"-----"].concat();
    let mut body = Zeroizing::new(Vec::with_capacity(file.len()));
    let mut has_end = false;
    for line in lines {
        if line == end {
            has_end = true;
            break;
        }
        body.extend(line.iter().filter(|letter| !matches!(letter, b' ' | b'\t')));
    }
    let decode = |body| base64_text::standard(std::str::from_utf8(body).ok()?).map(Zeroizing::new);
    let content = if has_end { decode(&body) } else { None };
    Some(Block { label: std::str::from_utf8(label).ok()?, content })
}

/// A line without what ends it: as Go does it, one carriage return, and then blanks.
fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let length = line.iter().rposition(|byte| !matches!(byte, b' ' | b'\t')).map_or(0, |last| last + 1);
    &line[..length]
}

/// The block as a file.
pub(super) fn write(label: &str, content: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(base64::prelude::BASE64_STANDARD.encode(content));
    let mut text =
        Zeroizing::new(String::with_capacity(body.len() + body.len() / LINE + 2 * label.len() + 40));
    text.extend(["-----BEGIN ", label, "-----\n"]);
    let mut rest = body.as_str();
    while !rest.is_empty() {
        // Base64 is ASCII, so that each position is a boundary.
        let (line, more) = rest.split_at(rest.len().min(LINE));
        text.extend([line, "\n"]);
        rest = more;
    }
    text.extend(["-----END ", label, "-----\n"]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_block_is_read_again() {
        for length in [0, 1, 47, 48, 49, 1000] {
            let content: Vec<u8> = (0..length).map(|at: u32| at.to_le_bytes()[0]).collect();
            let text = write("X Y", &content);
            assert!(text.lines().all(|line| line.len() <= LINE));
            let block = read(text.as_bytes()).unwrap();
            assert_eq!((block.label, block.content().unwrap()), ("X Y", content.as_slice()));
        }
    }

    fn content(file: &[u8]) -> Option<Vec<u8>> {
        Some(read(file)?.content().ok()?.to_vec())
    }

    #[test]
    fn the_first_block_counts_or_none_does() {
        let good = b"-----BEGIN A-----\nAAAA\n-----END A-----".as_slice();
        let found = Some(vec![0; 3]);
        for before in [
            b"J\xf6rg's key\r\n".as_slice(),
            b"-----END A-----",
            b"  -----BEGIN B-----",
            b"-----BEGIN B-----\x0c",
            b"-----BEGIN B-----\xc2\xa0",
        ] {
            assert_eq!(content(before), None);
            assert_eq!(content(&[before, b"\n", good, b"\n\xff"].concat()), found, "{before:?} is no block");
        }
        for broken in [
            b"-----BEGIN A-----\nAAAA".as_slice(),
            b"-----BEGIN A-----\nAAAA\n-----END B-----",
            b"-----BEGIN A-----\nA*AA\n-----END A-----",
            b"-----BEGIN A-----\nName: value\n\nAAAA\n-----END A-----",
            b"-----BEGIN \xff-----\nAAAA\n-----END \xff-----",
        ] {
            assert_eq!(content(&[broken, b"\n", good].concat()), None, "{broken:?} is not passed over");
        }
        assert!(read(&[good, &vec![b'\n'; LARGEST]].concat()).is_none(), "too large");
    }
}
