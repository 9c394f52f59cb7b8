//! Block texts that `yaml.v3` does not read again once it has written them: Flipt's check reads documents so.
//!
//! The writer of `yaml.v3` announces a text that begins with a blank or a line break with an indent of four,
//! and yet indents it by two only where it stands in a list, or in a mapping that begins on the line of its `-`.

use super::tree::{Mark, Problem};

/// By how many columns a block that is announced with its indent falls short of it, in such a place.
const SHORTAGE: usize = 2;
/// The longest text of one line that is written as a key before its `:`, and so in quotes, in bytes.
const LONGEST_KEY: usize = 128;

/// The column at which `yaml.v3` writes a collection, by the column of the one that it stands in.
pub(super) fn column(outer: Option<Outer>) -> usize {
    match outer {
        None => 0,
        Some(Outer { column, list: true }) => column + 2,
        Some(Outer { column, list: false }) => (column + 4) / 4 * 4,
    }
}

/// A collection around a value, as it is written again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outer {
    pub(super) column: usize,
    /// Whether it is a list, and no mapping.
    pub(super) list: bool,
}

/// Why a text that was written as a block cannot be read again.
pub(super) fn unreadable(text: &str, outer: Option<Outer>, is_key: bool, mark: Mark) -> Option<Problem> {
    let first = text.chars().next().filter(|first| matches!(first, ' ' | '\n' | '\t'))?;
    if is_quoted(text) || is_key && !text.contains('\n') && text.len() <= LONGEST_KEY {
        return None;
    }
    let short = outer.is_some_and(|outer| outer.list || !outer.column.is_multiple_of(4));
    let wrong = first == '\t' || (short && !is_read_short(text));
    wrong.then(|| {
        let message = "Flipt cannot read a block of text here that begins with a blank, a tab or a line break; \
                       put the text in double quotes";
        Problem::new(mark, "block-text", message)
    })
}

/// Whether the writer puts a text in quotes though it was a block.
fn is_quoted(text: &str) -> bool {
    let is_printed =
        |letter| matches!(letter, '\n' | '\t' | ' '..='~' | '\u{A0}'..='\u{FEFE}' | '\u{FF00}'..='\u{FFFD}');
    text.ends_with(' ') || text.contains(" \n") || !text.chars().all(is_printed)
}

/// Whether a text is read, if not as it was, where each line has too few blanks before it.
fn is_read_short(text: &str) -> bool {
    let mut lines = text.split('\n').peekable();
    let blanks = |line: &str| line.len() - line.trim_start_matches(' ').len();
    while lines.next_if(|line| line.is_empty() || blanks(line) >= SHORTAGE).is_some() {}
    // What comes after the block is the next key, or a comment.
    lines.all(|line| line.is_empty() || line.trim_start_matches(' ').starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(text: &str, outer: Option<Outer>) -> bool {
        unreadable(text, outer, false, Mark::default()).is_some()
    }

    #[test]
    fn a_text_that_begins_with_a_blank_is_refused_where_lists_shorten_its_indent() {
        let flag = Some(Outer { column: 6, list: false });
        let list = Some(Outer { column: 8, list: true });
        let namespace = Some(Outer { column: 4, list: false });
        for text in ["\nx\n", " x\n", "  x\ny\n", "\n# x\ny\n", "\n- a\n\ta-b"] {
            assert!(is_refused(text, flag), "{text:?}");
            assert!(is_refused(text, list), "{text:?}");
            assert!(!is_refused(text, namespace), "{text:?}");
            assert!(!is_refused(text, None), "{text:?}");
        }
        for text in
            ["x\n  y\n", "  x\n  y\n", "\n  x", "\n\n", "\n# x\n# y\n", " x ", " x \ny", "\n\u{1F600}"]
        {
            assert!(!is_refused(text, flag), "{text:?}");
        }
        assert!(is_refused("\tx", namespace));
    }
}
