//! The verbs by the wish that they serve: the overview that `torte --help` gives.

use clap::Command;

/// A wish, and the verbs that serve it.
pub struct Group {
    /// The wish.
    pub wish: &'static str,
    /// The verbs, by their names on the command line.
    pub verbs: &'static [&'static str],
}

/// All verbs, each once. A verb that is missing here is missing in the overview too; a test tells.
pub const GROUPS: &[Group] = &[
    Group { wish: "Make a bundle", verbs: &["build", "lint"] },
    Group { wish: "Look", verbs: &["list", "inspect", "diff", "resolve"] },
    Group { wish: "Move", verbs: &["push", "pull", "copy", "tag", "unpack", "share"] },
    Group { wish: "Clean up", verbs: &["rm", "gc", "check"] },
    Group { wish: "Registries", verbs: &["login", "logout", "serve"] },
    Group { wish: "Trust", verbs: &["sign", "verify", "keys"] },
    Group { wish: "Shell", verbs: &["completions", "man"] },
];

/// The column at which the overview's lines end.
const WIDTH: usize = 80;

/// The command with an overview that has its verbs in groups.
pub(super) fn with_overview(command: Command) -> Command {
    let overview = overview(&command);
    command.help_template(format!(
        "{{before-help}}{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{overview}{{after-help}}"
    ))
}

fn overview(command: &Command) -> String {
    let styles = command.get_styles();
    let (header, literal) = (styles.get_header(), styles.get_literal());
    let named = GROUPS.iter().flat_map(|group| group.verbs);
    let column = named.map(|verb| verb.len()).max().unwrap_or_default() + 4;
    let line = |verb: &&str| {
        let about = command.find_subcommand(verb).and_then(Command::get_about);
        let about = about.map(ToString::to_string).unwrap_or_default();
        let gap = " ".repeat(column - 2 - verb.len());
        format!("  {literal}{verb}{literal:#}{gap}{}\n", wrapped(&about, column))
    };
    let section = |group: &Group| {
        let lines: Vec<_> = group.verbs.iter().map(line).collect();
        format!("{header}{}:{header:#}\n{}\n", group.wish, lines.concat())
    };
    let sections: Vec<_> = GROUPS.iter().map(section).collect();
    format!("{}{header}Options:{header:#}\n{{options}}", sections.concat())
}

/// The text in lines that begin at this column.
fn wrapped(text: &str, column: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if column + line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join(&format!("\n{}", " ".repeat(column)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;

    #[test]
    fn every_verb_stands_in_one_group() {
        let mut grouped: Vec<_> = GROUPS.iter().flat_map(|group| group.verbs.iter().copied()).collect();
        let command = cli::command();
        let mut verbs: Vec<_> = command.get_subcommands().map(Command::get_name).collect();
        grouped.sort_unstable();
        verbs.sort_unstable();
        assert_eq!(grouped, verbs, "see GROUPS in src/cli/groups.rs");
    }

    #[test]
    fn long_lines_go_on_below_their_beginning() {
        let text = "a ".repeat(40) + "end";
        let wrapped = wrapped(&text, 4);
        assert!(wrapped.lines().all(|line| line.len() <= WIDTH), "{wrapped}");
        assert_eq!(wrapped.lines().count(), 2, "{wrapped}");
        assert!(wrapped.lines().nth(1).unwrap().starts_with("    a"), "{wrapped}");
    }
}
