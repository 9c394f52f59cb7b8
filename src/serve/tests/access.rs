//! Who may do what, and what is written down about it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::*;

fn login() -> Login {
    Login { user: "ann".into(), password: "secret".into() }
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))
}

impl Sandbox {
    fn get_as(&self, path: &str, authorization: &str) -> Answer {
        self.send("GET", path, &[("authorization", authorization)], b"")
    }

    /// Asks for a token; no credentials where `authorization` is empty.
    fn token(&self, scope: &str, authorization: &str) -> String {
        let path = format!("/token?service=x&scope={scope}");
        let answer =
            if authorization.is_empty() { self.get(&path) } else { self.get_as(&path, authorization) };
        assert_eq!(answer.status, 200, "{answer:?}");
        format!("Bearer {}", answer.json()["token"].as_str().unwrap())
    }
}

#[test]
fn basic_lets_one_login_in_and_nobody_else() {
    let sandbox = Sandbox::asking(Auth::Basic(login()));
    let refused = sandbox.get("/v2/");
    assert_eq!(refused.refusal(), (401, "UNAUTHORIZED".into()));
    assert_eq!(refused.header("www-authenticate"), "Basic realm=\"torte\", charset=\"UTF-8\"");
    for wrong in [&*basic("ann", "wrong"), &basic("bob", "secret"), "Basic %%%", "Bearer x", "Basic"] {
        assert_eq!(sandbox.get_as("/v2/", wrong).status, 401, "{wrong}");
    }
    assert_eq!(sandbox.get_as("/v2/", &basic("ann", "secret")).status, 200);
    assert_eq!(sandbox.get("/v2/app/tags/list").status, 401);
    assert_eq!(sandbox.get("/token").refusal(), (404, "UNSUPPORTED".into()));
}

/// Written by Apache's `htpasswd -nbB`; the password is `pässword:x`.
const BOB: &str = "bob:$2y$04$LN7o6YCOzSo9..2xVWtubelUWEdO91UEyfrLkVJAi6N1qoPG9LKOu\n";

fn users(dir: &TempDir) -> Auth {
    std::fs::write(dir.path().join("users"), BOB).unwrap();
    Auth::Users(Arc::new(Users::read(&dir.path().join("users")).unwrap()))
}

#[test]
fn the_users_of_a_file_get_in_and_nobody_else() {
    let dir = TempDir::new().unwrap();
    let sandbox = Sandbox::asking(users(&dir));
    let refused = sandbox.get("/v2/");
    assert_eq!(refused.refusal(), (401, "UNAUTHORIZED".into()));
    assert_eq!(refused.header("www-authenticate"), "Basic realm=\"torte\", charset=\"UTF-8\"");
    let bob = basic("bob", "pässword:x");
    for wrong in [&*basic("bob", "password:x"), &basic("eve", "pässword:x"), "Basic %%%", "Bearer x"] {
        assert_eq!(sandbox.get_as("/v2/", wrong).status, 401, "{wrong}");
    }
    for _ in 0..2 {
        assert_eq!(sandbox.get_as("/v2/", &bob).status, 200);
    }
    let path = format!("/v2/app/blobs/uploads/?digest={}", Digest::of(b"x"));
    assert_eq!(sandbox.send("POST", &path, &[("authorization", &bob)], b"x").status, 201);
    assert_eq!(sandbox.send("POST", &path, &[], b"x").status, 401);
    assert_eq!(sandbox.log.take().last().unwrap().user, None);
}

#[test]
fn who_tries_too_often_waits_and_who_is_known_does_not() {
    let dir = TempDir::new().unwrap();
    let sandbox = Sandbox::asking(users(&dir));
    let bob = basic("bob", "pässword:x");
    assert_eq!(sandbox.get_as("/v2/", &bob).status, 200);
    let guess = |number: u32| sandbox.get_as("/v2/", &basic("bob", &number.to_string()));
    for number in 0..10 {
        assert_eq!(guess(number).status, 401);
    }
    let refused = guess(10);
    assert_eq!(refused.refusal(), (429, "TOOMANYREQUESTS".into()));
    assert!((1..=61).contains(&refused.header("retry-after").parse().unwrap()));
    assert_eq!(sandbox.get_as("/v2/", &bob).status, 200, "proved before");
}

