//! A registry that keeps no list of referrers and holds no condition, and the order in which its writers take their steps.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Condvar, Mutex};

use super::*;
use crate::oci::{Descriptor, Digest, Manifest, Name, Selector, Tag};
use crate::repository::{Body, Known, Memory, Moved, Published, Removed};

/// What a writer is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Read,
    /// To look whether the tag is as expected.
    Check,
    /// To write, whatever the tag is by now.
    Write,
    /// To come back from the pause after a write.
    Pause,
}

/// Lets one writer take one step at a time.
#[derive(Default)]
pub(super) struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: BTreeMap<usize, Step>,
    turn: Option<usize>,
    left: usize,
}

impl Gate {
    fn step(&self, me: usize, step: Step) {
        let mut state = self.state.lock().unwrap();
        state.waiting.insert(me, step);
        self.changed.notify_all();
        while state.turn != Some(me) {
            state = self.changed.wait(state).unwrap();
        }
        state.turn = None;
        state.waiting.remove(&me);
    }

    fn leave(&self) {
        self.state.lock().unwrap().left += 1;
        self.changed.notify_all();
    }

    /// Gives all writers their turns in the order of the dice, until all have left.
    ///
    /// With `patience`, nobody comes back from a pause while another is between his look and his write.
    fn direct(&self, writers: usize, mut dice: u64, patience: bool) {
        let mut state = self.state.lock().unwrap();
        loop {
            while state.turn.is_some() || state.waiting.len() + state.left < writers {
                state = self.changed.wait(state).unwrap();
            }
            let is_writing = state.waiting.values().any(|step| *step == Step::Write);
            let may = |step: Step| !(patience && step == Step::Pause && is_writing);
            let ready: Vec<usize> =
                state.waiting.iter().filter(|(_, step)| may(**step)).map(|(writer, _)| *writer).collect();
            if ready.is_empty() {
                assert_eq!(state.left, writers, "nobody waits for nobody");
                return;
            }
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let choice = usize::try_from(dice >> 40).unwrap() % ready.len();
            state.turn = Some(ready[choice]);
            self.changed.notify_all();
        }
    }
}

/// The registry as one writer sees it.
pub(super) struct Lax<'a> {
    pub(super) memory: &'a Memory,
    pub(super) turns: Option<(&'a Gate, usize)>,
    /// Whether a tag that is set stays as it is.
    pub(super) is_immutable: bool,
}

impl Lax<'_> {
    pub(super) fn step(&self, step: Step) {
        if let Some((gate, me)) = self.turns {
            gate.step(me, step);
        }
    }
}

/// Lets so many writers work in an order that the dice choose.
pub(super) fn race(
    memory: &Memory,
    writers: usize,
    dice: u64,
    patience: bool,
    work: impl Fn(usize, &Lax<'_>) + Sync,
) {
    let gate = Gate::default();
    std::thread::scope(|scope| {
        for me in 0..writers {
            let (gate, work) = (&gate, &work);
            scope.spawn(move || {
                work(me, &Lax { memory, turns: Some((gate, me)), is_immutable: false });
                gate.leave();
            });
        }
        gate.direct(writers, dice, patience);
    });
}

impl Repository for Lax<'_> {
    fn resolve(&self, at: &Selector) -> Result<Option<Descriptor>, Error> {
        self.memory.resolve(at)
    }

    fn manifest(&self, at: &Selector) -> Result<Option<Manifest>, Error> {
        self.step(Step::Read);
        self.memory.manifest(at)
    }

    fn missing(&self, blobs: &[Descriptor], known: &Known) -> Result<Vec<Descriptor>, Error> {
        self.memory.missing(blobs, known)
    }

    fn open(&self, blob: &Descriptor, from: u64) -> Result<Box<dyn Read + Send>, Error> {
        self.memory.open(blob, from)
    }

    fn put(&self, blob: &Descriptor, body: &dyn Body, mounts: &[Name]) -> Result<Moved, Error> {
        self.memory.put(blob, body, mounts)
    }

    fn publish(&self, manifest: &Manifest, tags: &[Tag], expect: &Expect) -> Result<Published, Error> {
        if !tags.is_empty() {
            self.step(Step::Check);
        }
        for tag in tags {
            let now = self.memory.resolve(&Selector::Tag(tag.clone()))?.map(|found| found.digest);
            expect.hold("lax", tag, now.as_ref())?;
            if self.is_immutable && now.is_some() {
                return Err(Error::new(ErrorKind::Conflict, "lax", "the tag is immutable"));
            }
        }
        if !tags.is_empty() {
            self.step(Step::Write);
        }
        let published = self.memory.publish(manifest, tags, &Expect::Any)?;
        Ok(Published { subject_listed: false, ..published })
    }

    fn is_guarded(&self) -> bool {
        false
    }

    fn tags(&self) -> Result<Vec<Tag>, Error> {
        self.memory.tags()
    }

    fn referrers(&self, of: &Digest, _: Option<&str>) -> Result<Vec<Descriptor>, Error> {
        let index = self.memory.manifest(&Selector::Tag(fallback_tag(of).unwrap()))?;
        Ok(index.map(|index| index.manifests().to_vec()).unwrap_or_default())
    }

    fn remove(&self, what: &Selector) -> Result<Removed, Error> {
        self.memory.remove(what)
    }

    fn place(&self) -> String {
        "lax".to_owned()
    }
}
