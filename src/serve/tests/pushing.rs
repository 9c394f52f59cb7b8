//! Blobs in.

use super::*;

fn stored(sandbox: &Sandbox, name: &str, body: &[u8]) -> bool {
    let got = sandbox.get(&format!("/v2/{name}/blobs/{}", Digest::of(body)));
    got.status == 200 && got.body == body
}

#[test]
fn in_one_request() {
    let sandbox = Sandbox::new();
    let digest = Digest::of(b"one");
    let answer = sandbox.send("POST", &format!("/v2/app/blobs/uploads/?digest={digest}"), &[], b"one");
    assert_eq!((answer.status, answer.header("docker-content-digest")), (201, &*digest.to_string()));
    assert_eq!(sandbox.get(answer.header("location")).body, b"one");
    assert_eq!(sandbox.log.take_lines().len(), 2);
}

#[test]
fn in_two_requests() {
    let sandbox = Sandbox::new();
    let location = sandbox.session("app");
    let answer = sandbox.send("PUT", &format!("{location}?digest={}", Digest::of(b"two")), &[], b"two");
    assert_eq!(answer.status, 201);
    assert!(stored(&sandbox, "app", b"two"));
    assert_eq!(sandbox.send("GET", &location, &[], b"").refusal(), (404, "BLOB_UPLOAD_UNKNOWN".into()));
}

#[test]
fn in_chunks_whose_order_is_held() {
    let sandbox = Sandbox::new();
    let location = sandbox.session("app");
    let status = || sandbox.get(&location);
    assert_eq!((status().status, status().header("range").to_owned()), (204, "0-0".into()));
    let patch =
        |range: &str, body: &[u8]| sandbox.send("PATCH", &location, &[("content-range", range)], body);
    let first = patch("0-2", b"abc");
    assert_eq!((first.status, first.header("range"), first.header("location")), (202, "0-2", &*location));
    for (range, body) in [("0-2", &b"abc"[..]), ("5-6", b"fg"), ("x", b"d")] {
        let refused = patch(range, body);
        assert_eq!((refused.status, refused.header("range")), (416, "0-2"), "{range}");
    }
    let last = format!("{location}?digest={}", Digest::of(b"abcdef"));
    assert_eq!(sandbox.send("PUT", &last, &[("content-range", "4-6")], b"def").status, 416);
    assert_eq!(sandbox.send("PUT", &last, &[("content-range", "3-5")], b"def").status, 201);
    assert!(stored(&sandbox, "app", b"abcdef"));
}

#[test]
fn a_chunk_brings_no_more_than_it_says() {
    let sandbox = Sandbox::new();
    let location = sandbox.session("app");
    let answer = sandbox.send("PATCH", &location, &[("content-range", "0-1")], b"abc");
    assert_eq!(answer.refusal(), (400, "SIZE_INVALID".into()));
}

#[test]
fn wrong_content_is_refused_by_every_way_and_never_seen() {
    let sandbox = Sandbox::new();
    sandbox.blob("app", b"there already");
    for right in [&b"right"[..], b"there already"] {
        let digest = Digest::of(right);
        let post = sandbox.send("POST", &format!("/v2/app/blobs/uploads/?digest={digest}"), &[], b"wrong");
        assert_eq!(post.refusal(), (400, "DIGEST_INVALID".into()));
        let location = sandbox.session("app");
        let put = sandbox.send("PUT", &format!("{location}?digest={digest}"), &[], b"wrong");
        assert_eq!(put.refusal(), (400, "DIGEST_INVALID".into()));
        let location = sandbox.session("app");
        sandbox.send("PATCH", &location, &[], b"wro");
        let put = sandbox.send("PUT", &format!("{location}?digest={digest}"), &[], b"ng");
        assert_eq!(put.refusal(), (400, "DIGEST_INVALID".into()));
    }
    assert!(!stored(&sandbox, "app", b"right"));
    assert!(!stored(&sandbox, "app", b"wrong"));
    let location = sandbox.session("app");
    for query in ["", "?digest=sha256:x"] {
        let put = sandbox.send("PUT", &format!("{location}{query}"), &[], b"wrong");
        assert_eq!(put.refusal(), (400, "DIGEST_INVALID".into()));
    }
}

#[test]
fn by_a_mount_where_the_other_repository_has_it() {
    let sandbox = Sandbox::new();
    let digest = sandbox.blob("from", b"shared");
    let mount = |digest: &Digest, from: &str| {
        let path = format!("/v2/to/blobs/uploads/?mount={digest}&from={from}");
        sandbox.send("POST", &path, &[], b"")
    };
    let mounted = mount(&digest, "from");
    assert_eq!((mounted.status, sandbox.get(mounted.header("location")).body), (201, b"shared".to_vec()));
    for (digest, from) in [(&digest, "nowhere"), (&Digest::of(b"unknown"), "from"), (&digest, "..%2Fx")] {
        let answer = mount(digest, from);
        assert_eq!(answer.status, 202);
        let path = format!("{}?digest={}", answer.header("location"), Digest::of(b"sent"));
        assert_eq!(sandbox.send("PUT", &path, &[], b"sent").status, 201, "the session works");
    }
}

#[test]
fn an_upload_can_be_given_up() {
    let sandbox = Sandbox::new();
    let location = sandbox.session("app");
    sandbox.send("PATCH", &location, &[], b"abc");
    assert_eq!(sandbox.send("DELETE", &location, &[], b"").status, 204);
    assert_eq!(sandbox.get(&location).status, 404);
    let elsewhere = sandbox.session("app").replace("/v2/app/", "/v2/other/");
    assert_eq!(sandbox.get(&elsewhere).status, 404, "a session belongs to its repository");
}

#[test]
fn sessions_are_bounded_and_the_stalest_goes_first() {
    let sandbox = Sandbox::new();
    let first = sandbox.session("app");
    let second = sandbox.session("app");
    for _ in 0..511 {
        sandbox.session("app");
    }
    assert_eq!(sandbox.get(&first).status, 404);
    assert_eq!(sandbox.get(&second).status, 204);
}
