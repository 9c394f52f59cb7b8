//! The only printer: data to standard output, everything else to standard error.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::settings::Colours;

pub mod advice;
mod clean;
pub mod failure;
pub mod prompt;
pub mod report;
pub mod table;
pub mod transfer;

pub use clean::{clean, clean_line};
pub use failure::{Exit, Failure};

/// What a verb gives back, ready to be printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// For standard output.
    pub data: Data,
    /// For the human, on standard error.
    pub summary: Option<String>,
    /// What should be looked at, a line or a block each, on standard error.
    pub warnings: Vec<String>,
    /// What may be of use to know, a line each, on standard error after the summary.
    pub notes: Vec<String>,
    /// The exit code.
    pub exit: Exit,
}

/// Data for standard output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Data {
    /// Nothing.
    #[default]
    None,
    /// Exact bytes; cleaned only where a terminal would read them.
    Raw(Vec<u8>),
    /// Text, whose lines are ours and whose words may be anybody's.
    Text(String),
    /// Such text whose lines begin with what was done: `+`, `-` or `~`.
    Signed(String),
}

/// Prints to the streams that it was given.
pub struct Printer<'a> {
    /// Standard output.
    pub stdout: &'a mut dyn Write,
    /// Standard error.
    pub stderr: &'a mut dyn Write,
    /// Whether standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// What is coloured.
    pub colours: Colours,
    /// Whether summaries and warnings are left out.
    pub quiet: bool,
}

/// Prints one line of data at once, for a verb that goes on after it.
pub fn announce(line: &str) -> io::Result<()> {
    let mut stdout = io::stdout();
    writeln!(stdout, "{}", clean_line(line))?;
    stdout.flush()
}

/// Says one line on standard error at once, beside everything else: a request, or that a server stands.
pub fn say(line: &str) {
    // Where standard error is closed, there is nobody to tell.
    let _ = writeln!(io::stderr(), "{}", clean_line(line));
}

/// A line in the colour of its sign.
fn signed(line: &str) -> Cow<'_, str> {
    let colour = match line.as_bytes().first() {
        Some(b'+') => "\u{1b}[32m",
        Some(b'-') => "\u{1b}[31m",
        Some(b'~') => "\u{1b}[33m",
        _ => return Cow::Borrowed(line),
    };
    Cow::Owned(format!("{colour}{line}{PLAIN}"))
}

const RED: &str = "\u{1b}[1;31m";
const YELLOW: &str = "\u{1b}[1;33m";
const CYAN: &str = "\u{1b}[1;36m";
const PLAIN: &str = "\u{1b}[0m";

impl Printer<'_> {
    /// Prints what a verb gave back.
    pub fn answer(&mut self, answer: &Answer) -> io::Result<()> {
        // What makes a verb fail is no mere warning, and is said to everybody.
        let fails = !matches!(answer.exit, Exit::Done | Exit::Differs);
        if !self.quiet || fails {
            for warning in &answer.warnings {
                let label = self.label(YELLOW, "warning:");
                writeln!(self.stderr, "{label} {}", clean(warning))?;
            }
        }
        match &answer.data {
            Data::None => {}
            Data::Raw(bytes) if self.stdout_is_terminal => {
                self.stdout.write_all(clean(&String::from_utf8_lossy(bytes)).as_bytes())?;
            }
            Data::Raw(bytes) => self.stdout.write_all(bytes)?,
            Data::Signed(text) if self.colours.data => {
                for line in clean(text).lines() {
                    writeln!(self.stdout, "{}", signed(line))?;
                }
            }
            Data::Text(text) | Data::Signed(text) => self.stdout.write_all(clean(text).as_bytes())?,
        }
        self.stdout.flush()?;
        if let Some(summary) = answer.summary.as_ref().filter(|_| !self.quiet) {
            writeln!(self.stderr, "{}", clean(summary))?;
        }
        for note in answer.notes.iter().filter(|_| !self.quiet) {
            let label = self.label(CYAN, "note:");
            writeln!(self.stderr, "{label} {}", clean_line(note))?;
        }
        self.stderr.flush()
    }

    /// Prints why a verb failed.
    pub fn failure(&mut self, failure: &Failure, as_json: bool) -> io::Result<()> {
        if as_json {
            writeln!(self.stderr, "{}", failure.json())?;
            return self.stderr.flush();
        }
        for block in &failure.blocks {
            writeln!(self.stderr, "{}\n", clean(block))?;
        }
        let label = self.label(RED, "error:");
        writeln!(self.stderr, "{label} {}", clean(&failure.error))?;
        for cause in &failure.causes {
            writeln!(self.stderr, "  cause: {}", clean_line(cause))?;
        }
        if let Some(hint) = &failure.hint {
            let label = self.label(CYAN, "hint:");
            writeln!(self.stderr, "  {label} {}", clean_line(hint))?;
        }
        self.stderr.flush()
    }

    fn label(&self, colour: &str, word: &str) -> String {
        if self.colours.messages { format!("{colour}{word}{PLAIN}") } else { word.to_owned() }
    }
}
