//! Certificates: trusted, not trusted, and not there at all.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::*;

const CERTIFICATE: &[u8] = include_bytes!("../../../fixtures/tls/server.pem");
const KEY: &[u8] = include_bytes!("../../../fixtures/tls/server.key");
const AUTHORITY: &[u8] = include_bytes!("../../../fixtures/tls/ca.pem");

/// A TLS server that answers every request with 404. Returns its port.
fn server() -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(CERTIFICATE).unwrap()],
            PrivateKeyDer::from_pem_slice(KEY).unwrap(),
        )
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = StreamOwned::new(connection, stream);
            let mut request = [0; 4096];
            if tls.read(&mut request).is_ok() {
                let _ = tls.write_all(b"HTTP/1.1 404 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                tls.conn.send_close_notify();
                let _ = tls.flush();
            }
        }
    });
    port
}

fn ask(host: &str, options: Options) -> Result<Option<Manifest>, (ErrorKind, String, u64)> {
    let target = Target { host: host.parse().unwrap(), name: "app".parse().unwrap(), plain_http: false };
    let remote = Remote::open(&target, &Credentials::default(), &Client::new(options)).unwrap();
    remote.manifest(&at("v1")).map_err(|error| {
        let said = format!("{}; {}", error.what, error.hint.unwrap_or_default());
        (error.kind, said, remote.cost().requests)
    })
}

fn authority(pem: &[u8]) -> Options {
    let authority = Authority { path: "ca.pem".into(), pem: pem.to_vec() };
    Options { authorities: vec![authority], ..options() }
}

#[test]
fn a_certificate_of_an_unknown_authority_is_refused_at_once() {
    let (kind, what, requests) = ask(&format!("localhost:{}", server()), options()).unwrap_err();
    assert_eq!((kind, requests), (ErrorKind::Refused, 1));
    assert!(what.contains("certificate of localhost") && what.contains("--ca-file"), "{what}");
}

#[test]
fn an_authority_can_be_given_and_the_check_left_out() {
    let host = format!("localhost:{}", server());
    assert_eq!(ask(&host, authority(AUTHORITY)).unwrap(), None);
    assert_eq!(ask(&host, Options { insecure: true, ..options() }).unwrap(), None);
}

#[test]
fn a_file_without_certificates_is_named() {
    for pem in [&b""[..], b"nonsense", KEY] {
        let (kind, what, _) = ask("localhost:1", authority(pem)).unwrap_err();
        assert_eq!(kind, ErrorKind::Refused);
        assert!(what.contains("ca.pem holds no certificate"), "{what}");
    }
}

#[test]
fn a_plain_server_is_told_from_one_with_a_bad_certificate() {
    let raw = TcpListener::bind("127.0.0.1:0").unwrap();
    let plain = raw.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in raw.incoming().flatten() {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            let _ = stream.read(&mut [0; 1024]);
        }
    });
    let (kind, what, requests) = ask(&plain.to_string(), options()).unwrap_err();
    assert_eq!((kind, requests), (ErrorKind::Refused, 1));
    assert!(what.contains("does not speak TLS"), "{what}");
}
