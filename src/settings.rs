//! Flags and environment to typed settings; the only reader of the environment and of the wall clock.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{IsTerminal, Read};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::bundle::ManifestVersion;
use crate::cli;
use crate::oci::Digest;
use crate::repository::Expect;

mod access;
mod duration;
mod login;
mod signing;

pub use self::signing::{key_password, signed};
pub use access::{Access, Reach, access, concurrency, credentials_files};
pub use login::{Registry, Who, check_user, credentials_file, who};

/// What the process stands in: variables, time, terminals. It has no `Debug`: some variables are passwords.
#[derive(Clone)]
pub struct Environment {
    /// The environment variables.
    pub variables: BTreeMap<OsString, OsString>,
    /// The time now.
    pub now: SystemTime,
    /// The user's home, data and configuration directories.
    pub directories: Directories,
    /// Whether standard error is a terminal.
    pub stderr_is_terminal: bool,
    /// Whether standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Whether standard input is a terminal.
    pub stdin_is_terminal: bool,
}

/// Where the platform keeps a user's files.
#[derive(Clone, Debug, Default)]
pub struct Directories {
    /// The home directory.
    pub home: Option<PathBuf>,
    /// For data of programs.
    pub data: Option<PathBuf>,
    /// For settings of programs.
    pub config: Option<PathBuf>,
}

impl Environment {
    /// That of this process, now.
    pub fn of_process() -> Self {
        Self {
            variables: std::env::vars_os().collect(),
            now: SystemTime::now(),
            directories: Directories {
                home: dirs::home_dir(),
                data: dirs::data_dir(),
                config: dirs::config_dir(),
            },
            stderr_is_terminal: std::io::stderr().is_terminal(),
            stdout_is_terminal: std::io::stdout().is_terminal(),
            stdin_is_terminal: std::io::stdin().is_terminal(),
        }
    }

    /// Whether a terminal is to be coloured, as far as variables say.
    pub fn wants_colour(&self) -> bool {
        !self.is_colourless() && !self.is_dumb()
    }

    fn is_colourless(&self) -> bool {
        self.text("NO_COLOR").is_some()
    }

    /// Whether the terminal knows no movements of the cursor, and no colours.
    fn is_dumb(&self) -> bool {
        self.text("TERM") == Some("dumb")
    }

    /// A variable's text; empty counts as not set.
    fn text(&self, name: &str) -> Option<&str> {
        self.variables.get(&OsString::from(name))?.to_str().filter(|text| !text.is_empty())
    }

    /// A variable that names a file or directory; empty counts as not set.
    fn path(&self, name: &str) -> Option<PathBuf> {
        self.variables.get(&OsString::from(name)).filter(|text| !text.is_empty()).map(PathBuf::from)
    }
}

/// A wish that cannot be meant: exit code 2.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{what}")]
pub struct Usage {
    /// What is wrong with it.
    pub what: String,
    /// One thing to do instead.
    pub hint: Option<String>,
}

impl Usage {
    /// Says what is wrong, and what to do.
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: Some(hint.into()) }
    }
}

/// What every verb goes by.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The local store.
    pub store: PathBuf,
    /// Whether a flag names it.
    pub is_store_named: bool,
    /// Flipt's own store, where that is another one and exists.
    pub flipt_store: Option<PathBuf>,
    /// The time now, in RFC 3339.
    pub now: String,
    /// How much is said.
    pub voice: Voice,
    /// Whether progress bars are drawn.
    pub draws_progress: bool,
    /// What is coloured.
    pub colours: Colours,
    /// Threads for work that computes.
    pub threads: usize,
}

/// What is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Colours {
    /// Messages on standard error.
    pub messages: bool,
    /// Data on standard output, where it has colours.
    pub data: bool,
}

/// How much is said on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Voice {
    /// Errors.
    Quiet,
    /// Summaries and warnings too.
    Normal,
    /// Each request too.
    Verbose,
}

impl Settings {
    /// Types the flags that all verbs share, and what the environment says of them.
    pub fn new(flags: &cli::Global, environment: &Environment) -> Result<Self, Usage> {
        let flipt = environment.directories.config.as_ref().map(|config| config.join("flipt/bundles"));
        let store = store(flags, environment)?;
        let voice = match (flags.quiet, flags.verbose) {
            (true, _) => Voice::Quiet,
            (_, true) => Voice::Verbose,
            _ => Voice::Normal,
        };
        Ok(Self {
            flipt_store: flipt.filter(|directory| *directory != store),
            store,
            is_store_named: flags.store.is_some(),
            now: rfc3339(seconds(environment.now)),
            voice,
            draws_progress: environment.stderr_is_terminal
                && voice == Voice::Normal
                && !flags.no_progress
                && !environment.is_dumb(),
            colours: Colours {
                messages: colours(flags.color, environment, environment.stderr_is_terminal),
                data: colours(flags.color, environment, environment.stdout_is_terminal),
            },
            threads: std::thread::available_parallelism().map_or(2, usize::from).min(16),
        })
    }
}

