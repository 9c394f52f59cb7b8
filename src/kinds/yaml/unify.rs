//! JSON keys given more than once: taken where their values agree, as Go's decoder behind a CUE schema takes them.

use std::collections::HashMap;

use super::decimal::Decimal;

use super::tree::{Content, Mark, Node, NodeId, Problem, Run, Style, Tag, Tree};
use super::words::brief;

/// Makes one entry of all entries of a key, in every object; the value written last is kept beside it.
///
/// Objects are united key by key, lists item by item, and anything else must be equal; where values do
/// not agree, a problem at the second key says so.
pub(super) fn duplicates(tree: &mut Tree<'_>, problems: &mut Vec<Problem>) {
    // Nodes made here come after those that were read, and need no second look.
    for index in 0..tree.nodes.len() {
        let Content::Mapping { run, merges } = tree.nodes[index].content else {
            continue;
        };
        if !has_duplicates(tree, run) {
            continue;
        }
        let run = united(tree, &[run], problems);
        tree.nodes[index].content = Content::Mapping { run, merges };
    }
}

fn has_duplicates(tree: &Tree<'_>, run: Run) -> bool {
    let mut keys: Vec<_> = pairs(tree, run).map(|(key, _)| text(tree, key)).collect();
    keys.sort_unstable();
    keys.windows(2).any(|pair| pair[0] == pair[1])
}

/// The entries of several objects as one run.
fn united(tree: &mut Tree<'_>, runs: &[Run], problems: &mut Vec<Problem>) -> Run {
    let mut order: Vec<(NodeId, Vec<NodeId>)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut second: HashMap<usize, Mark> = HashMap::new();
    for (key, value) in runs.iter().flat_map(|run| pairs(tree, *run)) {
        let place = *places.entry(text(tree, key)).or_insert(order.len());
        if place == order.len() {
            order.push((key, vec![value]));
        } else {
            second.entry(place).or_insert(tree.nodes[key.0 as usize].mark);
            order[place].1.push(value);
        }
    }
    let mut links = Vec::with_capacity(order.len() * 2);
    for (place, (key, values)) in order.iter().enumerate() {
        let mark = second.get(&place).copied().unwrap_or_default();
        links.push(*key);
        links.push(agreed(tree, values, *key, mark, problems));
    }
    append(tree, links)
}

/// One value for several; the first where they do not agree.
fn agreed(
    tree: &mut Tree<'_>,
    values: &[NodeId],
    key: NodeId,
    second: Mark,
    problems: &mut Vec<Problem>,
) -> NodeId {
    let (first, last) = (values[0], values[values.len() - 1]);
    if values.len() == 1 || values[1..].iter().all(|value| same_scalar(tree, first, *value)) {
        return if values.len() == 1 { first } else { kept(tree, first, last) };
    }
    let mappings: Option<Vec<_>> = values.iter().map(|value| mapping(tree, *value)).collect();
    let lists: Option<Vec<_>> = values.iter().map(|value| list(tree, *value)).collect();
    let content = if let Some(runs) = mappings {
        Content::Mapping { run: united(tree, &runs, problems), merges: false }
    } else if let Some(runs) = lists.filter(|runs| runs.iter().all(|run| run.len == runs[0].len)) {
        let columns = (0..runs[0].len)
            .map(|at| runs.iter().map(|run| tree.links[(run.start + at) as usize]).collect::<Vec<_>>());
        let columns: Vec<_> = columns.collect();
        let links = columns.iter().map(|items| agreed(tree, items, key, second, problems)).collect();
        Content::Sequence(append(tree, links))
    } else {
        let message = format!("the key `{}` is given twice, with different values", brief(text(tree, key)));
        problems.push(Problem::new(second, "duplicate-key", message));
        return first;
    };
    let mark = tree.nodes[first.0 as usize].mark;
    let id = push(tree, mark, content);
    let last = tree.last.get(&last).copied().unwrap_or(last);
    tree.last.insert(id, last);
    id
}

/// A scalar equal to `first` that remembers how it was written last.
fn kept(tree: &mut Tree<'_>, first: NodeId, last: NodeId) -> NodeId {
    if text(tree, first) != text(tree, last) {
        tree.last.insert(first, last);
    }
    first
}

fn same_scalar(tree: &Tree<'_>, one: NodeId, other: NodeId) -> bool {
    let scalar = |id: NodeId| match &tree.nodes[id.0 as usize].content {
        Content::Scalar { text, style } => Some((text.as_ref(), *style)),
        _ => None,
    };
    let (Some((one, style)), Some((other, other_style))) = (scalar(one), scalar(other)) else {
        return false;
    };
    if style != other_style {
        return false;
    }
    let whole = |text: &str| !text.contains(['.', 'e', 'E']);
    one == other
        || (style == Style::Plain
            && whole(one) == whole(other)
            && Decimal::parse(one).is_some_and(|one| Some(one) == Decimal::parse(other)))
}

fn mapping(tree: &Tree<'_>, id: NodeId) -> Option<Run> {
    match tree.nodes[id.0 as usize].content {
        Content::Mapping { run, .. } => Some(run),
        _ => None,
    }
}

fn list(tree: &Tree<'_>, id: NodeId) -> Option<Run> {
    match tree.nodes[id.0 as usize].content {
        Content::Sequence(run) => Some(run),
        _ => None,
    }
}

fn text<'t>(tree: &'t Tree<'_>, key: NodeId) -> &'t str {
    match &tree.nodes[key.0 as usize].content {
        Content::Scalar { text, .. } => text,
        _ => "",
    }
}

fn pairs<'t>(tree: &'t Tree<'_>, run: Run) -> impl Iterator<Item = (NodeId, NodeId)> + use<'t> {
    tree.links[run.start as usize..(run.start + run.len) as usize]
        .chunks_exact(2)
        .map(|pair| (pair[0], pair[1]))
}

fn append(tree: &mut Tree<'_>, links: Vec<NodeId>) -> Run {
    let start = u32::try_from(tree.links.len()).unwrap_or(u32::MAX);
    let len = u32::try_from(links.len()).unwrap_or(u32::MAX);
    tree.links.extend(links);
    Run { start, len }
}

fn push(tree: &mut Tree<'_>, mark: Mark, content: Content<'static>) -> NodeId {
    let id = NodeId(u32::try_from(tree.nodes.len()).unwrap_or(u32::MAX));
    tree.nodes.push(Node { mark, tag: Tag::None, content });
    id
}
