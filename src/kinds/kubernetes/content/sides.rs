//! The layers of two bundles as one value for each group, so that an object is the same wherever its file lies.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::document::Identity;
use super::order::order;
use super::{Content, File, Part};
use crate::kinds::Sides;
use crate::kinds::diff::{self, Change, Value};
use crate::kinds::kubernetes::group::{Item, Rules, group};

/// The fields of a group's content, and of a file's.
pub(in crate::kinds::kubernetes) const OBJECTS: &str = "objects";
pub(in crate::kinds::kubernetes) const FILES: &str = "files";
pub(in crate::kinds::kubernetes) const DOCUMENTS: &str = "documents";

/// The changes that make one group of another; one that is not there holds nothing.
pub(in crate::kinds) fn compare(from: Option<&Value>, to: Option<&Value>) -> Vec<Change> {
    let nothing = Gathered::default().value();
    diff::compare(from.unwrap_or(&nothing), to.unwrap_or(&nothing), order)
}

/// Both sides, group by group.
///
/// An object that each side has at most once is known by what it says of itself, and stands in the group that the second
/// side has it in, or else the first. All other documents are known by their files: a patch says of itself what the object
/// says that it patches. Files stand in groups by the same rule.
pub(in crate::kinds) fn sides(parts: [Vec<Part>; 2]) -> Sides {
    let placed = parts.map(placed);
    let homes = Homes::of(&placed);
    let names = [0, 1].map(|side| placed[side].names.clone());
    Sides { names, contents: placed.map(|placed| gathered(placed, &homes)) }
}

/// Where objects and files stand, on both sides.
#[derive(Default)]
struct Homes {
    /// The group of an object, and how often each side has it.
    objects: HashMap<Identity, (String, [usize; 2])>,
    files: HashMap<String, String>,
}

impl Homes {
    /// The second side has the last word.
    fn of(placed: &[Placed; 2]) -> Self {
        let mut homes = Self::default();
        for (side, placed) in placed.iter().enumerate() {
            for (group, file) in &placed.files {
                homes.files.insert(file.path.clone(), group.clone());
                for identity in documents(file).iter().filter_map(Identity::of) {
                    let (home, counts) = homes.objects.entry(identity).or_default();
                    group.clone_into(home);
                    counts[side] += 1;
                }
            }
        }
        homes
    }

    /// The group of an object that neither side has twice.
    fn of_object(&self, document: &Value) -> Option<&String> {
        let (home, counts) = self.objects.get(&Identity::of(document)?)?;
        counts.iter().all(|count| *count < 2).then_some(home)
    }
}

/// The objects and files of one side, group by group.
fn gathered(placed: Placed, homes: &Homes) -> BTreeMap<String, Value> {
    let hidden: HashSet<String> = placed.files.iter().flat_map(|(_, file)| file.sources.clone()).collect();
    let mut groups: BTreeMap<String, Gathered> = BTreeMap::new();
    for (group, file) in placed.files {
        let home = homes.files.get(&file.path).unwrap_or(&group).clone();
        let File { path, is_executable, content, .. } = file;
        let is_hidden = hidden.contains(&path);
        let said = match content {
            Content::Other(value) => Said::Whole(value),
            Content::Documents(documents) if is_hidden => Said::Whole(Value::list(documents)),
            Content::Documents(documents) => {
                let mut rest = Vec::new();
                for document in documents {
                    match homes.of_object(&document) {
                        Some(home) => groups.entry(home.clone()).or_default().objects.push(document),
                        None => rest.push(document),
                    }
                }
                if rest.is_empty() {
                    continue;
                }
                Said::Documents(rest)
            }
        };
        let file = described(path, is_executable, said, is_hidden);
        groups.entry(home).or_default().files.push(file);
    }
    groups.into_iter().map(|(name, gathered)| (name, gathered.value())).collect()
}

/// What a file holds beside objects.
enum Said {
    /// Documents that are no objects, or are not to be told from others by what they say.
    Documents(Vec<Value>),
    /// Text, or what tells its bytes apart.
    Whole(Value),
}

/// What of one side stands in one group.
#[derive(Default)]
struct Gathered {
    objects: Vec<Value>,
    files: Vec<Value>,
}

impl Gathered {
    fn value(self) -> Value {
        Value::map(vec![(OBJECTS.into(), Value::list(self.objects)), (FILES.into(), Value::list(self.files))])
    }
}

fn documents(file: &File) -> &[Value] {
    match &file.content {
        Content::Documents(documents) => documents,
        Content::Other(_) => &[],
    }
}

/// A file as a value.
fn described(path: String, is_executable: bool, said: Said, is_hidden: bool) -> Value {
    let mut fields = vec![("path".into(), Value::text(path))];
    if is_executable {
        fields.push(("executable".into(), Value::Bool(true)));
    }
    match said {
        Said::Documents(documents) => fields.push((DOCUMENTS.into(), Value::list(documents))),
        Said::Whole(content) if is_hidden => fields.push(("text".into(), content.hidden())),
        Said::Whole(Value::Map(said)) => fields.extend(said.entries().iter().cloned()),
        Said::Whole(text) => fields.push(("text".into(), text)),
    }
    Value::map(fields)
}

/// The files of one side, each with its group.
struct Placed {
    names: BTreeSet<String>,
    files: Vec<(String, File)>,
}

/// Where a layer does not say its group, the files are grouped as a build would group them.
fn placed(parts: Vec<Part>) -> Placed {
    let mut found = Placed { names: BTreeSet::new(), files: Vec::new() };
    for Part { group: name, files } in parts {
        if let Some(name) = name {
            found.names.insert(name.clone());
            found.files.extend(files.into_iter().map(|file| (name.clone(), file)));
            continue;
        }
        let mut groups = grouped(&files);
        for (at, file) in files.into_iter().enumerate() {
            // What is no file of the tree names itself.
            let name = groups.remove(&at).unwrap_or_else(|| file.path.clone());
            found.names.insert(name.clone());
            found.files.push((name, file));
        }
    }
    found
}

/// The group of each file, by its place.
fn grouped(files: &[File]) -> HashMap<usize, String> {
    let looks: Vec<(usize, &File)> =
        files.iter().enumerate().filter(|(_, file)| file.look.is_some()).collect();
    let items: Vec<Item<'_>> = looks
        .iter()
        .filter_map(|(_, file)| {
            let (outline, root) = file.look.as_deref()?;
            Some(Item { path: &file.path, outline, root: root.as_ref() })
        })
        .collect();
    let groups = group(&items, &Rules::default()).groups.into_iter();
    let places = groups.flat_map(|group| {
        group.files.into_iter().map(move |(item, _)| (item, group.name.clone())).collect::<Vec<_>>()
    });
    places.map(|(item, name)| (looks[item].0, name)).collect()
}
