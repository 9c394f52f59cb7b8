//! How a layout behaves for a registry that serves it: what it keeps in mind, and how long things live.

use std::sync::Arc;
use std::time::Duration;

use super::{Gists, Layout};
use crate::oci::Tag;

/// How long a manifest lives under a tag, or without any.
pub type Lifetime = fn(Option<&Tag>) -> Duration;

/// What a registry that serves a layout wants of it.
#[derive(Clone, Default)]
pub struct Serving {
    /// What was read of manifests before, in this layout and others.
    pub gists: Arc<Gists>,
    /// How long what is published lives; for ever where there is none.
    pub lifetime: Option<Lifetime>,
}

impl Layout {
    /// Serves it: what a client wrote by its digest stays listed by it, also when a list names it afterwards, because
    /// the client may take the list away again.
    #[must_use]
    pub fn serving(mut self, serving: Serving) -> Self {
        self.serving = Some(serving);
        self
    }
}
