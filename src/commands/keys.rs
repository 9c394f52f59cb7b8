//! `torte keys`: key pairs, and the private key and its password for the verbs that sign.

use std::ffi::OsString;
use std::io::ErrorKind as IoErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use zeroize::Zeroizing;

use super::Context;
use crate::cli::{Keys, KeysWish};
use crate::disk::{self, Fresh};
use crate::output::{Answer, prompt};
use crate::repository::{self, ErrorKind};
use crate::settings::{self, Usage};
use crate::signing::{self, Password, PrivateKey, PublicKey};

/// The largest key file that is read, in bytes.
const LARGEST: u64 = 64 * 1024;

pub(super) fn run(arguments: &Keys, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let KeysWish::Generate(generate) = &arguments.wish;
    let [private, public] = ["key", "pub"].map(|ending| with_ending(&generate.out, ending));
    let aim = || format!("cannot make {} and {}", private.display(), public.display());
    let out = &generate.out;
    if out.file_name().is_none() || out.to_string_lossy().ends_with(std::path::is_separator) {
        let what =
            format!("`--out {}` is a directory, and the beginning of a file's name is needed", out.display());
        return Err(Usage::new(what, format!("write it as `--out {}`", out.join("torte").display())).into());
    }
    // Known before a password is asked for; the files are made so that nothing is written over anyway.
    let folder = private.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        let what = format!("there is no directory {}", folder.display());
        let error = repository::Error::new(ErrorKind::NotFound, folder.display().to_string(), what);
        return Err(error.hinting("make it first, or give another prefix with `--out`")).with_context(aim);
    }
    for path in [&private, &public] {
        if path.symlink_metadata().is_ok() {
            return Err(exists(path)).with_context(aim);
        }
    }
    let password = new_password(context).with_context(aim)?;
    let files = signing::generate(&password).with_context(aim)?;
    let pair = [
        Fresh { path: &private, content: files.private.as_bytes(), is_private: true },
        Fresh { path: &public, content: files.public.as_bytes(), is_private: false },
    ];
    disk::write_fresh(&pair)
        .map_err(|error| match error {
            disk::Error::InTheWay { path, .. } => exists(&path),
            other => other.into(),
        })
        .with_context(aim)?;
    let how = if password.is_empty() { "without a password" } else { "encrypted" };
    let summary = format!("wrote {}, {how}, and {}", private.display(), public.display());
    Ok(Answer { summary: Some(summary), ..Answer::default() })
}

fn with_ending(prefix: &Path, ending: &str) -> PathBuf {
    let mut path: OsString = prefix.as_os_str().to_owned();
    path.push(".");
    path.push(ending);
    path.into()
}

fn exists(path: &Path) -> anyhow::Error {
    let what = format!("{} exists already", path.display());
    let hint = "give another prefix with `--out`; a key that is lost cannot be made again";
    repository::Error::new(ErrorKind::Conflict, path.display().to_string(), what).hinting(hint).into()
}

/// The password of a new key, from a variable, or typed twice.
fn new_password(context: &mut Context<'_>) -> anyhow::Result<Password> {
    if let Some(password) = settings::key_password(context.environment) {
        return Ok(password);
    }
    let first = ask("Password of the new key", "the new key", context)?;
    if first.is_empty() {
        let what = "no password was typed";
        return Err(
            Usage::new(what, "for a key without one, set `TORTE_KEY_PASSWORD` and leave it empty").into()
        );
    }
    if *ask("The same again", "the new key", context)? != *first {
        return Err(Usage::new("the two passwords differ", "type the same one twice").into());
    }
    Ok(Password::new(first.as_slice()))
}

/// Reads the private key of a file; where it is encrypted, with the password of a variable, or a typed one.
pub(super) fn private_key(path: &Path, context: &mut Context<'_>) -> anyhow::Result<PrivateKey> {
    let aim = || format!("cannot sign with {}", path.display());
    let file = named_file(path, LARGEST, "`torte keys generate` makes a pair of keys").with_context(aim)?;
    let password = if !PrivateKey::is_encrypted(&file) {
        None
    } else if let Some(password) = settings::key_password(context.environment) {
        Some(password)
    } else {
        let what = path.display().to_string();
        let typed = ask(&format!("Password of {what}"), &what, context).with_context(aim)?;
        Some(Password::new(typed.as_slice()))
    };
    PrivateKey::read(&file, password.as_ref()).with_context(aim)
}

/// What whoever signs should know of the file of his key.
pub(super) fn exposure(path: &Path) -> Option<String> {
    let path = disk::is_open_to_others(path).then(|| path.display())?;
    Some(format!("{path} is open to others than its owner; `chmod 600 {path}` keeps it to you"))
}

/// Reads the public key of a file.
pub(super) fn public_key(path: &Path) -> anyhow::Result<PublicKey> {
    let aim = || format!("cannot verify with {}", path.display());
    let hint = "it is the public key of whoever signed, and comes from there";
    PublicKey::read(&named_file(path, LARGEST, hint).with_context(aim)?).with_context(aim)
}

/// The bytes of a file that must be there.
pub(super) fn named_file(path: &Path, at_most: u64, hint: &str) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let read = disk::read_named(path, at_most)?.ok_or_else(|| {
        let what = format!("there is no file {}", path.display());
        let hint = if path == Path::new("-") { "standard input is not read here; name a file" } else { hint };
        repository::Error::new(ErrorKind::NotFound, path.display().to_string(), what).hinting(hint)
    });
    Ok(Zeroizing::new(read?))
}

/// Asks for a password where somebody sits at a terminal.
fn ask(question: &str, whose: &str, context: &mut Context<'_>) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let none = || {
        let what = format!("there is no password for {whose}, and no terminal to ask at");
        Usage::new(what, "set `TORTE_KEY_PASSWORD`; set it empty where the key has none")
    };
    if !context.environment.stdin_is_terminal {
        return Err(none().into());
    }
    match prompt::ask_secretly(question) {
        Ok(Some(line)) => Ok(Zeroizing::new(line.into_bytes())),
        Ok(None) => Err(none().into()),
        Err(error) if error.kind() == IoErrorKind::Interrupted => {
            let what = "interrupted at the password";
            Err(repository::Error::new(ErrorKind::Interrupted, "the terminal", what).into())
        }
        Err(error) => Err(anyhow::Error::new(error).context("cannot read the password")),
    }
}
