//! torte's own registry on a free port of loopback, with the requests that were made of it.

use std::sync::Arc;

use tempfile::TempDir;
use torte::serve::{Auth, Login, Options, Recorder, Running, start};
use torte::store::Store;

/// A registry that ends with its value.
pub struct Registry {
    running: Running,
    requests: Arc<Recorder>,
    root: TempDir,
}

impl Registry {
    /// One that anybody may use.
    pub fn open() -> Self {
        Self::with(Auth::Open)
    }

    /// One that wants this user and password with each request.
    pub fn with_password(user: &str, password: &str) -> Self {
        Self::with(Auth::Basic(Login { user: user.into(), password: password.into() }))
    }

    /// One that gives tokens: to this user for what is asked, to others for reading.
    pub fn with_tokens(user: &str, password: &str) -> Self {
        Self::with(Auth::Token(Login { user: user.into(), password: password.into() }))
    }

    /// One that asks who it is.
    pub fn with(auth: Auth) -> Self {
        let root = TempDir::new().unwrap();
        let requests = Arc::new(Recorder::default());
        let options = Options { listen: "127.0.0.1:0".parse().unwrap(), auth, log: requests.clone() };
        let running = start(Arc::new(Store::new(root.path().to_owned())), options).unwrap();
        Self { running, requests, root }
    }

    /// A repository of it, as a user writes it.
    pub fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.running.address())
    }

    /// The host and port.
    pub fn host(&self) -> String {
        self.running.address().to_string()
    }

    /// The directory of its layouts.
    pub fn root(&self) -> &std::path::Path {
        self.root.path()
    }

    /// The requests since the last call: `GET /v2/app/manifests/v1 200`.
    pub fn requests(&self) -> Vec<String> {
        self.requests.take_lines()
    }

    /// Ends all tokens that were given out.
    pub fn expire_tokens(&self) {
        self.running.expire_tokens();
    }
}
