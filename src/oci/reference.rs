//! References: how a user names a bundle.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::name::{Host, Name, NameError, Tag};
use super::{Digest, DigestError};

mod page;

/// A place and, where it was written, which bundle there.
///
/// The law: `display` of what was parsed parses to the same again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Where.
    pub place: Place,
    /// Which; `None` where neither a tag nor a digest was written.
    pub selector: Option<Selector>,
}

/// Where a repository is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the local store.
    Local(Name),
    /// In a registry.
    Remote {
        /// How the scheme was written.
        scheme: Scheme,
        /// The registry.
        host: Host,
        /// The repository there.
        name: Name,
    },
    /// A layout anywhere on disk.
    Layout(PathBuf),
}

/// The scheme of a remote reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// None, or `oci://`: plain HTTP on loopback or where it was asked for, else TLS.
    Unsaid,
    /// `http://`.
    Http,
    /// `https://`.
    Https,
}

/// The side of a place: here or in a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// On this machine's disk.
    Local,
    /// Over the network.
    Remote,
}

/// A tag or a digest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Selector {
    /// The bundle that the tag names now.
    Tag(Tag),
    /// This very bundle.
    Digest(Digest),
}

/// What is wrong with a reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// The part after `@`.
    #[error(transparent)]
    Digest(#[from] DigestError),
    /// Nothing was written.
    #[error("a reference is empty; expected a name such as `app:v1` or `registry.example.com/org/app:v1`")]
    Empty,
    /// The name, the tag or the host.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A registry without a repository.
    #[error("`{0}` names a registry without a repository; expected `{0}/NAME`")]
    NoRepository(String),
    /// What a browser has in its address line.
    #[error("`{0}` is the address of a web page; expected `{1}`")]
    Page(String, String),
    /// A local name that a layout needs for its own files.
    #[error("`{0}` cannot be a local name: a layout keeps its own files under `{1}`")]
    Reserved(String, &'static str),
    /// A scheme that torte does not know.
    #[error(
        "`{0}://` is not a scheme of torte; expected `oci://`, `https://`, `http://`, `local://` or `ocidir://`"
    )]
    Scheme(String),
}

impl Reference {
    /// Reads `NAME[:TAG[,TAG…]]`: a reference whose further tags follow after commas.
    pub fn parse_with_tags(text: &str) -> Result<(Self, Vec<Tag>), ReferenceError> {
        let after_slash = text.rfind('/').map_or(0, |at| at + 1);
        let Some(comma) = text[after_slash..].find(',').map(|at| after_slash + at) else {
            return Ok((text.parse()?, Vec::new()));
        };
        let more = text[comma + 1..].split(',').map(str::parse).collect::<Result<_, NameError>>()?;
        Ok((text[..comma].parse()?, more))
    }

    /// The side it is on.
    pub fn side(&self) -> Side {
        match self.place {
            Place::Remote { .. } => Side::Remote,
            Place::Local(_) | Place::Layout(_) => Side::Local,
        }
    }

    /// The same place, with another bundle selected.
    #[must_use]
    pub fn at(&self, selector: Selector) -> Self {
        Self { place: self.place.clone(), selector: Some(selector) }
    }

    /// What is read here: the selector, or `latest`.
    pub fn selector_or_latest(&self) -> Selector {
        self.selector.clone().unwrap_or_else(|| Selector::Tag(Tag::latest()))
    }

    /// The tag, if a tag was written.
    pub fn tag(&self) -> Option<&Tag> {
        match &self.selector {
            Some(Selector::Tag(tag)) => Some(tag),
            _ => None,
        }
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, text),
        };
        if rest.is_empty() {
            return Err(ReferenceError::Empty);
        }
        match scheme {
            Some("ocidir") => layout(rest),
            Some("local") => local(rest),
            // Flipt's own spelling, with and without its pretended registry.
            Some("flipt") => local(rest.strip_prefix("local/").unwrap_or(rest)),
            Some("oci") => remote(Scheme::Unsaid, rest),
            Some("http") => page_or(text, rest).unwrap_or_else(|| remote(Scheme::Http, rest)),
            Some("https") => page_or(text, rest).unwrap_or_else(|| remote(Scheme::Https, rest)),
            Some(other) => Err(ReferenceError::Scheme(other.chars().take(40).collect())),
            None => match rest.split_once('/') {
                Some((first, _)) if Host::is_meant_by(first) => remote(Scheme::Unsaid, rest),
                _ => local(rest),
            },
        }
    }
}

