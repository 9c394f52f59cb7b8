//! What is attached to a bundle, in words, as a table and as JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::oci::{Descriptor, Tag};
use crate::output::table::{count, size, table};
use crate::repository::attach::{Nature, What};

/// One thing that is attached.
#[derive(Clone, Debug)]
pub struct AttachedLine {
    /// What it claims to be.
    pub nature: Nature,
    /// Its manifest, described.
    pub manifest: Descriptor,
    /// The tag of cosign's under which it stands.
    pub tag: Option<Tag>,
    /// Why its manifest cannot be had.
    pub problem: Option<String>,
    /// What refers to it, where that was asked for.
    pub below: Option<Vec<Self>>,
}

/// How many things that are attached a copy took along, and how many it left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachments {
    /// The first in words.
    pub taken: String,
    /// How many are at the destination now.
    pub taken_count: u64,
    /// How many are not, as far as is known.
    pub behind: u64,
}

impl Attachments {
    /// Counts what was taken.
    pub fn of(taken: &[Nature], behind: u64) -> Self {
        let taken_count = taken.iter().map(|nature| nature.count).sum();
        Self { taken: in_words(taken), taken_count, behind }
    }

    pub(in crate::output::report) fn json(&self) -> Value {
        json!({"taken": self.taken_count, "behind": self.behind})
    }
}

/// `2 signatures, 1 attestation`
pub fn in_words(natures: &[Nature]) -> String {
    let mut counts: BTreeMap<What, u64> = BTreeMap::new();
    for nature in natures {
        *counts.entry(nature.what).or_default() += nature.count;
    }
    counts.into_iter().map(|(what, number)| counted(what, number)).collect::<Vec<_>>().join(", ")
}

fn counted(what: What, number: u64) -> String {
    match what {
        What::Signature => count(number, "signature"),
        What::Attestation => count(number, "attestation"),
        What::SignatureOrAttestation if number == 1 => "1 signature or attestation".to_owned(),
        What::SignatureOrAttestation => format!("{number} signatures or attestations"),
        What::Sbom => count(number, "SBOM"),
        What::Other => count(number, "other thing"),
    }
}

const fn slug(what: What) -> &'static str {
    match what {
        What::Signature => "signature",
        What::Attestation => "attestation",
        What::SignatureOrAttestation => "signature-or-attestation",
        What::Sbom => "sbom",
        What::Other => "other",
    }
}

/// Each kind on a line of its own: `2 signatures in cosign's form`, `1 attestation in cosign's form (https://slsa.dev/provenance/v1)`.
pub(super) fn facts(lines: &[AttachedLine]) -> Vec<String> {
    let mut counts: BTreeMap<(What, Option<&str>, &[String]), u64> = BTreeMap::new();
    for AttachedLine { nature, .. } in lines {
        *counts.entry((nature.what, nature.by, &nature.types)).or_default() += nature.count;
    }
    counts
        .into_iter()
        .map(|((what, by, types), number)| format!("{}{}", counted(what, number), origin(by, types)))
        .collect()
}

fn origin(by: Option<&str>, types: &[String]) -> String {
    let by = by.map(|by| format!(" in {by}'s form")).unwrap_or_default();
    if types.is_empty() { by } else { format!("{by} ({})", types.join(", ")) }
}

/// The lines as a tree, what refers to a line indented below it.
pub(super) fn tree(title: &str, lines: &[AttachedLine]) -> String {
    let mut rows = Vec::new();
    push_rows(lines, 0, &mut rows);
    format!("\n{}", table(&["DIGEST", "SIZE", title], &rows))
}

fn push_rows(lines: &[AttachedLine], depth: usize, rows: &mut Vec<Vec<String>>) {
    for line in lines {
        let Nature { what, by, types, count } = &line.nature;
        let mut words = format!("{}{}{}", "  ".repeat(depth), counted(*what, *count), origin(*by, types));
        if let Some(tag) = &line.tag {
            words.extend([", tag ", tag.as_str()]);
        }
        if let Some(problem) = &line.problem {
            words.extend([": ", problem]);
        }
        rows.push(vec![line.manifest.digest.short().to_owned(), size(line.manifest.size), words]);
        push_rows(line.below.as_deref().unwrap_or_default(), depth + 1, rows);
    }
}

pub(super) fn json(lines: &[AttachedLine]) -> Value {
    lines.iter().map(line_json).collect()
}

fn line_json(line: &AttachedLine) -> Value {
    let Descriptor { digest, size, media_type, artifact_type, annotations, .. } = &line.manifest;
    let Nature { what, by, types, count } = &line.nature;
    let mut object = json!({
        "digest": digest, "size": size, "mediaType": media_type, "artifactType": artifact_type,
        "annotations": annotations, "what": slug(*what), "by": by, "types": types, "count": count,
        "tag": line.tag, "problem": line.problem,
    });
    if let Some(below) = &line.below {
        object["referrers"] = json(below);
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nature(what: What, count: u64) -> Nature {
        Nature { what, by: None, types: Vec::new(), count }
    }

    #[test]
    fn what_is_alike_is_counted_together() {
        let natures = [
            nature(What::Other, 1),
            nature(What::Signature, 1),
            nature(What::Signature, 2),
            nature(What::SignatureOrAttestation, 2),
        ];
        assert_eq!(in_words(&natures), "3 signatures, 2 signatures or attestations, 1 other thing");
    }
}
