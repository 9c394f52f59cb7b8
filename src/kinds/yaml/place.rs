//! Where in the open collections the next value stands.

use granit_parser::StructureStyle;

use super::rewritten::{self, Outer};

/// What comes next in a collection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Next {
    /// An item of a sequence, or the document itself.
    #[default]
    Item,
    /// A key of a mapping.
    Key,
    /// The value of a key.
    Value,
}

/// Where the next value stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    next: Next,
    /// Within brackets.
    pub(super) flow: bool,
    /// In a mapping of one entry, written without braces in a flow sequence.
    pub(super) pair: bool,
    /// The column, from 0, at which the content of a value must begin at least.
    pub(super) indent: usize,
    /// The collection around the value, as `yaml.v3` writes it again.
    pub(super) outer: Option<Outer>,
}

impl Place {
    /// Whether a key comes next.
    pub(super) fn is_key(self) -> bool {
        self.next == Next::Key
    }
}

/// The collections that are open.
#[derive(Default)]
pub(super) struct Contexts(Vec<Place>);

impl Contexts {
    /// Where the next value stands.
    pub(super) fn place(&self) -> Place {
        self.0.last().copied().unwrap_or_default()
    }

    /// Opens a collection at a column, from 0.
    pub(super) fn open(&mut self, next: Next, style: StructureStyle, pair: bool, column: usize) {
        let flow = style == StructureStyle::Flow;
        let outer = Outer { column: rewritten::column(self.place().outer), list: next == Next::Item };
        self.0.push(Place { next, flow, pair, indent: column + 1, outer: Some(outer) });
    }

    /// Closes the innermost collection; what it was.
    pub(super) fn close(&mut self) -> Place {
        let closed = self.0.pop().unwrap_or_default();
        self.next();
        closed
    }

    /// Goes on to what comes after a value.
    pub(super) fn next(&mut self) {
        if let Some(place) = self.0.last_mut() {
            place.next = match place.next {
                Next::Item => Next::Item,
                Next::Key => Next::Value,
                Next::Value => Next::Key,
            };
        }
    }
}
