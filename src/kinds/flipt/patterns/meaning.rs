//! What each of gobwas's matchers takes, its mistakes included.

use super::answer::{Answer, Reason};
use super::hollow;
use super::language::{Budget, Language, Letters, TooLarge};
use super::matcher::{Matcher, Tree};
use super::row::{self, Behind, Place};
use super::syntax::{Class, Members};

/// What a matcher takes when it is asked about a whole text.
pub(super) fn whole(matcher: &Matcher, budget: &mut Budget) -> Result<Answer, TooLarge> {
    let any = Language::Any;
    Ok(Answer::sure(match matcher {
        Matcher::AnyOf(alternatives) => {
            let mut all = Answer::sure(Language::Never);
            for alternative in alternatives {
                all = all.or(whole(alternative, budget)?);
            }
            return Ok(all);
        }
        Matcher::Row(parts) => return row::meaning(parts, &Place::Whole, budget),
        Matcher::Tree(tree) => return tree_meaning(tree, budget),
        // Asked about no text at all, these find a character that is none, and take it.
        Matcher::One => Language::either([Language::Empty, Language::count(1)]),
        Matcher::Class(class) if class.not => Language::either([Language::Empty, one_of(class)]),
        Matcher::Class(class) => one_of(class),
        Matcher::Contains(text) => Language::row([any.clone(), Language::text(text), any]),
        Matcher::Exactly(characters, without) => exactly(*characters, without.as_deref(), budget)?,
        Matcher::Many => any,
        Matcher::Min(characters) => Language::row([Language::count(*characters), any]),
        Matcher::Nothing => Language::Empty,
        Matcher::Prefix(text) => Language::row([Language::text(text), any]),
        Matcher::PrefixSuffix(prefix, suffix) => prefix_suffix(prefix, suffix),
        Matcher::Suffix(text) => Language::row([any, Language::text(text)]),
        Matcher::Text(text) => Language::text(text),
    }))
}

/// The characters of a class.
fn letters(class: &Class) -> Letters {
    let members = match &class.members {
        Members::List(list) => list.clone(),
        Members::Range(first, last) => (*first..=*last).collect(),
    };
    if class.not { Letters::all_but(&members) } else { Letters::of(&members) }
}

fn one_of(class: &Class) -> Language {
    Language::letter(letters(class))
}

/// Prefix and suffix may share characters.
fn prefix_suffix(prefix: &str, suffix: &str) -> Language {
    let apart = Language::row([Language::text(prefix), Language::Any, Language::text(suffix)]);
    let shared = suffix.char_indices().map(|(at, letter)| at + letter.len_utf8());
    let overlapping = shared
        .filter(|end| prefix.ends_with(&suffix[..*end]))
        .map(|end| Language::text(&format!("{prefix}{}", &suffix[end..])));
    Language::either(std::iter::once(apart).chain(overlapping))
}

/// So many characters that do not hold a text; that text is what stood in `[!…]`, taken as a whole.
fn exactly(characters: usize, without: Option<&str>, budget: &mut Budget) -> Result<Language, TooLarge> {
    let Some(without) = without else { return Ok(Language::count(characters)) };
    let forbidden: Vec<char> = without.chars().collect();
    avoiding(&forbidden, 0, characters, budget)
}

/// So many characters, where `seen` of the forbidden ones have just gone by.
fn avoiding(
    forbidden: &[char],
    seen: usize,
    characters: usize,
    budget: &mut Budget,
) -> Result<Language, TooLarge> {
    if seen + characters < forbidden.len() {
        return Ok(Language::count(characters));
    }
    if characters == 0 {
        return Ok(Language::Empty);
    }
    budget.spend(forbidden.len())?;
    let mut choices = Vec::new();
    let mut distinct = forbidden.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    for letter in &distinct {
        let mut text = forbidden[..seen].to_vec();
        text.push(*letter);
        // How much of the forbidden text the characters that went by end with now.
        let now = (0..=text.len().min(forbidden.len()))
            .rev()
            .find(|n| text.ends_with(&forbidden[..*n]))
            .unwrap_or(0);
        if now < forbidden.len() {
            let rest = avoiding(forbidden, now, characters - 1, budget)?;
            choices.push(Language::row([Language::text(&letter.to_string()), rest]));
        }
    }
    let others = Letters::all_but(&distinct.iter().collect::<String>());
    let rest = avoiding(forbidden, 0, characters - 1, budget)?;
    choices.push(Language::row([Language::letter(others), rest]));
    Ok(Language::either(choices))
}

