//! Mends the script of bash where files and directories are typed: there the generated one offers the flags alone, and
//! what these have in common, a `-`, would be put into the line.

use clap::{Arg, Command};

use crate::cli::values::{Names, VALUES};

/// The line of a verb's part that offers the flags where nothing of them is typed.
const FLAGS: &str =
    "\n            COMPREPLY=( $(compgen -W \"${opts}\" -- \"${cur}\") )\n            return 0\n";
/// In its place: nothing of ours, so that bash offers files.
const FILES: &str = "\n            COMPREPLY=()\n            return 0\n";
/// What makes the first word after the verb a flag, too.
const FIRST: &str = "if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then";
const FIRST_IF_BEGUN: &str = "if [[ ${cur} == -* ]] ; then";

/// The script, which offers flags beside a path only where one is begun.
pub(super) fn with_paths(mut script: String, command: &Command) -> String {
    for verb in command.get_subcommands() {
        let name = verb.get_name();
        let mut paths = verb.get_positionals().map(|argument| is_path(name, argument));
        let is_first = paths.next().unwrap_or_default();
        let Some(start) = script.find(&format!("\n        torte__subcmd__{name})\n")) else { continue };
        if is_first {
            replace(&mut script, start, FIRST, FIRST_IF_BEGUN);
        }
        if is_first || paths.any(|is_path| is_path) {
            replace(&mut script, start, FLAGS, FILES);
        }
    }
    script
}

/// Replaces the first that follows.
fn replace(script: &mut String, start: usize, what: &str, by: &str) {
    if let Some(at) = script[start..].find(what).map(|at| start + at) {
        script.replace_range(at..at + what.len(), by);
    }
}

fn is_path(verb: &str, argument: &Arg) -> bool {
    let names = argument.get_value_names().unwrap_or_default();
    let of_table = VALUES.iter().find(|value| value.verb == verb && argument.get_id() == value.argument);
    of_table.is_some_and(|value| value.names == Names::BundleOrDirectory)
        || names.iter().any(|name| name.split('|').any(|part| part == "DIR"))
}
