//! Faults: a scripted server on loopback misbehaves, and the requests that it saw are asserted.

use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::oci::media_type;
use crate::repository::{ErrorKind, Repository};

mod auth;
mod canaries;
mod downloads;
mod fake;
mod manifests;
mod pages;
mod retries;
mod tls;
mod uploads;

use fake::{Fake, Reply, Seen};

/// Settings with short pauses.
fn options() -> Options {
    Options {
        pause: Duration::from_micros(100),
        timeout: Duration::from_secs(5),
        concurrency: 4,
        ..Options::default()
    }
}

fn target(fake: &Fake) -> Target {
    Target { host: fake.host().parse().unwrap(), name: "app".parse().unwrap(), plain_http: true }
}

/// The repository `app` at the fake, without credentials.
fn remote(fake: &Fake) -> Remote {
    remote_with(fake, &Credentials::default(), options())
}

fn remote_with(fake: &Fake, credentials: &Credentials, options: Options) -> Remote {
    Remote::open(&target(fake), credentials, &Client::new(options)).unwrap()
}

fn password(user: &str, password: &str) -> Credentials {
    let given = Login::Password { user: user.into(), password: Secret::new(password) };
    Credentials { given: Some(given.into()), ..Credentials::default() }
}

fn tag(text: &str) -> Tag {
    text.parse().unwrap()
}

fn at(text: &str) -> Selector {
    Selector::Tag(tag(text))
}

/// A manifest with one layer.
fn manifest() -> Manifest {
    let layer = Descriptor::of("application/octet-stream", b"layer");
    let config = Descriptor::of(media_type::EMPTY, b"{}");
    let json = serde_json::json!({
        "schemaVersion": 2, "mediaType": media_type::MANIFEST, "config": config, "layers": [layer],
    });
    Manifest::parse(json.to_string().into_bytes(), None).unwrap()
}

/// The answer to a GET of that manifest.
fn manifest_reply() -> Reply {
    let manifest = manifest();
    Reply::ok(manifest.bytes()).with("Content-Type", manifest.media_type())
}

fn error_body(code: &str, message: &str) -> Vec<u8> {
    serde_json::json!({"errors": [{"code": code, "message": message}]}).to_string().into_bytes()
}

/// The kind and the text of a failure.
fn failure<T>(outcome: Result<T, Error>) -> (ErrorKind, String) {
    match outcome {
        Ok(_) => panic!("it succeeded"),
        Err(error) => (error.kind, error.what),
    }
}

#[test]
fn docker_hub_is_served_by_another_host_and_has_a_library() {
    let open = |host: &str, name: &str| {
        let target = Target { host: host.parse().unwrap(), name: name.parse().unwrap(), plain_http: false };
        let remote = Remote::open(&target, &Credentials::default(), &Client::new(options())).unwrap();
        (remote.0.base.to_string(), remote.place())
    };
    let (base, place) = open("docker.io", "app");
    assert_eq!(base, "https://registry-1.docker.io/v2/library/app/");
    assert_eq!(place, "docker.io/app");
    assert_eq!(open("index.docker.io", "me/app").0, "https://registry-1.docker.io/v2/me/app/");
    assert_eq!(open("ghcr.io", "app").0, "https://ghcr.io/v2/app/");
}
