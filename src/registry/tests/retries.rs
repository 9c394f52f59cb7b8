//! What is tried again, and what is not.

use std::time::Instant;

use super::*;

/// Answers `fault` so often, and then well.
fn failing(times: usize, fault: impl Fn() -> Reply + Send + Sync + 'static) -> Fake {
    Fake::new(move |_, number| if number < times { fault() } else { manifest_reply() })
}

#[test]
fn trouble_that_passes_is_tried_four_times_more() {
    for status in [408, 429, 499, 500, 502, 503, 504, 522] {
        let fake = failing(4, move || Reply::status(status));
        assert!(remote(&fake).manifest(&at("v1")).unwrap().is_some(), "{status}");
        assert_eq!(fake.lines().len(), 5);
    }
    let fake = failing(usize::MAX, || Reply::status(503).body(error_body("UNAVAILABLE", "maintenance")));
    let remote = remote(&fake);
    let (kind, what) = failure(remote.manifest(&at("v1")));
    assert_eq!(kind, ErrorKind::Unavailable);
    assert!(what.contains("503 UNAVAILABLE: maintenance") && what.contains("tried 5 times"), "{what}");
    assert_eq!((fake.lines().len(), remote.cost().requests), (5, 5));
}

#[test]
fn what_will_not_change_is_not_tried_again() {
    for status in [400, 401, 403, 410, 451, 501, 505] {
        let fake = failing(usize::MAX, move || Reply::status(status));
        failure(remote(&fake).manifest(&at("v1")));
        assert_eq!(fake.lines().len(), 1, "{status}");
    }
    let fake = failing(usize::MAX, || Reply::status(503));
    failure(
        remote_with(&fake, &Credentials::default(), Options { retries: 0, ..options() }).manifest(&at("v1")),
    );
    assert_eq!(fake.lines().len(), 1, "`--retries 0`");
}

#[test]
fn the_registrys_wish_to_wait_is_heard_up_to_a_minute() {
    let fake = failing(1, || Reply::status(429).with("Retry-After", "0"));
    remote(&fake).manifest(&at("v1")).unwrap();
    let date = || {
        Reply::status(503)
            .with("Date", "Fri, 21 Nov 2025 10:00:00 GMT")
            .with("Retry-After", "Fri, 21 Nov 2025 10:00:00 GMT")
    };
    remote(&failing(1, date)).manifest(&at("v1")).unwrap();
    remote(&failing(1, || Reply::status(429).with("Retry-After", "soon"))).manifest(&at("v1")).unwrap();

    let begun = Instant::now();
    let fake = failing(usize::MAX, || Reply::status(429).with("Retry-After", "100000"));
    let (kind, what) = failure(remote(&fake).manifest(&at("v1")));
    assert_eq!(kind, ErrorKind::Unavailable);
    assert!(what.contains("come back in 100000 s"), "{what}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(fake.lines().len(), 1);
}

#[test]
fn broken_connections_are_made_again() {
    let faults: [fn() -> Reply; 5] = [
        Reply::reset,
        || Reply::raw(b"HTTP/1.1 200 OK\nContent-Length: nonsense\n\n"),
        || Reply::raw(b"HTTP/1.1 2x0 this is not HTTP\r\n\r\n"),
        || manifest_reply().cut(7),
        || manifest_reply().cut_chunks(7),
    ];
    for fault in faults {
        let fake = failing(2, fault);
        assert_eq!(remote(&fake).manifest(&at("v1")).unwrap().unwrap(), manifest());
        assert_eq!(fake.lines().len(), 3);
    }
}

#[test]
fn what_does_not_begin_as_http_is_not_asked_again() {
    // An alert of TLS 1.2 (RFC 5246 §7.2), and what SSH says first.
    for begin in [&b"\x15\x03\x03\x00\x02\x02\x46"[..], b"SSH-2.0-x\r\n"] {
        let fake = failing(2, move || Reply::raw(begin));
        let (kind, what) = failure(remote(&fake).manifest(&at("v1")));
        assert_eq!(kind, ErrorKind::Refused);
        assert!(what.contains("does not speak plain HTTP"), "{what}");
        assert_eq!(fake.lines().len(), 1);
    }
}

#[test]
fn silence_ends_at_the_time_limit() {
    let faults: [fn() -> Reply; 2] = [Reply::hang, || manifest_reply().stall()];
    for fault in faults {
        let fake = failing(1, fault);
        let quick = Options { timeout: Duration::from_millis(50), ..options() };
        let remote = remote_with(&fake, &Credentials::default(), quick);
        let begun = Instant::now();
        assert!(remote.manifest(&at("v1")).unwrap().is_some());
        assert_eq!(fake.lines().len(), 2);
        assert!(begun.elapsed() < Duration::from_secs(10), "the server would be silent for longer");
    }
}

#[test]
fn a_registry_that_is_not_there_is_out_of_reach() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let target =
        Target { host: port.to_string().parse().unwrap(), name: "app".parse().unwrap(), plain_http: true };
    let remote = Remote::open(&target, &Credentials::default(), &Client::new(options())).unwrap();
    let (kind, what) = failure(remote.manifest(&at("v1")));
    assert_eq!(kind, ErrorKind::Unavailable);
    assert!(what.contains("is out of reach") && what.contains("refused"), "{what}");
    assert_eq!(remote.cost().requests, 5);
}

#[test]
fn redirects_are_followed_five_times_and_not_in_a_circle() {
    let hops = |most: usize| {
        Fake::new(move |_, number| {
            if number < most {
                Reply::status(307).with("Location", format!("/hop{number}"))
            } else {
                manifest_reply()
            }
        })
    };
    assert!(remote(&hops(5)).manifest(&at("v1")).unwrap().is_some());
    let fake = hops(usize::MAX);
    let (kind, what) = failure(remote(&fake).manifest(&at("v1")));
    assert!(kind == ErrorKind::Refused && what.contains("in a circle or too often"), "{what}");
    assert_eq!(fake.lines().len(), 6);

    for there in [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/",
        "http://0.0.0.0:1/",
        "file:///etc/passwd",
    ] {
        let fake = Fake::new(move |_, _| Reply::status(302).with("Location", there));
        let (kind, what) = failure(remote(&fake).manifest(&at("v1")));
        assert!(kind == ErrorKind::Refused && what.contains("is not followed"), "{what}");
        assert_eq!(fake.lines().len(), 1);
    }
}

#[test]
fn a_write_is_redirected_within_its_origin_only() {
    let fake = Fake::new(|seen, number| match number {
        0 => Reply::status(308).with("Location", format!("{}-moved", seen.target)),
        _ => Reply::status(201),
    });
    remote(&fake).publish(&manifest(), &[tag("v1")], &Expect::Any).unwrap();
    assert_eq!(fake.lines(), ["PUT /v2/app/manifests/v1", "PUT /v2/app/manifests/v1-moved"]);
    assert_eq!(fake.seen()[1].body, manifest().bytes());

    let stranger = Fake::new(|_, _| Reply::status(201));
    let there = stranger.url("/");
    let fake = Fake::new(move |_, _| Reply::status(307).with("Location", there.clone()));
    let (kind, what) = failure(remote(&fake).publish(&manifest(), &[tag("v1")], &Expect::Any));
    assert!(kind == ErrorKind::Refused && what.contains("to another host"), "{what}");
    assert_eq!(stranger.lines().len(), 0);
}
