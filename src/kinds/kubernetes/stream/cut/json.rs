//! A stream of JSON values, one after the other, as `jq` and `cue export` print them; marks may stand between them.

use super::{MAX_DOCUMENTS, Piece, line, mark, too_many};
use crate::kinds::yaml::{Mark, Problem};

/// The values of a stream that begins at an offset, after its byte order mark. Whether they are sound is not looked at.
pub(super) fn pieces(bytes: &[u8], from: usize, problems: &mut Vec<Problem>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut position = Position { at: from, mark: Mark::START };
    let mut before = Vec::new();
    let (mut body, mut at) = (0, from);
    loop {
        at = blanks(bytes, at);
        let begins_line = at == from || matches!(bytes[at - 1], b'\n' | b'\r');
        if begins_line && let Some(length) = mark(line(&bytes[at..])) {
            if body < at {
                before.push(body..at);
            }
            at += length;
            body = at;
            continue;
        }
        if at == bytes.len() {
            break;
        }
        if pieces.len() == MAX_DOCUMENTS {
            problems.push(too_many(position.go(bytes, at)));
            return pieces;
        }
        let start = position.go(bytes, body.max(from));
        let content = position.go(bytes, at);
        at = line_end(bytes, value_end(bytes, at));
        pieces.push(Piece { before: std::mem::take(&mut before), body: body..at, start, content });
        body = at;
    }
    // Blanks at the end belong to the last value, unless a mark stands between them.
    if let Some(last) = pieces.last_mut().filter(|last| last.body.end == body) {
        last.body.end = bytes.len();
    }
    pieces
}

fn blanks(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// Where the line ends, if nothing but blanks follows on it.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let end = at + bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match bytes.get(end..) {
        Some([b'\r', b'\n', ..]) => end + 2,
        Some([b'\r' | b'\n', ..]) => end + 1,
        _ => at,
    }
}

/// Where a value ends that begins at an offset: with its last brace, or before the next blank or brace.
fn value_end(bytes: &[u8], at: usize) -> usize {
    let mut depth = 0usize;
    let mut end = at;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'"' => end = string_end(bytes, end),
            b'{' | b'[' => {
                if depth == 0 && end > at {
                    return end;
                }
                depth += 1;
                end += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                end += 1;
                if depth == 0 {
                    return end;
                }
            }
            byte if depth == 0 && byte.is_ascii_whitespace() => return end,
            _ => end += 1,
        }
    }
    bytes.len()
}

/// What follows the string that begins at an offset.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'"' => return end + 1,
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
    bytes.len()
}

/// A place in the stream, which only goes on.
struct Position {
    at: usize,
    mark: Mark,
}

impl Position {
    fn go(&mut self, bytes: &[u8], to: usize) -> Mark {
        self.mark = self.mark.after(bytes.get(self.at..to).unwrap_or_default());
        self.at = to.max(self.at);
        self.mark
    }
}
