//! A rendered stream of objects, as `kustomize build` and its like print it, cut into a tree of files.

mod cut;
mod name;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::object::Outline;
use super::outline::{self, Reading};
use super::scope::Scopes;
use crate::kinds::yaml::{Mark, Problem, brief};
use cut::{Cut, Piece};

/// How many problems of a stream are told; whoever has more will not read them.
const MAX_PROBLEMS: usize = 1000;

/// Cuts a stream at its document marks into files, in the order of the stream: their paths, and their bytes as they are.
///
/// A path is `<namespace>/<kind>-<name>.yaml`, also where the stream is JSON; `_cluster` stands for the namespace
/// of what belongs to the whole cluster, `_unscoped` for one that is not stated, and `_shared` for those of a list that
/// spans several. Of the bytes only the marks are left out: `---` and `...`, with the blanks and, if nothing else
/// follows on their line, the line break after them. Comments before the first object of a stream, and documents of
/// comments alone, go with the object after them; after the last object they are dropped.
///
/// Errors: every document that is not read, is no object, has no name, or is there twice; and a stream without any.
pub fn split(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Vec<Problem>> {
    let Cut { pieces, is_json, mut problems } = cut::cut(bytes);
    let extension = if is_json { ".json" } else { ".yaml" };
    let mut documents = Vec::with_capacity(pieces.len());
    for piece in &pieces {
        if problems.len() >= MAX_PROBLEMS {
            break;
        }
        match Document::read(bytes, piece, extension) {
            Ok(document) => documents.push(document),
            Err(problem) => problems.push(problem),
        }
    }
    if pieces.is_empty() && problems.is_empty() {
        let message = "the stream holds no object; look whether the command before it printed any";
        problems.push(Problem::new(Mark { line: 1, column: 1 }, "empty-stream", message));
    }
    let scopes = Scopes::of(documents.iter().map(|document| &document.outline));
    twice(&documents, &scopes, &mut problems);
    if problems.is_empty() {
        match name::paths(&documents, &scopes) {
            Ok(paths) => {
                // JSON is YAML, and Flux builds of a directory what ends in `.yaml` alone.
                let paths = paths.into_iter().map(|path| path + ".yaml");
                return Ok(paths.zip(pieces.iter().map(|piece| piece.bytes(bytes))).collect());
            }
            Err(at) => problems.push(Problem::new(
                documents[at].outline.objects[0].mark,
                "path-twice",
                "the file of this object would have the name of another's; rename one of them",
            )),
        }
    }
    problems.sort_by_key(|problem| problem.mark);
    problems.truncate(MAX_PROBLEMS);
    Err(problems)
}

/// One document of the stream: an object, or a list of some.
struct Document {
    /// What it holds, at least one object, by positions in the stream.
    outline: Outline,
    is_list: bool,
}

impl Document {
    fn read(bytes: &[u8], piece: &Piece, extension: &str) -> Result<Self, Problem> {
        let body = bytes.get(piece.body.clone()).unwrap_or_default();
        let Reading { mut outline, documents, lists } = outline::read(extension, body);
        if let Some(problem) = outline.unreadable {
            return Err(Problem { mark: piece.mark(problem.mark), ..problem });
        }
        let wrong = match (documents, &outline.objects[..]) {
            (2.., _) => "more than one document stands here; a line `---` must stand between them",
            (_, []) if lists > 0 => "this list is empty, and a stream is to hold objects",
            (_, []) => "this document is no object: it has no `apiVersion` with a `kind`",
            _ if outline.others > 0 => {
                "an item of this list is no object: it has no `apiVersion` with a `kind`"
            }
            _ => "",
        };
        if !wrong.is_empty() {
            return Err(Problem::new(piece.content, "no-object", wrong));
        }
        for object in &mut outline.objects {
            object.mark = piece.mark(object.mark);
            if object.name.is_empty() {
                let message = format!(
                    "this {} has no `metadata.name`; Flux refuses objects without",
                    brief(&object.kind)
                );
                return Err(Problem::new(object.mark, "no-name", message));
            }
        }
        Ok(Self { outline, is_list: lists > 0 })
    }
}

/// Objects that stand in the stream a second time, in whatever version of their group.
fn twice(documents: &[Document], scopes: &Scopes, problems: &mut Vec<Problem>) {
    let mut seen: HashMap<[&str; 4], Mark> = HashMap::new();
    for object in documents.iter().flat_map(|document| &document.outline.objects) {
        if problems.len() >= MAX_PROBLEMS {
            return;
        }
        match seen.entry(name::identity(object, scopes)) {
            Entry::Vacant(place) => {
                place.insert(object.mark);
            }
            Entry::Occupied(first) => {
                let [_, kind, namespace, name] = *first.key();
                let of = if namespace.is_empty() { "" } else { " of " };
                let message = format!(
                    "the {} `{}`{of}{} stands in line {} and again in line {}; Flux refuses it twice",
                    brief(kind),
                    brief(name),
                    brief(namespace),
                    first.get().line,
                    object.mark.line,
                );
                problems.push(Problem::new(object.mark, "object-twice", message));
            }
        }
    }
}

#[cfg(test)]
mod tests;
