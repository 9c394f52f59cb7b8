//! What was last seen in remote repositories: a hint that saves requests, and that nothing depends on.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::paths;
use crate::disk;
use crate::oci::Digest;

/// The most entries that are kept; the oldest go first.
const MOST: usize = 64;
/// The most that is read, in bytes.
const LARGEST: u64 = 256 * 1024;

fn path(layout: &Path) -> PathBuf {
    layout.join(paths::REMOTES)
}

fn read(layout: &Path) -> Map<String, Value> {
    let bytes = disk::read(&path(layout), LARGEST).ok().flatten();
    bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// The manifest that was last seen there.
pub(super) fn last_seen(layout: &Path, remote: &str) -> Option<Digest> {
    read(layout).get(remote)?.as_str()?.parse().ok()
}

/// Notes the manifest that was seen there. Without the lock: of two writers, one note may be lost.
pub(super) fn remember(layout: &Path, remote: &str, seen: &Digest) {
    let mut all = read(layout);
    if all.get(remote).and_then(Value::as_str) == Some(&seen.to_string()) {
        return;
    }
    all.shift_remove(remote);
    all.insert(remote.to_owned(), seen.to_string().into());
    while all.len() > MOST {
        let Some(oldest) = all.keys().next().cloned() else { break };
        all.shift_remove(&oldest);
    }
    let ingest = paths::ingest(layout);
    let write = disk::create_directories(&ingest)
        .and_then(|_| disk::replace(&path(layout), &ingest, Value::Object(all).to_string().as_bytes()));
    // A hint that cannot be kept is worth no error.
    drop(write);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_64_are_kept_and_a_bad_file_is_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let digest = Digest::of(b"x");
        assert_eq!(last_seen(dir.path(), "r/0"), None);
        for number in 0..70 {
            remember(dir.path(), &format!("r/{number}"), &digest);
            remember(dir.path(), "r/0", &Digest::of(&[number]));
        }
        assert_eq!(last_seen(dir.path(), "r/0"), Some(Digest::of(&[69])));
        assert_eq!(last_seen(dir.path(), "r/69"), Some(digest.clone()));
        assert_eq!(last_seen(dir.path(), "r/6"), None);
        assert_eq!(read(dir.path()).len(), MOST);
        for bad in ["", "[]", "{", r#"{"r/0":5}"#, r#"{"r/0":"sha256:no"}"#] {
            std::fs::write(path(dir.path()), bad).unwrap();
            assert_eq!(last_seen(dir.path(), "r/0"), None, "{bad}");
        }
        remember(dir.path(), "r/0", &digest);
        assert_eq!(last_seen(dir.path(), "r/0"), Some(digest));
    }
}
