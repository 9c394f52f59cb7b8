//! What is answered: bodies, headers, and errors in the envelope of the distribution specification.

use std::io;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty, Full};
use hyper::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};
use serde_json::json;

use crate::disk;
use crate::oci::Digest;
use crate::repository::{Error, ErrorKind};

/// An answer.
pub(super) type Reply = Response<UnsyncBoxBody<Bytes, io::Error>>;

/// The digest of the content that is answered or was taken.
pub(super) const CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");

/// An answer without a body.
pub(super) fn empty(status: StatusCode) -> Reply {
    let mut reply = Response::new(Empty::new().map_err(|never| match never {}).boxed_unsync());
    *reply.status_mut() = status;
    reply
}

/// An answer with these bytes.
pub(super) fn full(status: StatusCode, content_type: &str, bytes: impl Into<Bytes>) -> Reply {
    let bytes = bytes.into();
    let length = bytes.len() as u64;
    let body = Full::new(bytes).map_err(|never| match never {}).boxed_unsync();
    let mut reply = Response::new(body);
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_LENGTH, length.into());
    with(reply, CONTENT_TYPE, content_type)
}

/// The answer with one more header; a value that no header can have is left out.
pub(super) fn with(mut reply: Reply, name: HeaderName, value: &str) -> Reply {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
    reply
}

/// The answer with the digest of its content.
pub(super) fn with_digest(reply: Reply, digest: &Digest) -> Reply {
    with(reply, CONTENT_DIGEST, &digest.to_string())
}

/// Why a request is not met.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    headers: Vec<(HeaderName, String)>,
}

impl Refusal {
    /// A refusal with a code of the specification and words for people.
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), headers: Vec::new() }
    }

    /// 400 with this code.
    pub(super) fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 404 with this code.
    pub(super) fn absent(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// 429: a later try may do.
    pub(super) fn busy(message: impl Into<String>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "TOOMANYREQUESTS", message).with(RETRY_AFTER, "1")
    }

    /// The refusal to remove what something else needs: 405, as for a registry that removes nothing at all.
    pub(super) fn in_use(error: Error) -> Self {
        match error.kind {
            ErrorKind::Conflict if error.cause.is_none() => {
                Self::new(StatusCode::METHOD_NOT_ALLOWED, "DENIED", error.what).with(ALLOW, "GET, HEAD")
            }
            _ => Self::from(error),
        }
    }

    /// The same with one more header.
    #[must_use]
    pub(super) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The answer that says so.
    pub(super) fn into_reply(self) -> Reply {
        let body = json!({"errors": [{"code": self.code, "message": self.message}]});
        let reply = full(self.status, "application/json", body.to_string());
        self.headers.into_iter().fold(reply, |reply, (name, value)| with(reply, name, &value))
    }
}

/// What a repository could not do, where the route has no better word for it.
impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let fault = error.cause.as_ref().and_then(|cause| cause.downcast_ref::<disk::Error>());
        let (status, code) = match error.kind {
            ErrorKind::Conflict if fault.is_some() => return Self::busy(error.what),
            ErrorKind::Conflict => (StatusCode::CONFLICT, "DENIED"),
            ErrorKind::NotFound => (StatusCode::NOT_FOUND, "NAME_UNKNOWN"),
            ErrorKind::Unauthorized => (StatusCode::FORBIDDEN, "DENIED"),
            // Without a cause below, it is what was asked that is wrong: a name that no layout can have.
            ErrorKind::Refused if error.cause.is_none() => (StatusCode::BAD_REQUEST, "NAME_INVALID"),
            ErrorKind::Refused if fault.and_then(disk::Error::io_kind).is_some_and(is_full) => {
                (StatusCode::INSUFFICIENT_STORAGE, "UNKNOWN")
            }
            ErrorKind::Refused | ErrorKind::Corrupt => (StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN"),
            ErrorKind::Interrupted | ErrorKind::Unavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE")
            }
        };
        Self::new(status, code, error.what)
    }
}

fn is_full(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// What the system under the registry could not do.
impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN", error.to_string())
    }
}
