//! What is asked of a registry: one request, before it is known where it leads and with which credentials it goes.

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};

use crate::oci::{Descriptor, Name};
use crate::repository::Body;

/// One request.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) payload: Payload<'a>,
    pub(super) scope: Scope,
    /// What it is for, in words that follow "cannot".
    pub(super) about: String,
}

/// The body of a request.
pub(super) enum Payload<'a> {
    None,
    Bytes(Bytes),
    /// Opened anew for each try, and verified while it is read.
    Stream {
        body: &'a dyn Body,
        blob: &'a Descriptor,
    },
}

/// What a request needs to be allowed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scope {
    Pull,
    Push,
    /// To take a blob from another repository of the same registry.
    Mount(Name),
    Remove,
    /// To be let in, and nothing in any repository.
    Entry,
}

impl<'a> Call<'a> {
    pub(super) fn new(method: Method, url: Url, scope: Scope, about: impl Into<String>) -> Self {
        Self { method, url, headers: HeaderMap::new(), payload: Payload::None, scope, about: about.into() }
    }

    pub(super) fn header(mut self, name: HeaderName, value: &str) -> Self {
        // What stands in our headers are media types, digests and numbers.
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    pub(super) fn payload(mut self, payload: Payload<'a>) -> Self {
        self.payload = payload;
        self
    }
}

impl Scope {
    /// As the token protocol writes it.
    ///
    /// The repository's own scope comes last: a registry that reads only one of two reads that.
    pub(super) fn texts(&self, name: &Name) -> Vec<String> {
        let own = |actions: &str| format!("repository:{name}:{actions}");
        match self {
            Self::Pull => vec![own("pull")],
            Self::Push => vec![own("pull,push")],
            Self::Mount(from) => vec![format!("repository:{from}:pull"), own("pull,push")],
            Self::Remove => vec![own("delete,pull,push")],
            Self::Entry => Vec::new(),
        }
    }
}
