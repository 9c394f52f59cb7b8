//! The stage of the stories: a sandbox with the real binary, and registries on loopback.

pub(crate) mod archive;
mod bare;
mod page;
mod registry;
mod sandbox;
mod scripted;
mod served;
#[cfg(unix)]
mod terminal;
mod wire;
mod workflow;

pub(crate) use bare::Bare;
pub(crate) use page::{blocks, page, script};
pub(crate) use registry::Registry;
pub(crate) use sandbox::{Outcome, Sandbox};
pub(crate) use scripted::{Reply, Scripted};
pub(crate) use served::Served;
#[cfg(unix)]
pub(crate) use terminal::Terminal;
pub(crate) use wire::Wire;
pub(crate) use workflow::{Job, action, read_yaml};

/// A namespace with one flag, as small as it gets.
pub(crate) const BANNER: &str =
    "namespace: web\nflags:\n- key: banner\n  name: Banner\n  type: BOOLEAN_FLAG_TYPE\n";

/// The digest of a bundle of [`BANNER`] alone, with the default `created`.
///
/// Not taken from torte: computed from the format notes by `fixtures/expected/banner.py`.
pub(crate) const BANNER_DIGEST: &str = include_str!("../../fixtures/expected/banner.digest");

/// The text without its line end.
pub(crate) fn banner_digest() -> &'static str {
    BANNER_DIGEST.trim_end()
}
