//! Manifests in and out: kept as they came, checked before they are seen.

use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use hyper::{Method, StatusCode};

use super::blobs::{self, Content};
use super::body::{Arriving, too_large};
use super::conditions::{expected, tagged, unchanged};
use super::limits::MOST_TAGS;
use super::receive::receive;
use super::reply::{Refusal, Reply, empty, with, with_digest};
use super::routes::{Ask, digest_of};
use super::sessions::Begun;
use crate::oci::{Digest, LARGEST_MANIFEST, Manifest, ManifestError, Name, Selector, Tag};
use crate::repository::{Error, ErrorKind, Expect, Repository as _};
use crate::store::Wish;

const SUBJECT: HeaderName = HeaderName::from_static("oci-subject");
const TAG: HeaderName = HeaderName::from_static("oci-tag");

/// GET and HEAD of a manifest.
pub(super) async fn get(ask: &Ask, name: Name, at: &str) -> Result<Reply, Refusal> {
    // What is no tag is nowhere.
    let Some(selector) = selector(at)? else { return Err(unknown(at)) };
    let (at, is_head) = (at.to_owned(), ask.method == Method::HEAD);
    let found = ask.with_repository(name, move |repository| {
        let repository = repository.ok_or_else(|| unknown(&at))?;
        let entry = repository.resolve(&selector)?.ok_or_else(|| unknown(&at))?;
        if repository.size(&entry.digest)? != Some(entry.size) {
            let message =
                format!("manifest {} is listed, and its content is missing or another", entry.digest);
            return Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN", message));
        }
        let content = if is_head { Content::Nothing } else { blobs::whole(&repository, &entry)? };
        Ok((entry, content))
    });
    let (entry, content) = found.await?;
    if let Some(reply) = unchanged(ask, &entry.digest) {
        return Ok(reply);
    }
    Ok(tagged(blobs::reply(content, &entry.media_type, entry.size, &entry.digest), &entry.digest))
}

fn unknown(at: &str) -> Refusal {
    Refusal::absent("MANIFEST_UNKNOWN", format!("no manifest `{at}`"))
}

/// Reads the last part of a path; `None` where it is neither a digest nor a tag.
fn selector(text: &str) -> Result<Option<Selector>, Refusal> {
    if text.contains(':') {
        return digest_of(text).map(Selector::Digest).map(Some);
    }
    Ok(text.parse().map(Selector::Tag).ok())
}

fn tag(text: &str) -> Result<Tag, Refusal> {
    text.parse().map_err(|error| Refusal::bad("TAG_INVALID", format!("{error}")))
}

/// What a PUT says beside the bytes.
struct Put {
    /// By which the manifest is to be found.
    digest: Option<Digest>,
    tags: Vec<Tag>,
    media_type: Option<String>,
    expect: Expect,
}

impl Put {
    fn of(ask: &Ask, at: &str) -> Result<Self, Refusal> {
        let media_type = ask.header(CONTENT_TYPE).and_then(|text| text.split(';').next()).map(str::trim);
        let media_type = media_type.filter(|text| !text.is_empty()).map(str::to_owned);
        let expect = expected(ask)?;
        if !at.contains(':') {
            return Ok(Self { digest: None, tags: vec![tag(at)?], media_type, expect });
        }
        let digest = digest_of(at)?;
        let texts: Vec<&str> = ask.parameters("tag").collect();
        if texts.len() > MOST_TAGS {
            let message = format!("{} tags at once; the most is {MOST_TAGS}", texts.len());
            return Err(Refusal::new(StatusCode::URI_TOO_LONG, "TAG_INVALID", message));
        }
        let tags = texts.into_iter().map(tag).collect::<Result<_, _>>()?;
        Ok(Self { digest: Some(digest), tags, media_type, expect })
    }

    /// Reads the manifest, and holds it against its digest.
    fn parse(&self, bytes: Vec<u8>) -> Result<Manifest, Refusal> {
        let outer = self.media_type.as_deref();
        let manifest = match &self.digest {
            Some(digest) => Manifest::of(bytes, outer, digest),
            None => Manifest::parse(bytes, outer),
        };
        manifest.map_err(|error| match error {
            ManifestError::Digest { expected, found } => {
                Refusal::bad("DIGEST_INVALID", format!("the manifest's digest is {found}, not {expected}"))
            }
            error => Refusal::bad("MANIFEST_INVALID", error.to_string()),
        })
    }

    fn refusal(&self, error: Error) -> Refusal {
        match error.kind {
            ErrorKind::NotFound => Refusal::bad("MANIFEST_BLOB_UNKNOWN", error.what),
            ErrorKind::Conflict if self.expect != Expect::Any => {
                Refusal::new(StatusCode::PRECONDITION_FAILED, "DENIED", error.what)
            }
            _ => Refusal::from(error),
        }
    }
}

/// PUT of a manifest, under a tag, its digest, or its digest and some tags.
pub(super) async fn put(ask: &Ask, name: Name, at: &str, body: &mut Arriving) -> Result<Reply, Refusal> {
    let put = Put::of(ask, at)?;
    let too_large = || too_large(LARGEST_MANIFEST);
    if body.length().is_some_and(|length| length > LARGEST_MANIFEST) {
        return Err(too_large());
    }
    let begun = receive(ask, &name, Box::<Begun>::default(), body, LARGEST_MANIFEST, too_large).await?;

    // Small ones are many, in memory already, and read in no time.
    let is_large = !begun.upload.is_in_memory_with(0);
    let _few = if is_large { ask.desk.parsing.acquire().await.ok() } else { None };
    let read = move || -> Result<(Put, Manifest), Refusal> {
        let manifest = put.parse(begun.upload.into_bytes()?)?;
        Ok((put, manifest))
    };
    let (put, manifest) = if is_large { ask.with_shelf(|_| read()).await? } else { read()? };
    let (digest, subject) =
        (manifest.digest().clone(), manifest.subject().map(|subject| subject.digest.clone()));
    let is_tagged = put.digest.is_some();
    let (tags, expect) = (put.tags.clone(), put.expect.clone());
    ask.desk.publish(&name, Wish { manifest, tags, expect }).await?.map_err(|error| put.refusal(error))?;
    let tags = put.tags;
    let location = format!("/v2/{name}/manifests/{digest}");
    let mut reply = with_digest(with(empty(StatusCode::CREATED), LOCATION, &location), &digest);
    if let Some(subject) = subject {
        reply = with(reply, SUBJECT, &subject.to_string());
    }
    // Said where tags came as parameters: a registry that knows none would have set none.
    for tag in tags.iter().filter(|_| is_tagged) {
        if let Ok(tag) = HeaderValue::from_str(tag.as_str()) {
            reply.headers_mut().append(TAG, tag);
        }
    }
    Ok(tagged(reply, &digest))
}

/// DELETE of a tag, or of a manifest with all its tags.
pub(super) async fn delete(ask: &Ask, name: Name, at: &str) -> Result<Reply, Refusal> {
    let Some(selector) = selector(at)? else { return Err(unknown(at)) };
    let at = at.to_owned();
    let removed = ask.with_repository(name, move |repository| {
        let repository = repository.ok_or_else(|| unknown(&at))?;
        if repository.delete(&selector).map_err(Refusal::in_use)? { Ok(()) } else { Err(unknown(&at)) }
    });
    removed.await?;
    Ok(empty(StatusCode::ACCEPTED))
}
