//! Blobs in: in one request, in two, in chunks, or taken from another repository; verified before they are seen.

use hyper::StatusCode;
use hyper::header::{CONTENT_RANGE, HeaderName, LOCATION, RANGE};

use super::body::Arriving;
use super::range::{chunk, received};
use super::receive::receive;
use super::reply::{Refusal, Reply, empty, with, with_digest};
use super::routes::{Ask, digest_of};
use super::sessions::{Begun, Session};
use super::tokens::Action;
use crate::oci::{Digest, Name};
use crate::repository::{Error, ErrorKind};
use crate::store::Upload;

const UPLOAD_ID: HeaderName = HeaderName::from_static("docker-upload-uuid");

/// POST: a whole blob with its digest, a mount, or the begin of a session.
pub(super) async fn begin(ask: &Ask, name: Name, body: &mut Arriving) -> Result<Reply, Refusal> {
    if let Some(digest) = ask.parameter("digest") {
        let digest = digest_of(digest)?;
        let begun = Box::new(Begun { upload: Upload::default(), like: Some(digest.clone()) });
        let begun = receive(ask, &name, begun, body, u64::MAX, more_than_said).await?;
        return keep(ask, name, digest, begun.upload).await;
    }
    let like = ask.parameter("digest-algorithm").map(like).transpose()?;
    // A mount with arguments that make no sense begins a session too (specification, "Mounting a blob").
    if let Some(digest) = ask.parameter("mount").and_then(|text| text.parse::<Digest>().ok())
        && mount(ask, name.clone(), digest.clone()).await?
    {
        return Ok(created(&name, &digest));
    }
    let id = ask.desk.sessions.begin(&name, like)?;
    Ok(progress(StatusCode::ACCEPTED, &name, &id, 0))
}

/// Any digest of the algorithm that a client announces.
fn like(algorithm: &str) -> Result<Digest, Refusal> {
    let length = match algorithm {
        "sha256" => 64,
        "sha512" => 128,
        other => {
            let message =
                format!("`{other}` is not an algorithm of this registry; expected sha256 or sha512");
            return Err(Refusal::bad("DIGEST_INVALID", message));
        }
    };
    digest_of(&format!("{algorithm}:{}", "0".repeat(length)))
}

/// PATCH: the next bytes.
pub(super) async fn add(ask: &Ask, name: &Name, id: &str, body: &mut Arriving) -> Result<Reply, Refusal> {
    let begun = fill(ask, name, id, body).await?;
    let length = begun.upload.length();
    ask.desk.sessions.used(id);
    Ok(progress(StatusCode::ACCEPTED, name, id, length))
}

/// PUT: the last bytes, if there are any, and the digest of all.
pub(super) async fn finish(ask: &Ask, name: Name, id: &str, body: &mut Arriving) -> Result<Reply, Refusal> {
    let digest =
        ask.parameter("digest").ok_or_else(|| Refusal::bad("DIGEST_INVALID", "expected `?digest=`"))?;
    let digest = digest_of(digest)?;
    let mut begun = fill(ask, &name, id, body).await?;
    // From here on the upload is decided: it is kept, or was wrong and is of no use.
    ask.desk.sessions.end(id);
    let upload = std::mem::take(&mut begun.upload);
    keep(ask, name, digest, upload).await
}

/// GET and HEAD: how much came.
pub(super) async fn status(ask: &Ask, name: &Name, id: &str) -> Result<Reply, Refusal> {
    let length = session(ask, name, id)?.lock_owned().await.upload.length();
    Ok(progress(StatusCode::NO_CONTENT, name, id, length))
}

/// DELETE: gives it up.
pub(super) async fn cancel(ask: &Ask, name: &Name, id: &str) -> Result<Reply, Refusal> {
    let session = session(ask, name, id)?;
    ask.desk.sessions.end(id);
    // Removes its file, if nobody writes to it any more.
    ask.with_shelf(move |_| {
        drop(session);
        Ok(())
    })
    .await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

fn session(ask: &Ask, name: &Name, id: &str) -> Result<Session, Refusal> {
    let unknown =
        || Refusal::absent("BLOB_UPLOAD_UNKNOWN", "no such upload; it may have been idle for too long");
    ask.desk.sessions.find(name, id).ok_or_else(unknown)
}

/// Adds a body to a session: the chunk that its `Content-Range` says, or as much as comes.
async fn fill(
    ask: &Ask,
    name: &Name,
    id: &str,
    body: &mut Arriving,
) -> Result<tokio::sync::OwnedMutexGuard<Begun>, Refusal> {
    let begun = session(ask, name, id)?.lock_owned().await;
    let before = begun.upload.length();
    let said = chunk_length(ask, name, id, before)?;
    if let (Some(said), Some(length)) = (said, body.length())
        && said != length
    {
        return Err(not_as_said(said));
    }
    let begun = receive(ask, name, begun, body, said.unwrap_or(u64::MAX), more_than_said).await?;
    match said {
        Some(said) if begun.upload.length() - before < said => Err(not_as_said(said)),
        _ => Ok(begun),
    }
}

/// How many bytes the request says that it brings; 416 where they do not begin at the end of what came before.
fn chunk_length(ask: &Ask, name: &Name, id: &str, before: u64) -> Result<Option<u64>, Refusal> {
    let Some(header) = ask.header(CONTENT_RANGE) else { return Ok(None) };
    match chunk(header) {
        Some((first, last)) if first == before => Ok(Some((last - first).saturating_add(1))),
        _ => {
            Err(Refusal::new(StatusCode::RANGE_NOT_SATISFIABLE, "RANGE_INVALID", "the chunk is out of order")
                .with(LOCATION, session_path(name, id))
                .with(RANGE, received(before)))
        }
    }
}

fn more_than_said() -> Refusal {
    Refusal::bad("SIZE_INVALID", "more bytes came than `Content-Range` says")
}

fn not_as_said(said: u64) -> Refusal {
    Refusal::bad("SIZE_INVALID", format!("`Content-Range` says {said} bytes, and others came"))
}

async fn keep(ask: &Ask, name: Name, digest: Digest, upload: Upload) -> Result<Reply, Refusal> {
    let reply = created(&name, &digest);
    ask.with_shelf(move |shelf| {
        let other = || Refusal::bad("DIGEST_INVALID", format!("the content is not {digest}"));
        let wrong = |error: Error| match error.kind {
            ErrorKind::Corrupt => other(),
            _ => Refusal::from(error),
        };
        if upload.is_other_than(&digest) {
            return Err(other());
        }
        shelf.create(&name)?.keep(upload, &digest).map_err(wrong)?;
        shelf.was_written(&name);
        Ok(())
    })
    .await?;
    Ok(reply)
}

/// Takes a blob from another repository that the client may read: the one that it names, or any that has it.
async fn mount(ask: &Ask, name: Name, digest: Digest) -> Result<bool, Refusal> {
    let from = ask.parameter("from").map(str::to_owned);
    let caller = ask.caller.clone();
    ask.with_shelf(move |shelf| {
        let names = match from {
            Some(from) => from.parse().into_iter().collect(),
            None => shelf.names(),
        };
        for from in names.into_iter().filter(|from| caller.may(Action::Pull, from)) {
            // One that cannot be opened has nothing for us.
            let Ok(Some(from)) = shelf.open(&from) else { continue };
            if from.size(&digest).is_ok_and(|size| size.is_some())
                && shelf.create(&name)?.mount(&from, &digest)?
            {
                shelf.was_written(&name);
                return Ok(true);
            }
        }
        Ok(false)
    })
    .await
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
