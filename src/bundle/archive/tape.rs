//! The bytes of a tar archive as they come out of a blob: decompressed where they must be, and counted on both sides.

use std::io::{self, BufReader, Cursor, ErrorKind, Read};

use super::fault::of_reader;
use super::limits::Meter;
use super::members::Members;
use super::{BLOCK, Error, block};

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";

/// The bytes of a tar archive, counted.
pub(super) struct Tape<'a> {
    inner: Box<dyn Read + 'a>,
    meter: &'a Meter,
    /// The first block, which was read to see what it is.
    first: Option<[u8; BLOCK]>,
}

impl<'a> Tape<'a> {
    /// Looks at the first bytes of a blob: they say what it is, whatever its media type says.
    pub(super) fn open(body: impl Read + 'a, meter: &'a Meter) -> Result<Self, Error> {
        let mut source = Source { inner: body, meter };
        let mut begin = [0; BLOCK];
        let count = fill(&mut source, &mut begin)?;
        let begin = &begin[..count];
        let whole = Cursor::new(begin.to_vec()).chain(BufReader::with_capacity(64 * 1024, source));
        if begin.starts_with(ZSTD) {
            return Err(Error::Zstd);
        }
        let is_gzip = begin.starts_with(GZIP);
        let inner: Box<dyn Read + 'a> =
            if is_gzip { Box::new(Members::new(whole, meter)) } else { Box::new(whole) };
        let mut tape = Self { inner, meter, first: None };
        let mut first = [0; BLOCK];
        let count = fill(&mut tape, &mut first)?;
        if count < BLOCK || !(is_zero(&first) || block::has_checksum(&first)) {
            let what = if is_gzip { "what its gzip holds" } else { "it" };
            return Err(Error::Foreign(format!("{what} {}", described(&first[..count]))));
        }
        tape.first = Some(first);
        Ok(tape)
    }

    /// The bytes of a blob as they are.
    pub(super) fn plain(body: impl Read + 'a, meter: &'a Meter) -> Self {
        Self { inner: Box::new(Source { inner: body, meter }), meter, first: None }
    }

    /// The next block; `None` at the end of the bytes.
    pub(super) fn block(&mut self) -> Result<Option<[u8; BLOCK]>, Error> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        let mut block = [0; BLOCK];
        match fill(self, &mut block)? {
            0 => Ok(None),
            BLOCK => Ok(Some(block)),
            _ => Err(Error::broken("it ends in the middle of a block")),
        }
    }

    /// Passes over so many bytes.
    pub(super) fn skip(&mut self, count: u64) -> Result<(), Error> {
        let passed = io::copy(&mut self.take(count), &mut io::sink()).map_err(of_reader)?;
        if passed < count { Err(Error::broken("it ends in the middle of an entry")) } else { Ok(()) }
    }

    /// Fails unless all that is left is zeros; reads to the end, so that what the bytes come from is checked too.
    pub(super) fn demand_zeros(&mut self) -> Result<(), Error> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = fill(self, &mut buffer)?;
            if buffer[..count].iter().any(|byte| *byte != 0) {
                return Err(Error::broken("something follows its end, which other readers may not see"));
            }
            if count < buffer.len() {
                return Ok(());
            }
        }
    }
}

impl Read for Tape<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.meter.give(count)?;
        Ok(count)
    }
}

/// The blob, counted, whose failures can be told from those of the decompressor.
struct Source<'a, R> {
    inner: R,
    meter: &'a Meter,
}

impl<R: Read> Read for Source<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(count) => {
                self.meter.take(count);
                Ok(count)
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Err(error),
            Err(error) => Err(Error::Body(error).into()),
        }
    }
}

/// Reads until the buffer is full or the bytes end.
fn fill(from: &mut impl Read, buffer: &mut [u8]) -> Result<usize, Error> {
    let mut filled = 0;
    while filled < buffer.len() {
        match from.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(of_reader(error)),
        }
    }
    Ok(filled)
}

/// Whether a block is one of those that end an archive.
pub(super) fn is_zero(block: &[u8; BLOCK]) -> bool {
    block.iter().all(|byte| *byte == 0)
}

/// The first bytes of something that is no archive.
fn described(bytes: &[u8]) -> String {
    let known: [(&[u8], &str); 7] = [
        (b"BZh", "bzip2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"PK\x03\x04", "a zip file"),
        (GZIP, "gzip"),
        (ZSTD, "zstd"),
        (b"{", "JSON"),
        (b"[", "JSON"),
    ];
    if bytes.is_empty() {
        return "is empty".to_owned();
    }
    match known.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, name)) => format!("looks like {name}"),
        None => format!("begins with `{}`", bytes[..bytes.len().min(16)].escape_ascii()),
    }
}
