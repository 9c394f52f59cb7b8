//! Which paths the archives of a bundle have claimed, so that none is written twice, or over one that a file system
//! takes for the same.

use std::collections::HashMap;

use super::fold::fold;
use super::limits::Limits;
use super::{Error, name};

/// All paths so far, as a tree of components: as large as the names themselves, however deep they are.
#[derive(Debug)]
pub(super) struct Register {
    limits: Limits,
    /// Whether a file of another layer is passed over instead of refused.
    overlays: bool,
    nodes: HashMap<(u32, String), Node>,
    names: u64,
    layer: u32,
    unportable: Option<String>,
    unportable_count: u64,
}

#[derive(Debug)]
struct Node {
    id: u32,
    /// The name, where it is not its own key.
    exact: Option<Box<str>>,
    is_directory: bool,
    layer: u32,
}

/// What a claim came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// The path is free, or a directory that is there already.
    Granted,
    /// A layer that lies over this one has the file.
    Covered,
}

impl Register {
    pub(super) fn new(limits: Limits, overlays: bool) -> Self {
        Self {
            limits,
            overlays,
            nodes: HashMap::new(),
            names: 0,
            layer: 0,
            unportable: None,
            unportable_count: 0,
        }
    }

    /// What is claimed from now on belongs to another layer.
    pub(super) fn next_layer(&mut self) {
        self.layer += 1;
    }

    /// The first name that is not portable, and how many there are.
    pub(super) fn unportable(&self) -> Option<(&str, u64)> {
        self.unportable.as_deref().map(|first| (first, self.unportable_count))
    }

    /// Claims a path with all directories above it.
    pub(super) fn claim(&mut self, components: &[&str], is_directory: bool) -> Result<Claim, Error> {
        let path = || components.join("/").into_bytes();
        self.names += components.iter().map(|component| component.len() as u64 + 1).sum::<u64>();
        if self.names > self.limits.names {
            let most = self.limits.names;
            return Err(Error::Limit(format!("its paths are longer than {most} bytes together")));
        }
        let mut above = 0;
        for (at, component) in components.iter().enumerate() {
            let is_last = at + 1 == components.len();
            let is_directory = is_directory || !is_last;
            let key = (above, fold(component));
            let Some(node) = self.nodes.get(&key) else {
                above = self.add(key, component, is_directory).map_err(|refusal| refusal.of(&path()))?;
                continue;
            };
            let name = node.exact.as_deref().unwrap_or(&key.1);
            if name != *component {
                let why = format!("some systems take `{component}` and `{name}` for the same name");
                return Err(Error::entry(&path(), why));
            }
            if node.is_directory != is_directory {
                return Err(Error::entry(&path(), format!("`{component}` is a file and a directory")));
            }
            if !is_directory && self.overlays && node.layer != self.layer {
                return Ok(Claim::Covered);
            }
            if !is_directory {
                return Err(Error::entry(&path(), "it stands there twice"));
            }
            above = node.id;
        }
        Ok(Claim::Granted)
    }

    fn add(&mut self, key: (u32, String), component: &str, is_directory: bool) -> Result<u32, Refusal> {
        if let Some(why) = name::unportable(component) {
            if cfg!(windows) {
                return Err(Refusal::Entry(why));
            }
            self.unportable.get_or_insert_with(|| format!("`{component}`: {why}"));
            self.unportable_count += 1;
        }
        let count = self.nodes.len() as u64 + 1;
        if count > self.limits.entries {
            let most = self.limits.entries;
            return Err(Refusal::Limit(format!("it has more than {most} files and directories")));
        }
        // Below the limit of entries it fits.
        let id = u32::try_from(count).unwrap_or(u32::MAX);
        let exact = (key.1 != component).then(|| component.into());
        self.nodes.insert(key, Node { id, exact, is_directory, layer: self.layer });
        Ok(id)
    }
}

enum Refusal {
    Entry(&'static str),
    Limit(String),
}

impl Refusal {
    fn of(self, path: &[u8]) -> Error {
        match self {
            Self::Entry(why) => Error::entry(path, why),
            Self::Limit(what) => Error::Limit(what),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(register: &mut Register, path: &str, is_directory: bool) -> Result<Claim, String> {
        let components: Vec<_> = path.split('/').collect();
        register.claim(&components, is_directory).map_err(|error| error.to_string())
    }

    #[test]
    fn a_path_is_claimed_once_and_a_directory_as_often_as_one_likes() {
        let mut register = Register::new(Limits::default(), false);
        for (path, is_directory) in
            [("a/b", false), ("a", true), ("a", true), ("a/c/d", false), ("a/c", true)]
        {
            assert_eq!(claim(&mut register, path, is_directory), Ok(Claim::Granted), "{path}");
        }
        for (path, is_directory, why) in [
            ("a/b", false, "twice"),
            ("a/b", true, "a file and a directory"),
            ("a/b/c", false, "a file and a directory"),
            ("a", false, "a file and a directory"),
            ("A/x", false, "the same name"),
            ("a/B", false, "the same name"),
            ("a/C", true, "the same name"),
        ] {
            let error = claim(&mut register, path, is_directory).unwrap_err();
            assert!(error.contains(why) && error.contains(path), "{path}: {error}");
        }
    }

    #[test]
    fn only_what_lies_over_each_other_may_cover_a_file() {
        let mut register = Register::new(Limits::default(), true);
        claim(&mut register, "a/b", false).unwrap();
        assert!(claim(&mut register, "a/b", false).unwrap_err().contains("twice"));
        register.next_layer();
        assert_eq!(claim(&mut register, "a/b", false), Ok(Claim::Covered));
        assert!(claim(&mut register, "a", false).unwrap_err().contains("a file and a directory"));
        let mut register = Register::new(Limits::default(), false);
        claim(&mut register, "a", false).unwrap();
        register.next_layer();
        assert!(claim(&mut register, "a", false).unwrap_err().contains("twice"));
    }

    #[test]
    fn directories_that_are_only_named_count_too() {
        let limits = Limits { entries: 5, ..Limits::default() };
        let mut register = Register::new(limits, false);
        claim(&mut register, "a/b/c/d", false).unwrap();
        claim(&mut register, "a/b/c/e", false).unwrap();
        assert!(claim(&mut register, "f", false).unwrap_err().contains("more than 5 files"));
        let mut register = Register::new(Limits { names: 14, ..Limits::default() }, false);
        claim(&mut register, "abc/de", false).unwrap();
        claim(&mut register, "abc/df", false).unwrap();
        assert!(claim(&mut register, "f", false).unwrap_err().contains("paths"));
    }

    #[test]
    fn names_that_are_not_portable_are_counted_where_they_can_be_written() {
        let mut register = Register::new(Limits::default(), false);
        if cfg!(windows) {
            assert!(claim(&mut register, "a/aux.yaml", false).unwrap_err().contains("device"));
            return;
        }
        assert_eq!(register.unportable(), None);
        claim(&mut register, "a/aux.yaml", false).unwrap();
        claim(&mut register, "a/b.", false).unwrap();
        let (first, count) = register.unportable().unwrap();
        assert!(first.contains("`aux.yaml`") && count == 2, "{first}, {count}");
    }
}
