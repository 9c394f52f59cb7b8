//! The report of list: the local store's bundles, or a remote repository's tags.

use serde_json::{Value, json};

use super::json_text;
use crate::cli::ShownFormat;
use crate::oci::{Digest, Tag};
use crate::output::table::table;
use crate::output::{Answer, Data};

/// The bundles of the local store.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// The repositories, sorted.
    pub repositories: Vec<RepositoryLine>,
    /// What could not be read, and what may be wanted.
    pub warnings: Vec<String>,
}

/// One repository.
#[derive(Clone, Debug)]
pub struct RepositoryLine {
    /// Its name.
    pub name: String,
    /// Its entries, tagged ones first, sorted.
    pub entries: Vec<Entry>,
}

/// One bundle under one tag, or under none.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The tag.
    pub tag: Option<Tag>,
    /// The digest.
    pub digest: Digest,
    /// What the bundle holds, where torte knows.
    pub kind: Option<&'static str>,
    /// When the tag was set, in RFC 3339, where that is known.
    pub set: Option<String>,
}

impl Listed {
    /// Ready to be printed.
    pub fn answer(self, format: ShownFormat) -> Answer {
        let text = match format {
            ShownFormat::Text => self.text(),
            ShownFormat::Json => json_text(&self.json()),
        };
        Answer { data: Data::Text(text), summary: None, warnings: self.warnings, ..Answer::default() }
    }

    fn text(&self) -> String {
        let rows: Vec<Vec<String>> = self
            .repositories
            .iter()
            .flat_map(|repository| {
                repository.entries.iter().map(|entry| {
                    vec![
                        entry.digest.short().to_owned(),
                        repository.name.clone(),
                        entry.tag.as_ref().map(Tag::to_string).unwrap_or_default(),
                        entry.set.clone().unwrap_or_default(),
                        entry.kind.unwrap_or_default().to_owned(),
                    ]
                })
            })
            .collect();
        table(&["DIGEST", "REPOSITORY", "TAG", "SET", "KIND"], &rows)
    }

    fn json(&self) -> Value {
        let entry = |entry: &Entry| json!({"tag": entry.tag, "digest": entry.digest, "kind": entry.kind, "set": entry.set});
        let repository = |line: &RepositoryLine| json!({"name": line.name, "tags": line.entries.iter().map(entry).collect::<Vec<_>>()});
        json!({
            "repositories": self.repositories.iter().map(repository).collect::<Vec<_>>(),
            "warnings": self.warnings,
        })
    }
}

/// The tags of a remote repository.
#[derive(Clone, Debug)]
pub struct RemoteTags {
    /// The repository, as a user writes it.
    pub name: String,
    /// Its tags, with digests where they were asked for.
    pub tags: Vec<(Tag, Option<Digest>)>,
}

impl RemoteTags {
    /// Ready to be printed.
    pub fn answer(self, format: ShownFormat) -> Answer {
        let text = match format {
            ShownFormat::Text => self.tags.iter().flat_map(|(tag, _)| [tag.as_str(), "\n"]).collect(),
            ShownFormat::Json => {
                let tags: Vec<Value> = self
                    .tags
                    .iter()
                    .map(|(tag, digest)| json!({"tag": tag, "digest": digest, "kind": null, "set": null}))
                    .collect();
                json_text(&json!({"repositories": [{"name": self.name, "tags": tags}], "warnings": []}))
            }
        };
        Answer { data: Data::Text(text), ..Answer::default() }
    }
}
