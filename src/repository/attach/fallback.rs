//! The index under the fallback tag, which lists the referrers of a manifest where the registry does not.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::amend::amend_with;
use super::{Attachment, fallback_tag};
use crate::oci::{Descriptor, Digest, Index, Manifest, Selector, Tag, media_type};
use crate::repository::{Error, ErrorKind, Repository};

/// Lists manifests among the referrers of another one, each once, and leaves what is listed already.
///
/// What is listed and does not exist any more goes where the registry takes no index that names it.
pub(super) fn list(
    repository: &dyn Repository,
    of: &Digest,
    referrers: &[Descriptor],
    pause: &dyn Fn(Duration),
) -> Result<Tag, Error> {
    let Some(tag) = fallback_tag(of) else {
        let what = format!("no tag can be made of {of}");
        return Err(Error::new(ErrorKind::Refused, repository.place(), what));
    };
    // What we saw listed is ours to keep: a slower writer may take it away together with what we add.
    let listing = Mutex::new(Listing { kept: referrers.to_vec(), gone: Vec::new() });
    let listing = || listing.lock().unwrap_or_else(PoisonError::into_inner);
    let change = |now: Option<&Manifest>| {
        listing().extended(now).map_err(|reason| {
            let what = format!("cannot list referrers of {of} under tag `{tag}`: {reason}");
            Error::new(ErrorKind::Refused, repository.place(), what)
        })
    };
    match amend_with(repository, &tag, change, pause) {
        Err(error) if error.kind == ErrorKind::NotFound => {
            let all = listing().kept.clone();
            let mut gone = Vec::new();
            for entry in all {
                if repository.resolve(&Selector::Digest(entry.digest.clone()))?.is_none() {
                    gone.push(entry.digest);
                }
            }
            if gone.is_empty() {
                return Err(error);
            }
            listing().forget(gone);
            amend_with(repository, &tag, change, pause)?;
        }
        outcome => drop(outcome?),
    }
    Ok(tag)
}

/// What an index should list.
pub(super) struct Listing {
    pub(super) kept: Vec<Descriptor>,
    pub(super) gone: Vec<Digest>,
}

impl Listing {
    /// Leaves these out from now on.
    fn forget(&mut self, gone: Vec<Digest>) {
        self.kept.retain(|one| !gone.contains(&one.digest));
        self.gone = gone;
    }

    /// The index with all that is kept, if it lacks any of it; what else it lists is kept from now on.
    pub(super) fn extended(&mut self, now: Option<&Manifest>) -> Result<Option<Attachment>, String> {
        let mut index = match now {
            None => Index::default(),
            Some(manifest) if manifest.is_index() => {
                Index::parse(manifest.bytes()).map_err(|error| error.to_string())?
            }
            Some(_) => return Err("it should hold an index and holds something else".to_owned()),
        };
        let listed: HashSet<Digest> = index.manifests().map(|one| one.digest.clone()).collect();
        let lacking: Vec<Descriptor> =
            self.kept.iter().filter(|one| !listed.contains(&one.digest)).cloned().collect();
        let known: HashSet<Digest> = self.kept.iter().map(|one| one.digest.clone()).collect();
        let is_new = |one: &&Descriptor| !known.contains(&one.digest) && !self.gone.contains(&one.digest);
        let new: Vec<Descriptor> = index.manifests().filter(is_new).cloned().collect();
        self.kept.extend(new);
        if lacking.is_empty() {
            return Ok(None);
        }
        index.retain(|one| !self.gone.contains(&one.digest));
        for entry in lacking {
            index.push(entry);
        }
        let media_type = now.map_or(media_type::INDEX, Manifest::media_type);
        let bytes = index.to_bytes().map_err(|error| error.to_string())?;
        let manifest = Manifest::parse(bytes, Some(media_type)).map_err(|error| error.to_string())?;
        Ok(Some(Attachment { manifest, blobs: Vec::new() }))
    }
}
