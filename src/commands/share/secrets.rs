//! What in a bundle looks like a secret, found before everybody can read it.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::cli::Share;
use crate::commands::layers::read_each;
use crate::kinds::{self, Kind};
use crate::oci::Manifest;
use crate::repository::copy::below;
use crate::repository::{Error, ErrorKind, Repository};
use crate::source::{Links, Tree};

/// What in a bundle, and in all that an index lists, looks like a secret, each with its place.
pub(super) fn secrets(
    repository: &dyn Repository,
    manifest: &Manifest,
    concurrency: usize,
) -> Result<Vec<String>, Error> {
    let found = Mutex::new(Vec::new());
    let note = |secrets: Vec<String>| found.lock().unwrap_or_else(PoisonError::into_inner).extend(secrets);
    for manifest in below(repository, manifest)?.iter().chain([manifest]) {
        note(kinds::secrets_beside(manifest));
        let kind = Kind::of(manifest);
        // The complete tree as well: nobody has compared it with what the layers after it hold.
        let read = read_each(repository, manifest.layers(), concurrency, |_, layer, bytes| {
            note(kinds::secrets(kind, layer, &bytes));
        });
        read.map_err(|error| match error.kind {
            ErrorKind::Refused => {
                error.hinting("what cannot be looked into is shared with `--allow-secrets`")
            }
            _ => error,
        })?;
    }
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort();
    found.dedup();
    Ok(found)
}

/// The same by the files of the directory, where the bundle was made of one and has forgotten their names.
pub(super) fn by_file(arguments: &Share, manifest: &Manifest, secrets: Vec<String>) -> Vec<String> {
    if secrets.is_empty() || !super::is_directory(&arguments.what) || Kind::of(manifest) != Some(Kind::Flipt)
    {
        return secrets;
    }
    let what = Path::new(&arguments.what);
    let tree = if what.is_file() { Tree::of_file(what) } else { Tree::of_directory(what, Links::Keep) };
    // It could be read a moment ago; where that is over, the namespaces have to do.
    let Ok(tree) = tree else { return secrets };
    let files = kinds::files_with_secrets(&tree);
    if files.is_empty() { secrets } else { files }
}

/// An error that names them, where there are any.
pub(super) fn refuse(secrets: Vec<String>) -> Result<(), Error> {
    /// How many are named.
    const NAMED: usize = 5;
    if secrets.is_empty() {
        return Ok(());
    }
    let more = secrets.len().saturating_sub(NAMED);
    let named = secrets.into_iter().take(NAMED).collect::<Vec<_>>().join("; ");
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let what = format!("everybody who learns the name could read what looks like a secret: {named}{more}");
    let hint = "take it out, encrypt it, or share it all the same with `--allow-secrets`";
    Err(Error::new(ErrorKind::Refused, "share", what).hinting(hint))
}
