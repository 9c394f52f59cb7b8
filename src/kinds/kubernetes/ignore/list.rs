//! A list of patterns as one value of the command line, read as Flux reads it: one record of comma-separated values.
//!
//! Flux uses Go's `encoding/csv`, and silently passes over all that follows the first record.

use super::IgnoreError;

/// The entries of a list. An empty list has none.
pub(super) fn entries(list: &str) -> Result<Vec<String>, IgnoreError> {
    if list.is_empty() {
        return Ok(Vec::new());
    }
    let mut rest = list;
    while let Some(line) = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')) {
        rest = line;
    }
    if matches!(rest, "" | "\r") {
        return Err(IgnoreError::Blank);
    }
    let mut entries = Vec::new();
    loop {
        let (entry, after) = entry(rest)?;
        entries.push(entry);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None if after.trim().is_empty() => return Ok(entries),
            None => return Err(IgnoreError::LineBreak),
        }
    }
}

/// The first entry, and what follows: nothing, a comma or a line break.
fn entry(text: &str) -> Result<(String, &str), IgnoreError> {
    let Some(mut quoted) = text.strip_prefix('"') else {
        let (entry, after) = text.split_at(text.find([',', '\n']).unwrap_or(text.len()));
        let is_last = !after.starts_with(',');
        let entry = if is_last { entry.strip_suffix('\r').unwrap_or(entry) } else { entry };
        return if entry.contains('"') { Err(IgnoreError::Quote) } else { Ok((entry.to_owned(), after)) };
    };
    let mut entry = String::new();
    loop {
        let (part, after) = quoted.split_once('"').ok_or(IgnoreError::Quote)?;
        entry.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                entry.push('"');
                quoted = more;
            }
            None if after.is_empty()
                || after == "\r"
                || after.starts_with([',', '\n'])
                || after.starts_with("\r\n") =>
            {
                return Ok((entry.replace("\r\n", "\n"), after));
            }
            None => return Err(IgnoreError::Quote),
        }
    }
}
