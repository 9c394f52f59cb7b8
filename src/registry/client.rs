//! The pool of connections that all remote repositories of a process share, and the settings that they share with it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::{Certificate, Url, redirect};

use super::address;

/// Hears of each request, in one line without secrets.
pub type Trace = Arc<dyn Fn(&str) + Send + Sync>;

/// How registries are spoken to.
#[derive(Clone)]
pub struct Options {
    /// Certificates of authorities that are trusted beside the system's.
    pub authorities: Vec<Authority>,
    /// How many requests one call makes at once; at least one.
    pub concurrency: usize,
    /// Accept any certificate.
    pub insecure: bool,
    /// The longest first pause before a request is made again; it doubles with each try.
    pub pause: Duration,
    /// How often a request is made again.
    pub retries: u32,
    /// How long an answer, or the next piece of one, may take.
    pub timeout: Duration,
    /// Hears of each request.
    pub trace: Option<Trace>,
    /// Token servers, `host` or `host:port`, that may be shown the credentials of any registry.
    pub trusted_realms: Vec<String>,
    /// What we call ourselves.
    pub user_agent: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            authorities: Vec::new(),
            concurrency: 32,
            insecure: false,
            pause: Duration::from_millis(250),
            retries: 4,
            timeout: Duration::from_secs(30),
            trace: None,
            trusted_realms: Vec::new(),
            user_agent: concat!("torte/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

impl Options {
    fn is_like(&self, other: &Self) -> bool {
        self.authorities == other.authorities
            && self.concurrency == other.concurrency
            && self.insecure == other.insecure
            && self.pause == other.pause
            && self.retries == other.retries
            && self.timeout == other.timeout
            && self.trusted_realms == other.trusted_realms
            && self.user_agent == other.user_agent
    }
}

/// A file with certificates of authorities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Where it was read, for messages.
    pub path: PathBuf,
    /// Certificates in PEM form.
    pub pem: Vec<u8>,
}

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// The pool of connections. Cheap to make and to clone; it loads certificates when the first request needs them.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    options: Options,
    pools: Mutex<HashMap<Kind, reqwest::Client>>,
    /// Names that tests give to servers on loopback.
    #[cfg(test)]
    names: Vec<(&'static str, std::net::SocketAddr)>,
}

/// Connections to this machine need no proxy, and plain ones to it no certificates, which take milliseconds to load.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Kind {
    is_tls: bool,
    is_loopback: bool,
}

/// Why there is no pool.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClientError {
    #[error("{} holds no certificate in PEM form", .0.display())]
    Authority(PathBuf),
    #[error("the system's certificates or proxies cannot be used: {0}")]
    Build(String),
}

/// The pools of a process: one for all registries that are spoken to alike.
#[derive(Default)]
pub struct Clients(Vec<Client>);

impl Clients {
    /// The pool with these settings, made when it is first asked for. Who hears of requests is the same for all.
    pub fn get(&mut self, options: Options) -> Client {
        if let Some(client) = self.0.iter().find(|client| client.options().is_like(&options)) {
            return client.clone();
        }
        let client = Client::new(options);
        self.0.push(client.clone());
        client
    }
}

impl Client {
    /// A pool with these settings.
    pub fn new(options: Options) -> Self {
        Self(Arc::new(Inner {
            options,
            pools: Mutex::default(),
            #[cfg(test)]
            names: Vec::new(),
        }))
    }

    /// A pool that finds these hosts at these addresses, and uses no proxy.
    #[cfg(test)]
    pub(super) fn with_names(options: Options, names: Vec<(&'static str, std::net::SocketAddr)>) -> Self {
        Self(Arc::new(Inner { options, pools: Mutex::default(), names }))
    }

    pub(super) fn options(&self) -> &Options {
        &self.0.options
    }

    /// The pool for an address, made when it is first asked for.
    pub(super) fn pool(&self, url: &Url) -> Result<reqwest::Client, ClientError> {
        let kind = Kind { is_tls: url.scheme() == "https", is_loopback: address::is_loopback(url) };
        let mut pools = self.0.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.get(&kind) {
            return Ok(pool.clone());
        }
        let builder = builder(self.options(), kind)?;
        #[cfg(test)]
        let builder =
            self.0.names.iter().fold(builder, |builder, (name, at)| builder.no_proxy().resolve(name, *at));
        let pool = builder.build().map_err(|error| ClientError::Build(super::fault::reason(&error)))?;
        pools.insert(kind, pool.clone());
        Ok(pool)
    }
}

fn builder(options: &Options, kind: Kind) -> Result<reqwest::ClientBuilder, ClientError> {
    // A second call is refused, and leaves the first in place.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut headers = HeaderMap::new();
    // Digests are those of the bytes as stored; a proxy that compresses would only be in the way.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let mut builder = reqwest::Client::builder()
        .user_agent(&options.user_agent)
        .default_headers(headers)
        .connect_timeout(CONNECT)
        .redirect(redirect::Policy::none())
        .referer(false);
    if kind.is_loopback {
        builder = builder.no_proxy();
    }
    if kind.is_loopback && !kind.is_tls {
        builder = builder.tls_certs_only([]);
    } else {
        builder = builder
            .tls_certs_merge(certificates(&options.authorities)?)
            .tls_danger_accept_invalid_certs(options.insecure);
    }
    Ok(builder)
}

fn certificates(authorities: &[Authority]) -> Result<Vec<Certificate>, ClientError> {
    let mut all = Vec::new();
    for authority in authorities {
        match Certificate::from_pem_bundle(&authority.pem) {
            Ok(found) if !found.is_empty() => all.extend(found),
            _ => return Err(ClientError::Authority(authority.path.clone())),
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registries_that_are_spoken_to_alike_share_a_pool() {
        let mut clients = Clients::default();
        let first = clients.get(Options::default());
        assert!(Arc::ptr_eq(&first.0, &clients.get(Options::default()).0));
        let authorities = vec![Authority { path: "ca.pem".into(), pem: Vec::new() }];
        let others = [
            Options { authorities, ..Options::default() },
            Options { concurrency: 1, ..Options::default() },
            Options { insecure: true, ..Options::default() },
            Options { pause: Duration::ZERO, ..Options::default() },
            Options { retries: 0, ..Options::default() },
            Options { timeout: Duration::from_secs(1), ..Options::default() },
            Options { trusted_realms: vec!["t.example".into()], ..Options::default() },
            Options { user_agent: "other".into(), ..Options::default() },
        ];
        for options in others {
            assert!(!Arc::ptr_eq(&first.0, &clients.get(options).0));
        }
        assert_eq!(clients.0.len(), 9);
    }
}
