//! The protocol as a client sees it: a registry over a store, and plain requests against it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use tempfile::TempDir;

use super::*;
use crate::oci::{Descriptor, Digest, media_type};

mod access;
mod bundles;
mod contract;
mod limits;
mod on_disk;
mod pulling;
mod pushing;
mod sets;
mod ways;

/// A registry and a client that is told nothing but its address.
struct Sandbox {
    registry: Running,
    log: Arc<Recorder>,
    client: Client,
    time: Time,
    /// Goes with the registry, unless a test has named its own.
    root: PathBuf,
    own_root: Option<TempDir>,
}

/// What the registry's clock shows.
#[derive(Clone)]
struct Time(Arc<Mutex<String>>);

impl Time {
    /// A time of one day: `12:30`.
    fn set(&self, time: &str) {
        *self.0.lock().unwrap() = format!("2026-01-31T{time}:00Z");
    }
}

/// What came back.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The status and the code of the error envelope.
    fn refusal(&self) -> (u16, String) {
        (self.status, self.json()["errors"][0]["code"].as_str().unwrap().to_owned())
    }
}

impl Sandbox {
    fn new() -> Self {
        Self::with(|_| {})
    }

    /// One that asks who it is.
    fn asking(auth: Auth) -> Self {
        Self::with(|options| options.auth = auth)
    }

    /// One that differs from the usual.
    fn with(change: impl FnOnce(&mut Options)) -> Self {
        let root = TempDir::new().unwrap();
        let mut sandbox = Self::of_store(root.path(), change);
        sandbox.own_root = Some(root);
        sandbox
    }

    /// The store in this folder, at noon of a day.
    fn of_store(root: &Path, change: impl FnOnce(&mut Options)) -> Self {
        // A second installation is refused, and fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let log = Arc::new(Recorder::default());
        let time = Time(Arc::default());
        time.set("12:00");
        let shown = time.clone();
        let clock: Clock = Arc::new(move || shown.0.lock().unwrap().clone());
        let mut options = Options::new("127.0.0.1:0".parse().unwrap(), clock);
        options.log = Arc::<Recorder>::clone(&log);
        change(&mut options);
        let registry = start(Store::new(root), options).unwrap();
        let client = Client::builder().no_proxy().build().unwrap();
        Self { registry, log, client, time, root: root.to_owned(), own_root: None }
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.ask(
            method,
            path,
            headers,
            |request| {
                if body.is_empty() { request } else { request.body(body.to_vec()) }
            },
        )
    }

    fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        with: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let method: Method = method.parse().unwrap();
        let mut request = self.client.request(method, format!("http://{}{path}", self.registry.address()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = with(request);
        runtime::handle().unwrap().block_on(async {
            let response = request.send().await.unwrap();
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            Answer { status, headers, body: response.bytes().await.unwrap().to_vec() }
        })
    }

    /// The same with a body whose length is not said, in chunks.
    fn stream(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let pieces: Vec<_> = body.chunks(7000).map(|piece| Ok::<_, io::Error>(piece.to_vec())).collect();
        let body = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
        self.ask(method, path, headers, |request| request.body(body))
    }

    fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    /// Pushes a blob in one request.
    fn blob(&self, name: &str, body: &[u8]) -> Digest {
        let digest = Digest::of(body);
        let answer = self.send("POST", &format!("/v2/{name}/blobs/uploads/?digest={digest}"), &[], body);
        assert_eq!(answer.status, 201, "{answer:?}");
        digest
    }

    /// Begins an upload and returns where it goes on.
    fn session(&self, name: &str) -> String {
        let answer = self.send("POST", &format!("/v2/{name}/blobs/uploads/"), &[], b"");
        assert_eq!(answer.status, 202, "{answer:?}");
        answer.header("location").to_owned()
    }

    /// Pushes a bundle of one layer and returns its manifest's bytes.
    fn bundle(&self, name: &str, tag: &str, layer: &[u8]) -> Vec<u8> {
        self.blob(name, b"{}");
        self.blob(name, layer);
        let manifest = manifest(layer);
        let answer = self.put_manifest(name, tag, &manifest);
        assert_eq!(answer.status, 201, "{answer:?}");
        manifest
    }

    fn put_manifest(&self, name: &str, reference: &str, bytes: &[u8]) -> Answer {
        let headers = [("content-type", media_type::MANIFEST)];
        self.send("PUT", &format!("/v2/{name}/manifests/{reference}"), &headers, bytes)
    }

    /// Sends bytes as they are and returns what comes back until the registry closes.
    fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.registry.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // The registry may have answered and closed before all was sent.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// Computed by the library alone.
fn sha512(bytes: &[u8]) -> Digest {
    use sha2::Digest as _;
    format!("sha512:{}", hex::encode(sha2::Sha512::digest(bytes))).parse().unwrap()
}

fn manifest(layer: &[u8]) -> Vec<u8> {
    let json = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": media_type::MANIFEST,
        "artifactType": "application/vnd.example.v1",
        "config": Descriptor::of(media_type::EMPTY, b"{}"),
        "layers": [Descriptor::of("application/octet-stream", layer)],
    });
    json.to_string().into_bytes()
}
