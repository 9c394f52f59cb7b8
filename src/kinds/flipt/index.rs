//! Which files belong to a bundle: `.flipt.yml`, or the default patterns.

use crate::kinds::fault::Fault;
use crate::source::Tree;

/// The file that names the patterns.
pub(super) const FILE: &str = ".flipt.yml";

#[derive(Default)]
pub(super) struct Selection;

impl Selection {
    pub(super) fn of(_: &Tree) -> Result<Self, Vec<Fault>> {
        Ok(Self)
    }

    pub(super) fn picks(&self, path: &str) -> Result<bool, String> {
        Ok(path.ends_with("features.yml") || path.ends_with("features.yaml"))
    }

    pub(super) fn in_words(&self) -> String {
        "`**features.yml` or `**features.yaml`".to_owned()
    }
}
