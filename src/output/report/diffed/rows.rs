//! The report of diff as aligned lines, each readable on its own and all together within bounds.

use super::{Diffed, Differing};
use crate::kinds::{Nature, Object};
use crate::output::clean_line;

/// How many lines are shown, and how many bytes they may have: a summary on GitHub may have 1 MiB.
const MOST_ROWS: usize = 1000;
const MOST_BYTES: usize = 512 * 1024;
/// How many characters of a name and of a change are shown.
const LONGEST_NAME: usize = 120;
const LONGEST_WORDS: usize = 300;
/// How wide the column of names gets at most.
const WIDEST: usize = 48;

/// Lines, and how many more there are.
pub(super) struct Rows {
    shown: Vec<Row>,
    bytes: usize,
    more: usize,
}

struct Row {
    sign: char,
    name: String,
    words: String,
}

impl Rows {
    fn new() -> Self {
        Self { shown: Vec::new(), bytes: 0, more: 0 }
    }

    fn add(&mut self, nature: Nature, name: &str, words: &str) {
        if self.shown.len() == MOST_ROWS || self.bytes > MOST_BYTES {
            self.more += 1;
            return;
        }
        let row = Row { sign: sign(nature), name: cut(name, LONGEST_NAME), words: cut(words, LONGEST_WORDS) };
        self.bytes += row.name.len().max(WIDEST) + row.words.len() + 5;
        self.shown.push(row);
    }
}

fn sign(nature: Nature) -> char {
    match nature {
        Nature::Added => '+',
        Nature::Removed => '-',
        Nature::Changed => '~',
    }
}

/// On one line, without control characters, cut where it is long.
fn cut(text: &str, longest: usize) -> String {
    // What is cut off in the end need not be cleaned first.
    let begin: String = text.chars().take(longest + 1).collect();
    let clean = clean_line(&begin);
    match clean.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", &clean[..at]),
        None => clean.into_owned(),
    }
}

/// A line for each change of each object.
pub(super) fn changes(report: &Diffed) -> Rows {
    let mut rows = Rows::new();
    for namespace in &report.namespaces {
        for Object { name, nature, words, more } in &namespace.objects {
            let name = full_name(&namespace.name, name);
            if words.is_empty() {
                rows.add(*nature, &name, "");
            }
            for words in words {
                rows.add(*nature, &name, words);
            }
            rows.more += more;
        }
        if namespace.objects.is_empty() {
            rows.add(namespace.nature, &namespace.name, "namespace");
        }
    }
    rows
}

fn full_name(namespace: &str, name: &str) -> String {
    let start = |text: &str| text.chars().take(LONGEST_NAME + 1).collect::<String>();
    if name.is_empty() { start(namespace) } else { format!("{}/{}", start(namespace), start(name)) }
}

/// A line for each namespace.
pub(super) fn counts(report: &Diffed) -> Rows {
    let mut rows = Rows::new();
    for namespace in &report.namespaces {
        rows.add(namespace.nature, &namespace.name, &counted(namespace));
    }
    rows
}

/// `1 added, 2 changed`
fn counted(namespace: &Differing) -> String {
    let count = |nature| {
        let own = namespace.objects.iter().filter(|object| !object.name.is_empty());
        own.filter(|object| object.nature == nature).count()
    };
    let natures = [Nature::Added, Nature::Removed, Nature::Changed];
    let parts = natures.map(|nature| (count(nature), nature.name()));
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, word)| format!("{count} {word}")).collect();
    if parts.is_empty() { "only the namespace itself".to_owned() } else { parts.join(", ") }
}

/// Aligned lines.
pub(super) fn text(rows: &Rows) -> String {
    let widths = rows.shown.iter().filter(|row| !row.words.is_empty()).map(|row| row.name.chars().count());
    let width = widths.filter(|width| *width <= WIDEST).max().unwrap_or(0);
    let mut out = String::with_capacity(rows.bytes);
    for Row { sign, name, words } in &rows.shown {
        out.push_str(format!("{sign} {name:<width$}    {words}").trim_end());
        out.push('\n');
    }
    if rows.more > 0 {
        let more = rows.more.to_string();
        out.extend(["… and ", &more, " more; `--format json` has all, `--stat` counts them\n"]);
    }
    out
}

/// The lines as a block of Markdown that no line of them can end; `!` is what colours a change there.
pub(super) fn fenced(rows: &Rows) -> String {
    let text = text(rows);
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    let lines = text.lines().map(|line| match line.strip_prefix('~') {
        Some(rest) => format!("!{rest}\n"),
        None => format!("{line}\n"),
    });
    format!("{fence}diff\n{}{fence}\n", lines.collect::<String>())
}

/// A text as code within a line of Markdown.
pub(super) fn code(text: &str) -> String {
    let text = cut(text, LONGEST_WORDS);
    let ticks = "`".repeat(longest_run(&text) + 1);
    // A blank on both sides is not shown, and keeps a backtick at the end apart.
    if text.contains('`') { format!("{ticks} {text} {ticks}") } else { format!("`{text}`") }
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}
