//! The same work for each of several things, on several threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Error;

/// Runs `work` for each item on so many threads; the first error stops the rest from being begun.
pub fn in_parallel<T: Sync>(
    items: &[T],
    concurrency: usize,
    work: impl Fn(&T) -> Result<(), Error> + Sync,
) -> Result<(), Error> {
    let next = AtomicUsize::new(0);
    let failure: Mutex<Option<Error>> = Mutex::new(None);
    let worker = || {
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(error) = work(item) {
                next.store(items.len(), Ordering::Relaxed);
                failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..concurrency.min(items.len()) {
            scope.spawn(worker);
        }
        worker();
    });
    failure.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::repository::ErrorKind;

    #[test]
    fn each_is_done_once() {
        for concurrency in [1, 4, 200] {
            let items: BTreeSet<u32> = (0..100).collect();
            let done = Mutex::new(Vec::new());
            let each: Vec<_> = items.iter().copied().collect();
            in_parallel(&each, concurrency, |item| {
                done.lock().unwrap().push(*item);
                Ok(())
            })
            .unwrap();
            let done = done.into_inner().unwrap();
            assert_eq!((done.len(), done.into_iter().collect()), (100, items));
        }
    }

    #[test]
    fn the_first_failure_stops_the_rest() {
        let begun = AtomicUsize::new(0);
        let outcome = in_parallel(&[0; 1000], 4, |_| {
            begun.fetch_add(1, Ordering::Relaxed);
            Err(Error::new(ErrorKind::Unavailable, "x", "gone"))
        });
        assert_eq!(outcome.unwrap_err().kind, ErrorKind::Unavailable);
        assert!(begun.into_inner() <= 4);
    }
}
