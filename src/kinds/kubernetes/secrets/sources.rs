//! The files of which kustomize makes Secrets, as a document names them.

use memchr::memmem::find;

use super::documents;
use crate::kinds::kubernetes::group::root::{Root, field, items, text};
use crate::kinds::yaml::{Mark, Value};

/// A file of which a Secret is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Sourced {
    /// Its path in the tree.
    pub(in super::super) path: String,
    /// Where it is named.
    pub(in super::super) mark: Mark,
}

/// The files that a file names; none that lie outside of the tree.
pub(in super::super) fn sources(path: &str, bytes: &[u8]) -> Vec<Sourced> {
    if !Root::may_be_at(path) && find(bytes, b"ecretGenerator").is_none() {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(bytes);
    documents(&text, |root| of_document(path, root)).unwrap_or_default()
}

fn of_document(path: &str, document: Value<'_>) -> Vec<Sourced> {
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    let is_generator = field(document, "kind").and_then(text) == Some("SecretGenerator");
    let generators = items(document, "secretGenerator").chain(is_generator.then_some(document));
    let named = generators.flat_map(|generator| {
        let listed = ["files", "envs"].into_iter().flat_map(move |list| items(generator, list));
        listed.chain(field(generator, "env"))
    });
    let sourced = |value: Value<'_>| {
        let named = text(value)?;
        let file = named.split_once('=').map_or(named, |(_, file)| file);
        Some(Sourced { path: joined(directory, file)?, mark: value.mark() })
    };
    named.filter_map(sourced).collect()
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
