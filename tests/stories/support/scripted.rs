//! A server on loopback that answers by a script, plain or over TLS, as a registry or as a proxy: for faults alone.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

const CERTIFICATE: &[u8] = include_bytes!("../../../fixtures/tls/server.pem");
const KEY: &[u8] = include_bytes!("../../../fixtures/tls/server.key");

/// What the script answers.
pub(crate) enum Reply {
    Answer {
        status: u16,
        headers: String,
        body: Vec<u8>,
    },
    /// A 200 whose body has no end.
    Endless,
    /// Nothing, for longer than any story lasts.
    Silence,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self::Answer { status, headers: String::new(), body: Vec::new() }
    }

    pub(crate) fn ok(text: impl AsRef<[u8]>) -> Self {
        Self::Answer { status: 200, headers: String::new(), body: text.as_ref().to_vec() }
    }

    /// The same with a header; `HOST` in it becomes what the request names as its host.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.extend([name, ": ", value, "\r\n"]);
        }
        self
    }
}

/// Gets a request's line, as [`Scripted::requests`] has it.
type Script = dyn Fn(&str) -> Reply + Send + Sync;

/// The server. Its threads live as long as the test process.
pub(crate) struct Scripted {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    /// A plain server.
    pub(crate) fn new(script: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(script, None)
    }

    /// A server with a certificate for `localhost`; after a CONNECT that it answers with 200, too.
    pub(crate) fn over_tls(script: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let chain = vec![CertificateDer::from_pem_slice(CERTIFICATE).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
        let config = builder.unwrap().with_no_client_auth().with_single_cert(chain, key).unwrap();
        Self::start(script, Some(Arc::new(config)))
    }

    fn start(script: impl Fn(&str) -> Reply + Send + Sync + 'static, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self { address: listener.local_addr().unwrap(), seen: Arc::default() };
        let (seen, script): (_, Arc<Script>) = (Arc::clone(&server.seen), Arc::new(script));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, script, tls) = (Arc::clone(&seen), Arc::clone(&script), tls.clone());
                thread::spawn(move || accept(stream, &seen, script.as_ref(), tls));
            }
        });
        server
    }

    /// The port.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Its address as a proxy's.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A repository of it, as a user writes it.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.address)
    }

    /// The requests since the last call, with what they carry as `Authorization`: `GET /v2/app/tags/list Bearer t1`.
    pub(crate) fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }

    /// Waits for a request that begins so.
    pub(crate) fn wait_for(&self, start: &str) {
        let begun = Instant::now();
        while !self.seen.lock().unwrap().iter().any(|line| line.starts_with(start)) {
            assert!(begun.elapsed() < Duration::from_secs(20), "no request `{start}` came");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

fn accept(stream: TcpStream, seen: &Mutex<Vec<String>>, script: &Script, tls: Option<Arc<ServerConfig>>) {
    stream.set_nodelay(true).unwrap();
    let Some(config) = tls else {
        while exchange(&mut BufReader::new(&stream), seen, script).is_some() {}
        return;
    };
    let mut first = [0];
    let is_connect = stream.peek(&mut first).is_ok() && first == *b"C";
    if is_connect && exchange(&mut BufReader::new(&stream), seen, script) != Some(200) {
        return;
    }
    let connection = ServerConnection::new(config).unwrap();
    let mut reader = BufReader::new(StreamOwned::new(connection, stream));
    while exchange(&mut reader, seen, script).is_some() {}
}

/// One request and its answer's status; `None` at the end of the connection.
fn exchange<S>(stream: &mut BufReader<S>, seen: &Mutex<Vec<String>>, script: &Script) -> Option<u16>
where
    S: Read + Write,
{
    let mut line = String::new();
    stream.read_line(&mut line).ok().filter(|count| *count > 0)?;
    let mut request = line.trim_end().strip_suffix(" HTTP/1.1")?.to_owned();
    let (mut length, mut host) = (0, String::new());
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => request.extend([" ", value]),
            "host" => value.clone_into(&mut host),
            "content-length" => length = value.parse().ok()?,
            _ => {}
        }
    }
    std::io::copy(&mut stream.by_ref().take(length), &mut std::io::sink()).ok()?;
    seen.lock().unwrap().push(request.clone());
    let stream = stream.get_mut();
    match script(&request) {
        Reply::Answer { status, headers, body } => {
            let length = if request.starts_with("CONNECT") && status == 200 {
                String::new()
            } else {
                format!("Content-Length: {}\r\n", body.len())
            };
            let headers = headers.replace("HOST", &host);
            write!(stream, "HTTP/1.1 {status} X\r\n{headers}{length}\r\n").ok()?;
            let body = if request.starts_with("HEAD") { &[][..] } else { &body };
            stream.write_all(body).and_then(|()| stream.flush()).ok()?;
            Some(status)
        }
        Reply::Endless => {
            write!(stream, "HTTP/1.1 200 X\r\nConnection: close\r\n\r\n").ok()?;
            while stream.write_all(&[b' '; 4096]).is_ok() {}
            None
        }
        Reply::Silence => {
            thread::sleep(Duration::from_mins(1));
            None
        }
    }
}
