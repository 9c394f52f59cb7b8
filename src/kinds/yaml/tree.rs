//! A document as a flat arena: nodes with positions, children as runs of ids, aliases as links to earlier nodes.

use std::borrow::Cow;
use std::collections::HashMap;

use super::words::small;

/// A position in a file: line and column (in characters), both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Mark {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl Mark {
    /// Where a text begins.
    pub(in crate::kinds) const START: Self = Self { line: 1, column: 1 };

    /// The position behind a text that begins here.
    ///
    /// A line ends at a line feed, a carriage return, or both together, which must not be torn apart. Bytes that go on
    /// with a character of UTF-8 are none of their own.
    #[must_use]
    pub(in crate::kinds) fn after(self, text: &[u8]) -> Self {
        let ends =
            |at: &usize| text[*at] == b'\n' || (text[*at] == b'\r' && text.get(at + 1) != Some(&b'\n'));
        let lines = (0..text.len()).filter(ends).count();
        let last = (0..text.len()).rev().find(ends);
        let (before, start) = last.map_or((self.column, 0), |end| (1, end + 1));
        let characters = text[start..].iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        Self {
            line: self.line.saturating_add(small(lines)),
            column: before.saturating_add(small(characters)),
        }
    }
}

/// What is wrong at a position, before the file's path is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub mark: Mark,
    /// The rule's slug.
    pub rule: &'static str,
    /// What was given and what was expected.
    pub message: String,
}

impl Problem {
    /// A problem at `mark`.
    #[must_use]
    pub fn new(mark: Mark, rule: &'static str, message: impl Into<String>) -> Self {
        Self { mark, rule, message: message.into() }
    }
}

/// How a scalar was written, as far as that changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: its meaning depends on its text.
    Plain,
    /// In quotes or as a block: text, unless a tag says otherwise.
    Quoted,
    /// Nothing was written at all.
    Empty,
    /// Nothing was written, within `[ ]` or `{ }`: null, and yet an empty text to whoever reads what
    /// `yaml.v3` writes again.
    EmptyInFlow,
}

/// The tag written before a value, in the short form that `yaml.v3` gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    /// No tag, or the bare `!`.
    None,
    /// `!!null`
    Null,
    /// `!!bool`
    Bool,
    /// `!!str`
    Str,
    /// `!!int`
    Int,
    /// `!!float`
    Float,
    /// `!!timestamp`
    Timestamp,
    /// `!!binary`
    Binary,
    /// `!!merge`
    Merge,
    /// Any other, as it would be printed.
    Other(Box<str>),
}

/// What tells a value from all others of its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NodeId(pub(super) u32);

/// Children of a collection: a run of the tree's links.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) start: u32,
    pub(super) len: u32,
}

#[derive(Debug)]
pub(super) enum Content<'s> {
    Scalar {
        text: Cow<'s, str>,
        style: Style,
    },
    Sequence(Run),
    /// Keys and values in turn.
    Mapping {
        run: Run,
        merges: bool,
    },
    Alias(NodeId),
}

#[derive(Debug)]
pub(super) struct Node<'s> {
    pub(super) mark: Mark,
    pub(super) tag: Tag,
    pub(super) content: Content<'s>,
}

impl Node<'_> {
    /// Whether the node, as a key, is the merge key.
    pub(super) fn is_merge(&self) -> bool {
        let Content::Scalar { text, style } = &self.content else { return false };
        text == "<<" && (self.tag == Tag::Merge || (self.tag == Tag::None && *style == Style::Plain))
    }
}

/// One document. Children precede their parents in it, so it is built, measured and dropped without recursion.
#[derive(Debug)]
pub struct Tree<'s> {
    pub(super) nodes: Vec<Node<'s>>,
    pub(super) links: Vec<NodeId>,
    pub(super) root: NodeId,
    /// Of JSON keys given more than once: the last value as it was written, by the id of all of them unified.
    pub(super) last: HashMap<NodeId, NodeId>,
    /// Whether the document was read as JSON.
    pub(super) json: bool,
}

impl Tree<'_> {
    /// The document's value.
    #[must_use]
    pub fn root(&self) -> Value<'_> {
        Value { tree: self, id: self.root }
    }
}

/// A value within a tree; cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct Value<'t> {
    pub(super) tree: &'t Tree<'t>,
    pub(super) id: NodeId,
}

