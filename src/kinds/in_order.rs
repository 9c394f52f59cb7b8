//! Work on many threads whose results come in the order of the items.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Does the work for each item on so many threads, and hands the results on in the order of the items.
///
/// Each thread begins with a `state` of its own, such as a buffer, which its items share. `take` gets that of the thread that
/// happens to hand the result on.
pub(super) fn in_order<T: Send, S, R: Send>(
    items: impl ExactSizeIterator<Item = T> + Send,
    threads: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, T) -> R + Sync,
    take: impl FnMut(&mut S, R) + Send,
) {
    let threads = threads.min(items.len());
    let items = Mutex::new(items.enumerate());
    let done = Mutex::new((Line::default(), take));
    let worker = || {
        let mut state = state();
        loop {
            let next = items.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((at, item)) = next else { return };
            let result = work(&mut state, item);
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            let (line, take) = &mut *done;
            line.enter(at, result, |result| take(&mut state, result));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(worker);
        }
        worker();
    });
}

/// Does two things, at the same time if there are threads for it; else the main one first.
pub(super) fn both<A: Send, B>(
    threads: usize,
    beside: impl FnOnce() -> A + Send,
    main: impl FnOnce() -> B,
) -> (A, B) {
    if threads < 2 {
        let main = main();
        return (beside(), main);
    }
    std::thread::scope(|scope| {
        let beside = scope.spawn(beside);
        let main = main();
        (beside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), main)
    })
}

/// What comes in any order, and is handed on in order.
struct Line<T> {
    /// What came before an earlier one.
    early: BTreeMap<usize, T>,
    /// How many were handed on.
    next: usize,
}

impl<T> Default for Line<T> {
    fn default() -> Self {
        Self { early: BTreeMap::new(), next: 0 }
    }
}

impl<T> Line<T> {
    /// Takes the one at a place, and hands on all that is in order by then.
    fn enter(&mut self, at: usize, value: T, mut take: impl FnMut(T)) {
        if at != self.next {
            self.early.insert(at, value);
            return;
        }
        let mut due = Some(value);
        while let Some(value) = due {
            take(value);
            self.next += 1;
            due = self.early.remove(&self.next);
        }
    }
}
