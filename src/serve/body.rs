//! The bodies of requests: read with limits on silence and on slowness, and thrown away where they are not wanted.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::StatusCode;
use hyper::body::{Body as _, Incoming};
use hyper::header::{EXPECT, HeaderMap};

use super::limits::Limits;
use super::reply::Refusal;

/// What is read and thrown away of the body of a refused request, so that its sender reads why instead of failing to
/// write.
const THROWN_AWAY: u64 = 8 * 1024 * 1024;
const THROWING_TIME: Duration = Duration::from_secs(3);

/// A body that comes.
pub(super) struct Arriving {
    body: Incoming,
    silence: Duration,
    least: u64,
    /// How long we waited for the last so many bytes.
    waited: Duration,
    lately: u64,
    /// The sender waits for a word of ours before it sends anything.
    is_withheld: bool,
}

impl Arriving {
    /// The body of a request with these headers.
    pub(super) fn new(body: Incoming, headers: &HeaderMap, limits: &Limits) -> Self {
        let expects =
            headers.get(EXPECT).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"));
        let (silence, least) = (limits.silence, limits.least);
        Self { body, silence, least, waited: Duration::ZERO, lately: 0, is_withheld: expects }
    }

    /// Its length in bytes, where the sender says it.
    pub(super) fn length(&self) -> Option<u64> {
        self.body.size_hint().exact()
    }

    /// The next piece, or `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Refusal> {
        self.is_withheld = false;
        loop {
            let begun = Instant::now();
            let frame = tokio::time::timeout(self.silence, self.body.frame()).await;
            self.waited += begun.elapsed();
            let Some(frame) = frame.map_err(|_| late("the body stopped coming"))? else { return Ok(None) };
            let cut = |error: hyper::Error| Refusal::bad("UNKNOWN", format!("the body broke off: {error}"));
            // Anything but data is a trailer, which no route has a use for.
            let Ok(data) = frame.map_err(cut)?.into_data() else { continue };
            self.count(data.len() as u64)?;
            return Ok(Some(data));
        }
    }

    /// Refuses a body that comes drop by drop. Time that we took ourselves does not count.
    fn count(&mut self, bytes: u64) -> Result<(), Refusal> {
        self.lately += bytes;
        if self.waited < self.silence {
            return Ok(());
        }
        if self.lately < self.least && !self.body.is_end_stream() {
            return Err(late("the body comes too slowly"));
        }
        (self.waited, self.lately) = (Duration::ZERO, 0);
        Ok(())
    }

    /// The whole body, if it has at most so many bytes; 413 otherwise, without reading on.
    pub(super) async fn whole(&mut self, limit: usize) -> Result<Vec<u8>, Refusal> {
        let mut all = Vec::new();
        while let Some(data) = self.next().await? {
            if all.len() + data.len() > limit {
                return Err(too_large(limit as u64));
            }
            all.extend_from_slice(&data);
        }
        Ok(all)
    }

    /// Reads on, up to a limit, and forgets what comes.
    pub(super) async fn throw_away(&mut self) {
        if self.is_withheld {
            return;
        }
        let rest = async {
            let mut seen = 0;
            while seen < THROWN_AWAY
                && let Ok(Some(data)) = self.next().await
            {
                seen += data.len() as u64;
            }
        };
        // Whether it came to its end makes no difference any more.
        let _ = tokio::time::timeout(THROWING_TIME, rest).await;
    }
}

fn late(message: &str) -> Refusal {
    Refusal::new(StatusCode::REQUEST_TIMEOUT, "UNAVAILABLE", message)
}

/// 413.
pub(super) fn too_large(limit: u64) -> Refusal {
    let message = format!("the body is larger than {limit} bytes");
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "SIZE_INVALID", message)
}
