//! What the values on the command line name, argument by argument, for who completes them.

/// What a value names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// A bundle, local or remote.
    Bundle,
    /// The same, or a directory, which begins with `.`, `/` or `~`.
    BundleOrDirectory,
    /// A bundle of the local store.
    LocalBundle,
    /// A local repository, or a new one, and tags if they are wanted: `app`, `app:v1`, `app:v1,stable`.
    LocalName,
    /// A namespace of the bundles that the line names.
    Namespace,
    /// A bundle in a registry, or where one is to go there.
    RemoteBundle,
    /// A repository without a tag.
    Repository,
    /// A tag of the repository of the bundle that the line names.
    Tag,
}

/// What an argument of a verb names.
#[derive(Clone, Copy, Debug)]
pub struct Value {
    /// The verb.
    pub verb: &'static str,
    /// The argument, by the name of its field.
    pub argument: &'static str,
    /// What it names.
    pub names: Names,
}

/// All arguments whose values can be looked up. What is not here is a file, a choice, or anybody's guess.
pub const VALUES: &[Value] = &[
    value("build", "name", Names::LocalName),
    value("build", "push", Names::RemoteBundle),
    value("check", "names", Names::Repository),
    value("copy", "from", Names::Bundle),
    value("copy", "to", Names::Bundle),
    value("diff", "from", Names::BundleOrDirectory),
    value("diff", "namespace", Names::Namespace),
    value("diff", "to", Names::BundleOrDirectory),
    value("gc", "names", Names::Repository),
    value("inspect", "reference", Names::Bundle),
    value("list", "name", Names::Repository),
    value("pull", "name", Names::LocalName),
    value("pull", "reference", Names::RemoteBundle),
    value("push", "from", Names::LocalBundle),
    value("push", "to", Names::RemoteBundle),
    value("resolve", "reference", Names::Bundle),
    value("rm", "references", Names::Bundle),
    value("share", "what", Names::BundleOrDirectory),
    value("sign", "reference", Names::Bundle),
    value("tag", "reference", Names::Bundle),
    value("tag", "tags", Names::Tag),
    value("unpack", "namespace", Names::Namespace),
    value("unpack", "reference", Names::Bundle),
    value("verify", "reference", Names::Bundle),
];

const fn value(verb: &'static str, argument: &'static str, names: Names) -> Value {
    Value { verb, argument, names }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;
    use clap::ValueHint;

    #[test]
    fn each_argument_of_the_table_is_there_once() {
        let command = cli::command();
        for value in VALUES {
            let verb = command.find_subcommand(value.verb).unwrap();
            assert!(verb.get_arguments().any(|argument| argument.get_id() == value.argument), "{value:?}");
            let same = |other: &&Value| (other.verb, other.argument) == (value.verb, value.argument);
            assert_eq!(VALUES.iter().filter(same).count(), 1, "{value:?}");
        }
    }

    /// Words of the help that say of a flag's value that it names a bundle or a part of one.
    const TELLING: [&str; 5] = ["REF", "FROM", "TO", "TAG", "NAMESPACE"];

    #[test]
    fn each_argument_that_names_a_bundle_is_in_the_table() {
        let command = cli::command();
        for verb in command.get_subcommands() {
            for argument in verb.get_arguments() {
                let names = argument.get_value_names().unwrap_or_default();
                let tells =
                    argument.is_positional() || names.iter().any(|name| TELLING.contains(&name.as_str()));
                let is_open = argument.get_possible_values().is_empty()
                    && argument.get_value_hint() == ValueHint::Unknown;
                let (verb, argument) = (verb.get_name(), argument.get_id().as_str());
                let is_known = VALUES.iter().any(|value| (value.verb, value.argument) == (verb, argument));
                assert!(
                    is_known || !tells || !is_open,
                    "`{argument}` of `{verb}` wants a line in VALUES (src/cli/values.rs), or a value hint"
                );
            }
        }
    }
}
