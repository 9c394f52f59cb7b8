//! The report of inspect: what is inside a bundle.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::json_text;
use crate::cli::ShownFormat;
use crate::oci::{Descriptor, Digest};
use crate::output::table::{count, size, table};
use crate::output::{Answer, Data, clean_line};

mod contents;
mod groups;
mod referrers;

pub use contents::{Contents, Flag};
pub use groups::{FileLine, GroupLine};
pub use referrers::{AttachedLine, Attachments, in_words};

/// A bundle, looked into.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// The reference that was given, whole.
    pub reference: String,
    /// The manifest, described.
    pub manifest: Descriptor,
    /// What the bundle holds, where torte knows.
    pub kind: Option<&'static str>,
    /// The tags that were asked by.
    pub tags: Vec<String>,
    /// The manifest's artifact type.
    pub artifact_type: Option<String>,
    /// The manifest's annotations.
    pub annotations: BTreeMap<String, String>,
    /// The layers, in order.
    pub layers: Vec<LayerLine>,
    /// The manifests that an index lists.
    pub children: Vec<Child>,
    /// What is attached to it; `None` where that could not be had.
    pub attached: Option<Vec<AttachedLine>>,
    /// Whether all that is attached was followed, so that it is shown as a tree.
    pub is_followed: bool,
    /// Why each file is where it is, if that was asked for.
    pub groups: Option<Vec<GroupLine>>,
    /// HTTP requests that it took.
    pub requests: u64,
    /// Layers whose content could not be read.
    pub warnings: Vec<String>,
    /// What was not looked at.
    pub notes: Vec<String>,
}

/// A manifest that an index lists.
#[derive(Clone, Debug)]
pub struct Child {
    /// Its descriptor.
    pub manifest: Descriptor,
    /// What it is for, in words.
    pub about: String,
    /// What is attached to it, where that was asked for.
    pub attached: Option<Vec<AttachedLine>>,
}

/// One layer.
#[derive(Clone, Debug)]
pub struct LayerLine {
    /// The layer, described.
    pub descriptor: Descriptor,
    /// Its namespace.
    pub namespace: Option<String>,
    /// What it holds, if it was read.
    pub contents: Option<Contents>,
    /// Whether it is the whole of which the other layers are the parts, and so is not read.
    pub is_whole: bool,
}

impl Inspected {
    /// Ready to be printed; `in_detail` shows each flag or kind of object.
    pub fn answer(self, format: ShownFormat, in_detail: bool) -> Answer {
        let text = match format {
            ShownFormat::Text => self.text(in_detail),
            ShownFormat::Json => json_text(&self.json()),
        };
        Answer { data: Data::Text(text), warnings: self.warnings, notes: self.notes, ..Answer::default() }
    }

