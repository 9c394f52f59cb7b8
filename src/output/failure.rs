//! From an error to words, a hint and an exit code; the one place that knows them.

use serde_json::{Value, json};

use super::advice;
use super::report::FaultLine;
use super::table::count;
use crate::bundle::PackError;
use crate::kinds;
use crate::oci::{DigestError, NameError, ReferenceError};
use crate::repository::{self, ErrorKind};
use crate::settings::Usage;
use crate::signing::{KeyError, sign::SignError, verify::Unverified};

/// What a process ends with; the table stands in `docs/exit-codes.md`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    #[default]
    Done,
    /// The request cannot be met.
    Failed,
    /// Wrong usage.
    Usage,
    /// Not found.
    NotFound,
    /// Not authorised.
    Unauthorized,
    /// Content does not match its digest, or a signature is missing or wrong.
    Corrupt,
    /// The two sides differ.
    Differs,
    /// A tag moved or exists, a directory is not empty, a lock is held.
    Conflict,
    /// The registry is out of reach; a later try may work.
    Unavailable,
    /// A fault of torte's own.
    Bug,
    /// Ended by this signal.
    Interrupted(u8),
}

impl Exit {
    /// The code.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::Unauthorized => 4,
            Self::Corrupt => 5,
            Self::Differs => 6,
            Self::Conflict => 7,
            Self::Unavailable => 8,
            Self::Bug => 70,
            Self::Interrupted(signal) => 128 + signal,
        }
    }
}

impl Exit {
    /// Of two, the one that matters more to a script that retries: 5, 4, 7, 3, 1, 8.
    #[must_use]
    pub fn or_worse(self, other: Self) -> Self {
        const ORDER: [Exit; 6] = [
            Exit::Corrupt,
            Exit::Unauthorized,
            Exit::Conflict,
            Exit::NotFound,
            Exit::Failed,
            Exit::Unavailable,
        ];
        let rank = |exit: Self| ORDER.iter().position(|one| *one == exit).unwrap_or(ORDER.len());
        if rank(other) < rank(self) { other } else { self }
    }
}

impl From<ErrorKind> for Exit {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Conflict => Self::Conflict,
            ErrorKind::Corrupt => Self::Corrupt,
            ErrorKind::Interrupted => Self::Interrupted(crate::runtime::interrupted().unwrap_or(2)),
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::Refused => Self::Failed,
            ErrorKind::Unauthorized => Self::Unauthorized,
            ErrorKind::Unavailable => Self::Unavailable,
        }
    }
}

/// The faults of a source, which keep it from being built.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the source has {}", count(.faults.len() as u64, "fault"))]
pub struct SourceFaults {
    /// What is wrong.
    pub faults: Vec<FaultLine>,
    /// What may be wrong.
    pub warnings: Vec<FaultLine>,
}

/// Why a verb failed, ready to be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What could not be done.
    pub error: String,
    /// Why, from the outside in.
    pub causes: Vec<String>,
    /// One thing to do.
    pub hint: Option<String>,
    /// The exit code.
    pub exit: Exit,
    /// What is shown before, a block each.
    pub blocks: Vec<String>,
    /// The same faults for JSON.
    pub faults: Vec<Value>,
}

impl Failure {
    /// Finds the words for an error.
    pub fn of(error: &anyhow::Error) -> Self {
        let mut texts: Vec<String> = Vec::new();
        for link in error.chain() {
            let text = link.to_string();
            // Some libraries repeat what lies below in their own words.
            if !texts.iter().any(|above| above.contains(&text)) {
                texts.push(text);
            }
        }
        let mut texts = texts.into_iter();
        let lines = find::<SourceFaults>(error).map(|found| found.faults.as_slice()).unwrap_or_default();
        Self {
            error: texts.next().unwrap_or_default(),
            causes: texts.collect(),
            hint: hint(error),
            exit: exit(error),
            blocks: lines.iter().map(FaultLine::block).collect(),
            faults: lines.iter().map(FaultLine::json).collect(),
        }
    }

