//! Credentials never leave the registry's origin: a second server plays every foreign host, and watches for them.

use std::sync::Mutex;

use super::*;

const PASSWORD: &str = "canary-password";

/// A registry with Basic credentials that answers by the script where they are right.
fn guarded(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Fake {
    Fake::new(move |seen, _| match seen.header("authorization") {
        Some(_) => script(seen),
        None => Reply::status(401).with("WWW-Authenticate", "Basic realm=\"x\""),
    })
}

/// Asserts that the stranger was asked this often, and never with credentials.
fn saw_no_credentials(stranger: &Fake, requests: usize) {
    let seen = stranger.seen();
    assert_eq!(seen.len(), requests, "{:?}", stranger.lines());
    for one in seen {
        assert_eq!(one.header("authorization"), None, "{}", one.line());
        assert!(!one.line().contains(PASSWORD));
    }
}

fn with_password(fake: &Fake) -> Remote {
    remote_with(fake, &password("bob", PASSWORD), options())
}

#[test]
fn a_redirect_of_a_blob_carries_none() {
    let stranger = Fake::new(|_, _| Reply::ok(b"layer"));
    let there = stranger.url("/cdn?sig=1");
    let fake = guarded(move |_| Reply::status(307).with("Location", there.clone()));
    let mut bytes = Vec::new();
    let blob = Descriptor::of("x", b"layer");
    with_password(&fake).open(&blob, 0).unwrap().read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, b"layer");
    saw_no_credentials(&stranger, 1);
    assert!(fake.seen()[1].header("authorization").is_some());
}

#[test]
fn an_upload_on_another_host_carries_none() {
    let stranger = Fake::new(|_, _| Reply::status(201));
    let there = stranger.url("/upload?state=1");
    let fake = guarded(move |_| Reply::status(202).with("Location", there.clone()));
    let blob = Descriptor::of("x", b"layer");
    with_password(&fake).put(&blob, &b"layer".to_vec(), &[]).unwrap();
    saw_no_credentials(&stranger, 1);
    assert_eq!(stranger.seen()[0].body, b"layer");
}

#[test]
fn a_stranger_that_asks_for_credentials_gets_none() {
    let stranger = Fake::new(|_, _| Reply::status(401).with("WWW-Authenticate", "Basic realm=\"x\""));
    let there = stranger.url("/cdn");
    let fake = guarded(move |_| Reply::status(307).with("Location", there.clone()));
    let (kind, what) = failure(with_password(&fake).manifest(&at("v1")));
    assert_eq!(kind, ErrorKind::Unauthorized);
    assert!(what.contains("127.0.0.1, to which the registry leads, answered 401"), "{what}");
    saw_no_credentials(&stranger, 2);
}

#[test]
fn a_strangers_wish_for_a_token_is_not_the_registrys() {
    let stranger = Fake::new(|seen, _| {
        let realm = format!("http://{}/token", seen.header("host").unwrap());
        Reply::status(401).with("WWW-Authenticate", format!("Bearer realm=\"{realm}\""))
    });
    let there = stranger.url("/cdn");
    let fake = Fake::new(move |_, _| Reply::status(307).with("Location", there.clone()));
    assert_eq!(failure(with_password(&fake).manifest(&at("v1"))).0, ErrorKind::Unauthorized);
    saw_no_credentials(&stranger, 2);
    assert_eq!(stranger.lines(), ["GET /cdn", "GET /cdn"], "no token was asked for");
}

#[test]
fn a_stranger_cannot_send_the_credentials_back_home() {
    let fake = Fake::new(|seen, _| match seen.target.as_str() {
        "/v2/app/manifests/v1" if seen.header("authorization").is_none() => {
            Reply::status(401).with("WWW-Authenticate", "Basic realm=\"x\"")
        }
        "/v2/app/manifests/v1" => Reply::status(307).with("Location", seen.header("user-agent").unwrap()),
        _ => manifest_reply(),
    });
    let back = fake.url("/v2/_admin");
    let stranger = Fake::new(move |_, _| Reply::status(307).with("Location", back.clone()));
    // The script needs an address that is not known when it is written: it comes as our own name.
    let options = Options { user_agent: stranger.url("/"), ..options() };
    remote_with(&fake, &password("bob", PASSWORD), options).manifest(&at("v1")).unwrap().unwrap();
    saw_no_credentials(&stranger, 1);
    let last = fake.seen().pop().unwrap();
    assert_eq!((last.target.as_str(), last.header("authorization")), ("/v2/_admin", None));
}

