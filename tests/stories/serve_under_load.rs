//! A registry under many clients, under the axe, and under large content.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use torte::oci::{Descriptor, Digest, Selector, Tag};
use torte::repository::Repository as _;
use torte::store::Store;

use crate::support::{Sandbox, Served, Wire};

/// Bundles of each client: enough to show a fault, and the full measure.
const BUNDLES: usize = 25;
const ALL_BUNDLES: usize = 200;
const CLIENTS: usize = 16;

/// A bundle of a client's own: a layer, and the manifest that names it and the empty config.
struct Bundle {
    layer: Vec<u8>,
    manifest: Vec<u8>,
}

impl Bundle {
    fn new(client: usize, number: usize) -> Self {
        let layer = format!("{client}/{number} ").repeat(400 + number).into_bytes();
        let json = serde_json::json!({
            "schemaVersion": 2, "mediaType": torte::oci::media_type::MANIFEST,
            "config": Descriptor::of(torte::oci::media_type::EMPTY, b"{}"),
            "layers": [Descriptor::of("application/octet-stream", &layer)],
        });
        Self { layer, manifest: json.to_string().into_bytes() }
    }

    /// Pushes it, and returns whether the registry took the manifest, or where the connection broke.
    fn push(&self, wire: &mut Wire, name: &str, tag: &str) -> io::Result<()> {
        for blob in [&b"{}"[..], &self.layer] {
            let post = format!("POST /v2/{name}/blobs/uploads/?digest={}", Digest::of(blob));
            taken(wire.send(&post, "", blob)?.status)?;
        }
        let kind = format!("Content-Type: {}\r\n", torte::oci::media_type::MANIFEST);
        taken(wire.send(&format!("PUT /v2/{name}/manifests/{tag}"), &kind, &self.manifest)?.status)
    }

    fn pull(&self, wire: &mut Wire, name: &str, tag: &str) {
        let manifest = wire.send(&format!("GET /v2/{name}/manifests/{tag}"), "", b"").unwrap();
        assert!(manifest.status == 200 && manifest.body == self.manifest, "{name}:{tag}");
        let layer = format!("GET /v2/{name}/blobs/{}", Digest::of(&self.layer));
        assert!(wire.send(&layer, "", b"").unwrap().body == self.layer, "{name}:{tag}");
    }
}

fn taken(status: u16) -> io::Result<()> {
    if status == 201 { Ok(()) } else { Err(io::Error::other(format!("status {status}"))) }
}

#[test]
fn many_clients_push_and_pull_at_once_and_lose_nothing() {
    push_and_pull(BUNDLES);
}

#[test]
#[ignore = "the full measure, half a minute: just measure"]
fn many_clients_push_and_pull_two_hundred_bundles_each_at_once_and_lose_nothing() {
    push_and_pull(ALL_BUNDLES);
}

/// Every client pushes so many bundles, and pulls each twice.
fn push_and_pull(bundles: usize) {
    let sandbox = Sandbox::new();
    let served = Served::start(&sandbox, &["--root", "root", "--quiet"]);
    let client = |client: usize| {
        let mut wire = served.connect().unwrap();
        // Four clients share each repository.
        let name = format!("team/app{}", client % 4);
        for number in 0..bundles {
            let bundle = Bundle::new(client, number);
            let tag = format!("c{client}-{number}");
            bundle.push(&mut wire, &name, &tag).unwrap();
            bundle.pull(&mut wire, &name, &tag);
            Bundle::new(client, number / 2).pull(&mut wire, &name, &format!("c{client}-{}", number / 2));
        }
    };
    thread::scope(|scope| {
        for number in 0..CLIENTS {
            scope.spawn(move || client(number));
        }
    });
    let tags = is_sound(&sandbox.path("root"));
    assert_eq!(tags.values().map(Vec::len).sum::<usize>(), CLIENTS * bundles);
}

/// Holds every file of content against its name, and every tag against its content; returns the tags by repository.
fn is_sound(root: &Path) -> BTreeMap<String, Vec<Tag>> {
    let store = Store::new(root);
    let mut found = BTreeMap::new();
    for file in walkdir::WalkDir::new(root).into_iter().map(Result::unwrap) {
        let folder = file.path().parent().unwrap();
        if file.file_type().is_file() && folder.ends_with("blobs/sha256") {
            let digest: Digest = format!("sha256:{}", file.file_name().to_str().unwrap()).parse().unwrap();
            assert!(
                digest.matches(&std::fs::read(file.path()).unwrap()),
                "{} is torn",
                file.path().display()
            );
        }
    }
    for name in store.names() {
        let layout = store.open(&name).unwrap().unwrap();
        let tags = layout.tags().unwrap();
        for tag in &tags {
            let manifest = layout.manifest(&Selector::Tag(tag.clone())).unwrap().unwrap();
            for blob in manifest.blobs() {
                assert_eq!(layout.size(&blob.digest).unwrap(), Some(blob.size), "{name}:{tag} has a hole");
            }
        }
        found.insert(name.to_string(), tags);
    }
    let listing = store.list().unwrap();
    assert_eq!(listing.warnings, []);
    found
}

/// Kills that hit a request in flight.
const KILLS: usize = 100;
/// What one root goes through before the next.
const KILLS_OF_ONE_ROOT: usize = 10;

