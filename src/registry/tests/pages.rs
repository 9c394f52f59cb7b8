//! Lists over many pages, and registries that lead astray in them; referrers with and without a registry's list.

use super::*;
use crate::repository::attach::{Attachment, attach};

fn texts(tags: &[Tag]) -> Vec<&str> {
    tags.iter().map(Tag::as_str).collect()
}

#[test]
fn all_pages_are_read_sorted_and_each_tag_once() {
    let spellings = [
        r#"</v2/app/tags/list?last=b&n=2>; rel="next""#,
        "<list?last=b&n=2>; rel=next",
        r#"<?last=b&n=2>; rel="next""#,
    ];
    for link in spellings {
        let fake = Fake::new(move |_, number| match number {
            0 => Reply::ok(br#"{"name":"app","tags":["z","b","not a tag","\u001b[31m"]}"#).with("Link", link),
            _ => Reply::ok(br#"{"tags":["a","b"]}"#),
        });
        assert_eq!(texts(&remote(&fake).tags().unwrap()), ["a", "b", "z"]);
        let lines = fake.lines();
        assert_eq!(lines, ["GET /v2/app/tags/list?n=1000", "GET /v2/app/tags/list?last=b&n=2"]);
    }
    let absolute = Fake::new(|seen, number| match number {
        0 => {
            let link =
                format!("<http://{}/v2/app/tags/list?last=a>; rel=\"next\"", seen.header("host").unwrap());
            Reply::ok(br#"{"tags":["a"]}"#).with("Link", link)
        }
        _ => Reply::ok(br#"{"tags":null}"#),
    });
    assert_eq!(texts(&remote(&absolute).tags().unwrap()), ["a"]);
}

#[test]
fn the_first_page_alone_is_one_request() {
    let fake = Fake::new(|_, _| Reply::ok(br#"{"tags":["b","a"]}"#).with("Link", "<?last=b>; rel=next"));
    assert_eq!(texts(&remote(&fake).some_tags(100).unwrap()), ["a", "b"]);
    assert_eq!(fake.lines().len(), 1);
}

#[test]
fn pages_that_lead_in_a_circle_or_never_end_are_left() {
    let fake = Fake::new(|_, _| {
        Reply::ok(br#"{"tags":["a"]}"#).with("Link", "</v2/app/tags/list?n=1000>; rel=next")
    });
    let (kind, what) = failure(remote(&fake).tags());
    assert!(kind == ErrorKind::Refused && what.contains("in a circle"), "{what}");
    assert_eq!(fake.lines().len(), 1);

    let fake = Fake::new(|_, number| Reply::ok(b"{}").with("Link", format!("<?last={number}>; rel=next")));
    let (kind, what) = failure(remote(&fake).tags());
    assert!(kind == ErrorKind::Refused && what.contains("more than 1000 pages"), "{what}");
    assert_eq!(fake.lines().len(), 1000);
}

#[test]
fn what_is_not_a_list_is_refused() {
    for (body, expected) in [
        (&b"<html>login</html>"[..], "HTML"),
        (b"[]", "expected a list of tags"),
        (br#"{"tags":[1]}"#, "expected a list of tags"),
    ] {
        let fake = Fake::new(move |_, _| Reply::ok(body));
        let (kind, what) = failure(remote(&fake).tags());
        assert!(kind == ErrorKind::Refused && what.contains(expected), "{what}");
    }
    let fake = Fake::new(|_, _| {
        Reply::status(404).body("<html>no such page</html>").with("Content-Type", "text/html")
    });
    assert_eq!(failure(remote(&fake).tags()).0, ErrorKind::NotFound);
}

#[test]
fn half_a_list_is_no_list() {
    let fake = Fake::new(|_, number| match number {
        0 => Reply::ok(br#"{"tags":["a"]}"#).with("Link", "<?last=a>; rel=next"),
        _ => Reply::status(404),
    });
    assert_eq!(failure(remote(&fake).tags()).0, ErrorKind::NotFound);
}

fn signature(number: u8) -> Descriptor {
    let mut descriptor = Descriptor::of(media_type::MANIFEST, &[number]);
    descriptor.artifact_type = Some(if number == 0 { "sbom" } else { "signature" }.to_owned());
    descriptor
}

fn index(all: &[Descriptor]) -> Reply {
    index_as(all, media_type::INDEX)
}

fn index_as(all: &[Descriptor], header: &str) -> Reply {
    let json = serde_json::json!({"schemaVersion": 2, "mediaType": media_type::INDEX, "manifests": all});
    Reply::ok(json.to_string().as_bytes()).with("Content-Type", header)
}

#[test]
fn referrers_come_in_pages_and_are_filtered_here_too() {
    let of = Digest::of(b"subject");
    let fake = Fake::new(|_, number| match number {
        0 => index(&[signature(0), signature(1)]).with("Link", "<?page=2>; rel=next"),
        _ => index(&[signature(2)]),
    });
    let found = remote(&fake).referrers(&of, Some("signature")).unwrap();
    assert_eq!(found, [signature(1), signature(2)]);
    assert_eq!(fake.lines()[0], format!("GET /v2/app/referrers/{of}?artifactType=signature"));
}

#[test]
fn a_registry_without_a_list_of_referrers_keeps_them_under_a_tag() {
    let of = Digest::of(b"subject");
    let fallback = format!("/v2/app/manifests/sha256-{}", of.hex());
    let path = fallback.clone();
    let fake = Fake::new(move |seen, _| {
        if seen.is("GET", &path) { index(&[signature(0), signature(1)]) } else { Reply::status(404) }
    });
    assert_eq!(remote(&fake).referrers(&of, None).unwrap().len(), 2);
    assert_eq!(remote(&fake).referrers(&of, Some("sbom")).unwrap(), [signature(0)]);
    assert_eq!(fake.lines()[1], format!("GET {fallback}"));

    let fake = Fake::new(|_, _| Reply::status(404));
    assert_eq!(remote(&fake).referrers(&of, None).unwrap(), []);
}

/// A registry that answers so when it is asked for a list, and so for a manifest.
fn answering(list: Reply, manifest: Reply) -> Fake {
    Fake::new(move |seen, _| if seen.target.contains("manifests") { manifest.clone() } else { list.clone() })
}

// As go-containerregistry, and so cosign, takes it (`fetchReferrers`, 0.21.7).
#[test]
fn what_is_no_list_leads_to_the_tag() {
    let of = Digest::of(b"subject");
    for list in [
        Reply::status(400),
        Reply::status(404),
        Reply::status(406),
        Reply::ok(b"<html></html>").with("Content-Type", "text/html"),
        Reply::ok(b"{}").with("Content-Type", "application/json"),
        Reply::ok(b"{}"),
    ] {
        let fake = answering(list.clone(), index(&[signature(1)]));
        assert_eq!(remote(&fake).referrers(&of, None).unwrap(), [signature(1)]);
        let fake = answering(list.clone(), Reply::status(404));
        assert_eq!(remote(&fake).referrers(&of, None).unwrap(), []);
        let fake = answering(list, Reply::status(500));
        assert_eq!(failure(remote(&fake).referrers(&of, None)).0, ErrorKind::Unavailable);
    }
    let list = index_as(&[signature(0)], &format!("{}; charset=utf-8", media_type::INDEX));
    let fake = answering(list, index(&[signature(1)]));
    assert_eq!(remote(&fake).referrers(&of, None).unwrap(), [signature(0)], "parameters change nothing");
}

#[test]
fn under_the_tag_is_an_oci_index_or_an_error() {
    let of = Digest::of(b"subject");
    let list = serde_json::json!({
        "schemaVersion": 2, "mediaType": media_type::DOCKER_LIST, "manifests": [signature(1)],
    });
    let list = Reply::ok(list.to_string().as_bytes()).with("Content-Type", media_type::DOCKER_LIST);
    for other in [manifest_reply(), list] {
        let fake = answering(Reply::status(404), other);
        assert!(failure(remote(&fake).referrers(&of, None)).1.contains("holds something else"));
    }
}

#[test]
fn trouble_with_referrers_is_never_read_as_none() {
    let of = Digest::of(b"subject");
    let replies = [
        (Reply::status(401), ErrorKind::Unauthorized),
        (Reply::status(403), ErrorKind::Unauthorized),
        (Reply::status(405), ErrorKind::Refused),
        (Reply::status(500), ErrorKind::Unavailable),
        (Reply::status(502), ErrorKind::Unavailable),
        (Reply::ok(b"<html></html>").with("Content-Type", media_type::INDEX), ErrorKind::Refused),
        (Reply::ok(b"{}").with("Content-Type", media_type::INDEX), ErrorKind::Refused),
    ];
    for (reply, expected) in replies {
        let fake = answering(reply, Reply::status(404));
        assert_eq!(failure(remote(&fake).referrers(&of, None)).0, expected);
    }
    // Behind a page that stands before all that is the registry's, nothing is known.
    let page = Reply::ok(b"<html></html>").with("Content-Type", "text/html");
    let fake = answering(page.clone(), page);
    assert_eq!(failure(remote(&fake).referrers(&of, None)).0, ErrorKind::Refused);
}

/// A manifest about another one.
fn referrer(number: u8) -> Manifest {
    let json = serde_json::json!({
        "schemaVersion": 2, "mediaType": media_type::INDEX, "manifests": [], "subject": signature(number),
    });
    Manifest::parse(json.to_string().into_bytes(), None).unwrap()
}

#[test]
fn a_registry_that_does_not_say_whether_it_lists_referrers_is_asked_once() {
    for (reply, is_listed) in [(index(&[]), true), (Reply::status(404), false), (Reply::status(400), false)] {
        let fake =
            Fake::new(move |seen, _| if seen.method == "PUT" { Reply::status(201) } else { reply.clone() });
        let remote = remote(&fake);
        for number in 0..3 {
            let published = remote.publish(&referrer(number), &[], &Expect::Any).unwrap();
            assert_eq!(published.subject_listed, is_listed);
        }
        let lines = fake.lines();
        assert_eq!(lines.iter().filter(|line| line.starts_with("PUT")).count(), 3);
        assert_eq!(lines[1], format!("GET /v2/app/referrers/{}", signature(0).digest));
        assert_eq!(lines.len(), 4, "{lines:?}");
    }
}

#[test]
fn where_it_cannot_be_known_whether_there_is_a_list_none_is_kept_beside_it() {
    for status in [401, 403, 405, 406, 500] {
        let fake = Fake::new(
            move |seen, _| {
                if seen.method == "PUT" { Reply::status(201) } else { Reply::status(status) }
            },
        );
        let attachment = Attachment { manifest: referrer(0), blobs: Vec::new() };
        failure(attach(&remote(&fake), &signature(0), &attachment));
        let puts = fake.lines().into_iter().filter(|line| line.starts_with("PUT"));
        assert!(puts.eq([format!("PUT /v2/app/manifests/{}", referrer(0).digest())]), "{status}");
    }
}

#[test]
fn a_list_that_cannot_be_read_whole_is_not_read_as_less() {
    let of = Digest::of(b"subject");
    let page = |entries: &str| format!(r#"{{"schemaVersion":2,"manifests":[{entries}]}}"#).into_bytes();
    let good = serde_json::to_string(&signature(0)).unwrap();
    let zeros = vec!["0"; (8 << 20) / 2 - 64].join(",");
    for body in [page(&zeros), page(&format!("{good},0")), page(&format!("{good},{good}")).repeat(2)] {
        let fake = Fake::new(move |seen, _| match seen.method.as_str() {
            "PUT" => Reply::status(201),
            _ => Reply::ok(&body).with("Content-Type", media_type::INDEX),
        });
        let (kind, what) = failure(remote(&fake).referrers(&of, None));
        assert!(kind == ErrorKind::Refused && what.contains("expected an image index"), "{what}");
        assert_eq!(failure(remote(&fake).publish(&referrer(0), &[], &Expect::Any)).0, ErrorKind::Refused);
    }
}

#[test]
fn a_registry_whose_list_was_read_is_not_asked_whether_it_has_one() {
    let fake = Fake::new(|seen, _| if seen.method == "PUT" { Reply::status(201) } else { index(&[]) });
    let remote = remote(&fake);
    remote.referrers(&signature(0).digest, None).unwrap();
    assert!(remote.publish(&referrer(0), &[], &Expect::Any).unwrap().subject_listed);
    assert_eq!(fake.lines().len(), 2, "{:?}", fake.lines());
}
