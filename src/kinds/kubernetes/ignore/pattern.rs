//! One pattern of the kind that `.gitignore` has, as Flux reads it, which is not how git does.
//!
//! Flux (`pkg/sourceignore/gitignore`) holds each path against each pattern and prunes nothing: what is below an ignored
//! directory is ignored because the pattern fits a part of its path, and can be taken back in.

use std::sync::Arc;

use super::glob::Glob;

/// A pattern, and the directory whose content it is about.
#[derive(Debug)]
pub(super) struct Pattern {
    directory: Arc<[String]>,
    shape: Shape,
    /// Whether what it fits is taken back in (`!`).
    pub(super) takes_in: bool,
    /// Whether it fits no file, but all that is below a directory that it fits (a `/` at its end).
    is_for_directories: bool,
}

#[derive(Debug)]
enum Shape {
    /// One name, at any depth.
    Name(Glob),
    /// A path from the directory on.
    Path(Vec<Part>),
    /// What fits nothing: a malformed name, or `**` as a part of one.
    Never,
}

#[derive(Debug)]
enum Part {
    /// Between two `/`, or before the first.
    Nothing,
    /// `**`.
    AnyDepth,
    Name(Glob),
}

impl Pattern {
    /// Reads a line that is neither blank nor a comment.
    pub(super) fn new(line: &[u8], directory: &Arc<[String]>) -> Self {
        let (takes_in, text) = line.strip_prefix(b"!").map_or((false, line), |text| (true, text));
        let text = if text.ends_with(b"\\ ") { text } else { without_blanks(text) };
        let (is_for_directories, text) = text.strip_suffix(b"/").map_or((false, text), |text| (true, text));
        let directory = Arc::clone(directory);
        Self { directory, shape: Shape::new(text), takes_in, is_for_directories }
    }

    /// Whether it fits a path below the root, given as its components.
    pub(super) fn fits(&self, path: &[&str], is_directory: bool) -> bool {
        let depth = self.directory.len();
        let is_below = path.len() > depth && self.directory.iter().zip(path).all(|(ours, its)| ours == its);
        if !is_below {
            return false;
        }
        match self.shape.below(&path[depth..]) {
            None => false,
            Some(below) => below > 0 || is_directory || !self.is_for_directories,
        }
    }

    /// Whether there is no path that it fits.
    pub(super) fn is_idle(&self) -> bool {
        matches!(self.shape, Shape::Never)
    }
}

/// Without the blanks at its end.
fn without_blanks(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1);
    &text[..end]
}

impl Shape {
    fn new(text: &[u8]) -> Self {
        if !text.contains(&b'/') {
            return match Glob::new(text) {
                Glob::Malformed => Self::Never,
                glob => Self::Name(glob),
            };
        }
        let parts = text.split(|byte| *byte == b'/').map(Part::new).collect::<Option<_>>();
        parts.map_or(Self::Never, Self::Path)
    }

    /// How many components there are below what it fits; none where it does not fit.
    fn below(&self, path: &[&str]) -> Option<usize> {
        match self {
            Self::Name(glob) => path.iter().position(|name| glob.fits(name)).map(|at| path.len() - at - 1),
            Self::Path(parts) => fit(parts, path),
            Self::Never => None,
        }
    }
}

impl Part {
    fn new(text: &[u8]) -> Option<Self> {
        match text {
            b"" => Some(Self::Nothing),
            b"**" => Some(Self::AnyDepth),
            _ if text.windows(2).any(|pair| pair == b"**") => None,
            _ => match Glob::new(text) {
                Glob::Malformed => None,
                glob => Some(Self::Name(glob)),
            },
        }
    }
}

/// Fits parts to the beginning of a path. After `**` the first name that fits is taken, whatever follows.
fn fit(parts: &[Part], path: &[&str]) -> Option<usize> {
    let (mut left, mut is_anywhere, mut has_name) = (path, false, false);
    for part in parts {
        match part {
            Part::Nothing => is_anywhere = false,
            Part::AnyDepth => is_anywhere = true,
            Part::Name(glob) => {
                let reach = if is_anywhere { left } else { left.get(..1)? };
                let at = reach.iter().position(|name| glob.fits(name))?;
                left = &left[at + 1..];
                (is_anywhere, has_name) = (false, true);
            }
        }
    }
    has_name.then_some(left.len())
}
