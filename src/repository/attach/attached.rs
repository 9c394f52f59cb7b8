//! Everything that is attached to one manifest.

use std::collections::HashSet;

use super::Companion;
use crate::oci::{Descriptor, Digest, Selector, Tag};
use crate::repository::{Error, ErrorKind, Repository};

/// The most that may be attached to one manifest.
pub const MOST: usize = 1000;

/// Something that is attached to a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The manifest, as the list describes it that names it. Whoever made the list may say there what he likes.
    pub manifest: Descriptor,
    /// The tag under which it stands, and what such a tag is for; a referrer has none.
    pub tag: Option<(Companion, Tag)>,
}

/// What is attached to a manifest: its referrers, each once, and what stands under cosign's tags for it.
///
/// One request for the referrers (two, where the registry keeps no list), and one for each of cosign's tags. More than
/// [`MOST`] is [`ErrorKind::Refused`]. A list that cannot be had is an error: nobody may take it for an empty one.
pub fn attached(repository: &dyn Repository, subject: &Digest) -> Result<Vec<Found>, Error> {
    let mut found: Vec<Found> =
        referrers(repository, subject)?.into_iter().map(|manifest| Found { manifest, tag: None }).collect();
    for companion in Companion::ALL {
        let Some(tag) = companion.tag(subject) else { continue };
        if let Some(manifest) = repository.resolve(&Selector::Tag(tag.clone()))? {
            found.push(Found { manifest, tag: Some((companion, tag)) });
        }
    }
    Ok(found)
}

/// The referrers of a manifest, each once, within bounds.
pub fn referrers(repository: &dyn Repository, subject: &Digest) -> Result<Vec<Descriptor>, Error> {
    let mut found = repository.referrers(subject, None)?;
    let mut seen = HashSet::new();
    found.retain(|one| one.digest != *subject && seen.insert(one.digest.clone()));
    if found.len() > MOST {
        let what = format!("{} things refer to {subject}; the most that is looked at is {MOST}", found.len());
        return Err(Error::new(ErrorKind::Refused, repository.place(), what));
    }
    Ok(found)
}