fn local(text: &str) -> Result<Reference, ReferenceError> {
    let (name, selector) = name_and_selector(text)?;
    for part in name.parts() {
        if let Some(reserved) = super::layout::OWN.into_iter().find(|reserved| *reserved == part) {
            return Err(ReferenceError::Reserved(name.to_string(), reserved));
        }
    }
    Ok(Reference { place: Place::Local(name), selector })
}

/// The error for the address of a page; `None` for anything else.
fn page_or(text: &str, rest: &str) -> Option<Result<Reference, ReferenceError>> {
    let meant = page::shown_on(rest).filter(|meant| remote(Scheme::Unsaid, meant).is_ok())?;
    Some(Err(ReferenceError::Page(text.chars().take(300).collect(), meant)))
}

fn remote(scheme: Scheme, text: &str) -> Result<Reference, ReferenceError> {
    let (host, path) = text.split_once('/').unwrap_or((text, ""));
    let host: Host = host.parse()?;
    if path.is_empty() {
        return Err(ReferenceError::NoRepository(host.to_string()));
    }
    let (name, selector) = name_and_selector(path)?;
    Ok(Reference { place: Place::Remote { scheme, host, name }, selector })
}

/// `NAME`, `NAME:TAG`, `NAME@DIGEST` or `NAME:TAG@DIGEST`, where the digest alone counts.
fn name_and_selector(text: &str) -> Result<(Name, Option<Selector>), ReferenceError> {
    let (before, digest) = match text.split_once('@') {
        Some((before, digest)) => (before, Some(digest.parse::<Digest>()?)),
        None => (text, None),
    };
    let (name, tag) = match before.split_once(':') {
        Some((name, tag)) => (name, Some(tag.parse::<Tag>()?)),
        None => (before, None),
    };
    let selector = digest.map(Selector::Digest).or(tag.map(Selector::Tag));
    Ok((name.parse()?, selector))
}

/// `PATH`, `PATH:TAG` or `PATH@DIGEST`; the last component of a path has no `:` and no `@` of its own.
fn layout(text: &str) -> Result<Reference, ReferenceError> {
    let last = text.rfind('/').map_or(0, |at| at + 1);
    let (before, digest) = match text[last..].split_once('@') {
        Some((before, digest)) => (&text[..last + before.len()], Some(Selector::Digest(digest.parse()?))),
        None => (text, None),
    };
    let (path, tag) = match before[last..].split_once(':') {
        Some((name, tag)) => (&before[..last + name.len()], Some(Selector::Tag(tag.parse()?))),
        None => (before, None),
    };
    if path.is_empty() {
        return Err(ReferenceError::Empty);
    }
    Ok(Reference { place: Place::Layout(path.into()), selector: digest.or(tag) })
}

impl fmt::Display for Reference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.place)?;
        match &self.selector {
            Some(selector) => write!(out, "{selector}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(name) => match name.as_str().split_once('/') {
                Some((first, _)) if Host::is_meant_by(first) => write!(out, "local://{name}"),
                _ => write!(out, "{name}"),
            },
            Self::Remote { scheme, host, name } => {
                let prefix = match scheme {
                    Scheme::Http => "http://",
                    Scheme::Https => "https://",
                    Scheme::Unsaid if Host::is_meant_by(host.as_str()) => "",
                    Scheme::Unsaid => "oci://",
                };
                write!(out, "{prefix}{host}/{name}")
            }
            Self::Layout(path) => write!(out, "ocidir://{}", path.display()),
        }
    }
}

/// With its sign: `:v1` or `@sha256:…`.
impl fmt::Display for Selector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => write!(out, ":{tag}"),
            Self::Digest(digest) => write!(out, "@{digest}"),
        }
    }
}

#[cfg(test)]
mod tests;
