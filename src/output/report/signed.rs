//! The report of sign: what was signed, and where the signatures are.

use serde_json::json;

use super::json_text;
use crate::cli::Format;
use crate::oci::{Descriptor, Digest, Reference, Selector, Tag};
use crate::output::table::count;
use crate::output::{Answer, Data};

/// A bundle was signed or attested.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The bundle, as it was named.
    pub reference: Reference,
    /// What was signed.
    pub found: Descriptor,
    /// What was written beside it.
    pub signatures: Vec<SignatureLine>,
    /// HTTP requests that it took.
    pub requests: u64,
    /// Whether it was attested instead.
    pub attested: bool,
}

/// A signature, and where it is.
#[derive(Clone, Debug)]
pub struct SignatureLine {
    /// `bundle` or `legacy`.
    pub form: &'static str,
    /// The manifest that holds it.
    pub digest: Digest,
    /// The tag under which it stands, or that lists it where the registry keeps no list.
    pub tag: Option<Tag>,
    /// Whether it was written now; the same key may have signed before.
    pub is_new: bool,
}

impl SignatureLine {
    /// The line that tells of it.
    pub fn note(&self) -> String {
        let Self { form, digest, tag, is_new } = self;
        let state = if *is_new { "" } else { ", which was there already" };
        let place = tag.as_ref().map(|tag| format!(" under {tag}")).unwrap_or_default();
        format!("in the {form} form it is in {}{place}{state}", digest.short())
    }
}

impl Signed {
    /// Ready to be printed.
    pub fn answer(self, format: Format) -> Answer {
        let Descriptor { digest, media_type, size, .. } = &self.found;
        let text = match format {
            Format::Text => format!("{digest}\n"),
            Format::Reference => format!("{}\n", self.reference.at(Selector::Digest(digest.clone()))),
            Format::Json => json_text(&json!({
                "reference": self.reference.to_string(),
                "digest": digest,
                "mediaType": media_type,
                "size": size,
                "signatures": self.signatures.iter().map(|line| json!({
                    "form": line.form,
                    "digest": line.digest,
                    "tag": line.tag,
                    "new": line.is_new,
                })).collect::<Vec<_>>(),
                "requests": self.requests,
                "warnings": [],
            })),
        };
        let done = if self.attested { "attested" } else { "signed" };
        let mut summary = format!("{done} {} · {digest}", self.reference);
        if self.requests > 0 {
            summary.extend([" · ", &count(self.requests, "request")]);
        }
        let notes = self.signatures.iter().map(SignatureLine::note).collect();
        Answer { data: Data::Text(text), summary: Some(summary), notes, ..Answer::default() }
    }
}
