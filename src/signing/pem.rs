//! The armour of key files (RFC 7468), as tolerant as Go's reader: text around a block, CRLF, lines of any length.

use base64::Engine as _;
use zeroize::Zeroizing;

use super::base64_text;

/// The largest key file that is read, in bytes; an RSA key of 4096 bits takes a twentieth of it.
pub(super) const LARGEST: usize = 64 * 1024;
/// How long a written line is (RFC 7468, section 2).
const LINE: usize = 64;

/// The first block of a file.
pub(super) struct Block {
    /// What stands behind `BEGIN`.
    pub(super) label: String,
    /// What was inside, decoded.
    pub(super) content: Zeroizing<Vec<u8>>,
}

/// Reads the first block; those after it do not count, whatever the first one holds.
///
/// `None`: too large, no block, or the first one is broken. Its first line stands at the beginning of a line.
pub(super) fn read(file: &[u8]) -> Option<Block> {
    if file.len() > LARGEST {
        return None;
    }
    let text = std::str::from_utf8(file).ok()?;
    let mut lines = text.lines().map(str::trim_end);
    let label = lines.find_map(|line| line.strip_prefix("-----BEGIN ")?.strip_suffix("-----"))?;
    let end = format!("-----END {label}-----");
    let mut body = Zeroizing::new(String::with_capacity(text.len()));
    loop {
        let line = lines.next()?;
        if line == end {
            break;
        }
        body.extend(line.chars().filter(|letter| !matches!(letter, ' ' | '\t')));
    }
    Some(Block { label: label.to_owned(), content: Zeroizing::new(base64_text::standard(&body)?) })
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
            assert_eq!((block.label.as_str(), block.content.as_slice()), ("X Y", content.as_slice()));
        }
    }

    #[test]
    fn what_is_no_block_is_none() {
        let good = "-----BEGIN A-----\nAAAA\n-----END A-----";
        assert!(read(good.as_bytes()).is_some());
        for bad in [
            "",
            "AAAA",
            "-----BEGIN A-----\nAAAA",
            "-----BEGIN A-----\nAAAA\n-----END B-----",
            "-----BEGIN A-----\nA*AA\n-----END A-----",
            "  -----BEGIN A-----\nAAAA\n-----END A-----",
        ] {
            assert!(read(bad.as_bytes()).is_none(), "{bad}");
        }
        assert!(read(&[good.as_bytes(), &vec![b'\n'; LARGEST]].concat()).is_none(), "too large");
        assert!(read(b"\xff-----BEGIN A-----").is_none());
    }
}
