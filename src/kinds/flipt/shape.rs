//! The objects of a features document: their fields, in the order in which Flipt writes them.

use crate::kinds::yaml::{Entries, Value};

/// An object's name in messages, and its fields.
pub(super) struct Shape<const N: usize> {
    pub(super) name: &'static str,
    pub(super) fields: [&'static str; N],
}

pub(super) const DOCUMENT: Shape<4> =
    Shape { name: "document", fields: ["version", "namespace", "flags", "segments"] };
pub(super) const NAMESPACE: Shape<3> = Shape { name: "namespace", fields: ["key", "name", "description"] };
pub(super) const FLAG: Shape<9> = Shape {
    name: "flag",
    fields: ["key", "name", "type", "description", "enabled", "metadata", "variants", "rules", "rollouts"],
};
pub(super) const VARIANT: Shape<5> =
    Shape { name: "variant", fields: ["default", "key", "name", "description", "attachment"] };
pub(super) const RULE: Shape<3> = Shape { name: "rule", fields: ["segment", "rank", "distributions"] };
pub(super) const RULE_SEGMENT: Shape<2> = Shape { name: "rule's segment", fields: ["keys", "operator"] };
pub(super) const DISTRIBUTION: Shape<2> = Shape { name: "distribution", fields: ["variant", "rollout"] };
pub(super) const ROLLOUT: Shape<3> =
    Shape { name: "rollout", fields: ["description", "segment", "threshold"] };
pub(super) const ROLLOUT_SEGMENT: Shape<4> =
    Shape { name: "rollout's segment", fields: ["key", "keys", "operator", "value"] };
pub(super) const THRESHOLD: Shape<2> = Shape { name: "threshold", fields: ["percentage", "value"] };
pub(super) const SEGMENT: Shape<5> =
    Shape { name: "segment", fields: ["key", "name", "description", "constraints", "match_type"] };
pub(super) const CONSTRAINT: Shape<5> =
    Shape { name: "constraint", fields: ["type", "property", "operator", "value", "description"] };

impl<const N: usize> Shape<N> {
    /// The entries' values by field; `other` is called with what belongs to none.
    pub(super) fn sort<'t>(
        &self,
        entries: Entries<'t>,
        mut other: impl FnMut(Value<'t>),
    ) -> [Option<Value<'t>>; N] {
        let mut found = [None; N];
        let mut next = 0;
        for (key, value) in entries {
            let text = key.scalar().map(|scalar| scalar.text);
            // Fields mostly come in order, so the search begins after the last one found.
            let index = text.and_then(|text| {
                (0..N).map(|step| (next + step) % N).find(|index| self.fields[*index] == text)
            });
            match index {
                Some(index) => {
                    found[index] = Some(value);
                    next = index + 1;
                }
                None => other(key),
            }
        }
        found
    }
}
