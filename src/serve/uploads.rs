//! Blobs in: in one request, in two, in chunks, or taken from another repository; verified before they are seen.

use std::sync::Arc;

use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::{CONTENT_RANGE, HeaderName, LOCATION, RANGE};
use tokio::sync::OwnedMutexGuard;

use super::body;
use super::range::{chunk, received};
use super::reply::{Refusal, Reply, empty, with, with_digest};
use super::routes::{Ask, digest_of};
use super::sessions::Session;
use super::shelf::Shelved;
use super::spool::Spool;
use super::tokens::Action;
use crate::oci::{Descriptor, Digest, Name};
use crate::repository::{Body, Error, ErrorKind, Moved};

const UPLOAD_ID: HeaderName = HeaderName::from_static("docker-upload-uuid");
const OCTETS: &str = "application/octet-stream";

/// POST: a whole blob with its digest, a mount, or the begin of a session.
pub(super) async fn begin(ask: &Ask, name: Name, mut incoming: Incoming) -> Result<Reply, Refusal> {
    if let Some(digest) = ask.parameter("digest") {
        let digest = digest_of(digest)?;
        let mut spool = Spool::default();
        fill(&mut spool, &mut incoming, u64::MAX).await?;
        return keep(ask, name, digest, Upload::Whole(spool)).await;
    }
    if let Some(digest) = ask.parameter("mount") {
        let digest = digest_of(digest)?;
        let from = ask.parameter("from").and_then(|text| text.parse::<Name>().ok());
        if let Some(from) = from.filter(|from| ask.caller.may(Action::Pull, from))
            && mount(ask, name.clone(), from, digest.clone()).await?
        {
            return Ok(created(&name, &digest));
        }
    }
    let id = ask.desk.sessions.begin(&name)?;
    Ok(progress(StatusCode::ACCEPTED, &name, &id, 0))
}

/// PATCH: the next bytes.
pub(super) async fn add(ask: &Ask, name: &Name, id: &str, mut incoming: Incoming) -> Result<Reply, Refusal> {
    let mut spool = session(ask, name, id)?.lock_owned().await;
    let most = room(ask, name, id, &spool)?;
    fill(&mut spool, &mut incoming, most).await?;
    Ok(progress(StatusCode::ACCEPTED, name, id, spool.length()))
}

/// PUT: the last bytes, if there are any, and the digest of all.
pub(super) async fn finish(
    ask: &Ask,
    name: Name,
    id: &str,
    mut incoming: Incoming,
) -> Result<Reply, Refusal> {
    let digest =
        ask.parameter("digest").ok_or_else(|| Refusal::bad("DIGEST_INVALID", "expected `?digest=`"))?;
    let digest = digest_of(digest)?;
    let mut spool = session(ask, &name, id)?.lock_owned().await;
    let most = room(ask, &name, id, &spool)?;
    fill(&mut spool, &mut incoming, most).await?;
    // From here on the upload is decided: it is kept, or was wrong and is of no use.
    ask.desk.sessions.end(id);
    keep(ask, name, digest, Upload::Session(spool)).await
}

/// GET: how much came.
pub(super) async fn status(ask: &Ask, name: &Name, id: &str) -> Result<Reply, Refusal> {
    let length = session(ask, name, id)?.lock_owned().await.length();
    Ok(progress(StatusCode::NO_CONTENT, name, id, length))
}

/// DELETE: gives it up.
pub(super) fn cancel(ask: &Ask, name: &Name, id: &str) -> Result<Reply, Refusal> {
    session(ask, name, id)?;
    ask.desk.sessions.end(id);
    Ok(empty(StatusCode::NO_CONTENT))
}

fn session(ask: &Ask, name: &Name, id: &str) -> Result<Session, Refusal> {
    let unknown =
        || Refusal::absent("BLOB_UPLOAD_UNKNOWN", "no such upload; it may have been idle for too long");
    ask.desk.sessions.find(name, id).ok_or_else(unknown)
}

/// How many bytes the request may bring; 416 where its chunk does not begin at the end of what came before.
fn room(ask: &Ask, name: &Name, id: &str, spool: &Spool) -> Result<u64, Refusal> {
    let Some(header) = ask.header(CONTENT_RANGE) else { return Ok(u64::MAX) };
    match chunk(header) {
        Some((first, last)) if first == spool.length() => Ok((last - first).saturating_add(1)),
        _ => {
            Err(Refusal::new(StatusCode::RANGE_NOT_SATISFIABLE, "RANGE_INVALID", "the chunk is out of order")
                .with(LOCATION, session_path(name, id))
                .with(RANGE, received(spool.length())))
        }
    }
}

async fn fill(spool: &mut Spool, incoming: &mut Incoming, most: u64) -> Result<(), Refusal> {
    let mut left = most;
    while let Some(data) = body::next(incoming).await? {
        let more = || Refusal::bad("SIZE_INVALID", "more bytes came than `Content-Range` says");
        left = left.checked_sub(data.len() as u64).ok_or_else(more)?;
        spool.append(&data)?;
    }
    Ok(())
}

enum Upload {
    Whole(Spool),
    Session(OwnedMutexGuard<Spool>),
}

async fn keep(ask: &Ask, name: Name, digest: Digest, upload: Upload) -> Result<Reply, Refusal> {
    let reply = created(&name, &digest);
    ask.with_shelf(move |shelf| {
        let spool = match &upload {
            Upload::Whole(spool) => spool,
            Upload::Session(spool) => spool,
        };
        let blob = Descriptor::new(OCTETS, digest, spool.length());
        let wrong = |error: Error| match error.kind {
            ErrorKind::Corrupt => {
                Refusal::bad("DIGEST_INVALID", format!("the content is not {}", blob.digest))
            }
            _ => Refusal::from(error),
        };
        // What is there already is not read, so that it must be held against its digest here.
        if shelf.create(&name)?.put(&blob, spool, &[]).map_err(wrong)? == Moved::Present {
            spool.verify(&blob).map_err(wrong)?;
        }
        Ok(())
    })
    .await?;
    Ok(reply)
}

/// Takes a blob from another repository, if it is there.
async fn mount(ask: &Ask, name: Name, from: Name, digest: Digest) -> Result<bool, Refusal> {
    ask.with_shelf(move |shelf| {
        let Some(from) = shelf.open(&from)? else { return Ok(false) };
        let Some(size) = from.size(&digest)? else { return Ok(false) };
        let blob = Descriptor::new(OCTETS, digest, size);
        let body = Elsewhere { from: Arc::clone(&from), blob: blob.clone() };
        shelf.create(&name)?.put(&blob, &body, &[])?;
        Ok(true)
    })
    .await
}

struct Elsewhere {
    from: Arc<dyn Shelved>,
    blob: Descriptor,
}

impl Body for Elsewhere {
    fn open(&self) -> Result<Box<dyn std::io::Read + Send>, Error> {
        self.from.open(&self.blob, 0)
    }
}

fn created(name: &Name, digest: &Digest) -> Reply {
    let location = format!("/v2/{name}/blobs/{digest}");
    with_digest(with(empty(StatusCode::CREATED), LOCATION, &location), digest)
}

fn session_path(name: &Name, id: &str) -> String {
    format!("/v2/{name}/blobs/uploads/{id}")
}

fn progress(status: StatusCode, name: &Name, id: &str, length: u64) -> Reply {
    let reply = with(empty(status), LOCATION, &session_path(name, id));
    with(with(reply, RANGE, &received(length)), UPLOAD_ID, id)
}
