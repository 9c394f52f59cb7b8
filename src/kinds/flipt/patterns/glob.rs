//! Languages written as patterns of the globset crate.

use std::borrow::Cow;

use globset::{GlobBuilder, GlobMatcher};

use super::language::{Beyond, Language, Letters};

/// Stand for the characters of 2, 3 and 4 bytes that a pattern does not name; globset itself knows bytes alone.
pub(super) const UNNAMED: [char; 3] = ['\u{fdd0}', '\u{fdd1}', '\u{fdd2}'];

/// A path as the patterns of one [`Writer`] see it: characters that they do not name all look alike.
pub(super) fn seen<'a>(path: &'a str, named: &[char]) -> Cow<'a, str> {
    let unnamed = |letter: char| !letter.is_ascii() && !named.contains(&letter);
    if path.contains(unnamed) {
        let stand_in = |letter: char| if unnamed(letter) { UNNAMED[letter.len_utf8() - 2] } else { letter };
        Cow::Owned(path.chars().map(stand_in).collect())
    } else {
        Cow::Borrowed(path)
    }
}

/// Writes a language and compiles what was written. Without any text in the language, there is nothing to write.
pub(super) fn compile(language: &Language, named: &[char]) -> Result<Option<GlobMatcher>, globset::Error> {
    if *language == Language::Never {
        return Ok(None);
    }
    let mut text = String::new();
    write(language, named, &mut text);
    let glob = GlobBuilder::new(&text)
        .literal_separator(false)
        .backslash_escape(true)
        .case_insensitive(false)
        .empty_alternates(true)
        .build()?;
    Ok(Some(glob.compile_matcher()))
}

fn write(language: &Language, named: &[char], text: &mut String) {
    match language {
        Language::Any => text.push('*'),
        Language::Either(choices) => write_choices(choices, named, text),
        Language::Empty => {}
        Language::Letter(letters) => write_letters(letters, named, text),
        // Either no part of a larger language, or all of it.
        Language::Never => text.push_str("[\u{1}]"),
        Language::Row(parts) => parts.iter().for_each(|part| write(part, named, text)),
    }
}

fn write_choices(choices: &[Language], named: &[char], text: &mut String) {
    text.push('{');
    for (at, choice) in choices.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        write(choice, named, text);
    }
    text.push('}');
}

fn write_letters(letters: &Letters, named: &[char], text: &mut String) {
    let mut choices = Vec::new();
    let mut class = String::new();
    let mut ranges = ascii_ranges(letters.ascii);
    while let Some((first, last)) = ranges.pop() {
        if is_special(first) {
            choices.push(format!("\\{first}"));
            if first < last {
                ranges.push((char::from(first as u8 + 1), last));
            }
        } else if is_special(last) {
            choices.push(format!("\\{last}"));
            ranges.push((first, char::from(last as u8 - 1)));
        } else if first == last {
            class.push(first);
        } else {
            class.extend([first, '-', last]);
        }
    }
    match class.chars().count() {
        0 => {}
        1 => choices.push(class),
        _ => choices.push(format!("[{class}]")),
    }
    choices.extend(beyond(&letters.beyond, named).into_iter().map(String::from));
    if let [only] = choices.as_slice() {
        text.push_str(only);
    } else {
        text.push('{');
        text.push_str(&choices.join(","));
        text.push('}');
    }
}

/// The characters that stand for those beyond ASCII.
fn beyond(beyond: &Beyond, named: &[char]) -> Vec<char> {
    match beyond {
        Beyond::Only(some) => some.clone(),
        Beyond::AllBut(some) => {
            let rest = named.iter().filter(|letter| !some.contains(letter)).copied();
            rest.chain(UNNAMED).collect()
        }
        Beyond::OfBytes(bytes) => {
            let all = named.iter().filter(|letter| letter.len_utf8() == *bytes).copied();
            all.chain([UNNAMED[*bytes - 2]]).collect()
        }
    }
}

/// First and last of each run of characters.
fn ascii_ranges(set: u128) -> Vec<(char, char)> {
    let mut ranges: Vec<(char, char)> = Vec::new();
    for byte in (0..128_u8).filter(|byte| set & (1 << byte) != 0) {
        match ranges.last_mut() {
            Some((_, last)) if *last as u8 + 1 == byte => *last = char::from(byte),
            _ => ranges.push((char::from(byte), char::from(byte))),
        }
    }
    ranges
}

/// Whether globset reads the character as more than itself, within a class or outside.
fn is_special(letter: char) -> bool {
    matches!(letter, '*' | '?' | '[' | ']' | '{' | '}' | ',' | '\\' | '!' | '^' | '-')
}
