//! Rules of the user that put files into groups: patterns of paths, each with a group's name.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::name::is_for_users;

/// One rule, as `--group` and `.torte.yaml` give it.
///
/// The pattern stands for whole paths: `*` and `?` never for a `/`, `**` for any number of directories. What matches a
/// directory takes all that is below it.
#[derive(Clone, Debug)]
pub struct Override {
    /// The pattern, as it was given.
    pub glob: String,
    /// The group.
    pub name: String,
    whole: Glob,
    below: Glob,
}

/// Why a rule is none.
#[derive(Debug, thiserror::Error)]
pub enum OverrideError {
    /// There is no `=` in it.
    #[error("`{0}` is no `GLOB=NAME`")]
    Form(String),
    /// The pattern is none.
    #[error("`{glob}` is no pattern: {why}")]
    Glob {
        /// What was given.
        glob: String,
        /// What is wrong with it.
        why: String,
    },
    /// The name cannot be a group's.
    #[error(
        "`{0}` is no name for a group: a namespace has at most 63 lower-case letters, digits and inner hyphens, and \
         of the reserved names `_cluster`, `_shared` and `_unscoped` can be given"
    )]
    Name(String),
    /// All patterns together are too much.
    #[error("the patterns of all groups together are too large: {0}")]
    TooMany(String),
}

impl Override {
    /// A pattern and a group's name.
    pub fn new(glob: &str, name: &str) -> Result<Self, OverrideError> {
        if !is_for_users(name) {
            return Err(OverrideError::Name(name.to_owned()));
        }
        let wrong = |why: String| OverrideError::Glob { glob: glob.to_owned(), why };
        let mut path = glob;
        while let Some(rest) = path.strip_prefix("./").or_else(|| path.strip_prefix('/')) {
            path = rest;
        }
        let path = match path.trim_end_matches('/') {
            "" => return Err(wrong("it is empty".to_owned())),
            "." => "**",
            path => path,
        };
        let build = |pattern: &str| {
            let mut builder = GlobBuilder::new(pattern);
            let built = builder.literal_separator(true).backslash_escape(true).build();
            built.map_err(|error| wrong(error.kind().to_string()))
        };
        let (whole, below) = (build(path)?, build(&format!("{path}/**"))?);
        Ok(Self { glob: glob.to_owned(), name: name.to_owned(), whole, below })
    }

    /// The rule of `--group GLOB=NAME`; the last `=` splits, for a name has none.
    pub fn parse(text: &str) -> Result<Self, OverrideError> {
        let (glob, name) = text.rsplit_once('=').ok_or_else(|| OverrideError::Form(text.to_owned()))?;
        Self::new(glob, name)
    }
}

/// Rules in the order in which they count: the first that takes a path decides.
#[derive(Debug, Default)]
pub struct Overrides {
    rules: Vec<Override>,
    /// Two patterns for each rule.
    set: GlobSet,
}

impl Overrides {
    /// All rules, the one that counts most first.
    pub fn new(rules: Vec<Override>) -> Result<Self, OverrideError> {
        let mut builder = GlobSetBuilder::new();
        for rule in &rules {
            builder.add(rule.whole.clone()).add(rule.below.clone());
        }
        let set = builder.build().map_err(|error| OverrideError::TooMany(error.to_string()))?;
        Ok(Self { rules, set })
    }

    /// The rules, in their order.
    pub(super) fn rules(&self) -> &[Override] {
        &self.rules
    }

    /// The place of the rule that takes a path.
    pub(super) fn find(&self, path: &str) -> Option<usize> {
        if self.rules.is_empty() {
            return None;
        }
        self.set.matches(path).into_iter().min().map(|at| at / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(glob: &str, path: &str) -> bool {
        let rule = Override::new(glob, "a").expect("a rule");
        Overrides::new(vec![rule]).expect("a set").find(path).is_some()
    }

    #[test]
    fn a_pattern_stands_for_whole_paths_and_a_directory_for_all_below() {
        let table = [
            ("apps/a", "apps/a", true),
            ("apps/a", "apps/a/x.yaml", true),
            ("apps/a", "apps/a/b/x.yaml", true),
            ("apps/a", "apps/ab", false),
            ("apps/a", "other/apps/a", false),
            ("apps/a/", "apps/a/x.yaml", true),
            ("./apps/a", "apps/a/x.yaml", true),
            ("/apps/a", "apps/a/x.yaml", true),
            ("apps/*", "apps/a/b/x.yaml", true),
            ("apps/*.yaml", "apps/x.yaml", true),
            ("apps/*.yaml", "apps/a/x.yaml", false),
            ("*.md", "README.md", true),
            ("*.md", "docs/README.md", false),
            ("**/*.md", "README.md", true),
            ("**/*.md", "docs/deep/README.md", true),
            ("apps/**", "apps/a/b", true),
            ("apps/**", "apps", false),
            ("**/base", "x/y/base/f", true),
            ("a?c", "abc/x", true),
            ("a?c", "a/c", false),
            ("{a,b}/c", "b/c/d", true),
            ("[ab]", "b/d", true),
            (".", "any/thing", true),
            ("**", "any", true),
            ("a\\*", "a*", true),
            ("a\\*", "ab", false),
            ("ä*", "äöü/x", true),
        ];
        for (glob, path, expected) in table {
            assert_eq!(takes(glob, path), expected, "{glob} {path}");
        }
    }

    #[test]
    fn the_first_rule_decides() {
        let rules = ["**/x=first", "a=second", "a/b=third"];
        let rules = rules.map(|text| Override::parse(text).expect("a rule")).into();
        let rules = Overrides::new(rules).expect("a set");
        let name = |path| rules.find(path).map(|at| rules.rules()[at].name.as_str());
        assert_eq!(name("a/b/x"), Some("first"));
        assert_eq!(name("a/b/y"), Some("second"));
        assert_eq!(name("b"), None);
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        let error = |text: &str| Override::parse(text).expect_err("no rule").to_string();
        assert!(error("apps/a").contains("is no `GLOB=NAME`"));
        for text in ["a=", "a=Team", "a=_all", "a=_root", "a=b.c", "a=${ns}"] {
            assert!(error(text).contains("is no name for a group"), "{text}");
        }
        for text in ["=a", "/=a", "./=a", "[=a", "{a=a", "a\\=a"] {
            assert!(error(text).contains("is no pattern"), "{text}");
        }
        assert_eq!(Override::parse("k=v/*=a").expect("a rule").glob, "k=v/*");
    }
}
