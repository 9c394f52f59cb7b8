//! The completion scripts, made from the command line's types.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::Cli;

/// The completion script of a shell.
pub fn script(shell: Shell) -> Vec<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "torte", &mut out);
    out
}
