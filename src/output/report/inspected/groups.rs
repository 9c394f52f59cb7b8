//! Why each file of a bundle is in its layer, as `inspect --explain` shows it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::output::clean_line;
use crate::output::table::{size, table};

/// One group: a layer, and what went into it.
#[derive(Clone, Debug)]
pub struct GroupLine {
    /// Its name.
    pub name: String,
    /// The groups that it cannot do without.
    pub requires: Vec<String>,
    /// Its files.
    pub files: Vec<FileLine>,
}

/// One file.
#[derive(Clone, Debug)]
pub struct FileLine {
    /// Its path.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// Why it is in this group: a stable slug.
    pub reason: String,
    /// The same in words.
    pub words: String,
}

impl GroupLine {
    pub(super) fn text(&self) -> String {
        let mut out = format!("\n{}", clean_line(&self.name));
        if !self.requires.is_empty() {
            // Writing to a String cannot fail.
            let _ = write!(out, " (needs {})", clean_line(&self.requires.join(", ")));
        }
        out.push('\n');
        let row = |file: &FileLine| vec![file.path.clone(), size(file.size), file.words.clone()];
        let rows: Vec<_> = self.files.iter().map(row).collect();
        out.push_str(&table(&["FILE", "SIZE", "WHY"], &rows));
        out
    }

    pub(super) fn json(&self) -> Value {
        let file = |file: &FileLine| json!({"path": file.path, "size": file.size, "reason": file.reason});
        json!({
            "name": self.name,
            "requires": self.requires,
            "files": self.files.iter().map(file).collect::<Vec<_>>(),
        })
    }
}
