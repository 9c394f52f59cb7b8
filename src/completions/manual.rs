//! The man pages: one for torte, and one for each verb.

use std::fmt::Write as _;
use std::io;

use clap::Command;
use clap_mangen::Man;

use crate::cli;
use crate::cli::groups::GROUPS;

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The name of its file, such as `torte-build.1`.
    pub file: String,
    /// Its source, in the macros of man(7). The same torte gives the same bytes at any time.
    pub source: Vec<u8>,
}

/// All pages.
pub fn pages() -> io::Result<Vec<Page>> {
    let mut torte = cli::command().disable_help_subcommand(true);
    // Gives the verbs the flags that all of them take, and their names.
    torte.build();
    let mut pages = vec![page(&torte, &overview(&torte))?];
    for verb in torte.get_subcommands() {
        let see = ".SH SEE ALSO\n\\fBtorte\\fR(1)\n";
        pages.push(page(verb, &format!("{}{see}", examples(verb)))?);
    }
    Ok(pages)
}

/// A page whose last part is this source.
fn page(command: &Command, last: &str) -> io::Result<Page> {
    let source = concat!("torte ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).source(source).manual("torte");
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_description_section(&mut out)?;
    man.render_options_section(&mut out)?;
    out.extend_from_slice(last.as_bytes());
    Ok(Page { file: man.get_filename(), source: out })
}

/// The verbs by their wishes, each with the page that says more.
fn overview(torte: &Command) -> String {
    let mut text = String::from(".SH COMMANDS\n");
    for group in GROUPS {
        text.extend([".SS ", &escaped(group.wish), "\n"]);
        for name in group.verbs {
            let about = torte.find_subcommand(name).and_then(Command::get_about);
            let about = about.map(ToString::to_string).unwrap_or_default();
            // Writing to a String cannot fail.
            let _ = write!(text, ".TP\n\\fBtorte\\-{}\\fR(1)\n{}\n", escaped(name), escaped(&about));
        }
    }
    text
}

/// What a verb's help says after its flags: examples, whose lines stay as they are.
fn examples(verb: &Command) -> String {
    let help = verb.get_after_long_help().or_else(|| verb.get_after_help());
    let help = help.map(ToString::to_string).unwrap_or_default();
    let lines: Vec<_> = help.lines().filter_map(|line| line.strip_prefix("  ")).map(escaped).collect();
    if lines.is_empty() { String::new() } else { format!(".SH EXAMPLES\n.nf\n{}\n.fi\n", lines.join("\n")) }
}

/// The text as it is: nothing of it a macro, its hyphens, quotes and backticks those of a keyboard.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-").replace('`', "\\(ga").replace('\'', "\\(aq");
    if text.starts_with('.') { format!("\\&{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_read_as_a_macro() {
        assert_eq!(escaped(".TH a\\fB --x"), "\\&.TH a\\efB \\-\\-x");
        assert_eq!(escaped("'a` b"), "\\(aqa\\(ga b");
    }
}
