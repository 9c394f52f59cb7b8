//! The parser's positions, tags and errors in our own terms.

use std::borrow::Cow;

use granit_parser::{ErrorKind, Marker, ScanError};

use super::MAX_DEPTH;
use super::tree::{Mark, Problem, Tag};

/// A number of lines, columns or bytes; what does not fit stays at the largest.
pub(in crate::kinds) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A position, counted from 1.
pub(super) fn mark_of(marker: &Marker) -> Mark {
    Mark { line: small(marker.line()), column: small(marker.col() + 1) }
}

/// A text cut to a length that fits a message.
pub fn brief(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(60) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// The short form of a tag, as `yaml.v3` has it.
pub(super) fn short(tag: &granit_parser::Tag) -> Tag {
    let core = match (tag.handle(), tag.suffix()) {
        ("tag:yaml.org,2002:", suffix) => Some(suffix),
        ("" | "!", "" | "!") => return Tag::None,
        (handle, suffix) => {
            return match format!("{handle}{suffix}").strip_prefix("tag:yaml.org,2002:") {
                Some(suffix) => named(suffix),
                None => Tag::Other(format!("{handle}{suffix}").into()),
            };
        }
    };
    named(core.unwrap_or_default())
}

fn named(suffix: &str) -> Tag {
    match suffix {
        "null" => Tag::Null,
        "bool" => Tag::Bool,
        "str" => Tag::Str,
        "int" => Tag::Int,
        "float" => Tag::Float,
        "timestamp" => Tag::Timestamp,
        "binary" => Tag::Binary,
        "merge" => Tag::Merge,
        other => Tag::Other(format!("!!{other}").into()),
    }
}

/// A syntax error, in words that say what to do where that is known.
pub(super) fn syntax(error: &ScanError) -> Problem {
    let mark = mark_of(error.marker());
    let words = match error.kind() {
        ErrorKind::RecursionLimitExceeded => {
            return Problem::new(
                mark,
                "too-deep",
                format!("values nest deeper than {MAX_DEPTH} levels here"),
            );
        }
        ErrorKind::TabInIndentation | ErrorKind::TabInBlockIndentation | ErrorKind::TabNotAllowed => {
            "a tab may not indent a line; use spaces".to_owned()
        }
        ErrorKind::UnclosedQuotedScalar => "this quoted text is never closed".to_owned(),
        ErrorKind::UnclosedFlowCollection { open } => format!("this `{open}` is never closed"),
        ErrorKind::ExpectedFlowMappingSeparator => "expected `,` or `}` here, within `{ }`".to_owned(),
        ErrorKind::ExpectedFlowSequenceSeparator => "expected `,` or `]` here, within `[ ]`".to_owned(),
        ErrorKind::ExpectedBlockMappingKey => {
            "expected another `key: value` at the indentation of those before".to_owned()
        }
        ErrorKind::ExpectedBlockSequenceEntry => {
            "expected another `- item` at the indentation of those before".to_owned()
        }
        ErrorKind::MappingValueNotAllowed => {
            "a `: ` may not stand here; put the text in quotes if it belongs to it".to_owned()
        }
        ErrorKind::SimpleKeyExpected => "expected a `:` after this key".to_owned(),
        ErrorKind::UnexpectedCharacter { character } => {
            format!("a value may not begin with `{}`; put it in quotes", character.escape_default())
        }
        kind => brief(&kind.to_string()).into_owned(),
    };
    Problem::new(mark, "syntax", words)
}
