//! Moves one bundle between two places: what push, pull, copy and `build --push` share.

use super::Context;
use super::attachments::{Care, Outcome, behind, taken};
use super::places::Opened;
use super::proof::prove;
use crate::bundle::Joined;
use crate::kinds;
use crate::oci::{Digest, Manifest, Name, Place, Reference, Selector, Tag};
use crate::output::report::{Blobs, Transferred, Verb, same_registry};
use crate::output::table::size;
use crate::progress::Progress;
use crate::repository::attach::{How, Load, carry};
use crate::repository::copy::{Copied, Join, Order, copy};
use crate::repository::{self, ErrorKind, Expect, Known, Moved, Repository};
use crate::store::Layout;

/// How many tags of the destination are looked at for one that is likely to be a neighbour.
const FEW_TAGS: u32 = 100;

/// What to move.
pub(super) struct Wish<'a> {
    /// For the report.
    pub(super) verb: Verb,
    /// Where from, as it was written.
    pub(super) source: &'a Reference,
    /// Where to.
    pub(super) destination: &'a Place,
    /// The tags that it gets there.
    pub(super) tags: &'a [Tag],
    /// What must hold of them.
    pub(super) expect: Expect,
    /// How many transfers run at once.
    pub(super) concurrency: usize,
    /// Whether this process made the bundle, so that nobody can have made it show two things.
    pub(super) is_made_here: bool,
}

/// Moves a bundle, and asks for as little as can be before. What is attached to it is passed over.
pub(super) fn transfer(
    wish: &Wish<'_>,
    from: &Opened,
    to: &Opened,
    manifest: &Manifest,
    context: &Context<'_>,
) -> Result<Transferred, repository::Error> {
    transfer_with(Care::Pass, wish, from, to, manifest, context)
}

/// The same with what is attached to the bundle, which is there before a tag leads to it.
pub(super) fn transfer_with(
    care: Care,
    wish: &Wish<'_>,
    from: &Opened,
    to: &Opened,
    manifest: &Manifest,
    context: &Context<'_>,
) -> Result<Transferred, repository::Error> {
    let mounts = mounts(wish, from)?;
    Transfer { wish, from, to, manifest, mounts, progress: context.progress }.run(care)
}

/// A bundle on its way.
struct Transfer<'a> {
    wish: &'a Wish<'a>,
    from: &'a Opened,
    to: &'a Opened,
    manifest: &'a Manifest,
    /// Repositories of the destination's registry that have the blobs.
    mounts: Vec<Name>,
    progress: &'a dyn Progress,
}

/// What a move came to.
struct Done {
    copied: Copied,
    /// Whether the destination lacked the bundle or one of its tags.
    is_new: bool,
    attached: Outcome,
}

