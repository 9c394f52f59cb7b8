//! What an object of Kubernetes says of itself: its type, its name, and the namespace that it states.

use crate::kinds::yaml::{Mark, Problem};

/// What one file holds, as far as grouping, counting and warning need it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The objects of all documents, in order; a `List` stands for its items.
    pub objects: Vec<Object>,
    /// How many documents hold something that is no object, such as Helm's values or a patch without a kind.
    pub others: usize,
    /// What the tree's own definitions of custom resources say of their scope.
    pub scopes: Vec<Scope>,
    /// Why the file, or the rest of it, cannot be read as YAML or JSON.
    pub unreadable: Option<Problem>,
    /// What does not belong in a bundle, or looks wrong.
    pub doubts: Vec<Problem>,
}

/// One object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// `apiVersion`, such as `apps/v1`.
    pub api_version: String,
    /// `kind`, such as `Deployment`.
    pub kind: String,
    /// `metadata.name`; empty where there is none.
    pub name: String,
    /// `metadata.namespace`.
    pub namespace: Stated,
    /// Where the object begins.
    pub mark: Mark,
}

/// A namespace as a file states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stated {
    /// It says nothing, and so leaves the choice to whoever applies it.
    Absent,
    /// A literal and valid name (RFC 1123 label).
    Literal(String),
    /// Something that is known only later, such as `${ns}` or `{{ .Release.Namespace }}`, or no valid name.
    Unusable(String),
}

/// The scope of a custom kind, as its definition gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// `spec.group`.
    pub group: String,
    /// `spec.names.kind`.
    pub kind: String,
    /// Whether `spec.scope` is `Cluster`.
    pub is_cluster: bool,
}

impl Object {
    /// The group of its API: what stands before the `/`, empty for the core.
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }
}
