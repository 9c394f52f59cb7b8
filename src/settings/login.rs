//! Who is to be logged in where: flags and variables to a registry, a user, and the file that keeps them.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::access::docker_file;
use super::{Environment, Usage, secret};
use crate::cli;
use crate::oci::Host;
use crate::registry::{Given, Login, Secret, Variables};

/// A registry as `login` takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registry {
    /// Its host.
    pub host: Host,
    /// Whether it is spoken to in plain HTTP, where a scheme says so.
    pub plain_http: Option<bool>,
}

impl Registry {
    /// Reads `ghcr.io`, and what Docker takes for it too: a scheme before it, and the path of Docker Hub's old API.
    pub fn parse(text: &str) -> Result<Self, Usage> {
        let (plain_http, rest) = match text.split_once("://") {
            None => (None, text),
            Some(("https", rest)) => (Some(false), rest),
            Some(("http", rest)) => (Some(true), rest),
            Some(("oci", rest)) => (None, rest),
            Some((scheme, _)) => {
                let what = format!("`{scheme}://` is not how a registry is reached");
                return Err(Usage::new(what, "write its host alone, as in `torte login ghcr.io`"));
            }
        };
        if rest.contains('@') {
            // It is not shown: a password may stand before the sign.
            let what = "a registry is written without a user";
            return Err(Usage::new(what, "give the user with `--username NAME`"));
        }
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        if !matches!(path.trim_end_matches('/'), "" | "v1" | "v2") {
            let what = format!("`{text}` is more than a registry: credentials are kept for all of one");
            return Err(Usage::new(what, format!("write `torte login {host}`")));
        }
        let host = host.parse().map_err(|error| {
            Usage::new(format!("{error}"), "write a registry's host, as in `torte login ghcr.io`")
        })?;
        Ok(Self { host, plain_http })
    }
}

/// Who is to be logged in.
pub enum Who {
    /// Flags, variables and standard input say it all.
    Known(Given),
    /// The user must be asked for the password, and for the name if it is not known.
    Asked {
        /// The name, if it was given.
        user: Option<String>,
    },
}

/// Types the flags that say who logs in; reads a secret from standard input where a flag says so. The variables are
/// meant for the only registry of a command.
pub fn who(
    flags: &cli::Remote,
    is_only: bool,
    environment: &Environment,
    stdin: &mut dyn Read,
) -> Result<Who, Usage> {
    if flags.identity_token_stdin {
        let login = Login::IdentityToken { token: Secret::new(secret(stdin)?) };
        return Ok(Who::Known(login.into()));
    }
    let mut variables = Vec::new();
    let mut variable = |name| {
        let text = environment.text(name).filter(|_| is_only)?;
        variables.push(name);
        Some(text.to_owned())
    };
    let user = flags.username.clone().or_else(|| variable("TORTE_USERNAME"));
    if let Some(user) = &user {
        check_user(user)?;
    }
    let password = match &user {
        None if flags.password_stdin => {
            let what = "`--password-stdin` needs a user name";
            return Err(Usage::new(what, "give it with `--username NAME`"));
        }
        Some(_) if flags.password_stdin => Some(secret(stdin)?),
        Some(_) => variable("TORTE_PASSWORD"),
        None => None,
    };
    let (Some(user), Some(password)) = (user.clone(), password) else { return Ok(Who::Asked { user }) };
    let login = Login::Password { user, password: Secret::new(password) };
    Ok(Who::Known(Given { login, variables: Variables(variables) }))
}

/// Fails for a name that no registry could tell from the password.
pub fn check_user(user: &str) -> Result<(), Usage> {
    if user.is_empty() || user.contains(':') || user.chars().any(char::is_control) {
        // It is not shown: who writes a colon may have put the password behind it.
        let what = "this cannot be a user name: it is empty, or has a colon or a control character in it";
        return Err(Usage::new(what, "give the password on its own, with `--password-stdin`"));
    }
    Ok(())
}

/// The file that keeps logins: the one that is named, else the first that is looked at when they are needed.
pub fn credentials_file(named: Option<&Path>, environment: &Environment) -> Result<PathBuf, Usage> {
    let usual = || environment.path("REGISTRY_AUTH_FILE").or_else(|| docker_file(environment));
    named.filter(|path| !path.as_os_str().is_empty()).map(Path::to_owned).or_else(usual).ok_or_else(|| {
        Usage::new(
            "there is no place for credentials: no home directory",
            "name a file with `--authfile FILE`",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<(String, Option<bool>)> {
        Registry::parse(text).ok().map(|registry| (registry.host.to_string(), registry.plain_http))
    }

    #[test]
    fn a_registry_is_its_host_and_what_docker_takes_for_it() {
        for (text, host, plain) in [
            ("ghcr.io", "ghcr.io", None),
            ("GHCR.io/", "ghcr.io", None),
            ("localhost:5000", "localhost:5000", None),
            ("https://index.docker.io/v1/", "index.docker.io", Some(false)),
            ("http://registry.local:5000", "registry.local:5000", Some(true)),
            ("oci://ghcr.io", "ghcr.io", None),
        ] {
            assert_eq!(parsed(text), Some((host.to_owned(), plain)), "{text}");
        }
        for text in ["", "ghcr.io/org", "ftp://ghcr.io", "ghcr.io:port", "user@ghcr.io", "https://"] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    #[test]
    fn a_user_has_no_colon() {
        assert!(check_user("robot$team+ci").is_ok());
        for user in ["", "bob:x", "bob\n"] {
            assert!(check_user(user).is_err(), "{user}");
        }
    }
}
