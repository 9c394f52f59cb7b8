//! Where logins are kept: a file of Docker's or Podman's form, or the helper that it names.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::document::Document;
use super::file::{self, File, Keeper};
use super::helper::Helper;
use super::{CredentialsError, Login, key};
use crate::disk;
use crate::oci::Host;
use crate::runtime;

/// How long another process may hold the file.
const LOCKED_FOR: Duration = Duration::from_secs(30);

/// A file into which logins go, and the helpers that it names.
pub struct CredentialStore {
    /// The file itself, at the end of its links.
    file: PathBuf,
    patience: Duration,
}

/// Who keeps a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The file, at the end of its links.
    pub file: PathBuf,
    /// The program of the helper that keeps the secret in place of the file.
    pub helper: Option<String>,
}

/// What a logout found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// Who kept the login, or would have.
    pub kept: Kept,
    /// Whether there was something to forget.
    pub existed: bool,
    /// Keys of the same file that mean parts of the registry, and stay.
    pub parts: Vec<String>,
}

impl CredentialStore {
    /// Finds the file, which need not be there, and sees whether it can be understood and may be written safely.
    ///
    /// `patience` is how long a helper may take.
    pub fn open(path: &Path, patience: Duration) -> Result<Self, CredentialsError> {
        let store = Self { file: disk::find_private(path)?, patience };
        store.read().map(|_| store)
    }

    /// Whether a file has something for a registry. Runs no helper; a file that is not there or cannot be read has nothing.
    pub fn knows(path: &Path, host: &Host) -> bool {
        File::read(path, false).is_ok_and(|file| file.is_some_and(|file| file.knows(host.as_str())))
    }

    /// Keeps a login under the registry's name, and nothing of an earlier one.
    pub fn save(&self, host: &Host, login: &Login) -> Result<Kept, CredentialsError> {
        let host = host.as_str();
        let helper = self.helper(&self.read()?.0, host)?;
        if let Some(helper) = &helper {
            helper.store(key::of(host), login)?;
        }
        disk::create_private_directory(&self.file)?;
        self.change(|document| {
            document.put(host, Some(login).filter(|_| helper.is_none()))?;
            Ok(true)
        })?;
        Ok(self.kept(helper.as_ref()))
    }

    /// Forgets the login of a registry, in the helper and in the file.
    pub fn forget(&self, host: &Host) -> Result<Forgotten, CredentialsError> {
        let host = host.as_str();
        let (before, mut document) = self.read()?;
        let helper = self.helper(&before, host)?;
        let mut existed = match &helper {
            Some(helper) => helper.erase(key::of(host))?,
            None => false,
        };
        if document.remove(host).map_err(|error| self.malformed(&error))? {
            existed |= helper.is_none() || before.has_entry(host);
            self.change(|document| document.remove(host))?;
        }
        Ok(Forgotten { kept: self.kept(helper.as_ref()), existed, parts: before.parts(host) })
    }

    fn helper(&self, file: &File, host: &str) -> Result<Option<Helper>, CredentialsError> {
        match file.keeper(host) {
            Keeper::Own(suffix) | Keeper::Common(suffix) => Helper::named(suffix, self.patience).map(Some),
            Keeper::Entries => Ok(None),
        }
    }

    fn kept(&self, helper: Option<&Helper>) -> Kept {
        Kept { file: self.file.clone(), helper: helper.map(|helper| helper.program().to_owned()) }
    }

    /// Changes the file as it is now, and writes it if the change says so. Of two who come at once, one waits.
    fn change(
        &self,
        change: impl FnOnce(&mut Document) -> Result<bool, serde_json::Error>,
    ) -> Result<(), CredentialsError> {
        let _lock = disk::Lock::acquire(&self.lock(), LOCKED_FOR, &|| runtime::interrupted().is_some())?;
        let (_, mut document) = self.read()?;
        let written = change(&mut document)
            .and_then(|is_changed| is_changed.then(|| document.written()).transpose())
            .map_err(|error| self.malformed(&error))?;
        if let Some(bytes) = written {
            disk::replace_private(&self.file, &bytes)?;
        }
        Ok(())
    }

    /// A file beside it that is never renamed, unlike itself.
    fn lock(&self) -> PathBuf {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        self.file.with_file_name(format!(".{name}.lock"))
    }

    /// The file as it is now. What is understood in part must be understood as a whole before any of it is written again.
    fn read(&self) -> Result<(File, Document), CredentialsError> {
        let bytes = file::content(&self.file)?;
        let file = File::parse(&self.file, &bytes)?;
        let document = Document::parse(&bytes).map_err(|error| self.malformed(&error))?;
        Ok((file, document))
    }

    fn malformed(&self, error: &serde_json::Error) -> CredentialsError {
        file::malformed(&self.file, error)
    }
}
