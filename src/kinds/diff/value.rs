//! Parsed content as a tree whose equal parts are told apart from unequal ones at once.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::sync::LazyLock;

use crate::oci::Digest;

/// One value. Numbers keep the digits in which they were written.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing, said explicitly.
    Null,
    /// True or false.
    Bool(bool),
    /// A number, as JSON writes it.
    Number(Box<str>),
    /// Text.
    Text(Box<str>),
    /// Fields by name.
    Map(Box<Fields>),
    /// Items in the order in which they were written.
    List(Box<Items>),
    /// Something that is compared and never shown.
    Secret(Box<Value>),
}

/// The fields of a map, sorted, each name once.
#[derive(Clone)]
pub struct Fields {
    entries: Vec<(Box<str>, Value)>,
    print: Print,
}

/// The items of a list.
#[derive(Clone)]
pub struct Items {
    items: Vec<Value>,
    print: Print,
}

/// Equal for equal values, and for others only by a chance that nobody can bring about: its keys are the process's own.
pub(in crate::kinds) type Print = [u64; 2];

static KEYS: LazyLock<[RandomState; 2]> = LazyLock::new(|| [RandomState::new(), RandomState::new()]);

impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        self.print == other.print
    }
}

impl Eq for Fields {}

impl PartialEq for Items {
    fn eq(&self, other: &Self) -> bool {
        self.print == other.print
    }
}

impl Eq for Items {}

impl Fields {
    /// The fields, in the order of their names.
    pub fn entries(&self) -> &[(Box<str>, Value)] {
        &self.entries
    }

    /// A field's value.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let at = self.entries.binary_search_by(|(field, _)| field.as_ref().cmp(name)).ok()?;
        Some(&self.entries[at].1)
    }
}

impl Items {
    /// The items, in order.
    pub fn items(&self) -> &[Value] {
        &self.items
    }
}

impl Value {
    /// Text.
    pub fn text(text: impl Into<Box<str>>) -> Self {
        Self::Text(text.into())
    }

    /// A map; of fields with one name the last counts.
    pub fn map(mut entries: Vec<(Box<str>, Self)>) -> Self {
        entries.sort_by(|one, other| one.0.cmp(&other.0));
        let mut kept: Vec<(Box<str>, Self)> = Vec::with_capacity(entries.len());
        for entry in entries {
            match kept.last_mut() {
                Some(last) if last.0 == entry.0 => *last = entry,
                _ => kept.push(entry),
            }
        }
        let print = print(|hasher, at| {
            for (name, value) in &kept {
                hasher.write_usize(name.len());
                hasher.write(name.as_bytes());
                value.hash(hasher, at);
            }
        });
        Self::Map(Box::new(Fields { entries: kept, print }))
    }

    /// A list.
    pub fn list(items: Vec<Self>) -> Self {
        let print = print(|hasher, at| items.iter().for_each(|item| item.hash(hasher, at)));
        Self::List(Box::new(Items { items, print }))
    }

