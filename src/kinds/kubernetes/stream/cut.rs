//! Where one document of a stream ends and the next begins: by YAML's marks, or by JSON's braces.

mod json;

use std::ops::Range;

use crate::kinds::yaml::{Mark, Problem, small};

/// How many documents a stream may have, those of comments alone among them; an archive may have as many files.
const MAX_DOCUMENTS: usize = 200_000;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A stream in pieces.
#[derive(Debug)]
pub(super) struct Cut {
    /// One for each document that holds more than comments, in order.
    pub(super) pieces: Vec<Piece>,
    pub(super) is_json: bool,
    /// What no document may have.
    pub(super) problems: Vec<Problem>,
}

/// A document.
#[derive(Debug, Default)]
pub(super) struct Piece {
    /// Documents of comments or blanks before it, which go with it.
    before: Vec<Range<usize>>,
    /// Its own bytes.
    pub(super) body: Range<usize>,
    /// Where the body begins.
    start: Mark,
    /// Where the first thing in it stands that is neither blank nor comment.
    pub(super) content: Mark,
}

impl Piece {
    /// Its bytes, with those of what goes with it.
    pub(super) fn bytes(&self, stream: &[u8]) -> Vec<u8> {
        let parts = self.before.iter().chain([&self.body]);
        let parts: Vec<&[u8]> = parts.filter_map(|part| stream.get(part.clone())).collect();
        parts.concat()
    }

    /// A position in the stream, by one in the body.
    pub(super) fn mark(&self, within: Mark) -> Mark {
        let before = if within.line == 1 { self.start.column } else { 1 };
        Mark { line: self.start.line + within.line - 1, column: before + within.column - 1 }
    }
}

/// Cuts a stream.
pub(super) fn cut(bytes: &[u8]) -> Cut {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        let problem = Problem::new(
            Mark { line: 1, column: 1 },
            "encoding",
            "a stream must be UTF-8, and this is UTF-16",
        );
        return Cut { pieces: Vec::new(), is_json: false, problems: vec![problem] };
    }
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let is_json = is_json(text);
    let from = bytes.len() - text.len();
    if is_json {
        let mut problems = Vec::new();
        return Cut { pieces: json::pieces(bytes, from, &mut problems), is_json, problems };
    }
    let mut cutter = Cutter::new(bytes, from);
    cutter.cut();
    Cut { pieces: cutter.pieces, is_json, problems: cutter.problems }
}

/// Whether a text begins as an object or a list of JSON does, and not as a collection of YAML without quotes.
fn is_json(text: &[u8]) -> bool {
    let mut letters = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    matches!(
        (letters.next(), letters.next()),
        (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b'[' | b'"' | b']'))
    )
}

/// A stream of YAML that is being cut.
struct Cutter<'s> {
    bytes: &'s [u8],
    pieces: Vec<Piece>,
    problems: Vec<Problem>,
    /// Pieces of comments and blanks that go with the next document.
    waiting: Vec<Range<usize>>,
    /// Where the current line begins, and its number.
    at: usize,
    line: u32,
    /// Where the current document's bytes begin, and that position.
    body: usize,
    start: Mark,
    /// Where its first content stands.
    content: Option<Mark>,
}

impl<'s> Cutter<'s> {
    fn new(bytes: &'s [u8], at: usize) -> Self {
        let start = Mark { line: 1, column: 1 };
        Self {
            bytes,
            pieces: Vec::new(),
            problems: Vec::new(),
            waiting: Vec::new(),
            at,
            line: 1,
            body: 0,
            start,
            content: None,
        }
    }

    fn cut(&mut self) {
        while self.at < self.bytes.len() {
            let line = line(&self.bytes[self.at..]);
            if let Some(length) = mark(line) {
                self.end(self.at);
                if self.pieces.len() + self.waiting.len() > MAX_DOCUMENTS {
                    self.problems.push(too_many(self.mark(0)));
                    return;
                }
                self.begin(self.at + length);
            }
            if self.content.is_none() {
                self.look(line);
            }
            self.next(line.len());
        }
        self.end(self.bytes.len());
    }

    /// Looks whether the document's content begins on this line, which is the body's first or stands after that.
    fn look(&mut self, line: &[u8]) {
        let from = self.body.max(self.at) - self.at;
        let rest = line.get(from..).unwrap_or_default();
        let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        match rest.get(blanks) {
            None | Some(b'#') => {}
            // One is enough to say so.
            Some(b'%') if from + blanks == 0 && !self.problems.is_empty() => {}
            Some(b'%') if from + blanks == 0 => {
                let message =
                    "a stream may hold no directives, since its documents are cut apart; leave the line out";
                self.problems.push(Problem::new(self.mark(0), "directive", message));
            }
            Some(_) => self.content = Some(self.mark(from + blanks)),
        }
    }

    /// The position of an offset in the current line, all before which is ASCII.
    fn mark(&self, offset: usize) -> Mark {
        Mark { line: self.line, column: small(offset + 1) }
    }

    /// Ends the document before an offset.
    fn end(&mut self, at: usize) {
        let body = self.body..at;
        match self.content.take() {
            Some(content) => {
                let before = std::mem::take(&mut self.waiting);
                self.pieces.push(Piece { before, body, start: self.start, content });
            }
            None if body.is_empty() => {}
            None => self.waiting.push(body),
        }
    }

    /// Begins the next document at an offset in the current line, or at its end.
    fn begin(&mut self, at: usize) {
        let offset = at - self.at;
        let is_next = matches!(self.bytes.get(at - 1), Some(b'\n' | b'\r'));
        self.body = at;
        self.start = if is_next { Mark { line: self.line + 1, column: 1 } } else { self.mark(offset) };
    }

    fn next(&mut self, length: usize) {
        self.at += length;
        self.line = self.line.saturating_add(1);
    }
}

fn too_many(mark: Mark) -> Problem {
    Problem::new(mark, "too-large", format!("a stream may hold at most {MAX_DOCUMENTS} documents"))
}

/// The first line of a text, with the break that ends it: a line feed, a carriage return, or both together.
fn line(text: &[u8]) -> &[u8] {
    let end = match memchr::memchr2(b'\n', b'\r', text) {
        Some(at) if text[at] == b'\r' && text.get(at + 1) == Some(&b'\n') => at + 2,
        Some(at) => at + 1,
        None => text.len(),
    };
    &text[..end]
}

/// The length of the mark that a line begins with, if it does: with the blanks after it, and the line's end where
/// nothing else follows.
fn mark(line: &[u8]) -> Option<usize> {
    let rest = line.strip_prefix(b"---").or_else(|| line.strip_prefix(b"..."))?;
    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match rest.get(blanks) {
        None | Some(b'\n' | b'\r') => Some(line.len()),
        Some(_) if blanks > 0 => Some(3 + blanks),
        Some(_) => None,
    }
}
