//! Which groups a group cannot do without: those that its units refer to, at once or by way of what everybody gets.

use std::collections::HashMap;

use super::name::{is_for_all, order};

/// The groups that each group requires, in the order of groups.
///
/// `_shared` and `_unscoped` require nothing: everybody gets them, so that whatever they required everybody would get
/// too, such as all namespaces that a list of applications names. What their units refer to, those groups require whose
/// units refer to them.
pub(super) fn requires<'a>(
    targets: &HashMap<usize, Vec<usize>>,
    group_of: impl Fn(usize) -> &'a str,
) -> HashMap<&'a str, Vec<&'a str>> {
    let mut members: HashMap<&str, Vec<usize>> = HashMap::new();
    for file in targets.keys() {
        members.entry(group_of(*file)).or_default().push(*file);
    }
    members.retain(|name, _| !is_for_all(name));
    // The group that came last to a file which everybody gets.
    let mut seen: HashMap<usize, &str> = HashMap::new();
    let mut found = HashMap::new();
    for (name, mut open) in members {
        let mut required = Vec::new();
        while let Some(file) = open.pop() {
            for target in targets.get(&file).into_iter().flatten() {
                let group = group_of(*target);
                if group != name {
                    required.push(group);
                }
                if is_for_all(group) && seen.insert(*target, name) != Some(name) {
                    open.push(*target);
                }
            }
        }
        required.sort_unstable_by(|left, right| order(left, right));
        required.dedup();
        found.insert(name, required);
    }
    found
}
