//! `.torte.yaml`: what a directory says of how it is packed, so that nobody has to remember the flags.

mod nearest;

use super::group::GroupBy;
use super::group::group_kind::GroupKind;
use super::group::overrides::{Override, OverrideError};
use crate::kinds::Kind;
use crate::kinds::fault::{Fault, Lines};
use crate::kinds::kubernetes::Profile;
use crate::kinds::yaml::{self, Entries, Mark, Problem, Shape, Source, Value, brief};
use crate::source::Tree;
use nearest::nearest;

/// The file's name; it counts in the root of the tree alone, and is never packed.
pub const FILE: &str = ".torte.yaml";

/// A name that is mistaken for it.
const OTHER_FILE: &str = ".torte.yml";

/// How many faults of the file are told.
const MAX_FAULTS: usize = 100;

/// What the file says.
#[derive(Debug, Default)]
pub struct Project {
    /// `kind`: what the directory holds.
    pub kind: Option<Kind>,
    /// `profile`: the shape of the bundle.
    pub profile: Option<Profile>,
    /// `groupBy`: what decides which layer a file goes to.
    pub group_by: Option<GroupBy>,
    /// `ignore`: patterns of what is left out beside Flux's own list.
    pub ignore: Vec<String>,
    /// `groups`: patterns with the groups of what they match, in their order.
    pub groups: Vec<Override>,
    /// `clusterScoped`: kinds that belong to no namespace.
    pub cluster_scoped: Vec<GroupKind>,
}

const KINDS: [(&str, Kind); 2] = [("flipt", Kind::Flipt), ("kubernetes", Kind::Kubernetes)];
const PROFILES: [(&str, Profile); 3] =
    [("hybrid", Profile::Hybrid), ("flux", Profile::Flux), ("argo", Profile::Argo)];
const WAYS: [(&str, GroupBy); 4] = [
    ("auto", GroupBy::Auto),
    ("dir", GroupBy::Dir),
    ("namespace", GroupBy::Namespace),
    ("none", GroupBy::None),
];
/// The keys; of a directory of flags only the first may be said.
const KEYS: [&str; 6] = ["kind", "profile", "groupBy", "ignore", "groups", "clusterScoped"];

impl Project {
    /// What the file in the root of a tree says; nothing where there is none.
    pub fn of(tree: &Tree) -> Result<Self, Vec<Fault>> {
        let Some(file) = tree.find(FILE) else { return misnamed(tree).map_or(Ok(Self::default()), Err) };
        let bytes = tree.read(file).map_err(|error| vec![Fault::unreadable(&error)])?;
        Self::read(&bytes)
    }

    /// Reads the file; a file that says nothing is as good as none. All that is wrong comes at once.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<Fault>> {
        let mut decoded = yaml::decode(bytes);
        let mut reading =
            Reading { project: Self::default(), problems: std::mem::take(&mut decoded.problems) };
        let source = Source::new(&decoded);
        for (at, mut document) in source.documents().enumerate() {
            reading.problems.append(&mut document.problems);
            let Some(tree) = document.tree else { continue };
            if at == 0 {
                reading.document(tree.root());
            } else {
                reading.wrong(tree.root().mark(), "several-documents", "the file holds one document");
                break;
            }
        }
        let Reading { project, mut problems } = reading;
        if problems.is_empty() {
            return Ok(project);
        }
        problems.sort_by_key(|problem| problem.mark);
        problems.truncate(MAX_FAULTS);
        let lines = Lines::new(source.text());
        Err(problems.into_iter().map(|problem| Fault::of(FILE, problem).quoting(&lines)).collect())
    }
}

/// What was surely meant to be the file, and would do nothing as it is.
fn misnamed(tree: &Tree) -> Option<Vec<Fault>> {
    let (path, message) = if tree.find(OTHER_FILE).is_some() {
        (OTHER_FILE, format!("nothing reads this file; rename it to `{FILE}`"))
    } else if tree.entries().any(|entry| entry.is_directory() && entry.path() == FILE) {
        (FILE, "this is a directory, and should be a file".to_owned())
    } else {
        return None;
    };
    Some(vec![Fault::whole(path, "misnamed-file", message)])
}

/// What was read so far.
struct Reading {
    project: Project,
    problems: Vec<Problem>,
}

impl Reading {
    fn wrong(&mut self, mark: Mark, rule: &'static str, message: impl Into<String>) {
        self.problems.push(Problem::new(mark, rule, message));
    }

