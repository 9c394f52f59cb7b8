//! Manifests of Kubernetes, as Flux and Argo CD take them: a partition of files, whose paths and bytes never change.

use std::collections::BTreeMap;

use crate::bundle::Joined;
use crate::bundle::archive::end_member;
use crate::oci::{Descriptor, Manifest};
use crate::source::Tree;

pub use group::GroupBy;

pub mod group;
pub mod ignore;
pub mod inventory;
pub mod layers;
pub mod object;
pub mod project;
pub mod stream;

/// The media type of Flux's config (`pkg/oci/globals.go`), by which such a bundle is known.
pub(super) const CONFIG: &str = "application/vnd.cncf.flux.config.v1+json";
/// The media type of Flux's one layer, the complete tree.
const CONTENT: &str = "application/vnd.cncf.flux.content.v1.tar+gzip";
/// The media type of the layer of one namespace. It does not end in `tar+gzip`: Argo CD counts such layers, and takes one.
const NAMESPACE_LAYER: &str = "application/vnd.torte.namespace.v1";
/// The annotation of a layer with its namespace.
pub(super) const NAMESPACE: &str = "dev.torte.namespace";
/// The groups that every namespace may need.
const FOR_ALL: [&str; 2] = ["_shared", "_unscoped"];

/// The shape of a bundle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// The complete tree, and a layer for each namespace.
    #[default]
    Hybrid,
    /// The one layer that Flux writes.
    Flux,
    /// The one layer, under the media type that Argo CD takes by default.
    Argo,
}

/// Whether a manifest is of Flux's or Argo CD's shape, whoever wrote it.
pub(super) fn is_bundle(manifest: &Manifest) -> bool {
    let layers = manifest.layers();
    let is_argo = |layer: &Descriptor| layer.media_type == layers::ARGO_CONTENT;
    let has_no_config = manifest.config().is_some_and(|config| config.size == 2);
    match layers {
        [layer] if is_argo(layer) => has_no_config,
        [first, ..] => first.media_type == CONTENT,
        [] => false,
    }
}

/// Whether a bundle has the complete tree and a layer for each namespace.
pub fn is_hybrid(manifest: &Manifest) -> bool {
    match manifest.layers() {
        [whole, parts @ ..] => {
            whole.media_type == CONTENT
                && !parts.is_empty()
                && parts.iter().all(|part| part.media_type == NAMESPACE_LAYER)
        }
        [] => false,
    }
}

/// How layer 0 of a hybrid bundle is made of the others.
pub(super) fn whole_tree(manifest: &Manifest) -> Joined {
    let (whole, parts) = manifest.layers().split_at(1);
    Joined { whole: whole[0].clone(), parts: parts.to_vec(), end: end_member() }
}

/// How a tree of manifests is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The shape of the bundle; else what `.torte.yaml` says.
    pub profile: Option<Profile>,
    /// What decides which layer a file goes to.
    pub group_by: Option<GroupBy>,
    /// Patterns and the groups that they mean, in order.
    pub groups: Vec<(String, String)>,
    /// What is left out in place of Flux's own list.
    pub ignore: Option<String>,
    /// What is left out beside.
    pub add_ignore: Option<String>,
    /// Whether `.sourceignore` files count.
    pub sourceignore: bool,
    /// Whether symbolic links are left out rather than refused.
    pub skips_links: bool,
}

/// What a layer of manifests holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// How many files.
    pub files: u64,
    /// How many objects of each kind, by namespace.
    pub namespaces: BTreeMap<String, BTreeMap<String, u64>>,
}

/// What in a layer looks like a secret.
pub(super) fn secrets(_: &Descriptor, _: &[u8]) -> Vec<String> {
    Vec::new()
}

/// The objects of a layer.
pub(super) fn contents(layer: &Descriptor, _: &[u8]) -> Result<Contents, super::UnpackError> {
    let (layer, media_type) = (layer.digest.clone(), layer.media_type.clone());
    Err(super::UnpackError::Foreign { layer, media_type })
}

/// A tree of manifests.
pub(super) fn read(tree: &Tree) -> Result<super::Reading, super::Error> {
    let _ = tree.files();
    Err(super::Error::Unrecognised)
}
