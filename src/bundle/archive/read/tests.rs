//! Archives are read as they were written, within one budget, to the last byte, and never with a panic.

use std::convert::Infallible;
use std::io::ErrorKind;

use proptest::prelude::*;

use super::*;
use crate::bundle::archive::{self, END, Limits, append, compress, end_member};
use crate::oci::{Digest, Verifying};

/// What was shown: path, content, whether it may be run; a directory has no content.
type Shown = Vec<(String, Option<Vec<u8>>, bool)>;

fn shown(body: impl Read, budget: &mut Budget) -> Result<Shown, Error> {
    let mut all = Vec::new();
    let outcome = read::<Infallible>(body, budget, &mut |found| {
        all.push(match found {
            Found::Directory { path } => (path.to_owned(), None, false),
            Found::File { path, is_executable, size, body } => {
                let mut bytes = Vec::new();
                let whole = body.read_to_end(&mut bytes).is_ok();
                assert!(!whole || bytes.len() as u64 == size);
                (path.to_owned(), Some(bytes), is_executable)
            }
        });
        Ok(())
    });
    match outcome {
        Ok(()) => Ok(all),
        Err(Stopped::Archive(error)) => Err(error),
        Err(Stopped::Visitor(never)) => match never {},
    }
}

fn budget() -> Budget {
    Budget::new(Limits::default())
}

/// The tar of a few entries as torte writes it, without its end.
fn sample() -> Vec<u8> {
    let mut tar = Vec::new();
    let long = format!("{}/{}", "d".repeat(200), "f".repeat(90));
    append(&archive::Entry::Directory { path: "." }, &mut tar);
    append(&archive::Entry::Directory { path: "empty" }, &mut tar);
    append(&archive::Entry::File { path: "a/b.yaml", is_executable: false, bytes: &[b'x'; 1000] }, &mut tar);
    append(&archive::Entry::File { path: "run.sh", is_executable: true, bytes: b"" }, &mut tar);
    append(&archive::Entry::File { path: &long, is_executable: false, bytes: "ä".as_bytes() }, &mut tar);
    tar
}

fn expected() -> Shown {
    let long = format!("{}/{}", "d".repeat(200), "f".repeat(90));
    vec![
        ("empty".into(), None, false),
        ("a/b.yaml".into(), Some(vec![b'x'; 1000]), false),
        ("run.sh".into(), Some(Vec::new()), true),
        (long, Some("ä".into()), false),
    ]
}

#[test]
fn what_was_written_is_read_again_in_every_wrapping() {
    let tar = sample();
    let whole = [tar.as_slice(), &END].concat();
    let cut = tar.len() / 1024 * 512;
    for blob in [
        whole.clone(),
        tar.clone(),
        [tar.as_slice(), &[0; 512]].concat(),
        [whole.as_slice(), &[0; 8192]].concat(),
        compress(&whole),
        [compress(&tar), end_member().to_vec()].concat(),
        [compress(&tar[..cut]), compress(&tar[cut..]), end_member().to_vec(), end_member().to_vec()].concat(),
        [compress(&whole), vec![0; 5000]].concat(),
    ] {
        assert_eq!(shown(blob.as_slice(), &mut budget()).unwrap(), expected());
    }
}

/// Gives one byte at a time, and is interrupted before each.
struct Slow<'a>(&'a [u8], bool);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1 = !self.1;
        if self.1 {
            return Err(ErrorKind::Interrupted.into());
        }
        let count = self.0.len().min(buffer.len()).min(1);
        self.0.read(&mut buffer[..count])
    }
}

#[test]
fn a_slow_and_interrupted_body_changes_nothing() {
    let blob = [compress(&sample()), end_member().to_vec()].concat();
    assert_eq!(shown(Slow(&blob, false), &mut budget()).unwrap(), expected());
    let plain = sample();
    assert_eq!(shown(Slow(&plain, false), &mut budget()).unwrap(), expected());
}

#[test]
fn the_body_is_read_to_its_end_so_that_it_is_verified() {
    for blob in [[compress(&sample()), end_member().to_vec()].concat(), [sample(), END.to_vec()].concat()] {
        let other = Digest::of(b"other");
        let body = Verifying::new(blob.as_slice(), other, blob.len() as u64);
        let error = shown(body, &mut budget()).unwrap_err();
        assert!(matches!(&error, Error::Body(source) if source.kind() == ErrorKind::InvalidData), "{error}");
    }
    let body = Verifying::new(&b"plain"[..], Digest::of(b"other"), 5);
    let outcome = read_file::<Infallible>("a", 5, body, &mut budget(), &mut |_| Ok(()));
    assert!(matches!(outcome, Err(Stopped::Archive(Error::Body(_)))));
}

