//! Uploads: nothing is seen of one before it is known to be right.

use std::fs;

use sha2::Digest as _;

use super::*;
use crate::repository::Repository as _;

fn layout() -> (tempfile::TempDir, Layout) {
    let dir = tempfile::tempdir().unwrap();
    let layout = Layout::create_at(&dir.path().join("app")).unwrap();
    (dir, layout)
}

/// More than what an upload keeps in memory.
fn large() -> Vec<u8> {
    (0..200_000_u32).map(|number| (number % 251) as u8).collect()
}

/// By the library alone, not by [`Hasher`].
fn sha512(bytes: &[u8]) -> Digest {
    format!("sha512:{}", hex::encode(sha2::Sha512::digest(bytes))).parse().unwrap()
}

fn upload(layout: &Layout, bytes: &[u8], like: Option<&Digest>) -> Upload {
    let mut upload = Upload::default();
    for piece in bytes.chunks(30_000) {
        if upload.needs_file(piece.len()) {
            upload.move_to_file(layout, like).unwrap();
        }
        upload.append(piece).unwrap();
    }
    assert_eq!(upload.length(), bytes.len() as u64);
    upload
}

fn read(layout: &Layout, digest: &Digest) -> Vec<u8> {
    let size = layout.size(digest).unwrap().unwrap();
    let mut bytes = Vec::new();
    layout.open(&Descriptor::new("x", digest.clone(), size), 0).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn ingested(layout: &Layout) -> usize {
    fs::read_dir(layout.path().join("ingest")).unwrap().count()
}

#[test]
fn small_and_large_uploads_are_kept_by_either_algorithm_whichever_was_expected() {
    let (_dir, layout) = layout();
    for body in [vec![], b"small".to_vec(), large()] {
        for digest in [Digest::of(&body), sha512(&body)] {
            for like in [None, Some(Digest::of(b"")), Some(sha512(b""))] {
                let moved = layout.keep(upload(&layout, &body, like.as_ref()), &digest).unwrap();
                assert!(body.is_empty() || body.len() < 10 || moved == Moved::Sent);
                assert_eq!(read(&layout, &digest), body);
            }
        }
    }
    assert_eq!(ingested(&layout), 0);
}

#[test]
fn what_is_not_what_its_digest_says_leaves_nothing() {
    let (_dir, layout) = layout();
    for body in [b"small".to_vec(), large()] {
        for wrong in [Digest::of(b"other"), sha512(b"other")] {
            let error = layout.keep(upload(&layout, &body, None), &wrong).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Corrupt, "{error}");
            assert_eq!(layout.size(&wrong).unwrap(), None);
        }
    }
    assert_eq!(ingested(&layout), 0);
}

#[test]
fn a_large_upload_waits_in_the_layout_and_leaves_nothing_when_it_is_given_up() {
    let (_dir, layout) = layout();
    let begun = upload(&layout, &large(), None);
    assert_eq!(ingested(&layout), 1);
    assert_eq!(layout.size(&Digest::of(&large())).unwrap(), None);
    drop(begun);
    assert_eq!(ingested(&layout), 0);
}

#[test]
fn the_bytes_of_an_upload_come_back() {
    let (_dir, layout) = layout();
    for body in [b"small".to_vec(), large()] {
        assert_eq!(upload(&layout, &body, None).into_bytes().unwrap(), body);
    }
}

#[test]
fn an_upload_mends_what_rotted() {
    let (_dir, layout) = layout();
    for body in [b"small".to_vec(), large()] {
        let digest = Digest::of(&body);
        layout.keep(upload(&layout, &body, None), &digest).unwrap();
        let file = layout.path().join("blobs/sha256").join(digest.hex());
        let mut rotten = body.clone();
        rotten[0] ^= 1;
        fs::remove_file(&file).unwrap();
        fs::write(&file, rotten).unwrap();
        assert_eq!(layout.keep(upload(&layout, &body, None), &digest).unwrap(), Moved::Sent);
        assert_eq!(read(&layout, &digest), body);
    }
}

#[test]
fn what_came_slowly_is_young_when_it_is_kept() {
    let (_dir, layout) = layout();
    let layout = layout.recording(crate::store::fixture::record("2026-01-01T12:00:00Z"));
    let layout = layout.serving(crate::store::Serving::default());
    let upload = upload(&layout, &large(), None);
    let draft = fs::read_dir(layout.path().join("ingest")).unwrap().next().unwrap().unwrap().path();
    let time = |text: &str| crate::store::fixture::record(text).time().unwrap();
    let draft = fs::OpenOptions::new().append(true).open(draft).unwrap();
    draft.set_modified(time("2026-01-01T11:00:00Z")).unwrap();
    let digest = Digest::of(&large());
    layout.keep(upload, &digest).unwrap();
    let kept = fs::metadata(layout.path().join("blobs/sha256").join(digest.hex())).unwrap();
    assert_eq!(kept.modified().unwrap(), time("2026-01-01T12:00:00Z"));
}
