//! Finds out, with one blob, whether a registry can do what not all of them can.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What is known of one ability of a registry. While one thread asks, the others wait for the answer.
#[derive(Default)]
pub(in crate::registry) struct Probe {
    known: Mutex<Known>,
    changed: Condvar,
}

#[derive(Clone, Copy, Default)]
enum Known {
    #[default]
    Nothing,
    Asked,
    Able,
    Unable,
}

/// Whether to make use of the ability.
pub(super) enum Ability<'a> {
    /// Try it, and tell what came of it.
    Ask(Question<'a>),
    /// Yes.
    Able,
    /// No.
    Unable,
}

/// The duty to find out. Dropped without an answer, it falls to the next thread.
pub(super) struct Question<'a>(&'a Probe);

impl Probe {
    pub(super) fn ability(&self) -> Ability<'_> {
        let mut known = self.known();
        loop {
            match *known {
                Known::Nothing => {
                    *known = Known::Asked;
                    return Ability::Ask(Question(self));
                }
                Known::Asked => known = self.changed.wait(known).unwrap_or_else(PoisonError::into_inner),
                Known::Able => return Ability::Able,
                Known::Unable => return Ability::Unable,
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Question<'_> {
    pub(super) fn answered(self, is_able: bool) {
        *self.0.known() = if is_able { Known::Able } else { Known::Unable };
    }
}

impl Drop for Question<'_> {
    fn drop(&mut self) {
        let mut known = self.0.known();
        if matches!(*known, Known::Asked) {
            *known = Known::Nothing;
        }
        drop(known);
        self.0.changed.notify_all();
    }
}
