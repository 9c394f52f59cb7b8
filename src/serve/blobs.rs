//! Blobs out: whole or a range, small ones in one piece, large ones as fast as the client takes them.

use std::io::{self, Read};
use std::ops::Range;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use hyper::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use hyper::{Method, Response, StatusCode};

use super::range::{Asked, asked};
use super::reply::{Refusal, Reply, empty, full, with, with_digest};
use super::routes::Ask;
use crate::oci::{Descriptor, Digest, Name};

const OCTETS: &str = "application/octet-stream";
/// Up to this many bytes a blob is read before its answer begins, so that a corrupt one is an error and not a cut.
const IN_ONE_PIECE: u64 = 256 * 1024;
/// Bytes that are read at once of a larger one.
const PIECE: u64 = 64 * 1024;

enum Content {
    Nothing,
    Piece(Vec<u8>),
    Stream(Box<dyn Read + Send>),
}

/// GET and HEAD of a blob.
pub(super) async fn get(ask: &Ask, name: Name, digest: Digest) -> Result<Reply, Refusal> {
    let range = ask.header(RANGE).map(str::to_owned);
    let is_head = ask.method == Method::HEAD;
    let wanted = digest.clone();
    let (size, part, content) = ask
        .with_repository(name, move |repository| {
            let unknown = || Refusal::absent("BLOB_UNKNOWN", format!("no blob {wanted}"));
            let repository = repository.ok_or_else(unknown)?;
            let size = repository.size(&wanted)?.ok_or_else(unknown)?;
            let part = match asked(range.as_deref(), size) {
                Asked::Whole => None,
                Asked::Part(part) => Some(part),
                Asked::Beyond => return Err(beyond(size)),
            };
            if is_head {
                return Ok((size, part, Content::Nothing));
            }
            let Range { start, end } = part.clone().unwrap_or(0..size);
            let reader = repository.open(&Descriptor::new(OCTETS, wanted, size), start)?;
            Ok((size, part, content(reader, start..end, size)?))
        })
        .await?;
    let length = part.as_ref().map_or(size, |part| part.end - part.start);
    let mut reply = with_digest(body(content), &digest);
    reply.headers_mut().insert(CONTENT_LENGTH, length.into());
    reply = with(with(reply, CONTENT_TYPE, OCTETS), ACCEPT_RANGES, "bytes");
    if let Some(Range { start, end }) = part {
        *reply.status_mut() = StatusCode::PARTIAL_CONTENT;
        reply = with(reply, CONTENT_RANGE, &format!("bytes {start}-{}/{size}", end - 1));
    }
    Ok(reply)
}

fn beyond(size: u64) -> Refusal {
    let message = format!("the blob has {size} bytes");
    Refusal::new(StatusCode::RANGE_NOT_SATISFIABLE, "RANGE_INVALID", message)
        .with(CONTENT_RANGE, format!("bytes */{size}"))
}

fn content(mut reader: Box<dyn Read + Send>, part: Range<u64>, size: u64) -> Result<Content, Refusal> {
    let length = part.end - part.start;
    // A reader of the whole must be read past its last byte: there it says whether the content was right.
    let is_whole = length == size;
    if length > IN_ONE_PIECE {
        return Ok(Content::Stream(if is_whole { reader } else { Box::new(reader.take(length)) }));
    }
    let mut bytes = Vec::new();
    if is_whole {
        reader.read_to_end(&mut bytes)?;
    } else {
        reader.take(length).read_to_end(&mut bytes)?;
    }
    Ok(Content::Piece(bytes))
}

fn body(content: Content) -> Reply {
    match content {
        Content::Nothing => empty(StatusCode::OK),
        Content::Piece(bytes) => full(StatusCode::OK, OCTETS, bytes),
        // Each piece is read when the client has taken the last one: a slow client holds no thread.
        Content::Stream(reader) => {
            let pieces = stream::try_unfold(reader, |reader| async {
                let read = tokio::task::spawn_blocking(move || piece(reader)).await;
                let (bytes, reader) = read.map_err(io::Error::other)??;
                Ok((!bytes.is_empty()).then(|| (Frame::data(Bytes::from(bytes)), reader)))
            });
            Response::new(StreamBody::new(pieces).boxed_unsync())
        }
    }
}

fn piece(mut reader: Box<dyn Read + Send>) -> io::Result<(Vec<u8>, Box<dyn Read + Send>)> {
    let mut bytes = Vec::new();
    reader.by_ref().take(PIECE).read_to_end(&mut bytes)?;
    Ok((bytes, reader))
}
