//! The one async runtime, what it may take of the system, and whether the user interrupted us.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGINT, SIGTERM};

/// Workers of the runtime that is yet to be made.
static WORKERS: AtomicUsize = AtomicUsize::new(1);

/// Gives the runtime so many workers, for who serves and waits for nothing; to be called before it is first asked for.
pub fn use_workers(count: usize) {
    WORKERS.store(count.max(1), Ordering::Relaxed);
}

/// The runtime, made when it is first asked for: a verb that stays on disk never pays for it.
///
/// One worker, if nobody wants more, drives timers and sockets; futures are polled by the threads that wait for them
/// ([`tokio::runtime::Handle::block_on`]).
pub fn handle() -> io::Result<tokio::runtime::Handle> {
    static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
    if RUNTIME.get().is_none() {
        let workers = WORKERS.load(Ordering::Relaxed);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
        // Where two threads came at once, the second runtime is dropped unused.
        let _ = RUNTIME.set(runtime);
    }
    match RUNTIME.get() {
        Some(runtime) => Ok(runtime.handle().clone()),
        None => Err(io::Error::other("the runtime could not be kept")),
    }
}

/// Lets this process open some thousands of files and connections, where the system allows it to whoever asks.
pub fn allow_many_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        // All that the maximum allows is more than some systems take, although it says that there is no limit.
        const MANY: u64 = 8192;
        let mut limit = getrlimit(Resource::Nofile);
        let wanted = limit.maximum.map_or(MANY, |maximum| maximum.min(MANY));
        if limit.current.is_some_and(|current| current < wanted) {
            limit.current = Some(wanted);
            // Where it is not allowed after all, fewer clients are served at once.
            let _ = setrlimit(Resource::Nofile, limit);
        }
    }
}

/// Whether this process has a terminal at which somebody may be asked, wherever its streams lead.
pub fn has_terminal() -> bool {
    #[cfg(unix)]
    {
        use rustix::fs::{Mode, OFlags, open};
        open("/dev/tty", OFlags::RDONLY | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty()).is_ok()
    }
    #[cfg(not(unix))]
    false
}

static SIGNAL: OnceLock<Arc<AtomicUsize>> = OnceLock::new();
static STOP: OnceLock<Arc<AtomicUsize>> = OnceLock::new();

/// Begins to watch for an interrupt (SIGINT) and for the end (SIGTERM); a second one ends the process at once.
pub fn watch_interrupts() -> io::Result<()> {
    watch(&SIGNAL)
}

/// The signal that asked us to stop, if one did: 2 or 15.
pub fn interrupted() -> Option<u8> {
    received(&SIGNAL)
}

/// Watches for the same signals in a server, which stops when it has finished what it does: nothing is interrupted by
/// them, and [`asked_to_stop`] tells of them.
pub fn watch_stop() -> io::Result<()> {
    watch(&STOP)
}

/// The signal that asked a server to stop, if one did: 2 or 15.
pub fn asked_to_stop() -> Option<u8> {
    received(&STOP)
}

/// Whoever calls this a second time changes nothing: what is hooked in stays for the life of the process.
fn watch(cell: &OnceLock<Arc<AtomicUsize>>) -> io::Result<()> {
    if cell.get().is_some() {
        return Ok(());
    }
    let received = Arc::new(AtomicUsize::new(0));
    for signal in [SIGINT, SIGTERM] {
        let seen = Arc::new(AtomicBool::new(false));
        signal_hook::flag::register_conditional_default(signal, Arc::clone(&seen))?;
        signal_hook::flag::register(signal, seen)?;
        let value = usize::try_from(signal).unwrap_or_default();
        signal_hook::flag::register_usize(signal, Arc::clone(&received), value)?;
    }
    // Where two threads came at once, the signals are told to both, and the first is listened to.
    let _ = cell.set(received);
    Ok(())
}

fn received(cell: &OnceLock<Arc<AtomicUsize>>) -> Option<u8> {
    let received = cell.get()?.load(Ordering::Relaxed);
    u8::try_from(received).ok().filter(|signal| *signal != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_signal_is_hooked_in_once() {
        static CELL: OnceLock<Arc<AtomicUsize>> = OnceLock::new();
        for _ in 0..3 {
            watch(&CELL).unwrap();
            assert_eq!(CELL.get().map(Arc::strong_count), Some(3), "the cell's, and one for each signal");
        }
    }
}
