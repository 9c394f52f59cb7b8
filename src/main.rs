//! Hands the process's arguments, streams and environment to the library and exits with its code.

use std::io;
use std::process::ExitCode;

use torte::Streams;
use torte::settings::Environment;

fn main() -> ExitCode {
    let streams = Streams { stdin: &mut io::stdin(), stdout: &mut io::stdout(), stderr: &mut io::stderr() };
    ExitCode::from(torte::run(&std::env::args_os().collect::<Vec<_>>(), streams, &Environment::of_process()))
}