fn tree_meaning(tree: &Tree, budget: &mut Budget) -> Result<Answer, TooLarge> {
    let nothing = || Ok(Answer::sure(Language::Empty));
    let left = tree.left.as_ref().map_or_else(nothing, |left| whole(left, budget))?;
    let nothing = || Ok(Answer::sure(Language::Empty));
    let right = tree.right.as_ref().map_or_else(nothing, |right| whole(right, budget))?;
    let around = Around { tree, left: &left, right: &right };
    let found = around.value(&tree.value, budget)?;
    // The value is looked for before the left side is asked.
    let crash = hollow::crash(&tree.value, budget)?;
    Ok(left.then(&found, budget)?.or(crash))
}

/// What stands around the value of a tree.
struct Around<'a> {
    tree: &'a Tree,
    left: &'a Answer,
    right: &'a Answer,
}

impl Around<'_> {
    /// What is taken by the value where the tree looks for it, and by the right side behind it.
    ///
    /// A value is looked for from left to right. Where it is one that finds every place and every length, the tree
    /// takes what it should, but for a value that is empty and at the end.
    fn value(&self, value: &Matcher, budget: &mut Budget) -> Result<Answer, TooLarge> {
        match value {
            Matcher::AnyOf(alternatives) => {
                let mut all = Answer::sure(Language::Never);
                for alternative in alternatives {
                    all = all.or(self.value(alternative, budget)?);
                }
                Ok(all)
            }
            // A tree within a tree is never found.
            Matcher::Tree(_) => Ok(Answer::sure(Language::Never)),
            Matcher::Row(parts) => {
                let behind = Behind::of(self.tree.right.as_ref());
                row::meaning(parts, &Place::Found { behind, right: self.right }, budget)
            }
            Matcher::One => self.followed(&Language::count(1), budget),
            Matcher::Class(class) => self.followed(&one_of(class), budget),
            // Of these, only the first end is found.
            Matcher::Suffix(text) => {
                let found = Language::row([Language::Any, Language::text(text)]);
                self.followed_if(self.absorbs(), &found, budget)
            }
            // Of these, ends are found from right to left without overlap, also within the prefix.
            Matcher::PrefixSuffix(prefix, suffix) => {
                let inside = prefix.char_indices().next_back().map_or("", |(last, _)| &prefix[..last]);
                let plain = !overlaps_itself(suffix) && !inside.contains(suffix.as_str());
                let ends_within =
                    prefix.match_indices(suffix.as_str()).map(|(at, _)| &prefix[..at + suffix.len()]);
                let short: Vec<_> = ends_within.map(Language::text).collect();
                let found = Language::either(std::iter::once(prefix_suffix(prefix, suffix)).chain(short));
                self.followed_if(plain, &found, budget)
            }
            // Where it is not found at once, later places are not tried.
            Matcher::Exactly(characters, Some(without)) => {
                let sure = self.tree.left.is_none() && without.chars().count() == 1;
                let found = if sure {
                    exactly(*characters, Some(without), budget)?
                } else {
                    Language::count(*characters)
                };
                self.followed_if(sure, &found, budget)
            }
            _ => {
                let found = whole(value, budget)?.taken;
                self.followed(&found, budget)
            }
        }
    }

    /// Whether it makes no difference which of several places is found.
    fn absorbs(&self) -> bool {
        self.right.taken.begins_with_any() || (self.tree.left.is_some() && self.left.taken.ends_with_any())
    }

    fn followed(&self, found: &Language, budget: &mut Budget) -> Result<Answer, TooLarge> {
        self.followed_if(true, found, budget)
    }

    fn followed_if(&self, sure: bool, found: &Language, budget: &mut Budget) -> Result<Answer, TooLarge> {
        let answer = |language| {
            if sure { Answer::sure(language) } else { Answer::doubt(Reason::FirstOnly, language) }
        };
        let at_end =
            if found.has_empty() { self.right.without_empty() } else { Answer::sure(Language::Never) };
        Ok(answer(found.without_empty()).then(self.right, budget)?.or(at_end))
    }
}

/// Whether a text can stand at two places that share characters.
fn overlaps_itself(text: &str) -> bool {
    text.char_indices().skip(1).any(|(at, _)| text.starts_with(&text[at..]))
}
