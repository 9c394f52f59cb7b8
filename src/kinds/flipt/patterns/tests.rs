//! Where Flipt takes other files than its syntax promises, one pattern at a time.

use super::*;

fn takes(pattern: &str, path: &str) -> bool {
    Pattern::new(pattern).unwrap().takes(path).unwrap()
}

#[test]
fn a_star_takes_slashes_and_leading_dots() {
    assert!(takes("*.features.yml", "deep/dir/x.features.yml"));
    assert!(takes("**features.yml", ".git/myfeatures.yml"));
    assert!(!takes("**/*.features.yml", "x.features.yml"));
}

#[test]
fn a_prefix_and_a_suffix_may_share_characters() {
    assert!(takes("d/*/a.yml", "d/a.yml"));
    assert!(takes("aba*aba", "ababa"));
    assert!(!takes("aba*aba", "abab"));
}

#[test]
fn one_character_alone_is_one_character_whatever_its_bytes() {
    assert!(takes("?", "é"));
    assert!(takes("[!a]", "é"));
    assert!(takes("*é*", "aé€"));
    assert!(!takes("*é?", "aé€"), "a row with text that ends beyond ASCII finds nothing");
    assert!(!takes("?.yml", "é.yml"), "in a row of known lengths it is one byte");
    assert!(takes("a?", "aé"), "but for the last of them");
}

#[test]
fn an_alternative_of_unknown_length_first_is_cut_to_the_length_of_the_others() {
    assert!(takes("{*,?}.yml", "a.yml"));
    assert!(!takes("{*,?}.yml", "ab.yml"));
    assert!(!takes("{**/,}a.yml", "a.yml"));
    assert!(!takes("{**/,}a.yml", "d/a.yml"));
}

#[test]
fn a_list_that_repeats_is_taken_as_a_text() {
    assert!(takes("[!ab][!ab]", "ba"));
    assert!(!takes("[!ab][!ab]", "ab"));
}

#[test]
fn a_path_on_which_flipt_crashes_is_refused() {
    let pattern = Pattern::new("a{").unwrap();
    assert_eq!(pattern.takes("a").unwrap_err().reason, Reason::Crash);
    assert_eq!(pattern.takes("ab"), Ok(false));
}

#[test]
fn a_path_on_which_the_answer_is_not_clear_is_refused() {
    let doubt =
        |pattern: &str, path: &str| Pattern::new(pattern).unwrap().takes(path).map_err(|doubt| doubt.reason);
    assert_eq!(doubt("{*a}*?", "baab"), Err(Reason::FirstOnly));
    assert_eq!(doubt("{*a}*?", "b"), Ok(false), "others are not");
    assert_eq!(doubt("[!a]{a*,?b}", "\u{e9}xb"), Err(Reason::CutCharacters));
    assert_eq!(doubt("[!a]{a*,?b}", "xxb"), Ok(true), "with ASCII alone nothing is cut");
}

#[test]
fn a_row_that_is_looked_for_may_have_fewer_characters_than_bytes() {
    // Flipt takes this one, for `b`, the two bytes of `é`, and `b` are the four it counts.
    let pattern = Pattern::new("-[a-c]{*,b}{a*,?b}{a,}").unwrap();
    assert_eq!(pattern.takes("-b\u{e9}b").unwrap_err().reason, Reason::CutCharacters);
    assert_eq!(pattern.takes("-bxab"), Ok(true));
}

#[test]
fn hostile_patterns_are_refused() {
    for pattern in [
        "{".repeat(500),
        "{*a,*b}".repeat(140),
        "[!abcdefgh]".repeat(90),
        "*a".repeat(500),
        "?*a".repeat(300),
        "a".repeat(2000),
    ] {
        let refused = Pattern::new(&pattern).unwrap_err();
        assert!(
            matches!(refused, PatternError::Syntax { why: SyntaxError::TooLarge, .. }),
            "{pattern}: {refused}"
        );
    }
}

#[test]
fn the_largest_patterns_that_are_read_cost_no_more_than_a_moment() {
    let path = "ab".repeat(1000);
    for (part, most) in [("{*a,*b}", 64), ("{a*,?b,}", 64), ("[!abcdefgh]", 64), ("*a", 32), ("?*a", 21)] {
        let pattern = part.repeat(most);
        let started = std::time::Instant::now();
        let outcome = Pattern::new(&pattern);
        if let Err(PatternError::Syntax { why, .. }) = &outcome {
            panic!("`{pattern}` is no larger than patterns may be: {why}");
        }
        let outcome = outcome.map(|pattern| pattern.takes(&path));
        assert!(started.elapsed().as_secs() < 5, "{pattern}: {outcome:?}");
    }
}
