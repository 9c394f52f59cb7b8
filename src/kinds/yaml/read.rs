//! YAML text to documents, from granit-parser's events; after a syntax error the next document is read all the same.

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle, Span, StrInput, StructureStyle};

use super::builder::Builder;
use super::decode::Decoded;
use super::place::{Contexts, Next, Place};
use super::quirks::{Quirks, Spelling};
use super::repair::{Repaired, repaired};
use super::rewritten;
use super::tree::{Mark, Problem, Style, Tag, Tree};
use super::words::{brief, mark_of, short, syntax};
use super::{MAX_DEPTH, MAX_PROBLEMS};

/// One document of a file: its tree, if its syntax is sound, and what is wrong in it.
#[derive(Debug)]
pub struct Parsed<'s> {
    /// The document; none where its syntax is broken.
    pub tree: Option<Tree<'s>>,
    /// About how many bytes of the text the document takes.
    pub size: usize,
    /// Broken syntax, keys given twice, and what `yaml.v3` would not read.
    pub problems: Vec<Problem>,
    /// What `yaml.v3` reads, and could not read again once it has written it.
    pub unreadable: Vec<Problem>,
}

impl Parsed<'_> {
    /// Faults without a document.
    fn broken(problems: Vec<Problem>) -> Self {
        Self { tree: None, size: 0, problems, unreadable: Vec::new() }
    }
}

/// A YAML text, ready to be read.
#[derive(Debug)]
pub struct Source<'s> {
    text: Cow<'s, str>,
    /// What stands in the text for byte order marks within lines.
    stand_in: Option<char>,
    breaks: bool,
    problems: Vec<Problem>,
}

impl<'s> Source<'s> {
    /// Prepares a decoded file.
    #[must_use]
    pub fn new(decoded: &'s Decoded<'_>) -> Self {
        match repaired(&decoded.text, decoded.breaks) {
            Some(Repaired { text, stand_in, problems }) => {
                Self { text: Cow::Owned(text), stand_in, breaks: decoded.breaks, problems }
            }
            None => Self {
                text: Cow::Borrowed(&decoded.text),
                stand_in: None,
                breaks: false,
                problems: Vec::new(),
            },
        }
    }

    /// The text to which positions refer.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The documents, in order, each read when it is asked for.
    pub fn documents(&self) -> impl Iterator<Item = Parsed<'_>> {
        Documents::new(self)
    }
}

struct Documents<'s> {
    parser: Parser<'s, StrInput<'s>>,
    quirks: Quirks<'s>,
    /// How many documents were begun, and what was wrong outside of any.
    count: usize,
    outside: Vec<Problem>,
    /// What of the current document could not be read again.
    unreadable: Vec<Problem>,
    stand_in: Option<char>,
    done: bool,
}

impl<'s> Documents<'s> {
    fn new(source: &'s Source<'_>) -> Self {
        let Source { text, stand_in, breaks, problems } = source;
        let options = granit_parser::options! {
            emit_comments: false,
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            flow_nesting_limit: MAX_DEPTH + 1,
            block_nesting_limit: MAX_DEPTH + 1,
        };
        let quirks = Quirks::new(text, *breaks);
        let outside = problems.iter().cloned().chain(quirks.leading_end_marker()).collect();
        Self {
            parser: Parser::new_from_str_with_options(text, options),
            quirks,
            count: 0,
            outside,
            unreadable: Vec::new(),
            stand_in: *stand_in,
            done: false,
        }
    }

    /// Gives up the current document and goes to the next.
    fn skip(&mut self) {
        self.quirks.lost();
        if !matches!(self.parser.proceed_next_document(), Ok(true)) {
            self.done = true;
        }
    }