#[test]
fn a_visitor_that_stops_is_heard_and_one_that_does_not_read_misses_nothing() {
    let blob = [compress(&sample()), end_member().to_vec()].concat();
    let mut seen = 0;
    let stopped = read(blob.as_slice(), &mut budget(), &mut |_| {
        seen += 1;
        if seen == 2 { Err("enough") } else { Ok(()) }
    });
    assert!(matches!(stopped, Err(Stopped::Visitor("enough"))));
    let mut paths = 0;
    read::<Infallible>(blob.as_slice(), &mut budget(), &mut |_| {
        paths += 1;
        Ok(())
    })
    .unwrap();
    assert_eq!(paths, expected().len());
}

#[test]
fn all_layers_of_a_bundle_share_one_budget() {
    let blob = [compress(&sample()), end_member().to_vec()].concat();
    let size = (sample().len() + END.len()) as u64;
    let mut twice = Budget::overlaying(Limits { bytes: 2 * size, ..Limits::default() });
    assert_eq!(shown(blob.as_slice(), &mut twice).unwrap(), expected());
    // The second layer's files are covered by the first one's, which lie above.
    assert_eq!(shown(blob.as_slice(), &mut twice).unwrap(), [("empty".into(), None, false)]);
    assert!(matches!(shown(blob.as_slice(), &mut twice), Err(Error::Limit(_))));
    let mut short = Budget::overlaying(Limits { bytes: 2 * size - 1, ..Limits::default() });
    shown(blob.as_slice(), &mut short).unwrap();
    assert!(matches!(shown(blob.as_slice(), &mut short), Err(Error::Limit(_))));
    let mut other = budget();
    shown(blob.as_slice(), &mut other).unwrap();
    assert!(shown(blob.as_slice(), &mut other).unwrap_err().to_string().contains("twice"));
    let mut file = Budget::new(Limits { bytes: 9, ..Limits::default() });
    let mut bring = |path, body: &'static [u8]| {
        read_file::<Infallible>(path, body.len() as u64, body, &mut file, &mut |_| Ok(()))
    };
    bring("a", b"12345").unwrap();
    bring("b", b"1234").unwrap();
    assert!(matches!(bring("c", b"1"), Err(Stopped::Archive(Error::Limit(_)))));
}

#[test]
fn a_file_that_is_a_blob_is_checked_like_an_entry() {
    let bring = |path: &str, size| {
        let mut seen = None;
        let outcome = read_file::<Infallible>(path, size, &b"text"[..], &mut budget(), &mut |found| {
            if let Found::File { path, body, .. } = found {
                let mut text = String::new();
                let _ = body.read_to_string(&mut text);
                seen = Some((path.to_owned(), text));
            }
            Ok(())
        });
        outcome.map(|()| seen.unwrap()).map_err(|stopped| match stopped {
            Stopped::Archive(error) => error.to_string(),
            Stopped::Visitor(never) => match never {},
        })
    };
    assert_eq!(bring("./a//b", 4).unwrap(), ("a/b".to_owned(), "text".to_owned()));
    assert!(bring("../a", 4).unwrap_err().contains("`..`"));
    assert!(bring(".", 4).unwrap_err().contains("without a name"));
    assert!(bring("a", 5).unwrap_err().contains("middle"));
    assert!(bring("a", 3).unwrap_err().contains("longer"));
}

#[test]
fn what_is_compressed_too_well_is_refused_while_it_is_read() {
    let mut tar = Vec::new();
    append(&archive::Entry::File { path: "zeros", is_executable: false, bytes: &vec![0; 8 << 20] }, &mut tar);
    let blob = [compress(&tar), end_member().to_vec()].concat();
    let error = shown(blob.as_slice(), &mut budget()).unwrap_err();
    assert!(error.to_string().contains("200 times"), "{error}");
    let mut generous = Budget::new(Limits { ratio: 2000, ..Limits::default() });
    assert_eq!(shown(blob.as_slice(), &mut generous).unwrap().len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Whatever bytes are changed: no panic, and no path that leaves the directory.
    #[test]
    fn broken_archives_are_read_or_refused(
        changes in prop::collection::vec((0_usize..8192, any::<u8>()), 0..6),
        length in 0_usize..8192,
        is_sealed in any::<bool>(),
    ) {
        let mut tar = [sample(), END.to_vec()].concat();
        for (at, byte) in changes {
            let at = at % tar.len();
            tar[at] = byte;
            if is_sealed {
                // With a checksum that fits, more than the checksum is tried.
                let block = &mut tar[at / BLOCK * BLOCK..][..BLOCK];
                block[148..156].fill(b' ');
                let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
                block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
            }
        }
        tar.truncate(length.max(1));
        for blob in [compress(&tar), tar] {
            if let Ok(all) = shown(blob.as_slice(), &mut budget()) {
                for (path, ..) in all {
                    prop_assert!(!path.starts_with('/') && !path.split('/').any(|part| ["", ".", ".."].contains(&part)));
                }
            }
        }
    }

    #[test]
    fn noise_is_refused(noise in prop::collection::vec(any::<u8>(), 0..2048)) {
        let _ = shown(noise.as_slice(), &mut budget());
        let _ = shown([b"\x1f\x8b\x08\0", noise.as_slice()].concat().as_slice(), &mut budget());
        let _ = shown(compress(&noise).as_slice(), &mut budget());
    }
}