impl Transfer<'_> {
    fn run(&self, care: Care) -> Result<Transferred, repository::Error> {
        let Self { wish, from, to, manifest, .. } = *self;
        let Done { mut copied, is_new, attached } = match look(wish, from, to, manifest)? {
            Look::Done => {
                let copied = Copied { present: blob_count(manifest), ..Copied::default() };
                let attached = match care {
                    Care::Take => self.take(&self.load()?)?,
                    Care::Tell | Care::Pass => Outcome::default(),
                };
                Done { copied, is_new: false, attached }
            }
            Look::Known(known) => self.move_with(care, known)?,
        };
        if let Some(also) = &attached.copied {
            copied.add(also);
        }
        let attached = if care == Care::Tell { behind(from, manifest) } else { attached };
        if is_new {
            self.remember();
        }
        let requests = from.repository().cost().requests + to.repository().cost().requests;
        let whole = kinds::joined(manifest).map(|joined| joined.whole);
        let whole =
            whole.filter(|whole| to.remote().is_some() && copied.sent_digests.contains(&whole.digest));
        let note = whole.map(|whole| {
            format!("{} of what was sent is the complete tree, which Flux reads", size(whole.size))
        });
        Ok(Transferred {
            notes: note.into_iter().chain(attached.notes).collect(),
            warnings: attached.warnings,
            attachments: attached.counts,
            blobs: Blobs {
                sent: copied.sent,
                present: copied.present,
                mounted: copied.mounted,
                joined: copied.joined,
            },
            bytes: copied.sent_bytes,
            requests,
            moved: copied.moved,
            ..Transferred::of(wish.verb, wish.destination, manifest, wish.tags)
        })
    }

    /// Notes what the registry has now, for the next push. A layout that the store does not keep is somebody else's, and
    /// reading it writes nothing; what is shared under a name of its own is never pushed there again.
    fn remember(&self) {
        let is_ours = matches!(self.wish.source.place, Place::Local(_));
        if is_ours
            && self.wish.verb != Verb::Shared
            && let (Some(layout), Some(remote)) = (self.from.layout(), self.to.remote())
        {
            layout.remember(&remote.place(), self.manifest.digest());
        }
    }

    fn move_with(&self, care: Care, known: Known) -> Result<Done, repository::Error> {
        let Self { wish, from, to, manifest, .. } = *self;
        if !wish.is_made_here && from.layout().is_some() && to.remote().is_some() {
            prove(from.repository(), manifest)?;
        }
        let load = match care {
            Care::Take => Some(self.load()?),
            Care::Tell | Care::Pass => None,
        };
        let join = to.layout().map(WholeTrees);
        let order = Order {
            manifest,
            children: load.as_ref().map(|load| load.children.as_slice()),
            tags: wish.tags,
            expect: wish.expect.clone(),
            known,
            mounts: &self.mounts,
            join: join.as_ref().map(|join| join as &dyn Join),
            concurrency: wish.concurrency,
        };
        let done = |copied, attached| Ok(Done { copied, is_new: true, attached });
        let (source, there) = (from.repository(), to.repository());
        let Some(load) = load.as_ref().filter(|load| !load.is_empty()) else {
            return done(copy(source, there, &order, self.progress)?, Outcome::default());
        };
        if to.remote().is_none() || wish.tags.is_empty() {
            let attached = self.take(load)?;
            return done(copy(source, there, &order, self.progress)?, attached);
        }
        // A registry may want the subject before what refers to it, and nobody should find the tag before its signatures.
        let untagged = Order { tags: &[], expect: Expect::Any, ..order };
        let mut copied = copy(source, there, &untagged, self.progress)?;
        let attached = self.take(load)?;
        copied.moved = there.publish(manifest, wish.tags, &wish.expect)?.moved;
        done(copied, attached)
    }

    /// What is attached to the bundle.
    fn load(&self) -> Result<Load, repository::Error> {
        Load::of(self.from.repository(), self.manifest)
    }

    fn take(&self, load: &Load) -> Result<Outcome, repository::Error> {
        let how = How { mounts: &self.mounts, concurrency: self.wish.concurrency };
        carry(self.from.repository(), self.to.repository(), load, how, self.progress).map(taken)
    }
}

/// Makes the complete trees of bundles in a layout, of the layers of their namespaces.
struct WholeTrees<'a>(&'a Layout);

impl Join for WholeTrees<'_> {
    fn of(&self, manifest: &Manifest) -> Option<Joined> {
        kinds::joined(manifest)
    }

    fn make(&self, joined: &Joined) -> Result<Moved, repository::Error> {
        self.0.join(joined)
    }
}

fn blob_count(manifest: &Manifest) -> u64 {
    manifest.blobs().len() as u64
}

/// What a look at the destination showed.
enum Look {
    /// All tags point at the bundle already.
    Done,
    /// It must be moved.
    Known(Known),
}

/// Learns what the destination has: one request where its tag exists, three at the most where it does not.
fn look(wish: &Wish<'_>, from: &Opened, to: &Opened, manifest: &Manifest) -> Result<Look, repository::Error> {
    let there = to.repository();
    let mut known = Vec::new();
    let mut is_done = true;
    let selectors: Vec<Selector> = match wish.tags {
        [] => vec![Selector::Digest(manifest.digest().clone())],
        tags => tags.iter().cloned().map(Selector::Tag).collect(),
    };
    for selector in &selectors {
        let found = standing(there, selector)?;
        let digest = found.as_ref().and_then(Standing::digest);
        if found.is_some() && digest.is_none() && wish.expect != Expect::Any {
            let place = there.place();
            let what = format!("{place}{selector} exists and cannot be read; nothing can be expected of it");
            return Err(repository::Error::new(ErrorKind::Conflict, place, what));
        }
        // Looked at before anything moves, and once more when it is written.
        if let Selector::Tag(tag) = selector {
            wish.expect.hold(&there.place(), tag, digest)?;
        }
        is_done &= found.as_ref().is_some_and(|found| found.digest() == Some(manifest.digest()));
        known.extend(found.and_then(Standing::manifest));
    }
    if to.layout().is_some() {
        // A store answers from its own disk, so nothing need be known of it; only its blobs prove that all is there.
        let is_done = is_done && !manifest.is_index() && is_complete(there, manifest)?;
        return Ok(if is_done { Look::Done } else { Look::Known(Known::Nothing) });
    }
    if is_done {
        return Ok(Look::Done);
    }
    if known.is_empty() {
        return Ok(Look::Known(stranger(from, to)?));
    }
    Ok(Look::Known(Known::Manifests(known)))
}

