//! `torte completions`: the completion script of a shell.

use crate::cli::Completions;
use crate::completions;
use crate::output::{Answer, Data};

pub(super) fn run(arguments: &Completions) -> Answer {
    Answer { data: Data::Raw(completions::script(arguments.shell)), ..Answer::default() }
}