    /// Reads on to the end of the document that has begun.
    fn document(&mut self, problems: &mut Vec<Problem>) -> Option<Tree<'s>> {
        let mut builder = Builder::new(self.quirks.len());
        let mut contexts = Contexts::default();
        loop {
            problems.truncate(MAX_PROBLEMS);
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
            let mark = mark_of(&span.start);
            let taken = match event {
                Event::DocumentEnd => break,
                Event::Scalar(text, style, anchor, tag) => {
                    let place = contexts.place();
                    let tagged = tag.is_some();
                    let tag = tag.map_or(Tag::None, |tag| short(&tag));
                    let style = Written { style, anchored: anchor != 0, tagged, typed: tag != Tag::None };
                    let (text, style) = self.scalar(text, style, &span, place, problems);
                    contexts.next();
                    builder.scalar(mark, tag, anchor, text, style);
                    Ok(())
                }
                Event::SequenceStart(style, anchor, tag) => {
                    self.quirks.begin(&span, contexts.place(), problems);
                    contexts.open(Next::Item, style, false, span.start.col());
                    builder.begin(mark, tag.map_or(Tag::None, |tag| short(&tag)), anchor)
                }
                Event::MappingStart(style, anchor, tag) => {
                    self.quirks.begin(&span, contexts.place(), problems);
                    let pair = style == StructureStyle::Flow && self.quirks.is_pair(&span);
                    contexts.open(Next::Key, style, pair, span.start.col());
                    builder.begin(mark, tag.map_or(Tag::None, |tag| short(&tag)), anchor)
                }
                Event::SequenceEnd => {
                    self.end(&span, contexts.close());
                    builder.end_sequence();
                    Ok(())
                }
                Event::MappingEnd => {
                    let place = contexts.close();
                    self.end(&span, place);
                    if place.pair && builder.end_pair() {
                        // The pair was a text that ends in a colon.
                    } else if let Some(id) = builder.end_mapping() {
                        problems
                            .extend(builder.duplicates(id).into_iter().map(|(mark, key)| twice(mark, &key)));
                    }
                    Ok(())
                }
                Event::Alias(target) => {
                    self.quirks.alias(&span, contexts.place(), problems);
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

    fn end(&mut self, span: &Span, place: Place) {
        if place.flow && !place.pair {
            self.quirks.end(span);
        }
    }

    /// A scalar's text and style, repaired or refused where granit-parser reads it otherwise than `yaml.v3`.
    fn scalar(
        &mut self,
        text: Cow<'s, str>,
        written: Written,
        span: &Span,
        place: Place,
        problems: &mut Vec<Problem>,
    ) -> (Cow<'s, str>, Style) {
        // The parser reports `~` for nothing, too; only the span tells them apart.
        let empty = written.style == ScalarStyle::Plain && span.start.index() == span.end.index();
        let escaped = written.style == ScalarStyle::DoubleQuoted && matches!(text, Cow::Owned(_));
        let spelling = Spelling { escaped, empty, tagged: written.tagged };
        let is_block = matches!(written.style, ScalarStyle::Literal | ScalarStyle::Folded);
        let text = if is_block { self.quirks.block(text, span) } else { text };
        let sound = problems.len();
        self.quirks.scalar(&text, written.style, span, place, spelling, problems);
        if is_block && problems.len() == sound {
            let mark = mark_of(&span.start);
            self.unreadable.extend(rewritten::unreadable(&text, place.outer, place.is_key(), mark));
        }
        if empty {
            let style = match written {
                Written { typed: true, .. } => Style::Plain,
                _ if place.flow || place.is_key() => Style::EmptyInFlow,
                Written { anchored: true, .. } => Style::Plain,
                Written { .. } => Style::Empty,
            };
            return (Cow::Borrowed(""), style);
        }
        let text = match self.stand_in {
            Some(character) if text.contains(character) => Cow::Owned(text.replace(character, "\u{FEFF}")),
            _ => text,
        };
        match written.style {
            ScalarStyle::Plain => (self.quirks.flow_key(text, span, place), Style::Plain),
            _ => (text, Style::Quoted),
        }
    }
}

impl<'s> Iterator for Documents<'s> {
    type Item = Parsed<'s>;

    fn next(&mut self) -> Option<Parsed<'s>> {
        if !self.outside.is_empty() {
            return Some(Parsed::broken(std::mem::take(&mut self.outside)));
        }
        while !self.done {
            match self.parser.next_event() {
                Some(Ok((Event::DocumentStart(explicit, version), span))) => {
                    let mut problems = Vec::new();
                    let version = version.map(|version| (version.major, version.minor));
                    self.quirks.document_start(&span, explicit, version, self.count == 0, &mut problems);
                    self.count += 1;
                    let start = self.quirks.position();
                    let tree = self.document(&mut problems);
                    let size = self.quirks.position().saturating_sub(start);
                    let unreadable = std::mem::take(&mut self.unreadable);
                    return Some(Parsed { tree, size, problems, unreadable });
                }
                Some(Ok((Event::StreamEnd, _))) | None => {
                    self.done = true;
                    let mut problems = Vec::new();
                    self.quirks.stream_end(&mut problems);
                    if !problems.is_empty() {
                        return Some(Parsed::broken(problems));
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    let problems = vec![syntax(&error)];
                    self.skip();
                    return Some(Parsed::broken(problems));
                }
            }
        }
        None
    }
}

/// How a scalar was written.
#[derive(Clone, Copy)]
struct Written {
    style: ScalarStyle,
    anchored: bool,
    /// Any tag, and one that says more than `!`.
    tagged: bool,
    typed: bool,
}

fn twice(mark: Mark, key: &str) -> Problem {
    Problem::new(mark, "duplicate-key", format!("the key `{}` is given twice in this mapping", brief(key)))
}

fn contains_itself(mark: Mark) -> Problem {
    Problem::new(mark, "unknown-anchor", "this alias stands within the value it stands for")
}
