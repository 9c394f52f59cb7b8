//! Two values to the changes that make one of the other.

use std::collections::HashMap;

use super::align::{Face, align};
use super::keyed::{Keys, keys};
use super::path::{Path, Step};
use super::value::{Print, Value};

/// One change. Changes are applied in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where.
    pub path: Path,
    /// What happened there.
    pub nature: Nature,
    /// What was there; none where something was added.
    pub from: Option<Value>,
    /// What is there now; none where something was removed.
    pub to: Option<Value>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nature {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Changed,
}

impl Nature {
    /// The word for it in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// What the order of a list means, and what its items are known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Items are known by fields, their order means nothing. Of several sets of fields the first that tells all apart.
    Keyed(&'static [&'static [&'static str]]),
    /// Items are known by fields, and their order has a meaning too.
    KeyedInOrder(&'static [&'static [&'static str]]),
    /// Items are nothing but their values, their order means nothing; items that agree in these fields are taken for one
    /// that changed.
    Bag(&'static [&'static str]),
    /// The order is all there is; an item that keeps this field is taken for the same one.
    Ranked(&'static str),
    /// The order is all there is.
    Plain,
}

/// The order of a list, by the names of the fields on the way to it.
pub type Lists = fn(&[&str]) -> Order;

/// How many bytes of paths are written for each byte of content, at most: what lies too deep is told as a whole.
const PATH_BYTES: usize = 16;
/// How many bytes of paths are written in any case.
const FREE_BYTES: usize = 1 << 20;

/// The changes that make `other` of `one`.
pub fn compare(one: &Value, other: &Value, lists: Lists) -> Vec<Change> {
    let room = PATH_BYTES * (one.weight() + other.weight()) + FREE_BYTES;
    let mut comparison = Comparison { lists, names: Vec::new(), changes: Vec::new(), spent: 0, room };
    comparison.values(one, other, &Path::default());
    comparison.changes
}

struct Comparison<'v> {
    lists: Lists,
    /// The names of the fields on the way down.
    names: Vec<&'v str>,
    changes: Vec<Change>,
    /// Bytes of paths so far, and how many there may be.
    spent: usize,
    room: usize,
}

impl<'v> Comparison<'v> {
    fn values(&mut self, one: &'v Value, other: &'v Value, path: &Path) {
        if one == other {
            return;
        }
        let (changes, spent) = (self.changes.len(), self.spent);
        match (one, other) {
            (Value::Map(one), Value::Map(other)) => self.maps(one.entries(), other.entries(), path),
            (Value::List(_), Value::List(_)) => self.lists(one, other, path),
            _ => self.push(path.clone(), Nature::Changed, Some(one), Some(other)),
        }
        if self.spent > self.room {
            self.changes.truncate(changes);
            self.spent = spent;
            self.push(path.clone(), Nature::Changed, Some(one), Some(other));
        }
    }

    fn maps(&mut self, one: &'v [(Box<str>, Value)], other: &'v [(Box<str>, Value)], path: &Path) {
        let (mut l, mut r) = (0, 0);
        while l < one.len() || r < other.len() {
            let order = match (one.get(l), other.get(r)) {
                (Some(left), Some(right)) => left.0.cmp(&right.0),
                (Some(_), None) => std::cmp::Ordering::Less,
                _ => std::cmp::Ordering::Greater,
            };
            if order.is_lt() {
                self.push(path.field(&one[l].0), Nature::Removed, Some(&one[l].1), None);
                l += 1;
            } else if order.is_gt() {
                self.push(path.field(&other[r].0), Nature::Added, None, Some(&other[r].1));
                r += 1;
            } else {
                let (name, left, right) = (&one[l].0, &one[l].1, &other[r].1);
                if left != right {
                    self.names.push(name);
                    self.values(left, right, &path.field(name));
                    self.names.pop();
                }
                l += 1;
                r += 1;
            }
            if self.spent > self.room {
                return;
            }
        }
    }

    fn lists(&mut self, from: &'v Value, to: &'v Value, path: &Path) {
        let (one, other) = (from.items(), to.items());
        match (self.lists)(&self.names) {
            Order::Keyed(candidates) => match keys(one, other, candidates) {
                Some((left, right)) => self.keyed(one, other, &left, &right, path),
                None => self.ranked(one, other, None, path),
            },
            Order::KeyedInOrder(candidates) => match keys(one, other, candidates) {
                Some((left, right)) if keeps_order(&left, &right) => {
                    self.keyed(one, other, &left, &right, path);
                }
                Some(_) => self.push(path.clone(), Nature::Changed, Some(from), Some(to)),
                None => self.ranked(one, other, None, path),
            },
            Order::Bag(fields) => self.bags(one, other, fields, path),
            Order::Ranked(label) => self.ranked(one, other, Some(label), path),
            Order::Plain => self.ranked(one, other, None, path),
        }
    }

    /// What stays, by its keys; what goes, of items with one key the last first; what comes, in its order.
    fn keyed(&mut self, one: &'v [Value], other: &'v [Value], left: &Keys, right: &Keys, path: &Path) {
        let (mut removed, mut added) = (Vec::new(), Vec::new());
        for joined in left.join(right) {
            match joined {
                (Some(l), Some(r)) if one[l] != other[r] => {
                    self.values(&one[l], &other[r], &path.to(left.step(l)));
                }
                (Some(l), None) => removed.push(l),
                (None, Some(r)) => added.push(r),
                _ => {}
            }
            if self.spent > self.room {
                return;
            }
        }
        for at in removed.into_iter().rev() {
            self.push(path.to(left.step(at)), Nature::Removed, Some(&one[at]), None);
        }
        added.sort_unstable();
        for at in added {
            self.push(path.to(right.step(at)), Nature::Added, None, Some(&other[at]));
        }
    }

    fn bags(&mut self, one: &'v [Value], other: &'v [Value], fields: &[&str], path: &Path) {
        let mut counts: HashMap<Print, usize> = HashMap::new();
        for item in one {
            *counts.entry(item.print()).or_default() += 1;
        }
        let mut added: Vec<&Value> = Vec::new();
        for item in other {
            match counts.get_mut(&item.print()) {
                Some(count) if *count > 0 => *count -= 1,
                _ => added.push(item),
            }
        }
        // What is still counted is missing on the other side.
        let mut removed: Vec<&Value> = Vec::new();
        for item in one {
            if let Some(count) = counts.get_mut(&item.print()).filter(|count| **count > 0) {
                *count -= 1;
                removed.push(item);
            }
        }
        let mut waiting: HashMap<Vec<Print>, Vec<usize>> = HashMap::new();
        for (at, item) in added.iter().enumerate().rev() {
            if let Some(label) = label(item, fields) {
                waiting.entry(label).or_default().push(at);
            }
        }
        let mut taken = vec![false; added.len()];
        for item in removed {
            let partners = label(item, fields).and_then(|label| waiting.get_mut(&label));
            match partners.and_then(Vec::pop) {
                Some(at) => {
                    taken[at] = true;
                    self.push(path.to(Step::Any), Nature::Changed, Some(item), Some(added[at]));
                }
                None => self.push(path.to(Step::Any), Nature::Removed, Some(item), None),
            }
        }
        for (item, _) in added.iter().zip(taken).filter(|(_, is_taken)| !is_taken) {
            self.push(path.to(Step::Any), Nature::Added, None, Some(item));
        }
    }

    /// Changes first and removals from the end on, both by the old places; then what is new, by the new places.
    fn ranked(&mut self, one: &'v [Value], other: &'v [Value], label: Option<&str>, path: &Path) {
        let face = |item: &Value| Face {
            print: item.print(),
            label: label.and_then(|label| item.get(label)).map(Value::print),
        };
        let faces = |items: &[Value]| items.iter().map(face).collect::<Vec<_>>();
        let pairs = align(&faces(one), &faces(other));
        let mut is_left = vec![true; one.len()];
        let mut is_new = vec![true; other.len()];
        for (l, r) in pairs {
            (is_left[l], is_new[r]) = (false, false);
            if one[l] != other[r] {
                self.values(&one[l], &other[r], &path.to(Step::Index(l)));
            }
            if self.spent > self.room {
                return;
            }
        }
        for at in (0..one.len()).rev().filter(|at| is_left[*at]) {
            self.push(path.to(Step::Index(at)), Nature::Removed, Some(&one[at]), None);
        }
        for at in (0..other.len()).filter(|at| is_new[*at]) {
            self.push(path.to(Step::Index(at)), Nature::Added, None, Some(&other[at]));
        }
    }

    fn push(&mut self, path: Path, nature: Nature, from: Option<&Value>, to: Option<&Value>) {
        self.spent += path.weight();
        // What is beyond the room is given up and told as a whole, so it need not be kept.
        if self.spent <= self.room {
            self.changes.push(Change { path, nature, from: from.cloned(), to: to.cloned() });
        }
    }
}

/// Whether taking items out of the one list and putting others at its end can make the other.
fn keeps_order(one: &Keys, other: &Keys) -> bool {
    let places: HashMap<_, usize> = other.keys.iter().zip(0..).collect();
    let kept = one.keys.iter().filter_map(|key| places.get(key));
    kept.zip(0..).all(|(place, at)| *place == at)
}

/// What an item of a bag is known by, if by anything.
fn label(item: &Value, fields: &[&str]) -> Option<Vec<Print>> {
    let has_any = fields.iter().any(|field| item.get(field).is_some());
    let print = |field: &&str| item.get(field).unwrap_or(&Value::Null).print();
    has_any.then(|| fields.iter().map(print).collect())
}
