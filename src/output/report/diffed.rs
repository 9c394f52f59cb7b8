//! The report of diff: which namespaces differ, which objects in them, and in what.

use crate::cli::DiffFormat;
use crate::kinds::{Change, Nature, Object};
use crate::oci::Digest;
use crate::output::table::{count, size};
use crate::output::{Answer, Data, Exit};

mod json;
mod rows;

/// Two bundles or directories, compared.
#[derive(Clone, Debug)]
pub struct Diffed {
    /// What both hold.
    pub kind: &'static str,
    /// What was compared, and with what.
    pub sides: [Named; 2],
    /// The namespaces that differ, sorted.
    pub namespaces: Vec<Differing>,
    /// How many namespaces the two have together.
    pub compared: u64,
    /// What it cost.
    pub cost: Cost,
    /// Other things to know.
    pub warnings: Vec<String>,
}

/// One side of a comparison.
#[derive(Clone, Debug)]
pub struct Named {
    /// The reference, or the directory as it was given.
    pub name: String,
    /// The digest of a bundle; a directory has none.
    pub digest: Option<Digest>,
}

/// A namespace that differs.
#[derive(Clone, Debug)]
pub struct Differing {
    /// Its name.
    pub name: String,
    /// What happened to it.
    pub nature: Nature,
    /// All changes, exact.
    pub changes: Vec<Change>,
    /// The same in words, object by object.
    pub objects: Vec<Object>,
}

/// What a comparison cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// Layers that were read: those that came from registries, or from the disk where no side is remote.
    pub layers: u64,
    /// Their bytes.
    pub bytes: u64,
    /// HTTP requests.
    pub requests: u64,
    /// Whether a side is remote.
    pub is_remote: bool,
}

impl Diffed {
    /// Ready to be printed; with `stat` a line for each namespace, and with `tells_by_exit` an exit code of its own where
    /// the two differ.
    pub fn answer(self, format: DiffFormat, stat: bool, tells_by_exit: bool) -> Answer {
        let data = match (format, stat) {
            (DiffFormat::Text, false) => Data::Signed(rows::text(&rows::changes(&self))),
            (DiffFormat::Text, true) => Data::Signed(rows::text(&rows::counts(&self))),
            (DiffFormat::Json, _) => Data::Text(json::text(&self)),
            (DiffFormat::Markdown, false) => Data::Text(self.markdown(&rows::changes(&self))),
            (DiffFormat::Markdown, true) => Data::Text(self.markdown(&rows::counts(&self))),
        };
        let differs = !self.namespaces.is_empty();
        let exit = if differs && tells_by_exit { Exit::Differs } else { Exit::Done };
        Answer { data, summary: Some(self.summary()), exit, warnings: self.warnings, ..Answer::default() }
    }

    fn markdown(&self, rows: &rows::Rows) -> String {
        let [from, to] = [0, 1].map(|side| rows::code(&self.sides[side].name));
        let title = format!("### {}\n\n{from} → {to}\n", self.outcome());
        if self.namespaces.is_empty() { title } else { title + "\n" + &rows::fenced(rows) }
    }

    /// `3 of 41 namespaces differ`
    fn outcome(&self) -> String {
        match self.namespaces.len() {
            0 => format!("no differences in {}", count(self.compared, "namespace")),
            1 => format!("1 of {} differs", count(self.compared, "namespace")),
            many => format!("{many} of {} differ", count(self.compared, "namespace")),
        }
    }

    /// `3 of 41 namespaces differ · 3 layers, 2.1 KiB fetched · 5 requests`
    fn summary(&self) -> String {
        let Cost { layers, bytes, requests, is_remote } = self.cost;
        let mut parts = vec![self.outcome()];
        if layers > 0 {
            let verb = if is_remote { "fetched" } else { "read" };
            parts.push(format!("{}, {} {verb}", count(layers, "layer"), size(bytes)));
        }
        if requests > 0 {
            parts.push(count(requests, "request"));
        }
        parts.join(" · ")
    }
}
