//! What a verb may use, and which verb is meant.

use std::io::Read;

use crate::cli::Verb;
use crate::output::Answer;
use crate::progress::Progress;
use crate::registry;
use crate::settings::{Environment, Settings};

mod attachments;
mod build;
mod check;
pub mod complete;
mod completions;
mod copy;
mod diff;
mod gc;
mod inspect;
mod keys;
mod layers;
mod lint;
mod list;
mod login;
mod logout;
mod make;
mod man;
mod places;
mod proof;
mod pull;
mod push;
mod reading;
mod resolve;
mod rm;
mod serve;
mod share;
mod sign;
mod stamp;
mod tag;
mod transfer;
mod unpack;
mod verify;

/// What a verb may use.
pub struct Context<'a> {
    /// The settings that all verbs share.
    pub settings: &'a Settings,
    /// What the process stands in, to type the verb's own flags.
    pub environment: &'a Environment,
    /// Standard input, for secrets.
    pub stdin: &'a mut dyn Read,
    /// Who is told of progress.
    pub progress: &'a dyn Progress,
    /// Who is told of each request.
    pub trace: Option<registry::Trace>,
    /// The pools of connections to registries.
    pub clients: registry::Clients,
}

/// Does what the verb says.
pub fn run(verb: Verb, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    match verb {
        Verb::Build(arguments) => build::run(&arguments, context),
        Verb::Lint(arguments) => lint::run(&arguments, context),
        Verb::List(arguments) => list::run(&arguments, context),
        Verb::Resolve(arguments) => resolve::run(&arguments, context),
        Verb::Inspect(arguments) => inspect::run(&arguments, context),
        Verb::Diff(arguments) => diff::run(&arguments, context),
        Verb::Tag(arguments) => tag::run(&arguments, context),
        Verb::Push(arguments) => push::run(&arguments, context),
        Verb::Pull(arguments) => pull::run(&arguments, context),
        Verb::Copy(arguments) => copy::run(&arguments, context),
        Verb::Unpack(arguments) => unpack::run(&arguments, context),
        Verb::Rm(arguments) => rm::run(&arguments, context),
        Verb::Gc(arguments) => gc::run(&arguments, context),
        Verb::Check(arguments) => check::run(&arguments, context),
        Verb::Sign(arguments) => sign::run(&arguments, context),
        Verb::Verify(arguments) => verify::run(&arguments, context),
        Verb::Keys(arguments) => keys::run(&arguments, context),
        Verb::Share(arguments) => share::run(&arguments, context),
        Verb::Login(arguments) => login::run(&arguments, context),
        Verb::Logout(arguments) => logout::run(&arguments, context),
        Verb::Serve(arguments) => serve::run(&arguments, context),
        Verb::Completions(arguments) => Ok(completions::run(&arguments)?),
        Verb::Man(arguments) => man::run(&arguments),
    }
}
