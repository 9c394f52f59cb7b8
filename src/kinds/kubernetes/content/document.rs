//! The documents of a manifest as values, what is secret of them hidden, a list's items in its place, and what an object is known by.

use crate::kinds::diff::{Full, Room, Value, of_json, of_yaml};
use crate::kinds::kubernetes::outline::MAX_LISTS;
use crate::kinds::kubernetes::secrets::hidden;
use crate::kinds::yaml::{self, Source};

const JSON: &str = ".json";

/// All documents that hold anything; none where the file cannot be read.
pub(super) fn all(path: &str, bytes: &[u8], room: &Room) -> Result<Option<Vec<Value>>, Full> {
    let decoded = yaml::decode(bytes);
    if !decoded.problems.is_empty() {
        return Ok(None);
    }
    let mut found = Vec::new();
    if path.ends_with(JSON) {
        let Some(parsed) = yaml::read_json(&decoded.text) else { return Ok(Some(found)) };
        let Some(tree) = parsed.tree.filter(|_| parsed.problems.is_empty()) else { return Ok(None) };
        let value = of_json(tree.root(), &hidden(tree.root()));
        room.take(value.held())?;
        add(value, 0, &mut found);
        return Ok(Some(found));
    }
    let source = Source::new(&decoded);
    for parsed in source.documents() {
        let tree = parsed.tree.filter(|_| parsed.problems.is_empty());
        let Some(value) = tree.and_then(|tree| of_yaml(tree.root(), &hidden(tree.root()))) else {
            return Ok(None);
        };
        // Aliases make a small text large, and so do many small values.
        room.take(value.held())?;
        add(value, 0, &mut found);
    }
    Ok(Some(found))
}

/// Adds a document, or the items of one that is a list; a list that stands too deep in lists stays as it is.
fn add(value: Value, depth: usize, found: &mut Vec<Value>) {
    let kind = value.get("kind").and_then(Value::as_text).unwrap_or_default();
    let is_list = kind.ends_with("List") && matches!(value.get("items"), Some(Value::List(_)));
    match value {
        Value::Null => {}
        value if is_list && depth < MAX_LISTS => {
            for item in value.into_items("items") {
                add(item, depth + 1, found);
            }
        }
        value => found.push(value),
    }
}

/// What an object is known by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Identity([Box<str>; 4]);

/// The fields that an object is known by.
pub(super) const IDENTITY: [&str; 4] = ["apiVersion", "kind", "metadata.namespace", "metadata.name"];

impl Identity {
    /// None where a document is no object, or has no name.
    pub(super) fn of(document: &Value) -> Option<Self> {
        let mut found = Self(Default::default());
        for (at, field) in IDENTITY.iter().enumerate() {
            found.0[at] = match document.at(field) {
                Some(Value::Text(text)) if !text.is_empty() => text.clone(),
                None | Some(Value::Null) if *field == "metadata.namespace" => "".into(),
                _ => return None,
            };
        }
        Some(found)
    }
}
