//! Rules and rollouts in short: which segments they are for, and what they give to whom.

use crate::kinds::diff::{Value, plain, short};

/// How many segments or shares of one rule are named.
const NAMED: usize = 10;

/// `segment beta, blue 20%, red 80%` of a rule, `segment beta` or `50%` of a rollout.
pub(super) fn described(item: &Value) -> String {
    let mut parts = Vec::new();
    if let Some(segment) = item.get("segment") {
        parts.push(format!("segment {}", segments(segment)));
    }
    if let Some(percentage) = item.get("threshold").and_then(|threshold| threshold.get("percentage")) {
        parts.push(percent(percentage));
    }
    parts.extend(item.get("distributions").map(shares).filter(|shares| !shares.is_empty()));
    if parts.is_empty() { short(item) } else { parts.join(", ") }
}

/// `beta`, or `beta and gold`.
pub(super) fn segments(segment: &Value) -> String {
    let Some(keys) = segment.get("keys") else {
        return segment.get("key").map_or_else(|| plain(segment), plain);
    };
    let is_all = segment.get("operator").and_then(Value::as_text) == Some("AND_SEGMENT_OPERATOR");
    let named: Vec<String> = keys.items().iter().take(NAMED).map(plain).collect();
    named.join(if is_all { " and " } else { " or " }) + rest(keys)
}

/// `blue 20%, red 80%`
pub(super) fn shares(distributions: &Value) -> String {
    let named: Vec<String> = distributions.items().iter().take(NAMED).map(share).collect();
    named.join(", ") + rest(distributions)
}

fn rest(list: &Value) -> &'static str {
    if list.items().len() > NAMED { ", …" } else { "" }
}

/// `blue 20%`
pub(super) fn share(distribution: &Value) -> String {
    match (distribution.get("variant"), distribution.get("rollout")) {
        (Some(variant), Some(rollout)) => format!("{} {}", plain(variant), percent(rollout)),
        _ => short(distribution),
    }
}

/// `20%`
pub(super) fn percent(number: &Value) -> String {
    plain(number) + "%"
}
