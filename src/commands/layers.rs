//! Reads layers into memory, many at once, and the inventory that a config holds.

use std::io::Read;

use crate::kinds::kubernetes;
use crate::kinds::kubernetes::inventory::Inventory;
use crate::oci::{Descriptor, Manifest};
use crate::repository::{self, ErrorKind, Repository, in_parallel};

/// The largest layer that is read into memory, in bytes; no layer of features comes near.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Reads each layer and hands it on, with its place among them, in no particular order.
pub(super) fn read_each(
    repository: &dyn Repository,
    layers: &[Descriptor],
    concurrency: usize,
    take: impl Fn(usize, &Descriptor, Vec<u8>) + Sync,
) -> Result<(), repository::Error> {
    let numbered: Vec<(usize, &Descriptor)> = layers.iter().enumerate().collect();
    in_parallel(&numbered, concurrency, |(at, layer)| {
        take(*at, layer, read(repository, layer)?);
        Ok(())
    })
}

/// The inventory of a bundle, if its config holds one.
pub(super) fn inventory(
    repository: &dyn Repository,
    manifest: &Manifest,
) -> Result<Option<Inventory>, repository::Error> {
    let Some(config) = manifest.config().filter(|_| kubernetes::is_hybrid(manifest)) else { return Ok(None) };
    let bytes = read(repository, config)?;
    let inventory = Inventory::parse(&bytes, manifest).map_err(|error| {
        let what = "the bundle's config is not what torte writes";
        repository::Error::new(ErrorKind::Corrupt, repository.place(), what).because(error)
    })?;
    Ok(Some(inventory))
}

pub(super) fn read(repository: &dyn Repository, layer: &Descriptor) -> Result<Vec<u8>, repository::Error> {
    if layer.size > LARGEST {
        let what = format!("blob {} is larger than {LARGEST} bytes", layer.digest);
        return Err(repository::Error::new(ErrorKind::Refused, repository.place(), what));
    }
    let mut bytes = Vec::new();
    repository.open(layer, 0)?.read_to_end(&mut bytes).map_err(|error| {
        let what = format!("cannot read layer {}", layer.digest);
        repository::Error::reading(repository.place(), what, error)
    })?;
    Ok(bytes)
}
