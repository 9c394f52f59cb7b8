//! The report of inspect: what is inside a bundle.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::json_text;
use crate::cli::ShownFormat;
use crate::oci::{Descriptor, Digest};
use crate::output::table::{count, size, table};
use crate::output::{Answer, Data, Exit, clean_line};

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
    /// HTTP requests that it took.
    pub requests: u64,
    /// Layers whose content could not be read.
    pub warnings: Vec<String>,
}

/// A manifest that an index lists.
#[derive(Clone, Debug)]
pub struct Child {
    /// Its descriptor.
    pub manifest: Descriptor,
    /// What it is for, in words.
    pub about: String,
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
}

/// What a layer holds.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// Its flags.
    pub flags: Vec<Flag>,
    /// The keys of its segments.
    pub segments: Vec<String>,
}

/// One flag.
#[derive(Clone, Debug)]
pub struct Flag {
    /// Its key.
    pub key: String,
    /// `variant` or `boolean`.
    pub kind: String,
    /// Whether it is on.
    pub enabled: bool,
    /// The keys of its variants.
    pub variants: Vec<String>,
}

impl Inspected {
    /// Ready to be printed; `with_flags` shows each flag.
    pub fn answer(self, format: ShownFormat, with_flags: bool) -> Answer {
        let text = match format {
            ShownFormat::Text => self.text(with_flags),
            ShownFormat::Json => json_text(&self.json()),
        };
        Answer { data: Data::Text(text), summary: None, warnings: self.warnings, exit: Exit::Done }
    }

    fn text(&self, with_flags: bool) -> String {
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
        if !self.layers.is_empty() {
            out.push('\n');
            out.push_str(&self.layer_table());
        }
        if !self.children.is_empty() {
            let rows: Vec<_> = self.children.iter().map(child_row).collect();
            out.push('\n');
            out.push_str(&table(&["DIGEST", "SIZE", "MANIFEST"], &rows));
        }
        if with_flags {
            for layer in &self.layers {
                out.push_str(&flags_of(layer));
            }
        }
        out
    }

    fn layer_table(&self) -> String {
        let counted = self.layers.iter().any(|layer| layer.contents.is_some());
        let row = |layer: &LayerLine| {
            let mut row = vec![
                layer.namespace.clone().unwrap_or_else(|| format!("({})", layer.descriptor.media_type)),
                layer.descriptor.digest.short().to_owned(),
                size(layer.descriptor.size),
            ];
            if counted {
                let contents = layer.contents.as_ref();
                let number = |of: fn(&Contents) -> usize| {
                    contents.map_or_else(|| "?".to_owned(), |contents| of(contents).to_string())
                };
                row.extend([number(|it| it.flags.len()), number(|it| it.segments.len())]);
            }
            row
        };
        let rows: Vec<_> = self.layers.iter().map(row).collect();
        if counted {
            table(&["NAMESPACE", "DIGEST", "SIZE", "FLAGS", "SEGMENTS"], &rows)
        } else {
            table(&["NAMESPACE", "DIGEST", "SIZE"], &rows)
        }
    }

    fn json(&self) -> Value {
        json!({
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
            "requests": self.requests,
            "warnings": self.warnings,
        })
    }
}

fn child_row(child: &Child) -> Vec<String> {
    vec![child.manifest.digest.short().to_owned(), size(child.manifest.size), child.about.clone()]
}

fn child_json(child: &Child) -> Value {
    let Child { manifest, about } = child;
    json!({"digest": manifest.digest, "size": manifest.size, "mediaType": manifest.media_type,
           "platform": manifest.platform, "about": about})
}

fn layer_json(layer: &LayerLine) -> Value {
    let Descriptor { digest, size, media_type, .. } = &layer.descriptor;
    let objects = layer.contents.as_ref().map(|contents| {
        let flag = |flag: &Flag| {
            json!({"key": flag.key, "type": flag.kind, "enabled": flag.enabled, "variants": flag.variants})
        };
        json!({"flags": contents.flags.iter().map(flag).collect::<Vec<_>>(), "segments": contents.segments})
    });
    json!({"namespace": layer.namespace, "digest": digest, "size": size, "mediaType": media_type, "objects": objects})
}

fn flags_of(layer: &LayerLine) -> String {
    let (Some(contents), Some(namespace)) = (&layer.contents, &layer.namespace) else {
        return String::new();
    };
    let rows: Vec<Vec<String>> = contents.flags.iter().map(flag_row).collect();
    let mut out = format!("\n{}\n", clean_line(namespace));
    if !rows.is_empty() {
        out.push_str(&table(&["FLAG", "TYPE", "STATE", "VARIANTS"], &rows));
    }
    if !contents.segments.is_empty() {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "segments: {}", clean_line(&contents.segments.join(", ")));
    }
    out
}

fn flag_row(flag: &Flag) -> Vec<String> {
    let state = if flag.enabled { "enabled" } else { "disabled" };
    vec![flag.key.clone(), flag.kind.clone(), state.to_owned(), flag.variants.join(", ")]
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
    let part = |key: &str| child.platform.as_ref().and_then(|platform| platform[key].as_str());
    match (part("os"), part("architecture")) {
        (Some(os), Some(architecture)) => format!("{os}/{architecture}"),
        _ => child.artifact_type.clone().unwrap_or_else(|| child.media_type.clone()),
    }
}
