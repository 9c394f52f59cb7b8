//! Clients that are slow, silent or rude: each costs itself its answer, and nobody else anything.

use std::time::Instant;

use super::*;

/// Little patience.
fn hasty() -> Sandbox {
    Sandbox::with(|options| {
        options.limits.head = Duration::from_millis(500);
        options.limits.silence = Duration::from_millis(500);
        options.limits.least = 1000;
    })
}

impl Sandbox {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.registry.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }
}

fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A registry that gives up may reset the connection.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn put(sandbox: &Sandbox, length: usize) -> TcpStream {
    let location = sandbox.session("app");
    let mut stream = sandbox.connect();
    let head = format!("PATCH {location} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

#[test]
fn a_body_that_stops_coming_is_given_up_and_what_came_is_there() {
    let sandbox = hasty();
    let location = sandbox.session("app");
    let mut stream = sandbox.connect();
    let head = format!("PATCH {location} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\nabc");
    stream.write_all(head.as_bytes()).unwrap();
    let begun = Instant::now();
    let answer = rest(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("the body stopped coming"), "{answer}");
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(sandbox.get(&location).header("range"), "0-2");
}

#[test]
fn a_body_that_comes_drop_by_drop_is_given_up() {
    let sandbox = hasty();
    let mut stream = put(&sandbox, 1_000_000);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(5) {
        if stream.write_all(b"x").is_err() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    assert!(sandbox.log.take_lines().last().unwrap().ends_with(" 408"));
}

#[test]
fn a_slow_body_is_waited_for() {
    let sandbox = hasty();
    let mut stream = put(&sandbox, 20_000);
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(75));
        stream.write_all(&[7; 1000]).unwrap();
    }
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 202");
}

#[test]
fn a_client_that_takes_nothing_of_its_answer_is_given_up() {
    let sandbox = hasty();
    let digest = sandbox.blob("app", &vec![7; 40_000_000]);
    let mut stream = sandbox.connect();
    let head = format!("GET /v2/app/blobs/{digest} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_secs(3));
    let taken = rest(&mut stream).len();
    assert!(taken < 40_000_000, "{taken}");
}

#[test]
fn silence_after_an_answer_ends_the_connection() {
    let sandbox = hasty();
    let mut stream = sandbox.connect();
    stream.write_all(b"GET /v2/ HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let begun = Instant::now();
    assert!(rest(&mut stream).starts_with("HTTP/1.1 200 "));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn hundreds_who_never_end_their_requests_keep_nobody_out() {
    runtime::allow_many_files();
    let sandbox = Sandbox::new();
    let mut slow: Vec<TcpStream> = (0..300).map(|_| sandbox.connect()).collect();
    for (number, stream) in slow.iter_mut().enumerate() {
        let begun = match number % 3 {
            0 => "",
            1 => "GET /v2/ HTTP/1.1\r\nHost: loc",
            _ => "PUT /v2/app/manifests/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n\r\n{",
        };
        stream.write_all(begun.as_bytes()).unwrap();
    }
    let begun = Instant::now();
    for number in 0..20_u8 {
        let bytes = sandbox.bundle("app", &format!("v{number}"), &[number]);
        assert_eq!(sandbox.get(&format!("/v2/app/manifests/v{number}")).body, bytes);
    }
    assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
    drop(slow);
}

#[test]
fn more_connections_than_are_taken_wait_their_turn() {
    let sandbox = Sandbox::with(|options| {
        options.limits.connections = 4;
        options.limits.head = Duration::from_secs(1);
    });
    let _idle: Vec<TcpStream> = (0..8).map(|_| sandbox.connect()).collect();
    assert_eq!(sandbox.get("/v2/").status, 200, "when the idle ones were given up");
}

#[test]
fn who_is_refused_reads_why_while_still_sending() {
    let sandbox = Sandbox::new();
    let large = vec![b'x'; 6_000_000];
    for send in [Sandbox::send, Sandbox::stream] {
        let headers = [("content-type", media_type::MANIFEST)];
        let answer = send(&sandbox, "PUT", "/v2/app/manifests/v1", &headers, &large);
        assert_eq!(answer.refusal(), (413, "SIZE_INVALID".into()));
    }
    let guarded = Sandbox::asking(Auth::Basic(Login { user: "ann".into(), password: "secret".into() }));
    let path = format!("/v2/app/blobs/uploads/?digest={}", Digest::of(&large));
    assert_eq!(guarded.send("POST", &path, &[], &large).status, 401);
}

#[test]
fn who_asks_before_sending_is_refused_before_sending() {
    let sandbox = Sandbox::new();
    let answer = sandbox.raw(
        b"PUT /v2/app/manifests/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\
          Expect: 100-continue\r\n\r\n",
    );
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[test]
fn what_is_in_flight_is_finished_when_the_registry_stops() {
    let sandbox = Sandbox::new();
    let address = sandbox.registry.address();
    let digest = Digest::of(&vec![7; 20_000]);
    let mut stream = sandbox.connect();
    let head = format!(
        "POST /v2/app/blobs/uploads/?digest={digest} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&[7; 10_000]).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let root = sandbox.root.clone();
    let Sandbox { registry, own_root, .. } = sandbox;
    let stopping = std::thread::spawn(move || registry.stop(Duration::from_secs(20)));
    std::thread::sleep(Duration::from_millis(500));
    let is_refused = TcpStream::connect(address).map(|mut late| rest(&mut late).is_empty());
    assert!(is_refused.unwrap_or(true), "no new client is served");
    stream.write_all(&[7; 10_000]).unwrap();
    let answer = rest(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert!(stopping.join().unwrap(), "all was finished");
    assert!(root.join("app/blobs/sha256").join(digest.hex()).exists());
    drop(own_root);
}

#[test]
fn what_does_not_come_to_its_end_is_cut_when_the_registry_stops() {
    let sandbox = Sandbox::new();
    let stream = put(&sandbox, 1000);
    std::thread::sleep(Duration::from_millis(200));
    let begun = Instant::now();
    let Sandbox { registry, .. } = sandbox;
    assert!(!registry.stop(Duration::from_millis(500)));
    assert!(begun.elapsed() < Duration::from_secs(5));
    drop(stream);
}