    fn document(&mut self, root: Value<'_>) {
        let entries: Vec<_> = self.entries(root, "keys such as `kind` and `groups`").collect();
        for (key, value) in &entries {
            match key.scalar().map(|scalar| scalar.text) {
                Some("kind") => self.project.kind = self.one_of(*value, "kind", &KINDS),
                Some("profile") => self.project.profile = self.one_of(*value, "profile", &PROFILES),
                Some("groupBy") => self.project.group_by = self.one_of(*value, "groupBy", &WAYS),
                Some("ignore") => self.ignore(*value),
                Some("groups") => self.groups(*value),
                Some("clusterScoped") => self.cluster_scoped(*value),
                Some(other) => self.unknown_key(key.mark(), other),
                None => self.wrong(key.mark(), "wrong-type", "a list or a mapping cannot be a key here"),
            }
        }
        if self.project.kind == Some(Kind::Flipt) {
            let of_manifests = entries.iter().filter_map(|(key, _)| Some((key.mark(), key.scalar()?.text)));
            for (mark, key) in of_manifests.filter(|(_, key)| KEYS[1..].contains(key)) {
                let message =
                    format!("`{key}` is for manifests, and `kind` says that these are flags of Flipt");
                self.wrong(mark, "not-for-this-kind", message);
            }
        }
    }

    fn unknown_key(&mut self, mark: Mark, key: &str) {
        let meant = match nearest(key, KEYS) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("use {}", listed(KEYS)),
        };
        self.wrong(mark, "unknown-key", format!("`{}` is no key here; {meant}", brief(key)));
    }

    fn one_of<T: Copy>(&mut self, value: Value<'_>, key: &str, known: &[(&str, T)]) -> Option<T> {
        let text = self.text(value)?;
        if let Some((_, found)) = known.iter().find(|(name, _)| *name == text) {
            return Some(*found);
        }
        let names = || known.iter().map(|(name, _)| *name);
        let meant = nearest(text, names()).map(|meant| format!("; did you mean `{meant}`?"));
        let message =
            format!("`{key}` is {}, not `{}`{}", listed(names()), brief(text), meant.unwrap_or_default());
        self.wrong(value.mark(), "unknown-value", message);
        None
    }

    fn ignore(&mut self, value: Value<'_>) {
        for item in self.items(value, "a list of patterns") {
            match self.text(item) {
                Some("") => self.wrong(item.mark(), "bad-pattern", "the pattern is empty"),
                Some(text) => self.project.ignore.push(text.to_owned()),
                None => {}
            }
        }
    }

    fn groups(&mut self, value: Value<'_>) {
        for (key, value) in self.entries(value, "patterns of paths, each with the name of a group") {
            let (Some(glob), Some(name)) = (self.text(key), self.text(value)) else { continue };
            match Override::new(glob, name) {
                Ok(rule) => self.project.groups.push(rule),
                Err(error @ OverrideError::Name(_)) => {
                    self.wrong(value.mark(), "group-name", error.to_string());
                }
                Err(error) => self.wrong(key.mark(), "bad-pattern", error.to_string()),
            }
        }
    }

    fn cluster_scoped(&mut self, value: Value<'_>) {
        for item in self.items(value, "a list of kinds, such as `ClusterIssuer.cert-manager.io`") {
            match self.text(item).map(str::parse::<GroupKind>) {
                Some(Ok(kind)) => self.project.cluster_scoped.push(kind),
                Some(Err(error)) => self.wrong(item.mark(), "bad-kind", error.to_string()),
                None => {}
            }
        }
    }

    /// Keys and values; none where nothing is said.
    fn entries<'t>(&mut self, value: Value<'t>, expected: &str) -> Entries<'t> {
        match value.shape() {
            Shape::Mapping(mapping) => match mapping.merged() {
                Ok(entries) => return entries,
                Err(bad) => {
                    self.wrong(bad.mark, "bad-merge", "`<<` takes a mapping, or a list of mappings");
                }
            },
            Shape::Scalar(scalar) if scalar.is_null() => {}
            Shape::Scalar(_) | Shape::Sequence(_) => self.wrong_type(value, expected),
        }
        Entries::none()
    }

    /// The items of a list; none where nothing is said.
    fn items<'t>(&mut self, value: Value<'t>, expected: &str) -> Vec<Value<'t>> {
        match value.shape() {
            Shape::Sequence(sequence) => return sequence.items().collect(),
            Shape::Scalar(scalar) if scalar.is_null() => {}
            Shape::Scalar(_) | Shape::Mapping(_) => self.wrong_type(value, expected),
        }
        Vec::new()
    }

    /// A text as it is written, whatever YAML would make of it.
    fn text<'t>(&mut self, value: Value<'t>) -> Option<&'t str> {
        let found = value.scalar().filter(|scalar| !scalar.is_null()).map(|scalar| scalar.text);
        if found.is_none() {
            self.wrong_type(value, "a text");
        }
        found
    }

    fn wrong_type(&mut self, value: Value<'_>, expected: &str) {
        self.wrong(value.mark(), "wrong-type", format!("expected {expected}"));
    }
}

/// Words as `a`, `b` or `c`.
fn listed<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let mut quoted: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    let last = quoted.pop().unwrap_or_default();
    if quoted.is_empty() { last } else { format!("{} or {last}", quoted.join(", ")) }
}

#[cfg(test)]
mod tests;
