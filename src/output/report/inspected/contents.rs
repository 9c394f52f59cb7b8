//! What a layer holds, as inspect shows it: flags, or objects by namespace and kind.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::output::clean_line;
use crate::output::table::table;

/// What a layer holds.
#[derive(Clone, Debug)]
pub enum Contents {
    /// Feature flags.
    Flags {
        /// The flags.
        flags: Vec<Flag>,
        /// The keys of the segments.
        segments: Vec<String>,
    },
    /// Objects of Kubernetes.
    Objects {
        /// How many files it has.
        files: u64,
        /// How many objects of each kind, by namespace.
        namespaces: BTreeMap<String, BTreeMap<String, u64>>,
    },
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

impl Contents {
    /// The heads of its columns.
    pub(super) fn columns(&self) -> &'static [&'static str] {
        match self {
            Self::Flags { .. } => &["FLAGS", "SEGMENTS"],
            Self::Objects { .. } => &["FILES", "OBJECTS"],
        }
    }

    /// What stands in these columns.
    pub(super) fn cells(&self) -> Vec<String> {
        match self {
            Self::Flags { flags, segments } => vec![flags.len().to_string(), segments.len().to_string()],
            Self::Objects { files, namespaces } => vec![files.to_string(), in_words(&total(namespaces))],
        }
    }

    /// Each flag, or each namespace with its kinds, under the layer's name.
    pub(super) fn detail(&self, name: &str) -> String {
        let mut out = format!("\n{}\n", clean_line(name));
        match self {
            Self::Flags { flags, segments } => {
                let rows: Vec<Vec<String>> = flags.iter().map(flag_row).collect();
                if !rows.is_empty() {
                    out.push_str(&table(&["FLAG", "TYPE", "STATE", "VARIANTS"], &rows));
                }
                if !segments.is_empty() {
                    // Writing to a String cannot fail.
                    let _ = writeln!(out, "segments: {}", clean_line(&segments.join(", ")));
                }
            }
            Self::Objects { namespaces, .. } => {
                let rows: Vec<Vec<String>> = namespaces
                    .iter()
                    .flat_map(|(namespace, kinds)| {
                        kinds.iter().map(move |(kind, count)| {
                            vec![namespace.clone(), kind.clone(), count.to_string()]
                        })
                    })
                    .collect();
                out.push_str(&table(&["NAMESPACE", "KIND", "OBJECTS"], &rows));
            }
        }
        out
    }

    pub(super) fn json(&self) -> Value {
        match self {
            Self::Flags { flags, segments } => {
                let flag = |flag: &Flag| json!({"key": flag.key, "type": flag.kind, "enabled": flag.enabled, "variants": flag.variants});
                json!({"flags": flags.iter().map(flag).collect::<Vec<_>>(), "segments": segments})
            }
            Self::Objects { files, namespaces } => json!({"files": files, "namespaces": namespaces}),
        }
    }
}

fn flag_row(flag: &Flag) -> Vec<String> {
    let state = if flag.enabled { "enabled" } else { "disabled" };
    vec![flag.key.clone(), flag.kind.clone(), state.to_owned(), flag.variants.join(", ")]
}

fn total(namespaces: &BTreeMap<String, BTreeMap<String, u64>>) -> BTreeMap<&str, u64> {
    let mut total = BTreeMap::new();
    for (kind, count) in namespaces.values().flatten() {
        *total.entry(kind.as_str()).or_default() += count;
    }
    total
}

/// `3 Deployment, 2 Service`
fn in_words(kinds: &BTreeMap<&str, u64>) -> String {
    kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect::<Vec<_>>().join(", ")
}
