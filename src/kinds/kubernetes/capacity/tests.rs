//! What is packed is unpacked, however slowly it comes; and what is refused could not be.

use std::convert::Infallible;
use std::io::{self, Read};

use super::*;
use crate::bundle::Content;
use crate::kinds::kubernetes::layers::{Packed, Part, hybrid};

#[test]
fn paths_and_bytes_are_taken_up_to_the_limits_of_the_reader() {
    let rules = |archives: usize, entries: &[(&str, usize)]| {
        let faults = check(archives, entries.iter().copied()).err().unwrap_or_default();
        faults.iter().map(|fault| fault.rule).collect::<Vec<_>>()
    };
    let long = "d/".repeat(2047) + "f";
    assert_eq!(long.len() + 1, 4096);
    assert_eq!(rules(1, &vec![(long.as_str(), 0); 8192]), [""; 0]);
    assert_eq!(rules(1, &vec![(long.as_str(), 0); 8193]), ["paths-too-long"]);
    // A header of a block, and of each archive two blocks at the end.
    let most = (1 << 30) - 512 - 1024;
    assert_eq!(rules(1, &[("f", most)]), [""; 0]);
    assert_eq!(rules(1, &[("f", most + 1)]), ["tree-too-large"]);
    assert_eq!(rules(2, &[("f", most)]), ["tree-too-large"]);
}

/// Gives one byte at a time, so that nothing is downloaded before it is needed.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len().min(1);
        self.0.read(&mut buffer[..count])
    }
}

/// Whether these layers are unpacked together.
fn is_read(content: &Content, layers: &[usize]) -> bool {
    let mut budget = Budget::new(LIMITS);
    layers.iter().all(|at| {
        let body = Slow(&content.layers[*at].body);
        archive::read::<Infallible>(body, &mut budget, &mut |_| Ok(())).is_ok()
    })
}

/// A part with one file of so many zeros, and others before and behind it of so much noise.
fn part(name: &'static str, before: usize, zeros: usize, behind: usize) -> Part<'static> {
    let mut state = name.len() as u64;
    let mut noise = |size: usize| {
        // A linear congruential generator with Knuth's constants.
        let next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        };
        std::iter::repeat_with(next).take(size).collect::<Vec<u8>>()
    };
    let contents = [noise(before), vec![0; zeros], noise(behind)];
    let file = |(at, bytes): (usize, Vec<u8>)| Packed::File {
        path: ["before", "zeros", "behind"].map(|file| format!("{name}-{file}").leak() as &str)[at],
        is_executable: false,
        bytes,
        reason: "none",
    };
    let entries = contents.into_iter().enumerate().map(file).collect();
    Part { name: name.to_owned(), requires: Vec::new(), entries }
}

#[test]
fn what_is_packed_is_unpacked_in_all_its_parts() {
    const KIB: usize = 1024;
    let packed = hybrid(
        vec![
            part("a", 20 * KIB, 4096 * KIB, 0),
            part("b", 0, 600 * KIB, 10 * KIB),
            part("c", 0, 0, 600 * KIB),
            part("dd", 0, 300 * KIB, 0),
        ],
        2,
    )
    .unwrap();
    for layers in [&[0][..], &[1], &[2], &[3], &[4], &[1, 2, 3, 4], &[2, 4], &[1, 4]] {
        assert!(is_read(&packed, layers), "{layers:?}");
    }
}

#[test]
fn what_would_not_be_unpacked_is_not_packed() {
    const KIB: usize = 1024;
    for (parts, culprit) in [
        (vec![part("a", 0, 2048 * KIB, 0)], "a-zeros"),
        // What comes behind it comes too late, also within one member.
        (vec![part("a", 0, 2048 * KIB, 400 * KIB)], "a-zeros"),
        (vec![part("b", 0, 0, 400 * KIB), part("a", 0, 2048 * KIB, 0)], "a-zeros"),
        // Each of them alone would do.
        (vec![part("a", 0, 900 * KIB, 0), part("bb", 0, 900 * KIB, 0)], "bb-zeros"),
    ] {
        let Err(faults) = hybrid(parts, 2) else { panic!("{culprit} was packed") };
        let told: Vec<_> = faults.iter().map(|fault| (fault.path.as_str(), fault.rule)).collect();
        assert_eq!(told, [(culprit, "compresses-too-well")]);
    }
}

#[test]
fn the_reader_refuses_what_is_refused_here() {
    // The same archive, made without asking.
    let (mut tar, zeros) = (Vec::new(), vec![0; 2 << 20]);
    archive::append(&archive::Entry::File { path: "zeros", is_executable: false, bytes: &zeros }, &mut tar);
    let member = archive::compress(&tar);
    let mut ratio = Ratio::default();
    ratio.take(0, &member);
    assert!(ratio.end().is_err());
    let outcome = archive::read::<Infallible>(&member[..], &mut Budget::new(LIMITS), &mut |_| Ok(()));
    assert!(outcome.is_err());
}
