//! What is too much, too slow or too late.

use std::time::Instant;

use super::*;

#[test]
fn a_manifest_of_four_mebibytes_is_the_largest() {
    let sandbox = Sandbox::new();
    sandbox.bundle("app", "v1", b"layer");
    let of_size = |size: usize| {
        let mut bytes = manifest(b"layer");
        // Blanks after the value are part of the bytes, and of nothing else.
        bytes.resize(size, b' ');
        sandbox.put_manifest("app", "large", &bytes)
    };
    assert_eq!(of_size(4 * 1024 * 1024).status, 201);
    assert_eq!(of_size(4 * 1024 * 1024 + 1).refusal(), (413, "SIZE_INVALID".into()));
}

#[test]
fn a_head_above_32_kibibytes_is_refused() {
    let sandbox = Sandbox::new();
    let head = |size: usize| {
        let filler = "x".repeat(size);
        let request =
            format!("GET /v2/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-A: {filler}\r\n\r\n");
        sandbox.raw(request.as_bytes())
    };
    assert!(head(31 * 1024).starts_with("HTTP/1.1 200 "));
    let refused = head(40 * 1024);
    assert!(refused.starts_with("HTTP/1.1 431 "), "{refused}");
}

#[test]
fn a_head_that_does_not_come_to_its_end_is_not_waited_for() {
    let sandbox = Sandbox::new();
    let before = Instant::now();
    let answer = sandbox.raw(b"GET /v2/ HTTP/1.1\r\nHost: localhost\r\n");
    assert!(!answer.contains(" 200 "), "{answer}");
    let waited = before.elapsed();
    assert!(Duration::from_secs(9) < waited && waited < Duration::from_secs(15), "{waited:?}");
}

#[test]
fn a_method_that_a_route_has_not_is_refused_with_those_it_has() {
    let sandbox = Sandbox::new();
    let answer = sandbox.send("PUT", "/v2/app/tags/list", &[], b"");
    assert_eq!((answer.refusal(), answer.header("allow")), ((405, "UNSUPPORTED".into()), "GET, HEAD"));
    assert_eq!(sandbox.get("/v2/app/blobs/uploads/").status, 405);
    assert_eq!(sandbox.get("/favicon.ico").refusal(), (404, "NAME_UNKNOWN".into()));
}

#[test]
fn it_stops_when_it_is_dropped_and_does_not_wait_for_idle_clients() {
    let sandbox = Sandbox::new();
    let address = sandbox.registry.address();
    let idle = TcpStream::connect(address).unwrap();
    assert_eq!(sandbox.get("/v2/").status, 200);
    let before = Instant::now();
    drop(sandbox);
    assert!(before.elapsed() < Duration::from_secs(4));
    drop(idle);
}

#[test]
fn an_address_that_is_taken_or_open_to_others_is_refused() {
    let sandbox = Sandbox::new();
    let listen = sandbox.registry.address();
    let clock: Clock = Arc::new(|| "2026-01-31T12:00:00Z".to_owned());
    let begin = |listen| start(Store::new(&sandbox.root), Options::new(listen, Arc::clone(&clock)));
    assert_eq!(begin(listen).err().unwrap().to_string(), format!("cannot listen on {listen}"));
    for open in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        assert!(matches!(begin(open.parse().unwrap()), Err(ServeError::Unguarded(_))), "{open}");
    }
}

#[test]
fn many_clients_are_served_at_once() {
    let sandbox = Sandbox::new();
    std::thread::scope(|scope| {
        for number in 0..16 {
            let sandbox = &sandbox;
            scope.spawn(move || {
                let name = format!("app{}", number % 4);
                for round in 0..5 {
                    let layer = format!("{number} {round}").into_bytes();
                    let bytes = sandbox.bundle(&name, &format!("v{number}"), &layer);
                    assert_eq!(sandbox.get(&format!("/v2/{name}/manifests/v{number}")).body, bytes);
                }
            });
        }
    });
}
