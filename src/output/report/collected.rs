//! The report of gc: what was freed, and what was left.

use serde_json::{Value, json};

use super::json_text;
use crate::cli::ShownFormat;
use crate::output::table::{count, size, table};
use crate::output::{Answer, Data, Exit, Failure};
use crate::store;

/// A store was collected in.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// What was done in each repository.
    pub repositories: Vec<(String, store::Collected)>,
    /// Repositories in which nothing was done, and why.
    pub failed: Vec<Failure>,
    /// Whether nothing was done at all.
    pub dry_run: bool,
    /// The grace period, as it was written.
    pub older: String,
    /// What should be looked at.
    pub warnings: Vec<String>,
}

impl Collected {
    /// Ready to be printed: a line for each repository in which something was freed, and all together as a summary.
    pub fn answer(self, format: ShownFormat) -> Answer {
        let sum = self.sum();
        let text = match format {
            ShownFormat::Text => self.text(),
            ShownFormat::Json => json_text(&self.json(&sum)),
        };
        let (notes, summary) = (self.notes(&sum), self.summary(&sum));
        let failed = self.failed.iter();
        let exit = failed.clone().map(|failure| failure.exit).fold(Exit::Done, Exit::or_worse);
        let warnings = self.warnings.iter().cloned().chain(failed.map(Failure::line)).collect();
        Answer { data: Data::Text(text), summary: Some(summary), warnings, notes, exit }
    }

    fn sum(&self) -> store::Collected {
        let mut sum = store::Collected::default();
        for (_, one) in &self.repositories {
            sum.bundles.extend(one.bundles.iter().cloned());
            sum.tags.extend(one.tags.iter().cloned());
            sum.blobs += one.blobs;
            sum.bytes += one.bytes;
            sum.leftovers += one.leftovers;
            sum.young_blobs += one.young_blobs;
            sum.young_bytes += one.young_bytes;
            sum.young_bundles += one.young_bundles;
            sum.untagged += one.untagged;
        }
        sum
    }

    fn text(&self) -> String {
        let is_freed = |one: &&(String, store::Collected)| {
            one.1.blobs + one.1.leftovers > 0 || !one.1.bundles.is_empty()
        };
        let row = |(name, one): &(String, store::Collected)| {
            vec![name.clone(), one.bundles.len().to_string(), one.blobs.to_string(), size(one.bytes)]
        };
        let rows: Vec<_> = self.repositories.iter().filter(is_freed).map(row).collect();
        if rows.is_empty() {
            String::new()
        } else {
            table(&["REPOSITORY", "BUNDLES", "BLOBS", "SIZE"], &rows)
        }
    }

    /// `freed 1.2 MiB · 2 bundles, 14 blobs · 3 files that killed processes left`
    fn summary(&self, sum: &store::Collected) -> String {
        let done = if self.dry_run { "would free" } else { "freed" };
        let mut parts = vec![format!("{done} {}", size(sum.bytes))];
        parts.push(format!("{}, {}", count(sum.bundles.len() as u64, "bundle"), count(sum.blobs, "blob")));
        if sum.leftovers > 0 {
            parts.push(format!("{} that killed processes left", count(sum.leftovers, "file")));
        }
        parts.join(" · ")
    }

    fn notes(&self, sum: &store::Collected) -> Vec<String> {
        let mut notes = Vec::new();
        let older = &self.older;
        if sum.young_bundles > 0 {
            let bundles = count(sum.young_bundles, "bundle");
            notes.push(format!("kept for now: {bundles} that lost the last tag less than {older} ago"));
        }
        if sum.young_blobs > 0 {
            let (blobs, bytes) = (count(sum.young_blobs, "blob"), size(sum.young_bytes));
            notes.push(format!(
                "kept for now: {blobs}, {bytes}, that no bundle names, younger than {older} or in use"
            ));
        }
        if sum.untagged > 0 {
            let bundles = count(sum.untagged, "bundle");
            notes.push(format!(
                "kept: {bundles} without a tag that another program entered; `torte rm NAME@DIGEST` removes one"
            ));
        }
        notes
    }

    fn json(&self, sum: &store::Collected) -> Value {
        let repository = |(name, one): &(String, store::Collected)| {
            json!({"name": name, "bundles": one.bundles, "tags": one.tags, "blobs": one.blobs, "bytes": one.bytes,
                   "leftovers": one.leftovers, "young": {"bundles": one.young_bundles, "blobs": one.young_blobs, "bytes": one.young_bytes},
                   "untagged": one.untagged})
        };
        json!({
            "freed": {"bundles": sum.bundles.len(), "blobs": sum.blobs, "bytes": sum.bytes, "leftovers": sum.leftovers},
            "young": {"bundles": sum.young_bundles, "blobs": sum.young_blobs, "bytes": sum.young_bytes},
            "repositories": self.repositories.iter().map(repository).collect::<Vec<_>>(),
            "failed": self.failed.iter().map(Failure::json).collect::<Vec<_>>(),
            "dryRun": self.dry_run,
            "warnings": self.warnings,
        })
    }
}
