//! The reports of login and logout: who is kept for which registry, and where.

use std::path::PathBuf;

use serde_json::json;

use super::json_text;
use crate::cli::ShownFormat;
use crate::output::{Answer, Data};

/// Somebody was logged in.
#[derive(Clone, Debug)]
pub struct LoggedIn {
    /// The registry.
    pub registry: String,
    /// As whom; an identity token does not say.
    pub user: Option<String>,
    /// Whether the registry looked at the credentials; one that lets everybody in does not.
    pub is_verified: bool,
    /// Where they are kept.
    pub keeper: Keeper,
}

/// Somebody was logged out.
#[derive(Clone, Debug)]
pub struct LoggedOut {
    /// The registry.
    pub registry: String,
    /// Whether there was something to forget.
    pub existed: bool,
    /// Where it was kept, or would have been.
    pub keeper: Keeper,
    /// What is still there, elsewhere or for parts of the registry.
    pub warnings: Vec<String>,
}

/// Who keeps credentials.
#[derive(Clone, Debug)]
pub struct Keeper {
    /// The file that says so.
    pub file: PathBuf,
    /// The program of the credential helper that keeps the secret in place of the file.
    pub helper: Option<String>,
}

impl Keeper {
    fn shown(&self) -> String {
        match &self.helper {
            Some(helper) => format!("`{helper}`"),
            None => self.file.display().to_string(),
        }
    }
}

impl LoggedIn {
    /// Ready to be printed: for scripts the exit code says it all.
    pub fn answer(self, format: ShownFormat) -> Answer {
        let user = self.user.as_ref().map(|user| format!(" as {user}")).unwrap_or_default();
        let summary = format!("logged in to {}{user} · kept by {}", self.registry, self.keeper.shown());
        let unverified =
            format!("{} lets everybody in: whether the credentials are right was not seen", self.registry);
        let warnings: Vec<String> = (!self.is_verified).then_some(unverified).into_iter().collect();
        let open = "the file holds them unencrypted, as Docker's does without a `credsStore`; nobody else may read it";
        let data = match format {
            ShownFormat::Text => Data::None,
            ShownFormat::Json => Data::Text(json_text(&json!({
                "registry": self.registry,
                "user": self.user,
                "verified": self.is_verified,
                "file": self.keeper.file.to_string_lossy(),
                "helper": self.keeper.helper,
                "warnings": warnings,
            }))),
        };
        let notes = self.keeper.helper.is_none().then(|| open.to_owned()).into_iter().collect();
        Answer { data, summary: Some(summary), warnings, notes, ..Answer::default() }
    }
}

impl LoggedOut {
    /// Ready to be printed.
    pub fn answer(self, format: ShownFormat) -> Answer {
        let Self { registry, existed, keeper, warnings } = self;
        let summary = if existed {
            format!("logged out of {registry} · {} has forgotten it", keeper.shown())
        } else {
            format!("there was no login for {registry} with {}", keeper.shown())
        };
        let data = match format {
            ShownFormat::Text => Data::None,
            ShownFormat::Json => Data::Text(json_text(&json!({
                "registry": registry,
                "removed": existed,
                "file": keeper.file.to_string_lossy(),
                "helper": keeper.helper,
                "warnings": warnings,
            }))),
        };
        Answer { data, summary: Some(summary), warnings, ..Answer::default() }
    }
}
