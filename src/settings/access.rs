//! How a registry is reached: flags and variables to the client's options.

use std::io::Read;
use std::path::PathBuf;

use super::{Environment, Usage, secret, time_limit};
use crate::cli;
use crate::disk;
use crate::registry::{self, Authority, Client, Credentials, Options, Secret, Trace};

/// The flags by which one registry of a command is reached.
#[derive(Clone, Debug)]
pub struct Reach {
    door: cli::Door,
    /// Whose credentials are shown; none to a registry that anybody may use.
    login: Option<Login>,
    /// Whether the command has no other registry, so that the variables with credentials are meant for this one.
    is_only: bool,
}

/// The flags that say as whom a registry is reached.
#[derive(Clone, Debug)]
struct Login {
    authfile: Option<PathBuf>,
    username: Option<String>,
    password_stdin: bool,
    identity_token_stdin: bool,
}

impl From<&cli::Remote> for Login {
    fn from(flags: &cli::Remote) -> Self {
        Self {
            authfile: flags.authfile.clone(),
            username: flags.username.clone(),
            password_stdin: flags.password_stdin,
            identity_token_stdin: flags.identity_token_stdin,
        }
    }
}

impl Reach {
    /// The one registry of a command.
    pub fn only(flags: &cli::Remote) -> Self {
        Self { door: flags.door.clone(), login: Some(flags.into()), is_only: true }
    }

    /// A registry that is shown no credentials, whatever is known of it.
    pub fn anonymous(door: &cli::Door) -> Self {
        Self { door: door.clone(), login: None, is_only: true }
    }

    /// The destination of a copy between two registries.
    pub fn destination(flags: &cli::Remote) -> Self {
        Self { is_only: false, ..Self::only(flags) }
    }

    /// The source of a copy between two registries: what is said of the destination's door does not hold for it.
    pub fn source(flags: &cli::Remote, from: &cli::FromRemote) -> Self {
        let bare = cli::Remote {
            door: cli::Door { plain_http: false, insecure: false, ca_file: None, ..flags.door.clone() },
            authfile: None,
            username: None,
            password_stdin: false,
            identity_token_stdin: false,
        };
        Self { is_only: false, ..Self::only(&over(bare, from)) }
    }

    /// The source of a copy that has no other registry.
    pub fn only_source(flags: &cli::Remote, from: &cli::FromRemote) -> Self {
        Self::only(&over(flags.clone(), from))
    }
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
    /// The pool of connections.
    pub client: Client,
}

/// Types the flags of a registry; reads a secret from standard input where a flag says so.
pub fn access(
    reach: &Reach,
    environment: &Environment,
    stdin: &mut dyn Read,
    trace: Option<Trace>,
) -> Result<Access, Usage> {
    let flags = &reach.door;
    let realms = environment.text("TORTE_TRUSTED_REALMS").unwrap_or_default().split(',').map(str::trim);
    let options = Options {
        authorities: authorities(flags, environment)?,
        concurrency: concurrency_of(flags, environment)?,
        insecure: flags.insecure,
        retries: u32::from(flags.retries),
        timeout: time_limit(&flags.timeout)?,
        trace,
        trusted_realms: realms.filter(|realm| !realm.is_empty()).map(str::to_owned).collect(),
        ..Options::default()
    };
    let credentials = match &reach.login {
        None => Credentials::default(),
        Some(login) => Credentials {
            given: given(login, reach.is_only, environment, stdin)?,
            named_file: login.authfile.clone(),
            files: credentials_files(environment),
            helper_patience: Some(options.timeout),
            is_silent: false,
        },
    };
    let plain_http = flags.plain_http || is_on(environment, "TORTE_PLAIN_HTTP");
    Ok(Access { plain_http, credentials, client: Client::new(options) })
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
pub fn concurrency(flags: &cli::Remote, environment: &Environment) -> Result<usize, Usage> {
    concurrency_of(&flags.door, environment)
}

/// The same for a registry that anybody may use.
pub fn concurrency_of(flags: &cli::Door, environment: &Environment) -> Result<usize, Usage> {
    if let Some(number) = flags.concurrency {
        return Ok(usize::from(number));
    }
    let Some(text) = environment.text("TORTE_CONCURRENCY") else { return Ok(32) };
    text.parse().ok().filter(|number| (1..=512).contains(number)).ok_or_else(|| {
        Usage::new(format!("TORTE_CONCURRENCY is `{text}`"), "set it to a number from 1 to 512, or unset it")
    })
}

fn given(
    flags: &Login,
    is_only: bool,
    environment: &Environment,
    stdin: &mut dyn Read,
) -> Result<Option<registry::Login>, Usage> {
    let variable = |name| environment.text(name).filter(|_| is_only);
    if flags.identity_token_stdin {
        return Ok(Some(registry::Login::IdentityToken { token: Secret::new(secret(stdin)?) }));
    }
    let user = flags.username.as_deref().or_else(|| variable("TORTE_USERNAME"));
    let password = match (user, variable("TORTE_PASSWORD")) {
        (None, _) if flags.password_stdin => {
            let what = "`--password-stdin` needs a user name";
            return Err(Usage::new(what, "give it with `--username NAME`"));
        }
        (Some(_), _) if flags.password_stdin => secret(stdin)?,
        (Some(_), Some(password)) => password.to_owned(),
        (Some(_), None) if flags.username.is_some() => {
            let what = "`--username` needs a password";
            return Err(Usage::new(what, "pipe it in with `--password-stdin`, or set TORTE_PASSWORD"));
        }
        _ => return Ok(None),
    };
    let login =
        |user: &str| registry::Login::Password { user: user.to_owned(), password: Secret::new(password) };
    Ok(user.map(login))
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
