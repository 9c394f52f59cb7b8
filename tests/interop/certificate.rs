//! Keys and certificates, made on the spot with openssl and good for a day.

use std::process::Stdio;

use crate::lab::Lab;

/// A certificate authority and a certificate of it for this machine.
pub(crate) struct Tls {
    pub(crate) authority: String,
    pub(crate) certificate: String,
    pub(crate) key: String,
}

/// Makes an authority of the test's own, and a server's certificate for 127.0.0.1 and localhost.
pub(crate) fn tls(lab: &Lab) -> Tls {
    let file = |name: &str| lab.text(&format!("tls/{name}"));
    lab.write(
        "tls/extensions",
        "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n",
    );
    let (authority, authority_key) = (file("authority.pem"), file("authority.key"));
    let (certificate, key, request) = (file("server.pem"), file("server.key"), file("server.csr"));
    let new_key = |out: &str| {
        let curve = "ec_paramgen_curve:P-256";
        lab.run("openssl", &["genpkey", "-algorithm", "EC", "-pkeyopt", curve, "-out", out]);
    };
    new_key(&authority_key);
    new_key(&key);
    let subject = "/CN=torte interop authority";
    let usage = "keyUsage=critical,keyCertSign";
    lab.run(
        "openssl",
        &[
            "req",
            "-x509",
            "-new",
            "-key",
            &authority_key,
            "-subj",
            subject,
            "-days",
            "1",
            "-addext",
            usage,
            "-out",
            &authority,
        ],
    );
    lab.run("openssl", &["req", "-new", "-key", &key, "-subj", "/CN=localhost", "-out", &request]);
    let extensions = file("extensions");
    lab.run(
        "openssl",
        &[
            "x509",
            "-req",
            "-in",
            &request,
            "-CA",
            &authority,
            "-CAkey",
            &authority_key,
            "-CAcreateserial",
            "-days",
            "1",
            "-extfile",
            &extensions,
            "-out",
            &certificate,
        ],
    );
    Tls { authority, certificate, key }
}

/// A key that signs tokens, and the certificate by which a registry knows it.
#[derive(Clone)]
pub(crate) struct Signer {
    pub(crate) certificate: String,
    key: String,
}

/// Makes a key for RS256 and a certificate signed by itself.
pub(crate) fn signer(lab: &Lab) -> Signer {
    let (certificate, key) = (lab.text("signer.pem"), lab.text("signer.key"));
    lab.run(
        "openssl",
        &[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            &key,
            "-subj",
            "/CN=torte interop tokens",
            "-days",
            "1",
            "-out",
            &certificate,
        ],
    );
    Signer { certificate, key }
}

impl Signer {
    /// The certificate's DER in base64, as it stands between the lines of the PEM file.
    pub(crate) fn certificate_base64(&self) -> String {
        let text = std::fs::read_to_string(&self.certificate).unwrap();
        text.lines().filter(|line| !line.starts_with('-')).collect()
    }

    /// The RS256 signature of these bytes.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        use std::io::Write as _;
        let mut openssl = std::process::Command::new("openssl")
            .args(["dgst", "-sha256", "-sign", &self.key])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        openssl.stdin.take().unwrap().write_all(message).unwrap();
        let output = openssl.wait_with_output().unwrap();
        assert!(output.status.success());
        output.stdout
    }
}
