//! What a layer of manifests says, as values that can be compared: the documents of its manifests, and other files as text.

use std::io;

use super::group::root::Root;
use super::object::Outline;
use super::outline::{LARGEST_COMPARED, is_manifest, outline};
use crate::bundle::archive::{Budget, Found, Limits, Stopped, read};
use crate::kinds::diff::{Full, Room, Value};
use crate::kinds::secrets::in_text;
use crate::oci::{Descriptor, Manifest};

mod document;
mod order;
mod sides;
mod veil;

pub(super) use sides::{DOCUMENTS, FILES, OBJECTS};
pub(in crate::kinds) use sides::{compare, sides};

/// What one layer says.
#[derive(Clone, Debug)]
pub struct Part {
    /// The group that it says it is; none of a complete tree.
    group: Option<String>,
    files: Vec<File>,
}

/// One file.
#[derive(Clone, Debug)]
struct File {
    path: String,
    is_executable: bool,
    content: Content,
    /// What grouping needs of it, where the layer does not say a group.
    look: Option<Box<(Outline, Option<Root>)>>,
}

#[derive(Clone, Debug)]
enum Content {
    /// Of a manifest that can be read.
    Documents(Vec<Value>),
    /// Text, or what tells bytes apart.
    Other(Value),
}

/// The layers of two bundles in which all that differs can be found.
///
/// Two bundles with a layer for each group are compared by these, others by their complete trees. So are two whose groups
/// are the same and whose trees are not: one of them shows Flux what it shows nobody else.
pub(in crate::kinds) fn layers(bundles: [&Manifest; 2]) -> [Vec<Descriptor>; 2] {
    let digests = |layers: &[Descriptor]| layers.iter().map(|layer| layer.digest.clone()).collect::<Vec<_>>();
    let [one, other] = bundles.map(|bundle| digests(bundle.layers()));
    let has_same_groups = one.get(1..) == other.get(1..);
    if bundles.into_iter().all(super::is_hybrid) && (!has_same_groups || one == other) {
        bundles.map(|bundle| bundle.layers()[1..].to_vec())
    } else {
        bundles.map(|bundle| bundle.layers().iter().take(1).cloned().collect())
    }
}

/// Reads a layer. One that is no archive, or one that readers of a bundle refuse, is a file of its own that says why.
pub(in crate::kinds) fn parse(layer: &Descriptor, bytes: &[u8], room: &Room) -> Result<Part, Full> {
    let group = layer.annotation(super::NAMESPACE).map(str::to_owned);
    let mut files = Vec::new();
    let mut budget = Budget::new(Limits::default());
    let outcome = read(bytes, &mut budget, &mut |found| {
        let Found::File { path, is_executable, size, body } = found else { return Ok(()) };
        room.take(size)?;
        let mut content = Vec::new();
        body.read_to_end(&mut content)?;
        files.push(file(path, is_executable, &content, group.is_none(), room)?);
        Ok::<_, Halt>(())
    });
    let cause = match outcome {
        Ok(()) => return Ok(Part { group, files }),
        Err(Stopped::Visitor(Halt::Full(full))) => return Err(full),
        Err(Stopped::Visitor(Halt::Io(error))) => error.to_string(),
        Err(Stopped::Archive(error)) => error.to_string(),
    };
    let said = Value::map(vec![
        ("digest".into(), Value::text(layer.digest.to_string())),
        ("unreadable".into(), Value::text(cause)),
    ]);
    let path = format!("({})", layer.media_type);
    let file = File { path, is_executable: false, content: Content::Other(said), look: None };
    Ok(Part { group, files: vec![file] })
}

/// Why the walk through an archive is ended.
#[derive(Debug, thiserror::Error)]
enum Halt {
    #[error(transparent)]
    Full(#[from] Full),
    #[error(transparent)]
    Io(#[from] io::Error),
}

fn file(path: &str, is_executable: bool, bytes: &[u8], needs_place: bool, room: &Room) -> Result<File, Full> {
    let is_small = bytes.len() <= LARGEST_COMPARED;
    let is_read = is_small && is_manifest(path);
    let look = needs_place.then(|| {
        let outline = if is_read { outline(path, bytes) } else { Outline::default() };
        let start = if is_small && Root::may_be_at(path) { Root::read(path, bytes) } else { None };
        Box::new((outline, start))
    });
    let documents = if is_read { document::all(path, bytes, room)? } else { None };
    let content = match documents {
        Some(documents) => Content::Documents(documents.into_iter().map(veil::document).collect()),
        None if in_text(bytes).is_some() => Content::Other(Value::of_bytes(bytes).hidden()),
        None => Content::Other(veil::text(Value::of_bytes(bytes))),
    };
    Ok(File { path: path.to_owned(), is_executable, content, look })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::archive::{Entry, append, compress};

    /// What a layer says that holds this one file.
    fn said(path: &str, text: &str, room: &Room) -> Result<File, Full> {
        let mut tar = Vec::new();
        append(&Entry::File { path, is_executable: false, bytes: text.as_bytes() }, &mut tar);
        let blob = compress(&tar);
        let layer = Descriptor::of("application/vnd.cncf.flux.content.v1.tar+gzip", &blob);
        parse(&layer, &blob, room).map(|mut part| part.files.remove(0))
    }

    /// A Namespace with comments of so many bytes, which do not compress beyond what an archive may.
    fn manifest(length: usize) -> String {
        let mut text = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n".to_owned();
        for number in 0_u64.. {
            let line = format!("# {number}\n");
            if text.len() + line.len() > length {
                break;
            }
            text.push_str(&line);
        }
        let rest = "#".repeat(length - text.len());
        text + &rest
    }

    #[test]
    fn values_count_with_the_memory_that_they_take() {
        // Each of these numbers is a value of 24 bytes, and points at a text of its own.
        let (count, zeros) = (20_000, "0,".repeat(19_999) + "0");
        for (path, text) in
            [("a.yaml", format!("x: [{zeros}]\n")), ("a.json", format!("{{\"x\":[{zeros}]}}"))]
        {
            assert_eq!(said(path, &text, &Room::of(24 * count)).err(), Some(Full), "{path}");
            assert!(said(path, &text, &Room::of(64 * count)).is_ok(), "{path}");
        }
    }

    #[test]
    fn a_manifest_beyond_all_measure_is_text() {
        for (path, length, is_read) in [
            ("a.yaml", LARGEST_COMPARED, true),
            ("a.yaml", LARGEST_COMPARED + 1, false),
            ("kustomization.yaml", LARGEST_COMPARED + 1, false),
        ] {
            let file = said(path, &manifest(length), &Room::default()).unwrap();
            assert_eq!(matches!(file.content, Content::Documents(_)), is_read, "{path} of {length} bytes");
            let (outline, root) = *file.look.unwrap();
            assert_eq!((outline.objects.len(), root.is_some()), (usize::from(is_read), false));
        }
    }
}
