//! Which kinds are cluster-scoped: as the user says, as is known of them, or as the tree's own definitions say.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::str::FromStr;

use crate::kinds::kubernetes::object::{Object, Outline};

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

/// What is known of the scope of kinds, by group and kind.
pub(super) struct Scopes<'a> {
    declared: HashMap<(&'a str, &'a str), bool>,
    /// No answer where two definitions differ.
    defined: HashMap<(&'a str, &'a str), Option<bool>>,
    known: fn(&Object) -> Option<bool>,
}

impl<'a> Scopes<'a> {
    pub(super) fn of(
        declared: &'a [GroupKind],
        known: fn(&Object) -> Option<bool>,
        outlines: impl Iterator<Item = &'a Outline>,
    ) -> Self {
        let declared =
            declared.iter().map(|kind| ((kind.group.as_str(), kind.kind.as_str()), true)).collect();
        let mut defined = HashMap::new();
        for scope in outlines.flat_map(|outline| &outline.scopes) {
            match defined.entry((scope.group.as_str(), scope.kind.as_str())) {
                Entry::Vacant(place) => {
                    place.insert(Some(scope.is_cluster));
                }
                Entry::Occupied(mut place) if *place.get() != Some(scope.is_cluster) => {
                    place.insert(None);
                }
                Entry::Occupied(_) => {}
            }
        }
        Self { declared, defined, known }
    }

    /// Whether an object is cluster-scoped, if that is known.
    pub(super) fn is_cluster(&self, object: &Object) -> Option<bool> {
        let key = (object.group(), object.kind.as_str());
        let declared = self.declared.get(&key).copied();
        declared.or_else(|| (self.known)(object)).or_else(|| self.defined.get(&key).copied().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::kubernetes::object::Scope;

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

    #[test]
    fn the_user_beats_what_is_known_and_that_beats_the_tree() {
        let scope = |kind: &str, is_cluster| Scope { group: "x.io".into(), kind: kind.into(), is_cluster };
        let outline = Outline {
            scopes: vec![
                scope("Known", false),
                scope("Own", true),
                scope("Torn", true),
                scope("Torn", false),
                scope("Torn", true),
                scope("Declared", false),
            ],
            ..Outline::default()
        };
        let declared = [kind("Declared.x.io")];
        let known = |object: &Object| (object.kind == "Known").then_some(true);
        let scopes = Scopes::of(&declared, known, std::iter::once(&outline));
        let is_cluster =
            |kind: &str| scopes.is_cluster(&super::super::tests::object("x.io/v1", kind, "n", None));
        assert_eq!(is_cluster("Declared"), Some(true));
        assert_eq!(is_cluster("Known"), Some(true));
        assert_eq!(is_cluster("Own"), Some(true));
        assert_eq!(is_cluster("Torn"), None);
        assert_eq!(is_cluster("Other"), None);
    }
}