fn colours(when: cli::Color, environment: &Environment, is_terminal: bool) -> bool {
    let is_forced = environment.text("CLICOLOR_FORCE").is_some_and(|text| text != "0");
    match when {
        cli::Color::Always => true,
        cli::Color::Never => false,
        cli::Color::Auto if environment.is_colourless() => false,
        cli::Color::Auto => is_forced || (is_terminal && !environment.is_dumb()),
    }
}

fn store(flags: &cli::Global, environment: &Environment) -> Result<PathBuf, Usage> {
    let given = flags.store.clone().filter(|path| !path.as_os_str().is_empty());
    let path = given
        .or_else(|| environment.path("TORTE_STORE"))
        .or_else(|| environment.path("FLIPT_STORAGE_OCI_BUNDLES_DIRECTORY"))
        .or_else(|| environment.directories.data.as_ref().map(|data| data.join("torte")));
    path.ok_or_else(|| {
        Usage::new("there is no place for the store: no home directory", "give one with `--store DIR`")
    })
}

/// When a bundle counts as made: the flag, `SOURCE_DATE_EPOCH`, or the first second of 1970, in RFC 3339 and UTC.
pub fn created(flag: Option<&str>, environment: &Environment) -> Result<String, Usage> {
    if let Some(text) = flag {
        let time = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| {
            Usage::new(
                format!("`--created` is `{text}`, which is not a time in RFC 3339"),
                "write it as 2026-01-31T12:00:00Z",
            )
        })?;
        return time.to_offset(time::UtcOffset::UTC).format(&Rfc3339).map_err(|_| Usage {
            what: format!("`--created` is `{text}`, which RFC 3339 cannot write in UTC"),
            hint: None,
        });
    }
    let variable = environment.variables.get(&OsString::from("SOURCE_DATE_EPOCH"));
    let Some(text) = variable.filter(|text| !text.is_empty()) else {
        return Ok(rfc3339(0));
    };
    let seconds = text.to_str().and_then(|text| text.parse::<i64>().ok());
    seconds.filter(|seconds| (0..=LAST_SECOND).contains(seconds)).map(rfc3339).ok_or_else(|| {
        Usage::new(
            format!("SOURCE_DATE_EPOCH is `{}`, which is not a number of seconds", text.to_string_lossy()),
            "set it to whole seconds since 1970, or unset it",
        )
    })
}

/// Where the system has directories that nobody keeps: `TMPDIR`, or else `/tmp`, or what Windows has.
pub fn temporary_directory() -> std::path::PathBuf {
    std::env::temp_dir()
}

/// The end of the year 9999, beyond which RFC 3339 has no words.
const LAST_SECOND: i64 = 253_402_300_799;

/// Says what time it is, in RFC 3339, each time it is asked.
pub fn clock() -> std::sync::Arc<dyn Fn() -> String + Send + Sync> {
    std::sync::Arc::new(|| rfc3339(seconds(SystemTime::now())))
}

/// What time it will be after so many seconds, in RFC 3339.
pub fn after(more: u64) -> String {
    rfc3339(seconds(SystemTime::now()).saturating_add_unsigned(more))
}

/// A name of 128 random bits, which nobody can guess.
pub fn random_name() -> Result<String, Usage> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits)
        .map_err(|error| Usage::new(format!("the system gives no random number: {error}"), "use `--name`"))?;
    Ok(hex::encode(bits))
}

fn seconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).ok().and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(0)
}

fn rfc3339(seconds: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.format(&Rfc3339).unwrap_or_default()
}

/// The manifest version: the flag, else Flipt's variable as Flipt reads it (`1.0`, and 1.1 for anything else).
pub fn manifest_version(flag: Option<cli::ManifestVersion>, environment: &Environment) -> ManifestVersion {
    match flag {
        Some(cli::ManifestVersion::V1_0) => ManifestVersion::V1_0,
        None if environment.text("FLIPT_STORAGE_OCI_MANIFEST_VERSION") == Some("1.0") => {
            ManifestVersion::V1_0
        }
        Some(cli::ManifestVersion::V1_1) | None => ManifestVersion::V1_1,
    }
}

