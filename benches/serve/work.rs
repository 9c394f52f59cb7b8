//! What is asked of a registry, over and over or once, and how long it took.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use torte::oci::{Descriptor, Digest, media_type};

use crate::server::Server;
use crate::wire::Wire;

/// What is done again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A layer of 8 kB and a manifest under a new tag, each connection into a repository of its own.
    Push,
    /// The same, all connections into one repository.
    PushTogether,
    /// A manifest by its tag, and its layer.
    Pull,
    /// Whether a blob is there.
    Head,
}

impl Shape {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Push => "push, a repository each",
            Self::PushTogether => "push, one repository",
            Self::Pull => "pull",
            Self::Head => "head of a blob",
        }
    }
}

/// What came of doing something again and again.
pub(crate) struct Run {
    times: Vec<Duration>,
    took: Duration,
    /// How much of one processor the registry had.
    pub(crate) load: Option<f64>,
}

impl Run {
    /// How often it was done in a second.
    pub(crate) fn rate(&self) -> u128 {
        self.times.len() as u128 * 1_000_000 / self.took.as_micros().max(1)
    }

    /// The time that so many of a hundred stayed below.
    pub(crate) fn percentile(&self, part: usize) -> Duration {
        let at = self.times.len() * part / 100;
        self.times.get(at.min(self.times.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

/// Does something over so many connections for so long.
pub(crate) fn repeat(server: &Server, shape: Shape, connections: usize, time: Duration) -> Run {
    let client = |number: usize| {
        let mut wire = Wire::connect(&server.host).unwrap();
        let shared = matches!(shape, Shape::PushTogether);
        let name =
            if shared { format!("shared/c{connections}") } else { format!("own/c{connections}-{number}") };
        let known = Bundle::small(&format!("{shape:?} {connections} {number}"));
        known.push_over(&mut wire, server, &name, "known");
        let mut times = Vec::new();
        let begun = Instant::now();
        while begun.elapsed() < time {
            let text = format!("{shape:?} {connections} {number} {}", times.len());
            let bundle = matches!(shape, Shape::Push | Shape::PushTogether).then(|| Bundle::small(&text));
            let start = Instant::now();
            match (&bundle, shape) {
                (Some(bundle), _) => {
                    bundle.push_over(&mut wire, server, &name, &format!("t{number}-{}", times.len()));
                }
                (None, Shape::Pull) => known.pull_over(&mut wire, &name, "known"),
                (None, _) => {
                    let head = format!("HEAD /v2/{name}/blobs/{}", known.layers[0].0.digest);
                    assert_eq!(wire.send(&head, "", b"").unwrap().status, 200);
                }
            }
            times.push(start.elapsed());
        }
        times
    };
    let (before, begun) = (server.computed(), Instant::now());
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..connections).map(|number| scope.spawn(move || client(number))).collect();
        all.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    let took = begun.elapsed();
    times.sort_unstable();
    Run { times, took, load: load(server, before, took) }
}

fn load(server: &Server, before: Option<Duration>, took: Duration) -> Option<f64> {
    let computed = server.computed()?.checked_sub(before?)?;
    Some(computed.as_secs_f64() / took.as_secs_f64())
}

/// What came of doing something once.
pub(crate) struct Once {
    pub(crate) time: Duration,
    pub(crate) load: Option<f64>,
}

pub(crate) fn once(server: &Server, work: impl FnOnce()) -> Once {
    let (before, begun) = (server.computed(), Instant::now());
    work();
    let time = begun.elapsed();
    Once { time, load: load(server, before, time) }
}

/// A manifest with its layers; the config is the empty one.
pub(crate) struct Bundle {
    layers: Vec<(Descriptor, Vec<u8>)>,
    manifest: Vec<u8>,
}

impl Bundle {
    fn of(layers: Vec<Vec<u8>>) -> Self {
        let layers: Vec<_> = layers
            .into_iter()
            .map(|layer| (Descriptor::of("application/octet-stream", &layer), layer))
            .collect();
        let described: Vec<_> = layers.iter().map(|(layer, _)| layer).collect();
        let json = serde_json::json!({
            "schemaVersion": 2, "mediaType": media_type::MANIFEST,
            "config": Descriptor::of(media_type::EMPTY, b"{}"), "layers": described,
        });
        Self { layers, manifest: json.to_string().into_bytes() }
    }

    fn small(text: &str) -> Self {
        Self::of(vec![body(text)])
    }

    /// As many layers as a thousand namespaces give, of 8 kB each.
    pub(crate) fn of_layers(count: usize) -> Self {
        Self::of((0..count).map(|number| body(&format!("layer {number}"))).collect())
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.layers.iter().map(|(layer, _)| layer.size).sum()
    }

    fn push_over(&self, wire: &mut Wire, server: &Server, name: &str, tag: &str) {
        for (layer, bytes) in &self.layers {
            push_blob(wire, server, name, layer, bytes);
        }
        if tag == "known" {
            push_blob(wire, server, name, &Descriptor::of(media_type::EMPTY, b"{}"), b"{}");
        }
        let kind = format!("Content-Type: {}\r\n", media_type::MANIFEST);
        let put = format!("PUT /v2/{name}/manifests/{tag}");
        assert_eq!(wire.send(&put, &kind, &self.manifest).unwrap().status, 201);
    }

    fn pull_over(&self, wire: &mut Wire, name: &str, tag: &str) {
        let accept = format!("Accept: {}\r\n", media_type::MANIFEST);
        let manifest = wire.send(&format!("GET /v2/{name}/manifests/{tag}"), &accept, b"").unwrap();
        assert!(manifest.body == self.manifest);
        for (layer, bytes) in &self.layers {
            let got = wire.send(&format!("GET /v2/{name}/blobs/{}", layer.digest), "", b"").unwrap();
            assert!(got.body == *bytes);
        }
    }

    /// Over so many connections at once; each takes the next layer.
    fn share(
        &self,
        server: &Server,
        connections: usize,
        each: impl Fn(&mut Wire, &Descriptor, &[u8]) + Sync,
    ) {
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..connections {
                scope.spawn(|| {
                    let mut wire = Wire::connect(&server.host).unwrap();
                    while let Some((layer, bytes)) = self.layers.get(next.fetch_add(1, Ordering::Relaxed)) {
                        each(&mut wire, layer, bytes);
                    }
                });
            }
        });
    }

    pub(crate) fn push(&self, server: &Server, name: &str, connections: usize) {
        self.share(server, connections, |wire, layer, bytes| push_blob(wire, server, name, layer, bytes));
        let manifest = Self { layers: Vec::new(), manifest: self.manifest.clone() };
        manifest.push_over(&mut Wire::connect(&server.host).unwrap(), server, name, "known");
    }

    pub(crate) fn pull(&self, server: &Server, name: &str, connections: usize) {
        self.share(server, connections, |wire, layer, bytes| {
            let got = wire.send(&format!("GET /v2/{name}/blobs/{}", layer.digest), "", b"").unwrap();
            assert!(got.body == bytes);
        });
    }
}

/// 8 kB that nothing else has.
fn body(text: &str) -> Vec<u8> {
    text.bytes().chain(b" ".iter().copied()).cycle().take(8192).collect()
}

/// In as few requests as the registry lets it.
fn push_blob(wire: &mut Wire, server: &Server, name: &str, blob: &Descriptor, bytes: &[u8]) {
    if server.takes_post {
        let post = format!("POST /v2/{name}/blobs/uploads/?digest={}", blob.digest);
        assert_eq!(wire.send(&post, "", bytes).unwrap().status, 201);
        return;
    }
    let put = begin(wire, name, &blob.digest);
    assert_eq!(wire.send(&put, "", bytes).unwrap().status, 201);
}

/// Begins an upload; returns the request that ends it.
fn begin(wire: &mut Wire, name: &str, digest: &Digest) -> String {
    let begun = wire.send(&format!("POST /v2/{name}/blobs/uploads/"), "", b"").unwrap();
    let location = begun.header("location").unwrap();
    let joint = if location.contains('?') { '&' } else { '?' };
    format!("PUT {location}{joint}digest={digest}")
}

fn piece() -> Vec<u8> {
    (0..=255_u8).cycle().take(1024 * 1024).collect()
}

/// The digest of the large blob.
pub(crate) fn large(size: u64) -> Digest {
    let mut hasher = Digest::of(b"").hasher();
    for _ in 0..size / 1024 / 1024 {
        hasher.update(&piece());
    }
    hasher.finish()
}

pub(crate) fn push_large(server: &Server, digest: &Digest, size: u64) {
    let mut wire = Wire::connect(&server.host).unwrap();
    let put = begin(&mut wire, "large", digest);
    wire.begin(&put, "", size).unwrap();
    let piece = piece();
    for _ in 0..size / piece.len() as u64 {
        wire.write(&piece).unwrap();
    }
    assert_eq!(wire.answer(&put).unwrap().status, 201);
}

pub(crate) fn pull_large(server: &Server, digest: &Digest, size: u64) {
    let mut wire = Wire::connect(&server.host).unwrap();
    wire.begin(&format!("GET /v2/large/blobs/{digest}"), "", 0).unwrap();
    let (answer, length) = wire.head().unwrap();
    assert_eq!((answer.status, length), (200, size));
    let copied = std::io::copy(&mut std::io::Read::take(wire.reader(), size), &mut std::io::sink()).unwrap();
    assert_eq!(copied, size);
}
