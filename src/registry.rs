//! Registries: a [`Repository`] over HTTP, by the OCI distribution specification 1.1.
//!
//! All methods block. Every request goes one road: credentials where the registry asked for them (`auth`, `token`),
//! redirects by our own rules (`redirect`), one exchange that is counted and limited (`exchange`), and another try
//! where that may help (`retry`).

use std::io::Read;
use std::sync::Arc;

use crate::oci::{Descriptor, Digest, Host, Manifest, Name, Selector, Tag};
use crate::repository::{Body, Cost, Error, Expect, Known, Moved, Published, Removed, Repository};

mod address;
mod admission;
mod answer;
mod auth;
mod blobs;
mod bridge;
mod call;
mod challenge;
mod client;
mod counters;
mod credentials;
mod download;
mod endpoint;
mod exchange;
mod fault;
mod manifests;
mod pages;
mod publish;
mod realm;
mod redirect;
mod referrers;
mod reply;
mod retry;
mod secret;
mod tls;
mod token;
mod upload;

pub use admission::{Admission, admit};
pub use client::{Authority, Client, Clients, Options, Trace};
pub use credentials::{
    CredentialStore, Credentials, CredentialsError, Forgotten, Given, Kept, Login, Variables,
};
pub use secret::Secret;

/// Which repository, and how it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The registry, as the user wrote it.
    pub host: Host,
    /// The repository, as the user wrote it.
    pub name: Name,
    /// Speak HTTP without TLS.
    pub plain_http: bool,
}

/// A repository in a registry.
pub struct Remote(Arc<endpoint::Endpoint>);

impl Remote {
    /// A repository that is spoken to over the client's connections. No request is made yet, and no credentials are
    /// looked up before the registry asks for them.
    ///
    /// Fails where host and name do not make an address.
    pub fn open(target: &Target, credentials: &Credentials, client: &Client) -> Result<Self, Error> {
        Ok(Self(Arc::new(endpoint::Endpoint::new(target, credentials, client)?)))
    }

    /// The same, for one who will write: the first token is asked for reading and writing at once.
    #[must_use]
    pub fn for_writing(self) -> Self {
        self.0.auth.will_write();
        self
    }

    /// Whether it is spoken to without TLS.
    pub fn is_plain_http(&self) -> bool {
        self.0.is_plain_http()
    }

    /// Some of the tags, sorted: as many as the registry gives in one answer, of which it is asked for `most`. One
    /// request.
    pub fn some_tags(&self, most: u32) -> Result<Vec<Tag>, Error> {
        self.0.some_tags(most)
    }
}

impl Repository for Remote {
    fn resolve(&self, at: &Selector) -> Result<Option<Descriptor>, Error> {
        self.0.resolve(at)
    }

    fn manifest(&self, at: &Selector) -> Result<Option<Manifest>, Error> {
        self.0.manifest(at)
    }

    fn missing(&self, blobs: &[Descriptor], known: &Known) -> Result<Vec<Descriptor>, Error> {
        self.0.missing(blobs, known)
    }

    fn open(&self, blob: &Descriptor, from: u64) -> Result<Box<dyn Read + Send>, Error> {
        download::open(&self.0, blob, from)
    }

    fn put(&self, blob: &Descriptor, body: &dyn Body, mounts: &[Name]) -> Result<Moved, Error> {
        self.0.put(blob, body, mounts)
    }

    fn publish(&self, manifest: &Manifest, tags: &[Tag], expect: &Expect) -> Result<Published, Error> {
        self.0.publish(manifest, tags, expect)
    }

    /// Some registries hold a condition, most pass over it, and none says which it does.
    fn is_guarded(&self) -> bool {
        false
    }

    fn tags(&self) -> Result<Vec<Tag>, Error> {
        self.0.tags()
    }

    fn referrers(&self, of: &Digest, kind: Option<&str>) -> Result<Vec<Descriptor>, Error> {
        self.0.referrers(of, kind)
    }

    fn remove(&self, what: &Selector) -> Result<Removed, Error> {
        self.0.remove(what)
    }

    fn place(&self) -> String {
        self.0.place.to_string()
    }

    fn cost(&self) -> Cost {
        self.0.counters.cost()
    }
}

#[cfg(test)]
mod tests;
