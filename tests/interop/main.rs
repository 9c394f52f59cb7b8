//! torte held against other tools: real registries, and the clients that people use beside it.
//!
//! All tests here are ignored by a plain `cargo test`; `tests/interop/run` builds the peers and runs them.

#![allow(clippy::unwrap_used, reason = "where the harness cannot go on, the test has failed")]

mod access;
mod attached;
mod certificate;
mod client;
mod conformance;
mod cosign;
mod flags;
#[cfg(unix)]
mod flux;
#[cfg(unix)]
mod golden;
#[cfg(unix)]
mod guides;
mod helm;
#[cfg(unix)]
mod kubernetes;
mod lab;
mod layouts;
mod login;
mod promotion;
mod proxy;
mod registry;
mod requests;
mod served;
#[cfg(unix)]
mod shared;
mod signing;
mod token;
mod transfers;
mod workflows;
