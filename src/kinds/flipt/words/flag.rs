//! What differs of a flag, in words.

use std::collections::HashSet;

use super::counted;
use super::each;
use super::share::{described, percent, segments, share, shares};
use crate::kinds::diff::{Change, Moved, Nature, Step, Value, dotted, general, in_lines, plain, short};

/// `variant flag, enabled, 2 variants`, of one that is new.
pub(super) fn whole(change: &Change) -> Vec<String> {
    let Some(flag) = &change.to else { return Vec::new() };
    let state = if flag.get("enabled") == Some(&Value::Bool(true)) { "enabled" } else { "disabled" };
    let mut words = format!("{} flag, {state}", kind(flag.get("type")));
    if flag.get("variants").is_some_and(|variants| !variants.items().is_empty()) {
        words = words + ", " + &counted(flag, "variants", "variant");
    }
    vec![words]
}

/// A flag without a type has variants.
fn kind(value: Option<&Value>) -> String {
    match value.map(|value| (value, value.as_text())) {
        Some((_, Some("BOOLEAN_FLAG_TYPE"))) => "boolean".to_owned(),
        None | Some((_, Some("VARIANT_FLAG_TYPE"))) => "variant".to_owned(),
        Some((value, _)) => plain(value),
    }
}

/// What differs within a flag; `has_several` rules, so that they must be told apart.
pub(super) fn part(inner: &[&Step], change: &Change, has_several: bool, moved: Moved) -> Vec<String> {
    let (from, to) = (change.from.as_ref(), change.to.as_ref());
    let [Step::Field(field), rest @ ..] = inner else {
        return vec![general(&dotted(inner), from, to)];
    };
    match (field.as_ref(), rest) {
        ("type", []) => match (from, to) {
            (Some(from), Some(to)) => vec![format!("type: {} → {}", kind(Some(from)), kind(Some(to)))],
            _ => vec![general("type", from, to)],
        },
        ("variants" | "rules" | "rollouts", []) if change.nature != Nature::Changed => list(field, change),
        ("variants", [Step::Item(fields, _)]) => {
            vec![format!("variant {} {}", key(fields), change.nature.name())]
        }
        ("variants", [Step::Item(fields, _), rest @ ..]) => {
            in_lines(&format!("variant {}: {}", key(fields), dotted(rest)), from, to)
        }
        ("rules" | "rollouts", [Step::Index(at)]) => ranked(field, *at, change, moved),
        ("rules", [Step::Index(at), rest @ ..]) => {
            let rule = if has_several { format!("rule {}: ", at + 1) } else { String::new() };
            rule_part(rest, change).into_iter().map(|words| format!("{rule}{words}")).collect()
        }
        ("rollouts", [Step::Index(at), rest @ ..]) => {
            vec![format!("rollout {}: {}", at + 1, rollout_part(rest, change))]
        }
        _ => in_lines(&dotted(inner), from, to),
    }
}

fn key(fields: &[(&'static str, Box<str>)]) -> String {
    fields.first().map(|(_, key)| plain(&Value::Text(key.clone()))).unwrap_or_default()
}

fn one(list: &str) -> &str {
    match list {
        "variants" => "variant",
        "rules" => "rule",
        _ => "rollout",
    }
}

/// A list that comes or goes whole, item by item.
fn list(name: &str, change: &Change) -> Vec<String> {
    let (one, verb) = (one(name), change.nature.name());
    each(change.from.as_ref().or(change.to.as_ref()), |at, item| match name {
        "variants" => format!("{one} {} {verb}", item.get("key").map_or_else(|| short(item), plain)),
        _ => format!("{one} {} {verb}: {}", at + 1, described(item)),
    })
}

/// A rule or rollout that comes, goes, moves, or is another altogether.
fn ranked(list: &str, at: usize, change: &Change, moved: Moved) -> Vec<String> {
    let name = format!("{} {}", one(list), at + 1);
    match (&change.from, &change.to, moved) {
        (_, _, Moved::Told) => Vec::new(),
        (Some(item), _, Moved::To(place)) => {
            vec![format!("{name} moved to {}: {}", place + 1, described(item))]
        }
        (Some(item), None, _) | (None, Some(item), _) => {
            vec![format!("{name} {}: {}", change.nature.name(), described(item))]
        }
        (from, to, _) => vec![general(&name, from.as_ref(), to.as_ref())],
    }
}

/// What differs within a rule.
fn rule_part(rest: &[&Step], change: &Change) -> Vec<String> {
    let (from, to) = (change.from.as_ref(), change.to.as_ref());
    let verb = change.nature.name();
    let [Step::Field(field), inner @ ..] = rest else {
        return vec![general(&dotted(rest), from, to)];
    };
    let told = match (field.as_ref(), inner, from, to) {
        ("distributions", [], Some(from), Some(to)) => {
            format!("rollouts {} → {}", shares(from), shares(to))
        }
        ("distributions", [], ..) => {
            return each(from.or(to), |_, item| format!("rollout {} {verb}", share(item)));
        }
        ("distributions", [Step::Item(..)], ..) => {
            format!("rollout {} {verb}", from.or(to).map(share).unwrap_or_default())
        }
        ("distributions", [Step::Item(fields, _), Step::Field(field)], Some(from), Some(to))
            if field.as_ref() == "rollout" =>
        {
            format!("rollout {} {} → {}", key(fields), percent(from), percent(to))
        }
        _ => named(rest, change),
    };
    vec![told]
}

/// What differs within a rollout.
fn rollout_part(rest: &[&Step], change: &Change) -> String {
    match (rest, &change.from, &change.to) {
        ([Step::Field(object), Step::Field(field)], Some(from), Some(to))
            if object.as_ref() == "threshold" && field.as_ref() == "percentage" =>
        {
            format!("threshold {} → {}", percent(from), percent(to))
        }
        _ => named(rest, change),
    }
}

/// What differs in how a rule or a rollout names segments.
fn named(rest: &[&Step], change: &Change) -> String {
    let (from, to) = (change.from.as_ref(), change.to.as_ref());
    let [Step::Field(field), inner @ ..] = rest else { return general(&dotted(rest), from, to) };
    match (field.as_ref(), inner, from, to) {
        ("segment", [], Some(from), Some(to)) => format!("segment {} → {}", segments(from), segments(to)),
        ("segment", [Step::Field(key)], Some(from), Some(to)) if key.as_ref() == "key" => {
            format!("segment {} → {}", plain(from), plain(to))
        }
        ("segment", [Step::Field(keys), Step::Any], ..) if keys.as_ref() == "keys" => {
            format!("segment {} {}", from.or(to).map(plain).unwrap_or_default(), change.nature.name())
        }
        _ => general(&dotted(rest), from, to),
    }
}

/// The flags that have more than one rule on either side.
pub(super) struct Several<'v>(HashSet<&'v str>);

impl<'v> Several<'v> {
    pub(super) fn of(sides: [&'v Value; 2]) -> Self {
        let flags = sides.into_iter().filter_map(|side| side.get("flags")).flat_map(Value::items);
        let many = flags.filter(|flag| flag.get("rules").is_some_and(|rules| rules.items().len() > 1));
        Self(many.filter_map(|flag| flag.get("key")?.as_text()).collect())
    }

    pub(super) fn contains(&self, flag: &str) -> bool {
        self.0.contains(flag)
    }
}
