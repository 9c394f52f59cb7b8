//! Puts bundles that are made into the local store, all at once, and from there into a registry.

use anyhow::Context as _;

use super::Built;
use super::plan::Push;
use crate::cli::Build;
use crate::commands::Context;
use crate::commands::sign::Signer;
use crate::commands::transfer::{Wish, transfer};
use crate::oci::{Manifest, Place, Reference, Selector, Tag};
use crate::output::report::Verb;
use crate::repository::{self, ErrorKind, Expect, Known, Memory, Moved, Repository};
use crate::runtime;
use crate::settings::{self, Reach};
use crate::store::Layout;

/// What a build would do, without doing it.
pub(super) fn rehearse(
    place: &Place,
    built: &mut [Built],
    expect: &Expect,
    context: &Context<'_>,
) -> anyhow::Result<()> {
    let layout = match place {
        Place::Local(name) => context.store().open(name)?,
        Place::Layout(path) => Layout::open_at(path)?,
        Place::Remote { .. } => None,
    };
    let nowhere = Memory::default();
    let there: &dyn Repository = match &layout {
        Some(layout) => layout,
        None => &nowhere,
    };
    for one in built {
        one.report.verb = Verb::WouldBuild;
        let blobs: Vec<_> = one.blobs.iter().map(|(blob, _)| blob.clone()).collect();
        hold(expect, &one.report.tags, there)?;
        let missing = there.missing(&blobs, &Known::Nothing)?;
        one.report.blobs.sent = missing.len() as u64;
        one.report.blobs.present = (blobs.len() - missing.len()) as u64;
        one.report.bytes = missing.iter().map(|blob| blob.size).sum();
    }
    Ok(())
}

/// Holds what is expected against each tag, where anything is.
fn hold(expect: &Expect, tags: &[Tag], there: &dyn Repository) -> Result<(), repository::Error> {
    for tag in tags.iter().filter(|_| *expect != Expect::Any) {
        let now = there.resolve(&Selector::Tag(tag.clone()))?.map(|found| found.digest);
        expect.hold(&there.place(), tag, now.as_ref())?;
    }
    Ok(())
}

/// How often bundles are written again whose content another program removes before they are named.
const TRIES: usize = 3;

/// Writes all bundles, and lets all their tags appear together. What they are made of stays as long as the layout that is
/// returned lives, whoever moves the tags meanwhile.
pub(super) fn store(
    place: &Place,
    built: &mut [Built],
    expect: &Expect,
    context: &mut Context<'_>,
) -> anyhow::Result<Layout> {
    let layout = context.create_layout(place)?;
    for one in built.iter_mut() {
        let moved = layout.put_all(&one.blobs, context.settings.threads)?;
        for ((blob, _), moved) in one.blobs.iter().zip(moved) {
            if moved == Moved::Present {
                one.report.blobs.present += 1;
            } else {
                one.report.blobs.sent += 1;
                one.report.bytes += blob.size;
            }
        }
        stop_if_interrupted(place)?;
    }
    let bundles: Vec<(&Manifest, &[Tag])> =
        built.iter().map(|one| (&one.manifest, one.report.tags.as_slice())).collect();
    let mut published = layout.publish_all(&bundles, expect);
    for _ in 1..TRIES {
        if !matches!(&published, Err(error) if error.kind == ErrorKind::NotFound) {
            break;
        }
        for one in built.iter() {
            layout.put_all(&one.blobs, context.settings.threads)?;
        }
        published = layout.publish_all(&bundles, expect);
    }
    let moved: Vec<_> = published?.into_iter().map(|published| published.moved).collect();
    for (one, moved) in built.iter_mut().zip(moved) {
        one.report.moved = moved;
    }
    Ok(layout)
}

/// A build that was interrupted sets no tag.
fn stop_if_interrupted(place: &Place) -> Result<(), repository::Error> {
    match runtime::interrupted() {
        None => Ok(()),
        Some(_) => Err(repository::Error::new(ErrorKind::Interrupted, place.to_string(), "interrupted")),
    }
}

/// Copies all bundles on to a registry; what was pushed is what is reported from then on.
pub(super) fn publish(
    arguments: &Build,
    place: &Place,
    push: &Push,
    built: &mut [Built],
    expect: &Expect,
    signer: Option<&Signer>,
    context: &mut Context<'_>,
) -> anyhow::Result<()> {
    let reach = Reach::only(&arguments.remote);
    let source = context.open(place, &reach)?;
    let destination = context.create(&push.place, &reach, None)?;
    let concurrency = settings::concurrency(&arguments.remote.door, context.environment)?;
    // A single bundle is looked at when it moves; of several, none shall be published before all may be.
    for one in built.iter().filter(|_| built.len() > 1) {
        hold(expect, push.tags.as_deref().unwrap_or(&one.report.tags), destination.repository())
            .with_context(|| format!("built {place}, but cannot push it to {}", push.place))?;
    }
    let mut requests = 0;
    for one in built {
        let name =
            Reference { place: place.clone(), selector: one.report.tags.first().cloned().map(Selector::Tag) };
        let wish = Wish {
            verb: Verb::Pushed,
            source: &name,
            destination: &push.place,
            tags: push.tags.as_deref().unwrap_or(&one.report.tags),
            expect: expect.clone(),
            concurrency,
            is_made_here: true,
        };
        let mut pushed = transfer(&wish, &source, &destination, &one.manifest, context)
            .with_context(|| format!("built {name}, but cannot push it to {}", push.place))?;
        if let Some(signer) = signer {
            signer.sign(&destination, &push.place, &one.manifest, &mut pushed)?;
        }
        // The connection counts on from one bundle to the next.
        pushed.requests -= requests;
        requests += pushed.requests;
        pushed.warnings = std::mem::take(&mut one.report.warnings);
        pushed.notes.splice(..0, std::mem::take(&mut one.report.notes));
        one.report = pushed;
    }
    Ok(())
}
