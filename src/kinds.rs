//! What a bundle holds: the only room that knows a kind. Reads, checks and writes; pure but for the tree it is given.

use std::collections::BTreeMap;

use crate::bundle::Content;
use crate::oci::{Descriptor, Manifest};
use crate::source::{self, Tree};

pub mod diff;
pub mod fault;
pub mod flipt;
pub mod kubernetes;
pub mod yaml;

pub use diff::{Change, Nature, Object, Value};
pub use fault::Fault;
pub use flipt::{FileOut, FlagLine, Summary, UnpackError};

/// What a bundle holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Feature flags, as Flipt v1 reads them.
    Flipt,
}

/// How much is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Check {
    /// The schema, and what the parts of a bundle say of each other.
    #[default]
    References,
    /// The schema alone.
    Schema,
}

/// How a tree is read.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How much is checked.
    pub check: Check,
    /// On how many threads.
    pub threads: usize,
}

/// A tree that was read.
#[derive(Debug)]
pub struct Reading {
    /// What a bundle is packed from.
    pub content: Content,
    /// What is taken, and doubtful.
    pub warnings: Vec<Fault>,
}

/// Why a tree cannot be read as a kind.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing of the tree belongs to a bundle.
    #[error("there is nothing to pack: {}", nothing(patterns, *.matched))]
    Empty {
        /// The patterns that were looked for, in words.
        patterns: String,
        /// How many files match them and hold no document.
        matched: usize,
    },
    /// The source has faults.
    #[error("the source has faults")]
    Faults {
        /// All of them, file by file.
        faults: Vec<Fault>,
        /// What is doubtful beside.
        warnings: Vec<Fault>,
    },
    /// The directory itself cannot be read.
    #[error(transparent)]
    Source(#[from] source::Error),
    /// The tree looks like no kind.
    #[error("cannot tell what the directory holds: it has no {FLIPT_SIGNS}")]
    Unrecognised,
}

/// What a tree of Flipt's is recognised by, in words.
const FLIPT_SIGNS: &str = "`.flipt.yml` and no file whose name ends in `features.yml` or `features.yaml`";

fn nothing(patterns: &str, matched: usize) -> String {
    match matched {
        0 => format!("no file matches {patterns}"),
        1 => format!("the one file that matches {patterns} is empty"),
        _ => format!("the {matched} files that match {patterns} are empty"),
    }
}

impl Error {
    /// Whether what was named does not exist.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Source(error) if error.is_not_found())
    }

    /// One thing to do.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Empty { matched: 1.., .. } => Some("write a document into it, or delete it".into()),
            Self::Empty { .. } => Some(
                "name the directory that holds the flags, or write the patterns into `.flipt.yml`".into(),
            ),
            Self::Faults { .. } => None,
            Self::Source(error) => error.hint(),
            Self::Unrecognised => {
                Some("name the directory that holds the flags, or say `--kind flipt`".into())
            }
        }
    }
}

impl Kind {
    /// Its name on the command line, in tables and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flipt => "flipt",
        }
    }

    /// The kind that a tree looks like.
    pub fn recognise(tree: &Tree) -> Result<Self, Error> {
        if flipt::recognises(tree) { Ok(Self::Flipt) } else { Err(Error::Unrecognised) }
    }

    /// The kind of a bundle, by its artifact type, its config, or else by its layers.
    pub fn of(manifest: &Manifest) -> Option<Self> {
        let by_type = manifest.artifact_type().and_then(Self::of_artifact_type);
        let by_layers = || {
            let layers = manifest.layers();
            (!layers.is_empty() && layers.iter().all(flipt::is_layer)).then_some(Self::Flipt)
        };
        by_type.or_else(by_layers)
    }

    /// The kind that an artifact type means.
    pub fn of_artifact_type(artifact_type: &str) -> Option<Self> {
        (artifact_type == flipt::ARTIFACT_TYPE).then_some(Self::Flipt)
    }

    /// The namespace that a layer says it belongs to.
    pub fn namespace(self, layer: &Descriptor) -> Option<String> {
        match self {
            Self::Flipt => layer.annotation(flipt::NAMESPACE).map(str::to_owned),
        }
    }
}

/// Reads a tree: its content, or every fault of every file.
pub fn read(kind: Kind, tree: &mut Tree, options: &Options) -> Result<Reading, Error> {
    match kind {
        Kind::Flipt => flipt::read(tree, options),
    }
}

/// What one layer holds.
pub fn summary(kind: Kind, layer: &Descriptor, bytes: &[u8]) -> Result<Summary, UnpackError> {
    match kind {
        Kind::Flipt => flipt::summary(layer, bytes),
    }
}

/// The files of a bundle's layers, which build to the same layers again, in the same order.
pub fn files<'a>(
    kind: Kind,
    layers: impl Iterator<Item = (&'a Descriptor, &'a [u8])>,
) -> Result<Vec<FileOut>, UnpackError> {
    match kind {
        Kind::Flipt => flipt::files(layers),
    }
}

/// What a layer says, part by part, each with the namespace that it belongs to; what cannot be read is text.
pub fn parse(kind: Kind, layer: &Descriptor, bytes: &[u8]) -> Vec<(String, Value)> {
    match kind {
        Kind::Flipt => flipt::content::parse(layer, bytes),
    }
}

/// The parts of a bundle, in the order of its layers, as one value for each namespace.
pub fn merge(kind: Kind, parts: Vec<(String, Value)>) -> BTreeMap<String, Value> {
    match kind {
        Kind::Flipt => flipt::content::merge(parts),
    }
}

/// The changes that make one namespace of another, either of which may not be there.
pub fn compare(kind: Kind, from: Option<&Value>, to: Option<&Value>) -> Vec<Change> {
    match kind {
        Kind::Flipt => flipt::content::compare(from, to),
    }
}

/// The same in the words of the kind, object by object; `nature` is what happened to the namespace.
pub fn told(
    kind: Kind,
    nature: Nature,
    from: Option<&Value>,
    to: Option<&Value>,
    changes: &[Change],
) -> Vec<Object> {
    let [from, to] = [from, to].map(|side| side.unwrap_or(&Value::Null));
    match kind {
        Kind::Flipt => flipt::words::told(nature, from, to, changes),
    }
}
