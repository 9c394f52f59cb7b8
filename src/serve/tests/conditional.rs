//! Conditional requests: what is known is not sent again, and a tag is set only where it stands as expected.

use super::*;

#[test]
fn what_the_client_has_is_not_sent_again() {
    let sandbox = Sandbox::new();
    let bytes = sandbox.bundle("app", "v1", b"layer");
    let (manifest, layer) = (Digest::of(&bytes), Digest::of(b"layer"));
    for (path, digest) in [
        ("/v2/app/manifests/v1".to_owned(), &manifest),
        (format!("/v2/app/manifests/{manifest}"), &manifest),
        (format!("/v2/app/blobs/{layer}"), &layer),
    ] {
        let tag = format!("\"{digest}\"");
        assert_eq!(sandbox.get(&path).header("etag"), tag);
        for method in ["GET", "HEAD"] {
            let ask = |known: &str| sandbox.send(method, &path, &[("if-none-match", known)], b"");
            for known in [&*tag, &format!("W/{tag}"), &format!("\"x\", {tag}"), "*"] {
                let answer = ask(known);
                assert_eq!((answer.status, answer.body.len(), answer.header("etag")), (304, 0, &*tag));
            }
            assert_eq!(ask("\"sha256:other\"").status, 200);
        }
    }
    assert_eq!(sandbox.send("GET", "/v2/app/manifests/v2", &[("if-none-match", "*")], b"").status, 404);
}

#[test]
fn a_range_is_not_answered_where_it_is_asked_of_other_content() {
    let sandbox = Sandbox::new();
    let digest = sandbox.blob("app", b"content");
    let path = format!("/v2/app/blobs/{digest}");
    let ask = |of: &str| sandbox.send("GET", &path, &[("range", "bytes=0-2"), ("if-range", of)], b"");
    let (same, other) = (ask(&format!("\"{digest}\"")), ask("\"sha256:other\""));
    assert_eq!((same.status, &*same.body), (206, &b"con"[..]));
    assert_eq!((other.status, &*other.body), (200, &b"content"[..]));
}

#[test]
fn a_tag_is_set_only_where_it_stands_as_expected() {
    let sandbox = Sandbox::new();
    let first = sandbox.bundle("app", "v1", b"first");
    sandbox.blob("app", b"second");
    let second = manifest(b"second");
    let put = |tag: &str, name: &'static str, value: &str, bytes: &[u8]| {
        let headers = [("content-type", media_type::MANIFEST), (name, value)];
        sandbox.send("PUT", &format!("/v2/app/manifests/{tag}"), &headers, bytes)
    };
    let at = |digest: &Digest| format!("\"{digest}\"");
    let (old, new) = (Digest::of(&first), Digest::of(&second));
    let refused = (412, "DENIED".to_owned());
    assert_eq!(put("v1", "if-none-match", "*", &second).refusal(), refused);
    assert_eq!(put("v1", "if-match", &at(&new), &second).refusal(), refused);
    assert_eq!(put("v2", "if-match", &at(&old), &second).refusal(), refused);
    assert_eq!(sandbox.get("/v2/app/manifests/v1").body, first);
    assert_eq!(put("v1", "if-match", &at(&old), &second).status, 201);
    assert_eq!(put("v2", "if-none-match", "*", &second).status, 201);
    for (name, value) in [("if-match", "*"), ("if-match", "sha256:x"), ("if-none-match", "\"x\"")] {
        assert_eq!(put("v1", name, value, &first).refusal(), (400, "UNSUPPORTED".into()), "{name} {value}");
    }
    assert_eq!(sandbox.get("/v2/app/manifests/v1").body, second);
}

#[test]
fn of_many_who_set_a_new_tag_one_succeeds() {
    let sandbox = Sandbox::new();
    let bytes: Vec<Vec<u8>> = (0..12_u8).map(|number| sandbox.bundle("app", "base", &[number])).collect();
    let set = |bytes: &[u8]| {
        let headers = [("content-type", media_type::MANIFEST), ("if-none-match", "*")];
        sandbox.send("PUT", "/v2/app/manifests/once", &headers, bytes).status
    };
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = bytes.iter().map(|bytes| scope.spawn(|| set(bytes))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 11, "{statuses:?}");
}
