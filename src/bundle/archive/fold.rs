//! What a name is to a file system that does not tell upper from lower case, or composed from decomposed letters.
//!
//! Covered: case, `ß` and `ss`, the letters of most European languages that stand for a base letter and one mark, Hangul,
//! and the invisible letters that HFS+ passes over. Not covered: letters with two marks (Vietnamese), Greek accents, marks
//! in another order, ligatures, and compatibility forms such as full-width letters. There, the file system decides, and
//! nothing is written over: a name that exists already ends the unpacking.

/// A mark, the letters with it, and the letters without it, in the same order.
const MARKS: [(char, &str, &str); 13] = [
    ('\u{300}', "àèìǹòù", "aeinou"),
    ('\u{301}', "áćéíĺńóŕśúýź", "aceilnorsuyz"),
    ('\u{302}', "âĉêĝĥîĵôŝûŵŷ", "aceghijosuwy"),
    ('\u{303}', "ãĩñõũ", "ainou"),
    ('\u{304}', "āēīōū", "aeiou"),
    ('\u{306}', "ăĕğĭŏŭй", "aegiouи"),
    ('\u{307}', "ċėġż", "cegz"),
    ('\u{308}', "äëïöüÿёї", "aeiouyеі"),
    ('\u{30a}', "åů", "au"),
    ('\u{30b}', "őű", "ou"),
    ('\u{30c}', "čďěľňřšťž", "cdelnrstz"),
    ('\u{327}', "çģķļņŗşţ", "cgklnrst"),
    ('\u{328}', "ąęįų", "aeiu"),
];

/// A key that is equal for names which some file system takes for the same.
pub fn fold(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    if name.is_ascii() {
        key.push_str(name);
        key.make_ascii_lowercase();
        return key;
    }
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'ß' => key.push_str("ss"),
            'ς' => key.push('σ'),
            'ſ' => key.push('s'),
            '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => {}
            '\u{ac00}'..='\u{d7a3}' => key.extend(jamo(letter)),
            _ => match parts(letter) {
                Some(parts) => key.extend(parts),
                None => key.push(letter),
            },
        }
    }
    key
}

/// The base letter and the mark of a letter that has both.
fn parts(letter: char) -> Option<[char; 2]> {
    // The last letter of all; most of the world's are beyond it.
    if letter > 'ї' {
        return None;
    }
    MARKS.iter().find_map(|(mark, with, without)| {
        let at = with.chars().position(|known| known == letter)?;
        Some([without.chars().nth(at)?, *mark])
    })
}

/// The letters of a Hangul syllable (Unicode, chapter 3.12).
fn jamo(syllable: char) -> impl Iterator<Item = char> {
    let at = u32::from(syllable) - 0xac00;
    let (lead, vowel, tail) = (0x1100 + at / 588, 0x1161 + at % 588 / 28, 0x11a7 + at % 28);
    let tail = Some(tail).filter(|tail| *tail != 0x11a7);
    [Some(lead), Some(vowel), tail].into_iter().flatten().filter_map(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pairs are from the Unicode Character Database: case folding, and canonical decomposition.
    #[test]
    fn names_that_some_file_system_takes_for_the_same_have_one_key() {
        let pairs = [
            ("README.md", "readme.MD"),
            ("\u{e9}.yaml", "e\u{301}.yaml"),
            ("\u{c9}.yaml", "e\u{301}.YAML"),
            ("\u{c4}", "a\u{308}"),
            ("\u{160}", "s\u{30c}"),
            ("\u{439}", "\u{438}\u{306}"),
            ("\u{401}", "\u{435}\u{308}"),
            ("stra\u{df}e", "STRASSE"),
            ("\u{1e9e}", "ss"),
            ("\u{3a3}", "\u{3c2}"),
            ("\u{212a}", "k"),
            ("\u{17f}", "S"),
            ("\u{ac01}", "\u{1100}\u{1161}\u{11a8}"),
            ("\u{ac00}", "\u{1100}\u{1161}"),
            ("\u{d7a3}", "\u{1112}\u{1175}\u{11c2}"),
            (".g\u{200c}it", ".git"),
        ];
        for (left, right) in pairs {
            assert_eq!(fold(left), fold(right), "{left} and {right}");
        }
    }

    #[test]
    fn other_names_have_others() {
        for (left, right) in [("e", "\u{e9}"), ("a", "b"), ("s", "ss"), ("\u{111}", "d"), ("日本", "日木")]
        {
            assert_ne!(fold(left), fold(right), "{left} and {right}");
        }
        for (mark, with, without) in MARKS {
            assert_eq!(with.chars().count(), without.chars().count(), "{}", mark.escape_unicode());
        }
    }
}
