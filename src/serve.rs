//! A small OCI registry in this process: the distribution protocol over any shelf of repositories.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::runtime;

mod auth;
mod blobs;
mod body;
mod connection;
mod listing;
mod log;
mod manifests;
mod range;
mod reply;
mod routes;
mod sessions;
mod shelf;
mod spool;
mod tokens;
mod uploads;

pub use auth::{Auth, Login};
pub use log::{Entry, Log, Recorder};
pub use shelf::{Clock, Dated, Memories, Shelf, Shelved};

/// How a registry is served.
pub struct Options {
    /// Where it listens, on loopback; port 0 takes any free one. Only requests to a name of loopback are answered, so
    /// that no web page can reach it through a name of its own (DNS rebinding).
    pub listen: SocketAddr,
    /// Who may do what.
    pub auth: Auth,
    /// Told of every request, before its answer is sent.
    pub log: Arc<dyn Log>,
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
    /// The address can be reached from elsewhere, which nothing here is made for.
    #[error("`{0}` is not an address of loopback; expected one such as `127.0.0.1:5000`")]
    NotLoopback(SocketAddr),
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
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.within(Duration::from_secs(5));
        }
    }
}

/// Serves the repositories of a shelf.
pub fn start(shelf: Arc<dyn Shelf>, options: Options) -> Result<Running, ServeError> {
    let address = options.listen;
    if !address.ip().is_loopback() {
        return Err(ServeError::NotLoopback(address));
    }
    let refused = |cause| ServeError::Listen { address, cause };
    let handle = runtime::handle().map_err(ServeError::Runtime)?;
    let listener = std::net::TcpListener::bind(address).map_err(refused)?;
    listener.set_nonblocking(true).map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let desk = routes::Desk::new(shelf, options.auth, options.log);
    let stop = connection::listen(&handle, listener, Arc::clone(&desk)).map_err(refused)?;
    Ok(Running { address, desk, stop: Some(stop) })
}

#[cfg(test)]
mod tests;