#[test]
fn a_killed_registry_leaves_a_sound_root_and_everything_that_it_said_it_had() {
    let mut hits = 0;
    let mut round = 0;
    while hits < KILLS {
        let sandbox = Sandbox::new();
        let mut acknowledged = Vec::new();
        for _ in 0..KILLS_OF_ONE_ROOT {
            round += 1;
            assert!(round < 4 * KILLS, "only {hits} of {round} kills hit a request");
            hits += usize::from(kill(&sandbox, round, &mut acknowledged));
            let tags = is_sound(&sandbox.path("root"));
            for (name, tag) in &acknowledged {
                let has = tags.get(name).is_some_and(|tags| tags.iter().any(|found| found.as_str() == tag));
                assert!(has, "{name}:{tag} was taken, and is lost");
            }
        }
        let served = Served::start(&sandbox, &["--root", "root", "--quiet"]);
        Bundle::new(0, 0).push(&mut served.connect().unwrap(), "app0", "afterwards").unwrap();
    }
}

/// Lets clients push until the registry is killed; tells whether a request was in flight, and notes what was answered.
fn kill(sandbox: &Sandbox, round: usize, acknowledged: &mut Vec<(String, String)>) -> bool {
    let mut served = Served::start(sandbox, &["--root", "root", "--quiet"]);
    let (was_cut, said) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let count = AtomicU64::new(0);
    let host = served.host().to_owned();
    let client = |client: usize| {
        let Ok(mut wire) = Wire::connect(&host) else { return };
        let name = format!("app{}", client % 2);
        for number in 0.. {
            let tag = format!("r{round}-c{client}-{number}");
            if Bundle::new(client + 10 * round, number).push(&mut wire, &name, &tag).is_err() {
                // It was sent, and not answered.
                was_cut.store(true, Ordering::Relaxed);
                return;
            }
            said.lock().unwrap().push((name.clone(), tag));
            count.fetch_add(1, Ordering::Relaxed);
        }
    };
    thread::scope(|scope| {
        for number in 0..4 {
            scope.spawn(move || client(number));
        }
        let begun = Instant::now();
        // From the first requests to the thick of it, at a moment that differs from round to round.
        while count.load(Ordering::Relaxed) < (round as u64 * 7) % 12
            && begun.elapsed() < Duration::from_secs(20)
        {
            thread::yield_now();
        }
        thread::sleep(Duration::from_micros((round as u64 * 7919) % 6000));
        served.kill();
    });
    acknowledged.append(&mut said.into_inner().unwrap());
    was_cut.into_inner()
}

const MEBIBYTE: u64 = 1024 * 1024;

/// The most memory that a process took so far, in kibibytes.
#[cfg(target_os = "linux")]
fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn a_large_blob_passes_through_little_memory() {
    pass_through(128 * MEBIBYTE);
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "the full measure, half a minute and 1 GiB of disk: just measure"]
fn a_blob_of_a_gibibyte_passes_through_little_memory() {
    pass_through(1024 * MEBIBYTE);
}

/// Pushes and pulls a blob of so many bytes, twice what the registry may take of memory or more.
#[cfg(target_os = "linux")]
fn pass_through(large: u64) {
    use std::io::Read as _;
    let sandbox = Sandbox::new();
    let served = Served::start(&sandbox, &["--root", "root", "--quiet"]);
    let piece: Vec<u8> = (0..=255_u8).cycle().take(1024 * 1024).collect();
    let mut hasher = Digest::of(b"").hasher();
    for _ in 0..large / piece.len() as u64 {
        hasher.update(&piece);
    }
    let digest = hasher.finish();
    let mut wire = served.connect().unwrap();
    let request = format!("POST /v2/app/blobs/uploads/?digest={digest}");
    wire.begin(&request, "", large).unwrap();
    for _ in 0..large / piece.len() as u64 {
        wire.write(&piece).unwrap();
    }
    assert_eq!(wire.answer(&request).unwrap().status, 201);

    wire.begin(&format!("GET /v2/app/blobs/{digest}"), "", 0).unwrap();
    let (answer, length) = wire.head().unwrap();
    assert_eq!((answer.status, length), (200, large));
    let mut hasher = Digest::of(b"").hasher();
    let mut buffer = vec![0; 1024 * 1024];
    let mut left = large;
    while left > 0 {
        let count = wire.reader().read(&mut buffer).unwrap();
        assert!(count > 0, "{left} bytes are missing");
        hasher.update(&buffer[..count]);
        left -= count as u64;
    }
    assert_eq!(hasher.finish(), digest);
    let peak = peak(served.id());
    assert!(peak < 64 * 1024, "{peak} KiB");
}

#[cfg(target_os = "linux")]
#[test]
fn slow_clients_by_the_hundred_cost_little_and_keep_nobody_out() {
    torte::runtime::allow_many_files();
    let sandbox = Sandbox::new();
    let served = Served::start(&sandbox, &["--root", "root", "--quiet"]);
    let mut slow = Vec::new();
    for number in 0..480 {
        let mut wire = served.connect().unwrap();
        match number % 3 {
            0 => wire.write(b"GET /v2/ HTTP/1.1\r\nHost: local").unwrap(),
            1 => wire.begin("PUT /v2/app/manifests/slow", "", 4_000_000).unwrap(),
            _ => {
                let digest = Digest::of(b"never");
                wire.begin(&format!("POST /v2/app/blobs/uploads/?digest={digest}"), "", 1_000_000_000)
                    .unwrap();
                wire.write(&vec![7; 50_000]).unwrap();
            }
        }
        slow.push(wire);
    }
    let begun = Instant::now();
    let mut wire = served.connect().unwrap();
    for number in 0..30 {
        let bundle = Bundle::new(99, number);
        bundle.push(&mut wire, "app", &format!("v{number}")).unwrap();
        bundle.pull(&mut wire, "app", &format!("v{number}"));
    }
    assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
    let peak = peak(served.id());
    assert!(peak < 160 * 1024, "{peak} KiB");
}