/// What a tag points at now.
enum Standing {
    Manifest(Box<Manifest>),
    /// Something that cannot be read, and that a push may well be meant to replace.
    Unreadable(Option<Digest>),
}

impl Standing {
    fn digest(&self) -> Option<&Digest> {
        match self {
            Self::Manifest(manifest) => Some(manifest.digest()),
            Self::Unreadable(digest) => digest.as_ref(),
        }
    }

    fn manifest(self) -> Option<Manifest> {
        match self {
            Self::Manifest(manifest) => Some(*manifest),
            Self::Unreadable(_) => None,
        }
    }
}

fn standing(there: &dyn Repository, at: &Selector) -> Result<Option<Standing>, repository::Error> {
    match there.manifest(at) {
        Ok(found) => Ok(found.map(|manifest| Standing::Manifest(Box::new(manifest)))),
        Err(error) if matches!(error.kind, ErrorKind::Corrupt | ErrorKind::Refused) => {
            // Without a digest it is still there: whoever expects nothing, or something else, is told so.
            let digest = there.resolve(at).ok().flatten().map(|found| found.digest);
            Ok(Some(Standing::Unreadable(digest)))
        }
        Err(error) => Err(error),
    }
}

fn is_complete(there: &dyn Repository, manifest: &Manifest) -> Result<bool, repository::Error> {
    Ok(there.missing(&manifest.blobs(), &Known::Nothing)?.is_empty())
}

/// What is known of a registry's repository that lacks the tag. To know it only saves requests, so that a registry
/// which does not tell is asked for each blob instead.
fn stranger(from: &Opened, to: &Opened) -> Result<Known, repository::Error> {
    match neighbours(from, to) {
        Err(error) if error.kind != ErrorKind::Interrupted => Ok(Known::Nothing),
        outcome => outcome,
    }
}

/// What was pushed there last, or else what a tag holds that is likely to be alike.
fn neighbours(from: &Opened, to: &Opened) -> Result<Known, repository::Error> {
    let (there, Some(remote)) = (to.repository(), to.remote()) else {
        return Ok(Known::Nothing);
    };
    if let Some(layout) = from.layout()
        && let Some(seen) = layout.last_seen(&remote.place()).map(Selector::Digest)
        && let Some(ours) = layout.manifest(&seen)?
        && there.resolve(&seen)?.is_some()
    {
        return Ok(Known::Manifests(vec![ours]));
    }
    let mut tags = remote.some_tags(FEW_TAGS)?;
    if tags.is_empty() {
        return Ok(Known::Empty);
    }
    // Signatures and the like stand under tags that are made of digests; a tag that we have too is likely to be ours.
    tags.retain(|tag| !tag.as_str().starts_with("sha256-"));
    let ours = from.repository().tags().ok().filter(|_| from.layout().is_some()).unwrap_or_default();
    let alike = tags.iter().rfind(|tag| ours.contains(tag)).or(tags.last());
    let Some(tag) = alike else { return Ok(Known::Nothing) };
    let neighbour = there.manifest(&Selector::Tag(tag.clone()))?;
    Ok(neighbour.map_or(Known::Nothing, |manifest| Known::Manifests(vec![manifest])))
}

/// Repositories of the destination's registry that have the blobs: the source itself, or where it was pulled from.
fn mounts(wish: &Wish<'_>, from: &Opened) -> Result<Vec<Name>, repository::Error> {
    let Place::Remote { host, name: target, .. } = wish.destination else {
        return Ok(Vec::new());
    };
    let source = match (&wish.source.place, from.layout(), wish.source.tag()) {
        (place @ Place::Remote { name, .. }, ..) if same_registry(place, wish.destination) => {
            Some(name.clone())
        }
        (_, Some(layout), Some(tag)) => {
            layout.origin(tag)?.and_then(|origin| origin.strip_prefix(&format!("{host}/"))?.parse().ok())
        }
        _ => None,
    };
    Ok(source.filter(|name| name != target).into_iter().collect())
}
