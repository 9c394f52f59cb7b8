//! `torte list`: what the local store has, or which tags a remote repository has.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::Context;
use super::gc::demand_store;
use super::places::{no_repository, repository, tags};
use super::resolve::range;
use crate::cli::{List, ShownFormat};
use crate::kinds::Kind;
use crate::oci::{Digest, Manifest, Place, Range, Selector, Tag};
use crate::output::Answer;
use crate::output::report::{Counts, Entry, Listed, RemoteTags, RepositoryLine};
use crate::repository::{self, Repository, attach, in_parallel};
use crate::settings::{Reach, Usage, concurrency};
use crate::store::{self, Ground, Layout, Listing, Store, is_repository};

pub(super) fn run(arguments: &List, context: &mut Context<'_>) -> anyhow::Result<Answer> {
    let choice = Choice::new(arguments)?;
    let Some(text) = &arguments.name else {
        let store = context.store();
        if is_repository(store.root()) {
            demand_store(Ground::Layout, "list", context)?;
        }
        let mut listed = listed(&store, store.list()?, None, choice);
        listed.warnings.extend(elsewhere(&listed, context));
        let is_empty = listed.repositories.is_empty();
        let mut answer = listed.answer(arguments.output.format);
        if is_empty {
            answer.summary = Some(format!("no bundles in {}", context.settings.store.display()));
        }
        return Ok(answer);
    };
    let place = repository(text, "list")?;
    match &place {
        Place::Remote { .. } => remote(arguments, &place, choice, context),
        Place::Local(name) => {
            let store = context.store();
            let listed = listed(&store, store.list()?, Some(name.as_str()), choice);
            if listed.repositories.is_empty() {
                // Whoever asks for one repository hears why it cannot be read.
                context.store().open(name)?.map(|layout| layout.entries()).transpose()?;
                let error = no_repository(&place);
                let hint = error.hint.as_ref().filter(|_| name.as_str().contains('/'));
                let hint = hint.map(|hint| format!("{hint}; for Docker Hub write `docker.io/{name}`"));
                return Err(hint.into_iter().fold(error, repository::Error::hinting).into());
            }
            Ok(listed.answer(arguments.output.format))
        }
        Place::Layout(_) => {
            let opened = context.open(&place, &Reach::only(&arguments.remote))?;
            let name = place.to_string();
            let (entries, warnings) = opened.layout().map(Layout::entries).transpose()?.unwrap_or_default();
            let repositories = vec![line(name, entries, opened.layout(), &choice)];
            let warnings = warnings.iter().map(said).collect();
            Ok(Listed { repositories, range: choice.range, warnings }.answer(arguments.output.format))
        }
    }
}

/// Which tags of a repository are shown.
struct Choice {
    range: Option<Range>,
    limit: usize,
}

impl Choice {
    fn new(arguments: &List) -> Result<Self, Usage> {
        let range = arguments.semver.as_deref().map(range).transpose()?;
        let limit = arguments.limit.and_then(|limit| limit.try_into().ok()).unwrap_or(usize::MAX);
        Ok(Self { range, limit })
    }

    /// What is shown of these, in which order, and how much there was.
    fn of<T>(&self, all: Vec<T>, tag: impl Fn(&T) -> Option<&Tag>) -> (Vec<T>, Counts) {
        let total = all.len();
        let mut shown = match &self.range {
            Some(range) => range.newest_first(all, tag),
            None => all,
        };
        let matching = shown.len();
        shown.truncate(self.limit);
        (shown, Counts { total, matching })
    }
}

/// The store's listing as it is shown; `only` one repository and those below it.
fn listed(store: &Store, listing: Listing, only: Option<&str>, choice: Choice) -> Listed {
    let is_meant = |name: &str| only.is_none_or(|only| name == only || name.starts_with(&format!("{only}/")));
    let repositories = listing
        .repositories
        .into_iter()
        .filter(|repository| is_meant(repository.name.as_str()))
        .map(|repository| {
            let layout = store.open(&repository.name).ok().flatten();
            line(repository.name.to_string(), repository.entries, layout.as_ref(), &choice)
        })
        .collect();
    let warnings = listing.warnings.iter().map(said).collect();
    Listed { repositories, range: choice.range, warnings }
}

