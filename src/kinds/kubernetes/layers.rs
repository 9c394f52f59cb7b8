//! From files in their groups to the layers of a profile; each byte is compressed once, whatever the number of threads.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::inventory;
use super::pieces::{Piece, Press, Pressed, pieces};
use super::{CONFIG, CONTENT, NAMESPACE, NAMESPACE_LAYER};
use crate::bundle::archive::{END, end_member};
use crate::bundle::{Content, Identity, Layer};
use crate::kinds::in_order::in_order;
use crate::oci::{Digest, Hasher};

/// Files that share a layer.
#[derive(Debug, Default)]
pub(super) struct Part<'t> {
    /// The group's name.
    pub(super) name: String,
    /// The groups that it cannot do without.
    pub(super) requires: Vec<String>,
    /// Files and directories, in the order of the archive.
    pub(super) entries: Vec<Packed<'t>>,
}

/// One entry of a layer.
#[derive(Debug)]
pub(super) enum Packed<'t> {
    /// A directory.
    Directory {
        /// Its path.
        path: &'t str,
    },
    /// A file.
    File {
        /// Its path.
        path: &'t str,
        /// Whether its owner may run it.
        is_executable: bool,
        /// Its bytes.
        bytes: Vec<u8>,
        /// Why it is in this part: a stable slug.
        reason: &'static str,
    },
}

/// What Argo CD takes by default.
const ARGO_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
/// Argo CD's media type of the one layer.
pub(super) const ARGO_CONTENT: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
/// The config that flux 2.9 writes, always the same (`flux-measured`: never fetched by any reader).
const FLUX_CONFIG: &[u8] = br#"{"architecture":"","created":"0001-01-01T00:00:00Z","os":"","rootfs":{"type":"layers","diff_ids":null},"config":{}}"#;

/// The one layer that Flux writes.
pub(super) fn flux(whole: Part<'_>, threads: usize) -> Content {
    let identity = Identity::Config(CONFIG, FLUX_CONFIG.to_vec());
    Content { identity, layers: vec![single(CONTENT, whole, threads)] }
}

/// The one layer that Argo CD takes.
pub(super) fn argo(whole: Part<'_>, threads: usize) -> Content {
    let identity = Identity::Config(ARGO_CONFIG, b"{}".to_vec());
    Content { identity, layers: vec![single(ARGO_CONTENT, whole, threads)] }
}

fn single(media_type: &'static str, part: Part<'_>, threads: usize) -> Layer {
    let (mut hasher, mut body) = (Hasher::default(), Vec::new());
    let mut add = |member: &[u8]| {
        hasher.update(member);
        body.extend_from_slice(member);
    };
    let work = |press: &mut Press, piece: Piece<'_>| press.member(&piece);
    let take = |_: &mut Press, member: Vec<u8>| add(&member);
    in_order(pieces(&mut [part]).into_iter(), threads, Press::default, work, take);
    add(end_member());
    Layer { media_type, annotations: BTreeMap::new(), body, digest: Some(hasher.finish()) }
}

/// Layer 0, the complete tree, and a layer for each group.
pub(super) fn hybrid(mut parts: Vec<Part<'_>>, threads: usize) -> Content {
    let pieces = pieces(&mut parts);
    let mut packing = Packing { parts: parts.into_iter(), ..Packing::default() };
    let take = |press: &mut Press, pressed: Pressed| press.reuse(packing.take(pressed));
    // A piece's files are dropped as soon as they stand in its archive.
    let work = |press: &mut Press, piece: Piece<'_>| press.pressed(&piece);
    in_order(pieces.into_iter(), threads, Press::default, work, take);

    let Packing { whole, layers: parts, diff_ids: of_parts, groups, .. } = packing;
    let Sealed { digest, diff_id, body } = whole.end();
    let digest = Some(digest);
    let mut layers = vec![Layer { media_type: CONTENT, annotations: BTreeMap::new(), body, digest }];
    layers.extend(parts);
    let mut diff_ids = vec![diff_id];
    diff_ids.extend(of_parts);
    Content { identity: Identity::Config(CONFIG, inventory::config(groups, diff_ids)), layers }
}

/// What is packed so far of a bundle with a layer for each group.
#[derive(Default)]
struct Packing<'t> {
    /// Those whose layers do not stand yet.
    parts: std::vec::IntoIter<Part<'t>>,
    /// Layer 0.
    whole: Archive,
    /// The layer of the next part, and its files.
    part: Archive,
    files: Vec<inventory::File>,
    layers: Vec<Layer>,
    diff_ids: Vec<Digest>,
    groups: Vec<Box<RawValue>>,
}

impl Packing<'_> {
    /// Takes the next piece; gives back the memory of its tar.
    fn take(&mut self, pressed: Pressed) -> Vec<u8> {
        let Pressed { tar, mut member, mut files, is_last, digests } = pressed;
        self.whole.add(&tar, &member);
        self.files.append(&mut files);
        if let Some((digest, diff_id)) = digests {
            member.extend_from_slice(end_member());
            self.seal(Sealed { digest, diff_id, body: member });
            return tar;
        }
        self.part.add(&tar, &member);
        if is_last {
            let part = std::mem::take(&mut self.part);
            self.seal(part.end());
        }
        tar
    }

    /// Ends the layer of the next part.
    fn seal(&mut self, sealed: Sealed) {
        let Some(Part { name, requires, .. }) = self.parts.next() else { return };
        let Sealed { digest, diff_id, body } = sealed;
        let files = std::mem::take(&mut self.files);
        let group = inventory::Group { name, layer: digest, requires, files };
        self.groups.push(group.json());
        let annotations = BTreeMap::from([(NAMESPACE.to_owned(), group.name)]);
        let digest = Some(group.layer);
        self.layers.push(Layer { media_type: NAMESPACE_LAYER, annotations, body, digest });
        self.diff_ids.push(diff_id);
    }
}

/// An archive, as far as its pieces were taken.
#[derive(Default)]
struct Archive {
    tar: Hasher,
    hasher: Hasher,
    body: Vec<u8>,
}

/// An archive with its digest, and that of its tar.
struct Sealed {
    digest: Digest,
    diff_id: Digest,
    body: Vec<u8>,
}

impl Archive {
    fn add(&mut self, tar: &[u8], member: &[u8]) {
        self.tar.update(tar);
        self.hasher.update(member);
        self.body.extend_from_slice(member);
    }

    fn end(mut self) -> Sealed {
        self.add(&END, end_member());
        Sealed { digest: self.hasher.finish(), diff_id: self.tar.finish(), body: self.body }
    }
}

#[cfg(test)]
mod tests;
