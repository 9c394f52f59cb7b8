//! Bundles: the content that a kind makes, what packing makes of it, and the archives in layers. Pure.

use std::collections::BTreeMap;

use crate::oci::{Descriptor, Digest, Manifest};

pub mod archive;
mod joined;
mod pack;
pub mod unpack;

pub use joined::{JoinError, Joined, Joiner};
pub use pack::{ManifestVersion, PackError, Stamp, pack};

/// Plain content before packing, as a kind made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// What says which kind of bundle it is.
    pub identity: Identity,
    /// The layers, in order.
    pub layers: Vec<Layer>,
}

/// What says which kind of bundle it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// An artifact type, beside a config that is empty.
    ArtifactType(&'static str),
    /// The config itself: its media type and its bytes.
    Config(&'static str, Vec<u8>),
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
    /// Their digest, where whoever made them knows it.
    pub digest: Option<Digest>,
}

/// A packed bundle: exact manifest bytes, and each distinct blob once.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The manifest.
    pub manifest: Manifest,
    /// The blobs that it names, each digest once, in its order.
    pub blobs: Vec<(Descriptor, Vec<u8>)>,
}
