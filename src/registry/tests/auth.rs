//! How a registry asks for credentials, and how often it is answered.

use super::*;

const BEARER: &str = "Bearer";

/// A registry that wants a token, which its own `/token` hands out; `token` answers there.
fn guarded(token: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Fake {
    Fake::new(move |seen, number| {
        if seen.target.starts_with("/token") {
            return token(seen, number);
        }
        if seen.header("authorization") == Some("Bearer good") {
            return manifest_reply();
        }
        let host = seen.header("host").unwrap();
        let challenge = format!(
            r#"Basic realm="x", {BEARER} realm="http://{host}/token",service="s",scope="repository:app:pull""#
        );
        Reply::status(401).with("WWW-Authenticate", challenge)
    })
}

fn good_token(_: &Seen, _: usize) -> Reply {
    Reply::ok(br#"{"token":"good"}"#)
}

#[test]
fn an_open_registry_costs_no_request_for_a_token() {
    let fake = Fake::new(|_, _| manifest_reply());
    let remote = remote_with(&fake, &password("bob", "pw"), options());
    remote.manifest(&at("v1")).unwrap();
    assert_eq!(fake.lines(), ["GET /v2/app/manifests/v1"]);
    assert_eq!(fake.seen()[0].header("authorization"), None);
    assert_eq!(remote.cost().requests, 1);
}

#[test]
fn a_token_is_fetched_once_and_used_by_all() {
    let fake = guarded(good_token);
    let remote = remote_with(&fake, &password("bob", "pw"), options());
    remote.manifest(&at("v1")).unwrap().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| remote.manifest(&at("v1")).unwrap().unwrap());
        }
    });
    let lines = fake.lines();
    let token = "GET /token?service=s&scope=repository%3Aapp%3Apull&account=bob";
    assert_eq!(lines[..3], ["GET /v2/app/manifests/v1", token, "GET /v2/app/manifests/v1"]);
    assert_eq!(lines.len(), 7, "{lines:?}");
    assert_eq!(fake.seen()[1].header("authorization"), Some("Basic Ym9iOnB3"));
    assert_eq!(remote.cost().requests, 7);
}

#[test]
fn threads_that_are_refused_at_once_fetch_one_token() {
    let fake = guarded(good_token);
    let remote = remote(&fake);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| remote.manifest(&at("v1")).unwrap().unwrap());
        }
    });
    let tokens = fake.lines().iter().filter(|line| line.starts_with("GET /token")).count();
    assert_eq!(tokens, 1);
}

#[test]
fn a_token_for_writing_serves_for_reading_and_not_the_other_way_round() {
    let fake = guarded(good_token);
    let remote = remote(&fake);
    remote.manifest(&at("v1")).unwrap();
    remote.publish(&manifest(), &[tag("v1")], &Expect::Any).unwrap();
    remote.manifest(&at("v1")).unwrap();
    let lines = fake.lines();
    assert_eq!(lines[1], "GET /token?service=s&scope=repository%3Aapp%3Apull");
    // It is known by now that a token is wanted: no request is wasted on hearing so again.
    assert_eq!(lines[3], "GET /token?service=s&scope=repository%3Aapp%3Apull%2Cpush");
    assert_eq!(lines.len(), 6, "{lines:?}");

    let fake = guarded(good_token);
    let writer = super::remote(&fake);
    writer.publish(&manifest(), &[tag("v1")], &Expect::Any).unwrap();
    writer.manifest(&at("v1")).unwrap();
    assert_eq!(fake.lines().len(), 4, "{:?}", fake.lines());
}

