//! Reads a blob while it comes, goes on by `Range` where the connection breaks, and verifies it.

use std::io::{self, Read};
use std::sync::Arc;

use bytes::{Buf, Bytes};
use reqwest::header::{CONTENT_RANGE, RANGE};
use reqwest::{Method, StatusCode};

use super::answer::Opened;
use super::call::{Call, Scope};
use super::endpoint::Endpoint;
use super::retry::{Fault, Tries};
use crate::oci::{Descriptor, VerifyError, Verifying};
use crate::repository::{Error, ErrorKind};

/// Begins to read a blob. From the start the reader verifies what it reads; from elsewhere it sees to the length.
pub(super) fn open(
    endpoint: &Arc<Endpoint>,
    blob: &Descriptor,
    from: u64,
) -> Result<Box<dyn Read + Send>, Error> {
    if from > 0 && from >= blob.size {
        return Ok(Box::new(io::empty()));
    }
    let endpoint = Arc::clone(endpoint);
    let mut tries = endpoint.tries();
    let opened = request(&endpoint, blob, from, &mut tries)?;
    let download = Download {
        endpoint,
        blob: blob.clone(),
        at: from,
        opened: Some(opened.opened),
        skip: opened.skip,
        piece: Bytes::new(),
        tries,
    };
    if from == 0 {
        return Ok(Box::new(Verifying::new(download, blob.digest.clone(), blob.size)));
    }
    Ok(Box::new(Rest { download, size: blob.size }))
}

/// A body that begins before the wanted offset by so many bytes.
struct Begun {
    opened: Opened,
    skip: u64,
}

fn request(endpoint: &Endpoint, blob: &Descriptor, from: u64, tries: &mut Tries) -> Result<Begun, Error> {
    let about = format!("read blob {}", blob.digest);
    let mut call =
        Call::new(Method::GET, endpoint.url(&format!("blobs/{}", blob.digest)), Scope::Pull, about);
    if from > 0 {
        call = call.header(RANGE, &format!("bytes={from}-"));
    }
    let opened = tries.run(|line| endpoint.trace(line), || endpoint.once(&call))?;
    let error = |kind, what: &str| Err(endpoint.error(kind, format!("cannot {}: {what}", call.about)));
    if !opened.status.is_success() {
        let is_past_the_end = opened.status == StatusCode::RANGE_NOT_SATISFIABLE;
        let answer = opened.read_error();
        if is_past_the_end {
            return error(ErrorKind::Corrupt, "the registry has fewer bytes of it than it should");
        }
        return Err(endpoint.refused(&call.about, &answer));
    }
    opened.demand_plain()?;
    let text = |name| opened.headers.get(name).and_then(|value| value.to_str().ok());
    if opened.status == StatusCode::PARTIAL_CONTENT {
        let begins = format!("bytes {from}-");
        if !text(CONTENT_RANGE).is_some_and(|range| range.trim().starts_with(&begins)) {
            return error(ErrorKind::Refused, "the registry sent another part of it than was asked for");
        }
        return Ok(Begun { opened, skip: 0 });
    }
    // The whole blob came: the registry does not know ranges.
    Ok(Begun { opened, skip: from })
}

/// The bytes of a blob from an offset on, over as many requests as it takes.
struct Download {
    endpoint: Arc<Endpoint>,
    blob: Descriptor,
    /// How far we are, from the blob's start.
    at: u64,
    /// `None` once the end was seen.
    opened: Option<Opened>,
    /// Bytes to be thrown away before the wanted ones come.
    skip: u64,
    piece: Bytes,
    /// Those of all its requests together.
    tries: Tries,
}

impl Download {
    /// The next piece that is not empty; `None` at the end.
    fn next(&mut self) -> Result<Option<Bytes>, Error> {
        while let Some(opened) = &mut self.opened {
            match opened.chunk() {
                Ok(None) => self.opened = None,
                Ok(Some(mut piece)) => {
                    let skipped = self.skip.min(piece.len() as u64);
                    self.skip -= skipped;
                    piece.advance(usize::try_from(skipped).unwrap_or(piece.len()));
                    if !piece.is_empty() {
                        self.tries.came_forward();
                        return Ok(Some(piece));
                    }
                }
                Err(Fault::Passing { .. }) if self.at == self.blob.size => self.opened = None,
                Err(fault) => {
                    let (endpoint, at) = (&self.endpoint, self.at);
                    self.tries.pause(fault, |line| endpoint.trace(&format!("{line}, from byte {at}")))?;
                    let begun = request(endpoint, &self.blob, at, &mut self.tries)?;
                    self.skip = begun.skip;
                    self.opened = Some(begun.opened);
                }
            }
        }
        Ok(None)
    }
}

impl Read for Download {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.piece.is_empty() {
            match self.next() {
                Ok(Some(piece)) => self.piece = piece,
                Ok(None) => return Ok(0),
                Err(error) => return Err(into_io(error)),
            }
        }
        let count = buffer.len().min(self.piece.len());
        self.piece.copy_to_slice(&mut buffer[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

/// A repository's error inside of an I/O error, for callers to take out again.
fn into_io(error: Error) -> io::Error {
    let kind = match error.kind {
        ErrorKind::Corrupt => io::ErrorKind::InvalidData,
        ErrorKind::NotFound => io::ErrorKind::NotFound,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}

/// The part of a blob that cannot be verified by itself; it ends where the descriptor says, or fails.
struct Rest {
    download: Download,
    size: u64,
}

impl Read for Rest {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.download.read(buffer)?;
        let found = self.download.at;
        let is_short = count == 0 && !buffer.is_empty() && found < self.size;
        if is_short || found > self.size {
            let (digest, expected) = (self.download.blob.digest.clone(), self.size);
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                VerifyError::Size { digest, expected, found },
            ));
        }
        Ok(count)
    }
}
