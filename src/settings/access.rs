//! How a registry is reached: flags and variables to the client's options.

use std::io::Read;
use std::path::PathBuf;

use super::login::{Who, who};
use super::{Environment, Usage, time_limit};
use crate::cli;
use crate::disk;
use crate::registry::{Authority, Credentials, Given, Options, Trace};

/// The flags by which one registry of a command is reached.
#[derive(Clone, Debug)]
pub struct Reach {
    flags: cli::Remote,
    /// Whether it is a registry that anybody may use, and is shown no credentials.
    is_anonymous: bool,
    /// Whether the command has no other registry, so that the variables with credentials are meant for this one.
    is_only: bool,
}

impl Reach {
    /// The one registry of a command.
    pub fn only(flags: &cli::Remote) -> Self {
        Self { flags: flags.clone(), is_anonymous: false, is_only: true }
    }

    /// A registry that is shown no credentials, whatever is known of it.
    pub fn anonymous(door: &cli::Door) -> Self {
        Self { flags: bare(door.clone()), is_anonymous: true, is_only: true }
    }

    /// The source and the destination of a copy, of which `are_remote` tells whether they are registries.
    pub fn both(flags: &cli::Remote, from: &cli::FromRemote, are_remote: [bool; 2]) -> [Self; 2] {
        if are_remote == [true; 2] {
            [Self::source(flags, from), Self::destination(flags)]
        } else {
            [Self::only_source(flags, from), Self::only(flags)]
        }
    }

    /// The destination of a copy between two registries.
    fn destination(flags: &cli::Remote) -> Self {
        Self { is_only: false, ..Self::only(flags) }
    }

    /// The source of a copy between two registries: what is said of the destination's door does not hold for it.
    fn source(flags: &cli::Remote, from: &cli::FromRemote) -> Self {
        let door = cli::Door { plain_http: false, insecure: false, ca_file: None, ..flags.door.clone() };
        Self { is_only: false, ..Self::only(&over(bare(door), from)) }
    }

    /// The source of a copy that has no other registry.
    fn only_source(flags: &cli::Remote, from: &cli::FromRemote) -> Self {
        Self::only(&over(flags.clone(), from))
    }
}

/// A registry of which nobody said who asks.
fn bare(door: cli::Door) -> cli::Remote {
    cli::Remote { door, authfile: None, username: None, password_stdin: false, identity_token_stdin: false }
}

fn over(flags: cli::Remote, from: &cli::FromRemote) -> cli::Remote {
    let door = flags.door;
    cli::Remote {
        door: cli::Door {
            plain_http: door.plain_http || from.from_plain_http,
            insecure: door.insecure || from.from_insecure,
            ca_file: from.from_ca_file.clone().or(door.ca_file),
            ..door
        },
        authfile: from.from_authfile.clone().or(flags.authfile),
        username: from.from_username.clone().or(flags.username),
        password_stdin: flags.password_stdin || from.from_password_stdin,
        identity_token_stdin: flags.identity_token_stdin,
    }
}

/// How a registry is reached.
pub struct Access {
    /// Whether plain HTTP is spoken where no scheme says otherwise.
    pub plain_http: bool,
    /// Whose credentials are shown.
    pub credentials: Credentials,
    /// How requests are made.
    pub options: Options,
}

