//! Docker's `config.json` and Podman's `auth.json`, which have one form. Reads files itself: what stands in them must
//! not pass through rooms that might show it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::helper::Helper;
use super::key::{self, DOCKER_HUB_KEY};
use super::{CredentialsError, Login};
use crate::oci::null_is_default;
use crate::registry::secret::Secret;

/// The longest file that is read, in bytes.
const LONGEST: u64 = 4 * 1024 * 1024;

/// A credentials file.
pub(super) struct File {
    path: PathBuf,
    fields: Fields,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    #[serde(default, deserialize_with = "null_is_default")]
    auths: BTreeMap<String, Entry>,
    #[serde(default, deserialize_with = "null_is_default")]
    cred_helpers: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "null_is_default")]
    creds_store: String,
}

#[derive(Default, Deserialize)]
struct Entry {
    #[serde(default, deserialize_with = "null_is_default")]
    auth: String,
    #[serde(default, deserialize_with = "null_is_default")]
    username: String,
    #[serde(default, deserialize_with = "null_is_default")]
    password: String,
    #[serde(default, deserialize_with = "null_is_default")]
    identitytoken: String,
}

impl Entry {
    /// Docker leaves an empty entry where a helper has the credentials.
    fn is_empty(&self) -> bool {
        self.auth.is_empty() && self.username.is_empty() && self.identitytoken.is_empty()
    }
}

/// Who keeps a registry's credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeper<'a> {
    /// A helper for this registry: nobody else is asked.
    Own(&'a str),
    /// The helper for all registries, before the file's own entries.
    Common(&'a str),
    /// The file itself.
    Entries,
}

impl File {
    /// Reads a file; `None` if it is not there and need not be.
    pub(super) fn read(path: &Path, must_exist: bool) -> Result<Option<Self>, CredentialsError> {
        match read_bytes(path) {
            Ok(bytes) => Self::parse(path, &bytes).map(Some),
            Err(error) if !must_exist && is_absent(&error) => Ok(None),
            Err(cause) => Err(CredentialsError::File { path: path.to_owned(), cause }),
        }
    }

    /// Reads the content of a file. Docker takes an empty one for an empty configuration.
    pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<Self, CredentialsError> {
        let fields = if is_blank(bytes) {
            Fields::default()
        } else {
            serde_json::from_slice(bytes).map_err(|error| malformed(path, &error))?
        };
        Ok(Self { path: path.to_owned(), fields })
    }

    /// Who keeps the credentials of a registry, or would: its own helper, the helper for all, or the file.
    pub(super) fn keeper(&self, host: &str) -> Keeper<'_> {
        let own = self.fields.cred_helpers.iter().find(|(key, _)| key::is_same(key::host_of(key), host));
        match (own.map(|(_, suffix)| suffix.as_str()), self.fields.creds_store.as_str()) {
            // As Docker reads it: this registry's are kept in the file, whoever keeps the others'.
            (Some(""), _) | (None, "") => Keeper::Entries,
            (Some(suffix), _) => Keeper::Own(suffix),
            (None, suffix) => Keeper::Common(suffix),
        }
    }

    /// The credentials for a repository: of its registry's helper, of the helper for all, or of the most specific entry.
    ///
    /// `patience` is how long a helper may take; without it none is run, and what only a helper knows is passed over.
    pub(super) fn find(
        &self,
        host: &str,
        name: &str,
        patience: Option<Duration>,
    ) -> Result<Option<Login>, CredentialsError> {
        let ask = |suffix: &str| match patience {
            Some(patience) => Helper::named(suffix, patience)?.get(key::of(host)),
            None => Ok(None),
        };
        match self.keeper(host) {
            Keeper::Own(suffix) => return ask(suffix),
            Keeper::Common(suffix) => {
                if let Some(login) = ask(suffix)? {
                    return Ok(Some(login));
                }
            }
            Keeper::Entries => {}
        }
        match self.entry(host, name) {
            Some((key, entry)) => self.login(key, entry),
            None => Ok(None),
        }
    }

    /// Whether an entry for all of a registry has credentials.
    pub(super) fn has_entry(&self, host: &str) -> bool {
        self.fields.auths.iter().any(|(key, entry)| key::means(key, host) && !entry.is_empty())
    }

    /// Whether the file has something of its own for a registry: credentials, or the helper that gives them.
    pub(super) fn knows(&self, host: &str) -> bool {
        self.has_entry(host) || matches!(self.keeper(host), Keeper::Own(_))
    }

    /// The keys of entries for parts of a registry.
    pub(super) fn parts(&self, host: &str) -> Vec<String> {
        let is_part = |key: &str| key::is_same(key::host_of(key), host) && !key::means(key, host);
        self.fields.auths.keys().filter(|key| is_part(key)).cloned().collect()
    }

    /// The entry with the longest key that covers the repository.
    fn entry(&self, host: &str, name: &str) -> Option<(&String, &Entry)> {
        let all = self.fields.auths.iter();
        let all = all.filter_map(|(key, entry)| Some((key::covers(key, host, name)?, key, entry)));
        all.max_by_key(|(length, key, _)| (*length, *key == DOCKER_HUB_KEY))
            .map(|(_, key, entry)| (key, entry))
    }

    fn login(&self, key: &str, entry: &Entry) -> Result<Option<Login>, CredentialsError> {
        if !entry.identitytoken.is_empty() {
            return Ok(Some(Login::IdentityToken { token: Secret::new(&entry.identitytoken) }));
        }
        if entry.auth.is_empty() {
            let is_there = !entry.username.is_empty();
            let login =
                || Login::Password { user: entry.username.clone(), password: Secret::new(&entry.password) };
            return Ok(is_there.then(login));
        }
        let malformed = |what| CredentialsError::Entry { path: self.path.clone(), key: key.to_owned(), what };
        let bytes = STANDARD.decode(entry.auth.trim()).map_err(|_| malformed("`auth` is not base64"))?;
        let text = String::from_utf8(bytes).map_err(|_| malformed("`auth` is not text"))?;
        let (user, password) =
            text.split_once(':').ok_or_else(|| malformed("`auth` is not `user:password`"))?;
        let password = Secret::new(password.trim_end_matches('\0'));
        Ok(Some(Login::Password { user: user.to_owned(), password }))
    }
}

/// Whether a file holds nothing.
pub(super) fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

/// The error for a file that cannot be understood, with the place and none of the content.
pub(super) fn malformed(path: &Path, error: &serde_json::Error) -> CredentialsError {
    CredentialsError::Malformed { path: path.to_owned(), line: error.line(), column: error.column() }
}

/// The content of a file; nothing if it is not there.
pub(super) fn content(path: &Path) -> Result<Vec<u8>, CredentialsError> {
    match read_bytes(path) {
        Err(error) if is_absent(&error) => Ok(Vec::new()),
        outcome => outcome.map_err(|cause| CredentialsError::File { path: path.to_owned(), cause }),
    }
}

fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::other(format!("it is longer than {LONGEST} bytes")));
    }
    Ok(bytes)
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
