//! The registry over TLS.

use reqwest::Certificate;

use super::*;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tls").join(name)
}

fn read(certificate: &str, key: &str) -> Result<Tls, TlsError> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Tls::read(&fixture(certificate), &fixture(key))
}

fn serve() -> Sandbox {
    Sandbox::with(|options| {
        options.tls = Some(read("server.pem", "server.key").unwrap());
        options.limits.head = Duration::from_millis(500);
    })
}

#[test]
fn it_speaks_tls_to_who_trusts_its_certificate() {
    let sandbox = serve();
    let authority = Certificate::from_pem(&std::fs::read(fixture("ca.pem")).unwrap()).unwrap();
    let url = format!("https://localhost:{}/v2/", sandbox.registry.address().port());
    let ask = |client: Client| runtime::handle().unwrap().block_on(client.get(&url).send());
    let trusting = Client::builder().no_proxy().tls_certs_only([authority]).build().unwrap();
    assert_eq!(ask(trusting).unwrap().status(), 200);
    let other = Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    assert!(ask(other).is_err());
    assert_eq!(sandbox.log.take_lines(), ["GET /v2/ 200"]);
}

#[test]
fn who_speaks_no_tls_is_not_waited_for() {
    let sandbox = serve();
    for said in ["", "GET /v2/ HTTP/1.1\r\nHost: localhost\r\n\r\n"] {
        let begun = std::time::Instant::now();
        let answer = sandbox.raw(said.as_bytes());
        assert!(!answer.contains("HTTP/1.1"), "{answer}");
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}

#[test]
fn files_that_are_none_are_named() {
    let error = |certificate: &str, key: &str| match read(certificate, key) {
        Ok(_) => panic!("{certificate} and {key} are taken"),
        Err(error) => error.to_string(),
    };
    assert!(error("server.key", "server.key").contains("server.key` holds no certificate"));
    assert!(error("server.pem", "server.pem").contains("server.pem` holds no private key"));
    assert!(error("none.pem", "server.key").contains("there is no file"));
    assert!(error("ca.pem", "server.key").contains("the key is not that of the certificate"));
}
