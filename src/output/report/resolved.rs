//! The report of resolve: a reference, and the digest that it means now.

use serde_json::json;

use super::json_text;
use crate::cli::Format;
use crate::oci::{Descriptor, Reference, Selector};
use crate::output::table::count;
use crate::output::{Answer, Data};

/// A reference was resolved.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The reference, with the tag that was chosen.
    pub reference: Reference,
    /// What stands there.
    pub found: Descriptor,
    /// HTTP requests that it took.
    pub requests: u64,
}

impl Resolved {
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
                "tags": self.reference.tag().into_iter().collect::<Vec<_>>(),
                "requests": self.requests,
                "warnings": [],
            })),
        };
        let mut summary = format!("resolved {}", self.reference);
        if self.requests > 0 {
            summary.extend([" · ", &count(self.requests, "request")]);
        }
        Answer { data: Data::Text(text), summary: Some(summary), ..Answer::default() }
    }
}
