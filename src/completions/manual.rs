//! The man pages: one for torte, and one for each verb, in the macros of man(7).

use clap::builder::StyledStr;
use clap::{Arg, Command};

use crate::cli;
use crate::cli::groups::GROUPS;

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The name of its file, such as `torte-build.1`.
    pub file: String,
    /// Its source. The same torte gives the same text at any time: it holds no date.
    pub source: String,
}

/// All pages.
pub fn pages() -> Vec<Page> {
    let mut torte = cli::command().disable_help_subcommand(true);
    // Gives the verbs the flags that all of them take, and their names.
    torte.build();
    let mut pages = vec![page("torte", &torte, &overview(&torte))];
    for verb in torte.get_subcommands() {
        let last = format!("{}.SH SEE ALSO\n{}(1)\n", examples(verb), bold("torte"));
        pages.push(page(&format!("torte-{}", verb.get_name()), verb, &last));
    }
    pages
}

/// A page with these last sections.
fn page(name: &str, command: &Command, last: &str) -> Page {
    let (title, about) = (escaped(name), styled(command.get_about()));
    let version = env!("CARGO_PKG_VERSION");
    let usage = command.clone().render_usage().to_string();
    let usage = escaped(usage.trim_start_matches("Usage: "));
    let source = format!(
        ".TH {title} 1 \"\" \"torte {version}\"\n.SH NAME\n{title} \\- {about}\n.SH SYNOPSIS\n{usage}\n\
         .SH DESCRIPTION\n{about}\n{}{}{last}",
        arguments(command),
        nested(name, command)
    );
    Page { file: format!("{name}.1"), source }
}

/// The arguments in the sections that the help has for them, and in its order.
fn arguments(command: &Command) -> String {
    let mut sections: Vec<(&str, Vec<String>)> = Vec::new();
    for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
        let usual = if argument.is_positional() { "Arguments" } else { "Options" };
        let heading = argument.get_help_heading().filter(|_| !argument.is_positional()).unwrap_or(usual);
        match sections.iter_mut().find(|(known, _)| *known == heading) {
            Some((_, entries)) => entries.push(entry(argument)),
            None => sections.push((heading, vec![entry(argument)])),
        }
    }
    let rank =
        |heading: &str| ["Arguments", "Options"].iter().position(|first| *first == heading).unwrap_or(2);
    sections.sort_by_key(|(heading, _)| rank(heading));
    let section = |(heading, entries): &(&str, Vec<String>)| {
        format!(".SH {}\n{}", escaped(&heading.to_uppercase()), entries.concat())
    };
    sections.iter().map(section).collect::<Vec<_>>().concat()
}

/// The commands of a verb that has some, each with the flags that are its own.
fn nested(name: &str, verb: &Command) -> String {
    if name == "torte" || !verb.has_subcommands() {
        return String::new();
    }
    let is_own = |argument: &&Arg| {
        !argument.is_global_set() && !["help", "version"].contains(&argument.get_id().as_str())
    };
    let command = |command: &Command| {
        let usage = command.clone().render_usage().to_string();
        let entries: Vec<_> = command.get_arguments().filter(is_own).map(entry).collect();
        let about = styled(command.get_about());
        format!(
            ".TP\n{}\n{about}\n.RS\n{}.RE\n",
            escaped(usage.trim_start_matches("Usage: ")),
            entries.concat()
        )
    };
    let commands = verb.get_subcommands().filter(|command| command.get_name() != "help").map(command);
    format!(".SH COMMANDS\n{}", commands.collect::<Vec<_>>().concat())
}

/// One argument: how it is written, what it does, and what it may be.
fn entry(argument: &Arg) -> String {
    let short = argument.get_short().map(|short| bold(&format!("-{short}")));
    let long = argument.get_long().map(|long| bold(&format!("--{long}")));
    let mut words: Vec<String> =
        Vec::from_iter([short, long].into_iter().flatten().reduce(|a, b| format!("{a}, {b}")));
    let takes_value = argument.get_action().takes_values();
    words.extend(
        argument
            .get_value_names()
            .unwrap_or_default()
            .iter()
            .filter(|_| takes_value)
            .map(|name| italic(name)),
    );
    let mut help = styled(argument.get_help());
    let defaults: Vec<_> = argument.get_default_values().iter().filter_map(|value| value.to_str()).collect();
    if takes_value && !defaults.is_empty() {
        help.push_str(&escaped(&format!(" [default: {}]", defaults.join(","))));
    }
    format!(".TP\n{}\n{help}\n{}", words.join(" "), choices(argument))
}

/// The values of an argument that has a few only.
fn choices(argument: &Arg) -> String {
    let choices = argument.get_possible_values();
    if choices.is_empty() || !argument.get_action().takes_values() {
        return String::new();
    }
    let line = |choice: &clap::builder::PossibleValue| {
        let help = styled(choice.get_help());
        let gap = if help.is_empty() { "" } else { "\n" };
        format!(".TP\n{}{gap}{help}\n", bold(choice.get_name()))
    };
    format!(".RS\n{}.RE\n", choices.iter().map(line).collect::<Vec<_>>().concat())
}

/// The verbs by their wishes, each with the page that says more.
fn overview(torte: &Command) -> String {
    let line = |verb: &&str| {
        let about = styled(torte.find_subcommand(verb).and_then(Command::get_about));
        format!(".TP\n{}(1)\n{about}\n", bold(&format!("torte-{verb}")))
    };
    let section = |group: &cli::groups::Group| {
        let lines: Vec<_> = group.verbs.iter().map(line).collect();
        format!(".SS {}\n{}", escaped(group.wish), lines.concat())
    };
    format!(".SH COMMANDS\n{}", GROUPS.iter().map(section).collect::<Vec<_>>().concat())
}

/// What a verb's help says after its flags: examples, whose lines stay as they are.
fn examples(verb: &Command) -> String {
    let help = verb.get_after_help().map(ToString::to_string).unwrap_or_default();
    let lines: Vec<_> = help.lines().filter_map(|line| line.strip_prefix("  ")).map(escaped).collect();
    if lines.is_empty() { String::new() } else { format!(".SH EXAMPLES\n.nf\n{}\n.fi\n", lines.join("\n")) }
}

fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", escaped(text))
}

fn italic(text: &str) -> String {
    format!("\\fI{}\\fR", escaped(text))
}

fn styled(text: Option<&StyledStr>) -> String {
    escaped(&text.map(ToString::to_string).unwrap_or_default())
}

/// The text as it is: nothing of it a macro, its hyphens, quotes and backticks those of a keyboard.
fn escaped(text: &str) -> String {
    let signs =
        [('\\', "\\e"), ('-', "\\-"), ('`', "\\(ga"), ('\'', "\\(aq"), ('^', "\\(ha"), ('~', "\\(ti")];
    let sign = |letter: char| {
        signs.iter().find(|(sign, _)| *sign == letter).map(|(_, written)| (*written).to_owned())
    };
    let text: String =
        text.chars().map(|letter| sign(letter).unwrap_or_else(|| letter.to_string())).collect();
    if text.starts_with('.') { format!("\\&{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_read_as_a_macro() {
        assert_eq!(escaped(".TH a\\fB --x"), "\\&.TH a\\efB \\-\\-x");
        assert_eq!(escaped("'a` ~b"), "\\(aqa\\(ga \\(tib");
    }
}
