//! Which items of two lists are the same ones, where their order has a meaning.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

use super::value::Print;

/// An item as far as alignment needs it.
pub(super) struct Face {
    /// What it is, whole.
    pub(super) print: Print,
    /// What it is known by when the rest of it changes; none where nothing is.
    pub(super) label: Option<Print>,
}

/// How often each item is looked at, on average, before lists that were made to be hard are paired one by one.
const ROUNDS: usize = 16;

/// Pairs of places, rising on both sides: equal items, and items that one has become the other.
///
/// Not always the fewest changes, and found in little more than linear time: equal ends are cut off, items that are
/// alike and stand once on each side are anchors, and what lies between is paired by labels, or one by one.
pub(super) fn align(one: &[Face], other: &[Face]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut gaps = vec![(0..one.len(), 0..other.len())];
    let mut budget = ROUNDS * (one.len() + other.len());
    while let Some((left, right)) = gaps.pop() {
        let (left, right) = cut_ends(one, other, left, right, &mut pairs);
        let Some(rest) = budget.checked_sub(left.len() + right.len()) else {
            pairs.extend(one_by_one(one, other, left, right));
            continue;
        };
        budget = rest;
        let whole = anchors(&one[left.clone()], &other[right.clone()], |face| Some(face.print));
        if !whole.is_empty() {
            pairs.extend(whole.iter().map(|(l, r)| (left.start + l, right.start + r)));
            gaps.extend(between(&whole, &left, &right));
            continue;
        }
        let labelled = anchors(&one[left.clone()], &other[right.clone()], |face| face.label);
        pairs.extend(labelled.iter().map(|(l, r)| (left.start + l, right.start + r)));
        for (left, right) in between(&labelled, &left, &right) {
            pairs.extend(one_by_one(one, other, left, right));
        }
    }
    pairs.sort_unstable();
    pairs
}

/// Pairs equal items at both ends, and gives what is left.
fn cut_ends(
    one: &[Face],
    other: &[Face],
    mut left: Range<usize>,
    mut right: Range<usize>,
    pairs: &mut Vec<(usize, usize)>,
) -> (Range<usize>, Range<usize>) {
    while !left.is_empty() && !right.is_empty() && one[left.start].print == other[right.start].print {
        pairs.push((left.start, right.start));
        left.start += 1;
        right.start += 1;
    }
    while !left.is_empty() && !right.is_empty() && one[left.end - 1].print == other[right.end - 1].print {
        left.end -= 1;
        right.end -= 1;
        pairs.push((left.end, right.end));
    }
    (left, right)
}

/// The longest rising run of items that stand once on each side.
fn anchors<K: Eq + Hash>(
    one: &[Face],
    other: &[Face],
    key: impl Fn(&Face) -> Option<K>,
) -> Vec<(usize, usize)> {
    // Of each key the place on either side, and none where it stands there more than once.
    let mut places: HashMap<K, [Option<Option<usize>>; 2]> = HashMap::new();
    for (side, faces) in [one, other].into_iter().enumerate() {
        for (at, key) in faces.iter().enumerate().filter_map(|(at, face)| Some((at, key(face)?))) {
            let place = &mut places.entry(key).or_default()[side];
            *place = if place.is_none() { Some(Some(at)) } else { Some(None) };
        }
    }
    let both = places.into_values().filter_map(|[left, right]| Some((left??, right??)));
    let mut both: Vec<(usize, usize)> = both.collect();
    both.sort_unstable();
    rising(&both)
}

/// The longest run of pairs whose second places rise too.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The last pair of the best run of each length, and of each pair the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, (_, place)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *place);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut run = Vec::new();
    let mut next = ends.last().copied();
    while let Some(at) = next {
        run.push(pairs[at]);
        next = before[at];
    }
    run.reverse();
    run
}

/// What lies before, between and after pairs; the pairs are relative to the ranges.
fn between(
    pairs: &[(usize, usize)],
    left: &Range<usize>,
    right: &Range<usize>,
) -> Vec<(Range<usize>, Range<usize>)> {
    let mut gaps = Vec::with_capacity(pairs.len() + 1);
    let (mut from_left, mut from_right) = (left.start, right.start);
    for (l, r) in pairs {
        gaps.push((from_left..left.start + l, from_right..right.start + r));
        (from_left, from_right) = (left.start + l + 1, right.start + r + 1);
    }
    gaps.push((from_left..left.end, from_right..right.end));
    gaps
}

/// Pairs what nothing else pairs, in order. Items with labels that are not equally many stay apart: it would be a guess.
fn one_by_one(
    one: &[Face],
    other: &[Face],
    left: Range<usize>,
    right: Range<usize>,
) -> impl Iterator<Item = (usize, usize)> {
    let has_label = |face: &Face| face.label.is_some();
    let labelled = one[left.clone()].iter().any(has_label) && other[right.clone()].iter().any(has_label);
    let many = if labelled && left.len() != right.len() { 0 } else { left.len().min(right.len()) };
    left.zip(right).take(many)
}
