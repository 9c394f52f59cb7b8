//! YAML text to documents, from granit-parser's events; after a syntax error the next document is read all the same.

use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, StrInput, StructureStyle};

use super::MAX_DEPTH;
use super::builder::Builder;
use super::decode::Decoded;
use super::quirks::Quirks;
use super::repair::repaired;
use super::tree::{Mark, Problem, Style, Tag, Tree};

/// One document of a file: its tree, if its syntax is sound, and what is wrong in it.
#[derive(Debug)]
pub struct Parsed<'s> {
    /// The document; none where its syntax is broken.
    pub tree: Option<Tree<'s>>,
    /// Broken syntax, keys given twice, and what `yaml.v3` would not read.
    pub problems: Vec<Problem>,
}

/// A YAML text, ready to be read.
#[derive(Debug)]
pub struct Source<'s> {
    text: Cow<'s, str>,
    /// What stands in the text for byte order marks within lines.
    stand_in: Option<char>,
}

impl<'s> Source<'s> {
    /// Prepares a decoded file.
    #[must_use]
    pub fn new(decoded: &'s Decoded<'_>) -> Self {
        match repaired(&decoded.text, decoded.breaks) {
            Some((text, stand_in)) => Self { text: Cow::Owned(text), stand_in },
            None => Self { text: Cow::Borrowed(&decoded.text), stand_in: None },
        }
    }

    /// The text to which positions refer.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The documents, in order, each read when it is asked for.
    pub fn documents(&self) -> impl Iterator<Item = Parsed<'_>> {
        Documents::new(&self.text, self.stand_in)
    }
}

struct Documents<'s> {
    parser: Parser<'s, StrInput<'s>>,
    quirks: Quirks<'s>,
    /// How many documents were begun, and what was wrong outside of any.
    count: usize,
    outside: Vec<Problem>,
    stand_in: Option<char>,
    done: bool,
}

impl<'s> Documents<'s> {
    fn new(text: &'s str, stand_in: Option<char>) -> Self {
        let options = granit_parser::options! {
            emit_comments: false,
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            flow_nesting_limit: MAX_DEPTH + 1,
            block_nesting_limit: MAX_DEPTH + 1,
        };
        let quirks = Quirks::new(text);
        let outside = quirks.leading_end_marker().into_iter().collect();
        Self {
            parser: Parser::new_from_str_with_options(text, options),
            quirks,
            count: 0,
            outside,
            stand_in,
            done: false,
        }
    }

    /// Gives up the current document and goes to the next.
    fn skip(&mut self) {
        if !matches!(self.parser.proceed_next_document(), Ok(true)) {
            self.done = true;
        }
    }

