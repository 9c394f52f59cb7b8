//! The ways to a registry: TLS, plain HTTP, proxies, many transfers at once, and one request where one is enough.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{Registry, Reply, Sandbox, Scripted, Served};

const CA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/tls/ca.pem");
const TAGS: &str = r#"{"name":"team/app","tags":["v1"]}"#;
/// A name that no resolver knows: only a proxy leads to it.
const NOWHERE: &str = "registry.test/team/app";

#[test]
fn an_authority_of_ones_own_is_trusted_by_flag_or_variable() {
    let server = Scripted::over_tls(|_| Reply::ok(TAGS));
    let line = format!("list https://localhost:{}/team/app", server.port());
    let mut sandbox = Sandbox::new();
    sandbox.run(&line).fails(1).says("certificate").says("--ca-file");
    assert_eq!(server.requests().len(), 0, "nothing is said to a stranger");
    sandbox.run(&format!("{line} --ca-file {CA}")).succeeds().prints("v1\n");
    assert_eq!(server.requests(), ["GET /v2/team/app/tags/list?n=1000"]);
    sandbox.with("TORTE_CA_FILE", CA).run(&line).succeeds().prints("v1\n");
    assert_eq!(server.requests(), ["GET /v2/team/app/tags/list?n=1000"]);
}

#[test]
fn any_certificate_will_do_where_the_user_says_so() {
    let server = Scripted::over_tls(|_| Reply::ok(TAGS));
    let line = format!("list https://localhost:{}/team/app --insecure", server.port());
    Sandbox::new().run(&line).succeeds().prints("v1\n");
    assert_eq!(server.requests(), ["GET /v2/team/app/tags/list?n=1000"]);
}