#[test]
fn many_first_requests_of_one_user_cost_few_hashes_and_all_pass() {
    let dir = TempDir::new().unwrap();
    let sandbox = Sandbox::asking(users(&dir));
    let bob = basic("bob", "pässword:x");
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..24).map(|_| scope.spawn(|| sandbox.get_as("/v2/", &bob).status)).collect();
        assert!(all.into_iter().all(|status| status.join().unwrap() == 200));
    });
}

#[test]
fn a_challenge_names_the_realm_the_service_and_the_scope() {
    let sandbox = Sandbox::asking(Auth::Token(login()));
    let host = sandbox.registry.address();
    let of = |method: &str, path: &str| {
        let answer = sandbox.send(method, path, &[], b"");
        assert_eq!(answer.status, 401);
        answer.header("www-authenticate").to_owned()
    };
    let common = format!("Bearer realm=\"http://{host}/token\",service=\"{host}\"");
    assert_eq!(of("GET", "/v2/"), common);
    let pull = format!("{common},scope=\"repository:a/b:pull\"");
    assert_eq!(of("GET", "/v2/a/b/manifests/v1"), pull);
    let push = format!("{common},scope=\"repository:a/b:pull,push\"");
    assert_eq!(of("POST", "/v2/a/b/blobs/uploads/"), push);
    let delete = format!("{common},scope=\"repository:a/b:delete\"");
    assert_eq!(of("DELETE", "/v2/a/b/manifests/v1"), delete);
}

#[test]
fn a_token_is_good_for_its_scopes_alone() {
    let sandbox = Sandbox::asking(Auth::Token(login()));
    let ann = basic("ann", "secret");
    let push = sandbox.token("repository:app:pull,push&scope=repository:other:pull", &ann);
    let post = |name: &str, token: &str| {
        let path = format!("/v2/{name}/blobs/uploads/?digest={}", Digest::of(b"x"));
        sandbox.send("POST", &path, &[("authorization", token)], b"x")
    };
    assert_eq!(sandbox.get_as("/v2/", &push).status, 200);
    assert_eq!(post("app", &push).status, 201);
    let refused = post("other", &push);
    assert_eq!(refused.status, 401);
    assert!(refused.header("www-authenticate").ends_with(",error=\"insufficient_scope\""));
    let blob = format!("/v2/app/blobs/{}", Digest::of(b"x"));
    assert_eq!(sandbox.get_as(&blob, &push).status, 200);
    assert_eq!(sandbox.send("DELETE", "/v2/app/manifests/v1", &[("authorization", &push)], b"").status, 401);

    sandbox.registry.expire_tokens();
    assert_eq!(sandbox.get_as(&blob, &push).status, 401);
}

#[test]
fn without_credentials_a_token_reads_and_no_more() {
    let sandbox = Sandbox::asking(Auth::Token(login()));
    let anyone = sandbox.token("repository:app:pull,push", "");
    assert_eq!(sandbox.get_as("/v2/app/manifests/v1", &anyone).status, 404);
    let post = sandbox.send("POST", "/v2/app/blobs/uploads/", &[("authorization", &anyone)], b"");
    assert_eq!(post.status, 401);
    let wrong = sandbox.get_as("/token?scope=repository:app:pull", &basic("ann", "wrong"));
    assert_eq!(wrong.refusal(), (401, "UNAUTHORIZED".into()));
}

#[test]
fn a_refresh_token_stands_for_the_login() {
    let sandbox = Sandbox::asking(Auth::Token(login()));
    let offline = sandbox.get_as("/token?offline_token=true", &basic("ann", "secret")).json();
    let refresh = offline["refresh_token"].as_str().unwrap().to_owned();
    let post = |form: &str| sandbox.send("POST", "/token", &[], form.as_bytes());
    let form = format!("grant_type=refresh_token&refresh_token={refresh}&scope=repository:app:pull,push");
    let token = format!("Bearer {}", post(&form).json()["access_token"].as_str().unwrap());
    let upload = sandbox.send("POST", "/v2/app/blobs/uploads/", &[("authorization", &token)], b"");
    assert_eq!(upload.status, 202);
    assert_eq!(post("grant_type=refresh_token&refresh_token=guess").status, 401);
    assert_eq!(post("grant_type=password&username=ann&password=secret").status, 200);
    assert_eq!(post("grant_type=password&username=ann&password=wrong").status, 401);
    assert_eq!(post("grant_type=other").status, 400);
}

