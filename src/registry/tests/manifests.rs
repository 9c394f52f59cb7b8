//! Manifests that come wrong, too long, or as something else; and the last write with what is expected of tags.

use super::*;

const PATH: &str = "/v2/app/manifests/v1";

fn other_digest() -> String {
    Digest::of(b"other").to_string()
}

#[test]
fn what_is_absent_is_none_and_a_login_page_is_not_absence() {
    let fake = Fake::new(|_, _| Reply::status(404).body(error_body("NAME_UNKNOWN", "")));
    let remote = remote(&fake);
    assert_eq!(remote.manifest(&at("v1")).unwrap(), None);
    assert_eq!(remote.resolve(&at("v1")).unwrap(), None);
    assert_eq!(remote.tags().unwrap(), []);
    assert!(!remote.remove(&at("v1")).unwrap().existed);
}

#[test]
fn a_tag_is_resolved_by_its_head() {
    let fake =
        Fake::new(|_, _| manifest_reply().with("Docker-Content-Digest", manifest().digest().to_string()));
    let found = remote(&fake).resolve(&at("v1")).unwrap().unwrap();
    assert_eq!((found.digest, found.size), (manifest().digest().clone(), manifest().bytes().len() as u64));
    assert_eq!(fake.lines(), [format!("HEAD {PATH}")]);
    assert_eq!(fake.seen()[0].header("accept-encoding"), Some("identity"));
    assert!(fake.seen()[0].header("accept").unwrap().contains(media_type::INDEX));
}

#[test]
fn a_head_that_says_too_little_is_followed_by_a_get() {
    let too_little: [fn() -> Reply; 5] = [
        manifest_reply,
        || manifest_reply().with("Docker-Content-Digest", ""),
        || manifest_reply().with("Docker-Content-Digest", "md5:0a"),
        || {
            let digest = manifest().digest().to_string();
            manifest_reply().with("Docker-Content-Digest", digest).with("Content-Length", "0")
        },
        || Reply::status(405),
    ];
    for head in too_little {
        let fake = Fake::new(move |seen, _| if seen.method == "HEAD" { head() } else { manifest_reply() });
        let found = remote(&fake).resolve(&at("v1")).unwrap().unwrap();
        assert_eq!(found.digest, *manifest().digest());
        assert_eq!(fake.lines(), [format!("HEAD {PATH}"), format!("GET {PATH}")]);
    }
}

#[test]
fn a_manifest_with_another_digest_than_said_is_corrupt() {
    let fake = Fake::new(|_, _| manifest_reply().with("Docker-Content-Digest", other_digest()));
    let (kind, what) = failure(remote(&fake).manifest(&at("v1")));
    assert_eq!(kind, ErrorKind::Corrupt);
    assert!(what.contains(&other_digest()), "{what}");
    assert_eq!(fake.lines().len(), 1, "a wrong digest is not tried again");

    let fake = Fake::new(|_, _| manifest_reply());
    let asked = Selector::Digest(Digest::of(b"other"));
    assert_eq!(failure(remote(&fake).manifest(&asked)).0, ErrorKind::Corrupt);

    let digest = manifest().digest().to_string();
    let fake = Fake::new(move |_, _| manifest_reply().with("Docker-Content-Digest", digest.clone()));
    assert_eq!(failure(remote(&fake).resolve(&asked)).0, ErrorKind::Corrupt);
}

#[test]
fn a_manifest_can_be_asked_for_by_sha512() {
    let digest: Digest = {
        use sha2::Digest as _;
        format!("sha512:{}", hex::encode(sha2::Sha512::digest(manifest().bytes()))).parse().unwrap()
    };
    let fake =
        Fake::new(|_, _| manifest_reply().with("Docker-Content-Digest", manifest().digest().to_string()));
    let found = remote(&fake).manifest(&Selector::Digest(digest.clone())).unwrap().unwrap();
    assert_eq!(*found.digest(), digest);
}