    /// The result could not be written.
    pub fn of_output(error: &std::io::Error) -> Self {
        Self {
            error: "cannot write the result to standard output; what was done stays done".into(),
            causes: vec![error.to_string()],
            hint: None,
            exit: Exit::Failed,
            blocks: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// The command line cannot be read; `text` is what clap says of it.
    pub fn of_usage(text: &str) -> Self {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let error = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let of = |label| text.lines().find_map(|line| line.trim().strip_prefix(label));
        let hint = of("tip: ").or_else(|| of("Usage: "));
        Self {
            error,
            causes: Vec::new(),
            hint: hint.map(str::to_owned),
            exit: Exit::Usage,
            blocks: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// A panic that was caught.
    pub fn bug() -> Self {
        Self {
            error: "torte has a fault of its own; nothing that was published before is lost".into(),
            causes: Vec::new(),
            hint: Some("please report it with the command and the lines above".into()),
            exit: Exit::Bug,
            blocks: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// The error in one line, for one of several things.
    pub fn line(&self) -> String {
        let mut line = self.error.clone();
        for cause in &self.causes {
            line.extend([": ", cause]);
        }
        if let Some(hint) = &self.hint {
            line.extend(["; hint: ", hint]);
        }
        line
    }

    /// The error as one JSON object.
    pub fn json(&self) -> Value {
        let cause = (!self.causes.is_empty()).then(|| self.causes.join(": "));
        let mut object =
            json!({"error": self.error, "cause": cause, "hint": self.hint, "code": self.exit.code()});
        if !self.faults.is_empty() {
            object["faults"] = json!(self.faults);
        }
        object
    }
}

fn find<E: std::error::Error + 'static>(error: &anyhow::Error) -> Option<&E> {
    error.chain().find_map(|link| link.downcast_ref::<E>())
}

fn exit(error: &anyhow::Error) -> Exit {
    let is_usage = find::<Usage>(error).is_some()
        || find::<ReferenceError>(error).is_some()
        || find::<NameError>(error).is_some()
        || find::<DigestError>(error).is_some();
    if find::<Unverified>(error).is_some() {
        return Exit::Corrupt;
    }
    if let Some(repository) = find::<repository::Error>(error) {
        return repository.kind.into();
    }
    if is_usage || find::<kinds::Error>(error).is_some_and(kinds::Error::is_usage) {
        return Exit::Usage;
    }
    if find::<kinds::Error>(error).is_some_and(kinds::Error::is_not_found) {
        return Exit::NotFound;
    }
    Exit::Failed
}

fn hint(error: &anyhow::Error) -> Option<String> {
    if let Some(usage) = find::<Usage>(error) {
        return usage.hint.clone();
    }
    if let Some(error) = find::<ReferenceError>(error) {
        return Some(match error {
            ReferenceError::Page(_, meant) => format!("give `{meant}`, with a tag where a bundle is meant"),
            ReferenceError::NoRepository(host) => format!("name a repository too, as in `{host}/NAME`"),
            _ => "a bundle is written as `app:v1`, `registry.example.com/org/app:v1` or `…@sha256:…`".into(),
        });
    }
    if let Some(error) = find::<kinds::Error>(error) {
        return error.hint();
    }
    if find::<PackError>(error).is_some() {
        return Some(
            "pack fewer namespaces; for manifests, `--group-by dir` or `--profile flux` makes fewer layers"
                .into(),
        );
    }
    if find::<SourceFaults>(error).is_some() {
        return Some("mend what is shown; `torte lint` shows it without building".into());
    }
    if let Some(error) = find::<SignError>(error) {
        return error.hint().map(str::to_owned);
    }
    if let Some(error) = find::<KeyError>(error) {
        return error.hint().map(str::to_owned);
    }
    if find::<Unverified>(error).is_some() {
        return Some("use nothing of it; whoever may sign it does so with `torte sign`".into());
    }
    find::<repository::Error>(error).and_then(repository_hint)
}

fn repository_hint(error: &repository::Error) -> Option<String> {
    if let Some(hint) = &error.hint {
        return Some(hint.clone());
    }
    match error.kind {
        ErrorKind::Unauthorized => Some(advice::unauthorized(error, |host| {
            format!("run `torte login {host}`, or give `--username NAME --password-stdin`")
        })),
        ErrorKind::Unavailable => Some("try again later; with `-v` each request is shown".into()),
        ErrorKind::Corrupt => Some("build or pull it again: what is wrong is replaced".into()),
        ErrorKind::Conflict | ErrorKind::Interrupted | ErrorKind::NotFound | ErrorKind::Refused => None,
    }
}
