//! Blobs in, beside the ways of `ways`: what is there already, whose a session is, and how many there are.

use super::*;

fn stored(sandbox: &Sandbox, name: &str, body: &[u8]) -> bool {
    let got = sandbox.get(&format!("/v2/{name}/blobs/{}", Digest::of(body)));
    got.status == 200 && got.body == body
}

#[test]
fn wrong_content_is_refused_also_where_the_right_one_is_there() {
    let sandbox = Sandbox::new();
    let digest = sandbox.blob("app", b"there already");
    let post = sandbox.send("POST", &format!("/v2/app/blobs/uploads/?digest={digest}"), &[], b"wrong");
    assert_eq!(post.refusal(), (400, "DIGEST_INVALID".into()));
    let location = sandbox.session("app");
    sandbox.send("PATCH", &location, &[], b"wro");
    let put = sandbox.send("PUT", &format!("{location}?digest={digest}"), &[], b"ng");
    assert_eq!(put.refusal(), (400, "DIGEST_INVALID".into()));
    assert!(stored(&sandbox, "app", b"there already") && !stored(&sandbox, "app", b"wrong"));
}

#[test]
fn an_upload_without_a_digest_is_not_ended() {
    let sandbox = Sandbox::new();
    let location = sandbox.session("app");
    assert_eq!(sandbox.send("PUT", &location, &[], b"x").refusal(), (400, "DIGEST_INVALID".into()));
    assert_eq!(sandbox.get(&location).status, 204);
    let put = sandbox.send("PUT", &format!("{location}?digest={}", Digest::of(b"x")), &[], b"x");
    assert_eq!(put.status, 201);
    assert_eq!(sandbox.get(&location).refusal(), (404, "BLOB_UPLOAD_UNKNOWN".into()));
}

#[test]
fn a_refused_blob_makes_no_repository() {
    let sandbox = Sandbox::new();
    let path = format!("/v2/app/blobs/uploads/?digest={}", Digest::of(b"x"));
    assert_eq!(sandbox.send("POST", &path, &[], b"y").status, 400);
    sandbox.send("PATCH", &sandbox.session("app"), &[], b"abc");
    assert_eq!(std::fs::read_dir(&sandbox.root).unwrap().count(), 0);
}

#[test]
fn a_mount_with_bad_arguments_begins_an_upload_that_works() {
    let sandbox = Sandbox::new();
    let digest = sandbox.blob("from", b"shared");
    for query in [
        format!("mount={digest}&from=nowhere"),
        format!("mount={}&from=from", Digest::of(b"unknown")),
        format!("mount={digest}&from=..%2Fx"),
        "mount=sha256:x&from=from".to_owned(),
        "mount=".to_owned(),
    ] {
        let answer = sandbox.send("POST", &format!("/v2/to/blobs/uploads/?{query}"), &[], b"");
        assert_eq!(answer.status, 202, "{query}");
        let path = format!("{}?digest={}", answer.header("location"), Digest::of(b"sent"));
        assert_eq!(sandbox.send("PUT", &path, &[], b"sent").status, 201, "{query}");
    }
}

#[test]
fn a_session_belongs_to_its_repository() {
    let sandbox = Sandbox::new();
    let location = sandbox.session("app");
    let elsewhere = location.replace("/v2/app/", "/v2/other/");
    for method in ["GET", "PATCH", "PUT", "DELETE"] {
        let path = format!("{elsewhere}?digest={}", Digest::of(b""));
        assert_eq!(sandbox.send(method, &path, &[], b"").status, 404, "{method}");
    }
    assert_eq!(sandbox.get(&location).status, 204);
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

#[test]
fn an_upload_that_nobody_goes_on_with_is_over_and_its_file_gone() {
    let sandbox = Sandbox::with(|options| {
        options.limits.idle = Duration::from_millis(500);
        options.limits.round = Duration::from_millis(50);
    });
    let location = sandbox.session("app");
    let files = || std::fs::read_dir(sandbox.root.join("app/ingest")).unwrap().count();
    for _ in 0..4 {
        std::thread::sleep(Duration::from_millis(250));
        assert_eq!(sandbox.send("PATCH", &location, &[], &vec![7; 100_000]).status, 202, "it is in use");
    }
    assert_eq!(files(), 1);
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(files(), 0);
    assert_eq!(sandbox.get(&location).refusal(), (404, "BLOB_UPLOAD_UNKNOWN".into()));
}
