//! The secrets of a document that can be read: found once, for whoever hides them and for whoever warns of them.

use std::collections::HashSet;

use super::clear::{ENCRYPTED, content, is_clear, is_clear_pair};
use super::text;
use crate::kinds::kubernetes::group::root::{entries, field, items};
use crate::kinds::yaml::{NodeId, Problem, Scalar, Shape, Value, brief};

/// How deep texts may stand in texts; what lies deeper is a mere text.
const MAX_TEXTS: usize = 4;

/// The values of a document that are never shown.
pub(in super::super) fn hidden(root: Value<'_>) -> HashSet<NodeId> {
    let mut found = HashSet::new();
    walk(root, false, &mut |secret| match secret {
        Secret::Object { parts, .. } => found.extend(parts.iter().map(|part| part.value.id())),
        Secret::Literals(list) => found.extend([list.id()]),
        Secret::Text(value, _) => found.extend([value.id()]),
    });
    found
}

/// The first value in the clear of each Secret in a document that stands in so many texts.
pub(super) fn plain(root: Value<'_>, depth: usize) -> Vec<Problem> {
    let is_file_sealed = is_sealed(root);
    let mut found = Vec::new();
    walk(root, false, &mut |secret| match secret {
        Secret::Object { parts, is_sealed } => found.extend(plain_part(&parts, is_sealed || is_file_sealed)),
        Secret::Literals(list) => found.extend(plain_literal(list)),
        Secret::Text(value, held) => {
            let within =
                if depth < MAX_TEXTS { text::plain_within(held.text, depth + 1) } else { Vec::new() };
            let here = |problem: Problem| Problem { mark: value.mark(), ..problem };
            found.extend(within.into_iter().map(here).next());
        }
    });
    found
}

/// What is secret in a document.
enum Secret<'t> {
    /// The values of an object, and whether SOPS encrypted it.
    Object { parts: Vec<Part<'t>>, is_sealed: bool },
    /// The literals of a generator of Secrets.
    Literals(Value<'t>),
    /// A text that may hold a Secret.
    Text(Value<'t>, Scalar<'t>),
}

/// A value of a Secret.
struct Part<'t> {
    /// `data` or `stringData`.
    of: &'static str,
    /// None where the values are not written one by one.
    key: Option<Value<'t>>,
    value: Value<'t>,
}

/// Finds what is secret in a value, which may be a Secret without saying so; nests no deeper than the readers let it.
fn walk<'t>(value: Value<'t>, is_item: bool, found: &mut impl FnMut(Secret<'t>)) {
    let value = value.last();
    match value.shape() {
        Shape::Scalar(scalar) => {
            if text::may_hold(scalar.text) {
                found(Secret::Text(value, scalar));
            }
        }
        Shape::Sequence(sequence) => sequence.items().for_each(|item| walk(item, false, found)),
        Shape::Mapping(_) => {
            let kind = exact(value, "kind").and_then(Value::scalar).map(|kind| kind.text);
            let is_secret = kind == Some("Secret") || (is_item && kind.is_none());
            if is_secret {
                found(Secret::Object { parts: parts(value), is_sealed: is_sealed(value) });
            }
            let generators =
                items(value, "secretGenerator").chain((kind == Some("SecretGenerator")).then_some(value));
            for literals in generators.filter_map(|generator| field(generator, "literals")) {
                found(Secret::Literals(literals.last()));
            }
            for (key, inner) in entries(value) {
                match key.scalar().map(|key| key.text) {
                    Some("data" | "stringData") if is_secret => {}
                    Some("items") if kind == Some("SecretList") => {
                        each(inner, |item| walk(item, true, found));
                    }
                    _ => walk(inner, false, found),
                }
            }
        }
    }
}

fn each<'t>(list: Value<'t>, visit: impl FnMut(Value<'t>)) {
    if let Shape::Sequence(sequence) = list.last().shape() {
        sequence.items().for_each(visit);
    }
}

fn exact<'t>(value: Value<'t>, name: &str) -> Option<Value<'t>> {
    let is_named = |key: Value<'_>| key.scalar().is_some_and(|scalar| scalar.text == name);
    entries(value).filter(|(key, _)| is_named(*key)).last().map(|(_, value)| value.last())
}

fn parts(secret: Value<'_>) -> Vec<Part<'_>> {
    let of_field = |of: &'static str| {
        let values = exact(secret, of)?;
        Some(match values.shape() {
            Shape::Mapping(_) => {
                entries(values).map(|(key, value)| Part { of, key: Some(key), value: value.last() }).collect()
            }
            Shape::Scalar(_) | Shape::Sequence(_) => vec![Part { of, key: None, value: values }],
        })
    };
    ["data", "stringData"].into_iter().filter_map(of_field).flat_map(|parts: Vec<_>| parts).collect()
}

/// Whether SOPS wrote of itself into a document: a mapping with a `mac`, itself encrypted.
fn is_sealed(document: Value<'_>) -> bool {
    let mac = exact(document, "sops").and_then(|sops| exact(sops, "mac")).and_then(Value::scalar);
    mac.is_some_and(|mac| mac.text.starts_with(ENCRYPTED))
}

/// Where SOPS sealed the file and encrypted one value of the Secret, it left the others out as it was told to.
fn plain_part(parts: &[Part<'_>], is_sealed: bool) -> Option<Problem> {
    let text = |part: &Part<'_>| part.value.scalar().and_then(content).map(str::to_owned);
    let is_encrypted = |part: &Part<'_>| text(part).is_some_and(|text| text.starts_with(ENCRYPTED));
    if is_sealed && parts.iter().any(is_encrypted) {
        return None;
    }
    let part = parts.iter().find(|part| text(part).is_some_and(|text| is_clear(&text)))?;
    let key = part.key.unwrap_or(part.value);
    let name =
        part.key.and_then(Value::scalar).map(|key| format!(".{}", brief(key.text))).unwrap_or_default();
    let message =
        format!("`{}{name}` of this Secret is not encrypted; encrypt it with SOPS, or seal it", part.of);
    Some(Problem::new(key.mark(), super::PLAIN, message))
}

fn plain_literal(list: Value<'_>) -> Option<Problem> {
    let Shape::Sequence(literals) = list.shape() else { return None };
    let is_plain = |literal: &Value<'_>| literal.scalar().and_then(content).is_some_and(is_clear_pair);
    let literal = literals.items().map(Value::last).find(is_plain)?;
    let name = literal.scalar().and_then(|literal| literal.text.split_once('=')).map_or("", |(name, _)| name);
    let message = format!(
        "the literal `{}` of this Secret is not encrypted; name a file in `envs` that SOPS encrypted",
        brief(name)
    );
    Some(Problem::new(literal.mark(), super::PLAIN, message))
}
