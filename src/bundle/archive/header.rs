//! The header blocks of tar entries, byte for byte as Go's `archive/tar` writes them for Flux: USTAR where the path fits,
//! else an extended header (pax) with nothing but the path before it.

use std::borrow::Cow;

use super::BLOCK;

/// The type of a regular file.
const FILE: u8 = b'0';
/// The type of a directory.
const DIRECTORY: u8 = b'5';
/// The type of an extended header for the next entry (POSIX.1-2001, pax).
const EXTENDED: u8 = b'x';

/// The longest name and the longest prefix of a USTAR header, in bytes.
const NAME: usize = 100;
const PREFIX: usize = 155;

/// Appends the header of a directory.
pub(super) fn directory(path: &str, out: &mut Vec<u8>) {
    entry(path, DIRECTORY, 0o755, 0, out);
}

/// Appends the header of a regular file.
pub(super) fn file(path: &str, is_executable: bool, size: u64, out: &mut Vec<u8>) {
    entry(path, FILE, if is_executable { 0o755 } else { 0o644 }, size, out);
}

fn entry(path: &str, kind: u8, mode: u64, size: u64, out: &mut Vec<u8>) {
    let fitting = ustar(path);
    if fitting.is_none() {
        extended(path, out);
    }
    let (prefix, name) = fitting.unwrap_or(("", path));
    let mut block = Block::new(&ascii(name), kind, mode, size);
    block.octal(329..337, 0);
    block.octal(337..345, 0);
    block.text(345..500, prefix.as_bytes());
    out.extend_from_slice(&block.sealed());
}

/// How many bytes the header of an entry takes.
pub(super) fn length(path: &str) -> usize {
    if ustar(path).is_some() {
        return BLOCK;
    }
    2 * BLOCK + record("path", path).len().next_multiple_of(BLOCK)
}

/// A path as the prefix and the name of a USTAR header, if it fits.
fn ustar(path: &str) -> Option<(&str, &str)> {
    if !path.is_ascii() || path.contains('\0') {
        return None;
    }
    if path.len() <= NAME {
        return Some(("", path));
    }
    // The last slash that leaves the prefix short enough; what follows must fit into the name.
    let at = path.as_bytes()[..path.len().min(PREFIX + 1)].iter().rposition(|byte| *byte == b'/')?;
    let (prefix, name) = (&path[..at], &path[at + 1..]);
    (!prefix.is_empty() && !name.is_empty() && name.len() <= NAME).then_some((prefix, name))
}

/// Appends an extended header with a path, as an entry of its own.
fn extended(path: &str, out: &mut Vec<u8>) {
    let record = record("path", path);
    let (above, last) = path.rsplit_once('/').map_or(("", path), |(above, last)| (above, last));
    let separator = if above.is_empty() { "" } else { "/" };
    let name = format!("{above}{separator}PaxHeaders.0/{last}");
    let name = ascii(&name);
    let shown = name[..name.len().min(NAME)].trim_end_matches('/');
    out.extend_from_slice(&Block::new(shown, EXTENDED, 0, record.len() as u64).sealed());
    out.extend_from_slice(record.as_bytes());
    pad(out);
}

/// Fills the last block with zeros.
pub(super) fn pad(out: &mut Vec<u8>) {
    out.resize(out.len().next_multiple_of(BLOCK), 0);
}

/// One record of an extended header, `LENGTH KEY=VALUE\n`, where the length counts its own digits too.
fn record(key: &str, value: &str) -> String {
    let rest = key.len() + value.len() + 3;
    let mut size = rest;
    while size != rest + size.to_string().len() {
        size = rest + size.to_string().len();
    }
    format!("{size} {key}={value}\n")
}

/// The text without what is not ASCII: older readers see this instead of the path.
fn ascii(text: &str) -> Cow<'_, str> {
    let is_shown = |letter: char| letter.is_ascii() && letter != '\0';
    if text.chars().all(is_shown) {
        return Cow::Borrowed(text);
    }
    text.chars().filter(|letter| is_shown(*letter)).collect()
}

/// One header that is being filled.
struct Block([u8; BLOCK]);

impl Block {
    fn new(name: &str, kind: u8, mode: u64, size: u64) -> Self {
        let mut block = Self([0; BLOCK]);
        block.name(name.as_bytes());
        block.octal(100..108, mode);
        block.octal(108..116, 0);
        block.octal(116..124, 0);
        block.octal(124..136, size);
        block.octal(136..148, 0);
        block.0[156] = kind;
        block.text(257..265, b"ustar\x0000");
        block
    }

    /// A name that is cut may not end in a slash, which some readers take for a directory.
    fn name(&mut self, name: &[u8]) {
        self.text(0..NAME, name);
        if name.len() > NAME && self.0[NAME - 1] == b'/' {
            let kept = self.0[..NAME].iter().rposition(|byte| *byte != b'/').map_or(0, |last| last + 1);
            self.0[kept] = 0;
        }
    }

    fn text(&mut self, field: std::ops::Range<usize>, text: &[u8]) {
        let field = &mut self.0[field];
        let count = field.len().min(text.len());
        field[..count].copy_from_slice(&text[..count]);
    }

    /// A number in octal digits with leading zeros, and a NUL. What is too large for the field is 0, as in Go.
    fn octal(&mut self, field: std::ops::Range<usize>, value: u64) {
        let Some((end, digits)) = self.0[field].split_last_mut() else { return };
        *end = 0;
        let mut left = value;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + left.to_le_bytes()[0] % 8;
            left /= 8;
        }
        if left > 0 {
            digits.fill(b'0');
        }
    }

    /// The block with its checksum, which is taken with blanks in its own place.
    fn sealed(mut self) -> [u8; BLOCK] {
        self.0[148..156].fill(b' ');
        let sum: u32 = self.0.iter().map(|byte| u32::from(*byte)).sum();
        let sum = u64::from(sum);
        self.octal(148..155, sum);
        self.0
    }
}
