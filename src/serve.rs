//! An OCI registry in this process: the distribution protocol over the layouts of a store.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::runtime;
use crate::store::Store;

mod attempts;
mod auth;
mod blobs;
mod body;
mod conditions;
mod connection;
mod htpasswd;
mod lifetime;
mod limits;
mod listing;
mod log;
mod manifests;
mod origin;
mod patience;
mod range;
mod receive;
mod reply;
mod round;
mod routes;
mod sessions;
mod shelf;
mod tls;
mod tokens;
mod uploads;

pub use auth::{Auth, Login};
pub use htpasswd::{Users, UsersError};
pub use limits::Limits;
pub use log::{Entry, Log, Recorder};
pub use shelf::{Clock, Mode};
pub use tls::{Tls, TlsError};

/// How a registry is served.
pub struct Options {
    /// Where it listens; port 0 takes any free one. On loopback only requests to a name of loopback are answered, so that
    /// no web page can reach it through a name of its own (DNS rebinding).
    pub listen: SocketAddr,
    /// The time for everything that is written down.
    pub clock: Clock,
    /// Who may do what.
    pub auth: Auth,
    /// Whether anybody at all may write where the address can be reached from elsewhere.
    pub allow_anonymous: bool,
    /// What clients may do.
    pub mode: Mode,
    /// TLS; plain HTTP without.
    pub tls: Option<Tls>,
    /// Where it stops waiting, and what is too much.
    pub limits: Limits,
    /// Told of every request, before its answer is sent.
    pub log: Arc<dyn Log>,
}

impl Options {
    /// A registry that keeps what anybody writes, with nobody told.
    pub fn new(listen: SocketAddr, clock: Clock) -> Self {
        Self {
            listen,
            clock,
            auth: Auth::Open,
            allow_anonymous: false,
            mode: Mode::default(),
            tls: None,
            limits: Limits::default(),
            log: Arc::new(()),
        }
    }
}

/// Why a registry cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken, not of this machine, or not allowed.
    #[error("cannot listen on {address}")]
    Listen {
        /// Where it should have listened.
        address: SocketAddr,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// The address can be reached from elsewhere, and nobody would be asked who they are.
    #[error("`{0}` can be reached from other machines, and anybody there could write to this registry")]
    Unguarded(SocketAddr),
    /// The runtime cannot be made.
    #[error("cannot start the runtime")]
    Runtime(#[source] io::Error),
}

/// A registry that is being served, until this is dropped.
///
/// Dropping it stops it gracefully: no new request is taken, what is in flight is finished, for five seconds at most.
/// It must not be dropped on a thread of the runtime.
pub struct Running {
    address: SocketAddr,
    desk: Arc<routes::Desk>,
    stop: Option<connection::Stop>,
}

impl Running {
    /// Where it listens, with the port that was taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends all tokens that were given out, as if their time had come.
    pub fn expire_tokens(&self) {
        self.desk.guard.expire_tokens();
    }

    /// Takes no new request, and waits until those in flight are answered, at most so long; tells whether they all were.
    pub fn stop(mut self, within: Duration) -> bool {
        self.stop.take().is_none_or(|stop| stop.within(within))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.within(Duration::from_secs(5));
        }
    }
}

/// Serves the repositories of a store.
pub fn start(store: Store, options: Options) -> Result<Running, ServeError> {
    let address = options.listen;
    let on_loopback = address.ip().to_canonical().is_loopback();
    if !on_loopback && !options.allow_anonymous && matches!(options.auth, Auth::Open) {
        return Err(ServeError::Unguarded(address));
    }
    let refused = |cause| ServeError::Listen { address, cause };
    let handle = runtime::handle().map_err(ServeError::Runtime)?;
    let guard = auth::Guard::new(options.auth).map_err(ServeError::Runtime)?;
    let listener = std::net::TcpListener::bind(address).map_err(refused)?;
    listener.set_nonblocking(true).map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let shelf = shelf::Shelf::new(store, options.clock, options.mode, options.limits.pause);
    let scheme = if options.tls.is_some() { "https" } else { "http" };
    let tls = options.tls.map(|tls| tls.acceptor());
    let desk = routes::Desk::new(shelf, guard, options.limits, options.log, on_loopback, scheme);
    let stop = connection::listen(&handle, listener, tls, Arc::clone(&desk)).map_err(refused)?;
    Ok(Running { address, desk, stop: Some(stop) })
}

#[cfg(test)]
mod tests;
