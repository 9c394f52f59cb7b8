//! Changes of a group in the language of Kubernetes: objects and their fields, and files.

use std::collections::BTreeMap;

use super::content::{DOCUMENTS, FILES, OBJECTS};
use crate::kinds::diff::{Change, Moved, Moves, Nature, Object, Step, Value, dotted, in_lines};

/// How many values of a Secret that come or go together are told one by one.
const MOST_VALUES: usize = 100;
/// How SOPS begins a value that it encrypted.
const ENCRYPTED: &str = "ENC[";

/// Changes by the objects and files that they are of.
pub(in crate::kinds) fn told(
    group: &str,
    nature: Nature,
    from: &Value,
    to: &Value,
    changes: &[Change],
) -> Vec<Object> {
    let mut found: BTreeMap<Subject, Told> = BTreeMap::new();
    if nature != Nature::Changed {
        let mut namespace = Told::new(String::new(), nature);
        let side = if nature == Nature::Removed { from } else { to };
        namespace.object.words.push(if changes.is_empty() { MOVED.to_owned() } else { size(side) });
        found.insert(Subject::default(), namespace);
    }
    let moves = Moves::of(changes);
    for (at, change) in changes.iter().enumerate() {
        let steps = change.path.steps();
        let (subject, inner) = subject(&steps);
        let of = if inner.is_empty() { change.nature } else { Nature::Changed };
        let told = found.entry(subject).or_insert_with_key(|subject| Told::new(subject.name(group), of));
        match moves.of_change(at) {
            Moved::No => told.take(inner, change),
            Moved::To(place) => told.object.say(|| vec![moved(inner, place)]),
            Moved::Told => {}
        }
    }
    found.into_values().map(Told::object).collect()
}

/// What is said of a group that comes or goes while no object does.
const MOVED: &str = "namespace, whose objects the other side has elsewhere";

/// What a change is of, in the order in which they are told.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Subject {
    /// Whether it is a file; the group itself comes first, then objects, then files.
    rank: u8,
    kind: String,
    namespace: String,
    name: String,
    /// The version of the API of an object, and which of several of one name.
    rest: (String, usize),
}

impl Subject {
    fn name(&self, group: &str) -> String {
        let Self { rank, kind, namespace, name, rest: (_, number) } = self;
        let nth = if *number > 1 { format!("#{number}") } else { String::new() };
        match rank {
            0 => String::new(),
            1 if namespace.is_empty() || namespace == group => format!("{kind}/{name}{nth}"),
            1 => format!("{namespace}/{kind}/{name}{nth}"),
            _ => format!("{name}{nth}"),
        }
    }
}

/// What a path is about, and the steps within it.
fn subject<'s, 'c>(steps: &'s [&'c Step]) -> (Subject, &'s [&'c Step]) {
    let [Step::Field(list), Step::Item(fields, number), inner @ ..] = steps else {
        return (Subject::default(), steps);
    };
    let mut texts = fields.iter().map(|(_, text)| text.to_string());
    let mut next = || texts.next().unwrap_or_default();
    if list.as_ref() == OBJECTS {
        let (version, kind, namespace, name) = (next(), next(), next(), next());
        return (Subject { rank: 1, kind, namespace, name, rest: (version, *number) }, inner);
    }
    (Subject { rank: 2, name: next(), rest: (String::new(), *number), ..Subject::default() }, inner)
}

/// `namespace, 2 objects, 1 file`
fn size(group: &Value) -> String {
    let count = |list: &str, word: &str| match group.get(list).map_or(0, |list| list.items().len()) {
        1 => format!("1 {word}"),
        many => format!("{many} {word}s"),
    };
    match group.get(FILES).map_or(0, |files| files.items().len()) {
        0 => format!("namespace, {}", count(OBJECTS, "object")),
        _ => format!("namespace, {}, {}", count(OBJECTS, "object"), count(FILES, "file")),
    }
}

