//! Blobs on their way to registries of many habits.

use std::io::{Read as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::repository::in_parallel;

const UPLOADS: &str = "/v2/app/blobs/uploads/";

fn blob() -> Descriptor {
    Descriptor::of("x", b"layer")
}

fn put(remote: &Remote) -> Result<Moved, Error> {
    remote.put(&blob(), &b"layer".to_vec(), &[])
}

fn accepted(location: &str) -> Reply {
    Reply::status(202).with("Location", location)
}

/// Sends so many small blobs on four threads.
fn put_many(remote: &Remote, count: u32) {
    let bodies: Vec<_> = (0..count).map(|number| number.to_string().into_bytes()).collect();
    in_parallel(&bodies, 4, |body| {
        let moved = remote.put(&Descriptor::of("x", body), body, &[])?;
        assert_eq!(moved, Moved::Sent);
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_registry_that_takes_blobs_in_one_request_gets_one_each() {
    let fake = Fake::new(|_, _| Reply::status(201).with("Location", "/v2/app/blobs/x"));
    put_many(&remote(&fake), 40);
    let seen = fake.seen();
    assert_eq!(seen.len(), 40);
    assert!(seen.iter().all(|one| one.is("POST", UPLOADS) && one.target.contains("?digest=sha256%3A")));
}

#[test]
fn a_registry_that_does_not_is_asked_with_one_blob_alone() {
    let fake = Fake::new(|seen, number| match seen.method.as_str() {
        "POST" => accepted(&format!("{UPLOADS}{number}?_state=s")),
        _ => Reply::status(201),
    });
    let remote = remote(&fake);
    put_many(&remote, 40);
    let seen = fake.seen();
    let posts: Vec<_> = seen.iter().filter(|one| one.method == "POST").collect();
    assert_eq!((posts.len(), seen.len()), (40, 80));
    assert_eq!(posts.iter().filter(|one| one.target.contains("digest=")).count(), 1);
    assert_eq!(posts.iter().filter(|one| !one.body.is_empty()).count(), 1);
    assert_eq!(posts[1].header("content-length"), Some("0"));
    assert_eq!(remote.cost().requests, 80);
}

#[test]
fn a_registry_that_refuses_the_short_way_is_sent_the_long_one() {
    let fake = Fake::new(|seen, _| match seen.method.as_str() {
        "POST" if seen.target.contains("digest=") => Reply::status(405),
        "POST" => accepted(&format!("{UPLOADS}1")),
        _ => Reply::status(201),
    });
    let remote = remote(&fake);
    put(&remote).unwrap();
    put(&remote).unwrap();
    let methods: Vec<_> = fake.seen().iter().map(|one| one.method.clone()).collect();
    assert_eq!(methods, ["POST", "POST", "PUT", "POST", "PUT"]);
}

#[test]
fn the_place_of_an_upload_is_taken_as_it_is_given() {
    let digest = blob().digest.to_string().replace(':', "%3A");
    for (location, expected) in [
        (format!("{UPLOADS}1"), format!("{UPLOADS}1?digest={digest}")),
        (format!("{UPLOADS}1?_state=a%2Fb&x"), format!("{UPLOADS}1?_state=a%2Fb&x&digest={digest}")),
        ("1?s".to_owned(), format!("{UPLOADS}1?s&digest={digest}")),
        ("?s=1".to_owned(), format!("{UPLOADS}?s=1&digest={digest}")),
    ] {
        let there = location.clone();
        // The answer to a request without a body, so that the address has no query of its own.
        let fake = Fake::new(move |seen, _| match seen.method.as_str() {
            "POST" if !seen.body.is_empty() => Reply::status(405),
            "POST" => accepted(&there),
            _ => Reply::status(201),
        });
        put(&remote(&fake)).unwrap();
        let last = fake.seen().pop().unwrap();
        assert_eq!(last.line(), format!("PUT {expected}"));
        assert_eq!((last.body.as_slice(), last.header("content-length")), (b"layer".as_slice(), Some("5")));
    }
}

#[test]
fn a_registry_that_gives_no_place_or_a_bad_one_is_refused() {
    for (reply, expected) in [
        (Reply::status(202), "violates the specification"),
        (accepted("http://169.254.169.254/u"), "not followed"),
        (accepted("http://8.8.8.8:1@127.0.0.1/u"), "not followed"),
        (accepted("http://10.0.0.1/u"), "not followed"),
        (accepted("file:///u"), "not followed"),
    ] {
        let fake = Fake::new(move |_, _| reply.clone());
        let (kind, what) = failure(put(&remote(&fake)));
        assert_eq!(kind, ErrorKind::Refused);
        assert!(what.contains(expected), "{what}");
        assert_eq!(fake.lines().len(), 1);
    }
}

#[test]
fn a_lost_session_is_begun_anew_twice() {
    for (status, code) in [(404, "BLOB_UPLOAD_UNKNOWN"), (404, ""), (416, ""), (400, "BLOB_UPLOAD_INVALID")] {
        let lost = Arc::new(AtomicUsize::new(2));
        let left = Arc::clone(&lost);
        let fake = Fake::new(move |seen, _| match seen.method.as_str() {
            "POST" => accepted(&format!("{UPLOADS}1")),
            _ if left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok() => {
                Reply::status(status).body(error_body(code, "gone"))
            }
            _ => Reply::status(201),
        });
        put(&remote(&fake)).unwrap();
        assert_eq!(fake.lines().len(), 6, "{:?}", fake.lines());
        lost.store(usize::MAX, Ordering::SeqCst);
        failure(put(&remote(&fake)));
        assert_eq!(fake.lines().len(), 12);
    }
}

#[test]
fn an_upload_that_breaks_begins_with_a_new_session() {
    let fake = Fake::new(|seen, number| match (seen.method.as_str(), number) {
        ("POST", _) => accepted(&format!("{UPLOADS}{number}")),
        (_, 1) => Reply::reset(),
        (_, 3) => Reply::status(500),
        _ => Reply::status(201),
    });
    put(&remote(&fake)).unwrap();
    let lines: Vec<_> = fake.lines().iter().map(|line| line.split('?').next().unwrap().to_owned()).collect();
    let expected =
        ["POST", "PUT 0", "POST", "PUT 2", "POST", "PUT 4"].map(|word| match word.split_once(' ') {
            Some((method, session)) => format!("{method} {UPLOADS}{session}"),
            None => format!("{word} {UPLOADS}"),
        });
    assert_eq!(lines, expected);
}

#[test]
fn a_token_that_runs_out_in_an_upload_costs_no_session() {
    let fake = Fake::new(|seen, number| {
        let host = seen.header("host").unwrap();
        let refused =
            Reply::status(401).with("WWW-Authenticate", format!("Bearer realm=\"http://{host}/token\""));
        match (seen.method.as_str(), seen.header("authorization")) {
            ("GET", _) => Reply::ok(format!(r#"{{"token":"t{number}"}}"#).as_bytes()),
            ("POST", Some("Bearer t1")) => accepted(&format!("{UPLOADS}1")),
            ("PUT", Some("Bearer t4")) => Reply::status(201),
            _ => refused,
        }
    });
    put(&remote(&fake)).unwrap();
    let methods: Vec<_> = fake.seen().iter().map(|one| one.method.clone()).collect();
    assert_eq!(methods, ["POST", "GET", "POST", "PUT", "GET", "PUT"]);
}

#[test]
fn mounts_are_asked_for_and_no_refusal_of_them_stops_an_upload() {
    let from = ["team/base".parse().unwrap()];
    let fake = Fake::new(|_, _| Reply::status(201));
    let moved = remote(&fake).put(&blob(), &b"layer".to_vec(), &from).unwrap();
    assert_eq!(moved, Moved::Mounted);
    let digest = blob().digest.to_string().replace(':', "%3A");
    assert_eq!(fake.lines(), [format!("POST {UPLOADS}?mount={digest}&from=team%2Fbase")]);

    let fake = Fake::new(|seen, _| match seen.method.as_str() {
        "POST" => accepted(&format!("{UPLOADS}7")),
        _ => Reply::status(201),
    });
    assert_eq!(remote(&fake).put(&blob(), &b"layer".to_vec(), &from).unwrap(), Moved::Sent);
    assert_eq!(fake.lines().len(), 2, "the session of the mount is used");

    for status in [401, 403, 404, 405] {
        let fake = Fake::new(move |seen, _| match seen.method.as_str() {
            "POST" if seen.target.contains("mount=") => Reply::status(status),
            "POST" => Reply::status(201),
            _ => Reply::status(418),
        });
        assert_eq!(remote(&fake).put(&blob(), &b"layer".to_vec(), &from).unwrap(), Moved::Sent, "{status}");
    }
}

#[test]
fn mounts_that_do_not_work_are_tried_with_one_blob_alone() {
    let from = ["team/base".parse().unwrap()];
    for status in [202, 401, 403, 404, 405] {
        let fake = Fake::new(move |seen, _| match seen.method.as_str() {
            "POST" if seen.target.contains("mount=") => {
                Reply::status(status).with("Location", format!("{UPLOADS}7"))
            }
            _ => Reply::status(201),
        });
        let remote = remote(&fake);
        let bodies: Vec<_> = (0..20_u8).map(|number| vec![number]).collect();
        in_parallel(&bodies, 4, |body| {
            assert_eq!(remote.put(&Descriptor::of("x", body), body, &from)?, Moved::Sent);
            Ok(())
        })
        .unwrap();
        let lines = fake.lines();
        assert_eq!(lines.iter().filter(|line| line.contains("mount=")).count(), 1, "{status}");
        assert_eq!(lines.len(), 21, "{status}");
    }
}

#[test]
fn mounts_that_work_are_used_for_every_blob() {
    let fake = Fake::new(|_, _| Reply::status(201));
    let remote = remote(&fake);
    for body in [b"a", b"b", b"c"] {
        let moved = remote.put(&Descriptor::of("x", body), &body.to_vec(), &["base".parse().unwrap()]);
        assert_eq!(moved.unwrap(), Moved::Mounted);
    }
    assert_eq!(fake.lines().len(), 3);
}

#[test]
fn a_mount_asks_for_a_token_of_both_repositories() {
    let fake = Fake::new(|seen, _| match seen.header("authorization") {
        _ if seen.target.starts_with("/token") => Reply::ok(br#"{"token":"t"}"#),
        Some(_) => Reply::status(201),
        None => {
            let host = seen.header("host").unwrap();
            Reply::status(401).with("WWW-Authenticate", format!("Bearer realm=\"http://{host}/token\""))
        }
    });
    remote(&fake).put(&blob(), &b"layer".to_vec(), &["base".parse().unwrap()]).unwrap();
    let expected = "GET /token?scope=repository%3Abase%3Apull&scope=repository%3Aapp%3Apull%2Cpush";
    assert_eq!(fake.lines()[1], expected);
}

#[test]
fn a_blob_that_is_too_large_for_the_registry_is_refused_with_its_size() {
    let fake = Fake::new(|_, _| Reply::status(413));
    let (kind, what) = failure(put(&remote(&fake)));
    assert_eq!(kind, ErrorKind::Refused);
    assert!(what.contains("413") && what.contains("the blob's 5 bytes"), "{what}");
    assert_eq!(fake.lines().len(), 1);
}

#[test]
fn wrong_content_is_not_sent_and_a_wrong_store_is_told() {
    let fake = Fake::new(|_, _| Reply::status(201));
    let remote = remote(&fake);
    for body in [&b"lAyer"[..], b"laye", b"layers"] {
        let (kind, _) = failure(remote.put(&blob(), &body.to_vec(), &[]));
        assert_eq!(kind, ErrorKind::Corrupt);
    }
    assert_eq!(fake.lines().len(), 0);

    let other = Digest::of(b"other").to_string();
    let fake = Fake::new(move |_, _| Reply::status(201).with("Docker-Content-Digest", other.clone()));
    assert_eq!(failure(put(&super::remote(&fake))).0, ErrorKind::Corrupt);
    let fake = Fake::new(|_, _| Reply::status(400).body(error_body("DIGEST_INVALID", "")));
    assert_eq!(failure(put(&super::remote(&fake))).0, ErrorKind::Corrupt);
}

/// More than is sent in one request, and whole pieces of it, so that nothing but its end shows that it ends.
fn large() -> Vec<u8> {
    b"sixteen letters.".repeat(20 * 4096)
}

#[test]
fn a_large_blob_streams_with_its_length_and_is_read_anew_for_each_try() {
    let fake = Fake::new(|seen, number| match (seen.method.as_str(), number) {
        ("POST", _) => accepted(&format!("{UPLOADS}{number}")),
        (_, 1) => Reply::status(502),
        _ => Reply::status(201),
    });
    let remote = remote(&fake);
    remote.put(&Descriptor::of("x", &large()), &large(), &[]).unwrap();
    let seen = fake.seen();
    assert_eq!(seen.len(), 4);
    for one in [&seen[1], &seen[3]] {
        assert_eq!(one.header("content-length"), Some("1310720"));
        assert_eq!(one.header("transfer-encoding"), None);
        assert!(one.body == large());
    }
    assert_eq!(remote.cost().sent, 2 * 1_310_720);
}

#[test]
fn an_answer_that_comes_before_the_body_has_gone_is_heard() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for (number, mut stream) in listener.incoming().flatten().enumerate() {
            let mut head = [0; 2048];
            let _ = stream.read(&mut head).unwrap();
            let begin = "HTTP/1.1 202 X\r\nLocation: /u\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            let refuse = "HTTP/1.1 413 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            stream.write_all(if number == 0 { begin } else { refuse }.as_bytes()).unwrap();
            if number > 0 {
                // The rest is thrown away, as servers do that have answered.
                while stream.read(&mut [0; 4096]).is_ok_and(|count| count > 0) {}
            }
        }
    });
    let target = Target { host: host.parse().unwrap(), name: "app".parse().unwrap(), plain_http: true };
    let remote = Remote::open(&target, &Credentials::default(), &Client::new(options())).unwrap();
    let body = vec![7; 4 << 20];
    let (kind, what) = failure(remote.put(&Descriptor::of("x", &body), &body, &[]));
    assert!(kind == ErrorKind::Refused && what.contains("413"), "{what}");
    assert_eq!(remote.cost().requests, 2);
}

#[test]
fn a_large_blob_with_wrong_content_never_arrives_whole() {
    let fake = Fake::new(|seen, _| match seen.method.as_str() {
        "POST" => accepted(&format!("{UPLOADS}1")),
        _ => Reply::status(201),
    });
    let mut wrong = large();
    wrong[1_310_719] ^= 1;
    for body in [wrong, large()[1..].to_vec(), [large(), vec![0]].concat()] {
        let (kind, _) = failure(remote(&fake).put(&Descriptor::of("x", &large()), &body, &[]));
        assert_eq!(kind, ErrorKind::Corrupt);
    }
    assert!(fake.seen().iter().all(|one| one.method == "POST"), "no PUT came to its end");
}
