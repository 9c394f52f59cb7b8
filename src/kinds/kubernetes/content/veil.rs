//! What of manifests is compared and never shown: the values of Secrets, wherever they stand.

use std::collections::HashSet;

use crate::kinds::diff::Value;

/// Where `kubectl apply` keeps the whole object once more.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// A document without what is never shown.
pub(super) fn document(document: Value) -> Value {
    let is_secret = document.get("kind").and_then(Value::as_text) == Some("Secret");
    let document = if has_text(&document) { texts(document) } else { document };
    let document = document.with_field("secretGenerator", |generators| {
        generators.with_each(|generator| generator.with_field("literals", Value::hidden))
    });
    if !is_secret {
        return document;
    }
    let hidden = |values: Value| match values {
        Value::Map(_) => values.with_each(Value::hidden),
        other => other.hidden(),
    };
    document.with_field("data", hidden).with_field("stringData", hidden).with_field("metadata", |metadata| {
        metadata.with_field("annotations", |annotations| annotations.with_field(LAST_APPLIED, Value::hidden))
    })
}

/// A text that may hold a Secret, as one that could not be read, or a patch within a kustomization.
pub(super) fn text(value: Value) -> Value {
    if value.as_text().is_some_and(may_hold) { value.hidden() } else { value }
}

fn may_hold(text: &str) -> bool {
    text.contains("Secret") && text.contains("kind") && (text.contains("data") || text.contains("Data"))
}

fn has_text(value: &Value) -> bool {
    match value {
        Value::Text(text) => may_hold(text),
        Value::Map(fields) => fields.entries().iter().any(|(_, value)| has_text(value)),
        Value::List(items) => items.items().iter().any(has_text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Secret(_) => false,
    }
}

fn texts(value: Value) -> Value {
    match value {
        Value::Text(_) => text(value),
        other => other.with_each(texts),
    }
}

/// The files of which the kustomizations in a directory make Secrets, as paths in the tree.
pub(super) fn sources<'v>(kustomizations: impl Iterator<Item = (&'v str, &'v Value)>) -> HashSet<String> {
    let mut found = HashSet::new();
    for (path, document) in kustomizations {
        let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
        for generator in document.get("secretGenerator").map(Value::items).unwrap_or_default() {
            let listed = ["files", "envs"].into_iter().filter_map(|list| generator.get(list));
            let named = listed.flat_map(Value::items).chain(generator.get("env"));
            for text in named.filter_map(Value::as_text) {
                let file = text.split_once('=').map_or(text, |(_, file)| file);
                found.extend(joined(directory, file));
            }
        }
    }
    found
}

/// A path seen from a directory; none where it leads out of the tree.
fn joined(directory: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_their_directory() {
        let table = [
            ("a/b", "c.env", Some("a/b/c.env")),
            ("a/b", "../c", Some("a/c")),
            ("", "./c", Some("c")),
            ("a", "../../c", None),
        ];
        for (directory, path, expected) in table {
            assert_eq!(joined(directory, path).as_deref(), expected, "{path} from {directory}");
        }
    }
}
