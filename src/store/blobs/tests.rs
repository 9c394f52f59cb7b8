//! Content files: none is trusted because it exists, none is seen before it is whole.

use std::fs;
use std::io::{self, Read};
use std::time::{Duration, UNIX_EPOCH};

use super::*;
use crate::store::Layout;

struct Failing(&'static str);

impl Body for Failing {
    fn open(&self) -> Result<Box<dyn Read + Send>, Error> {
        let unavailable = Error::new(ErrorKind::Unavailable, "registry", self.0);
        let rest = Box::new(Err::<(), _>(io::Error::other(unavailable)));
        Ok(Box::new(b"some".chain(Broken(rest.err()))))
    }
}

struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

fn blobs() -> (tempfile::TempDir, Blobs) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("app");
    Layout::create_at(&path).unwrap();
    let blobs = Blobs::new(path, "app".into());
    (dir, blobs)
}

fn large() -> Vec<u8> {
    (0..SMALL + 5).map(|number| u8::try_from(number % 251).unwrap()).collect()
}

fn whole(blobs: &Blobs, blob: &Descriptor) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    blobs.open(blob, 0).map_err(io::Error::other)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn no_drafts(blobs: &Blobs) {
    assert_eq!(fs::read_dir(blobs.ingest()).unwrap().count(), 0);
}

/// Replaces a read-only file.
fn spoil(path: &std::path::Path, bytes: &[u8]) {
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn small_and_large_content_is_written_once() {
    let (_dir, blobs) = blobs();
    for body in [vec![], b"small".to_vec(), large()] {
        let blob = Descriptor::of("x", &body);
        assert_eq!(blobs.put(&blob, &body, None).unwrap(), Moved::Sent);
        assert_eq!(blobs.put(&blob, &body, None).unwrap(), Moved::Present);
        assert_eq!(whole(&blobs, &blob).unwrap(), body);
    }
    no_drafts(&blobs);
}

#[test]
fn a_spoilt_file_is_refused_by_readers_and_replaced_by_the_next_writer() {
    let (_dir, blobs) = blobs();
    for (body, spoilt) in [
        (b"layer".to_vec(), b"lay".to_vec()),
        (b"layer".to_vec(), b"lAyer".to_vec()),
        (b"layer".to_vec(), b"layer and more".to_vec()),
        (large(), large()[1..].to_vec()),
    ] {
        let blob = Descriptor::of("x", &body);
        blobs.put(&blob, &body, None).unwrap();
        spoil(&blobs.path(&blob.digest), &spoilt);
        assert!(whole(&blobs, &blob).is_err());
        assert!(!blobs.is_kept(&blob, None).unwrap());
        assert_eq!(blobs.put(&blob, &body, None).unwrap(), Moved::Sent);
        assert_eq!(whole(&blobs, &blob).unwrap(), body);

        spoil(&blobs.path(&blob.digest), &spoilt);
        assert_eq!(blobs.put_all(&[(blob.clone(), body.clone())], 2, None).unwrap(), [Moved::Sent]);
        assert_eq!(whole(&blobs, &blob).unwrap(), body);
    }
}

#[test]
fn a_wrong_body_leaves_nothing() {
    let (_dir, blobs) = blobs();
    let promised = Descriptor::of("x", &large());
    let mut wrong = large();
    wrong[7] ^= 1;
    for body in [wrong, large()[1..].to_vec(), [large(), vec![0]].concat()] {
        let error = blobs.put(&promised, &body, None).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Corrupt, "{error}");
        let error = blobs.put_all(&[(promised.clone(), body)], 2, None).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Corrupt, "{error}");
    }
    assert!(!blobs.has(&promised).unwrap());
    no_drafts(&blobs);
}

#[test]
fn the_error_of_the_other_side_comes_through() {
    let (_dir, blobs) = blobs();
    for blob in [Descriptor::of("x", b"some and more"), Descriptor::of("x", &large())] {
        let error = blobs.put(&blob, &Failing("gone"), None).unwrap_err();
        assert_eq!((error.kind, error.what.as_str()), (ErrorKind::Unavailable, "gone"));
    }
    no_drafts(&blobs);
}

