//! What a check has found so far, and the words in which it says so.

use std::fmt;

use crate::kinds::flipt::literal::{Literal, literal};
use crate::kinds::flipt::shape::Shape;
use crate::kinds::yaml::{Mark, Problem, Shape as Form, Style, Value, brief};

/// How many faults of a document are kept; a file of nothing else must not fill the memory.
const MANY_FAULTS: usize = 10_000;

/// Where a value stands in its document, as `flags[0].rules[1].rank`.
#[derive(Clone, Copy)]
pub(super) struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    part: Part<'p>,
}

#[derive(Clone, Copy)]
enum Part<'p> {
    Root,
    Field(&'p str),
    Item(usize),
}

impl<'p> Path<'p> {
    pub(super) fn root() -> Self {
        Self { parent: None, part: Part::Root }
    }

    pub(super) fn field(&'p self, name: &'p str) -> Self {
        Self { parent: Some(self), part: Part::Field(name) }
    }

    pub(super) fn item(&'p self, index: usize) -> Self {
        Self { parent: Some(self), part: Part::Item(index) }
    }

    fn is_root(&self) -> bool {
        matches!(self.part, Part::Root)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parent = self.parent.filter(|parent| !parent.is_root());
        if let Some(parent) = parent {
            parent.fmt(out)?;
        }
        match self.part {
            Part::Root => out.write_str("document"),
            Part::Field(name) => write!(out, "{}{}", if parent.is_some() { "." } else { "" }, brief(name)),
            Part::Item(index) => write!(out, "[{index}]"),
        }
    }
}

/// Faults and warnings so far, and what of the document they depend on.
#[derive(Default)]
pub(super) struct Findings<'t> {
    pub(super) faults: Vec<Problem>,
    pub(super) warnings: Vec<Problem>,
    /// The minor version of the schema to check by.
    pub(super) minor: u8,
    /// The flag or segment that is being checked: what it is, and its key.
    owner: Option<(&'static str, &'t str)>,
}

impl<'t> Findings<'t> {
    /// Names a flag or segment, by its key, in the faults that follow.
    pub(super) fn own(&mut self, kind: &'static str, object: Value<'t>) {
        let Form::Mapping(mapping) = object.shape() else {
            return self.disown();
        };
        let is_key = |key: Value<'_>| key.scalar().is_some_and(|scalar| scalar.text == "key");
        let key = mapping.written().find(|(key, _)| is_key(*key)).and_then(|(_, value)| value.scalar());
        self.owner = key.map(|key| (kind, key.text));
    }

    /// Ends what `own` began.
    pub(super) fn disown(&mut self) {
        self.owner = None;
    }

    /// Records a fault.
    pub(super) fn fault(&mut self, mark: Mark, rule: &'static str, message: String) {
        if self.faults.len() >= MANY_FAULTS {
            return;
        }
        let message = match self.owner {
            Some((kind, key)) => format!("{message} ({kind} `{}`)", brief(key)),
            None => message,
        };
        self.faults.push(Problem { mark, rule, message });
    }

    /// A value of the wrong type.
    pub(super) fn wrong(&mut self, value: Value<'_>, path: Path<'_>, expected: &str) {
        let hint = match value.scalar() {
            Some(scalar) if expected.starts_with("text") && !scalar.text.is_empty() => {
                "; quotes would make it text"
            }
            _ => "",
        };
        let message = format!("`{path}` must be {expected}, not {}{hint}", describe(value));
        self.fault(value.mark(), "wrong-type", message);
    }

    /// A required field that is not there.
    pub(super) fn missing(&mut self, object: Value<'_>, path: Path<'_>) {
        self.fault(object.mark(), "missing-field", format!("`{path}` is missing"));
    }

    /// The fields of an object; none where the value is no mapping. What is no field is a fault.
    pub(super) fn fields<const N: usize>(
        &mut self,
        value: Value<'t>,
        shape: &Shape<N>,
        path: Path<'_>,
    ) -> Option<[Option<Value<'t>>; N]> {
        let Form::Mapping(mapping) = value.shape() else {
            self.wrong(value, path, "a mapping");
            return None;
        };
        self.hidden(mapping, path, false);
        let entries = match mapping.overlaid() {
            Ok(entries) => entries,
            Err(bad) => {
                self.bad_merge(bad.mark);
                return None;
            }
        };
        Some(shape.sort(entries, |key| self.unknown(key, shape, path)))
    }

