//! What a bundle holds: the only room that knows a kind. Reads, checks and writes; pure but for the tree it is given.

use std::collections::{BTreeMap, BTreeSet};

use crate::bundle::{Content, Joined};
use crate::oci::{Descriptor, Manifest};
use crate::source::{self, Tree};
use kubernetes::project::Project;

pub mod diff;
pub mod fault;
pub mod flipt;
mod in_order;
pub mod kubernetes;
mod secrets;
pub mod yaml;

pub use diff::{Change, Full, Nature, Object, Room, Value};
pub use fault::Fault;
pub use flipt::{FlagLine, UnpackError};

/// What a bundle holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Feature flags, as Flipt v1 reads them.
    Flipt,
    /// Manifests of Kubernetes, as Flux and Argo CD take them.
    Kubernetes,
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
#[derive(Debug)]
pub struct Options {
    /// How much is checked.
    pub check: Check,
    /// On how many threads.
    pub threads: usize,
    /// What holds of manifests alone.
    pub manifests: kubernetes::Options,
}

/// A tree that was read.
#[derive(Debug)]
pub struct Reading {
    /// What a bundle is packed from.
    pub content: Content,
    /// What is taken, and doubtful.
    pub warnings: Vec<Fault>,
    /// What may be of use to know.
    pub notes: Vec<String>,
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
    /// Of manifests there are none, or none that is not left out.
    #[error("there is nothing to pack: there is no file, or none that is not left out")]
    NoManifests,
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
    /// The tree looks like both kinds.
    #[error(
        "cannot tell which kind this is: there are flags (`.flipt.yml`, or files whose names end in `features.yml` or \
         `features.yaml`) and manifests (files with an `apiVersion` and a `kind`)"
    )]
    Ambiguous,
    /// Groups were asked for, and the profile has one layer.
    #[error("the profile `{profile}` has one layer, and so no groups")]
    Groupless {
        /// The profile.
        profile: &'static str,
    },
    /// The tree looks like no kind.
    #[error("cannot tell which kind this is: there is no {FLIPT_SIGNS}, and {}", kubernetes::SIGNS)]
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

    /// Whether the command line asks for what cannot be.
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Groupless { .. })
    }

    /// One thing to do.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Groupless { .. } => {
                Some("leave `--group` and `--group-by` away, or take `--profile hybrid`".into())
            }
            Self::Empty { matched: 1.., .. } => Some("write a document into it, or delete it".into()),
            Self::Empty { .. } => Some(
                "name the directory that holds the flags, or write the patterns into `.flipt.yml`".into(),
            ),
            Self::NoManifests => Some(
                "name the directory that holds the manifests; `--ignore-paths ''` leaves nothing out".into(),
            ),
            Self::Faults { .. } => None,
            Self::Source(error) => error.hint(),
            Self::Ambiguous => {
                Some("say which with `--kind flipt` or `--kind kubernetes`, or name a directory that holds one".into())
            }
            Self::Unrecognised => Some(
                "name the directory that holds the flags or manifests, or say `--kind flipt` or `--kind kubernetes`".into(),
            ),
        }
    }
}

impl Kind {
    /// Its name on the command line, in tables and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flipt => "flipt",
            Self::Kubernetes => "kubernetes",
        }
    }

    /// The kind that a tree looks like.
    pub fn recognise(tree: &Tree) -> Result<Self, Error> {
        let said = Project::of(tree).map_err(|faults| Error::Faults { faults, warnings: Vec::new() })?;
        if let Some(kind) = said.kind {
            return Ok(kind);
        }
        let is_flipt = flipt::recognises(tree);
        let is_kubernetes = kubernetes::recognises(tree, |path| is_flipt && flipt::picks(tree, path));
        match (is_flipt, is_kubernetes) {
            (true, false) => Ok(Self::Flipt),
            (false, true) => Ok(Self::Kubernetes),
            (true, true) => Err(Error::Ambiguous),
            (false, false) => Err(unrecognised(tree)),
        }
    }

    /// The kind of a bundle, by its artifact type, its config, or else by its layers.
    pub fn of(manifest: &Manifest) -> Option<Self> {
        let by_type = manifest.artifact_type().and_then(Self::of_artifact_type);
        let by_layers = || {
            let layers = manifest.layers();
            let is_flipt = !layers.is_empty() && layers.iter().all(flipt::is_layer);
            is_flipt.then_some(Self::Flipt)
        };
        let by_shape = || kubernetes::is_bundle(manifest).then_some(Self::Kubernetes);
        by_type.or_else(by_layers).or_else(by_shape)
    }

    /// The kind that an artifact type, or a config's media type, means.
    pub fn of_artifact_type(artifact_type: &str) -> Option<Self> {
        match artifact_type {
            flipt::ARTIFACT_TYPE => Some(Self::Flipt),
            kubernetes::CONFIG => Some(Self::Kubernetes),
            _ => None,
        }
    }

    /// The namespace that a layer says it belongs to.
    pub fn namespace(self, layer: &Descriptor) -> Option<String> {
        let key = match self {
            Self::Flipt => flipt::NAMESPACE,
            Self::Kubernetes => kubernetes::NAMESPACE,
        };
        layer.annotation(key).map(str::to_owned)
    }
}

/// Why a tree looks like no kind: files that cannot be read may be what should say it.
fn unrecognised(tree: &Tree) -> Error {
    match kubernetes::unreadable(tree) {
        faults if faults.is_empty() => Error::Unrecognised,
        faults => Error::Faults { faults, warnings: Vec::new() },
    }
}

