//! The collections that are open around a line, and what their keys mean to an outline.

/// How deep collections may stand in each other here.
const MAX_LEVELS: usize = 100;
/// How many keys of one mapping are compared with each other here, each with all before it.
const MAX_KEYS: usize = 256;

/// What a key of a manifest means to its outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    ApiVersion,
    Kind,
    Name,
    Namespace,
    Group,
    Scope,
    Defined,
    Metadata,
    Spec,
    Names,
    Other,
}

impl Field {
    /// Whether the value is wanted, and not only what stands in it.
    pub(super) fn is_scalar(self) -> bool {
        !matches!(self, Self::Metadata | Self::Spec | Self::Names | Self::Other)
    }
}

/// What the keys of a mapping are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Root,
    Metadata,
    Spec,
    Names,
    Other,
}

impl Role {
    fn field(self, key: &str) -> Field {
        match (self, key) {
            (Self::Root, "apiVersion") => Field::ApiVersion,
            (Self::Root, "kind") => Field::Kind,
            (Self::Root, "metadata") => Field::Metadata,
            (Self::Root, "spec") => Field::Spec,
            (Self::Metadata, "name") => Field::Name,
            (Self::Metadata, "namespace") => Field::Namespace,
            (Self::Spec, "group") => Field::Group,
            (Self::Spec, "scope") => Field::Scope,
            (Self::Spec, "names") => Field::Names,
            (Self::Names, "kind") => Field::Defined,
            _ => Field::Other,
        }
    }

    fn of(field: Field) -> Self {
        match field {
            Field::Metadata => Self::Metadata,
            Field::Spec => Self::Spec,
            Field::Names => Self::Names,
            _ => Self::Other,
        }
    }
}

/// A collection.
#[derive(Debug)]
struct Level {
    /// The column of its entries, from 0.
    column: usize,
    /// Of a mapping what it is, none of a sequence.
    role: Option<Role>,
    /// Where the fingerprints of its keys begin, and a sieve of them.
    keys: usize,
    sieve: u64,
}

/// The open collections, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Levels {
    open: Vec<Level>,
    /// The fingerprints of the keys of all open mappings.
    keys: Vec<u64>,
    /// Whether the document has begun.
    begun: bool,
}

impl Levels {
    pub(super) fn clear(&mut self) {
        self.open.clear();
        self.keys.clear();
        self.begun = false;
    }

    /// Goes to the sequence that has an item at a column; `open` is the entry before, if it has no value so far.
    pub(super) fn item(&mut self, column: usize, open: Option<Field>) -> Option<()> {
        if !self.begun {
            return self.root(column, None);
        }
        let top = self.open.last()?;
        if let Some(field) = open
            && (column > top.column || (column == top.column && top.role.is_some()))
        {
            return if field.is_scalar() { None } else { self.push(column, None) };
        }
        self.close(|level| level.column > column);
        self.open.last().filter(|top| top.column == column && top.role.is_none()).map(|_| ())
    }

    /// Goes to the mapping that has a key at a column.
    pub(super) fn entry(&mut self, column: usize, open: Option<Field>) -> Option<()> {
        if !self.begun {
            return self.root(column, Some(Role::Root));
        }
        let top = self.open.last()?;
        if let Some(field) = open
            && column > top.column
        {
            return if field.is_scalar() { None } else { self.push(column, Some(Role::of(field))) };
        }
        self.close(|level| level.column > column || (level.column == column && level.role.is_none()));
        self.open.last().filter(|top| top.column == column && top.role.is_some()).map(|_| ())
    }

    /// Takes a key of the innermost mapping, and says what it means; nothing if it may stand there already.
    pub(super) fn key(&mut self, key: &str) -> Option<Field> {
        let level = self.open.last_mut()?;
        let print = fingerprint(key.as_bytes());
        let bit = 1 << (print >> 58);
        let keys = self.keys.get(level.keys..)?;
        if keys.len() == MAX_KEYS || (level.sieve & bit != 0 && keys.contains(&print)) {
            return None;
        }
        level.sieve |= bit;
        let field = level.role?.field(key);
        self.keys.push(print);
        Some(field)
    }

    fn root(&mut self, column: usize, role: Option<Role>) -> Option<()> {
        self.begun = true;
        if column == 0 { self.push(column, role) } else { None }
    }

    fn push(&mut self, column: usize, role: Option<Role>) -> Option<()> {
        self.open.push(Level { column, role, keys: self.keys.len(), sieve: 0 });
        (self.open.len() <= MAX_LEVELS).then_some(())
    }

    fn close(&mut self, is_done: impl Fn(&Level) -> bool) {
        while let Some(level) = self.open.pop_if(|level| is_done(level)) {
            self.keys.truncate(level.keys);
        }
    }
}

/// A number that equal keys share, and different keys hardly ever.
fn fingerprint(key: &[u8]) -> u64 {
    const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |print: u64, word: u64| (print.rotate_left(23) ^ word).wrapping_mul(SPREAD);
    let (words, rest) = key.as_chunks::<8>();
    let print = words.iter().fold(key.len() as u64, |print, word| mix(print, u64::from_le_bytes(*word)));
    let last = rest.iter().fold(0, |last, byte| last << 8 | u64::from(*byte));
    mix(mix(print, last), SPREAD)
}