    fn unknown<const N: usize>(&mut self, key: Value<'t>, shape: &Shape<N>, path: Path<'_>) {
        let Some(scalar) = key.scalar() else {
            self.fault(
                key.mark(),
                "bad-key",
                format!("a key in `{path}` must be text, not {}", describe(key)),
            );
            return;
        };
        let named = path.field(scalar.text);
        let fields = shape.fields.join(", ");
        let message = format!("`{named}` is no field of a {}; those are {fields}", shape.name);
        self.fault(key.mark(), "unknown-field", message);
    }

    /// A merge key over something that cannot be merged.
    pub(super) fn bad_merge(&mut self, mark: Mark) {
        let message = "a merge key `<<` takes a mapping, an alias of one, or a list of those".to_owned();
        self.fault(mark, "bad-merge", message);
    }

    /// The items of a list with their indices; none where the value is no list.
    pub(super) fn items(
        &mut self,
        value: Value<'t>,
        path: Path<'_>,
    ) -> impl Iterator<Item = (usize, Value<'t>)> + use<'t> {
        let items = match value.shape() {
            Form::Sequence(sequence) => Some(sequence.items().enumerate()),
            Form::Scalar(_) | Form::Mapping(_) => {
                self.wrong(value, path, "a list");
                None
            }
        };
        items.into_iter().flatten()
    }

    /// The items of a list that may be absent.
    pub(super) fn optional_items(
        &mut self,
        value: Option<Value<'t>>,
        path: Path<'_>,
    ) -> impl Iterator<Item = (usize, Value<'t>)> + use<'t> {
        value.map(|value| self.items(value, path)).into_iter().flatten()
    }

    /// Checks a field if it is there.
    pub(super) fn optional(&mut self, value: Option<Value<'t>>, check: impl FnOnce(&mut Self, Value<'t>)) {
        if let Some(value) = value {
            check(self, value);
        }
    }

    /// Checks a field that must be there.
    pub(super) fn required(
        &mut self,
        value: Option<Value<'t>>,
        object: Value<'t>,
        path: Path<'_>,
        check: impl FnOnce(&mut Self, Value<'t>, Path<'_>),
    ) {
        match value {
            Some(value) => check(self, value, path),
            None => self.missing(object, path),
        }
    }

    /// A scalar's meaning; none, and a fault, where it has none or the value is no scalar.
    pub(super) fn literal(
        &mut self,
        value: Value<'t>,
        path: Path<'_>,
        expected: &str,
    ) -> Option<Literal<'t>> {
        let Some(scalar) = value.scalar() else {
            self.wrong(value, path, expected);
            return None;
        };
        match literal(scalar) {
            // What JSON has without quotes and YAML takes for text is a number beyond all bounds.
            Ok(Literal::Text(text)) if value.is_json() && scalar.style == Style::Plain => {
                let message = format!("`{path}`: `{}` is out of range", brief(text));
                self.fault(value.mark(), "out-of-range", message);
                None
            }
            Ok(literal) => Some(literal),
            Err(refusal) => {
                self.fault(value.mark(), refusal.rule, format!("`{path}`: {}", refusal.message));
                None
            }
        }
    }
}

/// A value in a few words.
pub(super) fn describe(value: Value<'_>) -> String {
    let scalar = match value.shape() {
        Form::Scalar(scalar) => scalar,
        Form::Sequence(_) => return "a list".to_owned(),
        Form::Mapping(_) => return "a mapping".to_owned(),
    };
    match literal(scalar) {
        _ if matches!(scalar.style, Style::Empty | Style::EmptyInFlow) => "nothing".to_owned(),
        Ok(Literal::Null) => "null".to_owned(),
        Ok(Literal::Bool(value)) => value.to_string(),
        Ok(Literal::Int(text) | Literal::Float(text)) => format!("the number {}", brief(text)),
        Ok(Literal::Text("")) => "an empty text".to_owned(),
        Ok(Literal::Text(text)) => format!("the text {:?}", brief(text)),
        Ok(Literal::Bytes) => "binary data".to_owned(),
        Err(_) => format!("`{}`", brief(scalar.text)),
    }
}
