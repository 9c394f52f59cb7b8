//! Users and their passwords, from a file as `htpasswd -B` writes it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bcrypt::HashParts;

use crate::disk;
use crate::oci::Digest;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;
/// The highest cost that is taken: each step doubles the time, and this one takes more than a second.
const DEAREST: u32 = 14;
/// How often the file is looked at.
const LOOKED_AT: Duration = Duration::from_secs(5);

/// The users of a file; looked at again while the registry runs.
pub struct Users {
    path: PathBuf,
    known: Mutex<Known>,
}

struct Known {
    text: Digest,
    hashes: Arc<HashMap<String, HashParts>>,
    looked: Instant,
}

/// Why a file of users cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum UsersError {
    /// There is none.
    #[error("there is no file `{}`", .0.display())]
    Absent(PathBuf),
    /// It cannot be read.
    #[error("cannot read the users")]
    Read(#[from] disk::Error),
    /// A line is no user.
    #[error("`{}` line {line}: {why}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// It names nobody.
    #[error("`{path}` names no user; `htpasswd -B {path} NAME` adds one", path = .0.display())]
    Nobody(PathBuf),
}

impl std::fmt::Debug for Users {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Users").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Users {
    /// The users of a file.
    pub fn read(path: &Path) -> Result<Self, UsersError> {
        let bytes = bytes(path)?;
        let hashes = Arc::new(parse(path, &bytes)?);
        let known = Known { text: Digest::of(&bytes), hashes, looked: Instant::now() };
        Ok(Self { path: path.to_owned(), known: Mutex::new(known) })
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the file was not looked at for a while.
    pub(super) fn is_due(&self) -> bool {
        self.known().looked.elapsed() >= LOOKED_AT
    }

    /// Looks at the file again; tells whether it is another. One that cannot be used changes nothing.
    pub(super) fn refresh(&self) -> Result<bool, UsersError> {
        self.known().looked = Instant::now();
        let bytes = bytes(&self.path)?;
        let text = Digest::of(&bytes);
        if self.known().text == text {
            return Ok(false);
        }
        let hashes = Arc::new(parse(&self.path, &bytes)?);
        let mut known = self.known();
        (known.text, known.hashes) = (text, hashes);
        Ok(true)
    }

    /// Whether this is the password of a user. Takes the time of one bcrypt, also where there is no such user.
    pub(super) fn has(&self, user: &str, password: &str) -> bool {
        let hashes = Arc::clone(&self.known().hashes);
        let found = hashes.get(user);
        // The dearest, so that an unknown user is not answered sooner.
        let other = hashes.values().max_by_key(|hash| hash.get_cost());
        let Some(hash) = found.or(other) else { return false };
        let is_right = bcrypt::verify(password, &hash.to_string()).unwrap_or(false);
        is_right && found.is_some()
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, UsersError> {
    disk::read_named(path, LARGEST)?.ok_or_else(|| UsersError::Absent(path.to_owned()))
}

/// A user a line, `#` before a comment, as Distribution reads it. Of two lines of one user, the last counts.
fn parse(path: &Path, bytes: &[u8]) -> Result<HashMap<String, HashParts>, UsersError> {
    let mut hashes = HashMap::new();
    for (at, line) in String::from_utf8_lossy(bytes).lines().map(str::trim).enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |why: String| UsersError::Line { path: path.to_owned(), line: at + 1, why };
        let (user, hash) = user(line, path).map_err(wrong)?;
        hashes.insert(user, hash);
    }
    if hashes.is_empty() { Err(UsersError::Nobody(path.to_owned())) } else { Ok(hashes) }
}

fn user(line: &str, path: &Path) -> Result<(String, HashParts), String> {
    let (user, hash) =
        line.split_once(':').ok_or("expected `user:` and a hash, as `htpasswd -B` writes them")?;
    if user.is_empty() || user.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        return Err("a user's name is empty, or has blanks in it".to_owned());
    }
    let anew = || format!("make it anew with `htpasswd -B {} {user}`", path.display());
    let parts = HashParts::from_str(hash).map_err(|_| {
        format!("expected a bcrypt hash of the password of `{user}`, and found {}; {}", sort(hash), anew())
    })?;
    if parts.get_cost() > DEAREST {
        return Err(format!(
            "the cost of the hash is above 14, which takes seconds for each request; {}",
            anew()
        ));
    }
    Ok((user.to_owned(), parts))
}

/// What stands in the place of a hash of bcrypt, by the marks of `htpasswd` and crypt(5).
fn sort(hash: &str) -> &'static str {
    match hash {
        _ if hash.starts_with("$apr1$") || hash.starts_with("$1$") => "one of MD5",
        _ if hash.starts_with("{SHA}") => "one of SHA-1",
        _ if hash.starts_with("$5$") || hash.starts_with("$6$") => "one of SHA-2",
        _ if hash.starts_with("$2") => "one that is not whole",
        _ => "none that is known",
    }
}

#[cfg(test)]
mod tests;
