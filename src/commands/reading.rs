//! Reads a directory as a kind: what build and lint share.

use std::path::Path;

use super::Context;
use crate::cli;
use crate::kinds::{self, Check, Fault, Kind};
use crate::output::report::FaultLine;
use crate::source::{Links, Tree};

/// Reads and checks a directory.
pub(super) fn read(
    directory: &Path,
    flags: &cli::Reading,
    context: &Context<'_>,
) -> Result<kinds::Reading, kinds::Error> {
    let mut tree = Tree::of_directory(directory, Links::Keep)?;
    let kind = match flags.kind {
        Some(cli::KindName::Flipt) => Kind::Flipt,
        None => Kind::recognise(&tree)?,
    };
    let check = match flags.check {
        cli::Check::References => Check::References,
        cli::Check::Schema => Check::Schema,
    };
    let options = kinds::Options { check, threads: context.settings.threads };
    kinds::read(kind, &mut tree, &options)
}

/// A fault as it is shown: its path as the user would type it.
pub(super) fn line(directory: &Path, fault: &Fault) -> FaultLine {
    let path = match directory.to_str() {
        Some("." | "") => fault.path.clone(),
        _ => directory.join(&fault.path).display().to_string(),
    };
    FaultLine {
        path,
        line: u64::from(fault.line),
        column: u64::from(fault.column),
        rule: fault.rule,
        message: fault.message.clone(),
        excerpt: fault.excerpt.clone(),
    }
}
