//! Work in two stages on many threads: parts are made of items, and results of what the parts are put together to.
//!
//! The second stage works while the first still does, so that little is held between them.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::in_order::Line;

/// How many things wait for the second stage before the first stage waits for it.
const WAITING: usize = 4;

/// Makes a part of each item, puts the parts together, and makes a result of each thing that comes out, on so many threads.
///
/// `gather` gets the parts in the order of the items, and at last none; it gives the things that are complete by then.
/// `take` gets the results in the order of the things. Each thread has a `tool` of its own for the second stage.
pub(super) fn relay<I: Send, Part: Send, Thing: Send, Tool, R: Send>(
    items: impl ExactSizeIterator<Item = I> + Send,
    threads: usize,
    part: impl Fn(I) -> Part + Sync,
    gather: impl FnMut(Option<Part>) -> Vec<Thing> + Send,
    tool: impl Fn() -> Tool + Sync,
    result: impl Fn(&mut Tool, Thing) -> R + Sync,
    take: impl FnMut(R) + Send,
) {
    let threads = threads.min(items.len());
    let mut work = Work {
        ungathered: items.len(),
        items: items.enumerate(),
        parts: Line::default(),
        gather,
        waiting: VecDeque::new(),
        things: 0,
        results: Line::default(),
        take,
    };
    if work.ungathered == 0 {
        work.end();
    }
    let (work, changed) = (Mutex::new(work), Condvar::new());
    let worker = || {
        let _alarm = Alarm(|| {
            lock(&work).ungathered = 0;
            changed.notify_all();
        });
        let mut tool = tool();
        let mut now = lock(&work);
        loop {
            if let Some((at, thing)) = now.next_thing() {
                drop(now);
                let made = result(&mut tool, thing);
                now = lock(&work);
                let Work { results, take, .. } = &mut *now;
                results.enter(at, made, take);
            } else if let Some((at, item)) = now.items.next() {
                drop(now);
                let made = part(item);
                now = lock(&work);
                if now.gather(at, made) {
                    changed.notify_all();
                }
            } else if now.ungathered > 0 {
                // Of what others still work on, a thing may come.
                now = changed.wait(now).unwrap_or_else(PoisonError::into_inner);
            } else {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(worker);
        }
        worker();
    });
}

/// What the threads share.
struct Work<Items, Part, Thing, R, Gather, Take> {
    items: std::iter::Enumerate<Items>,
    parts: Line<Part>,
    gather: Gather,
    /// How many parts were not gathered yet.
    ungathered: usize,
    waiting: VecDeque<(usize, Thing)>,
    /// How many things there were so far.
    things: usize,
    results: Line<R>,
    take: Take,
}

impl<Items, Part, Thing, R, Gather, Take> Work<Items, Part, Thing, R, Gather, Take>
where
    Items: ExactSizeIterator,
    Gather: FnMut(Option<Part>) -> Vec<Thing>,
{
    /// The next thing, if enough wait or there is nothing else to do.
    fn next_thing(&mut self) -> Option<(usize, Thing)> {
        let is_time = self.waiting.len() >= WAITING || self.items.len() == 0;
        if is_time { self.waiting.pop_front() } else { None }
    }

    /// Takes a part; whether those who wait have something to do.
    fn gather(&mut self, at: usize, part: Part) -> bool {
        let Self { parts, gather, ungathered, waiting, things, .. } = self;
        let before = *things;
        parts.enter(at, part, |part| {
            *ungathered = ungathered.saturating_sub(1);
            for thing in gather(Some(part)) {
                waiting.push_back((*things, thing));
                *things += 1;
            }
        });
        if self.ungathered == 0 {
            self.end();
        }
        self.things > before || self.ungathered == 0
    }

    fn end(&mut self) {
        for thing in (self.gather)(None) {
            self.waiting.push_back((self.things, thing));
            self.things += 1;
        }
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells the others of a panic, so that nobody waits for what will not come.
struct Alarm<F: Fn()>(F);

impl<F: Fn()> Drop for Alarm<F> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums of three neighbours each, squared.
    fn squares(items: usize, threads: usize) -> Vec<usize> {
        let (mut three, mut squares) = (Vec::new(), Vec::new());
        let gather = |part: Option<usize>| {
            let is_last = part.is_none();
            three.extend(part);
            let is_whole = three.len() == 3 || (is_last && !three.is_empty());
            if is_whole { vec![three.drain(..).sum::<usize>()] } else { Vec::new() }
        };
        let busy = |item: usize| (0..(item * 7919) % 5000).fold(item, |sum, _| std::hint::black_box(sum));
        let all: Vec<usize> = (0..items).collect();
        relay(
            all.into_iter(),
            threads,
            busy,
            gather,
            || (),
            |(), sum| sum * sum,
            |square| squares.push(square),
        );
        squares
    }

    #[test]
    fn results_come_in_order_whatever_the_threads() {
        for items in [0, 1, 2, 3, 4, 300, 1000] {
            let all: Vec<usize> = (0..items).collect();
            let expected: Vec<usize> =
                all.chunks(3).map(|three| three.iter().sum::<usize>().pow(2)).collect();
            for threads in [1, 2, 3, 16] {
                assert_eq!(squares(items, threads), expected, "{items} items, {threads} threads");
            }
        }
    }

    #[test]
    fn a_part_can_make_many_things() {
        let mut taken = Vec::new();
        let gather = |part: Option<usize>| part.map_or(vec![99], |part| (0..part).collect());
        relay(
            [0, 2, 3].into_iter(),
            2,
            |item| item,
            gather,
            || (),
            |(), thing| thing,
            |thing| taken.push(thing),
        );
        assert_eq!(taken, [0, 1, 0, 1, 2, 99]);
    }

    #[test]
    fn a_panic_ends_all() {
        let outcome = std::panic::catch_unwind(|| {
            let part = |item: usize| if item == 50 { panic!("as planned") } else { item };
            let gather = |part: Option<usize>| part.into_iter().collect();
            relay(
                (0..100).collect::<Vec<_>>().into_iter(),
                4,
                part,
                gather,
                || (),
                |(), thing| thing,
                |_| {},
            );
        });
        assert!(outcome.is_err());
    }
}
