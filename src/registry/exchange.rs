//! One HTTP exchange: a request goes out, the head of its answer comes in, both are counted and told to the trace.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::stream;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderValue};
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use tokio::sync::mpsc;

use super::answer::{Opened, Pace};
use super::bridge;
use super::call::{Call, Payload};
use super::endpoint::Endpoint;
use super::fault;
use super::retry::Fault;
use super::secret;
use crate::oci::{Descriptor, Verifying};
use crate::repository::{Body, Error, ErrorKind};
use crate::runtime;

/// The pieces in which a body is sent, in bytes, and how many may wait.
const PIECE: usize = 64 * 1024;
const WAITING_PIECES: usize = 4;

impl Endpoint {
    /// One exchange with the server at `url`, which need not be the call's own.
    pub(super) fn exchange(
        &self,
        call: &Call<'_>,
        url: &Url,
        authorization: Option<&HeaderValue>,
    ) -> Result<Opened, Fault> {
        let pool = self
            .client
            .pool(url)
            .map_err(|error| self.error(ErrorKind::Refused, format!("cannot {}: {error}", call.about)))?;
        let mut request = pool.request(call.method.clone(), url.clone()).headers(call.headers.clone());
        if let Some(value) = authorization {
            request = request.header(AUTHORIZATION, value.clone());
        }
        self.counters.request();
        let begun = Instant::now();
        let outcome = match &call.payload {
            Payload::None => {
                let has_length = matches!(call.method, Method::POST | Method::PUT);
                let request = if has_length { request.header(CONTENT_LENGTH, 0) } else { request };
                self.send(request, 0, call, url)
            }
            Payload::Bytes(bytes) => {
                self.counters.sent(bytes.len() as u64);
                self.send(request.body(bytes.clone()), bytes.len() as u64, call, url)
            }
            Payload::Stream { body, blob } => self.stream(request, *body, blob, call, url),
        };
        self.tell(call, url, &outcome, begun.elapsed());
        let response = outcome?;
        if response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            return Err(fault::proxy_refused(&self.place, &call.about, url));
        }
        Ok(Opened {
            status: response.status(),
            headers: response.headers().clone(),
            url: url.clone(),
            response,
            place: Arc::clone(&self.place),
            about: call.about.clone(),
            counters: Arc::clone(&self.counters),
            timeout: self.client.options().timeout,
            pace: Pace::default(),
        })
    }

    fn send(
        &self,
        request: RequestBuilder,
        bytes: u64,
        call: &Call<'_>,
        url: &Url,
    ) -> Result<Response, Fault> {
        bridge::wait(self.patience(bytes), request.send())
            .map_err(|cut| fault::cut(&self.place, &call.about, url, cut))?
            .map_err(|error| fault::unanswered(&self.place, &call.about, url, &error))
    }

    /// How long the answer to a request with so many bytes may take: the time limit, and more on a slow line.
    fn patience(&self, bytes: u64) -> Duration {
        self.client.options().timeout + Duration::from_secs((bytes / PIECE as u64).min(600))
    }

    /// Sends a body piece by piece. This thread reads it while the runtime sends.
    ///
    /// The last piece leaves when the content has been verified, so that wrong content is never sent whole.
    fn stream(
        &self,
        request: RequestBuilder,
        body: &dyn Body,
        blob: &Descriptor,
        call: &Call<'_>,
        url: &Url,
    ) -> Result<Response, Fault> {
        let cut = |cut| fault::cut(&self.place, &call.about, url, cut);
        let mut reader = Verifying::new(body.open()?, blob.digest.clone(), blob.size);
        let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(WAITING_PIECES);
        let pieces = stream::unfold(receiver, async |mut receiver| {
            receiver.recv().await.map(|piece| (piece, receiver))
        });
        let request = request.header(CONTENT_LENGTH, blob.size).body(reqwest::Body::wrap_stream(pieces));
        let handle = runtime::handle().map_err(bridge::Cut::Runtime).map_err(&cut)?;
        let task = handle.spawn(request.send());
        let stop = task.abort_handle();

        let mut held: Option<Bytes> = None;
        loop {
            let next = read_piece(&mut reader).map_err(|error| {
                stop.abort();
                self.unreadable(blob, error)
            })?;
            let is_end = next.is_none();
            if let Some(piece) = std::mem::replace(&mut held, next) {
                self.counters.sent(piece.len() as u64);
                let sent = bridge::wait(self.client.options().timeout, sender.send(Ok(piece)));
                let sent = sent.map_err(|reason| {
                    stop.abort();
                    cut(reason)
                })?;
                if sent.is_err() {
                    // The answer came early, or the connection broke: the task knows which.
                    break;
                }
            }
            if is_end {
                break;
            }
        }
        drop(sender);
        let outcome = bridge::wait(self.patience(blob.size), task).map_err(|reason| {
            stop.abort();
            cut(reason)
        })?;
        match outcome {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(fault::unanswered(&self.place, &call.about, url, &error)),
            Err(broken) => {
                let what = format!("cannot {}: the upload was given up", call.about);
                Err(self.error(ErrorKind::Unavailable, what).because(broken).into())
            }
        }
    }

    /// The error for a body that cannot be read where it comes from.
    pub(super) fn unreadable(&self, blob: &Descriptor, error: io::Error) -> Error {
        Error::reading(&*self.place, format!("cannot read blob {} to send it", blob.digest), error)
    }

    /// One line for the trace: `GET https://…/manifests/v1 → 200, 731 B, 12 ms`.
    fn tell(&self, call: &Call<'_>, url: &Url, outcome: &Result<Response, Fault>, took: Duration) {
        if self.client.options().trace.is_none() {
            return;
        }
        let result = match outcome {
            Ok(response) => {
                let length = response.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
                let length = length.map(|length| format!(", {length} B")).unwrap_or_default();
                format!("{}{length}", response.status().as_u16())
            }
            Err(_) => "no answer".to_owned(),
        };
        self.trace(&format!("{} {} → {result}, {} ms", call.method, secret::shown(url), took.as_millis()));
    }
}

/// The next piece, filled as far as there is content; `None` at the end.
fn read_piece(reader: &mut impl Read) -> io::Result<Option<Bytes>> {
    let mut piece = vec![0; PIECE];
    let mut filled = 0;
    while filled < piece.len() {
        match reader.read(&mut piece[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    piece.truncate(filled);
    Ok((filled > 0).then(|| piece.into()))
}
