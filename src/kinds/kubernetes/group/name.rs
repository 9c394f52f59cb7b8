//! The names of groups: namespaces, and reserved names, which no namespace can have.

use std::cmp::Ordering;

use crate::kinds::kubernetes::FOR_ALL;

pub use crate::kinds::kubernetes::object::is_label;
pub use crate::kinds::kubernetes::scope::{CLUSTER, UNSCOPED};

/// What belongs to more than one namespace, or to none in particular.
pub const SHARED: &str = "_shared";
/// The files of the tree's root, where directories are the groups.
pub const ROOT: &str = "_root";
/// Everything, where there are no groups.
pub const ALL: &str = "_all";

/// The reserved names that a user may put files into.
const FOR_USERS: [&str; 3] = [CLUSTER, SHARED, UNSCOPED];

/// Whether a user may name a group so.
pub(super) fn is_for_users(name: &str) -> bool {
    is_label(name) || FOR_USERS.contains(&name)
}

/// Whether every namespace gets the group anyway, so that it can require nothing for them.
pub(super) fn is_for_all(name: &str) -> bool {
    FOR_ALL.contains(&name)
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
