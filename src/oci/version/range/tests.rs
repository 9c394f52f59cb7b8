//! Ranges as the documents have them, prereleases, refusals, and the order of tags.

use super::*;

fn range(text: &str) -> Range {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The versions that a range holds, among these.
fn held<'a>(text: &str, among: &[&'a str]) -> Vec<&'a str> {
    let range = range(text);
    among.iter().copied().filter(|text| range.holds(&Version::of(text).unwrap())).collect()
}

/// The readings that the documents give; what Flux's library says of thousands more is in `tests/golden_semver.rs`.
#[test]
fn a_range_reads_as_it_is_documented() {
    let all = ["0.9.3", "1.0.0", "1.1.5", "1.2.3", "1.3.0", "1.9.9", "2.0.0", "2.1.0"];
    for (text, expected) in [
        (">=1.0 <2", &["1.0.0", "1.1.5", "1.2.3", "1.3.0", "1.9.9"][..]),
        (">=1.0, <2", &["1.0.0", "1.1.5", "1.2.3", "1.3.0", "1.9.9"]),
        ("1.2", &["1.2.3"]),
        ("~1.2", &["1.2.3"]),
        ("~1.2.4", &[]),
        ("^1.2", &["1.2.3", "1.3.0", "1.9.9"]),
        ("^0.9", &["0.9.3"]),
        ("2.x", &["2.0.0", "2.1.0"]),
        ("1.1 - 1.3", &["1.1.5", "1.2.3", "1.3.0"]),
        (">1", &["2.0.0", "2.1.0"]),
        ("<=1.2", &["0.9.3", "1.0.0", "1.1.5", "1.2.3"]),
        ("!=1.x", &["0.9.3", "2.0.0", "2.1.0"]),
        ("0.9.3 || >2", &["0.9.3"]),
        ("0.9.3 || >2.0", &["0.9.3", "2.1.0"]),
        ("*", &all),
    ] {
        assert_eq!(held(text, &all), expected, "{text}");
    }
}

#[test]
fn a_prerelease_is_held_where_the_range_names_one() {
    let all = ["1.0.0-rc.1", "1.0.0", "2.0.0-rc.1"];
    assert_eq!(held(">=1.0 <2", &all), ["1.0.0"]);
    assert_eq!(held(">=1.0-0 <2", &all), all, "as Flux has it, 2.0.0-rc.1 is below 2");
    assert_eq!(held(">=1.0-0 <2-0", &all), ["1.0.0-rc.1", "1.0.0"]);
    assert_eq!(held("*-0", &all), all);
    assert_eq!(held("2.0.0-rc.1 || 1.x", &all), ["1.0.0", "2.0.0-rc.1"], "each alternative for itself");
}

#[test]
fn what_is_no_range_is_told() {
    for (text, part) in [
        ("", "``"),
        ("latest", "`latest` is not a comparison"),
        (">= 1.0 <2 ||", "``"),
        (">> 1", "`>> 1`"),
        ("1,,2", "`1,,2`"),
        ("1.2.3.4", "`1.2.3.4`"),
        (">1 - 2", "`>>= 1, <= 2`"),
        ("1.2.3-01", "begins with 0"),
        ("1.xx", "half a wildcard"),
        ("18446744073709551616", "too large"),
        (&"1 ".repeat(300), "512"),
        (&["1"; 33].join("||"), "32"),
    ] {
        let error = text.parse::<Range>().unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn the_newest_is_first_and_equal_versions_stand_by_their_tags() {
    let tags = ["v1.0.0", "latest", "1.10.0", "01.0.0", "1.9.0", "1.0.0", "2.0.0-rc.1", "1.0"];
    let tags: Vec<Tag> = tags.iter().map(|tag| tag.parse().unwrap()).collect();
    let expected = ["1.10.0", "1.9.0", "01.0.0", "1.0.0", "v1.0.0"];
    let mut turned = tags.clone();
    turned.reverse();
    for tags in [tags, turned] {
        let found = range("*").newest_first(tags, |tag| Some(tag));
        assert_eq!(found.iter().map(Tag::as_str).collect::<Vec<_>>(), expected);
    }
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "([0-9xX*v.| -]|[<>=!~^]|,|\\|\\||\\PC){0,40}", tag in "\\PC{0,20}") {
        if let (Ok(range), Some(version)) = (text.parse::<Range>(), Version::of(&tag)) {
            let _ = range.holds(&version);
        }
    }
}
