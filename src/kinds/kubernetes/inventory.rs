//! What a hybrid bundle's config says of its content: the groups, their layers and files, and why each file is where it is.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::oci::{Descriptor, Digest, Manifest};

/// The version of the inventory that torte writes and reads.
const VERSION: u32 = 1;
/// The largest config that is read, in bytes: 200,000 files with long names fit in.
pub const LARGEST: u64 = 64 * 1024 * 1024;

/// The config of a hybrid bundle; its other fields are what readers of images expect.
#[derive(Serialize, Deserialize)]
struct Config<Group> {
    architecture: String,
    os: String,
    rootfs: RootFs,
    #[serde(rename = "dev.torte.inventory")]
    inventory: Inventory<Group>,
}

#[derive(Serialize, Deserialize)]
struct RootFs {
    r#type: String,
    diff_ids: Vec<Digest>,
}

/// The groups of a bundle, in the order of their layers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory<Group = self::Group> {
    version: u32,
    /// The groups.
    pub groups: Vec<Group>,
}

/// One group: a namespace, or a reserved name that begins with `_`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// The digest of its layer.
    pub layer: Digest,
    /// The groups without which it cannot be used.
    pub requires: Vec<String>,
    /// Its files, in the order of the archive.
    pub files: Vec<File>,
}

/// One file of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its path in the tree.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// Why it is in this group: a stable slug.
    pub reason: Cow<'static, str>,
}

/// Why a config is not the inventory of its bundle.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// It is not JSON, or not of the shape.
    #[error("the bundle's inventory cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// It is of a later torte.
    #[error("the bundle's inventory is of version {0}, and this torte knows version {VERSION}")]
    Version(u32),
    /// It speaks of other layers than the manifest.
    #[error("the bundle's inventory does not match its manifest: {0}")]
    Mismatch(String),
}

/// The config of a bundle of groups in JSON; `diff_ids` are the digests of its uncompressed layers.
pub(super) fn config(groups: Vec<Box<RawValue>>, diff_ids: Vec<Digest>) -> Vec<u8> {
    let config = Config {
        architecture: String::new(),
        os: String::new(),
        rootfs: RootFs { r#type: "layers".to_owned(), diff_ids },
        inventory: Inventory { version: VERSION, groups },
    };
    // Texts and numbers always have a form in JSON.
    serde_json::to_vec(&config).unwrap_or_default()
}

impl Inventory {
    /// Reads a bundle's config, and holds it against the bundle's manifest.
    pub fn parse(config: &[u8], manifest: &Manifest) -> Result<Self, InventoryError> {
        let Config::<Group> { inventory, .. } = serde_json::from_slice(config)?;
        if inventory.version != VERSION {
            return Err(InventoryError::Version(inventory.version));
        }
        let layers = manifest.layers().get(1..).unwrap_or_default();
        if layers.len() != inventory.groups.len() {
            let what = format!("it has {} groups for {} layers", inventory.groups.len(), layers.len());
            return Err(InventoryError::Mismatch(what));
        }
        for (group, layer) in inventory.groups.iter().zip(layers) {
            group.matches(layer)?;
        }
        inventory.names_each_once()?;
        Ok(inventory)
    }

    fn names_each_once(&self) -> Result<(), InventoryError> {
        let mut names: Vec<&str> = self.groups.iter().map(|group| group.name.as_str()).collect();
        names.sort_unstable();
        if let Some([name, _]) = names.array_windows().find(|[left, right]| left == right) {
            return Err(InventoryError::Mismatch(format!("the group `{name}` is in it twice")));
        }
        let known = |name: &String| names.binary_search(&name.as_str()).is_ok();
        let lost = self.groups.iter().flat_map(|group| &group.requires).find(|name| !known(name));
        lost.map_or(Ok(()), |name| {
            Err(InventoryError::Mismatch(format!("it requires the group `{name}`, which it does not have")))
        })
    }

    /// The places of the groups that are named, of all that they require, and of what belongs to all namespaces.
    ///
    /// Fails with the names that are not there.
    pub fn closure(&self, wanted: &[String]) -> Result<Vec<usize>, Vec<String>> {
        let place = |name: &str| self.groups.iter().position(|group| group.name == name);
        let missed: Vec<String> = wanted.iter().filter(|name| place(name).is_none()).cloned().collect();
        if !missed.is_empty() {
            return Err(missed);
        }
        let mut open: Vec<usize> =
            wanted.iter().map(String::as_str).chain(super::FOR_ALL).filter_map(place).collect();
        let mut found = vec![false; self.groups.len()];
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut found[at], true) {
                open.extend(self.groups[at].requires.iter().filter_map(|name| place(name)));
            }
        }
        Ok((0..found.len()).filter(|at| found[*at]).collect())
    }
}

impl Group {
    /// Its form in a config, so that groups can be written while others are still packed.
    pub(super) fn json(&self) -> Box<RawValue> {
        // Texts and numbers always have a form in JSON.
        to_raw_value(self).unwrap_or_default()
    }

    fn matches(&self, layer: &Descriptor) -> Result<(), InventoryError> {
        let named = layer.annotation(super::NAMESPACE).unwrap_or_default();
        if named == self.name && layer.digest == self.layer {
            return Ok(());
        }
        let what = format!("its group `{}` is not the layer {} of `{named}`", self.name, layer.digest);
        Err(InventoryError::Mismatch(what))
    }
}
