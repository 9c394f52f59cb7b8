//! A proxy on loopback before a registry: it adds a round-trip time, and counts what passes.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, BodyStream, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{CONNECTION, TRANSFER_ENCODING};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// What passed since the last reset.
#[derive(Clone, Default)]
pub(crate) struct Counts {
    /// Requests by method and by what they were about.
    pub(crate) requests: BTreeMap<String, u64>,
    /// Bytes of request bodies.
    pub(crate) up: u64,
    /// Bytes of response bodies.
    pub(crate) down: u64,
}

impl Counts {
    /// All requests.
    pub(crate) fn total(&self) -> u64 {
        self.requests.values().sum()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<_> = self.requests.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        write!(out, "{}; {} B up, {} B down", parts.join(", "), self.up, self.down)
    }
}

/// A running proxy; its runtime, and all connections with it, end with its value.
pub(crate) struct Proxy {
    address: SocketAddr,
    counts: Arc<Mutex<Counts>>,
    runtime: Option<Runtime>,
}

struct Way {
    client: reqwest::Client,
    target: String,
    rtt: Duration,
    counts: Arc<Mutex<Counts>>,
}

type Reply = Response<UnsyncBoxBody<Bytes, reqwest::Error>>;

impl Proxy {
    /// Starts one before the registry at `target` (`host:port`, plain HTTP). A new connection costs one round trip, and
    /// so does each request.
    pub(crate) fn start(target: &str, rtt: Duration) -> Self {
        // A second installation is refused, and fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let counts = Arc::new(Mutex::new(Counts::default()));
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(256)
            .build()
            .unwrap();
        let way = Arc::new(Way { client, target: target.to_owned(), rtt, counts: Arc::clone(&counts) });
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(accept(listener, way));
        Self { address, counts, runtime: Some(runtime) }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What passed since the last reset.
    pub(crate) fn counts(&self) -> Counts {
        self.counts.lock().unwrap().clone()
    }

    /// Counts from nothing again.
    pub(crate) fn reset(&self) {
        *self.counts.lock().unwrap() = Counts::default();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn accept(listener: TcpListener, way: Arc<Way>) {
    while let Ok((stream, _)) = listener.accept().await {
        // Small answers must not wait for more.
        let _ = stream.set_nodelay(true);
        let way = Arc::clone(&way);
        tokio::spawn(async move {
            tokio::time::sleep(way.rtt).await;
            let service = service_fn(|request| {
                let way = Arc::clone(&way);
                async move { Ok::<_, Infallible>(way.pass(request).await) }
            });
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

impl Way {
    async fn pass(&self, request: Request<Incoming>) -> Reply {
        let kind = format!("{} {}", request.method(), kind(request.uri().path()));
        *self.counts.lock().unwrap().requests.entry(kind).or_default() += 1;
        tokio::time::sleep(self.rtt).await;
        self.forward(request).await.unwrap_or_else(|_| {
            let nothing = http_body_util::Empty::new().map_err(|never| match never {});
            let mut reply = Response::new(nothing.boxed_unsync());
            *reply.status_mut() = hyper::StatusCode::BAD_GATEWAY;
            reply
        })
    }

    async fn forward(&self, request: Request<Incoming>) -> Result<Reply, reqwest::Error> {
        let (mut head, body) = request.into_parts();
        let path = head.uri.path_and_query().map_or("/", |target| target.as_str());
        let url = format!("http://{}{path}", self.target);
        head.headers.remove(CONNECTION);
        let is_empty = hyper::body::Body::is_end_stream(&body);
        let mut onward = self.client.request(head.method, url).headers(head.headers);
        if !is_empty {
            let counts = Arc::clone(&self.counts);
            let data = BodyStream::new(body).try_filter_map(move |frame| {
                let data = frame.into_data().ok();
                counts.lock().unwrap().up += data.as_ref().map_or(0, |data| data.len() as u64);
                std::future::ready(Ok(data))
            });
            onward = onward.body(reqwest::Body::wrap_stream(data));
        }
        let answer = onward.send().await?;
        let mut head = Response::builder().status(answer.status());
        if let Some(headers) = head.headers_mut() {
            headers.clone_from(answer.headers());
            headers.remove(CONNECTION);
            headers.remove(TRANSFER_ENCODING);
        }
        let counts = Arc::clone(&self.counts);
        let data = answer.bytes_stream().map_ok(move |data| {
            counts.lock().unwrap().down += data.len() as u64;
            Frame::data(data)
        });
        let (head, ()) = head.body(()).unwrap().into_parts();
        Ok(Response::from_parts(head, StreamBody::new(data).boxed_unsync()))
    }
}

fn kind(path: &str) -> &'static str {
    let is = |part: &str| path.contains(part);
    match () {
        () if is("/blobs/uploads/") => "upload",
        () if is("/blobs/") => "blob",
        () if is("/manifests/") => "manifest",
        () if is("/tags/") => "tags",
        () if is("/referrers/") => "referrers",
        () if path.trim_end_matches('/') == "/v2" => "ping",
        () => "other",
    }
}
