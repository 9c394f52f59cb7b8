//! `torte logout`: the credentials of a registry are forgotten, by the file and by its helper.

use anyhow::Context as _;

use super::Context;
use crate::cli;
use crate::output::Answer;
use crate::output::report::{Keeper, LoggedOut};
use crate::registry::CredentialStore;
use crate::runtime;
use crate::settings::{self, Registry};

pub(super) fn run(arguments: &cli::Logout, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let Registry { host, .. } = Registry::parse(&arguments.registry)?;
    let aim = || format!("cannot log out of {host}");
    let patience = settings::time_limit(&arguments.timeout)?;
    let file = settings::credentials_file(arguments.authfile.as_deref(), context.environment)?;
    runtime::watch_interrupts()?;
    let forgotten = CredentialStore::open(&file, patience)
        .and_then(|store| store.forget(&host))
        .map_err(|error| error.at(host.as_str()))
        .with_context(aim)?;
    let parts = forgotten.parts.iter().map(|key| {
        format!("the login for `{key}` stays: it was made for a part of {host}, with another tool")
    });
    let elsewhere = settings::credentials_files(context.environment).into_iter();
    let elsewhere = elsewhere.filter(|other| *other != file && CredentialStore::knows(other, &host));
    let elsewhere = elsewhere.map(|other| {
        let other = other.display();
        format!("{other} has a login for {host} too: `torte logout {host} --authfile {other}` takes it out")
    });
    let warnings = parts.chain(elsewhere).collect();
    let keeper = Keeper { file: forgotten.kept.file, helper: forgotten.kept.helper };
    let logged = LoggedOut { registry: host.to_string(), existed: forgotten.existed, keeper, warnings };
    Ok(logged.answer(arguments.output.format))
}
