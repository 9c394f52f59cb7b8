//! Many things in one message: the first by name, and how many more there are.

use std::fmt::Display;

/// How many are named.
const NAMED: usize = 3;

/// The first things as a list, and how many more there are.
pub(super) fn few<T: Display>(mut things: impl ExactSizeIterator<Item = T>) -> String {
    let named: Vec<String> = things.by_ref().take(NAMED).map(|thing| thing.to_string()).collect();
    match things.len() {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_are_named_and_the_rest_is_counted() {
        for (count, said) in
            [(0, ""), (1, "0"), (3, "0, 1, 2"), (4, "0, 1, 2 and 1 more"), (9, "0, 1, 2 and 6 more")]
        {
            assert_eq!(few(0..count), said);
        }
    }
}
