//! Manifests in and out: kept as they came, checked before they are seen.

use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderName, IF_MATCH, IF_NONE_MATCH, LOCATION};
use hyper::{Method, StatusCode};

use super::body::whole;
use super::reply::{Refusal, Reply, empty, full, with, with_digest};
use super::routes::Ask;
use crate::oci::{LARGEST_MANIFEST, Manifest, Name, Selector};
use crate::repository::{ErrorKind, Expect};

const SUBJECT: HeaderName = HeaderName::from_static("oci-subject");

/// GET and HEAD of a manifest.
pub(super) async fn get(ask: &Ask, name: Name, at: Selector) -> Result<Reply, Refusal> {
    let is_head = ask.method == Method::HEAD;
    let found = ask.with_repository(name, move |repository| {
        let repository = repository.ok_or_else(|| unknown(&at))?;
        repository.manifest(&at)?.ok_or_else(|| unknown(&at))
    });
    let manifest = found.await?;
    let length = manifest.bytes().len();
    // hyper sends no body to a HEAD, but keeps the length that it would have had.
    let bytes = if is_head { Vec::new() } else { manifest.bytes().to_vec() };
    let mut reply = full(StatusCode::OK, manifest.media_type(), bytes);
    reply.headers_mut().insert(hyper::header::CONTENT_LENGTH, length.into());
    Ok(with_digest(reply, manifest.digest()))
}

fn unknown(at: &Selector) -> Refusal {
    Refusal::absent("MANIFEST_UNKNOWN", format!("no manifest `{at}`"))
}

/// PUT of a manifest, under a tag or its digest.
pub(super) async fn put(ask: &Ask, name: Name, at: Selector, body: Incoming) -> Result<Reply, Refusal> {
    let limit = usize::try_from(LARGEST_MANIFEST).unwrap_or(usize::MAX);
    let bytes = whole(body, limit).await?;
    let media_type = ask.header(CONTENT_TYPE).and_then(|text| text.split(';').next()).map(str::trim);
    let manifest = Manifest::parse(bytes, media_type.filter(|text| !text.is_empty()))
        .map_err(|error| Refusal::bad("MANIFEST_INVALID", error.to_string()))?;
    let (manifest, tags) = match at {
        Selector::Tag(tag) => (manifest, vec![tag]),
        Selector::Digest(digest) => {
            let other = format!("the manifest's digest is {}, not {digest}", manifest.digest());
            let manifest =
                manifest.addressed_by(&digest).ok_or_else(|| Refusal::bad("DIGEST_INVALID", other))?;
            (manifest, Vec::new())
        }
    };

    let expect = expected(ask)?;
    let is_guarded = expect != Expect::Any;
    let digest = manifest.digest().clone();
    let subject = manifest.subject().map(|subject| subject.digest.to_string());
    let location = format!("/v2/{name}/manifests/{digest}");
    ask.with_shelf(move |shelf| {
        let published = shelf.create(&name)?.publish(&manifest, &tags, &expect);
        published.map_err(|error| match error.kind {
            ErrorKind::NotFound => Refusal::bad("MANIFEST_BLOB_UNKNOWN", error.what),
            ErrorKind::Conflict if is_guarded => {
                Refusal::new(StatusCode::PRECONDITION_FAILED, "DENIED", error.what)
            }
            _ => Refusal::from(error),
        })
    })
    .await?;
    let reply = with_digest(with(empty(StatusCode::CREATED), LOCATION, &location), &digest);
    Ok(subject.into_iter().fold(reply, |reply, subject| with(reply, SUBJECT, &subject)))
}

/// What must hold of the tag (RFC 9110, section 13.1); a manifest's entity tag is its digest. The two forms that say
/// something of a tag are taken, and a request in another one is refused rather than met without its condition.
fn expected(ask: &Ask) -> Result<Expect, Refusal> {
    let digest = |text: &str| text.strip_prefix('"')?.strip_suffix('"')?.parse().ok();
    match (ask.header(IF_NONE_MATCH), ask.header(IF_MATCH)) {
        (None, None) => Ok(Expect::Any),
        (Some("*"), None) => Ok(Expect::Absent),
        (None, Some(text)) if let Some(digest) = digest(text) => Ok(Expect::Is(digest)),
        _ => {
            let message = "a condition is `If-None-Match: *` or `If-Match: \"DIGEST\"`";
            Err(Refusal::bad("UNSUPPORTED", message))
        }
    }
}

/// DELETE of a tag, or of a manifest with all its tags.
pub(super) async fn delete(ask: &Ask, name: Name, at: Selector) -> Result<Reply, Refusal> {
    let removed = ask.with_repository(name, move |repository| {
        let repository = repository.ok_or_else(|| unknown(&at))?;
        if repository.remove(&at)?.existed { Ok(()) } else { Err(unknown(&at)) }
    });
    removed.await?;
    Ok(empty(StatusCode::ACCEPTED))
}
