//! The name of a kind with its group, as a user writes it.

use std::fmt;
use std::str::FromStr;

/// A kind of a group, written as Kubernetes writes it: `ClusterIssuer.cert-manager.io`, or `Node` of the core.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupKind {
    /// The group of its API, empty for the core.
    pub group: String,
    /// Its name.
    pub kind: String,
}

/// Why a text names no kind.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum GroupKindError {
    /// The words of `apiVersion` come first.
    #[error("`{given}` is not written as `Kind.group`; write `{meant}`")]
    Order {
        /// What was given.
        given: String,
        /// What it must mean.
        meant: String,
    },
    /// It is something else.
    #[error("`{0}` is no kind with its group, such as `ClusterIssuer.cert-manager.io`")]
    Shape(String),
}

impl fmt::Display for GroupKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dot = if self.group.is_empty() { "" } else { "." };
        write!(out, "{}{dot}{}", self.kind, self.group)
    }
}

impl FromStr for GroupKind {
    type Err = GroupKindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, group) = text.split_once('.').unwrap_or((text, ""));
        if is_kind(kind) && (!text.contains('.') || is_group(group)) {
            return Ok(Self { group: group.to_owned(), kind: kind.to_owned() });
        }
        // As in `cert-manager.io/ClusterIssuer` or `cert-manager.io/v1/ClusterIssuer`.
        let mut words = text.split('/');
        let (first, last) = (words.next().unwrap_or_default(), words.next_back().unwrap_or_default());
        let given = text.to_owned();
        if is_group(first) && is_kind(last) && words.count() <= 1 {
            return Err(GroupKindError::Order { given, meant: format!("{last}.{first}") });
        }
        Err(GroupKindError::Shape(given))
    }
}

fn is_kind(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric())
}

/// A DNS subdomain.
fn is_group(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(super::name::is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> GroupKind {
        text.parse().expect("a kind")
    }

    #[test]
    fn a_kind_is_written_as_kubernetes_prints_it() {
        for text in ["ClusterIssuer.cert-manager.io", "Node", "Widget.example.com", "Widget.apps"] {
            assert_eq!(kind(text).to_string(), text);
        }
        assert_eq!(kind("A.b.c"), GroupKind { group: "b.c".to_owned(), kind: "A".to_owned() });
    }

    #[test]
    fn the_other_order_is_put_right() {
        let table = [
            ("cert-manager.io/ClusterIssuer", "ClusterIssuer.cert-manager.io"),
            ("cert-manager.io/v1/ClusterIssuer", "ClusterIssuer.cert-manager.io"),
            ("apps/Widget", "Widget.apps"),
        ];
        for (given, meant) in table {
            let error = GroupKindError::Order { given: given.to_owned(), meant: meant.to_owned() };
            assert_eq!(given.parse::<GroupKind>(), Err(error));
        }
        for text in ["", ".", "A.", "clusterissuers.cert-manager.io", "A b", "a/b/c/D", "A.B", "/Kind", "x/"]
        {
            assert_eq!(text.parse::<GroupKind>(), Err(GroupKindError::Shape(text.to_owned())), "{text}");
        }
    }
}
