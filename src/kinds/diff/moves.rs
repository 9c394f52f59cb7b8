//! Items that went to another place of a list whose order has a meaning: they are removed and added, and told as moved.

use std::collections::HashMap;

use super::compare::Change;
use super::path::Step;
use super::value::{Print, Value};

/// What a change is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// Nothing more than itself.
    No,
    /// It leaves for this place.
    To(usize),
    /// It arrives, which is told where it left.
    Told,
}

/// By the places of the changes.
pub struct Moves(HashMap<usize, Moved>);

impl Moves {
    /// What goes and comes as it went has moved.
    pub fn of(changes: &[Change]) -> Self {
        let mut gone: HashMap<(String, Print), Vec<usize>> = HashMap::new();
        let mut found = HashMap::new();
        for (at, change) in changes.iter().enumerate() {
            let Some(Step::Index(place)) = change.path.last() else { continue };
            let key = |item: &Value| (change.path.above().to_string(), item.print());
            match (&change.from, &change.to) {
                (Some(item), None) => gone.entry(key(item)).or_default().push(at),
                (None, Some(item)) => {
                    if let Some(left) = gone.get_mut(&key(item)).and_then(Vec::pop) {
                        found.insert(left, Moved::To(*place));
                        found.insert(at, Moved::Told);
                    }
                }
                _ => {}
            }
        }
        Self(found)
    }

    /// What is known of a change.
    pub fn of_change(&self, at: usize) -> Moved {
        self.0.get(&at).copied().unwrap_or(Moved::No)
    }
}
