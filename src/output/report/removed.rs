//! The report of rm: what is gone, and what is left of it.

use serde_json::{Value, json};

use super::json_text;
use crate::cli::ShownFormat;
use crate::oci::{Digest, Reference, Tag};
use crate::output::table::count;
use crate::output::{Answer, Data, Exit, Failure};

/// Things were removed.
#[derive(Clone, Debug, Default)]
pub struct Removed {
    /// What is gone, in the order of the command line.
    pub removed: Vec<RemovedLine>,
    /// What could not be removed.
    pub failed: Vec<Failure>,
    /// Whether nothing was done.
    pub dry_run: bool,
    /// HTTP requests.
    pub requests: u64,
}

/// One thing that was removed.
#[derive(Clone, Debug)]
pub struct RemovedLine {
    /// As it was named.
    pub reference: String,
    /// The bundle.
    pub digest: Digest,
    /// Tags that are gone.
    pub tags: Vec<Tag>,
    /// Manifests that were about it: gone with it in a store, and told of where a registry has them.
    pub referrers: Vec<Digest>,
    /// Whether a whole bundle of a registry is meant.
    pub is_remote: bool,
    /// What is left.
    pub left: Left,
}

/// What is left of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Left {
    /// The bundle, for the registry to keep or to drop.
    #[default]
    AtRegistry,
    /// Nothing but content, until it is collected.
    Content,
    /// Nothing.
    Nothing,
    /// The bundle, because its digest was pulled.
    Pinned,
    /// The bundle, under these tags.
    Tags(Vec<Tag>),
    /// The bundle, without a tag, until it is collected.
    Untagged,
}

impl RemovedLine {
    /// Something that was named so, of which nothing else is known yet.
    pub fn of(reference: &Reference, digest: Digest) -> Self {
        let reference = reference.to_string();
        let (tags, referrers) = (Vec::new(), Vec::new());
        Self { reference, digest, tags, referrers, is_remote: false, left: Left::default() }
    }

    fn json(&self) -> Value {
        let keeps = match &self.left {
            Left::Tags(tags) => tags.iter().map(Tag::to_string).collect(),
            _ => Vec::new(),
        };
        json!({
            "reference": self.reference,
            "digest": self.digest,
            "tags": self.tags,
            "referrers": self.referrers,
            "left": match self.left {
                Left::AtRegistry => "bundle",
                Left::Content => "content",
                Left::Nothing => "nothing",
                Left::Pinned => "pinned",
                Left::Tags(_) => "tags",
                Left::Untagged => "untagged",
            },
            "leftTags": keeps,
        })
    }

    /// `removed app:v1 · sha256:0123456789ab is still tagged v2`
    fn line(&self, done: &str) -> String {
        let short = self.digest.short();
        let mut parts = vec![format!("{done} {}", self.reference)];
        let is_bundle = matches!(self.left, Left::Content) || self.is_remote;
        if is_bundle && !self.tags.is_empty() {
            parts.push(format!("with its tags {}", joined(&self.tags)));
        }
        if !self.referrers.is_empty() {
            let number = count(self.referrers.len() as u64, "manifest");
            parts.push(if self.is_remote {
                format!("{number} about it, which the registry keeps or drops")
            } else {
                format!("with {number} about it")
            });
        }
        match &self.left {
            Left::AtRegistry if self.tags.is_empty() => {}
            Left::AtRegistry => parts.push(format!("it was {short}")),
            Left::Content => parts.push("`torte gc` frees its content".to_owned()),
            Left::Nothing if self.is_remote => {}
            Left::Nothing => parts.push(format!("the registry has {short} no longer")),
            Left::Pinned => {
                parts.push(format!("{short} was pulled by its digest, and stays until that is removed"));
            }
            Left::Tags(tags) => parts.push(format!("{short} is still tagged {}", joined(tags))),
            Left::Untagged => {
                parts.push(format!("no tag is left of {short}; `torte gc` frees it after a day"));
            }
        }
        parts.join(" · ")
    }
}

fn joined(tags: &[Tag]) -> String {
    tags.iter().map(Tag::as_str).collect::<Vec<_>>().join(", ")
}

impl Removed {
    /// Ready to be printed.
    pub fn answer(self, format: ShownFormat) -> Answer {
        let data = match format {
            ShownFormat::Text => Data::None,
            ShownFormat::Json => Data::Text(json_text(&json!({
                "removed": self.removed.iter().map(RemovedLine::json).collect::<Vec<_>>(),
                "failed": self.failed.iter().map(Failure::json).collect::<Vec<_>>(),
                "dryRun": self.dry_run,
                "requests": self.requests,
                "warnings": [],
            }))),
        };
        let done = if self.dry_run { "would remove" } else { "removed" };
        let mut lines: Vec<String> = self.removed.iter().map(|line| line.line(done)).collect();
        if let Some(last) = lines.last_mut().filter(|_| self.requests > 0) {
            last.extend([" · ", &count(self.requests, "request")]);
        }
        Answer {
            data,
            summary: (!lines.is_empty()).then(|| lines.join("\n")),
            warnings: self.failed.iter().map(Failure::line).collect(),
            exit: self.failed.iter().map(|failure| failure.exit).fold(Exit::Done, Exit::or_worse),
            ..Answer::default()
        }
    }
}
