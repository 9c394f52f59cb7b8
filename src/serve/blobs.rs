//! Content out: whole or a range, small in one piece, large as fast as the client takes it; and blobs away.

use std::io::{self, Read};
use std::ops::Range;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use hyper::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use hyper::{Method, Response, StatusCode};

use super::conditions::{allows_range, tagged, unchanged};
use super::range::{Asked, asked};
use super::reply::{Refusal, Reply, empty, full, with, with_digest};
use super::routes::Ask;
use super::shelf::Mode;
use crate::oci::{Descriptor, Digest, Name, media_type};
use crate::repository::Repository as _;
use crate::store::Layout;

/// Up to this many bytes content is read before its answer begins, so that what rotted is an error and not a cut.
const IN_ONE_PIECE: u64 = 64 * 1024;
/// Bytes that are read at once of larger content.
const PIECE: usize = 128 * 1024;

/// The body of an answer.
pub(super) enum Content {
    Nothing,
    Piece(Vec<u8>),
    Stream(Box<dyn Read + Send>),
}

/// GET and HEAD of a blob.
pub(super) async fn get(ask: &Ask, name: Name, digest: Digest) -> Result<Reply, Refusal> {
    // Ranges are defined for GET alone (RFC 9110 §14.2): a HEAD tells of the whole.
    let takes_range = ask.method == Method::GET && allows_range(ask, &digest);
    let range = ask.header(RANGE).filter(|_| takes_range).map(str::to_owned);
    let known = unchanged(ask, &digest);
    let is_bare = ask.method == Method::HEAD || known.is_some();
    let is_expiring = ask.desk.shelf.mode == Mode::Expiring;
    let wanted = digest.clone();
    let (size, part, content) = ask
        .with_repository(name, move |repository| {
            let unknown = || Refusal::absent("BLOB_UNKNOWN", format!("no blob {wanted}"));
            let repository = repository.ok_or_else(unknown)?;
            let size = repository.size(&wanted)?.ok_or_else(unknown)?;
            if is_expiring {
                // Whoever asks may be about to publish what names it.
                repository.touch(&wanted);
            }
            let part = match asked(range.as_deref(), size) {
                Asked::Whole => None,
                Asked::Part(part) => Some(part),
                Asked::Beyond => return Err(beyond(size)),
            };
            if is_bare {
                return Ok((size, part, Content::Nothing));
            }
            let blob = Descriptor::new(media_type::OCTETS, wanted, size);
            let Some(Range { start, end }) = part.clone() else {
                return Ok((size, None, whole(&repository, &blob)?));
            };
            Ok((size, part, content(repository.open(&blob, start)?, start..end, size)?))
        })
        .await?;
    if let Some(reply) = known {
        return Ok(reply);
    }
    let length = part.as_ref().map_or(size, |part| part.end - part.start);
    let mut reply = with(reply(content, media_type::OCTETS, length, &digest), ACCEPT_RANGES, "bytes");
    if let Some(Range { start, end }) = part {
        *reply.status_mut() = StatusCode::PARTIAL_CONTENT;
        reply = with(reply, CONTENT_RANGE, &format!("bytes {start}-{}/{size}", end - 1));
    }
    Ok(tagged(reply, &digest))
}

/// DELETE of a blob.
pub(super) async fn delete(ask: &Ask, name: Name, digest: Digest) -> Result<Reply, Refusal> {
    let removed = ask.with_repository(name, move |repository| {
        let unknown = || Refusal::absent("BLOB_UNKNOWN", format!("no blob {digest}"));
        let repository = repository.ok_or_else(unknown)?;
        if repository.delete_blob(&digest).map_err(Refusal::in_use)? { Ok(()) } else { Err(unknown()) }
    });
    removed.await?;
    Ok(empty(StatusCode::ACCEPTED))
}

fn beyond(size: u64) -> Refusal {
    let message = format!("the blob has {size} bytes");
    Refusal::new(StatusCode::RANGE_NOT_SATISFIABLE, "RANGE_INVALID", message)
        .with(CONTENT_RANGE, format!("bytes */{size}"))
}

/// All of a blob or a manifest, verified on the way.
pub(super) fn whole(repository: &Layout, what: &Descriptor) -> Result<Content, Refusal> {
    content(repository.open(what, 0)?, 0..what.size, what.size)
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

/// The answer with content and its digest; the length of a HEAD is that of what a GET would bring.
pub(super) fn reply(content: Content, media_type: &str, length: u64, digest: &Digest) -> Reply {
    let mut reply = with_digest(with(body(content), CONTENT_TYPE, media_type), digest);
    reply.headers_mut().insert(CONTENT_LENGTH, length.into());
    reply
}

fn body(content: Content) -> Reply {
    match content {
        Content::Nothing => empty(StatusCode::OK),
        Content::Piece(bytes) => full(StatusCode::OK, media_type::OCTETS, bytes),
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
    let mut bytes = Vec::with_capacity(PIECE);
    reader.by_ref().take(PIECE as u64).read_to_end(&mut bytes)?;
    Ok((bytes, reader))
}
