//! A command line that is being typed: which value is asked for at its end, and what was given before.

use std::ffi::OsString;

use clap::{Arg, ArgAction, Command};

use crate::cli;
use crate::cli::values::{Names, VALUES};

/// The value at the end of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What it names.
    pub names: Names,
    /// The verb.
    pub verb: String,
    /// The argument that takes it.
    pub argument: String,
    /// What of it is typed.
    pub typed: String,
    /// What stands before it in the same word, as `--namespace=` does.
    pub before: String,
    /// What was given before.
    pub given: Given,
}

/// The arguments that were given, by their names; a flag without a value has an empty one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given(Vec<(String, String)>);

impl Given {
    /// All values of an argument.
    pub fn all<'a>(&'a self, argument: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| name == argument).map(|(_, value)| value.as_str())
    }

    /// The last value of an argument, which is the one that counts.
    pub fn last<'a>(&'a self, argument: &'a str) -> Option<&'a str> {
        self.all(argument).last()
    }

    /// Whether an argument was given.
    pub fn has(&self, argument: &str) -> bool {
        self.last(argument).is_some()
    }
}

/// What a line asks for whose words, from the program's name to the cursor, a shell hands over as they were typed.
///
/// `None` where it is nothing that could be looked up: a verb, a flag, a file, or a line that cannot be read.
pub fn asked(words: &[OsString]) -> Option<Asked> {
    let words: Vec<String> = words.iter().map(|word| word.to_str().map(unquoted)).collect::<Option<_>>()?;
    let (typed, before) = words.split_last()?;
    let command = cli::command();
    let mut line = Line::new(&command);
    for word in before.get(1..)? {
        line.take(word)?;
    }
    line.ask(typed)
}

/// A word without the signs of a shell's quotation. Nothing in it is expanded.
fn unquoted(word: &str) -> String {
    word.replace(['"', '\'', '\\'], "")
}

/// A line as far as it has been read.
struct Line<'a> {
    root: &'a Command,
    verb: Option<&'a Command>,
    /// The flag whose value comes next.
    pending: Option<&'a Arg>,
    has_ended_flags: bool,
    /// How many values without a flag there were.
    position: usize,
    given: Given,
}

impl<'a> Line<'a> {
    fn new(root: &'a Command) -> Self {
        Self { root, verb: None, pending: None, has_ended_flags: false, position: 0, given: Given::default() }
    }

    /// Reads a whole word; `None` where there is no such verb.
    fn take(&mut self, word: &str) -> Option<()> {
        if let Some(argument) = self.pending.take() {
            self.give(argument, word);
        } else if self.has_ended_flags || !word.starts_with('-') || word == "-" {
            self.take_plain(word)?;
        } else if word == "--" {
            self.has_ended_flags = true;
        } else if let Some(long) = word.strip_prefix("--") {
            self.take_long(long);
        } else {
            self.take_shorts(&word[1..]);
        }
        Some(())
    }

    fn take_plain(&mut self, word: &str) -> Option<()> {
        if self.verb.is_none() {
            self.verb = Some(self.root.find_subcommand(word)?);
            return Some(());
        }
        if let Some(argument) = self.next_positional() {
            self.give(argument, word);
        }
        self.position += 1;
        Some(())
    }

    fn take_long(&mut self, word: &str) {
        let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
        let Some(argument) = self.find(|argument| argument.get_long() == Some(name)) else { return };
        match value {
            Some(value) => self.give(argument, value),
            None if takes_value(argument) => self.pending = Some(argument),
            None => self.give(argument, ""),
        }
    }

    /// Reads flags of one letter, of which the last may take what is left for its value.
    fn take_shorts(&mut self, letters: &str) {
        for (at, letter) in letters.char_indices() {
            let Some(argument) = self.find(|argument| argument.get_short() == Some(letter)) else { return };
            let rest = &letters[at + letter.len_utf8()..];
            if !takes_value(argument) {
                self.give(argument, "");
            } else if rest.is_empty() {
                self.pending = Some(argument);
            } else {
                return self.give(argument, rest.trim_start_matches('='));
            }
        }
    }

    /// What the last word asks for, of which this much is typed.
    fn ask(self, typed: &str) -> Option<Asked> {
        if let Some(argument) = self.pending {
            return self.value(argument, "", typed);
        }
        if self.has_ended_flags || !typed.starts_with('-') {
            let argument = self.next_positional()?;
            return self.value(argument, "", typed);
        }
        let (flag, typed) = typed.split_once('=')?;
        let argument = self.find(|argument| argument.get_long() == flag.strip_prefix("--"))?;
        self.value(argument, &format!("{flag}="), typed)
    }

