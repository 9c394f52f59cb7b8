//! Blobs out.

use super::*;

#[test]
fn a_blob_comes_back_with_its_size_and_digest() {
    let sandbox = Sandbox::new();
    let digest = sandbox.blob("app", b"content").to_string();
    let path = format!("/v2/app/blobs/{digest}");
    let got = sandbox.get(&path);
    assert_eq!((got.status, got.body.as_slice()), (200, &b"content"[..]));
    let head = sandbox.send("HEAD", &path, &[], b"");
    assert_eq!((head.status, head.body.len()), (200, 0));
    for answer in [got, head] {
        assert_eq!(answer.header("docker-content-digest"), digest);
        assert_eq!(answer.header("content-length"), "7");
    }
}

#[test]
fn a_blob_is_known_in_its_own_repository_only() {
    let sandbox = Sandbox::new();
    let digest = sandbox.blob("app", b"content");
    sandbox.blob("other", b"something else");
    for name in ["other", "nowhere"] {
        let answer = sandbox.get(&format!("/v2/{name}/blobs/{digest}"));
        assert_eq!(answer.refusal(), (404, "BLOB_UNKNOWN".into()));
    }
    assert_eq!(sandbox.get("/v2/app/blobs/sha256:x").refusal(), (400, "DIGEST_INVALID".into()));
}

#[test]
fn large_blobs_come_whole_and_in_ranges() {
    let sandbox = Sandbox::new();
    // Larger than what is answered in one piece, and than what an upload keeps in memory.
    let body: Vec<u8> = (0..3_000_001_u32).map(|number| (number % 251) as u8).collect();
    let digest = sandbox.blob("app", &body);
    let path = format!("/v2/app/blobs/{digest}");
    assert_eq!(Digest::of(&sandbox.get(&path).body), digest);

    let range = |text: &str| sandbox.send("GET", &path, &[("range", text)], b"");
    for (text, from, to) in [
        ("bytes=10-19", 10, 20),
        ("bytes=2999999-", 2_999_999, 3_000_001),
        ("bytes=-1", 3_000_000, 3_000_001),
        ("bytes=1000000-9999999", 1_000_000, 3_000_001),
        ("bytes=0-", 0, 3_000_001),
    ] {
        let answer = range(text);
        assert_eq!((answer.status, answer.body.len()), (206, to - from), "{text}");
        assert!(answer.body == body[from..to], "{text}");
        assert_eq!(answer.header("content-range"), format!("bytes {from}-{}/3000001", to - 1));
    }
    let beyond = range("bytes=3000001-");
    assert_eq!((beyond.status, beyond.header("content-range")), (416, "bytes */3000001"));
    assert_eq!(range("bytes=0-1,5-6").status, 200);
}

#[test]
fn an_empty_blob_is_a_blob() {
    let sandbox = Sandbox::new();
    let location = sandbox.session("app");
    let digest = Digest::of(b"");
    assert_eq!(sandbox.send("PUT", &format!("{location}?digest={digest}"), &[], b"").status, 201);
    let got = sandbox.get(&format!("/v2/app/blobs/{digest}"));
    assert_eq!((got.status, got.header("content-length"), got.body.len()), (200, "0", 0));
}

#[test]
fn whatever_can_be_got_can_be_asked_for_without_its_body() {
    let sandbox = Sandbox::new();
    let bytes = sandbox.bundle("app", "v1", b"layer");
    let (manifest, layer) = (Digest::of(&bytes), Digest::of(b"layer"));
    for path in [
        "/v2/".to_owned(),
        "/v2/app/manifests/v1".to_owned(),
        format!("/v2/app/manifests/{manifest}"),
        "/v2/app/manifests/v2".to_owned(),
        format!("/v2/app/blobs/{layer}"),
        format!("/v2/other/blobs/{layer}"),
        "/v2/app/tags/list".to_owned(),
        "/v2/app/tags/list?n=1".to_owned(),
        format!("/v2/app/referrers/{manifest}"),
        sandbox.session("app"),
    ] {
        let (got, head) = (sandbox.get(&path), sandbox.send("HEAD", &path, &[], b""));
        assert_eq!((head.status, head.body.len()), (got.status, 0), "{path}");
        if !got.body.is_empty() {
            assert_eq!(head.header("content-length"), got.body.len().to_string(), "{path}");
        }
        for name in ["content-type", "docker-content-digest", "location", "range", "link"] {
            assert_eq!(head.header(name), got.header(name), "{path}: {name}");
        }
    }
}
