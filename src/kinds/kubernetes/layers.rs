//! From files in their groups to the layers of a profile; each byte is compressed once, whatever the number of threads.

use std::collections::BTreeMap;

use super::capacity::{self, Ratio};
use super::inventory::{self, Inventory};
use super::pieces::{Piece, Press, Pressed, pieces};
use super::{CONFIG, CONTENT, NAMESPACE, NAMESPACE_LAYER, Profile};
use crate::bundle::archive::{END, end_member};
use crate::bundle::{Content, Identity, Layer};
use crate::kinds::fault::Fault;
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

/// Why nothing is packed.
#[derive(Debug)]
pub(super) enum Refused {
    /// No reader would unpack it.
    Faults(Vec<Fault>),
    /// The inventory cannot be written.
    Inventory(serde_json::Error),
}

impl From<Vec<Fault>> for Refused {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Faults(faults)
    }
}

impl From<serde_json::Error> for Refused {
    fn from(error: serde_json::Error) -> Self {
        Self::Inventory(error)
    }
}

impl Packed<'_> {
    /// Its path, and how many bytes it has.
    fn size(&self) -> (&str, usize) {
        match self {
            Self::Directory { path } => (path, 0),
            Self::File { path, bytes, .. } => (path, bytes.len()),
        }
    }
}

/// What Argo CD takes by default.
const ARGO_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
/// Argo CD's media type of the one layer.
pub(super) const ARGO_CONTENT: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
/// The config that flux 2.9 writes, always the same (`flux-measured`: never fetched by any reader).
const FLUX_CONFIG: &[u8] = br#"{"architecture":"","created":"0001-01-01T00:00:00Z","os":"","rootfs":{"type":"layers","diff_ids":null},"config":{}}"#;

/// The one layer of the profiles `flux` and `argo`, of the members of all its pieces.
pub(super) fn single(profile: Profile, mut members: Vec<u8>) -> Content {
    members.extend_from_slice(end_member());
    let (identity, media_type) = match profile {
        Profile::Argo => (Identity::Config(ARGO_CONFIG, b"{}".to_vec()), ARGO_CONTENT),
        Profile::Flux | Profile::Hybrid => (Identity::Config(CONFIG, FLUX_CONFIG.to_vec()), CONTENT),
    };
    Content { identity, layers: vec![layer_0(media_type, members)] }
}

/// Layer 0, the complete tree, and a layer for each group.
pub(super) fn hybrid(mut parts: Vec<Part<'_>>, threads: usize) -> Result<Content, Refused> {
    capacity::check(parts.len(), parts.iter().flat_map(|part| part.entries.iter().map(Packed::size)))?;
    let pieces = pieces(&mut parts);
    let mut bodies: Vec<Body> = parts.iter().map(|_| Body::default()).collect();
    let (mut whole, mut joined, mut ratio) = (Hasher::default(), Vec::new(), Ratio::default());
    let take = |pressed: Pressed| {
        ratio.take(pressed.part, pressed.member());
        whole.update(&pressed.tar);
        joined.extend_from_slice(pressed.member());
        bodies[pressed.part].take(pressed);
    };
    // A piece's files are dropped as soon as they stand in its archive.
    let work = |press: &mut Press, piece: Piece<'_>| press.pressed(&piece);
    in_order(pieces.into_iter(), threads, Press::default, work, take);
    ratio.end()?;
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
