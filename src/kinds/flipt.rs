//! Flipt's features: from a tree of YAML and JSON files to the layers that Flipt v1 builds of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::fault::{Fault, Lines};
use super::in_order::in_order;
use super::{Check, Error, Options, Reading};
use crate::bundle::{Content, Identity, Layer};
use crate::oci::Descriptor;
use crate::source::{File, Tree};

mod block;
pub(super) mod content;
pub mod document;
mod doubt;
mod encode;
mod index;
mod literal;
pub mod number;
pub mod outline;
pub mod patterns;
pub mod references;
mod schema;
mod shape;
mod summary;
mod text;
mod unpack;
pub(super) mod words;

use document::{Document, Format};
use index::Selection;
use references::References;

pub use summary::{FlagLine, Summary, summary};
pub use unpack::{FileOut, UnpackError, files};

/// The artifact type of a bundle (Flipt, `internal/oci/oci.go`).
pub(super) const ARTIFACT_TYPE: &str = "application/vnd.io.flipt.features.v1";
/// The media type of a layer; readers take it with `+json`, `+yaml` and `+yml` too.
const LAYER: &str = "application/vnd.io.flipt.features.namespace.v1";
/// The annotation of a layer with its namespace's key.
pub(super) const NAMESPACE: &str = "io.flipt.features.namespace";

/// Whether a tree looks like Flipt's.
pub(super) fn recognises(tree: &Tree) -> bool {
    tree.find(index::FILE).is_some()
        || tree.files().iter().any(|file| Selection::Default.picks(&file.path).unwrap_or(true))
}

/// Whether a file is one that Flipt's builder would take.
pub(super) fn picks(tree: &Tree, path: &str) -> bool {
    Selection::of(tree).is_ok_and(|selection| selection.picks(path).unwrap_or(true))
}

/// Whether a layer has Flipt's media type, whatever its encoding.
pub(super) fn is_layer(layer: &Descriptor) -> bool {
    layer.media_type.split('+').next() == Some(LAYER)
}

/// Reads all files that the index or the default patterns select.
pub(super) fn read(tree: &mut Tree, options: &Options) -> Result<Reading, Error> {
    let mut faults: Vec<Fault> = tree.take_faults().iter().map(Fault::unreadable).collect();
    let selection = match Selection::of(tree) {
        Ok(selection) => selection,
        Err(mut wrong) => {
            faults.append(&mut wrong);
            return Err(Error::Faults { faults, warnings: Vec::new() });
        }
    };
    let mut files: Vec<&File> = Vec::new();
    for file in tree.files() {
        match selection.picks(&file.path) {
            Ok(true) => files.push(file),
            Ok(false) => {}
            Err(doubt) => faults.push(Fault::whole(index::FILE, "pattern-in-doubt", doubt.to_string())),
        }
    }
    // A file that is missed may define any segment.
    let references = if faults.is_empty() { References::default() } else { References::of_a_part() };
    let mut gathered = Gathered { faults, references, ..Gathered::default() };
    in_order(
        files.iter(),
        options.threads,
        || (),
        |(), file| (file, read_file(tree, file)),
        |(), (file, reading)| {
            gathered.take(&file.path, reading, options.check);
        },
    );
    let Gathered { mut faults, warnings, layers, unquoted, .. } = gathered;
    faults.extend(quoted(tree, unquoted));
    if !faults.is_empty() {
        let order: HashMap<&str, usize> =
            files.iter().enumerate().map(|(at, file)| (file.path.as_str(), at + 1)).collect();
        faults.sort_by_key(|fault| (order.get(fault.path.as_str()).copied(), fault.line, fault.column));
        return Err(Error::Faults { faults, warnings });
    }
    if layers.is_empty() {
        return Err(Error::Empty { patterns: selection.in_words(), matched: files.len() });
    }
    Ok(Reading {
        content: Content { identity: Identity::ArtifactType(ARTIFACT_TYPE), layers },
        warnings,
        notes: Vec::new(),
    })
}

/// What the files hold, gathered in their order.
#[derive(Default)]
struct Gathered {
    faults: Vec<Fault>,
    warnings: Vec<Fault>,
    layers: Vec<Layer>,
    references: References,
    /// Faults of references; their files are no longer in memory.
    unquoted: Vec<Fault>,
}

impl Gathered {
    /// Takes the next file; of its documents only the payloads stay.
    fn take(&mut self, path: &str, mut reading: document::Reading, check: Check) {
        if check == Check::References {
            // What the schema refuses need not lead anywhere, too.
            let refused: HashSet<_> = reading.faults.iter().map(|fault| (fault.line, fault.column)).collect();
            for outline in &reading.outlines {
                let faults = self.references.check(path, outline);
                let new = faults.into_iter().filter(|fault| !refused.contains(&(fault.line, fault.column)));
                self.unquoted.extend(new);
            }
        }
        self.faults.append(&mut reading.faults);
        self.warnings.append(&mut reading.warnings);
        for Document { namespace, mut payload } in reading.documents {
            payload.shrink_to_fit();
            let annotations = BTreeMap::from([(NAMESPACE.to_owned(), namespace)]);
            self.layers.push(Layer { media_type: LAYER, annotations, body: payload, digest: None });
        }
    }
}

fn read_file(tree: &Tree, file: &File) -> document::Reading {
    let Some(format) = Format::of(&file.path) else {
        let message = "a file of features ends in `.yml`, `.yaml`, `.json`, or has no extension";
        return document::Reading::failed(Fault::whole(&file.path, "file-extension", message.to_owned()));
    };
    match tree.read(file) {
        Ok(bytes) => document::read(&file.path, &bytes, format),
        Err(error) => document::Reading::failed(Fault::unreadable(&error)),
    }
}

/// Reads the files of the faults once more, for the lines that they stand on.
fn quoted(tree: &Tree, faults: Vec<Fault>) -> Vec<Fault> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let quote = |fault: Fault| {
        let text = texts.entry(fault.path.clone()).or_insert_with(|| {
            let bytes = tree.find(&fault.path).and_then(|file| tree.read(file).ok());
            String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
        });
        fault.quoting(&Lines::new(text))
    };
    faults.into_iter().map(quote).collect()
}
