//! From files in their groups to the layers of a profile; each byte is compressed once, whatever the number of threads.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::inventory::{self, Inventory};
use super::{CONFIG, CONTENT, NAMESPACE, NAMESPACE_LAYER, Profile};
use crate::bundle::archive::{END, Entry, Tar, compress, end_member};
use crate::bundle::{Content, Identity, Layer};
use crate::kinds::in_order::in_order;
use crate::oci::{Digest, Hasher};

/// Files that share a layer.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// The group's name.
    pub(super) name: String,
    /// The groups that it cannot do without.
    pub(super) requires: Vec<String>,
    /// Files and directories, in the order of the archive.
    pub(super) entries: Vec<Packed>,
}

/// One entry of a layer.
#[derive(Debug)]
pub(super) enum Packed {
    /// A directory.
    Directory {
        /// Its path.
        path: String,
    },
    /// A file.
    File {
        /// Its path.
        path: String,
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

/// The one layer of the profiles `flux` and `argo`.
pub(super) fn single(profile: Profile, part: Part, threads: usize) -> Content {
    let bodies = Bodies::of(vec![part], threads);
    let (identity, media_type) = match profile {
        Profile::Argo => (Identity::Config(ARGO_CONFIG, b"{}".to_vec()), ARGO_CONTENT),
        Profile::Flux | Profile::Hybrid => (Identity::Config(CONFIG, FLUX_CONFIG.to_vec()), CONTENT),
    };
    Content {
        identity,
        layers: vec![Layer { media_type, annotations: BTreeMap::new(), body: bodies.joined() }],
    }
}

/// Layer 0, the complete tree, and a layer for each group.
pub(super) fn hybrid(parts: Vec<Part>, threads: usize) -> Result<Content, serde_json::Error> {
    let bodies = Bodies::of(parts, threads);
    let mut layers = vec![Layer { media_type: CONTENT, annotations: BTreeMap::new(), body: bodies.joined() }];
    let mut diff_ids = vec![bodies.whole];
    let mut groups = Vec::with_capacity(bodies.parts.len());
    for part in bodies.parts {
        let mut body = part.members;
        body.extend_from_slice(end_member());
        body.shrink_to_fit();
        groups.push(inventory::Group {
            name: part.name.clone(),
            layer: Digest::of(&body),
            requires: part.requires,
            files: part.files,
        });
        diff_ids.push(part.diff_id);
        let annotations = BTreeMap::from([(NAMESPACE.to_owned(), part.name)]);
        layers.push(Layer { media_type: NAMESPACE_LAYER, annotations, body });
    }
    let config = Inventory::of(groups).config(diff_ids)?;
    Ok(Content { identity: Identity::Config(CONFIG, config), layers })
}

/// The compressed members of all parts.
struct Bodies {
    /// The digest of all parts' entries together, uncompressed.
    whole: Digest,
    parts: Vec<Body>,
}

struct Body {
    name: String,
    requires: Vec<String>,
    diff_id: Digest,
    files: Vec<inventory::File>,
    /// Without the end member.
    members: Vec<u8>,
}

impl Bodies {
    fn of(parts: Vec<Part>, threads: usize) -> Self {
        let parts: Vec<Mutex<Part>> = parts.into_iter().map(Mutex::new).collect();
        let mut framed = Vec::with_capacity(parts.len());
        // A part's files are dropped as soon as they stand in its archive.
        let frame = |part: &Mutex<Part>| {
            let part = std::mem::take(&mut *part.lock().unwrap_or_else(PoisonError::into_inner));
            frame(part)
        };
        in_order(&parts, threads, frame, |_, done| framed.push(done));

        let pieces: Vec<(usize, &Vec<u8>)> = framed
            .iter()
            .enumerate()
            .flat_map(|(at, (_, pieces))| pieces.iter().map(move |piece| (at, piece)))
            .collect();
        let mut members = vec![Vec::new(); framed.len()];
        let mut whole = Hasher::default();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for (_, piece) in &pieces {
                    whole.update(piece);
                }
                whole.update(&END);
            });
            let take = |(at, _): &(usize, &Vec<u8>), member: Vec<u8>| members[*at].extend_from_slice(&member);
            in_order(&pieces, threads, |(_, piece)| compress(piece), take);
        });
        let parts = framed.into_iter().zip(members).map(|((body, _), members)| Body { members, ..body });
        Self { whole: whole.finish(), parts: parts.collect() }
    }

    /// All members, and one end: the complete tree.
    fn joined(&self) -> Vec<u8> {
        let size = self.parts.iter().map(|part| part.members.len()).sum::<usize>() + end_member().len();
        let mut joined = Vec::with_capacity(size);
        self.parts.iter().for_each(|part| joined.extend_from_slice(&part.members));
        joined.extend_from_slice(end_member());
        joined
    }
}

/// A part's archive, uncompressed, and all that is known of it but its members.
fn frame(part: Part) -> (Body, Vec<Vec<u8>>) {
    let mut tar = Tar::default();
    let mut files = Vec::new();
    for entry in part.entries {
        match entry {
            Packed::Directory { path } => tar.add(&Entry::Directory { path: &path }),
            Packed::File { path, is_executable, bytes, reason } => {
                tar.add(&Entry::File { path: &path, is_executable, bytes: &bytes });
                files.push(inventory::File {
                    path,
                    size: bytes.len() as u64,
                    sha256: Digest::of(&bytes).hex().to_owned(),
                    reason: reason.to_owned(),
                });
            }
        }
    }
    let pieces = tar.into_pieces();
    let mut diff_id = Hasher::default();
    for piece in &pieces {
        diff_id.update(piece);
    }
    diff_id.update(&END);
    let diff_id = diff_id.finish();
    let body = Body { name: part.name, requires: part.requires, diff_id, files, members: Vec::new() };
    (body, pieces)
}

#[cfg(test)]
mod tests;
