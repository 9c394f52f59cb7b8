//! The report of check: each fault with its file and what to do, or that all is sound.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::json_text;
use crate::cli::ShownFormat;
use crate::output::table::{count, size};
use crate::output::{Answer, Data, Exit, clean_line};
use crate::store::{Fault, Grade};

/// A store was checked.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// How many repositories were looked into.
    pub repositories: u64,
    /// Manifests that are sound.
    pub bundles: u64,
    /// Blobs that were read, and are sound.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What is wrong now.
    pub faults: Vec<CheckedFault>,
    /// Whether it was to be repaired.
    pub is_repair: bool,
    /// Leftovers that are gone.
    pub removed: Vec<PathBuf>,
    /// What was corrupt and was moved, and where to.
    pub quarantined: Vec<(PathBuf, PathBuf)>,
}

/// One fault, and the repository that has it.
#[derive(Clone, Debug)]
pub struct CheckedFault {
    /// The repository; none where it is of the store's folder.
    pub repository: Option<String>,
    /// What is wrong.
    pub fault: Fault,
}

impl CheckedFault {
    fn is_warning(&self) -> bool {
        self.fault.problem.grade() == Grade::Warning
    }

    /// `path: what is wrong [slug]`, whom it concerns, and what to do.
    fn block(&self) -> String {
        let Fault { path, problem, what, todo, bundles, .. } = &self.fault;
        let path = path.display().to_string();
        let first = format!("{}: {} [{}]", clean_line(&path), clean_line(what), problem.slug());
        let bundles = match bundles.join(", ") {
            none if none.is_empty() => none,
            bundles => format!("\n  bundles: {}", clean_line(&bundles)),
        };
        format!("{first}{bundles}\n  to do: {}", clean_line(todo))
    }

    fn json(&self) -> Value {
        let Fault { path, problem, digest, what, todo, bundles } = &self.fault;
        json!({"repository": self.repository, "path": path.display().to_string(), "problem": problem.slug(),
               "digest": digest, "message": what, "hint": todo, "bundles": bundles})
    }
}

impl Checked {
    /// Ready to be printed: faults on standard output, warnings on standard error.
    pub fn answer(self, format: ShownFormat) -> Answer {
        let worst = self.faults.iter().map(|line| line.fault.problem.grade()).max();
        let exit = match worst {
            None | Some(Grade::Warning) => Exit::Done,
            Some(Grade::Unreadable) => Exit::Failed,
            Some(Grade::Broken) => Exit::Corrupt,
        };
        let (warnings, faults): (Vec<_>, Vec<_>) = self.faults.iter().partition(|line| line.is_warning());
        let summary = self.summary(faults.len(), warnings.len());
        let (text, shown) = match format {
            ShownFormat::Text => {
                let blocks: String = faults.iter().map(|line| line.block() + "\n").collect();
                (blocks, warnings.iter().map(|line| line.block()).collect())
            }
            ShownFormat::Json => (json_text(&self.json(&faults, &warnings)), Vec::new()),
        };
        let notes = self.notes();
        Answer { data: Data::Text(text), summary: Some(summary), warnings: shown, notes, exit }
    }

    /// `checked 3 repositories · 12 bundles, 40 blobs, 1.2 MiB · sound`
    fn summary(&self, faults: usize, warnings: usize) -> String {
        let repositories = match self.repositories {
            1 => "1 repository".to_owned(),
            number => format!("{number} repositories"),
        };
        let (bundles, blobs) = (count(self.bundles, "bundle"), count(self.blobs, "blob"));
        let verdict = match (faults, warnings) {
            (0, 0) => "sound".to_owned(),
            (0, warnings) => format!("sound, {}", count(warnings as u64, "warning")),
            (faults, warnings) => {
                format!("{}, {}", count(faults as u64, "fault"), count(warnings as u64, "warning"))
            }
        };
        format!("checked {repositories} · {bundles}, {blobs}, {} · {verdict}", size(self.bytes))
    }

    fn notes(&self) -> Vec<String> {
        let removed = self.removed.iter().map(|path| format!("removed {}", path.display()));
        let moved =
            self.quarantined.iter().map(|(from, to)| format!("moved {} to {}", from.display(), to.display()));
        let mut notes: Vec<String> = removed.chain(moved).collect();
        if self.is_repair && notes.is_empty() {
            notes.push("there was nothing to repair".to_owned());
        }
        notes
    }

    fn json(&self, faults: &[&CheckedFault], warnings: &[&CheckedFault]) -> Value {
        let all = |lines: &[&CheckedFault]| lines.iter().map(|line| line.json()).collect::<Vec<_>>();
        let moved = |(from, to): &(PathBuf, PathBuf)| json!({"from": from.display().to_string(), "to": to.display().to_string()});
        json!({
            "sound": faults.is_empty(),
            "checked": {"repositories": self.repositories, "bundles": self.bundles, "blobs": self.blobs, "bytes": self.bytes},
            "faults": all(faults),
            "warnings": all(warnings),
            "removed": self.removed.iter().map(|path| path.display().to_string()).collect::<Vec<_>>(),
            "quarantined": self.quarantined.iter().map(moved).collect::<Vec<_>>(),
        })
    }
}
