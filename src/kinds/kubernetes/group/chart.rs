//! The paths that a `Chart.yaml` names: charts beside it that it depends on.

use super::root::{Reference, Wants, field, items, text};
use crate::kinds::yaml::Value;

/// The charts that are named by a path; those of a registry or repository lie in `charts/`, or nowhere yet.
pub(super) fn references(root: Value<'_>) -> Vec<Reference> {
    let local = |dependency| {
        let repository = field(dependency, "repository")?;
        let path = text(repository)?.strip_prefix("file://")?.to_owned();
        Some(Reference { path, mark: repository.mark(), wants: Wants::ChartIfAny })
    };
    items(root, "dependencies").filter_map(local).collect()
}
