//! The report of sign: what was signed, and where the signatures are.

use serde_json::json;

use super::Resolved;
use crate::cli::Format;
use crate::oci::{Digest, Tag};
use crate::output::Answer;

/// A bundle was signed or attested.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The bundle, as it was named, and what was found there.
    pub bundle: Resolved,
    /// What was written beside it.
    pub signatures: Vec<SignatureLine>,
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
    /// The line that tells of it, be it a signature or an attestation.
    pub fn note(&self, what: &str) -> String {
        let Self { form, digest, tag, is_new } = self;
        let state = if *is_new { "" } else { ", and was there already" };
        let place = tag.as_ref().map(|tag| format!(" under {tag}")).unwrap_or_default();
        format!("the {what}, in the {form} form, is in {}{place}{state}", digest.short())
    }
}

impl Signed {
    /// Ready to be printed.
    pub fn answer(self, format: Format) -> Answer {
        let (done, what) = if self.attested { ("attested", "attestation") } else { ("signed", "signature") };
        let digest = self.bundle.found.digest.to_string();
        let lines = self.signatures.iter().map(
            |line| json!({"form": line.form, "digest": line.digest, "tag": line.tag, "new": line.is_new}),
        );
        let field = ("signatures", lines.collect());
        let answer = self.bundle.told(done, &[digest], field, format);
        Answer { notes: self.signatures.iter().map(|line| line.note(what)).collect(), ..answer }
    }
}
