//! Unpacks bundles of manifests by the layers of their namespaces: all, proved to be the complete tree, or some.

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use super::foreign::{Refusal, Watched, failure};
use super::{Staged, no_namespace};
use crate::bundle::archive::{self, Budget, Found, Limits};
use crate::bundle::{JoinError, Joined, Joiner};
use crate::commands::layers::{inventory, read_each};
use crate::disk::Staging;
use crate::kinds;
use crate::kinds::kubernetes::inventory::{File, Group};
use crate::oci::{Descriptor, Digest, Hasher, Manifest};
use crate::repository::{self, ErrorKind, Repository};

/// How many bytes of layers are in memory at once; a layer above it flows through.
const AT_ONCE: u64 = 32 * 1024 * 1024;

/// Stages the files of these namespaces, with what they require; of all where none is named.
///
/// All layers together must be layer 0, which then need not be fetched. A part is held against the inventory.
pub(super) fn stage(
    repository: &dyn Repository,
    manifest: &Manifest,
    namespaces: &[String],
    staging: &mut Staging,
    concurrency: usize,
) -> anyhow::Result<Staged> {
    let layers = &manifest.layers()[1..];
    let mut unpacking = Unpacking {
        repository,
        staging,
        budget: Budget::new(Limits::default()),
        files: 0,
        joiner: None,
        expected: None,
    };
    if namespaces.is_empty() {
        let joined = kinds::joined(manifest);
        unpacking.joiner = joined.as_ref().map(Joined::joiner);
        unpacking.all(&layers.iter().collect::<Vec<_>>(), concurrency)?;
        if let (Some(joiner), Some(joined)) = (unpacking.joiner.take(), joined) {
            joiner
                .finish(&joined.whole, |_| Ok::<_, JoinError>(()))
                .map_err(|error| corrupt(repository, &error.to_string()))?;
        }
        return Ok(Staged { files: unpacking.files, ..Staged::default() });
    }
    let Some(inventory) = inventory(repository, manifest)? else {
        return Err(corrupt(repository, "the bundle has no inventory").into());
    };
    let wanted =
        inventory.closure(namespaces).map_err(|missed| no_namespace(&missed.join("`, `"), repository))?;
    unpacking.expected = Some(Expected::of(wanted.iter().map(|at| &inventory.groups[*at])));
    unpacking.all(&wanted.iter().map(|at| &layers[*at]).collect::<Vec<_>>(), concurrency)?;
    if let Some(path) = unpacking.expected.as_ref().and_then(Expected::missed) {
        let what = format!("`{path}` stands in the inventory of the bundle, and not in its layer");
        return Err(corrupt(repository, &what).into());
    }
    let names: Vec<&str> = wanted.iter().map(|at| inventory.groups[*at].name.as_str()).collect();
    let note = format!(
        "these are the layers of {}, each held against the inventory; that all layers make the complete tree was not verified",
        names.join(", ")
    );
    Ok(Staged { files: unpacking.files, notes: vec![note], ..Staged::default() })
}

fn corrupt(repository: &dyn Repository, what: &str) -> repository::Error {
    repository::Error::new(ErrorKind::Corrupt, repository.place(), what)
        .hinting("do not use this bundle: Flux and torte would see two things in it")
}

/// What is unpacked, and what it is held against.
struct Unpacking<'a> {
    repository: &'a dyn Repository,
    staging: &'a mut Staging,
    budget: Budget,
    files: u64,
    joiner: Option<Joiner>,
    expected: Option<Expected<'a>>,
}

impl Unpacking<'_> {
    /// Reads the layers in order; small ones are fetched many at once.
    fn all(&mut self, layers: &[&Descriptor], concurrency: usize) -> anyhow::Result<()> {
        let mut rest = layers;
        while let Some(first) = rest.first() {
            if first.size > AT_ONCE {
                let body = Watched(self.repository.open(first, 0)?);
                self.layer(first, body)?;
                rest = &rest[1..];
                continue;
            }
            let mut size = 0;
            let fits = |layer: &&&Descriptor| {
                size += layer.size;
                size <= AT_ONCE
            };
            let batch: Vec<Descriptor> = rest.iter().take_while(fits).map(|layer| (*layer).clone()).collect();
            let contents = Mutex::new(vec![Vec::new(); batch.len()]);
            read_each(self.repository, &batch, concurrency, |at, _, bytes| {
                contents.lock().unwrap_or_else(PoisonError::into_inner)[at] = bytes;
            })?;
            let contents = contents.into_inner().unwrap_or_else(PoisonError::into_inner);
            for (layer, bytes) in batch.iter().zip(contents) {
                self.layer(layer, io::Cursor::new(bytes))?;
            }
            rest = &rest[batch.len()..];
        }
        Ok(())
    }

    fn layer(&mut self, layer: &Descriptor, body: impl Read) -> anyhow::Result<()> {
        let Self { repository, staging, budget, files, joiner, expected } = self;
        let mut body = Fed { body, joiner: joiner.as_mut() };
        let mut take = |found: Found<'_>| match found {
            Found::Directory { path } => Ok(staging.directory(path)?),
            Found::File { path, is_executable, body, .. } => {
                let mut hashed = Hashed { body, hasher: Hasher::default(), size: 0 };
                staging.write_from(path, &mut hashed, is_executable)?;
                *files += 1;
                let Some(expected) = expected else { return Ok(()) };
                let sha256 = hashed.hasher.finish();
                expected
                    .take(layer, path, hashed.size, sha256.hex())
                    .map_err(|why| Refusal::Untrue(format!("`{path}` {why}")))
            }
        };
        let outcome = archive::read(&mut body, budget, &mut take);
        outcome.map_err(|stopped| failure(stopped, &mut body, layer, *repository))?;
        if let Some(joiner) = joiner {
            joiner.end_part().map_err(|error| corrupt(*repository, &error.to_string()))?;
        }
        Ok(())
    }
}

/// A layer whose bytes are also those of the whole.
struct Fed<'a, R> {
    body: R,
    joiner: Option<&'a mut Joiner>,
}

impl<R: Read> Read for Fed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.body.read(buffer)?;
        if let Some(joiner) = &mut self.joiner {
            joiner.feed(&buffer[..count], |_| Ok::<_, io::Error>(()))?;
        }
        Ok(count)
    }
}

/// A file whose digest is known once it was read.
struct Hashed<'a> {
    body: &'a mut dyn Read,
    hasher: Hasher,
    size: u64,
}

impl Read for Hashed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.body.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        self.size += count as u64;
        Ok(count)
    }
}

/// The files that the inventory says are in the layers.
struct Expected<'a>(HashMap<&'a str, (&'a Digest, &'a File)>);

impl<'a> Expected<'a> {
    fn of(groups: impl Iterator<Item = &'a Group>) -> Self {
        let files =
            |group: &'a Group| group.files.iter().map(|file| (file.path.as_str(), (&group.layer, file)));
        Self(groups.flat_map(files).collect())
    }

    fn take(&mut self, layer: &Descriptor, path: &str, size: u64, sha256: &str) -> Result<(), &'static str> {
        match self.0.remove(path) {
            Some((of, file)) if *of == layer.digest && file.size == size && file.sha256 == sha256 => Ok(()),
            Some(_) => Err("is not what the inventory of the bundle says"),
            None => Err("is not in the inventory of the bundle"),
        }
    }

    /// A file that did not come.
    fn missed(&self) -> Option<&str> {
        self.0.keys().copied().min()
    }
}
