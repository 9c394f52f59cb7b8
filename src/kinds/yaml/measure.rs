//! What aliases expand to, held against our limits and those of the readers that Flipt is made of.

use super::builder::too_deep;
use super::tree::{Content, Node, NodeId, Problem, Run};
use super::{MAX_ALIASED, MAX_DEPTH, MAX_EXPANDED};

/// From how many values on `yaml.v3` looks at the share of aliases, and until where the share falls.
const MANY: u64 = 1000;
const SHARE_FALLS_FROM: u64 = 400_000;
const SHARE_FALLS_TO: u64 = 4_000_000;

/// A value with all that it expands to.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    bytes: u64,
    depth: usize,
    /// How many values come of aliases, and how many would if the value itself stood behind one.
    aliased: u64,
    whole: u64,
    /// The same counts with keys among the values, as `yaml.v3` takes them.
    decoded_aliased: u64,
    decoded: u64,
}

/// Checks a document that holds aliases. Children precede their parents, so one pass does.
pub(super) fn measure(nodes: &[Node<'_>], links: &[NodeId], root: Option<NodeId>) -> Result<(), Problem> {
    let mut sizes: Vec<Size> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let size = match &node.content {
            Content::Scalar { text, .. } => {
                Size { bytes: text.len() as u64 + 1, whole: 1, decoded: 1, ..Size::default() }
            }
            Content::Alias(target) => behind_alias(sizes[target.0 as usize]),
            Content::Sequence(run) => children(links, *run).iter().fold(EMPTY, |sum, item| {
                let item = sizes[item.0 as usize];
                sum.with(item, item.aliased, item.whole)
            }),
            Content::Mapping { run, merges } => {
                let mut sum = EMPTY;
                for pair in children(links, *run).chunks_exact(2) {
                    let [key, value] = [pair[0], pair[1]].map(|id| sizes[id.0 as usize]);
                    let merge = *merges && nodes[pair[0].0 as usize].is_merge();
                    let (aliased, whole) = if merge {
                        merged(nodes, links, &sizes, pair[1])
                    } else {
                        (value.aliased, value.whole)
                    };
                    sum = sum.with(key, 0, 0).with(value, aliased, whole);
                }
                sum
            }
        };
        if size.bytes > MAX_EXPANDED || size.aliased > MAX_ALIASED {
            let message =
                format!("the aliases in this value expand to more than {MAX_ALIASED} values or 64 MiB");
            return Err(Problem::new(node.mark, "too-large", message));
        }
        if size.depth > MAX_DEPTH {
            return Err(too_deep(node.mark));
        }
        sizes.push(size);
    }
    let Some(root) = root else {
        return Ok(());
    };
    let Size { decoded, decoded_aliased, .. } = sizes[root.0 as usize];
    if decoded > MANY && decoded_aliased > 100 && exceeds(decoded_aliased, decoded) {
        let message = "nearly all of this document comes of aliases; write more of it out";
        return Err(Problem::new(nodes[root.0 as usize].mark, "too-large", message));
    }
    Ok(())
}

const EMPTY: Size = Size { bytes: 1, depth: 1, aliased: 0, whole: 1, decoded_aliased: 0, decoded: 1 };

impl Size {
    /// The collection with one more child, whose values in aliases are counted apart.
    fn with(self, child: Self, aliased: u64, whole: u64) -> Self {
        Self {
            bytes: self.bytes.saturating_add(child.bytes),
            depth: self.depth.max(child.depth + 1),
            aliased: self.aliased.saturating_add(aliased),
            whole: self.whole.saturating_add(whole),
            decoded_aliased: self.decoded_aliased.saturating_add(child.decoded_aliased),
            decoded: self.decoded.saturating_add(child.decoded),
        }
    }
}

fn behind_alias(target: Size) -> Size {
    Size {
        aliased: target.whole,
        whole: target.whole.saturating_add(1),
        decoded_aliased: target.decoded,
        decoded: target.decoded.saturating_add(1),
        ..target
    }
}

/// What a merge key brings: the values of the mappings, but neither these nor the aliases themselves.
fn merged(nodes: &[Node<'_>], links: &[NodeId], sizes: &[Size], value: NodeId) -> (u64, u64) {
    let size = sizes[value.0 as usize];
    match &nodes[value.0 as usize].content {
        Content::Scalar { .. } => (0, 0),
        Content::Mapping { .. } => (size.aliased, size.whole - 1),
        Content::Alias(target) => {
            let target = sizes[target.0 as usize];
            (target.aliased, target.whole - 1)
        }
        Content::Sequence(run) => children(links, *run)
            .iter()
            .map(|item| merged(nodes, links, sizes, *item))
            .fold((0, 0), |sum, item| (item.0.saturating_add(sum.0), item.1.saturating_add(sum.1))),
    }
}

/// Whether the share of aliases is more than `yaml.v3` allows: 99 % at first, 10 % of very large documents.
#[allow(clippy::cast_precision_loss)] // Both counts are far below 2^52.
fn exceeds(aliased: u64, all: u64) -> bool {
    let beyond = all.clamp(SHARE_FALLS_FROM, SHARE_FALLS_TO) - SHARE_FALLS_FROM;
    let allowed = 0.99 - 0.89 * (beyond as f64 / (SHARE_FALLS_TO - SHARE_FALLS_FROM) as f64);
    aliased as f64 / all as f64 > allowed
}

fn children(links: &[NodeId], run: Run) -> &[NodeId] {
    &links[run.start as usize..(run.start + run.len) as usize]
}
