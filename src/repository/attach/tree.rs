//! What is attached to manifests, and what is attached to that, read from the repository.

use std::collections::HashSet;

use super::attached::{Found, MOST, attached, referrers};
use crate::oci::{Digest, Manifest, Selector};
use crate::repository::copy::MOST_BYTES;
use crate::repository::{Error, ErrorKind, Repository};

/// How deep referrers of referrers are followed.
const DEEPEST: usize = 8;

/// One thing that is attached.
#[derive(Clone, Debug)]
pub struct Node {
    /// How it was found.
    pub found: Found,
    /// Its manifest, or why it cannot be had: it is not there any more, it cannot be read, or it is about something else.
    pub manifest: Result<Manifest, String>,
    /// What refers to it.
    pub nodes: Vec<Self>,
}

/// What is attached to each of these manifests, with what refers to that; each manifest once.
///
/// cosign's tags are looked for those that are asked for alone. For each thing that is found, one request for its
/// manifest and one or two for its referrers. More than [`MOST`] in all is [`ErrorKind::Refused`].
pub fn tree(repository: &dyn Repository, subjects: &[Digest]) -> Result<Vec<Vec<Node>>, Error> {
    let mut growth = Growth { repository, seen: subjects.iter().cloned().collect(), count: 0, bytes: 0 };
    let grow = |subject| growth.nodes(attached(repository, subject)?, subject, 0);
    subjects.iter().map(grow).collect()
}

struct Growth<'a> {
    repository: &'a dyn Repository,
    seen: HashSet<Digest>,
    count: usize,
    bytes: u64,
}

impl Growth<'_> {
    fn nodes(&mut self, found: Vec<Found>, of: &Digest, depth: usize) -> Result<Vec<Node>, Error> {
        let mut nodes = Vec::new();
        for one in found {
            // Signatures of two bundles may stand under one manifest: a tag is a thing of its own.
            if !self.seen.insert(one.manifest.digest.clone()) && one.tag.is_none() {
                continue;
            }
            self.count += 1;
            if self.count > MOST {
                return Err(self.refused(format!("more than {MOST} things are attached to {of} and below")));
            }
            let manifest = self.manifest(&one, of)?;
            let below = match &manifest {
                Ok(manifest) => self.below(manifest.digest(), depth)?,
                Err(_) => Vec::new(),
            };
            nodes.push(Node { found: one, manifest, nodes: below });
        }
        Ok(nodes)
    }

    fn below(&mut self, subject: &Digest, depth: usize) -> Result<Vec<Node>, Error> {
        let found = referrers(self.repository, subject)?;
        if depth == DEEPEST && !found.is_empty() {
            return Err(
                self.refused(format!("referrers of referrers nest deeper than {DEEPEST} at {subject}"))
            );
        }
        let found = found.into_iter().map(|manifest| Found { manifest, tag: None }).collect();
        self.nodes(found, subject, depth + 1)
    }

    fn manifest(&mut self, found: &Found, of: &Digest) -> Result<Result<Manifest, String>, Error> {
        let digest = &found.manifest.digest;
        let manifest = match self.repository.manifest(&Selector::Digest(digest.clone())) {
            Ok(Some(manifest)) => manifest,
            Ok(None) => return Ok(Err(format!("{digest} is listed, and is not there"))),
            Err(error) if matches!(error.kind, ErrorKind::Corrupt | ErrorKind::Refused) => {
                return Ok(Err(error.what));
            }
            Err(error) => return Err(error),
        };
        self.bytes += manifest.bytes().len() as u64;
        if self.bytes > MOST_BYTES {
            return Err(
                self.refused(format!("the manifests attached to {of} are larger than {MOST_BYTES} bytes"))
            );
        }
        let is_about = found.tag.is_some() || manifest.subject().is_some_and(|subject| subject.digest == *of);
        Ok(if is_about {
            Ok(manifest)
        } else {
            Err(format!("{digest} is listed, and is about something else"))
        })
    }

    fn refused(&self, what: String) -> Error {
        Error::new(ErrorKind::Refused, self.repository.place(), what)
    }
}
