//! The real shells, with the live script, and somebody who types: bash and zsh on a terminal of their own.

use std::io::Write as _;
use std::process::Command;

use crate::support::Sandbox;

/// A shell that has a live script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shell {
    Bash,
    Fish,
    Zsh,
}

pub(super) const ALL: [Shell; 3] = [Shell::Bash, Shell::Fish, Shell::Zsh];

/// The key that completes, and the one that puts all candidates into the line.
const TAB: &str = "\t";
const INSERT_ALL: &str = "\u{14}";

/// What each shell begins with on these terminals; it goes before and after what loads the script.
const BEFORE_ZSH: &str = "unsetopt zle_bracketed_paste; bindkey -e; ";
const AFTER_BASH: &str = "bind 'set bell-style none'
bind 'set enable-bracketed-paste off'
bind '\"\\C-t\": insert-completions'
";
const AFTER_ZSH: &str = "insert_all() { _main_complete; compstate[insert]=all }
zle -C insert_all complete-word insert_all
bindkey '^T' insert_all
";
/// Prints the words of the line that it is put before.
const GOT: &str = "got() { printf 'GOT'; printf '[%s]' \"$@\"; printf '\\n'; }\n";

impl Shell {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Fish => "fish",
            Self::Zsh => "zsh",
        }
    }

    /// Whether it is installed. In CI it must be; elsewhere what is not there is skipped, and that is said.
    pub(super) fn is_there(self) -> bool {
        let name = self.name();
        let is_there = [name, "script", "timeout"].iter().all(|tool| {
            let found = Command::new("sh").args(["-c", &format!("command -v {tool}")]).output();
            found.is_ok_and(|output| output.status.success())
        });
        assert!(is_there || std::env::var_os("CI").is_none(), "{name} is not installed; see .ci/run");
        if !is_there {
            let _ = writeln!(std::io::stderr(), "skipped, not installed: {name}; see .ci/run");
        }
        is_there
    }

    /// What loads the script at once.
    fn load(self) -> &'static str {
        match self {
            Self::Bash => "source <(torte completions bash --live)",
            Self::Fish => "torte completions fish --live | source",
            Self::Zsh => "autoload -Uz compinit && compinit -D -u; source <(torte completions zsh --live)",
        }
    }

    /// What it offers for the last word of each line, whole words in its own order; none where it offers nothing.
    pub(super) fn offers(self, sandbox: &Sandbox, lines: &[&str]) -> Vec<Vec<String>> {
        self.offers_after(sandbox, self.load(), lines)
    }

    /// The same where something else has loaded the script.
    pub(super) fn offers_after(self, sandbox: &Sandbox, load: &str, lines: &[&str]) -> Vec<Vec<String>> {
        if self == Self::Fish {
            return lines.iter().map(|line| fish(sandbox, load, line)).collect();
        }
        let typed = |line: &str| format!("{line}{INSERT_ALL}");
        let sessions = self.types(sandbox, load, &lines.iter().map(|line| typed(line)).collect::<Vec<_>>());
        lines.iter().zip(sessions).map(|(line, words)| self.candidates(line, &words)).collect()
    }

    /// What becomes of each line when the tab key is pressed at its end.
    pub(super) fn tabs(self, sandbox: &Sandbox, lines: &[&str]) -> Vec<Vec<String>> {
        let typed: Vec<_> = lines.iter().map(|line| format!("{line}{TAB}")).collect();
        self.types(sandbox, self.load(), &typed)
    }

    /// Types each line, keys and all, and gives the words that stand there then.
    fn types(self, sandbox: &Sandbox, load: &str, lines: &[String]) -> Vec<Vec<String>> {
        let (file, rc, start) = match self {
            Self::Bash => ("rc", format!("{load}\n{AFTER_BASH}"), "bash --noprofile --rcfile rc -i"),
            Self::Zsh => (".zshrc", format!("{BEFORE_ZSH}{load}\n{AFTER_ZSH}"), "zsh -d -i"),
            Self::Fish => unreachable!("fish tells what it offers"),
        };
        let rc = format!("PS1='> '\n{rc}{GOT}");
        let keys: Vec<_> = lines.iter().map(|line| format!("{line}\u{1}got \n")).collect();
        sandbox.write(file, rc).write("keys", keys.concat() + "exit\n");
        let script = format!("ZDOTDIR=$PWD TERM=dumb timeout 60 script -qec '{start}' /dev/null <keys");
        let outcome = sandbox.shell(&script);
        let got: Vec<Vec<String>> = outcome.stdout.lines().filter_map(got).collect();
        assert_eq!(got.len(), lines.len(), "{self:?} {lines:?}\n{}", outcome.stdout);
        got
    }

    /// The candidates in a line into which all were put.
    fn candidates(self, line: &str, words: &[String]) -> Vec<String> {
        let before = line.split(' ').count() - 1;
        let typed = line.rsplit(' ').next().unwrap_or_default();
        let mut found = words[before.min(words.len())..].to_vec();
        // Bash leaves what stands before the last border of words as it is, and puts in what follows, each time.
        let border = typed.rfind([':', '=', '@']).map_or(0, |at| at + 1);
        if self == Self::Bash {
            for word in found.iter_mut().skip(1) {
                word.insert_str(0, &typed[..border]);
            }
        }
        found.retain(|word| word != typed);
        found
    }
}

/// The words of a line that `got` printed.
fn got(line: &str) -> Option<Vec<String>> {
    let words = line.trim_end().rsplit_once("GOT[")?.1.strip_suffix(']')?;
    Some(words.split("][").map(str::to_owned).collect())
}

fn fish(sandbox: &Sandbox, load: &str, line: &str) -> Vec<String> {
    sandbox.write("line", line).write("load", load);
    let outcome = sandbox.shell("fish -c 'source load; complete -C (cat line | string collect)'").succeeds();
    assert_eq!(outcome.stderr, "", "{line}");
    outcome.stdout.lines().map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
}
