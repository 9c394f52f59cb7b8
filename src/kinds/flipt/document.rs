//! A features document, or file of them, read: payloads for layers, or every fault with its position.

use super::doubt;
use super::encode::{Encoded, encode};
use super::outline::Outline;
use super::schema;
use crate::kinds::fault::{Fault, Lines};
use crate::kinds::yaml::{self, Mark, Parsed, Problem, Source};

/// How many faults of one file are told; whoever has more will not read them.
const MAX_FAULTS: usize = 1000;
/// How many are kept before they are sorted and told.
pub(super) const KEPT_FAULTS: usize = 20_000;

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// YAML, of several documents.
    Yaml,
    /// JSON, of one value.
    Json,
}

impl Format {
    /// The format by the extension of a path: `.yml`, `.yaml`, `.json`, or none; else none is known.
    ///
    /// As in Flipt only the base name counts, case does too, and a name such as `.json` is all extension.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        match name.rfind('.').map(|at| &name[at..]) {
            Some(".yml" | ".yaml") => Some(Self::Yaml),
            Some(".json") | None => Some(Self::Json),
            Some(_) => None,
        }
    }
}

/// What a file holds.
#[derive(Debug)]
pub struct Reading {
    /// The documents without fault, in order.
    pub documents: Vec<Document>,
    /// What the check of references needs, of each document, with faults or without.
    pub outlines: Vec<Outline>,
    /// Why the file is refused, in the order of positions.
    pub faults: Vec<Fault>,
    /// What is taken, and doubtful.
    pub warnings: Vec<Fault>,
}

/// One document, as it stands in a layer.
#[derive(Debug)]
pub struct Document {
    /// The namespace's key.
    pub namespace: String,
    /// The layer's exact bytes.
    pub payload: Vec<u8>,
}

impl Reading {
    /// A file that could not be read.
    #[must_use]
    pub fn failed(fault: Fault) -> Self {
        Self {
            documents: Vec::new(),
            outlines: vec![Outline::unknown()],
            faults: vec![fault],
            warnings: Vec::new(),
        }
    }
}

/// Reads a file. All documents are checked, whatever is wrong in one of them; `path` is only named in faults.
#[must_use]
pub fn read(path: &str, source: &[u8], format: Format) -> Reading {
    let mut decoded = yaml::decode(source);
    let mut report = Report { faults: std::mem::take(&mut decoded.problems), ..Report::default() };
    if !report.faults.is_empty() {
        report.outlines.push(Outline::unknown());
    }
    match format {
        Format::Yaml => {
            let source = Source::new(&decoded);
            for parsed in source.documents() {
                report.take(parsed);
            }
            report.finish(path, source.text())
        }
        Format::Json => {
            if !decoded.plain {
                let mark = Mark { line: 1, column: 1 };
                let message = "a JSON file must be UTF-8 without a byte order mark";
                report.faults.push(Problem::new(mark, "encoding", message));
            }
            if let Some(parsed) = yaml::read_json(&decoded.text) {
                report.take(parsed);
            }
            report.finish(path, &decoded.text)
        }
    }
}

#[derive(Default)]
struct Report {
    documents: Vec<Document>,
    outlines: Vec<Outline>,
    faults: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl Report {
    fn take(&mut self, parsed: Parsed<'_>) {
        let is_read = parsed.problems.is_empty();
        let is_sound = is_read && parsed.unreadable.is_empty();
        self.add(parsed.problems);
        self.add(parsed.unreadable);
        let Some(tree) = parsed.tree else {
            self.outlines.push(Outline::unknown());
            return;
        };
        let (faults, warnings) = schema::check(tree.root());
        self.warnings.extend(warnings);
        if !is_sound || !faults.is_empty() {
            self.add(faults);
            let outline = if is_read { doubt::outline(tree.root(), parsed.size) } else { Outline::unknown() };
            self.outlines.push(outline);
            return;
        }
        let Encoded { payload, outline, faults, warnings, long } = encode(tree.root(), parsed.size);
        self.warnings.extend(warnings);
        if !faults.is_empty() {
            self.add(faults);
            self.outlines.push(doubt::outline(tree.root(), parsed.size));
            return;
        }
        self.warnings.extend(unservable(&payload, long, tree.root().mark()));
        let namespace = outline.namespace.clone();
        self.documents.push(Document { namespace, payload });
        self.outlines.push(outline);
    }

    /// Adds faults, up to a number beyond which none is told anyway.
    fn add(&mut self, faults: Vec<Problem>) {
        let room = KEPT_FAULTS.saturating_sub(self.faults.len());
        self.faults.extend(faults.into_iter().take(room));
    }

    fn finish(self, path: &str, text: &str) -> Reading {
        let Self { documents, outlines, mut faults, mut warnings } = self;
        if faults.is_empty() && warnings.is_empty() {
            return Reading { documents, outlines, faults: Vec::new(), warnings: Vec::new() };
        }
        let lines = Lines::new(text);
        for problems in [&mut faults, &mut warnings] {
            problems.sort_by_key(|problem| problem.mark);
            // A value that aliases repeat is wrong once.
            problems.dedup_by(|one, other| one.mark == other.mark && one.rule == other.rule);
        }
        let [faults, warnings] = [faults, warnings].map(|problems| told(path, &lines, problems));
        Reading { documents, outlines, faults, warnings }
    }
}

/// The first faults of a file, with the lines that they stand on.
pub(super) fn told(path: &str, lines: &Lines<'_>, mut problems: Vec<Problem>) -> Vec<Fault> {
    let more = problems.len().saturating_sub(MAX_FAULTS);
    problems.truncate(MAX_FAULTS);
    if let Some(last) = problems.last().filter(|_| more > 0) {
        let message = format!("at least {more} more of this file are not told");
        problems.push(Problem::new(last.mark, "more-faults", message));
    }
    problems.into_iter().map(|problem| Fault::of(path, problem).quoting(lines)).collect()
}

/// Why no server would load the payload, which it reads with the rules of its JSON files, the check included.
///
/// Only what can differ from what was just checked has the payload read again: characters that may not
/// stand in a file, though an escape can name them, and, if `long` says so, keys or numbers too long.
fn unservable(payload: &[u8], long: bool, mark: Mark) -> Option<Problem> {
    let odd = |byte: &u8| matches!(byte, 0x7F | 0xC2 | 0xEF);
    // Without a way out within a chunk the search vectorises.
    let has_odd =
        || payload.chunks(256).any(|chunk| chunk.iter().fold(false, |found, byte| found | odd(byte)));
    if !long && !has_odd() {
        return None;
    }
    let decoded = yaml::decode(payload);
    let mut parsed = yaml::read_json(&decoded.text)?;
    let mut problems = decoded.problems.clone();
    problems.append(&mut parsed.problems);
    problems.extend(parsed.tree.map(|tree| schema::check(tree.root()).0).unwrap_or_default());
    let reason = problems.into_iter().next()?.message;
    Some(Problem::new(
        mark,
        "unservable",
        format!("no server loads the layer made of this document: {reason}"),
    ))
}

#[cfg(test)]
mod tests;
