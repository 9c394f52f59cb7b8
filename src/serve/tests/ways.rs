//! Every way of the specification to bring a blob, with each algorithm, as its conformance suite goes them.

use super::*;

/// Three chunks, the last one five bytes short.
const CHUNK: usize = 1024;

fn three_chunks() -> Vec<u8> {
    (0..=250).cycle().take(3 * CHUNK - 5).collect()
}

/// A digest by either algorithm.
type Of = fn(&[u8]) -> Digest;
const ALGORITHMS: [Of; 2] = [Digest::of, sha512];

fn with_digest(location: &str, digest: &Digest) -> String {
    let joint = if location.contains('?') { '&' } else { '?' };
    format!("{location}{joint}digest={digest}")
}

/// The blob is said to be there, and is, and may be read where the answer says.
fn is_there(sandbox: &Sandbox, created: &Answer, name: &str, digest: &Digest, body: &[u8]) {
    assert_eq!((created.status, created.header("docker-content-digest")), (201, &*digest.to_string()));
    let path = format!("/v2/{name}/blobs/{digest}");
    for path in [created.header("location"), &path] {
        let head = sandbox.send("HEAD", path, &[], b"");
        assert_eq!((head.status, head.header("content-length")), (200, &*body.len().to_string()));
        assert_eq!(head.header("docker-content-digest"), digest.to_string());
        assert!(head.body.is_empty());
        let got = sandbox.get(path);
        assert!(got.status == 200 && got.body == body, "{path}");
    }
}

/// A way to bring a blob whose digest may be a lie.
type Way = fn(&Sandbox, &Digest, &[u8]) -> Answer;

fn post(sandbox: &Sandbox, digest: &Digest, body: &[u8]) -> Answer {
    sandbox.send("POST", &format!("/v2/a/b/blobs/uploads/?digest={digest}"), &[OCTETS], body)
}

fn post_in_chunks(sandbox: &Sandbox, digest: &Digest, body: &[u8]) -> Answer {
    sandbox.stream("POST", &format!("/v2/a/b/blobs/uploads/?digest={digest}"), &[OCTETS], body)
}

fn put(sandbox: &Sandbox, digest: &Digest, body: &[u8]) -> Answer {
    sandbox.send("PUT", &with_digest(&sandbox.session("a/b"), digest), &[OCTETS], body)
}

fn put_in_chunks(sandbox: &Sandbox, digest: &Digest, body: &[u8]) -> Answer {
    sandbox.stream("PUT", &with_digest(&sandbox.session("a/b"), digest), &[OCTETS], body)
}

fn announced(sandbox: &Sandbox, digest: &Digest, body: &[u8]) -> Answer {
    let path = format!("/v2/a/b/blobs/uploads/?digest-algorithm={}", digest.algorithm());
    let begun = sandbox.send("POST", &path, &[], b"");
    assert_eq!(begun.status, 202);
    sandbox.send("PUT", &with_digest(begun.header("location"), digest), &[OCTETS], body)
}

fn streamed(sandbox: &Sandbox, digest: &Digest, body: &[u8]) -> Answer {
    let patched = sandbox.stream("PATCH", &sandbox.session("a/b"), &[OCTETS], body);
    assert_eq!(patched.status, 202);
    sandbox.send("PUT", &with_digest(patched.header("location"), digest), &[], b"")
}

fn chunked(sandbox: &Sandbox, digest: &Digest, body: &[u8]) -> Answer {
    let mut location = sandbox.session("a/b");
    let mut before = 0;
    for chunk in body.chunks(CHUNK) {
        let range = format!("{before}-{}", before + chunk.len() - 1);
        let answer = sandbox.send("PATCH", &location, &[OCTETS, ("content-range", &range)], chunk);
        before += chunk.len();
        assert_eq!((answer.status, answer.header("range")), (202, &*format!("0-{}", before - 1)));
        answer.header("location").clone_into(&mut location);
        for method in ["GET", "HEAD"] {
            let status = sandbox.send(method, &location, &[], b"");
            assert_eq!(
                (status.status, status.header("range")),
                (204, &*format!("0-{}", before - 1)),
                "{method}"
            );
            assert_eq!(status.header("location"), location);
        }
    }
    sandbox.send("PUT", &with_digest(&location, digest), &[], b"")
}

fn chunked_to_the_put(sandbox: &Sandbox, digest: &Digest, body: &[u8]) -> Answer {
    let location = sandbox.session("a/b");
    let (first, last) = body.split_at(body.len() / 2);
    if !first.is_empty() {
        let range = format!("0-{}", first.len() - 1);
        sandbox.send("PATCH", &location, &[("content-range", &range)], first);
    }
    let range = format!("{}-{}", first.len(), body.len().max(1) - 1);
    let headers: &[_] = if last.is_empty() { &[] } else { &[("content-range", &*range)] };
    sandbox.send("PUT", &with_digest(&location, digest), headers, last)
}

