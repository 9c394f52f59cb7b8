//! One answer: its head, and its body as far as it is wanted.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName};
use reqwest::{StatusCode, Url};

use super::bridge;
use super::counters::Counters;
use super::fault;
use super::retry::Fault;
use crate::oci::Digest;
use crate::repository::{Error, ErrorKind};

/// The digest of what is sent or was stored.
const CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");
/// The longest error body that is read, in bytes.
const LONGEST_ERROR: usize = 64 * 1024;
/// The slowest that a body may come over [`Opened::window`], in bytes a second.
const SLOWEST: u64 = 1024;

/// An answer whose body has not been read.
pub(super) struct Opened {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// Where it came from, after redirects.
    pub(super) url: Url,
    pub(super) response: reqwest::Response,
    pub(super) place: Arc<str>,
    pub(super) about: String,
    pub(super) counters: Arc<Counters>,
    pub(super) timeout: Duration,
    pub(super) pace: Pace,
}

/// How fast a body comes, counted over the time that we waited for it.
#[derive(Default)]
pub(super) struct Pace {
    waited: Duration,
    bytes: u64,
}

impl Pace {
    /// Counts a piece; false where the last window brought too little.
    fn keeps_up(&mut self, waited: Duration, bytes: usize, window: Duration) -> bool {
        self.waited += waited;
        self.bytes += bytes as u64;
        if self.waited < window {
            return true;
        }
        let is_enough = self.bytes >= window.as_secs() * SLOWEST;
        *self = Self::default();
        is_enough
    }
}

impl Opened {
    /// The next piece of the body; `None` at its end.
    pub(super) fn chunk(&mut self) -> Result<Option<Bytes>, Fault> {
        let begun = Instant::now();
        let outcome = bridge::wait(self.timeout, self.response.chunk());
        let chunk = outcome
            .map_err(|cut| fault::cut(&self.place, &self.about, &self.url, cut))?
            .map_err(|error| fault::unanswered(&self.place, &self.about, &self.url, &error))?;
        let length = chunk.as_ref().map_or(0, Bytes::len);
        self.counters.received(length as u64);
        let is_fast_enough = self.pace.keeps_up(begun.elapsed(), length, self.timeout * 2);
        if chunk.is_some() && !is_fast_enough {
            return Err(Fault::passing(
                self.error(ErrorKind::Unavailable, "the answer comes too slowly to be waited for"),
            ));
        }
        Ok(chunk)
    }

    /// Reads the whole body, which may be so many bytes long.
    pub(super) fn read(mut self, limit: u64) -> Result<Answer, Fault> {
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk()? {
            self.demand_plain()?;
            if body.len() as u64 + chunk.len() as u64 > limit {
                let what = format!("the answer is longer than {limit} bytes, the most that is read");
                return Err(self.error(ErrorKind::Refused, &what).into());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status: self.status, headers: self.headers, url: self.url, body })
    }

    /// Fails where the body is another one than the content that it stands for.
    pub(super) fn demand_plain(&self) -> Result<(), Error> {
        match self.headers.get(CONTENT_ENCODING) {
            Some(coding) if coding != "identity" => {
                let what = "the answer came compressed, though that was ruled out";
                Err(self.error(ErrorKind::Refused, what))
            }
            _ => Ok(()),
        }
    }

    /// Reads the body of an error: what does not fit is left, and a body that breaks off ends there.
    pub(super) fn read_error(mut self) -> Answer {
        let mut body = Vec::new();
        while let Ok(Some(chunk)) = self.chunk() {
            body.extend_from_slice(&chunk[..chunk.len().min(LONGEST_ERROR - body.len())]);
            if body.len() == LONGEST_ERROR {
                break;
            }
        }
        Answer { status: self.status, headers: self.headers, url: self.url, body }
    }

    fn error(&self, kind: ErrorKind, what: &str) -> Error {
        Error::new(kind, &*self.place, format!("cannot {}: {what}", self.about))
    }
}

/// An answer with its body.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) url: Url,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// A header, if it is there and is text.
    pub(super) fn header(&self, name: impl reqwest::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The media type without its parameters.
    pub(super) fn media_type(&self) -> Option<&str> {
        Some(self.header(CONTENT_TYPE)?.split(';').next()?.trim())
    }

    /// The digest that the registry gives, if it is one that we can compute.
    pub(super) fn digest(&self) -> Option<Digest> {
        self.header(CONTENT_DIGEST)?.parse().ok()
    }

    /// The length that the registry gives; for an answer to HEAD there is no other.
    pub(super) fn length(&self) -> Option<u64> {
        self.header(CONTENT_LENGTH)?.parse().ok()
    }

    #[cfg(test)]
    pub(super) fn for_test(status: u16, kind: &str, body: &[u8]) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, kind.parse().unwrap());
        let status = StatusCode::from_u16(status).unwrap();
        Self { status, headers, url: "http://localhost/".parse().unwrap(), body: body.to_vec() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trickle_is_told_from_a_slow_line() {
        let window = Duration::from_mins(1);
        let mut pace = Pace::default();
        assert!(pace.keeps_up(Duration::from_secs(20), 1, window));
        assert!(pace.keeps_up(Duration::from_secs(20), 1, window));
        assert!(!pace.keeps_up(Duration::from_secs(20), 1, window));
        assert!(pace.keeps_up(Duration::from_secs(61), 100 * 1024, window));
    }
}
