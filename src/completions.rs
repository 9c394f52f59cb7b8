//! What is made from the command line's types: completion scripts, and man pages.

use std::borrow::Cow;

use clap::{Arg, Command, ValueHint};
use clap_complete::Shell;

use crate::cli;
use crate::cli::values::VALUES;

mod bash;
pub mod line;
pub mod manual;

/// The verb by which live scripts ask for candidates. It is no part of the command line: no help shows it.
pub const ASK: &str = "__complete";

/// The completion script of a shell, which knows the verbs, the flags and their fixed values.
pub fn script(shell: Shell) -> Vec<u8> {
    let mut out = Vec::new();
    let mut command = hinted(cli::command());
    clap_complete::generate(shell, &mut command, "torte", &mut out);
    if shell != Shell::Bash {
        return out;
    }
    bash::with_paths(String::from_utf8_lossy(&out).into_owned(), &command).into_bytes()
}

/// The same script, which asks torte for names, tags and namespaces too; `None` for a shell that has none such.
pub fn live(shell: Shell) -> Option<Vec<u8>> {
    let fixed = script(shell);
    let fixed = String::from_utf8_lossy(&fixed);
    let text = match shell {
        Shell::Bash => format!("{fixed}\n{}", include_str!("completions/live.bash")),
        Shell::Fish => format!("{fixed}\n{}{}", include_str!("completions/live.fish"), fish_flags()),
        Shell::Zsh => zsh(&fixed)?,
        _ => return None,
    };
    Some(text.into_bytes())
}

/// Where the function of the script begins, and where what runs or registers it does.
const ZSH_FUNCTION: &str = "\n_torte() {\n";
const ZSH_END: &str = "\nif [ \"$funcstack[1]\" = \"_torte\" ]; then\n";

/// The live function takes the name of the fixed one, which it calls; the end of the script stays at its end, since
/// the first call of an autoloaded function runs the whole file.
fn zsh(fixed: &str) -> Option<String> {
    let (before, rest) = fixed.split_once(ZSH_FUNCTION)?;
    let (body, end) = rest.split_once(ZSH_END)?;
    let live = include_str!("completions/live.zsh");
    Some(format!("{before}\n_torte_fixed() {{\n{body}\n{live}{ZSH_END}{end}"))
}

/// In fish the value of a flag is completed by what is said of that flag alone.
fn fish_flags() -> String {
    let command = cli::command();
    let mut flags: Vec<String> = VALUES
        .iter()
        .filter_map(|value| {
            let mut arguments = command.find_subcommand(value.verb)?.get_arguments();
            let argument = arguments.find(|argument| argument.get_id() == value.argument)?;
            let short = argument.get_short().map(|short| format!(" -s {short}")).unwrap_or_default();
            let long = argument.get_long()?;
            Some(format!(
                "complete -c torte -n __torte_live{short} -l {long} -r -f -k -a '$__torte_candidates'\n"
            ))
        })
        .collect();
    flags.sort();
    flags.dedup();
    flags.concat()
}

/// The command, each of whose flags says whether its value is a file: what is neither said to be one nor a choice is
/// none. Where a value stands without a flag, zsh would then offer no flags either.
fn hinted(command: Command) -> Command {
    command.mut_args(hint).mut_subcommands(|verb| verb.mut_args(hint))
}

fn hint(argument: Arg) -> Arg {
    let names = argument.get_value_names().unwrap_or_default();
    let name = names.first().map_or(Cow::Borrowed(""), |name| Cow::Owned(name.to_string()));
    let is_choice = !argument.get_possible_values().is_empty();
    let hint = match (&*name, argument.get_value_hint()) {
        ("DIR", _) => ValueHint::DirPath,
        ("FILE", _) => ValueHint::FilePath,
        (_, ValueHint::Unknown) if !is_choice && !argument.is_positional() => ValueHint::Other,
        (_, hint) => hint,
    };
    argument.value_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_shells_have_a_live_script() {
        let text = |shell| live(shell).map(|bytes| String::from_utf8(bytes).unwrap());
        for shell in [Shell::Bash, Shell::Fish, Shell::Zsh] {
            assert!(text(shell).unwrap().contains(ASK), "{shell}");
        }
        assert_eq!(text(Shell::Elvish), None);
        assert_eq!(text(Shell::PowerShell), None);
    }

    #[test]
    fn the_script_of_zsh_ends_with_what_runs_it() {
        let text = String::from_utf8(live(Shell::Zsh).unwrap()).unwrap();
        let places = ["_torte_fixed() {", "_torte() {", "if [ \"$funcstack[1]\" = \"_torte\" ]"];
        let places = places.map(|part| text.find(part).unwrap());
        assert!(places.is_sorted(), "{places:?}");
        assert_eq!(text.matches("\n_torte() {").count(), 1);
    }
}