/// How a blob of a bundle is made of others, if one is.
pub fn joined(manifest: &Manifest) -> Option<Joined> {
    kubernetes::is_hybrid(manifest).then(|| kubernetes::whole_tree(manifest))
}

impl Options {
    /// So much checking on so many threads, and all else as it is without a word.
    pub fn new(check: Check, threads: usize) -> Self {
        Self { check, threads, manifests: kubernetes::Options::default() }
    }
}

/// Reads a tree: its content, or every fault of every file.
pub fn read(kind: Kind, tree: &mut Tree, options: &Options) -> Result<Reading, Error> {
    match kind {
        Kind::Flipt => flipt::read(tree, options),
        Kind::Kubernetes => kubernetes::read(tree, options),
    }
}

/// Reads a tree as [`read`] does, and keeps nothing of it: gives what is doubtful, or every fault.
pub fn lint(kind: Kind, tree: &mut Tree, options: &Options) -> Result<Vec<Fault>, Error> {
    match kind {
        Kind::Flipt => flipt::read(tree, options).map(|reading| reading.warnings),
        Kind::Kubernetes => kubernetes::lint(tree, options),
    }
}

/// What one layer holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Summary {
    /// Feature flags.
    Flags(flipt::Summary),
    /// Objects of Kubernetes.
    Objects(kubernetes::Contents),
}

/// What one layer holds.
pub fn summary(kind: Kind, layer: &Descriptor, bytes: &[u8]) -> Result<Summary, UnpackError> {
    match kind {
        Kind::Flipt => flipt::summary(layer, bytes).map(Summary::Flags),
        Kind::Kubernetes => kubernetes::contents(layer, bytes).map(Summary::Objects),
    }
}

/// What in a layer looks like a secret, each with its place in words.
pub fn secrets(kind: Option<Kind>, layer: &Descriptor, bytes: &[u8]) -> Vec<String> {
    secrets::in_layer(kind, layer, bytes)
}

/// What beside the layers looks like a secret: in the manifest, which holds annotations.
pub fn secrets_beside(manifest: &Manifest) -> Vec<String> {
    let found = secrets::in_text(manifest.bytes());
    found
        .map(|what| format!("{what} in the annotations of {}", manifest.digest().short()))
        .into_iter()
        .collect()
}

/// What in the files that Flipt's builder takes looks like a secret, each with its file.
pub fn files_with_secrets(tree: &Tree) -> Vec<String> {
    let files = tree.files().iter().filter(|file| flipt::picks(tree, &file.path));
    let found = files.filter_map(|file| Some((secrets::in_text(&tree.read(file).ok()?)?, &file.path)));
    found.map(|(what, path)| format!("{what} in `{path}`")).collect()
}

/// What a layer says, as far as comparing needs it.
#[derive(Clone, Debug)]
pub enum Part {
    /// Documents of feature flags, each with its namespace.
    Flags(Vec<(String, Value)>),
    /// Files of manifests.
    Manifests(kubernetes::Part),
}

/// Two bundles, as far as they were read.
#[derive(Clone, Debug)]
pub struct Sides {
    /// The namespaces that each of them has.
    pub names: [BTreeSet<String>; 2],
    /// What each says of a namespace.
    pub contents: [BTreeMap<String, Value>; 2],
}

/// The layers of two bundles in which all that differs can be found.
pub fn compared(kind: Kind, bundles: [&Manifest; 2]) -> [Vec<Descriptor>; 2] {
    match kind {
        Kind::Flipt => bundles.map(|bundle| bundle.layers().to_vec()),
        Kind::Kubernetes => kubernetes::content::layers(bundles),
    }
}

/// What a layer says; what cannot be read is text.
pub fn parse(kind: Kind, layer: &Descriptor, bytes: &[u8], room: &Room) -> Result<Part, Full> {
    match kind {
        Kind::Flipt => {
            room.take(bytes.len() as u64)?;
            Ok(Part::Flags(flipt::content::parse(layer, bytes)))
        }
        Kind::Kubernetes => kubernetes::content::parse(layer, bytes, room).map(Part::Manifests),
    }
}

/// What the layers of two bundles say, each in the order of its layers, namespace by namespace.
pub fn sides(parts: [Vec<Part>; 2]) -> Sides {
    let (mut flags, mut manifests) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    for (side, parts) in parts.into_iter().enumerate() {
        for part in parts {
            match part {
                Part::Flags(documents) => flags[side].extend(documents),
                Part::Manifests(part) => manifests[side].push(part),
            }
        }
    }
    if manifests.iter().any(|side| !side.is_empty()) {
        return kubernetes::content::sides(manifests);
    }
    let contents = flags.map(flipt::content::merge);
    Sides { names: [0, 1].map(|side| contents[side].keys().cloned().collect()), contents }
}

/// The changes that make one namespace of another, either of which may not be there.
pub fn compare(kind: Kind, from: Option<&Value>, to: Option<&Value>) -> Vec<Change> {
    match kind {
        Kind::Flipt => flipt::content::compare(from, to),
        Kind::Kubernetes => kubernetes::content::compare(from, to),
    }
}

/// The same in the words of the kind, object by object; `nature` is what happened to the namespace.
pub fn told(
    kind: Kind,
    namespace: &str,
    nature: Nature,
    from: Option<&Value>,
    to: Option<&Value>,
    changes: &[Change],
) -> Vec<Object> {
    let [from, to] = [from, to].map(|side| side.unwrap_or(&Value::Null));
    match kind {
        Kind::Flipt => flipt::words::told(nature, from, to, changes),
        Kind::Kubernetes => kubernetes::words::told(namespace, nature, from, to, changes),
    }
}
