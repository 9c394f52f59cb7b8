//! torte's own registry on a free port of loopback, with the requests that were made of it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use torte::serve::{Auth, Entry, Login, Options, Recorder, Running, start};
use torte::settings;
use torte::store::Store;

/// A registry that ends with its value.
pub(crate) struct Registry {
    running: Running,
    requests: Arc<Recorder>,
    /// Goes with the registry.
    root: TempDir,
}

impl Registry {
    /// One that anybody may use.
    pub(crate) fn open() -> Self {
        Self::with(Auth::Open)
    }

    /// One that wants this user and password with each request.
    pub(crate) fn with_password(user: &str, password: &str) -> Self {
        Self::with(Auth::Basic(Login { user: user.into(), password: password.into() }))
    }

    /// One that gives tokens: to this user for what is asked, to others for reading.
    pub(crate) fn with_tokens(user: &str, password: &str) -> Self {
        Self::with(Auth::Token(Login { user: user.into(), password: password.into() }))
    }

    /// One that asks who it is.
    pub(crate) fn with(auth: Auth) -> Self {
        let root = TempDir::new().unwrap();
        let requests = Arc::new(Recorder::default());
        let usual = Options::new("127.0.0.1:0".parse().unwrap(), settings::clock());
        let options = Options { auth, log: requests.clone(), ..usual };
        let running = start(Store::new(root.path()), options).unwrap();
        Self { running, requests, root }
    }

    /// A repository of it, as a user writes it.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.running.address())
    }

    /// The host and port.
    pub(crate) fn host(&self) -> String {
        self.running.address().to_string()
    }

    /// The store that it serves.
    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// The requests since the last call: `GET /v2/app/manifests/v1 200`.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.take_lines()
    }

    /// The same in short, for stories of `team/app`, each with the scheme of its credentials: without query and
    /// digest, as in `GET blobs/ Bearer 200`.
    pub(crate) fn calls(&self) -> Vec<String> {
        let shorten = |entry: &Entry| {
            let path = entry.target.split('?').next().unwrap();
            let path = path.split("sha256:").next().unwrap().trim_start_matches("/v2/team/app/");
            let scheme = entry.scheme.as_ref().map(|scheme| format!(" {scheme}")).unwrap_or_default();
            format!("{} {path}{scheme} {}", entry.method, entry.status)
        };
        self.requests.take().iter().map(shorten).collect()
    }

    /// Asks it for something without torte, and gives the body of the answer.
    pub(crate) fn ask(&self, request: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.running.address()).unwrap();
        let length = body.len();
        let host = self.host();
        write!(
            stream,
            "{request} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 20"), "{answer}");
        body.to_owned()
    }
}
