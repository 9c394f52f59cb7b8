//! Work on many threads whose results come in the order of the items.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Does the work for each item on so many threads, and hands the results on in the order of the items.
pub(super) fn in_order<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    work: impl Fn(&T) -> R + Sync,
    take: impl FnMut(&T, R) + Send,
) {
    let next = AtomicUsize::new(0);
    // Results that came before an earlier one's, and how many were handed on.
    let done = Mutex::new((BTreeMap::new(), 0, take));
    let worker = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return };
            let result = work(item);
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            let (early, count, take) = &mut *done;
            early.insert(at, result);
            while let Some(result) = early.remove(count) {
                take(&items[*count], result);
                *count += 1;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(items.len()) {
            scope.spawn(worker);
        }
        worker();
    });
}
