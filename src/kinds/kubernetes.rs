//! Manifests of Kubernetes, as Flux and Argo CD take them: a partition of files, whose paths and bytes never change.

use crate::bundle::Joined;
use crate::bundle::archive::end_member;
pub(super) use crate::oci::media_type::FLUX_CONFIG as CONFIG;
use crate::oci::media_type::FLUX_CONTENT as CONTENT;
use crate::oci::{Descriptor, Manifest};

mod capacity;
pub(super) mod content;
pub mod doubt;
mod few;
mod files;
pub mod group;
pub mod ignore;
pub mod inventory;
mod layers;
mod look;
pub mod object;
pub mod outline;
mod parts;
mod pieces;
pub mod project;
mod read;
mod recognise;
pub mod scope;
pub mod secrets;
mod select;
pub mod stream;
pub mod summary;
pub(super) mod words;

pub use content::Part;
pub use group::GroupBy;
pub use group::overrides::Override;
pub use ignore::Ignore;
pub use look::Contents;
pub(super) use look::{contents, secrets_of_layer};
pub(super) use read::{lint, read};
pub(super) use recognise::{SIGNS, recognises, unreadable};

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

impl Profile {
    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hybrid => "hybrid",
            Self::Flux => "flux",
            Self::Argo => "argo",
        }
    }
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

/// How a tree of manifests is read; what is not said here, `.torte.yaml` may say.
#[derive(Debug, Default)]
pub struct Options {
    /// The shape of the bundle.
    pub profile: Option<Profile>,
    /// What decides which layer a file goes to.
    pub group_by: Option<GroupBy>,
    /// Rules that come before those of `.torte.yaml`.
    pub groups: Vec<Override>,
    /// What is left out in place of Flux's own list, as [`Ignore::of_list`] reads it.
    pub ignore: Option<String>,
    /// What is left out beside, in the same way.
    pub add_ignore: Option<String>,
    /// Whether `.sourceignore` files count.
    pub sourceignore: bool,
    /// Whether symbolic links are left out rather than refused.
    pub skips_links: bool,
}
