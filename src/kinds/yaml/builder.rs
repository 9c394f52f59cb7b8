//! Builds a tree from values as they are read, and holds it to the limits on depth and expansion.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::MAX_DEPTH;
use super::measure::measure;
use super::tree::{Content, Mark, Node, NodeId, Problem, Run, Style, Tag, Tree};

/// From how many keys on duplicates are looked for with a set instead of by comparing all pairs.
const MANY_KEYS: usize = 16;

/// How many duplicates of one mapping are told.
const MANY_DUPLICATES: usize = 1000;

/// A collection that is still open.
struct Open {
    mark: Mark,
    tag: Tag,
    anchor: usize,
    /// Where in `pending` its children begin.
    first: usize,
}

/// A tree under construction.
pub(super) struct Builder<'s> {
    nodes: Vec<Node<'s>>,
    links: Vec<NodeId>,
    pending: Vec<NodeId>,
    open: Vec<Open>,
    anchors: HashMap<usize, NodeId>,
    aliases: bool,
}

impl<'s> Builder<'s> {
    /// A builder with room for what a text of `size` bytes is likely to hold.
    pub(super) fn new(size: usize) -> Self {
        let likely = (size / 8).min(512);
        Self {
            nodes: Vec::with_capacity(likely),
            links: Vec::with_capacity(likely),
            pending: Vec::new(),
            open: Vec::new(),
            anchors: HashMap::new(),
            aliases: false,
        }
    }

    /// Adds a scalar; `anchor` is 0 where it has none.
    pub(super) fn scalar(&mut self, mark: Mark, tag: Tag, anchor: usize, text: Cow<'s, str>, style: Style) {
        let id = self.push(Node { mark, tag, content: Content::Scalar { text, style } });
        self.finish(anchor, id);
    }

    /// Opens a sequence or mapping.
    pub(super) fn begin(&mut self, mark: Mark, tag: Tag, anchor: usize) -> Result<(), Problem> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(mark));
        }
        self.open.push(Open { mark, tag, anchor, first: self.pending.len() });
        Ok(())
    }

    /// Closes the innermost collection as a sequence.
    pub(super) fn end_sequence(&mut self) {
        if let Some((open, run)) = self.close() {
            let id = self.push(Node { mark: open.mark, tag: open.tag, content: Content::Sequence(run) });
            self.finish(open.anchor, id);
        }
    }

    /// Closes the innermost collection as a mapping, and returns its id.
    pub(super) fn end_mapping(&mut self) -> Option<NodeId> {
        let (open, run) = self.close()?;
        let merges = self.keys(run).any(|key| self.nodes[key.0 as usize].is_merge());
        let content = Content::Mapping { run, merges };
        let id = self.push(Node { mark: open.mark, tag: open.tag, content });
        self.finish(open.anchor, id);
        Some(id)
    }

    /// Takes back a mapping of one entry, where its key is a text that ends in a colon and its value is nothing:
    /// `yaml.v3` reads `[a:]` as a list of that text. Whether it did.
    pub(super) fn end_pair(&mut self) -> bool {
        let Some(open) = self.open.last() else {
            return false;
        };
        let text = |id: &NodeId| match &self.nodes[id.0 as usize].content {
            Content::Scalar { text, style } => Some((text.as_ref(), *style)),
            _ => None,
        };
        let glued = match &self.pending[open.first..] {
            [key, value] => {
                matches!(text(key), Some((key, Style::Plain)) if key.ends_with(':'))
                    && matches!(text(value), Some((_, Style::EmptyInFlow)))
            }
            _ => false,
        };
        if glued {
            self.pending.pop();
            self.open.pop();
        }
        glued
    }

    /// Adds an alias of the node with `anchor`; false where that is still open, and so contains itself.
    pub(super) fn alias(&mut self, mark: Mark, anchor: usize) -> bool {
        let Some(target) = self.anchors.get(&anchor).copied() else {
            return false;
        };
        self.aliases = true;
        let id = self.push(Node { mark, tag: Tag::None, content: Content::Alias(target) });
        self.finish(0, id);
        true
    }

    /// The keys of a mapping that stand there a second time, in order.
    pub(super) fn duplicates(&self, mapping: NodeId) -> Vec<(Mark, String)> {
        let Content::Mapping { run, .. } = self.nodes[mapping.0 as usize].content else {
            return Vec::new();
        };
        let keys = || self.keys(run).filter_map(|id| self.key_text(id));
        if (run.len / 2) as usize <= MANY_KEYS {
            let twice = keys().enumerate().filter(|(at, (key, _))| keys().take(*at).any(|(k, _)| k == *key));
            return twice.map(|(_, (key, mark))| (mark, key.to_owned())).collect();
        }
        let mut seen = HashSet::new();
        let twice = keys().filter(|(key, _)| !seen.insert(*key)).take(MANY_DUPLICATES);
        twice.map(|(key, mark)| (mark, key.to_owned())).collect()
    }

    /// The document, or why it is not taken.
    pub(super) fn finish_document(self, json: bool) -> Result<Option<Tree<'s>>, Problem> {
        if self.aliases {
            measure(&self.nodes, &self.links, self.pending.last().copied())?;
        }
        let root = self.pending.last().copied();
        Ok(root.map(|root| Tree { nodes: self.nodes, links: self.links, root, last: HashMap::new(), json }))
    }

    /// A key's identity among its siblings, as `yaml.v3` compares keys: by text, whatever its type or quotes.
    fn key_text(&self, key: NodeId) -> Option<(&str, Mark)> {
        let node = &self.nodes[key.0 as usize];
        match &node.content {
            Content::Scalar { text, .. } => Some((text.as_ref(), node.mark)),
            Content::Alias(target) => match &self.nodes[target.0 as usize].content {
                Content::Scalar { text, .. } => Some((text.as_ref(), node.mark)),
                _ => None,
            },
            Content::Sequence(_) | Content::Mapping { .. } => None,
        }
    }

    fn keys(&self, run: Run) -> impl Iterator<Item = NodeId> {
        self.links[run.start as usize..(run.start + run.len) as usize].iter().step_by(2).copied()
    }

    fn push(&mut self, node: Node<'s>) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        id
    }

    fn finish(&mut self, anchor: usize, id: NodeId) {
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        self.pending.push(id);
    }

    fn close(&mut self) -> Option<(Open, Run)> {
        let open = self.open.pop()?;
        let start = u32::try_from(self.links.len()).unwrap_or(u32::MAX);
        self.links.extend(self.pending.drain(open.first..));
        let end = u32::try_from(self.links.len()).unwrap_or(u32::MAX);
        Some((open, Run { start, len: end - start }))
    }
}

pub(super) fn too_deep(mark: Mark) -> Problem {
    Problem::new(mark, "too-deep", format!("values nest deeper than {MAX_DEPTH} levels here"))
}
