//! Private keys in the form of PEM (RFC 7468), wherever they stand in a file.

use crate::kinds::yaml::Mark;

const BEGIN: &[u8] = b"-----BEGIN ";
/// How the line ends that begins a private key of any sort, encrypted ones among them.
const END: &[u8] = b"PRIVATE KEY-----";
/// The longest name of a sort, in bytes, such as `ENCRYPTED ` or `OPENSSH `.
const LONGEST_SORT: usize = 32;

/// Where the first private key of a file begins: at `-----BEGIN … PRIVATE KEY-----`.
///
/// Works on files of any kind. An outline has what is found so among its doubts; this is for the files that are no
/// manifests.
pub fn private_key(bytes: &[u8]) -> Option<Mark> {
    let mut from = 0;
    while let Some(at) = find(&bytes[from..], END) {
        let end = from + at;
        let window = &bytes[end.saturating_sub(LONGEST_SORT + BEGIN.len())..end];
        if let Some(begin) = window.windows(BEGIN.len()).rposition(|part| part == BEGIN) {
            let sort = &window[begin + BEGIN.len()..];
            if sort.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b' ') {
                return Some(mark_of(bytes, end - window.len() + begin));
            }
        }
        from = end + END.len();
    }
    None
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, what)
}

/// The position of an offset. A line ends at a line feed, a carriage return, or both together.
fn mark_of(bytes: &[u8], at: usize) -> Mark {
    let before = &bytes[..at];
    let ends = |at: &usize| bytes[*at] == b'\n' || (bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    let lines = (0..at).filter(ends).count();
    let start = (0..at).rev().find(ends).map_or(0, |end| end + 1);
    // Bytes that go on with a character of UTF-8 are none of their own.
    let column = before[start..].iter().filter(|byte| **byte & 0xC0 != 0x80).count();
    let small = |number: usize| u32::try_from(number + 1).unwrap_or(u32::MAX);
    Mark { line: small(lines), column: small(column) }
}