#[test]
fn a_token_that_runs_out_is_renewed_once_and_the_request_repeated() {
    let fake = Fake::new(|seen, number| {
        if seen.target.starts_with("/token") {
            return Reply::ok(format!(r#"{{"access_token":"t{number}","expires_in":300}}"#).as_bytes());
        }
        let host = seen.header("host").unwrap();
        match seen.header("authorization") {
            Some("Bearer t1") if number < 3 => manifest_reply(),
            Some("Bearer t4") => manifest_reply(),
            _ => {
                Reply::status(401).with("WWW-Authenticate", format!(r#"Bearer realm="http://{host}/token""#))
            }
        }
    });
    let remote = remote(&fake);
    remote.manifest(&at("v1")).unwrap().unwrap();
    remote.manifest(&at("v1")).unwrap().unwrap();
    let lines = fake.lines();
    let short: Vec<_> = lines.iter().map(|line| &line[..10]).collect();
    let (ask, token) = ("GET /v2/ap", "GET /token");
    assert_eq!(short, [ask, token, ask, ask, token, ask]);
}

#[test]
fn a_registry_that_refuses_every_token_is_asked_twice() {
    let fake = guarded(|_, _| Reply::ok(br#"{"token":"bad"}"#));
    let remote = remote_with(&fake, &password("bob", "pw"), options());
    let (kind, what) = failure(remote.manifest(&at("v1")));
    assert_eq!(kind, ErrorKind::Unauthorized);
    assert!(what.contains("the registry answered 401") && what.contains("as `bob`"), "{what}");
    assert_eq!(fake.lines().len(), 3, "{:?}", fake.lines());
}

#[test]
fn a_token_server_that_refuses_is_not_asked_again() {
    let fake = guarded(|_, _| Reply::status(401).body(r#"{"details":"incorrect username or password"}"#));
    let remote = remote_with(&fake, &password("bob", "pw"), options());
    for _ in 0..3 {
        let (kind, what) = failure(remote.manifest(&at("v1")));
        assert_eq!(kind, ErrorKind::Unauthorized);
        assert!(what.contains("refused `bob`") && what.contains("incorrect username"), "{what}");
        assert!(!what.contains("pw\""), "{what}");
    }
    assert_eq!(fake.lines().len(), 2, "{:?}", fake.lines());
}

#[test]
fn a_token_servers_trouble_passes_and_its_nonsense_does_not() {
    let fake = guarded(|seen, number| if number < 3 { Reply::status(503) } else { good_token(seen, number) });
    remote(&fake).manifest(&at("v1")).unwrap().unwrap();

    let cases: [(&str, &[u8], &str); 4] = [
        ("text/html", b"<html>login</html>", "HTML page"),
        ("application/json", br#"{"token":""}"#, "expected a token"),
        ("application/json", b"[]", "expected a token"),
        ("application/json", b"{\"token\":\"a\\nb\"}", "expected a token"),
    ];
    for (kind, body, expected) in cases {
        let (kind, body) = (kind.to_owned(), body.to_vec());
        let fake = guarded(move |_, _| Reply::ok(&body).with("Content-Type", kind.clone()));
        let (kind, what) = failure(remote(&fake).manifest(&at("v1")));
        assert_eq!(kind, ErrorKind::Refused);
        assert!(what.contains(expected), "{what}");
    }

    let fake = guarded(|_, _| Reply::ok(&vec![b' '; 65 * 1024]));
    assert!(failure(remote(&fake).manifest(&at("v1"))).1.contains("longer than 65536 bytes"));
    let fake = guarded(|_, _| Reply::status(302).with("Location", "/elsewhere"));
    assert!(failure(remote(&fake).manifest(&at("v1"))).1.contains("302"));
}

#[test]
fn odd_lives_of_tokens_are_read_as_a_minute_and_endless_ones_as_a_day() {
    for life in ["null", "0", "-5", "1.5", "\"x\"", "1", "18446744073709551615", "1e300"] {
        let fake = guarded(move |_, _| {
            Reply::ok(
                format!(
                    r#"{{"access_token":"good","expires_in":{life},"issued_at":"1970-01-01T00:00:00Z"}}"#
                )
                .as_bytes(),
            )
        });
        let remote = remote(&fake);
        remote.manifest(&at("v1")).unwrap().unwrap();
        remote.manifest(&at("v1")).unwrap().unwrap();
        assert_eq!(fake.lines().len(), 4, "{life}");
    }
}

#[test]
fn an_identity_token_is_exchanged_by_a_form() {
    let fake = guarded(|seen, _| {
        assert_eq!(seen.method, "POST");
        Reply::ok(br#"{"access_token":"good"}"#)
    });
    let given = Login::IdentityToken { token: Secret::new("refresh&me") };
    let credentials = Credentials { given: Some(given.into()), ..Credentials::default() };
    remote_with(&fake, &credentials, options()).manifest(&at("v1")).unwrap().unwrap();
    let form = String::from_utf8(fake.seen()[1].body.clone()).unwrap();
    let expected = "grant_type=refresh_token&client_id=torte&service=s\
                    &scope=repository%3Aapp%3Apull&refresh_token=refresh%26me";
    assert_eq!(form, expected);
}

#[test]
fn basic_credentials_are_sent_when_they_are_asked_for() {
    let fake = Fake::new(|seen, _| match seen.header("authorization") {
        Some("Basic Ym9iOnB3") => manifest_reply(),
        _ => Reply::status(401).with("WWW-Authenticate", r#"basic REALM="x""#),
    });
    let open = remote_with(&fake, &password("bob", "pw"), options());
    open.manifest(&at("v1")).unwrap().unwrap();
    open.manifest(&at("v1")).unwrap().unwrap();
    assert_eq!(fake.lines().len(), 3);

    let (kind, what) = failure(remote_with(&fake, &password("bob", "wrong"), options()).manifest(&at("v1")));
    assert_eq!(kind, ErrorKind::Unauthorized);
    assert!(what.contains("401") && what.contains("as `bob`") && !what.contains("wrong"), "{what}");
    assert_eq!(fake.lines().len(), 5);

    let (kind, what) = failure(remote(&fake).manifest(&at("v1")));
    assert_eq!(kind, ErrorKind::Unauthorized);
    assert!(what.contains("none are at hand"), "{what}");
}

#[test]
fn a_refusal_names_action_account_and_the_registrys_words() {
    let fake = Fake::new(|_, _| Reply::status(403).body(error_body("DENIED", "no pull for you")));
    let (kind, what) = failure(remote(&fake).manifest(&at("v1")));
    assert_eq!(kind, ErrorKind::Unauthorized);
    let expected =
        "cannot read tag `v1`: the registry answered 403 DENIED: no pull for you, without credentials";
    assert_eq!(what, expected);
    assert_eq!(fake.lines().len(), 1, "403 is not tried again");
}

#[test]
fn a_challenge_that_cannot_be_met_is_told() {
    for (challenge, expected) in [
        ("Negotiate", "wants `negotiate`"),
        ("Bearer realm=\"http", "malformed"),
        ("Bearer realm=\"http://169.254.169.254/latest\"", "not on the public network"),
        ("Bearer realm=\"http://10.0.0.1/t\"", "not on the public network"),
        ("Bearer realm=\"ftp://127.0.0.1/t\"", "not an address"),
    ] {
        let fake = Fake::new(move |_, _| Reply::status(401).with("WWW-Authenticate", challenge));
        let (kind, what) = failure(remote_with(&fake, &password("b", "p"), options()).manifest(&at("v1")));
        assert_eq!(kind, ErrorKind::Unauthorized);
        assert!(what.contains(expected), "{what}");
        assert_eq!(fake.lines().len(), 1);
    }
    let fake = Fake::new(|_, _| Reply::status(401));
    assert!(failure(remote(&fake).manifest(&at("v1"))).1.contains("does not say which"));
}

#[test]
fn a_failing_helper_ends_the_request_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    std::fs::write(&path, r#"{"credsStore":"torte-no-such-helper"}"#).unwrap();
    let credentials = Credentials { files: vec![path], ..Credentials::default() };
    let fake = guarded(good_token);
    let (kind, what) = failure(remote_with(&fake, &credentials, options()).manifest(&at("v1")));
    assert_eq!(kind, ErrorKind::Unauthorized);
    assert!(what.contains("docker-credential-torte-no-such-helper"), "{what}");
    assert_eq!(fake.lines().len(), 1, "nothing was asked without the credentials");
}
