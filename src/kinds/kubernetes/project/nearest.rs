//! The known word that a misspelt one may have meant.

/// The known word that is nearest to a given one, if any is near.
pub(super) fn nearest<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let given = plain(given);
    // A word so long is no slip of the pen, and need not be compared.
    if given.len() > 40 {
        return None;
    }
    let ranked = known.into_iter().map(|word| (distance(&given, &plain(word)), word));
    let (distance, word) = ranked.min_by_key(|(distance, _)| *distance)?;
    (distance <= 1 + word.len() / 4).then_some(word)
}

/// Case, hyphens and underscores are the first things that are forgotten.
fn plain(word: &str) -> Vec<char> {
    word.chars().filter(|letter| !matches!(letter, '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// How many letters must be put in, left out or changed (Levenshtein).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, letter) in left.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, other) in right.iter().enumerate() {
            let changed = diagonal + usize::from(letter != other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted() {
        let count = |left: &str, right: &str| distance(&plain(left), &plain(right));
        assert_eq!(count("kitten", "sitting"), 3);
        assert_eq!(count("", "abc"), 3);
        assert_eq!(count("abc", ""), 3);
        assert_eq!(count("group_by", "groupBy"), 0);
    }

    #[test]
    fn only_what_is_near_is_meant() {
        let known = ["kind", "profile", "groupBy", "clusterScoped"];
        let table = [
            ("Kind", Some("kind")),
            ("profiles", Some("profile")),
            ("group-by", Some("groupBy")),
            ("cluster_scope", Some("clusterScoped")),
            ("whatever", None),
            ("", None),
        ];
        for (given, meant) in table {
            assert_eq!(nearest(given, known), meant, "{given}");
        }
        assert_eq!(nearest(&"k".repeat(1 << 20), known), None);
    }
}
