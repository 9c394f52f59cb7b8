//! Where blocking threads meet the async runtime, so that an interrupt is heard while a thread waits.

use std::io;
use std::pin::pin;
use std::thread;
use std::time::{Duration, Instant};

use tokio::time::timeout;

use crate::repository::{Error, ErrorKind};
use crate::runtime;

/// How often a waiting thread looks for an interrupt.
const GLANCE: Duration = Duration::from_millis(100);

/// Why a wait ended without what was waited for.
#[derive(Debug)]
pub(super) enum Cut {
    /// The time was over.
    Late,
    /// The user interrupted us.
    Interrupted,
    /// There is no runtime.
    Runtime(io::Error),
}

/// The user interrupted us.
#[derive(Debug)]
pub(super) struct Interrupted;

/// What an operation at `place` returns when the user interrupts it.
pub(super) fn interrupted(place: &str) -> Error {
    Error::new(ErrorKind::Interrupted, place, "interrupted")
}

/// Waits for a future, at most so long. Must not be called from an async task.
pub(super) fn wait<T>(limit: Duration, future: impl Future<Output = T>) -> Result<T, Cut> {
    let handle = runtime::handle().map_err(Cut::Runtime)?;
    handle.block_on(async {
        let begun = Instant::now();
        let mut future = pin!(future);
        loop {
            if runtime::interrupted().is_some() {
                return Err(Cut::Interrupted);
            }
            let left = limit.saturating_sub(begun.elapsed());
            match timeout(left.min(GLANCE), &mut future).await {
                Ok(done) => return Ok(done),
                Err(_) if left <= GLANCE => return Err(Cut::Late),
                Err(_) => {}
            }
        }
    })
}

/// Sleeps, unless the user interrupts.
pub(super) fn sleep(pause: Duration) -> Result<(), Interrupted> {
    let begun = Instant::now();
    loop {
        if runtime::interrupted().is_some() {
            return Err(Interrupted);
        }
        let left = pause.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Ok(());
        }
        thread::sleep(left.min(GLANCE));
    }
}