fn fixture(name: &str) -> String {
    format!("{}/fixtures/tls/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// `torte serve` with a certificate for `localhost`.
fn over_tls(sandbox: &Sandbox, certificate: &str, key: &str) -> Served {
    Served::start(sandbox, &["--tls-cert", certificate, "--tls-key", key])
}

#[test]
fn whoever_speaks_plainly_to_tls_is_told_once_and_how_to_go_on() {
    let mut sandbox = Sandbox::with_banner();
    sandbox.typing("password").run("build app:v1").succeeds();
    let served = over_tls(&sandbox, &fixture("server.pem"), &fixture("server.key"));
    let host = served.host();
    for line in [
        format!("push app:v1 {host}/app"),
        format!("push app:v1 http://{host}/app"),
        format!("build app:v2 --push {host}/app"),
        format!("pull {host}/app:v1"),
        format!("list {host}/app --plain-http"),
        format!("share . --registry {host}"),
        format!("login http://{host} -u ann --password-stdin"),
    ] {
        let refused = sandbox.run(&line).fails(1).says(&format!("{host} does not speak plain HTTP"));
        refused.says(&format!("write `https://{host}`")).hides("tried").hides("version parsed");
    }
    assert_eq!(served.said().lines().count(), 1, "no request came through");
    // Go's servers answer with a page of their own, of which a HEAD gets the status alone.
    let go = Scripted::new(|_| Reply::status(400));
    let refused = sandbox.run(&format!("push app:v1 {}", go.at("app"))).fails(1);
    refused.says("400").says(&format!("write `https://127.0.0.1:{}`", go.port()));
}

#[test]
fn whoever_speaks_tls_to_a_plain_registry_is_told_how_to_go_on() {
    let mut sandbox = Sandbox::with_banner();
    sandbox.typing("password").run("build app:v1").succeeds();
    let served = Served::start(&sandbox, &[]);
    let host = served.host();
    for line in [
        format!("push app:v1 https://{host}/app"),
        format!("pull https://{host}/app:v1"),
        format!("share . --registry https://{host}"),
        format!("login https://{host} -u ann --password-stdin"),
    ] {
        let refused = sandbox.run(&line).fails(1).says(&format!("{host} does not speak TLS"));
        refused.says(&format!("write `{host}` without `https://`"));
    }
}

#[test]
fn a_certificate_that_will_not_do_is_told_in_words() {
    let sandbox = Sandbox::new();
    let make = |name: &str, host: &str, more: &[&str]| {
        let (certificate, key) = (format!("{name}.pem"), format!("{name}.key"));
        let names = format!("subjectAltName=DNS:{host}");
        let words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-addext", &names];
        let files = ["-out", &certificate, "-keyout", &key];
        let made = sandbox.program("openssl", &[&words[..], &files, more].concat()).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    };
    let own = ["-addext", "basicConstraints=critical,CA:FALSE"];
    make("own", "localhost", &own);
    make("other", "other.example", &own);
    make("authority", "localhost", &[]);
    let line =
        |served: &Served| format!("list https://localhost:{}/app", served.host().rsplit(':').next().unwrap());

    let served = over_tls(&sandbox, "own.pem", "own.key");
    let line_of_own = line(&served);
    let refused = sandbox.run(&line_of_own).fails(1).says("is not trusted: nobody known here has signed it");
    refused.says("hint: name the certificate").says("`--ca-file FILE`").hides("UnknownIssuer");
    sandbox.run(&format!("{line_of_own} --ca-file own.pem")).fails(3);
    sandbox.run(&format!("{line_of_own} --ca-file none.pem")).fails(2).says("there is no file `none.pem`");
    let served = over_tls(&sandbox, "other.pem", "other.key");
    let refused = sandbox.run(&format!("{} --ca-file other.pem", line(&served))).fails(1);
    refused.says("is for another name").says("other.example");
    // What `openssl req -x509` makes without a word more; nothing makes it a server's.
    let served = over_tls(&sandbox, "authority.pem", "authority.key");
    for flag in ["", " --ca-file authority.pem"] {
        let refused = sandbox.run(&format!("{}{flag}", line(&served))).fails(1);
        refused.says("it is that of an authority").says("CA:FALSE").hides("OtherError");
    }
}

#[test]
fn plain_http_is_spoken_beyond_this_machine_only_if_asked_for() {
    let proxy = Scripted::new(|_| Reply::ok(TAGS));
    let mut sandbox = Sandbox::new();
    sandbox.with("http_proxy", &proxy.url());
    sandbox.run(&format!("list {NOWHERE} --retries 0")).fails(8);
    assert_eq!(proxy.requests().len(), 0, "without a word it is TLS, for which there is no proxy");
    sandbox.run(&format!("list {NOWHERE} --plain-http")).succeeds().prints("v1\n");
    assert_eq!(proxy.requests(), ["GET http://registry.test/v2/team/app/tags/list?n=1000"]);
    sandbox.with("TORTE_PLAIN_HTTP", "1").run(&format!("list {NOWHERE}")).succeeds().prints("v1\n");
    assert_eq!(proxy.requests(), ["GET http://registry.test/v2/team/app/tags/list?n=1000"]);
}

#[test]
fn tls_goes_through_a_proxy_too() {
    let proxy =
        Scripted::over_tls(
            |request| {
                if request.starts_with("CONNECT") { Reply::status(200) } else { Reply::ok(TAGS) }
            },
        );
    let mut sandbox = Sandbox::new();
    sandbox.with("HTTPS_PROXY", &proxy.url());
    sandbox.run(&format!("list {NOWHERE} --insecure")).succeeds().prints("v1\n");
    assert_eq!(proxy.requests(), ["CONNECT registry.test:443", "GET /v2/team/app/tags/list?n=1000"]);
}

#[test]
fn no_proxy_and_loopback_are_reached_directly() {
    let (proxy, registry) = (Scripted::new(|_| Reply::ok(TAGS)), Registry::open());
    let mut sandbox = Sandbox::with_banner();
    sandbox.with("http_proxy", &proxy.url()).with("NO_PROXY", "registry.test");
    sandbox.run(&format!("list {NOWHERE} --plain-http --retries 0")).fails(8);
    sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
    assert_eq!(proxy.requests().len(), 0);
    assert_eq!(registry.calls().len(), 5);
}

#[test]
fn a_proxy_that_refuses_is_named_and_not_asked_again() {
    let proxy = Scripted::over_tls(|_| Reply::status(407).with("Proxy-Authenticate", "Basic"));
    let mut sandbox = Sandbox::new();
    sandbox.with("https_proxy", &proxy.url());
    let at = format!("the proxy 127.0.0.1:{}", proxy.port());
    sandbox.run(&format!("list {NOWHERE}")).fails(4).says(&at).says("407").says("hint:");
    assert_eq!(proxy.requests(), ["CONNECT registry.test:443"]);

    let plain = Scripted::new(|_| Reply::status(407));
    sandbox.with("http_proxy", &plain.url());
    let at = format!("the proxy 127.0.0.1:{}", plain.port());
    sandbox.run(&format!("list {NOWHERE} --plain-http")).fails(4).says(&at).says("407").says("hint:");
    assert_eq!(plain.requests().len(), 1);

    let broken = Scripted::over_tls(|_| Reply::status(502));
    sandbox.with("https_proxy", &broken.url());
    let at = format!("through the proxy 127.0.0.1:{}", broken.port());
    sandbox.run(&format!("list {NOWHERE} --retries 0")).fails(8).says(&at);
}

/// A source with so many namespaces.
fn wide(namespaces: usize) -> Sandbox {
    let sandbox = Sandbox::new();
    for number in 0..namespaces {
        sandbox.write(
            &format!("{number}.features.yml"),
            format!("namespace: n{number}\nflags:\n- key: a\n  name: A\n"),
        );
    }
    sandbox.run("build app:v1").succeeds();
    sandbox
}

/// How many uploads were under way at once at most, in a push with this flag of ten blobs.
fn overlap(flag: &str, expected: usize) -> usize {
    let (now, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let peak = Arc::clone(&most);
    let server = Scripted::new(move |request| {
        if !request.starts_with("POST") {
            return Reply::status(if request.starts_with("PUT") { 201 } else { 404 });
        }
        let is_first = peak.load(Ordering::SeqCst) == 0;
        peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        // It waits for the others; the first comes alone, because it is the question whether one request is enough.
        let begun = Instant::now();
        while !is_first && peak.load(Ordering::SeqCst) < expected && begun.elapsed() < Duration::from_secs(5)
        {
            thread::sleep(Duration::from_millis(2));
        }
        now.fetch_sub(1, Ordering::SeqCst);
        Reply::status(201)
    });
    wide(9).run(&format!("push app:v1 {} {flag}", server.at("app"))).succeeds();
    let requests = server.requests();
    assert_eq!(requests.iter().filter(|request| request.starts_with("POST")).count(), 10);
    assert_eq!(requests.last().unwrap(), "PUT /v2/app/manifests/v1", "the manifest comes last");
    most.load(Ordering::SeqCst)
}

#[test]
fn as_many_transfers_run_at_once_as_the_user_says() {
    assert_eq!(overlap("--concurrency 4", 4), 4);
    assert_eq!(overlap("--concurrency 1", 1), 1);
    assert_eq!(overlap("", 9), 9, "all that there are, up to 32");
}

/// The uploads of a push of ten blobs: methods, with `whole` where the request was to be enough.
fn uploads(registry_takes_whole: bool) -> Vec<String> {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&seen);
    let server = Scripted::new(move |request| {
        let is_upload = request.contains("/blobs/uploads/");
        let is_whole = request.starts_with("POST") && request.contains("digest=");
        if is_upload {
            let method = request.split(' ').next().unwrap();
            log.lock().unwrap().push(if is_whole { "whole".to_owned() } else { method.to_owned() });
        }
        match request.split(' ').next().unwrap() {
            "POST" if !registry_takes_whole => Reply::status(202).with("Location", "/v2/app/blobs/uploads/1"),
            "POST" | "PUT" => Reply::status(201),
            _ => Reply::status(404),
        }
    });
    wide(9).run(&format!("push app:v1 {}", server.at("app"))).succeeds();
    let mut all = seen.lock().unwrap().clone();
    all.sort();
    all
}

#[test]
fn a_small_blob_is_one_request_where_the_registry_takes_it() {
    assert_eq!(uploads(true), vec!["whole"; 10]);
}

#[test]
fn a_registry_that_wants_two_is_asked_for_one_only_once() {
    let expected = [vec!["POST"; 9], vec!["PUT"; 10], vec!["whole"]].concat();
    assert_eq!(uploads(false), expected);
}
