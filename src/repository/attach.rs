//! What others attach to a manifest: signatures, attestations, and whatever else refers to it by its digest.
//!
//! There are two bonds. A manifest that names another one as its `subject` is a referrer of it, and the repository lists
//! it; a registry without such a list has an index under the [`fallback_tag`], which clients keep (distribution
//! specification, "Referrers Tag Schema"). And cosign has tags that are made of the digest: [`Companion`].

use std::time::Duration;

use super::{Error, ErrorKind, Expect, Repository};
use crate::oci::{Descriptor, Digest, Manifest, Tag};

mod amend;
mod attached;
mod carry;
mod fallback;
mod nature;
mod tree;

use amend::wait_for_others;
pub use amend::{Amended, amend};
pub use attached::{Found, MOST, attached, referrers};
pub use carry::{Carried, How, Load, carry};
pub use nature::{Nature, What};
pub use tree::{Node, tree};

/// Something to be attached: a manifest, and the blobs that it names.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// The manifest, which names its subject where it is a referrer.
    pub manifest: Manifest,
    /// Its blobs; those that are certain to be there already may be left out.
    pub blobs: Vec<(Descriptor, Vec<u8>)>,
}

/// Where an attachment is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// The manifest that was attached.
    pub manifest: Descriptor,
    /// The tag whose index lists it, where the registry keeps no list of its own.
    pub fallback: Option<Tag>,
}

/// Attaches a manifest to its subject, which it must name.
///
/// Only where the repository does not list it by itself, the index under the fallback tag is amended: where there is a
/// list, such a tag would hide it from some registries. Nothing that others attach at the same time is lost.
pub fn attach(
    repository: &dyn Repository,
    subject: &Descriptor,
    attachment: &Attachment,
) -> Result<Attached, Error> {
    attach_with(repository, subject, attachment, &wait_for_others)
}

/// As [`attach`], with the pause that follows a write to the index.
fn attach_with(
    repository: &dyn Repository,
    subject: &Descriptor,
    attachment: &Attachment,
    pause: &dyn Fn(Duration),
) -> Result<Attached, Error> {
    let manifest = &attachment.manifest;
    if manifest.subject().is_none_or(|named| named.digest != subject.digest) {
        let what =
            format!("{} is not about {}, and cannot be attached to it", manifest.digest(), subject.digest);
        return Err(Error::new(ErrorKind::Refused, repository.place(), what));
    }
    attachment.put_blobs(repository)?;
    let is_listed = repository.publish(manifest, &[], &Expect::Any)?.subject_listed;
    let entry = listing(manifest);
    let fallback = if is_listed {
        None
    } else {
        Some(fallback::list(repository, &subject.digest, std::slice::from_ref(&entry), pause)?)
    };
    Ok(Attached { manifest: entry, fallback })
}

impl Attachment {
    fn put_blobs(&self, repository: &dyn Repository) -> Result<(), Error> {
        for (blob, bytes) in &self.blobs {
            repository.put(blob, bytes, &[])?;
        }
        Ok(())
    }
}

/// How a list of referrers describes a manifest: with its artifact type and its annotations (distribution
/// specification, "Listing Referrers").
pub fn listing(referrer: &Manifest) -> Descriptor {
    let mut entry = referrer.descriptor();
    entry.annotations.clone_from(referrer.annotations());
    entry
}

/// The tag of the index that lists the referrers of a manifest where the registry does not, if there can be one.
pub fn fallback_tag(of: &Digest) -> Option<Tag> {
    let hex = &of.hex()[..of.hex().len().min(64)];
    format!("{}-{hex}", of.algorithm()).parse().ok()
}

/// The manifest that is meant by such a tag, or by one of a [`Companion`]; `None` for any other tag.
pub fn subject_of(tag: &Tag) -> Option<Digest> {
    let suffixes = Companion::ALL.map(|companion| format!(".{}", companion.suffix()));
    let text = tag.as_str();
    let bare = suffixes.iter().find_map(|suffix| text.strip_suffix(suffix)).unwrap_or(text);
    bare.replacen('-', ":", 1).parse().ok()
}

/// What stands under a tag that cosign makes of a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Companion {
    /// Signatures: `sha256-HEX.sig`.
    Signatures,
    /// Attestations: `sha256-HEX.att`.
    Attestations,
    /// A list of components: `sha256-HEX.sbom`.
    Sbom,
}

impl Companion {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Signatures, Self::Attestations, Self::Sbom];

    const fn suffix(self) -> &'static str {
        match self {
            Self::Signatures => "sig",
            Self::Attestations => "att",
            Self::Sbom => "sbom",
        }
    }

    /// The tag for a digest; `None` for a digest that is too long for one.
    pub fn tag(self, of: &Digest) -> Option<Tag> {
        format!("{}-{}.{}", of.algorithm(), of.hex(), self.suffix()).parse().ok()
    }
}

#[cfg(test)]
mod tests;