const OCTETS: (&str, &str) = ("content-type", "application/octet-stream");
const WAYS: [Way; 8] =
    [post, post_in_chunks, put, put_in_chunks, announced, streamed, chunked, chunked_to_the_put];

#[test]
fn each_brings_what_its_digest_says() {
    let sandbox = Sandbox::new();
    let bodies = [three_chunks(), Vec::new(), b"{}".to_vec(), vec![3; 300_000]];
    for of in ALGORITHMS {
        for body in &bodies {
            let digest = of(body);
            for way in WAYS {
                let path = format!("/v2/a/b/blobs/{digest}");
                assert_eq!(sandbox.get(&path).status, 404);
                assert_eq!(sandbox.send("HEAD", &path, &[], b"").status, 404);
                let created = way(&sandbox, &digest, body);
                is_there(&sandbox, &created, "a/b", &digest, body);
                assert_eq!(sandbox.send("DELETE", &path, &[], b"").status, 202);
                assert_eq!(sandbox.send("HEAD", &path, &[], b"").status, 404, "at once");
                assert_eq!(sandbox.send("DELETE", &path, &[], b"").refusal(), (404, "BLOB_UNKNOWN".into()));
            }
        }
    }
}

#[test]
fn each_refuses_what_its_digest_does_not_say() {
    let sandbox = Sandbox::new();
    for of in ALGORITHMS {
        for body in [three_chunks(), vec![3; 300_000]] {
            let lie = of(b"another");
            for way in WAYS {
                assert_eq!(way(&sandbox, &lie, &body).refusal(), (400, "DIGEST_INVALID".into()));
                for digest in [&lie, &Digest::of(&body), &sha512(&body)] {
                    assert_eq!(sandbox.get(&format!("/v2/a/b/blobs/{digest}")).status, 404);
                }
            }
        }
    }
}

#[test]
fn a_digest_of_another_kind_is_refused() {
    let sandbox = Sandbox::new();
    for bad in ["sha256:baddigeststring", "sha384:00", "md5:d41d8cd98f00b204e9800998ecf8427e", "x"] {
        let path = format!("/v2/a/blobs/uploads/?digest={bad}");
        assert_eq!(sandbox.send("POST", &path, &[], b"x").refusal(), (400, "DIGEST_INVALID".into()));
        let path = format!("{}?digest={bad}", sandbox.session("a"));
        assert_eq!(sandbox.send("PUT", &path, &[], b"x").refusal(), (400, "DIGEST_INVALID".into()));
    }
    for algorithm in ["sha384", "", "SHA256"] {
        let path = format!("/v2/a/blobs/uploads/?digest-algorithm={algorithm}");
        let refused = sandbox.send("POST", &path, &[], b"");
        assert_eq!(refused.refusal(), (400, "DIGEST_INVALID".into()));
        assert!(refused.json().to_string().contains("expected sha256 or sha512"));
    }
}

#[test]
fn chunks_out_of_order_are_refused_and_the_session_goes_on() {
    let sandbox = Sandbox::new();
    for of in ALGORITHMS {
        let body = three_chunks();
        let (first, second, third) = (&body[..CHUNK], &body[CHUNK..2 * CHUNK], &body[2 * CHUNK..]);
        let session = sandbox.session("a");
        let range = |from: usize, chunk: &[u8]| format!("{from}-{}", from + chunk.len() - 1);
        let patch = |location: &str, from: usize, chunk: &[u8]| {
            sandbox.send("PATCH", location, &[("content-range", &*range(from, chunk))], chunk)
        };
        let out_of_order = |answer: Answer, last: &str| {
            assert_eq!(answer.refusal(), (416, "RANGE_INVALID".into()));
            assert_eq!((answer.header("range"), answer.header("location")), (last, &*session));
        };
        out_of_order(patch(&session, CHUNK, second), "0-0");
        let location = patch(&session, 0, first).header("location").to_owned();
        // The address that the POST gave is stale by now, for some registries.
        for location in [&session, &location] {
            out_of_order(patch(location, 0, first), "0-1023");
            out_of_order(patch(location, 2 * CHUNK, third), "0-1023");
        }
        assert_eq!(patch(&location, CHUNK, second).status, 202);
        let put = with_digest(&location, &of(&body));
        let early = sandbox.send("PUT", &put, &[("content-range", &*range(CHUNK, third))], third);
        out_of_order(early, "0-2047");
        // The suite asks after the session with the digest still in the query.
        let status = sandbox.get(&put);
        assert_eq!(
            (status.status, status.header("range"), status.header("location")),
            (204, "0-2047", &*session)
        );
        let created = sandbox.send("PUT", &put, &[("content-range", &*range(2 * CHUNK, third))], third);
        is_there(&sandbox, &created, "a", &of(&body), &body);
    }
}

