//! The line breaks that only YAML 1.1 knows (NEL, LS, PS), made into those that everyone knows.

use granit_parser::{Event, Parser, ScalarStyle};

/// The text with line feeds for NEL everywhere, and for LS and PS outside of quoted scalars.
///
/// Within quotes a NEL folds like a line feed, while LS and PS are kept as they are.
#[must_use]
pub fn with_line_feeds(text: &str) -> String {
    let text = text.replace('\u{85}', "\n");
    if !text.contains(['\u{2028}', '\u{2029}']) {
        return text;
    }
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    let events = Parser::new_from_str(&text).map_while(Result::ok);
    for (event, span) in events {
        let quoted =
            matches!(event, Event::Scalar(_, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted, ..));
        if let (true, Some(start), Some(end)) = (quoted, span.start.byte_offset(), span.end.byte_offset()) {
            result.push_str(&line_feeds(&text[done..start]));
            result.push_str(&text[start..end]);
            done = end;
        }
    }
    result.push_str(&line_feeds(&text[done..]));
    result
}

fn line_feeds(text: &str) -> String {
    text.replace(['\u{2028}', '\u{2029}'], "\n")
}