    fn text(&self, in_detail: bool) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let mut fact = |name: &str, value: &str| {
            let _ = writeln!(out, "{name:<12}{}", clean_line(value));
        };
        fact("reference", &self.reference);
        fact("digest", &self.manifest.digest.to_string());
        fact("kind", self.kind.unwrap_or("unknown"));
        fact("type", self.artifact_type.as_deref().unwrap_or(&self.manifest.media_type));
        let content: u64 = self.layers.iter().map(|layer| layer.descriptor.size).sum();
        fact("size", &format!("{} in {}", size(content), count(self.layers.len() as u64, "layer")));
        for (key, value) in &self.annotations {
            fact("annotation", &format!("{key}={value}"));
        }
        for words in referrers::facts(self.attached.as_deref().unwrap_or_default()) {
            fact("attached", &words);
        }
        if !self.layers.is_empty() {
            out.push('\n');
            out.push_str(&self.layer_table());
        }
        if !self.children.is_empty() {
            let rows: Vec<_> = self.children.iter().map(child_row).collect();
            out.push('\n');
            out.push_str(&table(&["DIGEST", "SIZE", "MANIFEST"], &rows));
        }
        if self.is_followed {
            out.push_str(&self.attached_tables());
        }
        for layer in self.layers.iter().filter(|_| in_detail) {
            if let (Some(contents), Some(name)) = (&layer.contents, layer.name()) {
                out.push_str(&contents.detail(name));
            }
        }
        for group in self.groups.iter().flatten() {
            out.push_str(&group.text());
        }
        out
    }

    fn attached_tables(&self) -> String {
        let own = self.attached.iter().map(|lines| ("ATTACHED".to_owned(), lines));
        let title =
            |child: &Child| format!("ATTACHED TO {} ({})", child.manifest.digest.short(), child.about);
        let below = self.children.iter().filter_map(|child| Some((title(child), child.attached.as_ref()?)));
        let tables = own.chain(below).filter(|(_, lines)| !lines.is_empty());
        tables.map(|(title, lines)| referrers::tree(&clean_line(&title), lines)).collect()
    }

    fn layer_table(&self) -> String {
        let found = self.layers.iter().find_map(|layer| layer.contents.as_ref());
        let columns = found.map(Contents::columns).unwrap_or_default();
        let row = |layer: &LayerLine| {
            let name =
                layer.name().map_or_else(|| format!("({})", layer.descriptor.media_type), str::to_owned);
            let mut row = vec![name, layer.descriptor.digest.short().to_owned(), size(layer.descriptor.size)];
            let unknown = if layer.is_whole { "" } else { "?" };
            match &layer.contents {
                Some(contents) => row.extend(contents.cells()),
                None => row.extend(columns.iter().map(|_| unknown.to_owned())),
            }
            row
        };
        let rows: Vec<_> = self.layers.iter().map(row).collect();
        let header: Vec<&str> =
            ["NAMESPACE", "DIGEST", "SIZE"].into_iter().chain(columns.iter().copied()).collect();
        table(&header, &rows)
    }

    fn json(&self) -> Value {
        let mut object = json!({
            "reference": self.reference,
            "digest": self.manifest.digest,
            "mediaType": self.manifest.media_type,
            "size": self.manifest.size,
            "kind": self.kind,
            "tags": self.tags,
            "artifactType": self.artifact_type,
            "annotations": self.annotations,
            "layers": self.layers.iter().map(layer_json).collect::<Vec<_>>(),
            "manifests": self.children.iter().map(child_json).collect::<Vec<_>>(),
            "referrers": self.attached.as_deref().map(referrers::json),
            "requests": self.requests,
            "warnings": self.warnings,
        });
        if let Some(groups) = &self.groups {
            object["groups"] = groups.iter().map(GroupLine::json).collect();
        }
        object
    }
}

impl LayerLine {
    fn name(&self) -> Option<&str> {
        if self.is_whole { Some("(the complete tree)") } else { self.namespace.as_deref() }
    }
}

fn child_row(child: &Child) -> Vec<String> {
    vec![child.manifest.digest.short().to_owned(), size(child.manifest.size), child.about.clone()]
}

fn child_json(child: &Child) -> Value {
    let Child { manifest, about, attached } = child;
    let mut object = json!({"digest": manifest.digest, "size": manifest.size, "mediaType": manifest.media_type,
                            "platform": manifest.platform, "about": about});
    if let Some(attached) = attached {
        object["referrers"] = referrers::json(attached);
    }
    object
}

fn layer_json(layer: &LayerLine) -> Value {
    let Descriptor { digest, size, media_type, .. } = &layer.descriptor;
    let objects = layer.contents.as_ref().map(Contents::json);
    json!({"namespace": layer.namespace, "digest": digest, "size": size, "mediaType": media_type, "objects": objects})
}

/// What a manifest in an index is for: its platform, or that it attests another one.
pub fn about(child: &Descriptor) -> String {
    let attests: Option<Digest> = child
        .annotation("vnd.docker.reference.digest")
        .filter(|_| child.annotation("vnd.docker.reference.type") == Some("attestation-manifest"))
        .and_then(|digest| digest.parse().ok());
    if let Some(digest) = attests {
        return format!("attestation of {}", digest.short());
    }
    match &child.platform {
        Some(platform) if !platform.os.is_empty() && !platform.architecture.is_empty() => {
            format!("{}/{}", platform.os, platform.architecture)
        }
        _ => child.artifact_type.clone().unwrap_or_else(|| child.media_type.clone()),
    }
}