#[test]
fn a_mount_needs_the_right_to_read_where_it_comes_from() {
    let sandbox = Sandbox::asking(Auth::Token(login()));
    let ann = basic("ann", "secret");
    let owner = sandbox.token("repository:private:pull,push", &ann);
    let digest = Digest::of(b"x");
    let path = format!("/v2/private/blobs/uploads/?digest={digest}");
    assert_eq!(sandbox.send("POST", &path, &[("authorization", &owner)], b"x").status, 201);
    for from in ["&from=private", ""] {
        let mount = |name: &str, scope: &str| {
            let token = sandbox.token(scope, &ann);
            let path = format!("/v2/{name}/blobs/uploads/?mount={digest}{from}");
            sandbox.send("POST", &path, &[("authorization", &token)], b"").status
        };
        let name = format!("app{}", from.len());
        let push = format!("repository:{name}:pull,push");
        assert_eq!(mount(&name, &push), 202, "`{from}`");
        assert_eq!(mount(&name, &format!("{push}&scope=repository:private:pull")), 201, "`{from}`");
    }
}

#[test]
fn on_loopback_only_loopback_names_are_answered() {
    let sandbox = Sandbox::new();
    let status = |host: &str| {
        let head = format!("GET /v2/ HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
        sandbox.raw(head.as_bytes()).split(' ').nth(1).map(str::to_owned).unwrap_or_default()
    };
    for good in ["127.0.0.1", "localhost:5000", "[::1]:80", "127.9.9.9"] {
        assert_eq!(status(&format!("Host: {good}\r\n")), "200", "{good}");
    }
    for bad in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.1", "", "a b"]
    {
        assert_eq!(status(&format!("Host: {bad}\r\n")), "421", "{bad}");
    }
    assert_eq!(status(""), "421");
}

#[test]
fn no_web_page_is_answered() {
    let sandbox = Sandbox::new();
    let path = format!("/v2/app/blobs/uploads/?digest={}", Digest::of(b"x"));
    for origin in ["https://evil.example", "null", "http://localhost:3000"] {
        let refused = sandbox.send("POST", &path, &[("origin", origin)], b"x");
        assert_eq!(refused.refusal(), (403, "DENIED".into()), "{origin}");
    }
    assert_eq!(sandbox.get(&format!("/v2/app/blobs/{}", Digest::of(b"x"))).status, 404);
    let target =
        sandbox.raw(b"GET http://evil.example/v2/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(target.starts_with("HTTP/1.1 421 "), "{target}");
}

#[test]
fn elsewhere_every_name_is_answered() {
    let dir = TempDir::new().unwrap();
    for change in
        [&(|options: &mut Options| options.allow_anonymous = true) as &dyn Fn(&mut Options), &|options| {
            options.auth = users(&dir);
        }]
    {
        let sandbox = Sandbox::with(|options| {
            change(options);
            options.listen = "0.0.0.0:0".parse().unwrap();
        });
        let port = sandbox.registry.address().port();
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let request = "GET /v2/ HTTP/1.1\r\nHost: registry.example\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 ") || answer.starts_with("HTTP/1.1 401 "), "{answer}");
    }
}

#[test]
fn the_log_has_every_request_with_its_status_and_no_secret() {
    let sandbox = Sandbox::asking(Auth::Basic(login()));
    sandbox.get("/v2/app/tags/list?n=1");
    sandbox.get_as("/v2/", &basic("ann", "secret"));
    sandbox.time.set("12:34");
    sandbox.send("HEAD", "/v2/", &[("authorization", &basic("ann", "secret"))], b"");
    let entries = sandbox.log.take();
    let facts: Vec<_> = entries
        .iter()
        .map(|entry| (entry.status, &*entry.target, entry.scheme.as_deref(), entry.user.as_deref()))
        .collect();
    let good = (200, "/v2/", Some("Basic"), Some("ann"));
    assert_eq!(facts, [(401, "/v2/app/tags/list?n=1", None, None), good, good]);
    let line = entries[0].line();
    assert!(line.starts_with("2026-01-31T12:00:00Z 127.0.0.1 - GET /v2/app/tags/list?n=1 401 "), "{line}");
    assert!(line.ends_with("ms") && line.split(' ').count() == 8, "{line}");
    assert!(entries[2].line().starts_with("2026-01-31T12:34:00Z 127.0.0.1 ann HEAD /v2/ 200 0 "));
    assert!(sandbox.log.take_lines().is_empty());
    assert!(!format!("{:?}", login()).contains("secret"));
}
