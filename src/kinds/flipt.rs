//! Flipt's features: from a tree of YAML and JSON files to the layers that Flipt v1 builds of it.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::fault::{Fault, Lines};
use super::{Check, Error, Options, Reading};
use crate::bundle::{Content, Layer};
use crate::oci::Descriptor;
use crate::source::{self, File, Tree};

mod block;
pub mod document;
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

use document::Format;
use index::Selection;

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

/// Whether a layer has Flipt's media type, whatever its encoding.
pub(super) fn is_layer(layer: &Descriptor) -> bool {
    layer.media_type.split('+').next() == Some(LAYER)
}

/// Reads all files that the index or the default patterns select.
pub(super) fn read(tree: &mut Tree, options: &Options) -> Result<Reading, Error> {
    let mut faults: Vec<Fault> = tree.take_faults().iter().map(unreadable).collect();
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
            Err(doubt) => faults.push(whole(index::FILE, "pattern-in-doubt", doubt.to_string())),
        }
    }
    let read = in_order(&files, options.threads, |file| read_file(tree, file));

    let mut warnings = Vec::new();
    let mut documents = Vec::new();
    for (file, mut reading) in files.iter().zip(read) {
        faults.append(&mut reading.faults);
        warnings.append(&mut reading.warnings);
        documents.extend(reading.documents.into_iter().map(|document| (file.path.as_str(), document)));
    }
    if options.check == Check::References && faults.is_empty() {
        let outlines: Vec<_> = documents.iter().map(|(path, document)| (*path, &document.outline)).collect();
        faults.extend(quoted(tree, references::check(&outlines)));
    }
    if !faults.is_empty() {
        return Err(Error::Faults { faults, warnings });
    }
    if documents.is_empty() {
        return Err(Error::Empty { patterns: selection.in_words() });
    }
    let layers = documents.into_iter().map(|(_, document)| Layer {
        media_type: LAYER,
        annotations: BTreeMap::from([(NAMESPACE.to_owned(), document.namespace)]),
        body: document.payload,
    });
    Ok(Reading { content: Content { artifact_type: ARTIFACT_TYPE, layers: layers.collect() }, warnings })
}

fn read_file(tree: &Tree, file: &File) -> document::Reading {
    let failed =
        |fault| document::Reading { documents: Vec::new(), faults: vec![fault], warnings: Vec::new() };
    let Some(format) = Format::of(&file.path) else {
        let message = "a file of features ends in `.yml`, `.yaml`, `.json`, or has no extension";
        return failed(whole(&file.path, "file-extension", message.to_owned()));
    };
    match tree.read(file) {
        Ok(bytes) => document::read(&file.path, &bytes, format),
        Err(error) => failed(unreadable(&error)),
    }
}

/// A fault of a whole file.
fn whole(path: &str, rule: &'static str, message: String) -> Fault {
    Fault { path: path.to_owned(), line: 1, column: 1, rule, message, excerpt: None }
}

fn unreadable(error: &source::Error) -> Fault {
    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
    whole(error.path(), error.rule(), format!("{error}{hint}"))
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

/// Does the work for each item on so many threads, and gives the results in the order of the items.
fn in_order<T: Sync, R: Send>(items: &[T], threads: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let worker = || {
        while let Some((at, item)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            items.get(at).map(|item| (at, item))
        } {
            let result = work(item);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(items.len()) {
            scope.spawn(worker);
        }
        worker();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
