//! torte packs feature flags into OCI bundles and moves them between a local store and any registry.
//!
//! The library exists for the binary and its tests; it makes no promise of a stable interface. Its rooms, from the
//! front door down; imports only point down this picture, and rooms on one line never see each other:
//!
//! ```text
//! main → lib → commands → output · serve → settings → cli
//! → kinds · signing → source · store · registry → repository → bundle → oci · disk · runtime · progress
//! ```

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::cli::{Cli, Verb};
use crate::commands::Context;
use crate::output::{Answer, Exit, Failure, Printer};
use crate::progress::Progress;
use crate::settings::{Environment, Settings, Voice};

pub mod bundle;
pub mod cli;
pub mod commands;
pub mod completions;
pub mod disk;
pub mod kinds;
pub mod oci;
pub mod output;
pub mod progress;
pub mod registry;
pub mod repository;
pub mod runtime;
pub mod serve;
pub mod settings;
pub mod signing;
pub mod source;
pub mod store;

/// The streams that a run reads and writes.
pub struct Streams<'a> {
    /// Standard input.
    pub stdin: &'a mut dyn Read,
    /// Standard output.
    pub stdout: &'a mut dyn Write,
    /// Standard error.
    pub stderr: &'a mut dyn Write,
}

/// Does what the arguments say and returns the exit code.
pub fn run(arguments: &[OsString], streams: Streams<'_>, environment: &Environment) -> u8 {
    let Streams { stdin, stdout, stderr } = streams;
    if arguments.get(1).is_some_and(|word| word == completions::ASK) {
        return complete(&arguments[2..], stdout, environment);
    }
    let wants_json = has_json(arguments);
    let cli = match Cli::read(arguments) {
        Ok(cli) => cli,
        Err(error) if wants_json && error.use_stderr() => {
            let failure = Failure::of_usage(&error.to_string());
            // Where standard error is closed, the exit code is all that is left.
            let _ = writeln!(stderr, "{}", failure.json());
            return failure.exit.code();
        }
        Err(error) => return parse_failure(&error, stdout, stderr, environment),
    };
    let settings = Settings::new(&cli.global, environment);
    let colours = settings.as_ref().map(|settings| settings.colours).unwrap_or_default();
    let quiet = cli.global.quiet;
    let outcome = catch_unwind(AssertUnwindSafe(|| verb(cli.verb, settings, stdin, environment)));
    let stdout_is_terminal = environment.stdout_is_terminal;
    let mut printer = Printer { stdout, stderr, stdout_is_terminal, colours, quiet };
    let (outcome, exit) = match outcome {
        Ok(Ok(answer)) => (printer.answer(&answer), answer.exit),
        Ok(Err(error)) => {
            let failure = Failure::of(&error);
            (printer.failure(&failure, wants_json), failure.exit)
        }
        Err(_) => {
            let failure = Failure::bug();
            (printer.failure(&failure, wants_json), failure.exit)
        }
    };
    match outcome {
        // Whoever read our output has had enough: a quiet end.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => exit.code(),
        Err(error) => {
            let failure = Failure::of_output(&error);
            // Where this cannot be written either, the exit code is all that is left.
            let _ = printer.failure(&failure, wants_json);
            if exit == Exit::Done { failure.exit.code() } else { exit.code() }
        }
        Ok(()) => exit.code(),
    }
}

fn verb(
    verb: Verb,
    settings: Result<Settings, settings::Usage>,
    stdin: &mut dyn Read,
    environment: &Environment,
) -> anyhow::Result<Answer> {
    let settings = settings?;
    let bar = settings.draws_progress.then(output::transfer::Bar::new);
    let progress: &dyn Progress = match &bar {
        Some(bar) => bar,
        None => &(),
    };
    let trace = (settings.voice == Voice::Verbose).then(|| Arc::new(output::say) as registry::Trace);
    let clients = registry::Clients::default();
    commands::run(verb, &mut Context { settings: &settings, environment, stdin, progress, trace, clients })
}

/// Answers a live completion script, a candidate a line; fails where the script knows better. Says nothing else,
/// whatever goes wrong: somebody is typing.
fn complete(words: &[OsString], stdout: &mut dyn Write, environment: &Environment) -> u8 {
    let found = catch_unwind(AssertUnwindSafe(|| commands::complete::candidates(words, environment)));
    let Some(candidates) = found.ok().flatten() else { return Exit::Failed.code() };
    let mut lines = candidates.join("\n");
    lines.push('\n');
    match stdout.write_all(lines.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Exit::Done.code(),
        Err(_) => Exit::Failed.code(),
    }
}

/// Help and version go to standard output and are no failure.
fn parse_failure(
    error: &clap::Error,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
    environment: &Environment,
) -> u8 {
    let text = error.render();
    let (stream, is_terminal): (&mut dyn Write, bool) = if error.use_stderr() {
        (stderr, environment.stderr_is_terminal)
    } else {
        (stdout, environment.stdout_is_terminal)
    };
    let outcome = if is_terminal && environment.wants_colour() {
        write!(stream, "{}", text.ansi())
    } else {
        write!(stream, "{text}")
    };
    match outcome {
        Ok(()) if error.use_stderr() => Exit::Usage.code(),
        _ => Exit::Done.code(),
    }
}

/// Whether the arguments ask for JSON, also where they are wrong otherwise.
fn has_json(arguments: &[OsString]) -> bool {
    let mut pairs = arguments.iter().zip(arguments.iter().skip(1));
    arguments.iter().any(|word| word == "--format=json")
        || pairs.any(|(flag, value)| flag == "--format" && value == "json")
}
