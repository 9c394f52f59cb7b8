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

/// The longest label, in bytes (RFC 1123).
const LONGEST_LABEL: usize = 63;

impl Stated {
    /// What the text of a `metadata.namespace` states; an empty one states nothing, as to Kubernetes.
    pub fn of(text: &str) -> Self {
        match text {
            "" => Self::Absent,
            _ if is_label(text) => Self::Literal(text.to_owned()),
            _ => Self::Unusable(text.to_owned()),
        }
    }
}

/// Whether a text is a label of RFC 1123, as the name of a namespace must be.
pub fn is_label(text: &str) -> bool {
    let is_outer = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    bytes.len() <= LONGEST_LABEL
        && bytes.first().is_some_and(is_outer)
        && bytes.last().is_some_and(is_outer)
        && bytes.iter().all(|byte| *byte == b'-' || is_outer(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_is_a_label_of_rfc_1123() {
        let longest = "a".repeat(63);
        for good in ["a", "0", "team-a", "a--b", "1-2", longest.as_str()] {
            assert_eq!(Stated::of(good), Stated::Literal(good.to_owned()));
        }
        let long = "a".repeat(64);
        let variables = ["${ns}", "$(ns)", "{{ .Release.Namespace }}", "ENC[AES256_GCM,data:Zm9v]"];
        for bad in ["-a", "a-", "A", "a.b", "a_b", "_shared", "ä", "a\n", " ", "a b", long.as_str()]
            .into_iter()
            .chain(variables)
        {
            assert_eq!(Stated::of(bad), Stated::Unusable(bad.to_owned()));
        }
        assert_eq!(Stated::of(""), Stated::Absent);
    }
}