fn line(
    name: String,
    entries: Vec<store::Entry>,
    layout: Option<&Layout>,
    choice: &Choice,
) -> RepositoryLine {
    let all = entries.len();
    let bundles = entries.into_iter().filter_map(|entry| match what(&entry, layout) {
        What::Bundle(kind) => Some((kind, entry)),
        What::Attached => None,
    });
    let bundles: Vec<(Option<Kind>, store::Entry)> = bundles.collect();
    let attached = all - bundles.len();
    let (bundles, counts) = choice.of(bundles, |(_, entry)| entry.tag.as_ref());
    let entries = bundles.into_iter().map(|(kind, entry)| Entry {
        kind: kind.map(Kind::name),
        set: entry.set().map(str::to_owned),
        digest: entry.descriptor.digest,
        tag: entry.tag,
    });
    RepositoryLine { name, entries: entries.collect(), counts, attached: Some(attached) }
}

/// What an entry is.
enum What {
    /// A bundle of this kind, where torte knows.
    Bundle(Option<Kind>),
    /// No bundle, but attached to one that is here.
    Attached,
}

/// By what the index says, or else by the manifest.
fn what(entry: &store::Entry, layout: Option<&Layout>) -> What {
    let by_type = entry.descriptor.artifact_type.as_deref().and_then(Kind::of_artifact_type);
    let Some(layout) = layout.filter(|_| by_type.is_none()) else { return What::Bundle(by_type) };
    let at = Selector::Digest(entry.descriptor.digest.clone());
    let manifest = layout.manifest(&at).ok().flatten();
    let subject = match &entry.tag {
        Some(tag) => attach::subject_of(tag),
        None => manifest.as_ref().and_then(Manifest::subject).map(|subject| subject.digest.clone()),
    };
    let is_here = |subject| layout.resolve(&Selector::Digest(subject)).is_ok_and(|found| found.is_some());
    if subject.is_some_and(is_here) {
        What::Attached
    } else {
        What::Bundle(manifest.as_ref().and_then(Kind::of))
    }
}

fn said(warning: &store::Warning) -> String {
    format!("{}: {}", warning.path.display(), warning.why)
}

/// Where the store is empty and Flipt's own is not, says how to look there.
fn elsewhere(listed: &Listed, context: &Context<'_>) -> Option<String> {
    let flipt = context.settings.flipt_store.as_ref().filter(|_| listed.repositories.is_empty())?;
    let found = Store::new(flipt.clone()).list().ok()?;
    (!found.repositories.is_empty()).then(|| {
        let place = flipt.display();
        format!("this store is empty, and Flipt's own is not; to see it: `torte list --store {place}`")
    })
}

fn remote(
    arguments: &List,
    place: &Place,
    choice: Choice,
    context: &mut Context<'_>,
) -> anyhow::Result<Answer> {
    let opened = context.open(place, &Reach::only(&arguments.remote))?;
    let repository = opened.repository();
    let (tags, counts) = choice.of(tags(repository)?, |tag| Some(tag));
    let tags = match arguments.output.format {
        ShownFormat::Text => tags.into_iter().map(|tag| (tag, None)).collect(),
        ShownFormat::Json => {
            digests(repository, &tags, concurrency(&arguments.remote.door, context.environment)?)?
        }
    };
    let name = place.to_string();
    Ok(RemoteTags { name, tags, counts, range: choice.range }.answer(arguments.output.format))
}

/// Asks for the digest of each tag, in their order; one that went away meanwhile has none.
fn digests(
    repository: &dyn Repository,
    tags: &[Tag],
    concurrency: usize,
) -> Result<Vec<(Tag, Option<Digest>)>, repository::Error> {
    let found = Mutex::new(HashMap::with_capacity(tags.len()));
    in_parallel(tags, concurrency, |tag| {
        let digest = repository.resolve(&Selector::Tag(tag.clone()))?.map(|there| there.digest);
        found.lock().unwrap_or_else(PoisonError::into_inner).insert(tag.clone(), digest);
        Ok(())
    })?;
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(tags.iter().map(|tag| (tag.clone(), found.remove(tag).flatten())).collect())
}
