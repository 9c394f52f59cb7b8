//! Which credentials belong to a repository: those that were given, or those in Docker's and Podman's files.

mod document;
mod file;
mod helper;
mod key;
mod store;

use std::path::PathBuf;
use std::time::Duration;

pub use store::{CredentialStore, Forgotten, Kept};

use super::secret::Secret;
use crate::disk;
use crate::oci::{Host, Name};
use crate::repository::{Error, ErrorKind};

/// Where credentials come from, in order.
#[derive(Clone, Default)]
pub struct Credentials {
    /// Given by the user for this repository; nothing else is looked at.
    pub given: Option<Given>,
    /// A file that the user named (`--authfile`): it is looked at first, and must be there.
    pub named_file: Option<PathBuf>,
    /// Files of Docker and Podman, in the order in which they are looked at; those that are absent are passed over.
    pub files: Vec<PathBuf>,
    /// How long a credential helper may take; half a minute where nobody says.
    pub helper_patience: Option<Duration>,
    /// Run no credential helper: one may ask the user.
    pub is_silent: bool,
}

/// A login that the user gave.
#[derive(Clone)]
pub struct Given {
    /// The login.
    pub login: Login,
    /// The environment variables that it came from, if any had a part in it.
    pub variables: Variables,
}

impl From<Login> for Given {
    fn from(login: Login) -> Self {
        Self { login, variables: Variables::default() }
    }
}

/// Environment variables that credentials came from; the cause of a refusal of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("the credentials came from {}", .0.join(" and "))]
pub struct Variables(pub Vec<&'static str>);

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
    /// The file cannot be found, locked or written.
    #[error(transparent)]
    Disk(#[from] disk::Error),
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

impl CredentialsError {
    /// The same as the error of a repository or a registry at `place`.
    pub fn at(self, place: &str) -> Error {
        let (kind, hint) = match &self {
            Self::Helper { program, .. } => {
                let hint = format!("make `{program}` work, or take it out of `credHelpers` or `credsStore`");
                (ErrorKind::Refused, Some(hint))
            }
            Self::Malformed { .. } | Self::Entry { .. } => {
                (ErrorKind::Refused, Some("mend the file, or name another with `--authfile`".to_owned()))
            }
            Self::Disk(disk::Error::Exposed { path }) => {
                let hint = format!(
                    "close it with `chmod o-w {}`, or use another file with `--authfile`",
                    path.display()
                );
                (ErrorKind::Refused, Some(hint))
            }
            Self::Disk(disk::Error::Locked { .. }) => (ErrorKind::Conflict, None),
            Self::Interrupted | Self::Disk(disk::Error::Interrupted { .. }) => (ErrorKind::Interrupted, None),
            Self::Disk(_) | Self::File { .. } => {
                (ErrorKind::Refused, Some("another file can be named with `--authfile`".to_owned()))
            }
        };
        let error = Error::new(kind, place, self.to_string());
        match hint {
            Some(hint) => error.hinting(hint),
            None => error,
        }
    }
}

impl Credentials {
    /// The credentials for a repository, or none. It may run a credential helper, which may ask the user.
    pub fn find(&self, host: &Host, name: &Name) -> Result<Option<Login>, CredentialsError> {
        if let Some(given) = &self.given {
            return Ok(Some(given.login.clone()));
        }
        let named = self.named_file.iter().map(|path| (path, true));
        let usual = self.files.iter().map(|path| (path, false));
        for (path, must_exist) in named.chain(usual) {
            let Some(file) = file::File::read(path, must_exist)? else { continue };
            let patience = self.helper_patience.unwrap_or(helper::PATIENCE);
            let patience = (!self.is_silent).then_some(patience);
            if let Some(login) = file.find(host.as_str(), name.as_str(), patience)? {
                return Ok(Some(login));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
