//! A pattern for `--each` that the shell followed before torte could: what clap makes of it is no help.

use std::ffi::OsString;

use clap::Error;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The error, with the hint to quote the pattern where that is what was forgotten.
pub(super) fn hinted(mut error: Error, arguments: &[OsString]) -> Error {
    let is_too_many = match error.kind() {
        ErrorKind::ArgumentConflict => true,
        ErrorKind::UnknownArgument => {
            let unknown = error.get(ContextKind::InvalidArg).map(ToString::to_string);
            unknown.is_some_and(|argument| !argument.starts_with('-'))
        }
        _ => false,
    };
    if let Some(pattern) = is_too_many.then(|| forgotten(arguments)).flatten() {
        let hint =
            format!("quote the pattern, as in `--each '{pattern}'`: torte is to expand it, not the shell");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(hint)]));
    }
    error
}

/// A pattern that may have stood where `--each` has a mere path, beside which another argument of the same directory
/// stands.
fn forgotten(arguments: &[OsString]) -> Option<String> {
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let at = words.iter().position(|word| *word == "--each")?;
    let (first, rest) = words[at + 1..].split_first()?;
    let next = rest.first()?;
    let directory = |path: &str| path.trim_end_matches('/').rfind('/').map(|end| path[..end].to_owned());
    if first.contains(['*', '?', '[', '{']) || next.starts_with('-') || directory(first) != directory(next) {
        return None;
    }
    Some(directory(first).map_or("*".to_owned(), |directory| format!("{directory}/*")))
}