    fn value(self, argument: &Arg, before: &str, typed: &str) -> Option<Asked> {
        let (verb, argument) = (self.verb?.get_name(), argument.get_id().as_str());
        let found = VALUES.iter().find(|value| (value.verb, value.argument) == (verb, argument))?;
        Some(Asked {
            names: found.names,
            verb: verb.to_owned(),
            argument: argument.to_owned(),
            typed: typed.to_owned(),
            before: before.to_owned(),
            given: self.given,
        })
    }

    fn give(&mut self, argument: &Arg, value: &str) {
        self.given.0.push((argument.get_id().to_string(), value.to_owned()));
    }

    /// The argument that takes the next value without a flag; the last may take many.
    fn next_positional(&self) -> Option<&'a Arg> {
        let mut all = self.verb?.get_positionals();
        let last = self.verb?.get_positionals().last();
        let repeated = last.filter(|argument| matches!(argument.get_action(), ArgAction::Append));
        all.nth(self.position).or(repeated)
    }

    /// A flag of the verb, or one that every verb takes.
    fn find(&self, is_meant: impl Fn(&Arg) -> bool) -> Option<&'a Arg> {
        let verb = self.verb.into_iter().flat_map(Command::get_arguments);
        verb.chain(self.root.get_arguments()).filter(|flag| !flag.is_positional()).find(|flag| is_meant(flag))
    }
}

fn takes_value(argument: &Arg) -> bool {
    argument.get_action().takes_values()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a line asks for: what it names, what is typed, and what stands before that.
    fn of(line: &str) -> Option<(Names, String, String)> {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        asked(&words).map(|asked| (asked.names, asked.typed, asked.before))
    }

    #[test]
    fn each_place_of_a_line_asks_for_its_own() {
        for (line, names, typed, before) in [
            ("torte inspect ", Names::Bundle, "", ""),
            ("torte --store s -v inspect app:v", Names::Bundle, "app:v", ""),
            ("torte inspect --store=s --contents app", Names::Bundle, "app", ""),
            ("torte push app:v1 --timeout 3s ghcr.io/a", Names::RemoteBundle, "ghcr.io/a", ""),
            ("torte push -qv app:v1 ghcr.io/a", Names::RemoteBundle, "ghcr.io/a", ""),
            ("torte push -ubob app", Names::LocalBundle, "app", ""),
            ("torte tag app:v1 a b c", Names::Tag, "c", ""),
            ("torte unpack app:v1 out -n w", Names::Namespace, "w", ""),
            ("torte unpack app:v1 out --namespace=w", Names::Namespace, "w", "--namespace="),
            ("torte build app . --push gh", Names::RemoteBundle, "gh", ""),
            ("torte list -- ap", Names::Repository, "ap", ""),
            ("torte inspect \"app:v", Names::Bundle, "app:v", ""),
        ] {
            assert_eq!(of(line), Some((names, typed.to_owned(), before.to_owned())), "{line}");
        }
    }

    #[test]
    fn what_cannot_be_looked_up_is_left_to_the_script() {
        for line in [
            "torte",
            "torte ",
            "torte insp",
            "torte inspect -",
            "torte inspect --cont",
            "torte inspect --format ",
            "torte inspect --format=",
            "torte unpack app:v1 ",
            "torte build app ",
            "torte push app:v1 ghcr.io/a more",
            "torte --store ",
            "torte nothing app",
            "torte help inspect",
            "torte completions b",
        ] {
            assert_eq!(of(line), None, "{line}");
        }
    }

    #[test]
    fn what_was_given_before_is_known() {
        let words =
            ["torte", "--store", "s", "diff", "-n", "a", "--stat", "--namespace=b", "x", "y", "-n", ""];
        let given = asked(&words.map(OsString::from)).unwrap().given;
        assert_eq!(given.last("store"), Some("s"));
        assert_eq!(given.all("namespace").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((given.last("from"), given.last("to")), (Some("x"), Some("y")));
        assert!(given.has("stat") && !given.has("exit_code"));
    }

    proptest::proptest! {
        #[test]
        fn no_line_breaks_the_reader(words in proptest::collection::vec("(build|diff|tag|-|--|=|-n|\\PC){0,4}", 0..6)) {
            let words: Vec<OsString> = words.into_iter().map(OsString::from).collect();
            let _ = asked(&words);
        }
    }
}
