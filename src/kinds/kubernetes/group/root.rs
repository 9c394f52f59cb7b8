//! What begins a unit, a kustomization or a Helm chart, and what it says of namespace and other paths.

use crate::kinds::kubernetes::object::Stated;
use crate::kinds::yaml::{self, Entries, Mark, Resolved, Shape, Source, Value};

use super::{chart, kustomization};

/// A file that begins a unit: its directory, and what is below, stay together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    pub(super) tool: Tool,
    pub(super) namespace: Stated,
    pub(super) references: Vec<Reference>,
}

/// Whose unit it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    Kustomize,
    Helm,
}

/// A path that the file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// As it is written, relative to the file's directory.
    pub(super) path: String,
    pub(super) mark: Mark,
    pub(super) wants: Wants,
}

/// What must stand at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wants {
    File,
    /// A directory with a kustomization.
    Kustomization,
    /// A file, or a directory with a kustomization.
    Either,
    /// A chart's directory.
    Chart,
    /// The same, or nothing, for then it is downloaded.
    ChartIfAny,
}

/// The names of kustomize's files (kustomize 5, `api/konfig/general.go`).
const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
/// The name of Helm's.
const CHART: &str = "Chart.yaml";

impl Root {
    /// Whether a file of this path may begin a unit, and so has to be read.
    pub fn may_be_at(path: &str) -> bool {
        Tool::of(path).is_some()
    }

    /// What a file says that begins a unit; none for any other, such as an object of Flux that happens to be called
    /// `kustomization.yaml`. What is wrong in the file is not told here.
    pub fn read(path: &str, bytes: &[u8]) -> Option<Self> {
        let tool = Tool::of(path)?;
        let mut found = Self { tool, namespace: Stated::Absent, references: Vec::new() };
        let decoded = yaml::decode(bytes);
        let source = Source::new(&decoded);
        // Kustomize and Helm read the first document alone.
        let Some(tree) = source.documents().next().and_then(|document| document.tree) else {
            return Some(found);
        };
        match tool {
            Tool::Helm => found.references = chart::references(tree.root()),
            Tool::Kustomize if is_of_another_group(tree.root()) => return None,
            Tool::Kustomize => {
                found.namespace = field(tree.root(), "namespace").map_or(Stated::Absent, stated);
                found.references = kustomization::references(tree.root());
            }
        }
        Some(found)
    }
}

impl Root {
    /// Whether it is a chart, and no kustomization.
    pub(super) fn is_chart(&self) -> bool {
        self.tool == Tool::Helm
    }
}

impl Tool {
    fn of(path: &str) -> Option<Self> {
        match path.rsplit('/').next()? {
            CHART => Some(Self::Helm),
            name => KUSTOMIZATIONS.contains(&name).then_some(Self::Kustomize),
        }
    }
}

fn is_of_another_group(root: Value<'_>) -> bool {
    let version = field(root, "apiVersion").and_then(text);
    let group = version.and_then(|version| version.split_once('/'));
    group.is_some_and(|(group, _)| group != "kustomize.config.k8s.io")
}

fn stated(value: Value<'_>) -> Stated {
    match value.scalar().map(|scalar| (scalar.text, scalar.resolve())) {
        Some((_, Ok(Resolved::Null))) => Stated::Absent,
        Some((_, Ok(Resolved::Text(text)))) => Stated::of(text),
        // A number, say, which kustomize refuses.
        found => Stated::Unusable(found.map_or(String::new(), |(text, _)| text.to_owned())),
    }
}

/// The value of a key, whose case does not matter to kustomize.
pub(in crate::kinds::kubernetes) fn field<'t>(value: Value<'t>, name: &str) -> Option<Value<'t>> {
    let is_named = |key: Value<'_>| key.scalar().is_some_and(|scalar| scalar.text.eq_ignore_ascii_case(name));
    entries(value).filter(|(key, _)| is_named(*key)).last().map(|(_, value)| value)
}

/// The entries of a mapping, those that it merges among them; none of anything else.
pub(in crate::kinds::kubernetes) fn entries(value: Value<'_>) -> Entries<'_> {
    match value.shape() {
        Shape::Mapping(mapping) => mapping.merged().unwrap_or_else(|_| mapping.written()),
        Shape::Scalar(_) | Shape::Sequence(_) => Entries::none(),
    }
}

/// The items of the list under a key; none where there is no list.
pub(in crate::kinds::kubernetes) fn items<'t>(
    value: Value<'t>,
    name: &str,
) -> impl Iterator<Item = Value<'t>> {
    let list = field(value, name).and_then(|found| match found.shape() {
        Shape::Sequence(sequence) => Some(sequence.items()),
        Shape::Scalar(_) | Shape::Mapping(_) => None,
    });
    list.into_iter().flatten()
}

/// The text of a scalar; none where there is nothing.
pub(in crate::kinds::kubernetes) fn text(value: Value<'_>) -> Option<&str> {
    value.scalar().filter(|scalar| !scalar.is_null()).map(|scalar| scalar.text)
}
