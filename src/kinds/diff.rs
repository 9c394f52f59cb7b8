//! What differs between two values of parsed content, whatever their kind: exact enough to be applied.

mod align;
mod compare;
mod excerpt;
mod keyed;
mod moves;
mod parsed;
mod path;
mod room;
mod value;
mod words;

pub use compare::{Change, Lists, Nature, Order, compare};
pub use moves::{Moved, Moves};
pub(super) use parsed::{of_json, of_yaml};
pub use path::{Path, Step};
pub use room::{Full, Room};
pub use value::{Fields, Items, Value};
pub use words::{dotted, general, in_lines, plain, short};

/// What differs of one object, such as a flag, in the words of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// What it is called within its namespace; empty for the namespace itself.
    pub name: String,
    /// What happened to it.
    pub nature: Nature,
    /// What differs, in words; empty where its name says all.
    pub words: Vec<String>,
    /// How many more words there are that nobody would read.
    pub more: usize,
}

impl Object {
    /// How many words of one object are kept.
    const MOST_WORDS: usize = 1000;

    /// An object of which nothing is said yet.
    pub(super) fn new(name: String, nature: Nature) -> Self {
        Self { name, nature, words: Vec::new(), more: 0 }
    }

    /// Says more of it, unless enough is said.
    pub(super) fn say(&mut self, words: impl FnOnce() -> Vec<String>) {
        if self.words.len() < Self::MOST_WORDS {
            self.words.append(&mut words());
        } else {
            self.more += 1;
        }
    }
}

#[cfg(test)]
mod tests;