#[test]
fn a_page_on_another_host_is_not_asked_for() {
    let stranger = Fake::new(|_, _| Reply::ok(b"{}"));
    let link = format!("<{}>; rel=\"next\"", stranger.url("/v2/app/tags/list?last=a"));
    let fake = guarded(move |_| Reply::ok(br#"{"tags":["a"]}"#).with("Link", link.clone()));
    let (kind, what) = failure(with_password(&fake).tags());
    assert_eq!(kind, ErrorKind::Refused);
    assert!(what.contains("is not at the registry"), "{what}");
    saw_no_credentials(&stranger, 0);
}

#[test]
fn a_token_server_is_shown_the_password_and_others_the_token_only_at_home() {
    let stranger = Fake::new(|_, _| Reply::ok(b"layer"));
    let there = stranger.url("/cdn");
    let tokens = Fake::new(|_, _| Reply::ok(br#"{"token":"canary-token"}"#));
    let realm = tokens.url("/token");
    let fake = Fake::new(move |seen, _| match seen.header("authorization") {
        Some("Bearer canary-token") => Reply::status(307).with("Location", there.clone()),
        _ => Reply::status(401).with("WWW-Authenticate", format!("Bearer realm=\"{realm}\"")),
    });
    let blob = Descriptor::of("x", b"layer");
    with_password(&fake).open(&blob, 0).unwrap();
    saw_no_credentials(&stranger, 1);
    assert!(tokens.seen()[0].header("authorization").unwrap().starts_with("Basic "));
}

/// A registry `registry.example.com` whose tokens come from this host, and what became of a request there.
fn with_token_server(host: &'static str, trusted: &[&str]) -> (Result<Option<Manifest>, Error>, Fake) {
    let tokens = Fake::new(|seen, _| match seen.header("authorization") {
        Some(_) => Reply::ok(br#"{"token":"t"}"#),
        None => Reply::status(401).body(error_body("UNAUTHORIZED", "who are you?")),
    });
    let realm = format!("http://{host}:{}/token", tokens.address().port());
    let fake = Fake::new(move |seen, _| match seen.header("authorization") {
        Some("Bearer t") => manifest_reply(),
        _ => Reply::status(401).with("WWW-Authenticate", format!("Bearer realm=\"{realm}\"")),
    });
    let names = vec![("registry.example.com", fake.address()), (host, tokens.address())];
    let trusted_realms = trusted.iter().map(|text| (*text).to_owned()).collect();
    let client = Client::with_names(Options { trusted_realms, ..options() }, names);
    let host = format!("registry.example.com:{}", fake.address().port());
    let target = Target { host: host.parse().unwrap(), name: "app".parse().unwrap(), plain_http: true };
    let remote = Remote::open(&target, &password("bob", PASSWORD), &client).unwrap();
    (remote.manifest(&at("v1")), tokens)
}

#[test]
fn a_token_server_of_strangers_is_asked_without_credentials() {
    let (outcome, tokens) = with_token_server("auth.example.net", &[]);
    let (kind, what) = failure(outcome);
    assert_eq!(kind, ErrorKind::Unauthorized);
    assert!(what.contains("auth.example.net") && what.contains("TORTE_TRUSTED_REALMS"), "{what}");
    saw_no_credentials(&tokens, 1);
    assert!(!tokens.lines()[0].contains("bob"), "{:?}", tokens.lines());
}

#[test]
fn a_token_server_that_is_related_or_trusted_is_shown_them() {
    for (host, trusted) in [("auth.example.com", vec![]), ("auth.example.net", vec!["auth.example.net"])] {
        let (outcome, tokens) = with_token_server(host, &trusted);
        assert!(outcome.unwrap().is_some());
        assert!(tokens.seen()[0].header("authorization").unwrap().starts_with("Basic "));
    }
}

#[test]
fn nothing_secret_reaches_the_trace_or_an_error() {
    let lines: Arc<Mutex<Vec<String>>> = Arc::default();
    let sink = Arc::clone(&lines);
    let trace: Trace = Arc::new(move |line: &str| sink.lock().unwrap().push(line.to_owned()));
    let fake = Fake::new(|seen, _| {
        let host = seen.header("host").unwrap();
        match seen.header("authorization") {
            _ if seen.target.starts_with("/token") => Reply::ok(br#"{"token":"canary-token"}"#),
            Some(_) if seen.is("POST", "/v2/app/blobs/uploads/") => {
                Reply::status(202).with("Location", "/up?_state=canary-state")
            }
            Some(_) => Reply::status(500).body(error_body("UNKNOWN", "trouble")),
            None => {
                Reply::status(401).with("WWW-Authenticate", format!("Bearer realm=\"http://{host}/token\""))
            }
        }
    });
    let options = Options { trace: Some(trace), retries: 1, ..options() };
    let remote = remote_with(&fake, &password("bob", PASSWORD), options);
    let blob = Descriptor::of("x", b"layer");
    let error = remote.put(&blob, &b"layer".to_vec(), &[]).unwrap_err();
    let all = format!("{error} {error:?} {}", lines.lock().unwrap().join("\n"));
    assert!(!all.contains("canary"), "{all}");
    assert!(all.contains("PUT http://127.0.0.1") && all.contains("→ 500"), "{all}");
    assert!(all.contains("_state=…"), "{all}");
    assert!(!all.contains("Ym9i"), "{all}");
}
