//! Changes of a namespace in Flipt's language: flags with their variants, rules and rollouts, and segments.

use std::collections::BTreeMap;

use super::content::UNREADABLE;
use crate::kinds::diff::{Change, Moves, Nature, Object, Step, Value, dotted, in_lines};

mod flag;
mod segment;
mod share;

use flag::Several;

/// How many items of a list that comes or goes whole are told one by one.
const MOST_ITEMS: usize = 100;

/// Changes by the flags and segments that they are of; those of the namespace itself come first.
pub(in crate::kinds) fn told(nature: Nature, from: &Value, to: &Value, changes: &[Change]) -> Vec<Object> {
    let mut found: BTreeMap<(Rank, String), Object> = BTreeMap::new();
    if nature != Nature::Changed {
        let mut namespace = Object::new(String::new(), nature);
        namespace.words.push(size(if nature == Nature::Removed { from } else { to }));
        found.insert((Rank::Namespace, String::new()), namespace);
    }
    let several = Several::of([from, to]);
    let moves = Moves::of(changes);
    for (at, change) in changes.iter().enumerate() {
        let steps = change.path.steps();
        let (rank, name, inner) = subject(&steps);
        if rank == Rank::Namespace && nature != Nature::Changed {
            continue;
        }
        let of = if inner.is_empty() { change.nature } else { Nature::Changed };
        let has_several = several.contains(&name);
        let object = found.entry((rank, name));
        let object = object.or_insert_with_key(|(_, name)| Object::new(name.clone(), of));
        object.say(|| match rank {
            Rank::Flag if inner.is_empty() => flag::whole(change),
            Rank::Flag => flag::part(inner, change, has_several, moves.of_change(at)),
            Rank::Segment if inner.is_empty() => segment::whole(change),
            Rank::Segment => segment::part(inner, change),
            Rank::Namespace | Rank::Other => {
                in_lines(&dotted(inner), change.from.as_ref(), change.to.as_ref())
            }
        });
    }
    found.into_values().collect()
}

/// What a change is of, in the order in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Namespace,
    Flag,
    Segment,
    Other,
}

/// What a path is about, and the steps within it.
fn subject<'s, 'c>(steps: &'s [&'c Step]) -> (Rank, String, &'s [&'c Step]) {
    match steps {
        [Step::Field(list), Step::Item(fields, number), inner @ ..] => {
            let key = fields.first().map(|(_, key)| key.as_ref()).unwrap_or_default();
            let nth = if *number > 1 { format!("#{number}") } else { String::new() };
            match list.as_ref() {
                "segments" => (Rank::Segment, format!("segments/{key}{nth}"), inner),
                _ => (Rank::Flag, format!("{key}{nth}"), inner),
            }
        }
        [Step::Field(list), Step::Index(at), inner @ ..] if list.as_ref() == UNREADABLE => {
            (Rank::Other, format!("unreadable document {}", at + 1), inner)
        }
        _ => (Rank::Namespace, String::new(), steps),
    }
}

/// `namespace, 2 flags, 1 segment`
fn size(namespace: &Value) -> String {
    let counts =
        [("flags", "flag"), ("segments", "segment")].map(|(list, word)| counted(namespace, list, word));
    format!("namespace, {}", counts.join(", "))
}

/// `2 flags`
fn counted(value: &Value, list: &str, word: &str) -> String {
    match value.get(list).map_or(0, |list| list.items().len()) {
        1 => format!("1 {word}"),
        many => format!("{many} {word}s"),
    }
}

/// The items of a list that comes or goes whole, one by one, and how many more there are.
fn each(list: Option<&Value>, words: impl Fn(usize, &Value) -> String) -> Vec<String> {
    let items = list.map(Value::items).unwrap_or_default();
    let told = items.iter().enumerate().take(MOST_ITEMS).map(|(at, item)| words(at, item));
    let more = items.len().checked_sub(MOST_ITEMS).filter(|more| *more > 0);
    told.chain(more.map(|more| format!("… and {more} more"))).collect()
}
