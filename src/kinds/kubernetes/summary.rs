//! How many objects of each kind some files hold, for whoever looks into a layer.

use std::collections::BTreeMap;

use super::object::Outline;
use super::scope::Scopes;

/// The number of objects by namespace and kind.
///
/// `_cluster` stands for the namespace of what belongs to the whole cluster, `_unscoped` for one that is not stated, or
/// known only later. Kinds of the same name are counted together, whatever their group.
pub fn count<'a>(
    outlines: impl IntoIterator<Item = &'a Outline>,
    scopes: &Scopes,
) -> BTreeMap<String, BTreeMap<String, u64>> {
    let mut counts: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for object in outlines.into_iter().flat_map(|outline| &outline.objects) {
        let kinds = counts.entry(scopes.place(object).to_owned()).or_default();
        *kinds.entry(object.kind.clone()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::kubernetes::outline::outline;

    #[test]
    fn objects_are_counted_by_namespace_and_kind() {
        let pod = |name: &str, namespace: &str| {
            format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n  namespace: {namespace}\n---\n")
        };
        let files = [
            pod("a", "one") + &pod("b", "one") + &pod("c", "two"),
            pod("d", "${ns}") + "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: one\n",
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {namespace: two}}\n".into(),
            "replicas: 1\n".into(),
        ];
        let outlines = files.map(|text| outline("a.yaml", text.as_bytes()));
        let found = count(&outlines, &Scopes::of(&outlines));
        let flat: Vec<_> = found
            .iter()
            .flat_map(|(place, kinds)| {
                kinds.iter().map(move |(kind, count)| (place.as_str(), kind.as_str(), *count))
            })
            .collect();
        assert_eq!(
            flat,
            [
                ("_cluster", "Namespace", 1),
                ("_unscoped", "Pod", 1),
                ("one", "Pod", 2),
                ("two", "Pod", 1),
                ("two", "Secret", 1),
            ]
        );
    }
}
