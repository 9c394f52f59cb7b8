//! Layers to files that build to the same layers again, in the same order.

use std::collections::HashSet;

use serde_json::Value;

use super::block;
use super::document::{self, Format};
use crate::oci::{Descriptor, Digest};

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOut {
    /// Its path below the directory.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why layers cannot be written as files.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// A layer that is not Flipt's.
    #[error("layer {layer} is of the type `{media_type}`, which holds no features")]
    Foreign {
        /// The layer.
        layer: Digest,
        /// Its media type.
        media_type: String,
    },
    /// The namespace of a payload cannot be the name of a file.
    #[error("layer {layer} is of the namespace `{namespace}`, which is no valid key")]
    Namespace {
        /// The layer.
        layer: Digest,
        /// The namespace.
        namespace: String,
    },
    /// The payload is not what its media type says.
    #[error("layer {layer} cannot be read: {cause}")]
    Payload {
        /// The layer.
        layer: Digest,
        /// Why.
        cause: String,
    },
}

/// Whether a layer is in YAML, as other builders may write it.
pub(super) fn is_yaml(layer: &Descriptor) -> bool {
    matches!(layer.media_type.split_once('+'), Some((_, "yaml" | "yml")))
}

/// One file for each layer.
///
/// A name is `<namespace>.features.yml`; all names get a number before them where they would not be unique, or would
/// not be read in the order of the layers.
pub fn files<'a>(
    layers: impl Iterator<Item = (&'a Descriptor, &'a [u8])>,
) -> Result<Vec<FileOut>, UnpackError> {
    let mut found = Vec::new();
    for (layer, bytes) in layers {
        if !super::is_layer(layer) {
            let (layer, media_type) = (layer.digest.clone(), layer.media_type.clone());
            return Err(UnpackError::Foreign { layer, media_type });
        }
        let file = if is_yaml(layer) { as_it_is(layer, bytes)? } else { written(layer, bytes)? };
        found.push(file);
    }
    let names: Vec<String> = found.iter().map(|(namespace, _)| format!("{namespace}.features.yml")).collect();
    let is_numbered = !keeps_order(&names);
    let width = found.len().to_string().len().max(3);
    let file = |(at, (name, (_, bytes))): (usize, (String, (String, Vec<u8>)))| FileOut {
        path: if is_numbered { format!("{at:0width$}-{name}") } else { name },
        bytes,
    };
    Ok(names.into_iter().zip(found).enumerate().map(file).collect())
}

/// Whether the names are unique, also where case does not count, and sorted as a walk sorts them.
fn keeps_order(names: &[String]) -> bool {
    let mut seen = HashSet::new();
    names.is_sorted() && names.iter().all(|name| seen.insert(name.to_ascii_lowercase()))
}

/// A layer in YAML needs no other form.
fn as_it_is(layer: &Descriptor, bytes: &[u8]) -> Result<(String, Vec<u8>), UnpackError> {
    let annotated = layer.annotation(super::NAMESPACE).unwrap_or("default");
    let mut reading = document::read("layer", bytes, Format::Yaml);
    if let Some(fault) = reading.faults.pop() {
        return Err(UnpackError::Payload { layer: layer.digest.clone(), cause: fault.message });
    }
    let namespace = reading.documents.first().map_or(annotated, |document| &document.namespace);
    Ok((key(layer, namespace)?, bytes.to_vec()))
}

/// A layer in JSON becomes readable YAML, which is read again before it is trusted.
fn written(layer: &Descriptor, bytes: &[u8]) -> Result<(String, Vec<u8>), UnpackError> {
    let unreadable = |cause: String| UnpackError::Payload { layer: layer.digest.clone(), cause };
    let payload: Value = serde_json::from_slice(bytes).map_err(|error| unreadable(error.to_string()))?;
    let namespace = match &payload["namespace"] {
        Value::String(key) => key.as_str(),
        Value::Object(fields) => fields.get("key").and_then(Value::as_str).unwrap_or("default"),
        _ => "default",
    };
    let namespace = key(layer, namespace)?;
    let mut source = payload.clone();
    restore_empty_keys(&mut source);
    let text = block::yaml(&source);
    let mut again = document::read("layer", text.as_bytes(), Format::Yaml);
    if let Some(fault) = again.faults.pop() {
        return Err(unreadable(format!("its content is not what Flipt builds: {}", fault.message)));
    }
    // Another builder may have ordered or spaced the payload in its own way; what it says must be the same.
    let is_same = match again.documents.as_slice() {
        [document] => {
            document.payload == bytes
                || serde_json::from_slice::<Value>(&document.payload).is_ok_and(|value| value == payload)
        }
        _ => false,
    };
    if !is_same {
        return Err(unreadable("it holds what no file that is built again would hold".to_owned()));
    }
    Ok((namespace, text.into_bytes()))
}

/// Gives a segment that names none its empty list of keys again, which the builder drops and its schema demands.
fn restore_empty_keys(payload: &mut Value) {
    let flags = payload.get_mut("flags").and_then(Value::as_array_mut);
    for flag in flags.into_iter().flatten() {
        for list in ["rules", "rollouts"] {
            for user in flag.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                if let Some(Value::Object(segment)) = user.get_mut("segment")
                    && !segment.contains_key("key")
                    && !segment.contains_key("keys")
                {
                    segment.insert("keys".to_owned(), Value::Array(Vec::new()));
                }
            }
        }
    }
}

/// A namespace that may be the name of a file (`^[-_,A-Za-z0-9]+$`, Flipt's schema).
fn key(layer: &Descriptor, namespace: &str) -> Result<String, UnpackError> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b',');
    if namespace.is_empty() || namespace.len() > LONGEST || !namespace.bytes().all(is_word) {
        let namespace = namespace.chars().take(100).collect();
        return Err(UnpackError::Namespace { layer: layer.digest.clone(), namespace });
    }
    Ok(namespace.to_owned())
}

/// The longest namespace that leaves room for the rest of a file's name.
const LONGEST: usize = 200;

#[cfg(test)]
mod tests;
