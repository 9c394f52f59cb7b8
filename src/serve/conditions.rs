//! Conditional requests (RFC 9110 §13): a manifest's or a blob's entity tag is its digest in quotes.

use hyper::StatusCode;
use hyper::header::{ETAG, IF_MATCH, IF_NONE_MATCH, IF_RANGE};

use super::reply::{Refusal, Reply, empty, with, with_digest};
use super::routes::Ask;
use crate::oci::Digest;
use crate::repository::Expect;

/// The entity tag of content.
fn tag(digest: &Digest) -> String {
    format!("\"{digest}\"")
}

/// The answer with the entity tag of its content.
pub(super) fn tagged(reply: Reply, digest: &Digest) -> Reply {
    with(reply, ETAG, &tag(digest))
}

/// 304, if the client says that it has this content already.
pub(super) fn unchanged(ask: &Ask, digest: &Digest) -> Option<Reply> {
    let known = ask.header(IF_NONE_MATCH)?;
    let is_known = known
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag(digest));
    is_known.then(|| tagged(with_digest(empty(StatusCode::NOT_MODIFIED), digest), digest))
}

/// Whether a range may be answered: not where it is asked of other content.
pub(super) fn allows_range(ask: &Ask, digest: &Digest) -> bool {
    ask.header(IF_RANGE).is_none_or(|known| known == tag(digest))
}

/// What a PUT expects of the tag that it sets.
pub(super) fn expected(ask: &Ask) -> Result<Expect, Refusal> {
    let unknown = |header: &str| {
        let message =
            format!("`{header}` is understood as `If-None-Match: *` or `If-Match: \"DIGEST\"` only");
        Refusal::bad("UNSUPPORTED", message)
    };
    match (ask.header(IF_NONE_MATCH), ask.header(IF_MATCH)) {
        (None, None) => Ok(Expect::Any),
        (Some("*"), None) => Ok(Expect::Absent),
        (None, Some(text)) => {
            let digest = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            let digest = digest.and_then(|text| text.parse().ok());
            digest.map(Expect::Is).ok_or_else(|| unknown("If-Match"))
        }
        _ => Err(unknown("If-None-Match")),
    }
}
