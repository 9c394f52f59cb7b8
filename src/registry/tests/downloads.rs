//! Blobs that break off, never end, or are not what they should be.

use std::io;

use super::*;
use crate::oci::VerifyError;

fn content() -> Vec<u8> {
    (0..100_000_u32).map(|number| (number % 251) as u8).collect()
}

fn blob() -> Descriptor {
    Descriptor::of("x", &content())
}

fn read_from(remote: &Remote, from: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    remote.open(&blob(), from).map_err(io::Error::other)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A server of the blob that knows ranges, and breaks off as often as `fault` says.
fn breaking(times: usize, fault: impl Fn(Reply) -> Reply + Send + Sync + 'static) -> Fake {
    Fake::new(move |seen, number| {
        let reply = match seen.header("range") {
            Some(range) => {
                let from: usize = range.trim_start_matches("bytes=").trim_end_matches('-').parse().unwrap();
                Reply::status(206)
                    .body(&content()[from..])
                    .with("Content-Range", format!("bytes {from}-99999/100000"))
            }
            None => Reply::ok(&content()),
        };
        if number < times { fault(reply) } else { reply }
    })
}

#[test]
fn a_blob_is_one_request() {
    let fake = breaking(0, |reply| reply);
    let remote = remote(&fake);
    assert_eq!(read_from(&remote, 0).unwrap(), content());
    assert_eq!(fake.lines(), [format!("GET /v2/app/blobs/{}", blob().digest)]);
    assert_eq!(remote.cost().received, 100_000);
}

#[test]
fn a_blob_that_breaks_off_goes_on_where_it_stopped() {
    let faults: [fn(Reply) -> Reply; 2] = [|reply| reply.cut(10_000), |reply| reply.cut_chunks(10_000)];
    for fault in faults {
        let fake = breaking(3, fault);
        assert_eq!(read_from(&remote(&fake), 0).unwrap(), content());
        let ranges: Vec<_> = fake.seen().iter().map(|seen| seen.header("range").map(str::to_owned)).collect();
        let expected = [None, Some("bytes=10000-"), Some("bytes=20000-"), Some("bytes=30000-")];
        assert_eq!(ranges, expected.map(|range| range.map(str::to_owned)));
    }
    let fake = breaking(usize::MAX, |reply| reply.cut(1));
    let error = read_from(&remote(&fake), 0).unwrap_err();
    let inner: crate::repository::Error = error.downcast().unwrap();
    assert_eq!(inner.kind, ErrorKind::Unavailable);
    assert_eq!(fake.lines().len(), 5);
}

#[test]
fn broken_bodies_and_refused_tries_share_one_budget() {
    let fake = Fake::new(|_, number| match number {
        0 => Reply::ok(&content()).cut(1000),
        _ => Reply::status(503).with("Retry-After", "0"),
    });
    let error = read_from(&remote(&fake), 0).unwrap_err();
    assert!(error.to_string().contains("tried 5 times"), "{error}");
    assert_eq!(fake.lines().len(), 5);
}

#[test]
fn a_registry_without_ranges_sends_all_again() {
    let fake = Fake::new(|_, number| {
        let reply = Reply::ok(&content());
        if number == 0 { reply.cut(10_000) } else { reply }
    });
    assert_eq!(read_from(&remote(&fake), 0).unwrap(), content());
    assert_eq!(read_from(&remote(&fake), 99_990).unwrap(), content()[99_990..]);
}

#[test]
fn a_part_is_asked_for_by_range_and_must_be_whole() {
    let fake = breaking(0, |reply| reply);
    let remote = remote(&fake);
    assert_eq!(read_from(&remote, 60_000).unwrap(), content()[60_000..]);
    assert_eq!(fake.seen()[0].header("range"), Some("bytes=60000-"));
    assert_eq!(read_from(&remote, 100_000).unwrap(), b"");
    assert_eq!(fake.lines().len(), 1, "nothing is left to be asked for");

    let short =
        Fake::new(|_, _| Reply::status(206).body(b"abc").with("Content-Range", "bytes 60000-60002/100000"));
    assert_eq!(read_from(&super::remote(&short), 60_000).unwrap_err().kind(), io::ErrorKind::InvalidData);
    let other = Fake::new(|_, _| Reply::status(206).body(b"abc").with("Content-Range", "bytes 0-2/100000"));
    assert!(failure(super::remote(&other).open(&blob(), 60_000)).1.contains("another part"));
}

#[test]
fn wrong_content_is_an_error_and_not_asked_for_again() {
    let mut wrong = content();
    wrong[77] ^= 1;
    let longer = [content(), vec![0; 50_000]].concat();
    for body in [wrong, content()[..99_999].to_vec(), longer] {
        let fake = Fake::new(move |_, _| Reply::ok(&body));
        let error = read_from(&remote(&fake), 0).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(error.get_ref().unwrap().is::<VerifyError>(), "{error}");
        assert_eq!(fake.lines().len(), 1);
    }
}

#[test]
fn an_endless_body_is_left_at_its_size() {
    let fake = Fake::new(|_, _| Reply::ok(&vec![7; 64 << 20]));
    let remote = remote(&fake);
    assert_eq!(read_from(&remote, 0).unwrap_err().kind(), io::ErrorKind::InvalidData);
    assert!(remote.cost().received < 1 << 20, "{}", remote.cost().received);
}

#[test]
fn an_announced_length_that_differs_is_no_matter() {
    let fake = Fake::new(|seen, _| match seen.method.as_str() {
        "HEAD" => Reply::status(200).with("Content-Length", "17"),
        _ => Reply::ok(&content()),
    });
    let remote = remote(&fake);
    assert_eq!(remote.missing(&[blob()], &Known::Nothing).unwrap(), []);
    assert_eq!(read_from(&remote, 0).unwrap(), content());
}

#[test]
fn a_signed_address_that_ran_out_is_asked_for_anew_once() {
    let storage = Fake::new(|seen, _| match seen.target.as_str() {
        "/s0" => Reply::status(403).body("<Error>expired</Error>"),
        _ => Reply::ok(&content()),
    });
    let there = storage.url("/s");
    let fake = Fake::new(move |_, number| Reply::status(307).with("Location", format!("{there}{number}")));
    assert_eq!(read_from(&remote(&fake), 0).unwrap(), content());
    assert_eq!(storage.lines(), ["GET /s0", "GET /s1"]);
}

#[test]
fn a_blob_that_is_not_there_is_not_found() {
    let fake = Fake::new(|_, _| Reply::status(404).body(error_body("BLOB_UNKNOWN", "")));
    assert_eq!(failure(remote(&fake).open(&blob(), 0)).0, ErrorKind::NotFound);
}

#[test]
fn only_blobs_of_which_nothing_is_known_are_asked_for() {
    let all: Vec<_> = (0..20_u8).map(|number| Descriptor::of("x", &[number])).collect();
    let there = all[3].digest.to_string();
    let fake = Fake::new(move |seen, _| Reply::status(if seen.target.ends_with(&there) { 200 } else { 404 }));
    let remote = remote(&fake);
    let missing = remote.missing(&all, &Known::Nothing).unwrap();
    assert_eq!(missing.len(), 19);
    assert!(missing.is_sorted_by_key(|one| all.iter().position(|other| other == one)), "in their order");
    assert_eq!(fake.lines().len(), 20);
    assert_eq!(remote.missing(&all, &Known::Empty).unwrap().len(), 20);
    let known = Known::Manifests(vec![manifest()]);
    assert_eq!(remote.missing(&[Descriptor::of("x", b"layer")], &known).unwrap(), []);
    assert_eq!(fake.lines().len(), 20);
}
