//! The report of list: the local store's bundles, or a remote repository's tags.

use serde_json::{Value, json};

use super::json_text;
use crate::cli::ShownFormat;
use crate::oci::{Digest, Range, Tag};
use crate::output::table::{count, table};
use crate::output::{Answer, Data};

/// The bundles of the local store.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// The repositories, sorted.
    pub repositories: Vec<RepositoryLine>,
    /// The range that the tags were chosen by, newest first.
    pub range: Option<Range>,
    /// What could not be read, and what may be wanted.
    pub warnings: Vec<String>,
}

/// One repository.
#[derive(Clone, Debug)]
pub struct RepositoryLine {
    /// Its name.
    pub name: String,
    /// Its entries, in the order in which they are shown.
    pub entries: Vec<Entry>,
    /// How many there were to choose from.
    pub counts: Counts,
    /// How many manifests are no bundles, but attached to one; nobody looks for those of a registry.
    pub attached: Option<usize>,
}

/// How many entries there were before only some of them were shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All bundles of the repository, those without a tag too.
    pub total: usize,
    /// Those in the range; all where there is none.
    pub matching: usize,
}

impl Counts {
    /// Says what is not shown, if something is not; and that without a range the order says nothing of age.
    fn summary(self, shown: usize, range: Option<&Range>) -> Option<String> {
        let Self { total, matching } = self;
        match range {
            Some(range) if matching == 0 => Some(format!("none of {total} is a version in `{range}`")),
            Some(range) if shown < matching => Some(format!("the newest {shown} of {matching} in `{range}`")),
            None if shown < matching => Some(format!(
                "the first {shown} of {total} by name; with `--semver '*'` the newest come first"
            )),
            _ => None,
        }
    }
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
        let mut counts = Counts::default();
        for line in &self.repositories {
            counts.total += line.counts.total;
            counts.matching += line.counts.matching;
        }
        let shown = self.repositories.iter().map(|line| line.entries.len()).sum();
        let summary = counts.summary(shown, self.range.as_ref());
        let attached: usize = self.repositories.iter().filter_map(|line| line.attached).sum();
        let (is, them) = if attached == 1 { ("is", "it") } else { ("are", "them") };
        let note = format!(
            "{} {is} attached to these, such as a signature; `torte inspect REF --referrers` shows {them}",
            count(attached as u64, "manifest")
        );
        let notes = (attached > 0).then_some(note).into_iter().collect();
        Answer { data: Data::Text(text), summary, warnings: self.warnings, notes, ..Answer::default() }
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
        let repository = |line: &RepositoryLine| {
            repository_json(&line.name, line.entries.iter().map(entry), line.counts, line.attached)
        };
        json!({
            "repositories": self.repositories.iter().map(repository).collect::<Vec<_>>(),
            "warnings": self.warnings,
        })
    }
}

fn repository_json(
    name: &str,
    tags: impl Iterator<Item = Value>,
    counts: Counts,
    attached: Option<usize>,
) -> Value {
    let Counts { total, matching } = counts;
    let tags: Vec<_> = tags.collect();
    json!({"name": name, "tags": tags, "total": total, "matching": matching, "attached": attached})
}

/// The tags of a remote repository.
#[derive(Clone, Debug)]
pub struct RemoteTags {
    /// The repository, as a user writes it.
    pub name: String,
    /// Its tags, in the order in which they are shown, with digests where they were asked for.
    pub tags: Vec<(Tag, Option<Digest>)>,
    /// How many there were to choose from.
    pub counts: Counts,
    /// The range that they were chosen by, newest first.
    pub range: Option<Range>,
}

impl RemoteTags {
    /// Ready to be printed.
    pub fn answer(self, format: ShownFormat) -> Answer {
        let text = match format {
            ShownFormat::Text => self.tags.iter().flat_map(|(tag, _)| [tag.as_str(), "\n"]).collect(),
            ShownFormat::Json => {
                let tag = |(tag, digest): &(Tag, Option<Digest>)| json!({"tag": tag, "digest": digest, "kind": null, "set": null});
                let repository = repository_json(&self.name, self.tags.iter().map(tag), self.counts, None);
                json_text(&json!({"repositories": [repository], "warnings": []}))
            }
        };
        let summary = self.counts.summary(self.tags.len(), self.range.as_ref());
        Answer { data: Data::Text(text), summary, ..Answer::default() }
    }
}
