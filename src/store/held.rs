//! What holds what: which manifests are wanted, by a tag, by a pull of their digest, or by what they are about.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

use super::Layout;
use super::entries::{self, PINNED, UNTAGGED};
use crate::oci::{Descriptor, Digest, Index};
use crate::repository::Error;

/// Endings of tags under which tools keep what is about a manifest: the referrers tag of the distribution specification,
/// and those of cosign.
const ABOUT: [&str; 4] = ["", ".sig", ".att", ".sbom"];

/// The manifest that a tag of the form `sha256-HEX`, `sha256-HEX.sig` and the like is about.
pub(super) fn about(tag: &str) -> Option<Digest> {
    let (hex, ending) = tag.strip_prefix("sha256-")?.split_at_checked(64)?;
    ABOUT.contains(&ending).then(|| format!("sha256:{hex}").parse().ok()).flatten()
}

/// How long what lost its last tag is still wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grace {
    pub(super) now: SystemTime,
    pub(super) older: Duration,
}

impl Grace {
    /// Whether a mark of this time is too young. One that cannot be read is.
    pub(super) fn keeps(self, mark: &str) -> bool {
        if self.older.is_zero() {
            return false;
        }
        let end = entries::time_of(mark).and_then(|then| then.checked_add(self.older));
        end.is_none_or(|end| end > self.now)
    }
}

/// Why an entry of an index stays.
enum Claim {
    /// Somebody wants it.
    Wanted,
    /// As long as this manifest does.
    With(Digest),
    /// It does not.
    Over,
}

/// What is known of one manifest; content by its number.
struct Known {
    subject: Option<Digest>,
    children: Vec<Descriptor>,
    content: Vec<usize>,
}

