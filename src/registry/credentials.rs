//! Which credentials belong to a repository: those that were given, or those in Docker's and Podman's files.

mod file;
mod helper;

use std::path::PathBuf;

use super::secret::Secret;
use crate::oci::{Host, Name};

/// Where credentials come from, in order.
#[derive(Clone, Default)]
pub struct Credentials {
    /// Given by the user for this repository; nothing else is looked at.
    pub given: Option<Login>,
    /// A file that the user named (`--authfile`): it is looked at first, and must be there.
    pub named_file: Option<PathBuf>,
    /// Files of Docker and Podman, in the order in which they are looked at; those that are absent are passed over.
    pub files: Vec<PathBuf>,
    /// Run no credential helper: one may ask the user.
    pub is_silent: bool,
}

/// Credentials for one registry.
#[derive(Clone)]
pub enum Login {
    /// A user and a password.
    Password {
        /// The user's name.
        user: String,
        /// The password.
        password: Secret,
    },
    /// A token that a token server turns into others (OAuth 2 "refresh token").
    IdentityToken {
        /// The token.
        token: Secret,
    },
}

impl Login {
    /// Whose they are, for messages.
    pub(super) fn account(&self) -> String {
        match self {
            Self::Password { user, .. } => format!("`{}`", user.chars().take(100).collect::<String>()),
            Self::IdentityToken { .. } => "the owner of the identity token".to_owned(),
        }
    }
}

/// Why credentials cannot be looked up. No variant holds anything of a file's content.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    /// A field of the file that holds nothing that could be meant.
    #[error("{}: the entry `{key}` of `auths` is malformed: {what}", path.display())]
    Entry {
        /// The file.
        path: PathBuf,
        /// The entry's key.
        key: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The file named by the user is not there, or a file cannot be read.
    #[error("{}: cannot be read: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// A credential helper failed; no other credentials are used in its place.
    #[error("the credential helper `{program}` {what}")]
    Helper {
        /// Its program.
        program: String,
        /// What went wrong.
        what: String,
    },
    /// The user interrupted us while a helper ran.
    #[error("interrupted")]
    Interrupted,
    /// Not JSON, or not of the shape of Docker's file.
    #[error("{}:{line}:{column}: it is not a credentials file as Docker writes it", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
}

/// The key under which Docker keeps Docker Hub's credentials.
const DOCKER_HUB_KEY: &str = "https://index.docker.io/v1/";
/// All hosts that mean Docker Hub, in files and references.
const DOCKER_HUB: [&str; 3] = ["docker.io", "index.docker.io", "registry-1.docker.io"];

impl Credentials {
    /// The credentials for a repository, or none. It may run a credential helper, which may ask the user.
    pub fn find(&self, host: &Host, name: &Name) -> Result<Option<Login>, CredentialsError> {
        if let Some(given) = &self.given {
            return Ok(Some(given.clone()));
        }
        let named = self.named_file.iter().map(|path| (path, true));
        let usual = self.files.iter().map(|path| (path, false));
        for (path, must_exist) in named.chain(usual) {
            let Some(file) = file::File::read(path, must_exist)? else { continue };
            if let Some(login) = file.find(host.as_str(), name.as_str(), self.is_silent)? {
                return Ok(Some(login));
            }
        }
        Ok(None)
    }
}

/// One name for all spellings of a registry.
fn canonical(host: &str) -> &str {
    if DOCKER_HUB.contains(&host) { DOCKER_HUB[0] } else { host }
}

#[cfg(test)]
mod tests;
