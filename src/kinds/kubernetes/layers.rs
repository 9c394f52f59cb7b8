//! From files in their groups to the layers of a profile; each byte is compressed once, whatever the number of threads.

use std::collections::BTreeMap;

use super::inventory::{self, Inventory};
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
    Content { identity, layers: vec![layer_0(CONTENT, archive(whole, threads))] }
}

/// The one layer that Argo CD takes.
pub(super) fn argo(whole: Part<'_>, threads: usize) -> Content {
    let identity = Identity::Config(ARGO_CONFIG, b"{}".to_vec());
    Content { identity, layers: vec![layer_0(ARGO_CONTENT, archive(whole, threads))] }
}

fn archive(part: Part<'_>, threads: usize) -> Vec<u8> {
    let mut archive = Vec::new();
    let work = |press: &mut Press, piece: Piece<'_>| press.member(&piece);
    let take = |member: Vec<u8>| archive.extend_from_slice(&member);
    in_order(pieces(&mut [part]).into_iter(), threads, Press::default, work, take);
    archive.extend_from_slice(end_member());
    archive
}

/// Layer 0, the complete tree, and a layer for each group.
pub(super) fn hybrid(mut parts: Vec<Part<'_>>, threads: usize) -> Result<Content, serde_json::Error> {
    let pieces = pieces(&mut parts);
    let mut bodies: Vec<Body> = parts.iter().map(|_| Body::default()).collect();
    let (mut whole, mut joined) = (Hasher::default(), Vec::new());
    let take = |pressed: Pressed| {
        whole.update(&pressed.tar);
        joined.extend_from_slice(pressed.member());
        bodies[pressed.part].take(pressed);
    };
    // A piece's files are dropped as soon as they stand in its archive.
    let work = |press: &mut Press, piece: Piece<'_>| press.pressed(&piece);
    in_order(pieces.into_iter(), threads, Press::default, work, take);
    whole.update(&END);
    joined.extend_from_slice(end_member());

    let mut layers = vec![layer_0(CONTENT, joined)];
    let mut diff_ids = vec![whole.finish()];
    let mut groups = Vec::with_capacity(bodies.len());
    for (part, body) in parts.into_iter().zip(bodies) {
        let Ended { layer, diff_id, files, body } = body.end();
        diff_ids.push(diff_id);
        let digest = Some(layer.clone());
        groups.push(inventory::Group { name: part.name.clone(), layer, requires: part.requires, files });
        let annotations = BTreeMap::from([(NAMESPACE.to_owned(), part.name)]);
        layers.push(Layer { media_type: NAMESPACE_LAYER, annotations, body, digest });
    }
    let config = Inventory::of(groups).config(diff_ids)?;
    Ok(Content { identity: Identity::Config(CONFIG, config), layers })
}

/// The layer of the complete tree.
fn layer_0(media_type: &'static str, body: Vec<u8>) -> Layer {
    Layer { media_type, annotations: BTreeMap::new(), body, digest: None }
}

/// The layer of a part, as far as its pieces were taken.
#[derive(Default)]
struct Body {
    tar: Hasher,
    files: Vec<inventory::File>,
    bytes: Vec<u8>,
    /// The layer's digest and that of its tar, where one piece is all of it.
    digests: Option<(Digest, Digest)>,
}

/// The layer of a part.
struct Ended {
    layer: Digest,
    diff_id: Digest,
    files: Vec<inventory::File>,
    body: Vec<u8>,
}

impl Body {
    fn take(&mut self, pressed: Pressed) {
        if pressed.digests.is_some() {
            (self.files, self.bytes, self.digests) = (pressed.files, pressed.bytes, pressed.digests);
            return;
        }
        self.tar.update(&pressed.tar);
        self.files.extend(pressed.files);
        self.bytes.extend_from_slice(&pressed.bytes);
    }

    fn end(mut self) -> Ended {
        let (layer, diff_id) = self.digests.unwrap_or_else(|| {
            self.bytes.extend_from_slice(end_member());
            self.tar.update(&END);
            (Digest::of(&self.bytes), self.tar.finish())
        });
        Ended { layer, diff_id, files: self.files, body: self.bytes }
    }
}

#[cfg(test)]
mod tests;
