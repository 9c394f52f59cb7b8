//! Manifests: asked for by HEAD and GET, verified, and removed.

use reqwest::header::ACCEPT;
use reqwest::{Method, StatusCode};

use super::answer::Answer;
use super::call::{Call, Scope};
use super::endpoint::Endpoint;
use super::reply::{self, Refusal};
use crate::oci::{Descriptor, Digest, LARGEST_MANIFEST, Manifest, ManifestError, Selector, media_type};
use crate::repository::{Error, ErrorKind, Removed};

/// Media types that say nothing about what a manifest is, so that its own word counts.
const VAGUE: [&str; 4] =
    ["application/json", "application/octet-stream", "binary/octet-stream", "text/plain"];

impl Endpoint {
    /// One HEAD; a GET where the registry does not answer it, or leaves out what a descriptor needs.
    pub(super) fn resolve(&self, at: &Selector) -> Result<Option<Descriptor>, Error> {
        let call = self.manifest_call(Method::HEAD, at, &format!("resolve {}", named(at)));
        let answer = self.ask(&call, 0)?;
        match answer.status {
            StatusCode::NOT_FOUND => return Ok(None),
            StatusCode::METHOD_NOT_ALLOWED => {}
            status if status.is_success() => {
                if let Some(wrong) = contradiction(&answer, at) {
                    let what = format!("cannot {}: the registry has {wrong} there", call.about);
                    return Err(self.error(ErrorKind::Corrupt, what));
                }
                if let Some(descriptor) = described(&answer, at) {
                    return Ok(Some(descriptor));
                }
            }
            _ => return Err(self.refused(&call.about, &answer)),
        }
        Ok(self.manifest(at)?.map(|manifest| manifest.descriptor()))
    }

    /// One GET.
    pub(super) fn manifest(&self, at: &Selector) -> Result<Option<Manifest>, Error> {
        let call = self.manifest_call(Method::GET, at, &format!("read {}", named(at)));
        let answer = self.ask(&call, LARGEST_MANIFEST)?;
        match answer.status {
            StatusCode::NOT_FOUND => Ok(None),
            status if status.is_success() => self.read_manifest(&call.about, answer, at).map(Some),
            _ => Err(self.refused(&call.about, &answer)),
        }
    }

    fn read_manifest(&self, about: &str, mut answer: Answer, at: &Selector) -> Result<Manifest, Error> {
        if reply::is_html(&answer) {
            return Err(self.nonsense(about, &answer, "a manifest"));
        }
        let outer = answer.media_type().filter(|text| !VAGUE.contains(text)).map(str::to_owned);
        let (bytes, given) = (std::mem::take(&mut answer.body), answer.digest());
        let asked = match at {
            Selector::Digest(digest) => Some(digest),
            Selector::Tag(_) => given.as_ref(),
        };
        let manifest = match asked {
            Some(digest) => Manifest::of(bytes, outer.as_deref(), digest),
            None => Manifest::parse(bytes, outer.as_deref()),
        };
        let corrupt = |digest: &Digest| {
            let what = format!("cannot {about}: what the registry sent does not have the digest {digest}");
            self.error(ErrorKind::Corrupt, what)
        };
        let manifest = manifest.map_err(|error| match &error {
            ManifestError::Digest { expected, .. } => corrupt(expected),
            _ => self.error(ErrorKind::Refused, format!("cannot {about}: {error}")),
        })?;
        match given {
            Some(given) if given != *manifest.digest() && !given.matches(manifest.bytes()) => {
                Err(corrupt(&given))
            }
            _ => Ok(manifest),
        }
    }

    /// Removes a tag, or a manifest with all its tags, where the registry lets us.
    pub(super) fn remove(&self, what: &Selector) -> Result<Removed, Error> {
        let url = self.url(&format!("manifests/{}", bare(what)));
        let call = Call::new(Method::DELETE, url, Scope::Remove, format!("remove {}", named(what)));
        let answer = self.ask(&call, super::pages::LARGEST)?;
        match answer.status {
            StatusCode::NOT_FOUND => Ok(Removed::default()),
            status if status.is_success() => {
                let tags = match what {
                    Selector::Tag(tag) => vec![tag.clone()],
                    // Which tags stood there, only the registry knows.
                    Selector::Digest(_) => Vec::new(),
                };
                Ok(Removed { tags, existed: true })
            }
            StatusCode::METHOD_NOT_ALLOWED => {
                let words = Refusal::of(&answer);
                let what =
                    format!("cannot {}: the registry does not let it be removed ({words})", call.about);
                Err(self.error(ErrorKind::Refused, what))
            }
            StatusCode::BAD_REQUEST if Refusal::of(&answer).has("UNSUPPORTED") => {
                let what = format!("cannot {}: the registry does not let it be removed", call.about);
                Err(self.error(ErrorKind::Refused, what))
            }
            _ => Err(self.refused(&call.about, &answer)),
        }
    }

    fn manifest_call(&self, method: Method, at: &Selector, about: &str) -> Call<'static> {
        let url = self.url(&format!("manifests/{}", bare(at)));
        Call::new(method, url, Scope::Pull, about).header(ACCEPT, &media_type::MANIFESTS.join(", "))
    }
}

/// The digest that the registry gives in place of the one that was asked for.
fn contradiction(answer: &Answer, at: &Selector) -> Option<Digest> {
    let Selector::Digest(asked) = at else { return None };
    answer.digest().filter(|given| given.algorithm() == asked.algorithm() && given != asked)
}

/// What the head of an answer says of a manifest, if it says enough.
fn described(answer: &Answer, at: &Selector) -> Option<Descriptor> {
    let digest = match at {
        Selector::Digest(digest) => digest.clone(),
        Selector::Tag(_) => answer.digest()?,
    };
    let media_type = answer.media_type().filter(|text| media_type::MANIFESTS.contains(text))?;
    let size = answer.length().filter(|size| *size > 0)?;
    Some(Descriptor::new(media_type, digest, size))
}

/// `manifest sha256:…` or `tag v1`.
pub(super) fn named(at: &Selector) -> String {
    match at {
        Selector::Tag(tag) => format!("tag `{tag}`"),
        Selector::Digest(digest) => format!("manifest {digest}"),
    }
}

/// As it stands in an address.
pub(super) fn bare(at: &Selector) -> String {
    match at {
        Selector::Tag(tag) => tag.to_string(),
        Selector::Digest(digest) => digest.to_string(),
    }
}
