//! The bodies of requests: read with limits on size and on silence.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::StatusCode;
use hyper::body::Incoming;

use super::reply::Refusal;

/// How long a client may be silent in the middle of a body.
const SILENCE: Duration = Duration::from_secs(30);

/// The next piece, or `None` at the end.
pub(super) async fn next(body: &mut Incoming) -> Result<Option<Bytes>, Refusal> {
    loop {
        let frame = tokio::time::timeout(SILENCE, body.frame()).await;
        let late = |_| Refusal::new(StatusCode::REQUEST_TIMEOUT, "UNAVAILABLE", "the body stopped coming");
        let Some(frame) = frame.map_err(late)? else { return Ok(None) };
        let cut = |error: hyper::Error| Refusal::bad("UNKNOWN", format!("the body broke off: {error}"));
        // Anything but data is a trailer, which no route has a use for.
        if let Ok(data) = frame.map_err(cut)?.into_data() {
            return Ok(Some(data));
        }
    }
}

/// The whole body, if it has at most so many bytes; 413 otherwise, without reading on.
pub(super) async fn whole(mut body: Incoming, limit: usize) -> Result<Vec<u8>, Refusal> {
    let mut all = Vec::new();
    while let Some(data) = next(&mut body).await? {
        if all.len() + data.len() > limit {
            let message = format!("the body is larger than {limit} bytes");
            return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "SIZE_INVALID", message));
        }
        all.extend_from_slice(&data);
    }
    Ok(all)
}
