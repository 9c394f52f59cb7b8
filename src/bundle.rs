//! Bundles: the content that a kind makes, and what packing makes of it. Pure.

use std::collections::BTreeMap;

use crate::oci::{Descriptor, Manifest};

mod pack;

pub use pack::{ManifestVersion, PackError, Stamp, pack};

/// Plain content before packing, as a kind made it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The artifact type of the bundle.
    pub artifact_type: &'static str,
    /// The layers, in order.
    pub layers: Vec<Layer>,
}

/// One layer before packing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Its media type.
    pub media_type: &'static str,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// A packed bundle: exact manifest bytes, and each distinct blob once.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The manifest.
    pub manifest: Manifest,
    /// The blobs that it names, each digest once, in its order.
    pub blobs: Vec<(Descriptor, Vec<u8>)>,
}
