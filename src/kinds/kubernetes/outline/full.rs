//! The outline by the full reader, which knows every document that `yaml.v3` knows.

use super::draft::{Draft, Written};
use super::{MAX_LISTS, Reading};
use crate::kinds::kubernetes::object::Outline;
use crate::kinds::yaml::{
    self, BadMerge, Entries, Mapping, Parsed, Problem, Scalar, Sequence, Shape, Source, Value,
};

/// Reads a file of YAML.
pub(super) fn yaml(bytes: &[u8]) -> Reading {
    let mut decoded = yaml::decode(bytes);
    match first(std::mem::take(&mut decoded.problems)) {
        Some(problem) => broken(problem),
        None => documents(Source::new(&decoded).documents()),
    }
}

/// Reads a file of JSON.
pub(super) fn json(bytes: &[u8]) -> Reading {
    let mut decoded = yaml::decode(bytes);
    match first(std::mem::take(&mut decoded.problems)) {
        Some(problem) => broken(problem),
        None => documents(yaml::read_json(&decoded.text).into_iter()),
    }
}

/// A file that cannot be read at all.
fn broken(problem: Problem) -> Reading {
    let outline = Outline { unreadable: Some(problem), ..Outline::default() };
    Reading { outline, ..Reading::default() }
}

fn first(problems: Vec<Problem>) -> Option<Problem> {
    problems.into_iter().min_by_key(|problem| problem.mark)
}

fn documents<'s>(documents: impl Iterator<Item = Parsed<'s>>) -> Reading {
    let mut reading = Reading::default();
    for Parsed { tree, problems, .. } in documents {
        let fault = first(problems).or_else(|| document(tree?.root(), &mut reading).err());
        if fault.is_some() {
            reading.outline.unreadable = fault;
            break;
        }
    }
    reading
}

fn document(root: Value<'_>, reading: &mut Reading) -> Result<(), Problem> {
    if root.scalar().is_some_and(Scalar::is_null) {
        return Ok(());
    }
    let mut found = Outline::default();
    let is_list = take(root, Around::default(), &mut found)?;
    reading.documents += 1;
    reading.lists += usize::from(is_list);
    let outline = &mut reading.outline;
    outline.objects.append(&mut found.objects);
    outline.others += found.others;
    outline.scopes.append(&mut found.scopes);
    outline.doubts.append(&mut found.doubts);
    Ok(())
}

/// The lists that a value stands in.
#[derive(Clone, Copy, Default)]
struct Around<'t> {
    /// How many.
    depth: usize,
    /// The type that items have where they state none, as the items of a `ConfigMapList` may.
    kind: Option<(Scalar<'t>, Scalar<'t>)>,
}

/// Writes an object, or the items of a list, into the outline; whether it is a list.
fn take(value: Value<'_>, around: Around<'_>, outline: &mut Outline) -> Result<bool, Problem> {
    let Shape::Mapping(mapping) = value.shape() else {
        outline.others += 1;
        return Ok(false);
    };
    let mut draft = Draft { mark: value.mark(), ..Draft::default() };
    let mut items = None;
    for (key, value) in entries(mapping)? {
        match key.scalar().map(|key| key.text) {
            Some("apiVersion") => draft.api_version = value.scalar(),
            Some("kind") => draft.kind = value.scalar(),
            Some("metadata") => metadata(value, &mut draft)?,
            Some("spec") => spec(value, &mut draft)?,
            Some("items") => items = Some(value),
            _ => {}
        }
    }
    if let (Some((api_version, kind)), None, None) = (around.kind, draft.api_version, draft.kind) {
        (draft.api_version, draft.kind) = (Some(api_version), Some(kind));
    }
    if let Some(List { items, kind }) = list(&draft, items) {
        if around.depth == MAX_LISTS {
            let message = format!("lists stand in lists more than {MAX_LISTS} deep here");
            return Err(Problem::new(draft.mark, "too-deep", message));
        }
        let around = Around { depth: around.depth + 1, kind };
        for item in items.into_iter().flat_map(Sequence::items) {
            take(item, around, outline)?;
        }
        return Ok(true);
    }
    if !draft.write(outline) {
        outline.others += 1;
    }
    Ok(false)
}

/// An object that stands for others.
struct List<'t> {
    items: Option<Sequence<'t>>,
    kind: Option<(Scalar<'t>, Scalar<'t>)>,
}

/// A `List`, or an object of a kind that ends so and has `items`, which kustomize takes for one too.
fn list<'t>(draft: &Draft<'t>, items: Option<Value<'t>>) -> Option<List<'t>> {
    let (_, name) = draft.kind()?;
    let kind = name.strip_suffix("List")?;
    let items = match items.map(Value::shape) {
        Some(Shape::Sequence(items)) => Some(items),
        Some(Shape::Scalar(scalar)) if scalar.is_null() => None,
        None if kind.is_empty() => None,
        _ => return None,
    };
    let of_kind = draft.kind.filter(|_| !kind.is_empty()).map(|scalar| Scalar { text: kind, ..scalar });
    Some(List { items, kind: draft.api_version.zip(of_kind) })
}

fn metadata<'t>(value: Value<'t>, draft: &mut Draft<'t>) -> Result<(), Problem> {
    for (key, value) in fields(value)? {
        match key.scalar().map(|key| key.text) {
            Some("name") => draft.name = value.scalar(),
            Some("namespace") => {
                draft.namespace = Some(written(value));
                draft.namespace_mark = value.mark();
            }
            _ => {}
        }
    }
    Ok(())
}

fn spec<'t>(value: Value<'t>, draft: &mut Draft<'t>) -> Result<(), Problem> {
    for (key, value) in fields(value)? {
        match key.scalar().map(|key| key.text) {
            Some("group") => draft.group = value.scalar(),
            Some("scope") => draft.scope = value.scalar(),
            Some("names") => {
                let names =
                    fields(value)?.find(|(key, _)| key.scalar().is_some_and(|key| key.text == "kind"));
                draft.defined = names.and_then(|(_, kind)| kind.scalar());
            }
            _ => {}
        }
    }
    Ok(())
}

/// A namespace, where `{{ … }}` may stand as it does in templates: to YAML a mapping whose one key is a mapping.
fn written(value: Value<'_>) -> Written<'_> {
    match value.shape() {
        Shape::Scalar(scalar) => Written::Scalar(scalar),
        _ => match first_key(value).and_then(first_key).and_then(Value::scalar) {
            Some(inner) => Written::Template(inner.text),
            None => Written::Collection,
        },
    }
}

fn first_key(value: Value<'_>) -> Option<Value<'_>> {
    match value.shape() {
        Shape::Mapping(mapping) => mapping.written().next().map(|(key, _)| key),
        Shape::Scalar(_) | Shape::Sequence(_) => None,
    }
}

/// The entries of a value, none where it is no mapping.
fn fields(value: Value<'_>) -> Result<Entries<'_>, Problem> {
    match value.shape() {
        Shape::Mapping(mapping) => entries(mapping),
        Shape::Scalar(_) | Shape::Sequence(_) => Ok(Entries::none()),
    }
}

/// The entries of a mapping, those that it merges among them.
fn entries(mapping: Mapping<'_>) -> Result<Entries<'_>, Problem> {
    let refused =
        |BadMerge { mark }| Problem::new(mark, "bad-merge", "`<<` takes a mapping, or a list of mappings");
    mapping.merged().map_err(refused)
}
