//! The report of resolve: a reference, and the digest that it means now.

use serde_json::{Value, json};

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
        self.told("resolved", &[], ("tags", self.tags()), format)
    }

    /// The same where it turned out to be signed, and with which keys.
    pub fn verified(self, signed: String, format: Format) -> Answer {
        self.told("verified", &[signed], ("tags", self.tags()), format)
    }

    fn tags(&self) -> Value {
        json!(self.reference.tag().into_iter().collect::<Vec<_>>())
    }

    /// What was `done` with it, what the summary says besides, and a field that JSON has besides.
    pub(super) fn told(
        &self,
        done: &str,
        besides: &[String],
        (key, value): (&str, Value),
        format: Format,
    ) -> Answer {
        let Descriptor { digest, media_type, size, .. } = &self.found;
        let text = match format {
            Format::Text => format!("{digest}\n"),
            Format::Reference => format!("{}\n", self.reference.at(Selector::Digest(digest.clone()))),
            Format::Json => json_text(&json!({
                "reference": self.reference.to_string(),
                "digest": digest,
                "mediaType": media_type,
                "size": size,
                key: value,
                "requests": self.requests,
                "warnings": [],
            })),
        };
        let mut summary = format!("{done} {}", self.reference);
        let cost = (self.requests > 0).then(|| count(self.requests, "request"));
        for part in besides.iter().chain(&cost) {
            summary.extend([" · ", part]);
        }
        Answer { data: Data::Text(text), summary: Some(summary), ..Answer::default() }
    }
}
