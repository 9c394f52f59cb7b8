//! `torte completions`: the completion script of a shell.

use crate::cli::Completions;
use crate::completions;
use crate::output::{Answer, Data};
use crate::settings::Usage;

pub(super) fn run(arguments: &Completions) -> Result<Answer, Usage> {
    let Completions { shell, live } = arguments;
    let script = if *live { completions::live(*shell) } else { Some(completions::script(*shell)) };
    let script = script.ok_or_else(|| {
        Usage::new(
            format!("there is no live script for {shell}"),
            "leave `--live` away, or use bash, zsh or fish",
        )
    })?;
    Ok(Answer { data: Data::Raw(script), ..Answer::default() })
}