/// The manifests of a layout, each read and verified once. One that cannot be read is an error: it may name anything.
pub(super) struct Graph<'a> {
    layout: &'a Layout,
    known: RefCell<HashMap<Digest, Known>>,
    /// Each content that is named, once: a thousand bundles name nearly the same.
    numbers: RefCell<HashMap<Digest, usize>>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(layout: &'a Layout) -> Self {
        Self { layout, known: RefCell::default(), numbers: RefCell::default() }
    }

    /// The manifests that somebody wants: under a tag, pulled by digest, entered by a program that says nothing about it,
    /// untagged not long ago, below a list that is wanted, or about a manifest that is.
    ///
    /// What another program keeps about a manifest goes only with that: where there was none, it stays.
    pub(super) fn wanted(&self, index: &Index, grace: Grace) -> Result<HashSet<Digest>, Error> {
        let present = self.reach(index.manifests())?;
        let mut wanted = HashSet::new();
        let mut waiting = Vec::new();
        for entry in index.manifests() {
            match self.claim(entry, &present, grace) {
                Claim::Wanted => self.add(entry, &mut wanted)?,
                Claim::With(subject) => waiting.push((subject, entry)),
                Claim::Over => {}
            }
        }
        loop {
            let (ready, rest): (Vec<_>, Vec<_>) =
                waiting.into_iter().partition(|(subject, _)| wanted.contains(subject));
            if ready.is_empty() {
                return Ok(wanted);
            }
            for (_, entry) in ready {
                self.add(entry, &mut wanted)?;
            }
            waiting = rest;
        }
    }

    fn claim(&self, entry: &Descriptor, present: &HashSet<Digest>, grace: Grace) -> Claim {
        if let Some(name) = entries::tag_of(entry) {
            let subject = about(name).filter(|subject| *subject != entry.digest && present.contains(subject));
            return subject.map_or(Claim::Wanted, Claim::With);
        }
        let subject = self.subject(&entry.digest);
        match entry.annotation(UNTAGGED).filter(|_| entry.annotation(PINNED).is_none()) {
            Some(mark) if grace.keeps(mark) => Claim::Wanted,
            Some(_) => subject.map_or(Claim::Over, Claim::With),
            // A signature that came without a tag was not asked for by its digest, whoever wrote it and as what.
            None => subject.filter(|subject| present.contains(subject)).map_or(Claim::Wanted, Claim::With),
        }
    }

    /// What a manifest that was read is about.
    pub(super) fn subject(&self, digest: &Digest) -> Option<Digest> {
        self.known.borrow().get(digest).and_then(|known| known.subject.clone())
    }

    /// What can be reached from these: themselves, and what is here of what lists list.
    pub(super) fn reach<'e>(
        &self,
        from: impl Iterator<Item = &'e Descriptor>,
    ) -> Result<HashSet<Digest>, Error> {
        let mut found = HashSet::new();
        for entry in from {
            self.add(entry, &mut found)?;
        }
        Ok(found)
    }

    fn add(&self, entry: &Descriptor, found: &mut HashSet<Digest>) -> Result<(), Error> {
        let mut waiting = vec![entry.clone()];
        while let Some(next) = waiting.pop() {
            if !found.insert(next.digest.clone()) {
                continue;
            }
            self.read(&next)?;
            let known = self.known.borrow();
            for child in known.get(&next.digest).into_iter().flat_map(|known| &known.children) {
                // Whatever stands there must be readable; that nothing does is how a part of a list is kept.
                if self.layout.size(&child.digest)?.is_some() {
                    waiting.push(child.clone());
                }
            }
        }
        Ok(())
    }

    fn read(&self, entry: &Descriptor) -> Result<(), Error> {
        if self.known.borrow().contains_key(&entry.digest) {
            return Ok(());
        }
        let manifest = self.layout.load(entry)?;
        let mut numbers = self.numbers.borrow_mut();
        let mut number = |digest: &Digest| {
            let next = numbers.len();
            *numbers.entry(digest.clone()).or_insert(next)
        };
        let mut content = vec![number(&entry.digest)];
        content.extend(manifest.named().map(|blob| number(&blob.digest)));
        let subject = manifest.subject().map(|subject| subject.digest.clone());
        let known = Known { subject, children: manifest.manifests().to_vec(), content };
        self.known.borrow_mut().insert(entry.digest.clone(), known);
        Ok(())
    }

    /// All content that can be reached from an index, as a question. While it can be asked, nothing more is read.
    pub(super) fn content<'s>(
        &'s self,
        index: &Index,
    ) -> Result<impl Fn(&Digest) -> bool + use<'s, 'a>, Error> {
        let manifests = self.reach(index.manifests())?;
        let mut is_named = vec![false; self.numbers.borrow().len()];
        let known = self.known.borrow();
        for at in manifests.iter().filter_map(|digest| known.get(digest)).flat_map(|known| &known.content) {
            is_named[*at] = true;
        }
        let numbers = self.numbers.borrow();
        Ok(move |digest: &Digest| numbers.get(digest).is_some_and(|at| is_named[*at]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_that_are_about_a_manifest_are_told_from_others() {
        let digest = Digest::of(b"x");
        let hex = digest.hex();
        for ending in ABOUT {
            assert_eq!(about(&format!("sha256-{hex}{ending}")), Some(digest.clone()), "{ending}");
        }
        for tag in
            ["v1", "sha256-", "sha256-é", &format!("sha256-{hex}.old"), &format!("sha256-{}", &hex[1..])]
        {
            assert_eq!(about(tag), None, "{tag}");
        }
    }

    #[test]
    fn the_grace_is_counted_from_the_mark_and_a_bad_mark_is_young() {
        let time = |text: &str| entries::time_of(text).unwrap();
        let grace = |older| Grace { now: time("2026-01-02T00:00:00Z"), older };
        let day = grace(Duration::from_hours(24));
        assert!(
            day.keeps("2026-01-01T00:00:01Z") && day.keeps("yesterday") && day.keeps("2027-01-01T00:00:00Z")
        );
        assert!(!day.keeps("2026-01-01T00:00:00Z"));
        assert!(!grace(Duration::ZERO).keeps("2026-01-02T00:00:00Z"));
    }
}
