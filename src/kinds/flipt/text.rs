//! Texts as Go's `encoding/json` prints them, safe to stand in HTML.

/// Which bytes cannot be copied as they are: controls, quotes, `\`, `<`, `>`, `&`, and the first byte of
/// U+2028 and U+2029.
const SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = true;
        byte += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table[b'<' as usize] = true;
    table[b'>' as usize] = true;
    table[b'&' as usize] = true;
    table[0xE2] = true;
    table
};

/// Appends `text` in quotes.
pub(super) fn quoted(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    escaped(text, out);
    out.push(b'"');
}

/// Appends bytes in quotes; of what is no UTF-8 each byte becomes an escaped U+FFFD.
pub(super) fn quoted_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for chunk in bytes.utf8_chunks() {
        escaped(chunk.valid(), out);
        for _ in chunk.invalid() {
            out.extend_from_slice(b"\\ufffd");
        }
    }
    out.push(b'"');
}

fn escaped(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut copied = 0;
    let mut at = 0;
    while let Some(offset) = bytes[at..].iter().position(|byte| SPECIAL[usize::from(*byte)]) {
        at += offset;
        let (length, escape): (usize, &[u8]) = match &bytes[at..] {
            [b'"', ..] => (1, b"\\\""),
            [b'\\', ..] => (1, b"\\\\"),
            [b'\n', ..] => (1, b"\\n"),
            [b'\r', ..] => (1, b"\\r"),
            [b'\t', ..] => (1, b"\\t"),
            [0x08, ..] => (1, b"\\b"),
            [0x0C, ..] => (1, b"\\f"),
            [0xE2, 0x80, 0xA8, ..] => (3, b"\\u2028"),
            [0xE2, 0x80, 0xA9, ..] => (3, b"\\u2029"),
            [0xE2, ..] => {
                at += 3;
                continue;
            }
            [byte, ..] => {
                out.extend_from_slice(&bytes[copied..at]);
                out.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
                at += 1;
                copied = at;
                continue;
            }
            [] => break,
        };
        out.extend_from_slice(&bytes[copied..at]);
        out.extend_from_slice(escape);
        at += length;
        copied = at;
    }
    out.extend_from_slice(&bytes[copied..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_go_escapes_is_escaped() {
        let mut out = Vec::new();
        quoted("a<b>&\"\\\n\r\t\u{8}\u{c}\u{0}\u{1f}\u{7f}é\u{2028}\u{2029}\u{2030}…", &mut out);
        let expected =
            "\"a\\u003cb\\u003e\\u0026\\\"\\\\\\n\\r\\t\\b\\f\\u0000\\u001f\u{7f}é\\u2028\\u2029\u{2030}…\"";
        assert_eq!(String::from_utf8(out).expect("text"), expected);
    }
}