#[test]
fn a_chunk_brings_neither_more_nor_less_than_it_says() {
    let sandbox = Sandbox::new();
    for send in [Sandbox::send, Sandbox::stream] {
        for range in ["0-1", "0-3"] {
            let location = sandbox.session("a");
            let answer = send(&sandbox, "PATCH", &location, &[("content-range", range)], b"abc");
            assert_eq!(answer.refusal(), (400, "SIZE_INVALID".into()), "{range}");
            let put = with_digest(&location, &Digest::of(b"abc"));
            let answer = send(&sandbox, "PUT", &put, &[("content-range", range)], b"abc");
            assert!(matches!(answer.status, 400 | 416), "{range}");
            assert_eq!(sandbox.get(&location).status, 204, "it goes on");
        }
    }
}

#[test]
fn a_cancelled_upload_is_gone() {
    let sandbox = Sandbox::new();
    for body in [b"abc".to_vec(), vec![5; 300_000]] {
        let location = sandbox.session("a");
        sandbox.send("PATCH", &location, &[], &body);
        assert_eq!(sandbox.send("DELETE", &location, &[], b"").status, 204);
        for (method, body) in [("GET", &b""[..]), ("PATCH", b"x"), ("DELETE", b"")] {
            let answer = sandbox.send(method, &location, &[], body);
            assert_eq!(answer.refusal(), (404, "BLOB_UPLOAD_UNKNOWN".into()), "{method}");
        }
    }
    let ingest = std::fs::read_dir(sandbox.root.join("a/ingest")).unwrap();
    assert_eq!(ingest.count(), 0);
}

#[test]
fn a_mount_takes_what_is_there_and_else_begins_an_upload() {
    let sandbox = Sandbox::new();
    for of in ALGORITHMS {
        let body = three_chunks();
        let digest = of(&body);
        let mount = |to: &str, query: &str| {
            sandbox.send("POST", &format!("/v2/{to}/blobs/uploads/?mount={digest}{query}"), &[], b"")
        };
        for query in ["&from=x/y", ""] {
            let begun = mount("a/b", query);
            assert_eq!(begun.status, 202, "it is nowhere");
            let created = sandbox.send("PUT", &with_digest(begun.header("location"), &digest), &[], &body);
            is_there(&sandbox, &created, "a/b", &digest, &body);
            assert_eq!(mount("x/y", "&from=x/y").status, 202, "it is not in the repository that is named");
            is_there(&sandbox, &mount("x/y", "&from=a/b"), "x/y", &digest, &body);
            is_there(&sandbox, &mount("z", ""), "z", &digest, &body);
            let delete =
                |name: &str| sandbox.send("DELETE", &format!("/v2/{name}/blobs/{digest}"), &[], b"").status;
            let head =
                |name: &str| sandbox.send("HEAD", &format!("/v2/{name}/blobs/{digest}"), &[], b"").status;
            assert_eq!((delete("a/b"), head("a/b"), head("x/y"), head("z")), (202, 404, 200, 200));
            assert_eq!((delete("x/y"), delete("z"), head("x/y"), head("z")), (202, 202, 404, 404));
        }
    }
}

#[test]
fn ranges_of_a_blob_are_those_of_the_suite() {
    let sandbox = Sandbox::new();
    let body: Vec<u8> = (0..2048_u32).map(|number| (number % 251) as u8).collect();
    let path = format!("/v2/a/blobs/{}", sandbox.blob("a", &body));
    for (range, from, to) in [
        ("bytes=500-1499", 500, 1500),
        ("bytes=500-", 500, 2048),
        ("bytes=-500", 1548, 2048),
        ("bytes=2000-5000", 2000, 2048),
    ] {
        let got = sandbox.send("GET", &path, &[("range", range)], b"");
        assert_eq!((got.status, got.header("content-length")), (206, &*(to - from).to_string()), "{range}");
        assert_eq!(got.header("content-range"), format!("bytes {from}-{}/2048", to - 1));
        assert_eq!(got.body, body[from..to]);
        // Ranges are for GET alone (RFC 9110 §14.2).
        let head = sandbox.send("HEAD", &path, &[("range", range)], b"");
        assert_eq!(
            (head.status, head.header("content-length"), head.header("content-range")),
            (200, "2048", "")
        );
    }
    for range in ["bytes=500-0", "bytes=5000-10000"] {
        assert_eq!(sandbox.send("GET", &path, &[("range", range)], b"").status, 416, "{range}");
    }
}
