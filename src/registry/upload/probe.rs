//! Finds out, with one blob, whether a registry takes small blobs in one request.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What is known of a registry's way with small blobs. While one thread asks, the others wait for the answer.
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
    One,
    Two,
}

/// How to send a small blob.
pub(super) enum Way<'a> {
    /// In one request, and tell what came of it.
    Ask(Question<'a>),
    /// In one request.
    One,
    /// In two.
    Two,
}

/// The duty to find out. Dropped without an answer, it falls to the next thread.
pub(super) struct Question<'a>(&'a Probe);

impl Probe {
    pub(super) fn way(&self) -> Way<'_> {
        let mut known = self.known();
        loop {
            match *known {
                Known::Nothing => {
                    *known = Known::Asked;
                    return Way::Ask(Question(self));
                }
                Known::Asked => known = self.changed.wait(known).unwrap_or_else(PoisonError::into_inner),
                Known::One => return Way::One,
                Known::Two => return Way::Two,
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Question<'_> {
    pub(super) fn answered(self, takes_one: bool) {
        *self.0.known() = if takes_one { Known::One } else { Known::Two };
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