/// Types the flags of a registry; reads a secret from standard input where a flag says so.
pub fn access(
    reach: &Reach,
    environment: &Environment,
    stdin: &mut dyn Read,
    trace: Option<Trace>,
) -> Result<Access, Usage> {
    let flags = &reach.flags.door;
    let realms = environment.text("TORTE_TRUSTED_REALMS").unwrap_or_default().split(',').map(str::trim);
    let options = Options {
        authorities: authorities(flags, environment)?,
        concurrency: concurrency(flags, environment)?,
        insecure: flags.insecure,
        retries: u32::from(flags.retries),
        timeout: time_limit(&flags.timeout)?,
        trace,
        trusted_realms: realms.filter(|realm| !realm.is_empty()).map(str::to_owned).collect(),
        ..Options::default()
    };
    let credentials = if reach.is_anonymous {
        Credentials::default()
    } else {
        Credentials {
            given: given(&reach.flags, reach.is_only, environment, stdin)?,
            named_file: reach.flags.authfile.clone(),
            files: credentials_files(environment),
            helper_patience: Some(options.timeout),
            is_silent: false,
        }
    };
    let plain_http = flags.plain_http || is_on(environment, "TORTE_PLAIN_HTTP");
    Ok(Access { plain_http, credentials, options })
}

/// The certificates that a flag or variable names.
fn authorities(flags: &cli::Door, environment: &Environment) -> Result<Vec<Authority>, Usage> {
    let Some(path) = flags.ca_file.clone().or_else(|| environment.path("TORTE_CA_FILE")) else {
        return Ok(Vec::new());
    };
    let refused = |what| Usage::new(what, "name a file of certificates in PEM form with `--ca-file`");
    let read = disk::read_named(&path, LARGEST_CA_FILE);
    let read = read.map_err(|error| refused(format!("cannot read the certificates: {error}")))?;
    let pem =
        read.ok_or_else(|| refused(format!("there is no file `{}` with certificates", path.display())))?;
    Ok(vec![Authority { path, pem }])
}

/// The largest file of certificates, in bytes.
const LARGEST_CA_FILE: u64 = 16 * 1024 * 1024;

fn is_on(environment: &Environment, name: &str) -> bool {
    environment.text(name).is_some_and(|text| !matches!(text, "0" | "false" | "no"))
}

/// How many transfers run at once: the flag, `TORTE_CONCURRENCY`, or 32.
pub fn concurrency(flags: &cli::Door, environment: &Environment) -> Result<usize, Usage> {
    if let Some(number) = flags.concurrency {
        return Ok(usize::from(number));
    }
    let Some(text) = environment.text("TORTE_CONCURRENCY") else { return Ok(32) };
    text.parse().ok().filter(|number| (1..=512).contains(number)).ok_or_else(|| {
        Usage::new(format!("TORTE_CONCURRENCY is `{text}`"), "set it to a number from 1 to 512, or unset it")
    })
}

fn given(
    flags: &cli::Remote,
    is_only: bool,
    environment: &Environment,
    stdin: &mut dyn Read,
) -> Result<Option<Given>, Usage> {
    match who(flags, is_only, environment, stdin)? {
        Who::Known(given) => Ok(Some(given)),
        Who::Asked { .. } if flags.username.is_some() => {
            let what = "`--username` needs a password";
            Err(Usage::new(what, "pipe it in with `--password-stdin`, or set TORTE_PASSWORD"))
        }
        Who::Asked { .. } => Ok(None),
    }
}

/// The files of Docker and Podman that may hold credentials, in the order in which they are looked at.
pub fn credentials_files(environment: &Environment) -> Vec<PathBuf> {
    let home = environment.directories.home.as_ref();
    let docker = docker_file(environment);
    let runtime = environment.path("XDG_RUNTIME_DIR").map(|directory| directory.join("containers/auth.json"));
    let config = environment
        .path("XDG_CONFIG_HOME")
        .or_else(|| home.map(|home| home.join(".config")))
        .map(|directory| directory.join("containers/auth.json"));
    [environment.path("REGISTRY_AUTH_FILE"), docker, runtime, config].into_iter().flatten().collect()
}

/// Docker's own file; there need not be a home directory for it.
pub(super) fn docker_file(environment: &Environment) -> Option<PathBuf> {
    let named = environment.path("DOCKER_CONFIG").map(|directory| directory.join("config.json"));
    let home = environment.directories.home.as_ref();
    named.or_else(|| home.map(|home| home.join(".docker/config.json")))
}
