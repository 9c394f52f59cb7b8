//! Docker's `config.json` and Podman's `auth.json`, which have one form. Reads files itself: what stands in them must
//! not pass through rooms that might show it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer};

use super::{CredentialsError, DOCKER_HUB, DOCKER_HUB_KEY, Login, canonical, helper};
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

fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

impl File {
    /// Reads a file; `None` if it is not there and need not be.
    pub(super) fn read(path: &Path, must_exist: bool) -> Result<Option<Self>, CredentialsError> {
        let bytes = match read_bytes(path) {
            Ok(bytes) => bytes,
            Err(error) if !must_exist && is_absent(&error) => return Ok(None),
            Err(cause) => return Err(CredentialsError::File { path: path.to_owned(), cause }),
        };
        // Docker takes an empty file for an empty configuration.
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Some(Self { path: path.to_owned(), fields: Fields::default() }));
        }
        let fields = serde_json::from_slice(&bytes).map_err(|error| CredentialsError::Malformed {
            path: path.to_owned(),
            line: error.line(),
            column: error.column(),
        })?;
        Ok(Some(Self { path: path.to_owned(), fields }))
    }

    /// The credentials for a repository: of its own helper, of the most specific entry, or of the helper for all.
    ///
    /// `is_silent` passes over what only a helper knows.
    pub(super) fn find(
        &self,
        host: &str,
        name: &str,
        is_silent: bool,
    ) -> Result<Option<Login>, CredentialsError> {
        let host = canonical(host);
        let own = self.fields.cred_helpers.iter().find(|(key, _)| canonical(host_of(key)) == host);
        if let Some((_, suffix)) = own {
            return if is_silent { Ok(None) } else { helper::get(suffix, server(host)) };
        }
        if let Some((key, entry)) = self.entry(host, name)
            && let Some(login) = self.login(key, entry)?
        {
            return Ok(Some(login));
        }
        if is_silent || self.fields.creds_store.is_empty() {
            return Ok(None);
        }
        helper::get(&self.fields.creds_store, server(host))
    }

    /// The entry with the longest key that covers the repository; Podman's keys may name a part of a registry.
    fn entry(&self, host: &str, name: &str) -> Option<(&String, &Entry)> {
        let covers = |key: &str| -> Option<usize> {
            let key = key.trim_end_matches('/');
            let path = match key.split_once("://") {
                // Only Docker writes a scheme, and then the path is that of an API.
                Some(_) => "",
                None => key.split_once('/').map_or("", |(_, path)| path),
            };
            let is_host = canonical(host_of(key)) == host;
            let is_above = path.is_empty()
                || name.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            (is_host && is_above).then_some(path.len())
        };
        let all = self.fields.auths.iter().filter_map(|(key, entry)| Some((covers(key)?, key, entry)));
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

/// The host, with its port, of a key.
fn host_of(key: &str) -> &str {
    let rest = key.split_once("://").map_or(key, |(_, rest)| rest);
    rest.split_once('/').map_or(rest, |(host, _)| host)
}

/// What a helper calls the registry.
fn server(host: &str) -> &str {
    if host == DOCKER_HUB[0] { DOCKER_HUB_KEY } else { host }
}
