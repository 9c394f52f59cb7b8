//! The reference grammar, row by row, and its law.

use proptest::prelude::*;

use super::*;

const DIGEST: &str = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

fn shown(text: &str) -> String {
    let reference: Reference = text.parse().unwrap();
    let side = match &reference.place {
        Place::Local(_) => "local",
        Place::Remote { .. } => "remote",
        Place::Layout(_) => "layout",
    };
    format!("{side} {reference}")
}

#[test]
fn the_first_of_several_components_decides_the_side() {
    for (text, expected) in [
        ("app", "local app"),
        ("app:v1", "local app:v1"),
        ("org/app:v1", "local org/app:v1"),
        ("local/app:v1", "local local/app:v1"),
        ("localhost:5000", "local localhost:5000"),
        ("localhost/app", "remote localhost/app"),
        ("LOCALHOST/app", "remote localhost/app"),
        ("https://GHCR.io:443/app:V1", "remote https://ghcr.io:443/app:V1"),
        ("localhost:5000/app:v1", "remote localhost:5000/app:v1"),
        ("ghcr.io/org/app:v1", "remote ghcr.io/org/app:v1"),
        ("[::1]:5000/app", "remote [::1]:5000/app"),
        ("zot:5000/app", "remote zot:5000/app"),
        ("http://zot/app", "remote http://zot/app"),
        ("https://zot/app:v1", "remote https://zot/app:v1"),
        ("oci://zot/app:v1", "remote oci://zot/app:v1"),
        ("oci://ghcr.io/app:v1", "remote ghcr.io/app:v1"),
        ("local://ghcr.io/app:v1", "local local://ghcr.io/app:v1"),
        ("flipt://local/org/app:v1", "local org/app:v1"),
        ("flipt://app", "local app"),
        ("ocidir:///tmp/x:v1", "layout ocidir:///tmp/x:v1"),
        ("ocidir://x/y", "layout ocidir://x/y"),
        ("ocidir://c:/x", "layout ocidir://c:/x"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn a_digest_beats_a_tag() {
    assert_eq!(shown(&format!("app:v1@{DIGEST}")), format!("local app@{DIGEST}"));
    assert_eq!(shown(&format!("ocidir://x:v1@{DIGEST}")), format!("layout ocidir://x@{DIGEST}"));
}

#[test]
fn wrong_shapes_are_refused() {
    for text in [
        "",
        "App",
        "app:",
        "app@",
        "app:v1:v2",
        "app@sha256:12",
        ":v1",
        "@",
        "/app",
        "app/",
        "a b",
        "http://",
        "https://zot",
        "oci://zot:5000",
        "docker://a/b",
        "HTTP://zot/app",
        "ghcr.io/App",
        "ghcr.io//a",
        "user:pw@host/app",
        "ghcr.io/app:v1@nope",
        "ocidir://",
        "ocidir://:v1@sha256:1",
        "blobs",
        "org/ingest",
        "org/index.json",
        "app?x",
        "app#x",
        "a\nb",
        "a\u{1b}b",
    ] {
        assert!(text.parse::<Reference>().is_err(), "{text:?} was taken");
    }
    assert!(format!("app:{}", "a".repeat(129)).parse::<Reference>().is_err());
    assert!(format!("ghcr.io/blobs/index.json@{DIGEST}").parse::<Reference>().is_ok());
}

#[test]
fn further_tags_follow_after_commas() {
    let (reference, more) = Reference::parse_with_tags("app:v1,v2,latest").unwrap();
    assert_eq!(reference.to_string(), "app:v1");
    assert_eq!(more.iter().map(Tag::as_str).collect::<Vec<_>>(), ["v2", "latest"]);
    assert!(Reference::parse_with_tags("app:v1,").is_err());
    assert!(Reference::parse_with_tags("app:,v1").is_err());
}

proptest! {
    #[test]
    fn what_is_displayed_parses_to_the_same(
        text in "((oci|https?|local|flipt|ocidir)://)?[a-z.:/@0-9A-Z_-]{0,40}(:v1)?(@sha256:[0-9a-f]{64})?"
    ) {
        if let Ok(reference) = text.parse::<Reference>() {
            let again: Reference = reference.to_string().parse().unwrap();
            prop_assert_eq!(again, reference);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}") {
        let _ = text.parse::<Reference>();
        let _ = Reference::parse_with_tags(&text);
    }
}
