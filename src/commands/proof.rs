//! Proves that the layers of a bundle's namespaces are its complete tree, before others get to see both.

use std::io::Read as _;

use crate::bundle::{JoinError, Joined};
use crate::kinds;
use crate::oci::Manifest;
use crate::repository::{self, ErrorKind, Repository};

/// Fails with [`ErrorKind::Corrupt`] where Flux would read another tree than whoever unpacks the namespaces.
///
/// Reads the layers of the namespaces; a bundle that has none is sound. Of an index it proves nothing.
pub(super) fn prove(repository: &dyn Repository, manifest: &Manifest) -> Result<(), repository::Error> {
    kinds::joined(manifest).map_or(Ok(()), |joined| add_up(repository, &joined))
}

fn add_up(repository: &dyn Repository, joined: &Joined) -> Result<(), repository::Error> {
    let untrue = |error: JoinError| {
        let hint = "somebody made it so that Flux and torte see two things: do not use it";
        repository::Error::new(ErrorKind::Corrupt, repository.place(), error.to_string()).hinting(hint)
    };
    let mut whole = joined.joiner();
    let mut buffer = vec![0; 64 * 1024];
    for part in &joined.parts {
        let mut reader = repository.open(part, 0)?;
        loop {
            let count = reader.read(&mut buffer).map_err(|error| {
                repository::Error::reading(
                    repository.place(),
                    format!("cannot read layer {}", part.digest),
                    error,
                )
            })?;
            if count == 0 {
                break;
            }
            let fed = whole.feed(&buffer[..count], |_| Ok::<_, JoinError>(()));
            fed.map_err(untrue)?;
        }
        whole.end_part().map_err(untrue)?;
    }
    whole.finish(&joined.whole, |_| Ok::<_, JoinError>(())).map_err(untrue)
}
