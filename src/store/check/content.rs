//! The content files of a layout: each that is there is read whole, and each that must be there is looked for.

use std::fs;
use std::io::ErrorKind as Io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::examine::{Examination, Need};
use super::ground::unreadable;
use super::{Fault, Problem};
use crate::disk;
use crate::oci::Digest;
use crate::repository::{Error, ErrorKind, in_parallel};
use crate::runtime;
use crate::store::blobs::ALGORITHMS;
use crate::store::paths;

const AGAIN: &str = "build or pull the bundle again: what is missing is written anew";
const MEND: &str = "`torte check --repair` moves it out of the way; then build or pull the bundle again";

/// What the file of a blob is like.
enum State {
    Sound(u64),
    /// Gone since it was listed.
    Gone,
    Wrong,
    NotAFile,
    Unreadable(std::io::Error),
}

/// Reads all content that is no manifest which was read already, and looks for what is needed and not there.
pub(super) fn read(examination: &mut Examination<'_>, threads: usize) -> Result<(), Error> {
    let mut there = files(examination);
    let listed: std::collections::HashSet<&Digest> = there.iter().collect();
    // What was written after the folder was listed, or cannot be listed.
    let mut late: Vec<Digest> =
        examination.needs.keys().filter(|digest| !listed.contains(digest)).cloned().collect();
    late.sort();
    there.retain(|digest| !examination.seen.contains(digest));
    there.extend(late);
    let states = Mutex::new(Vec::with_capacity(there.len()));
    let layout = examination.layout;
    in_parallel(&there, threads, |digest| {
        if runtime::interrupted().is_some() {
            return Err(Error::new(ErrorKind::Interrupted, &layout.place, "interrupted"));
        }
        let state = state(&layout.blobs.path(digest), digest);
        states.lock().unwrap_or_else(PoisonError::into_inner).push((digest.clone(), state));
        Ok(())
    })?;
    for (digest, state) in states.into_inner().unwrap_or_else(PoisonError::into_inner) {
        judge(examination, &digest, state);
    }
    Ok(())
}

fn judge(examination: &mut Examination<'_>, digest: &Digest, state: State) {
    let path = examination.layout.blobs.path(digest);
    let need = examination.needs.get(digest);
    let name = if need.is_some() { "blob" } else { "blob, which no bundle names" };
    let fault = match state {
        State::Sound(size) => {
            let wrong = need.and_then(|need| need.sizes.iter().find(|(wanted, _)| *wanted != size)).cloned();
            examination.checked.blobs += 1;
            examination.checked.bytes += size;
            let Some((wanted, manifest)) = wrong else { return };
            let what =
                format!("manifest {manifest} says that blob {digest} has {wanted} bytes, and it has {size}");
            let path = examination.layout.blobs.path(&manifest);
            Fault::new(Problem::Size, path, what, "do not use this bundle; build or pull it again")
        }
        State::Gone if need.is_none_or(|need| need.may_be_absent) => return,
        State::Gone => Fault::new(Problem::Missing, path, "the blob is missing", AGAIN),
        State::Wrong => Fault::new(
            Problem::Digest,
            path,
            format!("the content of this {name} is not what its digest says"),
            MEND,
        ),
        State::NotAFile => Fault::new(
            Problem::NotAFile,
            path,
            format!("something else than a file stands in the place of a {name}"),
            MEND,
        ),
        State::Unreadable(error) => unreadable(&path, &error),
    };
    let bundles = need.map(|Need { bundles, .. }| bundles.iter().map(ToString::to_string).collect());
    let fault = Fault { digest: Some(digest.clone()), bundles: bundles.unwrap_or_default(), ..fault };
    examination.found(fault);
}

/// Reads a blob whole.
fn state(path: &Path, digest: &Digest) -> State {
    let file = match disk::open(path) {
        Ok(Some(file)) => file,
        Ok(None) => return State::Gone,
        Err(disk::Error::Io { source, .. }) => return State::Unreadable(source),
        Err(_) => return State::NotAFile,
    };
    match digest.read(file) {
        Ok((found, size)) if found == *digest => State::Sound(size),
        Ok(_) => State::Wrong,
        Err(error) => State::Unreadable(error),
    }
}

/// The content files that are there by their names, sorted; names what else is there.
fn files(examination: &mut Examination<'_>) -> Vec<Digest> {
    let layout = &examination.layout.path;
    let mut found = Vec::new();
    let mut faults = Vec::new();
    let mut each =
        |path: &PathBuf, take: &mut dyn FnMut(String, PathBuf) -> Option<Fault>| match fs::read_dir(path) {
            Ok(entries) => {
                for entry in entries.flatten() {
                    faults.extend(take(entry.file_name().to_string_lossy().into_owned(), entry.path()));
                }
            }
            Err(error) if error.kind() == Io::NotFound => {}
            Err(error) => faults.push(unreadable(path, &error)),
        };
    each(&layout.join(paths::BLOBS), &mut |name, path| {
        (!ALGORITHMS.contains(&name.as_str()))
            .then(|| stray(path, "content of this algorithm is not checked"))
    });
    for algorithm in ALGORITHMS {
        each(
            &paths::blobs(layout, algorithm),
            &mut |name, path| match format!("{algorithm}:{name}").parse() {
                Ok(digest) => {
                    found.push(digest);
                    None
                }
                Err(_) => Some(stray(path, "its name is no digest, so that nobody finds it")),
            },
        );
    }
    examination.checked.faults.extend(faults);
    found.sort();
    found
}

fn stray(path: PathBuf, what: &str) -> Fault {
    Fault::new(Problem::Stray, path, what, "torte leaves it alone; move it if nobody needs it")
}
