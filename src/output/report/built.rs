//! The report of build, of one bundle or of one for each directory.

use serde_json::json;

use super::{Transferred, json_text};
use crate::cli::Format;
use crate::output::{Answer, Data};

/// Ready to be printed; `is_each` tells several bundles apart even where there is one.
pub fn answer(mut built: Vec<Transferred>, is_each: bool, format: Format) -> Answer {
    if !is_each && built.len() == 1 {
        return built.swap_remove(0).answer(format);
    }
    let text = match format {
        Format::Text => lines(&built, |one| format!("{}  {}", one.digest, one.first())),
        Format::Reference => lines(&built, |one| one.pinned().to_string()),
        Format::Json => {
            json_text(&json!({"bundles": built.iter().map(Transferred::json).collect::<Vec<_>>()}))
        }
    };
    let mut answer = Answer::default();
    let mut summaries = Vec::with_capacity(built.len());
    for one in built {
        let one = one.answer(Format::Text);
        summaries.extend(one.summary);
        answer.warnings.extend(one.warnings);
        answer.notes.extend(one.notes);
    }
    answer.notes.dedup();
    answer.data = Data::Text(text);
    answer.summary = Some(summaries.join("\n"));
    answer
}

fn lines(built: &[Transferred], line: impl Fn(&Transferred) -> String) -> String {
    let lines: Vec<String> = built.iter().map(line).collect();
    lines.join("\n") + "\n"
}
