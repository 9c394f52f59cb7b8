//! Reads whole layers into memory, many at once.

use std::io::Read;

use crate::oci::Descriptor;
use crate::repository::copy::in_parallel;
use crate::repository::{self, ErrorKind, Repository};

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

pub(super) fn read(repository: &dyn Repository, layer: &Descriptor) -> Result<Vec<u8>, repository::Error> {
    if layer.size > LARGEST {
        let what = format!("layer {} is larger than {LARGEST} bytes", layer.digest);
        return Err(repository::Error::new(ErrorKind::Refused, repository.place(), what));
    }
    let mut bytes = Vec::new();
    repository.open(layer, 0)?.read_to_end(&mut bytes).map_err(|error| {
        let what = format!("cannot read layer {}", layer.digest);
        repository::Error::reading(repository.place(), what, error)
    })?;
    Ok(bytes)
}
