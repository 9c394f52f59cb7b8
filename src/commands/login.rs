//! `torte login`: credentials that a registry took, kept where Docker and Podman keep theirs.

use std::io;

use anyhow::Context as _;

use super::Context;
use crate::cli;
use crate::oci::Host;
use crate::output::report::{Keeper, LoggedIn};
use crate::output::{Answer, advice, prompt};
use crate::registry::{Admission, CredentialStore, Login, Secret, admit};
use crate::repository::{Error, ErrorKind};
use crate::runtime;
use crate::settings::{self, Reach, Registry, Usage, Who};

pub(super) fn run(arguments: &cli::Login, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let Registry { host, plain_http } = Registry::parse(&arguments.registry)?;
    let aim = || format!("cannot log in to {host}");
    let flags = &arguments.remote;
    let patience = settings::time_limit(&flags.door.timeout)?;
    let file = settings::credentials_file(flags.authfile.as_deref(), context.environment)?;
    // What is wrong with the file is told before anybody types a password.
    let store =
        CredentialStore::open(&file, patience).map_err(|error| error.at(host.as_str())).with_context(aim)?;
    runtime::watch_interrupts()?;
    let given = match settings::who(flags, true, context.environment, context.stdin)? {
        Who::Known(given) => given,
        Who::Asked { user } => asked(&host, user, context)?.into(),
    };
    let login = given.login.clone();
    let reach = Reach::anonymous(&flags.door);
    let access = settings::access(&reach, context.environment, context.stdin, context.trace.clone())?;
    let plain_http = plain_http.unwrap_or(access.plain_http || host.is_loopback());
    let client = context.clients.get(access.options);
    let admission = admit(&host, plain_http, given, &client).map_err(advised).with_context(aim)?;
    let kept = store
        .save(&host, &login)
        .map_err(|error| error.at(host.as_str()))
        .with_context(|| format!("{host} took the credentials, and they cannot be kept"))?;
    let user = match login {
        Login::Password { user, .. } => Some(user),
        Login::IdentityToken { .. } => None,
    };
    let logged = LoggedIn {
        registry: host.to_string(),
        user,
        is_verified: admission == Admission::Granted,
        keeper: Keeper { file: kept.file, helper: kept.helper },
    };
    Ok(logged.answer(arguments.output.format))
}

/// The login that the user types.
fn asked(host: &Host, user: Option<String>, context: &Context<'_>) -> anyhow::Result<Login> {
    if !context.environment.stdin_is_terminal {
        let what = "there is no terminal to ask for a password at";
        let hint =
            format!("pipe it in, as in `printf %s \"$TOKEN\" | torte login {host} -u NAME --password-stdin`");
        return Err(Usage::new(what, hint).into());
    }
    let user = match user {
        Some(user) => user,
        None => answered(prompt::ask(&format!("User name for {host}")), host, "user name")?,
    };
    settings::check_user(&user)?;
    let question = format!("Password or token of {user} (it is not shown)");
    let password = answered(prompt::ask_secretly(&question), host, "password")?;
    Ok(Login::Password { user, password: Secret::new(password) })
}

fn answered(answer: io::Result<Option<String>>, host: &Host, what: &str) -> anyhow::Result<String> {
    match answer {
        Ok(Some(text)) if !text.is_empty() => Ok(text),
        Ok(_) => Err(Usage::new(format!("no {what} was given"), "nothing was changed; run it again").into()),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            Err(Error::new(ErrorKind::Interrupted, host.to_string(), "interrupted").into())
        }
        Err(error) => Err(anyhow::Error::new(error).context(format!("cannot read the {what}"))),
    }
}

/// The error with what is to be done about it; that it takes a login need not be said here.
fn advised(error: Error) -> Error {
    if error.kind != ErrorKind::Unauthorized || error.hint.is_some() {
        return error;
    }
    let usual = "check the name and the password; many registries want a token in its place";
    let hint = advice::unauthorized(&error, |_| usual.to_owned());
    error.hinting(hint)
}