    /// Bytes as text, or as what tells them from others where they are none.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::text(text),
            Err(_) => Self::map(vec![
                ("sha256".into(), Self::text(Digest::of(bytes).to_string().trim_start_matches("sha256:"))),
                ("size".into(), Self::Number(bytes.len().to_string().into())),
            ]),
        }
    }

    /// The same with another value in this field, if it is a map that has it.
    #[must_use]
    pub fn with_field(self, name: &str, change: impl FnOnce(Self) -> Self) -> Self {
        let Self::Map(fields) = self else { return self };
        let mut entries = fields.entries;
        if let Some((_, value)) = entries.iter_mut().find(|(field, _)| field.as_ref() == name) {
            *value = change(std::mem::replace(value, Self::Null));
        }
        Self::map(entries)
    }

    /// The same with another value in each field, or for each item.
    #[must_use]
    pub fn with_each(self, change: impl Fn(Self) -> Self) -> Self {
        match self {
            Self::Map(fields) => {
                Self::map(fields.entries.into_iter().map(|(name, value)| (name, change(value))).collect())
            }
            Self::List(items) => Self::list(items.items.into_iter().map(change).collect()),
            leaf => leaf,
        }
    }

    /// The items of the list in this field.
    pub(in crate::kinds) fn into_items(self, name: &str) -> Vec<Self> {
        let Self::Map(fields) = self else { return Vec::new() };
        match fields.entries.into_iter().find(|(field, _)| field.as_ref() == name) {
            Some((_, Self::List(items))) => items.items,
            _ => Vec::new(),
        }
    }

    /// The same, never shown.
    #[must_use]
    pub fn hidden(self) -> Self {
        match self {
            Self::Secret(_) => self,
            open => Self::Secret(Box::new(open)),
        }
    }

    /// A field of a map.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(fields) => fields.get(name),
            _ => None,
        }
    }

    /// The items of a list; none where it is no list.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items.items(),
            _ => &[],
        }
    }

    /// What a field further down has, by names with dots between them.
    pub fn at(&self, names: &str) -> Option<&Self> {
        names.split('.').try_fold(self, |value, name| value.get(name))
    }

    /// Text, where it is that.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value itself, where it is never shown.
    pub(in crate::kinds) fn uncovered(&self) -> &Self {
        match self {
            Self::Secret(value) => value,
            open => open,
        }
    }

    /// Whether something in it is never shown.
    pub fn has_secrets(&self) -> bool {
        match self {
            Self::Secret(_) => true,
            Self::Map(fields) => fields.entries.iter().any(|(_, value)| value.has_secrets()),
            Self::List(items) => items.items.iter().any(Self::has_secrets),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => false,
        }
    }

    /// Appends it as JSON on one line; what is never shown is null. Where the text gets longer than `limit` bytes it may
    /// end anywhere.
    pub fn write_json(&self, out: &mut String, limit: usize) {
        if out.len() > limit {
            return;
        }
        match self {
            Self::Null | Self::Secret(_) => out.push_str("null"),
            Self::Bool(is_true) => out.push_str(if *is_true { "true" } else { "false" }),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => write_text(text, out, limit),
            Self::Map(fields) => {
                out.push('{');
                for (at, (name, value)) in fields.entries.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    if out.len() > limit {
                        return;
                    }
                    write_text(name, out, limit);
                    out.push(':');
                    value.write_json(out, limit);
                }
                out.push('}');
            }
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    if out.len() > limit {
                        return;
                    }
                    item.write_json(out, limit);
                }
                out.push(']');
            }
        }
    }

    /// About how many bytes it has as JSON.
    pub(in crate::kinds) fn weight(&self) -> usize {
        match self {
            Self::Null | Self::Bool(_) => 4,
            Self::Secret(value) => value.weight(),
            Self::Number(text) | Self::Text(text) => text.len() + 2,
            Self::Map(fields) => {
                fields.entries.iter().map(|(name, value)| name.len() + 4 + value.weight()).sum::<usize>() + 2
            }
            Self::List(items) => items.items.iter().map(|item| item.weight() + 1).sum::<usize>() + 2,
        }
    }

    /// About how many bytes of memory it takes.
    pub(in crate::kinds) fn held(&self) -> u64 {
        /// What the allocator keeps beside, and rounds up to.
        const BLOCK: usize = 16;
        let text = |text: &str| (text.len() + BLOCK) as u64;
        let below = match self {
            Self::Null | Self::Bool(_) => 0,
            Self::Secret(value) => value.held(),
            Self::Number(digits) => text(digits),
            Self::Text(letters) => text(letters),
            Self::Map(fields) => {
                let field = |(name, value): &(Box<str>, Self)| {
                    size_of::<Box<str>>() as u64 + text(name) + value.held()
                };
                (size_of::<Fields>() + 2 * BLOCK) as u64 + fields.entries.iter().map(field).sum::<u64>()
            }
            Self::List(items) => {
                (size_of::<Items>() + 2 * BLOCK) as u64 + items.items.iter().map(Self::held).sum::<u64>()
            }
        };
        size_of::<Self>() as u64 + below
    }

    /// What tells it from other values.
    pub(in crate::kinds) fn print(&self) -> Print {
        match self {
            Self::Map(fields) => fields.print,
            Self::List(items) => items.print,
            leaf => print(|hasher, at| leaf.hash(hasher, at)),
        }
    }

    /// Feeds the value to the hasher of one of the two keys.
    fn hash(&self, hasher: &mut impl Hasher, at: usize) {
        match self {
            Self::Null => hasher.write_u8(0),
            Self::Bool(is_true) => hasher.write_u8(1 + u8::from(*is_true)),
            Self::Number(text) | Self::Text(text) => {
                hasher.write_u8(if matches!(self, Self::Number(_)) { 3 } else { 4 });
                hasher.write_usize(text.len());
                hasher.write(text.as_bytes());
            }
            Self::Map(fields) => {
                hasher.write_u8(5);
                hasher.write_u64(fields.print[at]);
            }
            Self::List(items) => {
                hasher.write_u8(6);
                hasher.write_u64(items.print[at]);
            }
            Self::Secret(value) => {
                hasher.write_u8(7);
                value.hash(hasher, at);
            }
        }
    }
}

fn print(feed: impl Fn(&mut <RandomState as BuildHasher>::Hasher, usize)) -> Print {
    [0, 1].map(|at| {
        let mut hasher = KEYS[at].build_hasher();
        feed(&mut hasher, at);
        hasher.finish()
    })
}

/// Appends a text in quotes, cut before it is escaped where it is longer than the limit.
fn write_text(text: &str, out: &mut String, limit: usize) {
    let end = text.floor_char_boundary(limit.saturating_add(4).min(text.len()));
    // A text always has a form in JSON.
    out.push_str(&serde_json::to_string(&text[..end]).unwrap_or_default());
}

impl fmt::Debug for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write_json(&mut text, 10_000);
        out.write_str(&text)
    }
}
