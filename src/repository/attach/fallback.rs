//! The index under the fallback tag, which lists the referrers of a manifest where the registry does not.

use std::collections::HashSet;
use std::time::Duration;

use super::amend::amend_with;
use super::{Attachment, fallback_tag};
use crate::oci::{Descriptor, Digest, Index, Listed, Manifest, Selector, Tag, media_type};
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
    let mut listing =
        Listing { kept: referrers.iter().cloned().map(Listed::from).collect(), gone: Vec::new() };
    let extended = |listing: &mut Listing, now: Option<&Manifest>| {
        listing.extended(now).map_err(|reason| {
            let what = format!("cannot list referrers of {of} under tag `{tag}`: {reason}");
            Error::new(ErrorKind::Refused, repository.place(), what)
        })
    };
    match amend_with(repository, &tag, |now| extended(&mut listing, now), pause) {
        Err(error) if error.kind == ErrorKind::NotFound => {
            let mut gone = Vec::new();
            for entry in &listing.kept {
                let digest = &entry.manifest.digest;
                if repository.resolve(&Selector::Digest(digest.clone()))?.is_none() {
                    gone.push(digest.clone());
                }
            }
            if gone.is_empty() {
                return Err(error);
            }
            listing.forget(gone);
            amend_with(repository, &tag, |now| extended(&mut listing, now), pause)?;
        }
        outcome => drop(outcome?),
    }
    Ok(tag)
}

/// What an index should list.
pub(super) struct Listing {
    pub(super) kept: Vec<Listed>,
    pub(super) gone: Vec<Digest>,
}

impl Listing {
    /// Leaves these out from now on.
    fn forget(&mut self, gone: Vec<Digest>) {
        self.kept.retain(|one| !gone.contains(&one.manifest.digest));
        self.gone = gone;
    }

    /// The index with all that is kept, if it lacks any of it; what else it lists is kept from now on.
    pub(super) fn extended(&mut self, now: Option<&Manifest>) -> Result<Option<Attachment>, String> {
        let mut index = match now {
            None => Index::default(),
            Some(manifest) if manifest.media_type() == media_type::INDEX => {
                Index::parse(manifest.bytes()).map_err(|error| error.to_string())?
            }
            Some(_) => return Err("it should hold an OCI index and holds something else".to_owned()),
        };
        let listed: HashSet<Digest> = index.manifests().map(|one| one.digest.clone()).collect();
        let lacking: Vec<Listed> =
            self.kept.iter().filter(|one| !listed.contains(&one.manifest.digest)).cloned().collect();
        let known: HashSet<Digest> = self.kept.iter().map(|one| one.manifest.digest.clone()).collect();
        let is_new = |one: &Digest| !known.contains(one) && !self.gone.contains(one);
        let new: Vec<Listed> = index.listed().filter(|one| is_new(&one.manifest.digest)).cloned().collect();
        self.kept.extend(new);
        if lacking.is_empty() {
            return Ok(None);
        }
        index.retain(|one| !self.gone.contains(&one.digest));
        for entry in lacking {
            index.push(entry);
        }
        let bytes = index.to_bytes().map_err(|error| error.to_string())?;
        let manifest = Manifest::parse(bytes, Some(media_type::INDEX)).map_err(|error| error.to_string())?;
        Ok(Some(Attachment { manifest, blobs: Vec::new() }))
    }
}
