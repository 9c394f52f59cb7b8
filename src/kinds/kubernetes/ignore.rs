//! What is left out of a bundle: patterns as Flux reads them, from the command line and from `.sourceignore` files.
//!
//! The rules are those of Flux's `pkg/sourceignore`. The last pattern that fits a path decides; where none does it stays.
//! Nothing is pruned: what is below an ignored directory can be taken back in, and then lacks an entry for the directory.

use std::sync::Arc;

use crate::kinds::Fault;

mod glob;
mod list;
mod pattern;

use pattern::Pattern;

/// The name of the files in which a tree says what is to be left out of it.
pub const FILE: &str = ".sourceignore";

/// What Flux leaves out of everything, unless told otherwise.
const VCS: &str = ".git/\n.gitignore\n.gitmodules\n.gitattributes";
/// What its command line leaves out beside.
const EXTENSIONS: &str = "*.jpg\n*.jpeg\n*.gif\n*.png\n*.wmv\n*.flv\n*.tar.gz\n*.zip";
/// What its controller leaves out beside, where a tree has no patterns of its own.
const CI_AND_TOOLS: &str = ".github/\n.circleci/\n.travis.yml\n.gitlab-ci.yml\nappveyor.yml\n.drone.yml\n\
    cloudbuild.yaml\ncodeship-services.yml\ncodeship-steps.yml\n**/.goreleaser.yml\n**/.sops.yaml\n**/.flux.yaml";

/// The most patterns that one source of them may have.
const MOST: usize = 10_000;
/// The longest line, in bytes: at a longer one Go's scanner stops, and Flux with it.
const LONGEST: usize = 64 * 1024 - 1;

/// Patterns, of which the later win.
#[derive(Debug, Default)]
pub struct Ignore {
    patterns: Vec<Pattern>,
    idle: Vec<String>,
}

/// Why patterns cannot be read. After a line break and a long line Flux passes over the rest without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IgnoreError {
    /// There is text after the first record of a list.
    #[error("the list goes on after a line break, and what follows would be passed over")]
    LineBreak,
    /// A line is longer than Flux reads.
    #[error("a line is longer than 65,535 bytes, and what follows would be passed over")]
    LongLine,
    /// More than torte holds a path against.
    #[error("there are more than 10,000 patterns")]
    TooMany,
    /// A list of line breaks alone.
    #[error("the list holds nothing but line breaks")]
    Blank,
    /// A quotation mark where none can be.
    #[error("a `\"` stands where it neither opens nor closes an entry of the list")]
    Quote,
}

impl IgnoreError {
    /// One thing to do.
    pub fn hint(self) -> &'static str {
        match self {
            Self::LineBreak => "put commas in place of the line breaks",
            Self::LongLine | Self::TooMany => "write fewer and shorter patterns",
            Self::Blank => "name patterns; an empty text means none",
            Self::Quote => "write `\"…\"` around the whole entry, and each `\"` within it twice",
        }
    }
}

impl Ignore {
    /// What Flux's command line leaves out where `--ignore-paths` is not given.
    pub fn flux_defaults() -> Self {
        Self::built_in(&[VCS, EXTENSIONS])
    }

    /// What Flux's controller leaves out of an artifact, where neither a `.sourceignore` nor `spec.ignore` says a pattern.
    pub fn controller_defaults() -> Self {
        Self::built_in(&[VCS, EXTENSIONS, CI_AND_TOOLS])
    }

    /// What Flux's controller leaves out of an artifact whose `.sourceignore` files have these patterns, without a
    /// `spec.ignore`: where there is any, only the rules for version control are left of its own.
    pub fn controller(own: Self) -> Self {
        if own.is_empty() {
            return Self::controller_defaults();
        }
        let mut all = Self::built_in(&[VCS]);
        all.extend(own);
        all
    }

    /// Reads the value of `--ignore-paths` or `--add-ignore-paths`; an empty one has no patterns.
    ///
    /// It is one record of comma-separated values, as in Flux. What Flux would pass over without a word is an error.
    pub fn of_list(list: &str) -> Result<Self, IgnoreError> {
        Self::of_lines(list::entries(list)?.join("\n").as_bytes(), &[])
    }

    /// Reads patterns that stand alone, in their order.
    pub fn of_patterns(patterns: &[String]) -> Result<Self, IgnoreError> {
        Self::of_lines(patterns.join("\n").as_bytes(), &[])
    }

    /// Reads the `.sourceignore` files of a tree, given by path in any order; each holds for its own directory. As in Flux,
    /// those below a `.git` do not count, and those further down win.
    pub fn of_files<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Result<Self, Fault> {
        let mut files: Vec<(Vec<&str>, &str, &[u8])> = files
            .into_iter()
            .filter_map(|(path, bytes)| Some((directories(path)?, path, bytes)))
            .filter(|(directories, ..)| !directories.contains(&".git"))
            .collect();
        files.sort();
        let mut all = Self::default();
        for (directories, path, bytes) in files {
            all.extend(Self::of_lines(bytes, &directories).map_err(|error| refused(path, error))?);
        }
        Ok(all)
    }

    /// Puts patterns behind these, which they overrule.
    pub fn extend(&mut self, later: Self) {
        self.patterns.extend(later.patterns);
        self.idle.extend(later.idle);
    }

    /// Whether an entry is left out, by its path below the root.
    pub fn ignores(&self, path: &str, is_directory: bool) -> bool {
        if matches!(path, "" | ".") {
            return false;
        }
        let path: Vec<&str> = path.split('/').collect();
        let last = self.patterns.iter().rev().find(|pattern| pattern.fits(&path, is_directory));
        last.is_some_and(|pattern| !pattern.takes_in)
    }

    /// Whether there is no pattern.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// The patterns that can fit nothing, as written: malformed ones, and those with `**` as a part of a name in a path.
    pub fn idle(&self) -> &[String] {
        &self.idle
    }

    fn built_in(lists: &[&str]) -> Self {
        Self::of_lines(lists.join("\n").as_bytes(), &[]).unwrap_or_default()
    }

    fn of_lines(text: &[u8], directory: &[&str]) -> Result<Self, IgnoreError> {
        let directory: Arc<[String]> = directory.iter().map(|&name| name.to_owned()).collect();
        let mut all = Self::default();
        for line in text.split(|byte| *byte == b'\n') {
            if line.len() > LONGEST {
                return Err(IgnoreError::LongLine);
            }
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let shown = String::from_utf8_lossy(line);
            if line.starts_with(b"#") || shown.trim().is_empty() {
                continue;
            }
            let pattern = Pattern::new(line, &directory);
            if pattern.is_idle() {
                all.idle.push(shown.into_owned());
            }
            all.patterns.push(pattern);
            if all.patterns.len() > MOST {
                return Err(IgnoreError::TooMany);
            }
        }
        Ok(all)
    }
}

/// The directories above a `.sourceignore`; none where a path is of something else.
fn directories(path: &str) -> Option<Vec<&str>> {
    let mut parts: Vec<&str> = path.split('/').collect();
    (parts.pop() == Some(FILE)).then_some(parts)
}

fn refused(path: &str, error: IgnoreError) -> Fault {
    Fault::whole(path, "ignore-file", format!("{error}; {}", error.hint()))
}

#[cfg(test)]
mod tests;
