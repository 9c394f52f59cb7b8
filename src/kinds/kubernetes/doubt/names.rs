//! Names that readers of a bundle refuse, and names that some systems cannot have.

use std::collections::HashMap;

use super::{base, quoted};
use crate::bundle::archive::{components, fold, unportable as on_windows};
use crate::kinds::Fault;
use crate::source::Entry;

/// Why no reader takes an entry of this path, given with a `/` at its end for a directory; none where they do.
///
/// Flux (`pkg/tar`) refuses the whole archive where a name has a backslash or `../` in it, be it the end of a longer name
/// such as `a..`. The other rules are those by which torte reads an archive.
pub fn unreadable_name(path: &str) -> Option<&'static str> {
    let by_flux = path.contains("../").then_some("a directory of its path ends in `..`");
    by_flux.or_else(|| components(path.as_bytes()).err())
}

/// Each entry whose name no reader takes.
pub fn unreadable(entries: &[Entry<'_>]) -> Vec<Fault> {
    let fault = |entry: &Entry<'_>| {
        let path = entry.path();
        let why =
            if entry.is_directory() { unreadable_name(&format!("{path}/")) } else { unreadable_name(path) }?;
        Some(Fault::whole(
            path,
            "unreadable-name",
            format!("readers of a bundle refuse this name: {why}; rename it"),
        ))
    };
    entries.iter().filter_map(fault).collect()
}

/// Entries that a system which does not tell upper from lower case, or ways to write an accent, takes for one; all in one
/// fault. torte itself, which unpacks everywhere or nowhere, refuses to unpack them.
pub fn collisions(entries: &[Entry<'_>]) -> Option<Fault> {
    let mut first: HashMap<String, &str> = HashMap::with_capacity(entries.len());
    let mut pairs = Vec::new();
    for entry in entries {
        let path = entry.path();
        let known = *first.entry(fold(path)).or_insert(path);
        if known != path {
            pairs.push((known, path));
        }
    }
    let (one, other) = pairs.first()?;
    let more = match pairs.len() {
        1 => String::new(),
        2 => ", as is one more pair".to_owned(),
        many => format!(", as are {} more pairs", many - 1),
    };
    let message = format!(
        "`{one}` and `{other}` are one name on macOS and Windows{more}, and torte unpacks no such bundle; rename one of them"
    );
    Some(Fault::whole(other, "name-collision", message))
}

/// Names that Windows cannot have, in one warning.
pub fn unportable(entries: &[Entry<'_>]) -> Option<Fault> {
    let is_own_name_bad = |path: &&str| on_windows(base(path)).is_some();
    let found: Vec<&str> = entries.iter().map(|entry| entry.path()).filter(is_own_name_bad).collect();
    let first = found.first()?;
    let message = format!(
        "Windows cannot have these names: {}; rename them if it is to unpack the bundle",
        quoted(&found)
    );
    Some(Fault::whole(first, "unportable-name", message))
}
