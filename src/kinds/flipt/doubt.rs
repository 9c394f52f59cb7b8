//! What the check of references may believe of a document that has faults of its own.

use super::encode::encode;
use super::outline::{Doubt, Flag, Outline, Word};
use super::shape::{DOCUMENT, FLAG, NAMESPACE, SEGMENT, Shape, VARIANT};
use crate::kinds::yaml::{Scalar, Shape as Form, Value};

/// The outline of a document that the schema refuses, without what may change once its faults are mended.
pub(super) fn outline(document: Value<'_>, size: usize) -> Outline {
    let Some(([_, namespace, flags, segments], is_closed)) = fields(document, &DOCUMENT) else {
        return Outline::unknown();
    };
    let mut outline = encode(document, size).outline;
    outline.doubt = match (namespace, segments) {
        (Some(namespace), _) if !is_namespace(namespace) => Doubt::Namespace,
        (None, _) if !is_closed => Doubt::Namespace,
        (_, Some(segments)) if !all(segments, |segment| has_key(segment, &SEGMENT, 0)) => Doubt::Segments,
        (_, None) if !is_closed => Doubt::Segments,
        _ => Doubt::None,
    };
    let values = flags.into_iter().filter_map(items).flatten();
    let written = std::mem::take(&mut outline.flags).into_iter().zip(values);
    let named = written.filter(|(_, value)| has_key(*value, &FLAG, 0));
    outline.flags = named.map(|(flag, value)| believed(flag, value, &outline)).collect();
    outline
}

/// A flag without the references that cannot be judged.
fn believed(mut flag: Flag, value: Value<'_>, outline: &Outline) -> Flag {
    let knows_variants = fields(value, &FLAG).is_some_and(|([.., variants, _, _], is_closed)| {
        variants.map_or(is_closed, |variants| all(variants, |variant| has_key(variant, &VARIANT, 1)))
    });
    let is_text = |word: &Word| !outline.text(*word).is_empty();
    if !knows_variants {
        flag.variants.clear();
    }
    for rule in &mut flag.rules {
        rule.segments.retain(is_text);
        rule.variants.retain(|word| knows_variants && is_text(word));
    }
    for segments in &mut flag.rollouts {
        segments.retain(is_text);
    }
    flag
}

/// An object's values by field, and whether it has no other; none where it is no object.
fn fields<'t, const N: usize>(object: Value<'t>, shape: &Shape<N>) -> Option<([Option<Value<'t>>; N], bool)> {
    let Form::Mapping(mapping) = object.shape() else {
        return None;
    };
    let mut is_closed = true;
    let values = shape.sort(mapping.merged().ok()?, |_| is_closed = false);
    Some((values, is_closed))
}

fn is_namespace(value: Value<'_>) -> bool {
    is_text(value) || has_key(value, &NAMESPACE, 0)
}

/// Whether an object has a text in the field that is its key.
fn has_key<const N: usize>(object: Value<'_>, shape: &Shape<N>, key: usize) -> bool {
    fields(object, shape).and_then(|(values, _)| values[key]).is_some_and(is_text)
}

fn is_text(value: Value<'_>) -> bool {
    value.scalar().is_some_and(|scalar: Scalar<'_>| !scalar.is_null() && !scalar.text.is_empty())
}

/// Whether a value is a list of such items.
fn all(list: Value<'_>, is_such: impl Fn(Value<'_>) -> bool) -> bool {
    items(list).is_some_and(|mut items| items.all(is_such))
}

fn items(list: Value<'_>) -> Option<impl Iterator<Item = Value<'_>>> {
    match list.shape() {
        Form::Sequence(sequence) => Some(sequence.items()),
        Form::Scalar(_) | Form::Mapping(_) => None,
    }
}