#[test]
fn a_batch_writes_what_is_missing_in_order() {
    let (_dir, blobs) = blobs();
    let all: Vec<_> = (0..200_u32)
        .map(|number| number.to_string().into_bytes())
        .map(|body| (Descriptor::of("x", &body), body))
        .collect();
    blobs.put(&all[3].0, &all[3].1, None).unwrap();
    let moved = blobs.put_all(&all, 2, None).unwrap();
    assert_eq!(moved.len(), 200);
    assert_eq!(moved[3], Moved::Present);
    assert_eq!(moved.iter().filter(|moved| **moved == Moved::Sent).count(), 199);
    for (blob, body) in &all {
        assert_eq!(whole(&blobs, blob).unwrap(), *body);
    }
    assert!(blobs.put_all(&all, 2, None).unwrap().iter().all(|moved| *moved == Moved::Present));
    no_drafts(&blobs);
}

#[test]
fn only_who_has_no_lease_locks_what_he_writes() {
    let (_dir, blobs) = blobs();
    let drafts = |blobs: &Blobs| {
        let mut waiting = disk::waiting(&blobs.ingest()).unwrap();
        waiting.retain(|one| !one.is_lease);
        waiting.iter().map(|one| one.is_held).collect::<Vec<_>>()
    };
    let draft = blobs.begin().unwrap();
    assert_eq!(drafts(&blobs), [true]);
    drop(draft);
    blobs.rely().unwrap();
    let _draft = blobs.begin().unwrap();
    assert_eq!(drafts(&blobs), [false]);
}

#[test]
fn content_that_is_relied_on_again_becomes_fresh() {
    let (_dir, blobs) = blobs();
    let blob = Descriptor::of("x", b"layer");
    blobs.put(&blob, &b"layer".to_vec(), None).unwrap();
    let time = UNIX_EPOCH + Duration::from_hours(500_000);
    blobs.put(&blob, &b"layer".to_vec(), Some(time)).unwrap();
    assert_eq!(fs::metadata(blobs.path(&blob.digest)).unwrap().modified().unwrap(), time);
    let later = time + Duration::from_hours(1);
    blobs.put_all(&[(blob.clone(), b"layer".to_vec())], 2, Some(later)).unwrap();
    assert_eq!(fs::metadata(blobs.path(&blob.digest)).unwrap().modified().unwrap(), later);
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_not_content() {
    let (dir, blobs) = blobs();
    let blob = Descriptor::of("x", b"layer");
    let path = blobs.path(&blob.digest);
    let elsewhere = dir.path().join("elsewhere");
    fs::write(&elsewhere, b"layer").unwrap();
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    assert!(whole(&blobs, &blob).is_err());
    assert!(blobs.read(&blob.digest, 100).is_err());
    assert!(!blobs.has(&blob).unwrap());
    assert_eq!(blobs.put(&blob, &b"layer".to_vec(), None).unwrap(), Moved::Sent);
    assert!(path.symlink_metadata().unwrap().is_file());
    assert!(elsewhere.exists());

    fs::remove_file(&path).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    assert!(whole(&blobs, &blob).is_err());
    assert!(!blobs.is_kept(&blob, None).unwrap());
}

#[test]
fn sha512_has_its_own_folder() {
    let (_dir, blobs) = blobs();
    let digest = format!("sha512:{}", hex::encode(<sha2::Sha512 as sha2::Digest>::digest(b"layer")));
    let blob = Descriptor::new("x", digest.parse().unwrap(), 5);
    assert_eq!(blobs.put(&blob, &b"layer".to_vec(), None).unwrap(), Moved::Sent);
    assert_eq!(whole(&blobs, &blob).unwrap(), b"layer");
    blobs.sync().unwrap();
}