/// What is said of one object or file.
struct Told {
    object: Object,
    /// Whether nothing but what SOPS writes of itself, or values that it encrypted, is another.
    is_sealed_anew: bool,
}

impl Told {
    fn new(name: String, nature: Nature) -> Self {
        Self { object: Object::new(name, nature), is_sealed_anew: false }
    }

    fn take(&mut self, inner: &[&Step], change: &Change) {
        let (from, to) = (change.from.as_ref(), change.to.as_ref());
        if inner.is_empty() && change.nature != Nature::Changed {
            self.object.say(|| whole(to));
        } else if is_seal(inner, change) {
            self.is_sealed_anew = true;
        } else {
            self.object.say(|| words(inner, from, to));
        }
    }

    fn object(mut self) -> Object {
        if self.is_sealed_anew {
            self.object.words.push("re-encrypted".to_owned());
        }
        self.object
    }
}

/// What is said of an object or file that is new.
fn whole(to: Option<&Value>) -> Vec<String> {
    let Some(to) = to else { return Vec::new() };
    match to.get("apiVersion") {
        Some(Value::Text(version)) => vec![version.to_string()],
        _ => vec!["file".to_owned()],
    }
}

/// Whether a change is of ciphertext, or of what SOPS writes beside it.
fn is_seal(inner: &[&Step], change: &Change) -> bool {
    let inner = within(inner).1;
    let is_beside = matches!(inner, [Step::Field(first), _, ..] if first.as_ref() == "sops");
    let is_encrypted = |side: &Option<Value>| match side.as_ref().map(Value::uncovered) {
        Some(Value::Text(text)) => {
            text.starts_with(ENCRYPTED) || (text.contains(ENCRYPTED) && text.contains("sops"))
        }
        _ => false,
    };
    is_beside || (is_encrypted(&change.from) && is_encrypted(&change.to))
}

/// The number of a file's document, from 0, and the steps within it.
fn within<'s, 'c>(inner: &'s [&'c Step]) -> (usize, &'s [&'c Step]) {
    match inner {
        [Step::Field(documents), Step::Index(at), rest @ ..] if documents.as_ref() == DOCUMENTS => {
            (*at, rest)
        }
        _ => (0, inner),
    }
}

/// `spec.rules[2] moved to [0]`
fn moved(inner: &[&Step], place: usize) -> String {
    match (within(inner), named(inner)) {
        ((document, []), _) => format!("document {} moved to {}", document + 1, place + 1),
        (_, (prefix, rest)) => format!("{prefix}{} moved to [{place}]", dotted(rest)),
    }
}

/// What goes before the name of something in a further document of a file, and the steps within it.
fn named<'s, 'c>(inner: &'s [&'c Step]) -> (String, &'s [&'c Step]) {
    let (document, rest) = within(inner);
    (if document > 0 { format!("document {}: ", document + 1) } else { String::new() }, rest)
}

fn words(inner: &[&Step], from: Option<&Value>, to: Option<&Value>) -> Vec<String> {
    let (prefix, rest) = named(inner);
    let name = format!("{prefix}{}", dotted(rest));
    let side = match (from, to) {
        (Some(_), Some(_)) => None,
        (from, to) => from.or(to),
    };
    // Values that are never shown, and come or go together, at least by their names.
    if let Some(Value::Map(fields)) = side
        && fields.entries().iter().any(|(_, value)| matches!(value, Value::Secret(_)))
    {
        let verb = if from.is_some() { "removed" } else { "added" };
        let named = fields.entries().iter().take(MOST_VALUES);
        return named.map(|(key, _)| format!("{name}.{key} {verb}")).collect();
    }
    if matches!(rest, [Step::Field(first)] if first.as_ref() == "sops") && side.is_some() {
        let words = if from.is_some() { "no longer encrypted with SOPS" } else { "encrypted with SOPS" };
        return vec![format!("{prefix}{words}")];
    }
    in_lines(&name, from, to)
}