/// Annotations of the form `KEY=VALUE`, cut at the first `=`.
pub fn annotations(flags: &[String]) -> Result<BTreeMap<String, String>, Usage> {
    let pair = |text: &String| match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => {
            Err(Usage::new(format!("the annotation `{text}` has no key and value"), "write it as KEY=VALUE"))
        }
    };
    let mut found = BTreeMap::new();
    for flag in flags {
        let (key, value) = pair(flag)?;
        if found.insert(key.clone(), value).is_some() {
            return Err(Usage::new(format!("the annotation `{key}` is given twice"), "give each key once"));
        }
    }
    Ok(found)
}

/// What must hold of a tag that is written.
pub fn expect(guard: &cli::Guard) -> Result<Expect, Usage> {
    if guard.if_absent {
        return Ok(Expect::Absent);
    }
    match &guard.if_match {
        None => Ok(Expect::Any),
        Some(text) => match text.parse::<Digest>() {
            Ok(digest) => Ok(Expect::Is(digest)),
            Err(error) => Err(Usage::new(
                format!("`--if-match`: {error}"),
                "copy the whole digest from `torte inspect`",
            )),
        },
    }
}

/// The longest secret that is read from standard input, in bytes.
const LONGEST_SECRET: u64 = 64 * 1024;

/// Reads a password or token from standard input, without the line end.
fn secret(stdin: &mut dyn Read) -> Result<String, Usage> {
    let mut text = String::new();
    let read = stdin.take(LONGEST_SECRET).read_to_string(&mut text);
    let text = text.trim_end_matches(['\r', '\n']).to_owned();
    if read.is_err() || text.is_empty() {
        return Err(Usage::new(
            "no password came on standard input",
            "pipe it in, as in `printf %s \"$TOKEN\" | torte … --password-stdin`",
        ));
    }
    Ok(text)
}

/// The longest time limit: clocks and sums of time have an end.
const LONGEST_LIMIT: Duration = Duration::from_hours(7 * 24);

/// A time limit as a user writes it.
pub(crate) fn time_limit(text: &str) -> Result<Duration, Usage> {
    match duration::parse(text).filter(|limit| !limit.is_zero()) {
        Some(limit) if limit <= LONGEST_LIMIT => Ok(limit),
        Some(_) => Err(Usage::new(format!("`{text}` is too long for a time limit"), "give at most `7d`")),
        None => {
            Err(Usage::new(format!("`{text}` is not a duration"), "write it as `90s`, `30m`, `24h` or `7d`"))
        }
    }
}

/// How long something must have been unwanted, as a user writes it; `0s` is a meant answer.
pub fn grace(text: &str) -> Result<Duration, Usage> {
    duration::parse(text).ok_or_else(|| {
        let hint = "write it as `0s`, `90s`, `30m`, `24h` or `7d`";
        Usage::new(format!("`--older` is `{text}`, which is not a duration"), hint)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether data is coloured, by variables, by whether standard output is a terminal, and by `--color`.
    fn is_coloured(variables: &[(&str, &str)], is_terminal: bool, when: cli::Color) -> bool {
        let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let environment = Environment {
            variables: variables.collect(),
            now: UNIX_EPOCH,
            directories: Directories::default(),
            stderr_is_terminal: false,
            stdin_is_terminal: false,
            stdout_is_terminal: is_terminal,
        };
        let flags = cli::Global {
            store: Some("store".into()),
            quiet: false,
            verbose: false,
            no_progress: false,
            color: when,
        };
        Settings::new(&flags, &environment).expect("the flags are sound").colours.data
    }

    #[test]
    fn a_time_limit_has_an_end() {
        assert_eq!(time_limit("7d").ok(), Some(Duration::from_hours(168)));
        for text in ["0s", "8d", "604801s", "18446744073709551615s", "soon"] {
            assert!(time_limit(text).is_err(), "{text}");
        }
    }

    #[test]
    fn data_is_coloured_on_a_terminal_alone_unless_somebody_says_otherwise() {
        use cli::Color::{Always, Auto, Never};
        assert!(is_coloured(&[], true, Auto));
        assert!(!is_coloured(&[], false, Auto));
        assert!(!is_coloured(&[], true, Never));
        assert!(is_coloured(&[("NO_COLOR", "1")], false, Always));
        assert!(!is_coloured(&[("NO_COLOR", "1")], true, Auto));
        assert!(!is_coloured(&[("TERM", "dumb")], true, Auto));
        assert!(is_coloured(&[("CLICOLOR_FORCE", "1")], false, Auto));
    }
}