    /// Reads on to the end of the document that has begun.
    fn document(&mut self, problems: &mut Vec<Problem>) -> Option<Tree<'s>> {
        let mut builder = Builder::new();
        let mut contexts = Contexts::default();
        loop {
            let (event, span) = match self.parser.next_event() {
                Some(Ok(next)) => next,
                Some(Err(error)) => {
                    problems.push(syntax(&error));
                    self.skip();
                    return None;
                }
                None => {
                    self.done = true;
                    return None;
                }
            };
            let mark = mark(&span);
            let taken = match event {
                Event::DocumentEnd => break,
                Event::Scalar(text, style, anchor, tag) => {
                    let place = contexts.place();
                    let tag = tag.map_or(Tag::None, |tag| short(&tag));
                    let (text, style) = self.scalar(text, style, &tag, &span, place, problems);
                    contexts.next();
                    builder.scalar(mark, tag, anchor, text, style);
                    Ok(())
                }
                Event::SequenceStart(style, anchor, tag) => {
                    self.quirks.collection(&span, contexts.place(), problems);
                    contexts.open(false, style);
                    builder.begin(mark, tag.map_or(Tag::None, |tag| short(&tag)), anchor)
                }
                Event::MappingStart(style, anchor, tag) => {
                    self.quirks.collection(&span, contexts.place(), problems);
                    contexts.open(true, style);
                    builder.begin(mark, tag.map_or(Tag::None, |tag| short(&tag)), anchor)
                }
                Event::SequenceEnd => {
                    contexts.close();
                    builder.end_sequence();
                    Ok(())
                }
                Event::MappingEnd => {
                    contexts.close();
                    if let Some(id) = builder.end_mapping() {
                        problems
                            .extend(builder.duplicates(id).into_iter().map(|(mark, key)| twice(mark, &key)));
                    }
                    Ok(())
                }
                Event::Alias(target) => {
                    self.quirks.name(&span, problems);
                    contexts.next();
                    if builder.alias(mark, target) { Ok(()) } else { Err(contains_itself(mark)) }
                }
                Event::Anchor(..) => {
                    self.quirks.name(&span, problems);
                    Ok(())
                }
                Event::UnresolvedAlias(name) => Err(Problem::new(
                    mark,
                    "unknown-anchor",
                    format!("no anchor `&{name}` stands before this alias"),
                )),
                _ => Ok(()),
            };
            if let Err(problem) = taken {
                problems.push(problem);
                self.skip();
                return None;
            }
        }
        builder.finish_document(false).unwrap_or_else(|problem| {
            problems.push(problem);
            None
        })
    }

    /// A scalar's text and style, repaired or refused where granit-parser reads it otherwise than `yaml.v3`.
    fn scalar(
        &mut self,
        text: Cow<'s, str>,
        style: ScalarStyle,
        tag: &Tag,
        span: &Span,
        place: Place,
        problems: &mut Vec<Problem>,
    ) -> (Cow<'s, str>, Style) {
        let empty = style == ScalarStyle::Plain && span.start.index() == span.end.index();
        self.quirks.scalar(&text, style, span, place, empty, problems);
        if empty {
            // Only an explicit tag tells nothing from an empty text; `~` is what the parser reports for both.
            return (Cow::Borrowed(""), if *tag == Tag::None { Style::Empty } else { Style::Plain });
        }
        let text = match self.stand_in {
            Some(character) if text.contains(character) => Cow::Owned(text.replace(character, "\u{FEFF}")),
            _ => text,
        };
        match style {
            ScalarStyle::Plain => (self.quirks.flow_key(text, span, place), Style::Plain),
            _ => (text, Style::Quoted),
        }
    }
}

impl<'s> Iterator for Documents<'s> {
    type Item = Parsed<'s>;

    fn next(&mut self) -> Option<Parsed<'s>> {
        if !self.outside.is_empty() {
            return Some(Parsed { tree: None, problems: std::mem::take(&mut self.outside) });
        }
        while !self.done {
            match self.parser.next_event() {
                Some(Ok((Event::DocumentStart(explicit, version), span))) => {
                    let mut problems = Vec::new();
                    let version = version.map(|version| (version.major, version.minor));
                    self.quirks.document_start(&span, explicit, version, self.count == 0, &mut problems);
                    self.count += 1;
                    let tree = self.document(&mut problems);
                    return Some(Parsed { tree, problems });
                }
                Some(Ok((Event::StreamEnd, _))) | None => self.done = true,
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    let problems = vec![syntax(&error)];
                    self.skip();
                    return Some(Parsed { tree: None, problems });
                }
            }
        }
        None
    }
}

/// Where the next value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) key: bool,
    pub(super) mapping: bool,
    pub(super) flow: bool,
}

/// The open collections, and whether a key or a value comes next in each.
#[derive(Default)]
struct Contexts(Vec<Place>);

impl Contexts {
    fn place(&self) -> Place {
        self.0.last().copied().unwrap_or(Place { key: false, mapping: false, flow: false })
    }

    fn open(&mut self, mapping: bool, style: StructureStyle) {
        self.0.push(Place { key: mapping, mapping, flow: style == StructureStyle::Flow });
    }

    fn close(&mut self) {
        self.0.pop();
        self.next();
    }

    fn next(&mut self) {
        if let Some(place) = self.0.last_mut() {
            place.key = place.mapping && !place.key;
        }
    }
}

fn mark(span: &Span) -> Mark {
    Mark { line: small(span.start.line()), column: small(span.start.col() + 1) }
}

pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn twice(mark: Mark, key: &str) -> Problem {
    Problem::new(mark, "duplicate-key", format!("the key `{}` is given twice in this mapping", brief(key)))
}

fn contains_itself(mark: Mark) -> Problem {
    Problem::new(mark, "unknown-anchor", "this alias stands within the value it stands for")
}

/// A text cut to a length that fits a message.
pub(super) fn brief(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(60) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// The short form of a tag, as `yaml.v3` has it.
fn short(tag: &granit_parser::Tag) -> Tag {
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

fn syntax(error: &ScanError) -> Problem {
    let mark = Mark { line: small(error.marker().line()), column: small(error.marker().col() + 1) };
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