#[test]
fn what_is_not_a_manifest_is_refused() {
    let page = |body: &'static [u8], kind: &'static str| Reply::ok(body).with("Content-Type", kind);
    let index = manifest_reply;
    for (reply, expected) in [
        (page(b"<html>login</html>", "text/html"), "an HTML page"),
        (page(b"<!DOCTYPE html><p>", "application/json"), "an HTML page"),
        (page(b"{", media_type::MANIFEST), "not a manifest"),
        (page(b"{}", "image/png"), "`image/png`"),
        (
            page(br#"{"mediaType":"application/vnd.oci.image.index.v1+json"}"#, media_type::MANIFEST),
            "came as",
        ),
        (index().with("Content-Encoding", "gzip"), "compressed"),
        (Reply::ok(&vec![b' '; 5 << 20]), "longer than 4194304 bytes"),
    ] {
        let fake = Fake::new(move |_, _| reply.clone());
        let (kind, what) = failure(remote(&fake).manifest(&at("v1")));
        assert_eq!(kind, ErrorKind::Refused, "{what}");
        assert!(what.contains(expected), "{what}");
        assert_eq!(fake.lines().len(), 1);
    }
}

#[test]
fn vague_media_types_leave_it_to_the_manifest() {
    for kind in ["application/json", "text/plain; charset=utf-8", "application/octet-stream"] {
        let fake = Fake::new(move |_, _| Reply::ok(manifest().bytes()).with("Content-Type", kind));
        assert_eq!(remote(&fake).manifest(&at("v1")).unwrap().unwrap(), manifest());
    }
}

#[test]
fn hostile_error_bodies_stay_short_and_harmless() {
    let body = [b"\x1b[31m\xff\x00".as_slice(), &vec![b'x'; 200_000]].concat();
    let fake = Fake::new(move |_, _| Reply::status(400).body(&body));
    let (kind, what) = failure(remote(&fake).manifest(&at("v1")));
    assert_eq!(kind, ErrorKind::Refused);
    assert!(what.len() < 1300 && !what.contains('\x1b') && what.contains("400"), "{}", what.len());
}

#[test]
fn a_publication_is_one_request_for_each_tag() {
    for status in [200, 201, 202] {
        let fake = Fake::new(move |_, _| Reply::status(status).with("OCI-Subject", other_digest()));
        let remote = remote(&fake);
        let published = remote.publish(&manifest(), &[tag("v1"), tag("v2")], &Expect::Any).unwrap();
        assert!(published.subject_listed);
        assert_eq!(fake.lines(), ["PUT /v2/app/manifests/v1", "PUT /v2/app/manifests/v2"]);
        let seen = &fake.seen()[0];
        assert_eq!(seen.body, manifest().bytes());
        assert_eq!(seen.header("content-type"), Some(media_type::MANIFEST));
        assert_eq!((seen.header("if-match"), seen.header("if-none-match")), (None, None));
        assert_eq!(remote.cost().sent, 2 * manifest().bytes().len() as u64);
    }
    let fake = Fake::new(|_, _| Reply::status(201));
    assert!(!remote(&fake).publish(&manifest(), &[], &Expect::Any).unwrap().subject_listed);
    assert_eq!(fake.lines(), [format!("PUT /v2/app/manifests/{}", manifest().digest())]);
}

#[test]
fn a_registry_that_stores_something_else_is_told_so() {
    let fake = Fake::new(|_, _| Reply::status(201).with("Docker-Content-Digest", other_digest()));
    let (kind, _) = failure(remote(&fake).publish(&manifest(), &[tag("v1")], &Expect::Any));
    assert_eq!(kind, ErrorKind::Corrupt);
}

/// A registry whose tag points at `now`, and which answers a PUT with `status`.
fn tagged(now: &Digest, status: u16) -> Fake {
    let now = now.to_string();
    Fake::new(move |seen, _| match seen.method.as_str() {
        "HEAD" => manifest_reply().with("Docker-Content-Digest", now.clone()),
        _ => Reply::status(status).body(error_body("TAG_INVALID", "the tag is immutable")),
    })
}

#[test]
fn expectations_are_asked_for_and_sent_along() {
    let old = Digest::of(b"old");
    let fake = tagged(&old, 201);
    let published = remote(&fake).publish(&manifest(), &[tag("v1")], &Expect::Is(old.clone())).unwrap();
    assert_eq!(published.moved, [(tag("v1"), old.clone())]);
    assert_eq!(fake.lines(), [format!("HEAD {PATH}"), format!("PUT {PATH}")]);
    assert_eq!(fake.seen()[1].header("if-match"), Some(format!("\"{old}\"").as_str()));

    let fake = Fake::new(|seen, _| Reply::status(if seen.method == "HEAD" { 404 } else { 201 }));
    remote(&fake).publish(&manifest(), &[tag("v1")], &Expect::Absent).unwrap();
    assert_eq!(fake.seen()[1].header("if-none-match"), Some("*"));
    let fake = Fake::new(|_, _| Reply::status(404));
    let (kind, what) = failure(remote(&fake).publish(&manifest(), &[tag("v1")], &Expect::Is(old.clone())));
    assert!(kind == ErrorKind::Conflict && what.contains("does not exist"), "{what}");
}

#[test]
fn nothing_is_written_where_one_tag_is_not_as_expected() {
    let old = Digest::of(b"old").to_string();
    let fake = Fake::new(move |seen, _| match seen.line().as_str() {
        "HEAD /v2/app/manifests/v2" => manifest_reply().with("Docker-Content-Digest", old.clone()),
        _ => Reply::status(404),
    });
    let (kind, what) = failure(remote(&fake).publish(&manifest(), &[tag("v1"), tag("v2")], &Expect::Absent));
    assert_eq!(kind, ErrorKind::Conflict);
    assert!(what.contains("tag `v2` exists"), "{what}");
    assert_eq!(fake.lines().len(), 2, "no PUT: {:?}", fake.lines());
}

#[test]
fn where_one_tag_is_lost_in_the_last_moment_the_error_says_which_are_set() {
    let other = Digest::of(b"other").to_string();
    let fake = Fake::new(move |seen, count| match seen.line().as_str() {
        "PUT /v2/app/manifests/v1" => Reply::status(201),
        "PUT /v2/app/manifests/v2" => Reply::status(412),
        // The last look, after the refusal.
        "HEAD /v2/app/manifests/v2" if count > 1 => {
            manifest_reply().with("Docker-Content-Digest", other.clone())
        }
        _ => Reply::status(404),
    });
    let (kind, what) = failure(remote(&fake).publish(&manifest(), &[tag("v1"), tag("v2")], &Expect::Absent));
    assert_eq!(kind, ErrorKind::Conflict);
    assert!(what.ends_with("; already set: `v1`"), "{what}");
}

#[test]
fn an_immutable_tag_is_success_where_it_is_ours_and_a_conflict_else() {
    for status in [409, 412] {
        let fake = tagged(manifest().digest(), status);
        remote(&fake).publish(&manifest(), &[tag("v1")], &Expect::Any).unwrap();
        assert_eq!(fake.lines(), [format!("PUT {PATH}"), format!("HEAD {PATH}")]);

        let other = Digest::of(b"other");
        let fake = tagged(&other, status);
        let (kind, what) = failure(remote(&fake).publish(&manifest(), &[tag("v1")], &Expect::Any));
        assert_eq!(kind, ErrorKind::Conflict);
        assert!(what.contains("immutable") && what.contains(&other.to_string()), "{what}");
    }
}

#[test]
fn what_may_be_a_missing_blob_is_told_from_a_refusal() {
    for (status, code, expected) in [
        (400, "MANIFEST_BLOB_UNKNOWN", ErrorKind::NotFound),
        (404, "MANIFEST_BLOB_UNKNOWN", ErrorKind::NotFound),
        (404, "MANIFEST_UNKNOWN", ErrorKind::NotFound),
        (400, "MANIFEST_INVALID", ErrorKind::NotFound),
        (400, "TAG_INVALID", ErrorKind::Refused),
        (413, "SIZE_INVALID", ErrorKind::Refused),
    ] {
        let fake = Fake::new(move |_, _| Reply::status(status).body(error_body(code, "no")));
        let (kind, what) = failure(remote(&fake).publish(&manifest(), &[tag("v1")], &Expect::Any));
        assert_eq!(kind, expected, "{what}");
        assert!(what.contains(code), "{what}");
    }
}

#[test]
fn a_registry_that_removes_nothing_says_so() {
    let fake = Fake::new(|_, _| Reply::status(405).body(error_body("UNSUPPORTED", "")));
    let (kind, what) = failure(remote(&fake).remove(&at("v1")));
    assert!(kind == ErrorKind::Refused && what.contains("does not let it be removed (405"), "{what}");
    let fake = Fake::new(|_, _| Reply::status(202));
    assert_eq!(remote(&fake).remove(&at("v1")).unwrap(), Removed { tags: vec![tag("v1")], existed: true });
}
