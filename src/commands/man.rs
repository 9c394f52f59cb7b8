//! `torte man`: the man pages, into a directory.

use anyhow::Context as _;

use crate::cli::Man;
use crate::completions::manual;
use crate::disk;
use crate::output::Answer;
use crate::output::table::count;

/// Writes each page under its own name; what else is in the directory stays.
pub(super) fn run(arguments: &Man) -> anyhow::Result<Answer> {
    let directory = &arguments.directory;
    let aim = || format!("cannot write the man pages to {}", directory.display());
    let pages = manual::pages();
    disk::create_directories(directory).with_context(aim)?;
    for page in &pages {
        disk::replace(&directory.join(&page.file), directory, page.source.as_bytes()).with_context(aim)?;
    }
    let summary = format!("wrote {} to {}", count(pages.len() as u64, "page"), directory.display());
    Ok(Answer { summary: Some(summary), ..Answer::default() })
}
