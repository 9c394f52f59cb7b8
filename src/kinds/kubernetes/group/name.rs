//! The names of groups: namespaces, and reserved names, which no namespace can have.

use std::cmp::Ordering;

/// What is cluster-scoped.
pub const CLUSTER: &str = "_cluster";
/// What belongs to more than one namespace, or to none in particular.
pub const SHARED: &str = "_shared";
/// What states no namespace that can be used.
pub const UNSCOPED: &str = "_unscoped";
/// The files of the tree's root, where directories are the groups.
pub const ROOT: &str = "_root";
/// Everything, where there are no groups.
pub const ALL: &str = "_all";

/// The reserved names that a user may put files into.
const FOR_USERS: [&str; 3] = [CLUSTER, SHARED, UNSCOPED];

/// The longest label, in bytes (RFC 1123).
const LONGEST: usize = 63;

/// Whether a text is a label of RFC 1123, as the name of a namespace must be.
pub fn is_label(text: &str) -> bool {
    let is_inner = |byte: u8| byte == b'-' || is_outer(byte);
    let bytes = text.as_bytes();
    bytes.len() <= LONGEST
        && bytes.first().is_some_and(|first| is_outer(*first))
        && bytes.last().is_some_and(|last| is_outer(*last))
        && bytes.iter().all(|byte| is_inner(*byte))
}

fn is_outer(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// Whether a user may name a group so.
pub(super) fn is_for_users(name: &str) -> bool {
    is_label(name) || FOR_USERS.contains(&name)
}

/// Whether every namespace gets the group anyway, so that it can require nothing for them.
pub(super) fn is_for_all(name: &str) -> bool {
    name == SHARED || name == UNSCOPED
}

/// The order of the layers: `_cluster`, `_shared`, other reserved names, namespaces; bytewise within each.
pub fn order(left: &str, right: &str) -> Ordering {
    let rank = |name: &str| match name {
        CLUSTER => 0,
        SHARED => 1,
        _ if name.starts_with('_') => 2,
        _ => 3,
    };
    rank(left).cmp(&rank(right)).then_with(|| left.cmp(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_what_rfc_1123_says() {
        let longest = "a".repeat(63);
        for good in ["a", "0", "team-a", "a--b", "1-2", longest.as_str()] {
            assert!(is_label(good), "{good}");
        }
        let long = "a".repeat(64);
        for bad in ["", "-a", "a-", "A", "a.b", "a_b", "_shared", "ä", "${ns}", "a\n", long.as_str()] {
            assert!(!is_label(bad), "{bad}");
        }
    }

    #[test]
    fn a_user_may_name_namespaces_and_three_reserved_groups() {
        for good in ["team-a", "_cluster", "_shared", "_unscoped"] {
            assert!(is_for_users(good), "{good}");
        }
        for bad in ["_all", "_root", "_other", "Team", ""] {
            assert!(!is_for_users(bad), "{bad}");
        }
    }

    #[test]
    fn the_order_is_fixed() {
        let mut names = vec!["b", "_unscoped", "a", "0", "_all", "_shared", "_cluster", "a-b"];
        names.sort_by(|left, right| order(left, right));
        assert_eq!(names, ["_cluster", "_shared", "_all", "_unscoped", "0", "a", "a-b", "b"]);
    }
}