/// A value's form, aliases followed.
#[derive(Debug, Clone, Copy)]
pub enum Shape<'t> {
    /// A single value.
    Scalar(Scalar<'t>),
    /// A list.
    Sequence(Sequence<'t>),
    /// Keys with values.
    Mapping(Mapping<'t>),
}

/// A single value, not yet resolved.
#[derive(Debug, Clone, Copy)]
pub struct Scalar<'t> {
    /// The text, escapes undone.
    pub text: &'t str,
    /// How it was written.
    pub style: Style,
    /// The tag before it.
    pub tag: &'t Tag,
}

/// A list's items.
#[derive(Debug, Clone, Copy)]
pub struct Sequence<'t> {
    tree: &'t Tree<'t>,
    run: Run,
}

/// A mapping's keys and values.
#[derive(Debug, Clone, Copy)]
pub struct Mapping<'t> {
    pub(super) tree: &'t Tree<'t>,
    pub(super) run: Run,
    pub(super) merges: bool,
}

impl<'t> Value<'t> {
    /// Where the value begins; for an alias, where its target does.
    #[must_use]
    pub fn mark(self) -> Mark {
        self.node().mark
    }

    /// The value's form.
    #[must_use]
    pub fn shape(self) -> Shape<'t> {
        let node = self.node();
        match &node.content {
            Content::Scalar { text, style } => {
                Shape::Scalar(Scalar { text: text.as_ref(), style: *style, tag: &node.tag })
            }
            Content::Sequence(run) => Shape::Sequence(Sequence { tree: self.tree, run: *run }),
            Content::Mapping { run, merges } => {
                Shape::Mapping(Mapping { tree: self.tree, run: *run, merges: *merges })
            }
            Content::Alias(_) => unreachable!("an alias never leads to an alias"),
        }
    }

    /// The scalar, where the value is one.
    #[must_use]
    pub fn scalar(self) -> Option<Scalar<'t>> {
        match self.shape() {
            Shape::Scalar(scalar) => Some(scalar),
            Shape::Sequence(_) | Shape::Mapping(_) => None,
        }
    }

    /// Of a JSON key given more than once the value given last; else the value itself.
    #[must_use]
    pub fn last(self) -> Self {
        let id = self.tree.last.get(&self.id).copied().unwrap_or(self.id);
        Self { tree: self.tree, id }
    }

    /// What tells the value from all others of its tree, and from others with the same anchor.
    #[must_use]
    pub fn id(self) -> NodeId {
        self.id
    }

    /// Whether the value was read as JSON.
    #[must_use]
    pub fn is_json(self) -> bool {
        self.tree.json
    }

    pub(super) fn is_alias(self) -> bool {
        matches!(self.tree.nodes[self.id.0 as usize].content, Content::Alias(_))
    }

    fn node(self) -> &'t Node<'t> {
        let node = &self.tree.nodes[self.id.0 as usize];
        match node.content {
            Content::Alias(target) => &self.tree.nodes[target.0 as usize],
            _ => node,
        }
    }
}

impl<'t> Sequence<'t> {
    /// The items in order.
    pub fn items(self) -> impl ExactSizeIterator<Item = Value<'t>> {
        links(self.tree, self.run).iter().map(move |id| Value { tree: self.tree, id: *id })
    }
}

impl<'t> Mapping<'t> {
    /// Whether a merge key (`<<`) stands among the keys.
    #[must_use]
    pub fn merges(self) -> bool {
        self.merges
    }

    /// Keys and values as written, merge keys among them.
    #[must_use]
    pub fn written(self) -> Entries<'t> {
        Entries(Source::Written { tree: self.tree, pairs: links(self.tree, self.run).chunks_exact(2) })
    }
}

/// The entries of a mapping, in order.
#[derive(Debug)]
pub struct Entries<'t>(Source<'t>);

#[derive(Debug)]
enum Source<'t> {
    /// As they stand in the file.
    Written { tree: &'t Tree<'t>, pairs: std::slice::ChunksExact<'t, NodeId> },
    /// With merged mappings worked in.
    Merged(std::vec::IntoIter<(Value<'t>, Value<'t>)>),
}

impl<'t> Entries<'t> {
    /// No entries at all.
    #[must_use]
    pub fn none() -> Self {
        Self::merged(Vec::new())
    }

    pub(super) fn merged(entries: Vec<(Value<'t>, Value<'t>)>) -> Self {
        Self(Source::Merged(entries.into_iter()))
    }
}

impl<'t> Iterator for Entries<'t> {
    type Item = (Value<'t>, Value<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Source::Written { tree, pairs } => {
                let pair = pairs.next()?;
                Some((Value { tree, id: pair[0] }, Value { tree, id: pair[1] }))
            }
            Source::Merged(pairs) => pairs.next(),
        }
    }
}

fn links<'t>(tree: &'t Tree<'t>, run: Run) -> &'t [NodeId] {
    &tree.links[run.start as usize..(run.start + run.len) as usize]
}
