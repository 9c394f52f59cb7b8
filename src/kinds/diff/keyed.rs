//! Items of a list that are known by the values of some fields, wherever in the list they stand.

use std::collections::HashMap;

use super::path::Step;
use super::value::Value;

/// The values of the fields that an item is known by; empty where the item lacks one.
type Key = Vec<Box<str>>;

/// The items of one list by their keys.
pub(super) struct Keys {
    fields: &'static [&'static str],
    /// The key of each item, and which of the items with this key it is, from 1; in the order of the list.
    pub(super) keys: Vec<(Key, usize)>,
}

impl Keys {
    /// Finds the keys of all items; none where an item has no such fields, or something in them that is no plain value.
    pub(super) fn of(items: &[Value], fields: &'static [&'static str]) -> Option<Self> {
        let mut seen: HashMap<Key, usize> = HashMap::new();
        let mut keys = Vec::with_capacity(items.len());
        for item in items {
            let Value::Map(_) = item else { return None };
            let key: Option<Key> = fields
                .iter()
                .map(|field| match item.at(field) {
                    None | Some(Value::Null) => Some("".into()),
                    Some(Value::Text(text) | Value::Number(text)) => Some(text.clone()),
                    Some(_) => None,
                })
                .collect();
            let key = key.filter(|key| key.iter().any(|text| !text.is_empty()))?;
            let number = seen.entry(key.clone()).or_default();
            *number += 1;
            keys.push((key, *number));
        }
        Some(Self { fields, keys })
    }

    /// Whether no two items have one key.
    pub(super) fn are_unique(&self) -> bool {
        self.keys.iter().all(|(_, number)| *number == 1)
    }

    /// The step to an item.
    pub(super) fn step(&self, at: usize) -> Step {
        let (key, number) = &self.keys[at];
        Step::Item(self.fields.iter().copied().zip(key.iter().cloned()).collect(), *number)
    }

    /// The places of items in the order of their keys.
    fn sorted(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.keys.len()).collect();
        places.sort_by(|one, other| self.keys[*one].cmp(&self.keys[*other]));
        places
    }

    /// Items with the same key and number on both sides, and items of one side alone, in the order of their keys.
    pub(super) fn join(&self, other: &Self) -> Vec<(Option<usize>, Option<usize>)> {
        let (left, right) = (self.sorted(), other.sorted());
        let (mut l, mut r) = (0, 0);
        let mut joined = Vec::with_capacity(left.len().max(right.len()));
        while l < left.len() || r < right.len() {
            let order = match (left.get(l), right.get(r)) {
                (Some(one), Some(two)) => self.keys[*one].cmp(&other.keys[*two]),
                (Some(_), None) => std::cmp::Ordering::Less,
                _ => std::cmp::Ordering::Greater,
            };
            let (takes_left, takes_right) = (order.is_le(), order.is_ge());
            joined.push((takes_left.then(|| left[l]), takes_right.then(|| right[r])));
            l += usize::from(takes_left);
            r += usize::from(takes_right);
        }
        joined
    }
}

/// The fields that the items of both lists are known by: the first that tell all items of a list apart, or else the last
/// that all items have.
pub(super) fn keys(
    one: &[Value],
    other: &[Value],
    candidates: &'static [&'static [&'static str]],
) -> Option<(Keys, Keys)> {
    let mut found = None;
    for fields in candidates {
        let Some((left, right)) = Keys::of(one, fields).zip(Keys::of(other, fields)) else { continue };
        let tells_apart = left.are_unique() && right.are_unique();
        found = Some((left, right));
        if tells_apart {
            break;
        }
    }
    found
}
