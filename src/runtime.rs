//! The one async runtime, what it may take of the system, and whether the user interrupted us.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

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
    // What is hooked in stays for the life of the process.
    if SIGNAL.get().is_some() {
        return Ok(());
    }
    for signal in [SIGINT, SIGTERM] {
        let seen = Arc::new(AtomicBool::new(false));
        signal_hook::flag::register_conditional_default(signal, Arc::clone(&seen))?;
        signal_hook::flag::register(signal, seen)?;
        note(signal, &SIGNAL)?;
    }
    Ok(())
}

/// The signal that asked us to stop, if one did: 2 or 15.
pub fn interrupted() -> Option<u8> {
    let received = SIGNAL.get()?.load(Ordering::Relaxed);
    u8::try_from(received).ok().filter(|signal| *signal != 0)
}

/// Watches for the same signals in a server, and for the end of its terminal (SIGHUP) if that is wanted: they do nothing
/// but what is done about what [`next_stop`] tells.
pub fn watch_stop(with_hangups: bool) -> io::Result<()> {
    for signal in [SIGINT, SIGTERM] {
        note(signal, &STOP)?;
    }
    #[cfg(unix)]
    if with_hangups {
        note(signal_hook::consts::SIGHUP, &STOP)?;
    }
    Ok(())
}

/// Waits for the next signal that asks a server to stop: 1, 2 or 15.
pub fn next_stop() -> u8 {
    let received = STOP.get_or_init(Arc::default);
    loop {
        match u8::try_from(received.swap(0, Ordering::Relaxed)) {
            Ok(signal @ 1..) => return signal,
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Ends the process as this signal does where nobody watches for it.
pub fn end_by(signal: u8) -> ! {
    let _ = signal_hook::low_level::emulate_default_handler(signal.into());
    signal_hook::low_level::exit(128 + i32::from(signal))
}

fn note(signal: i32, cell: &OnceLock<Arc<AtomicUsize>>) -> io::Result<()> {
    let received = cell.get_or_init(Arc::default);
    let value = usize::try_from(signal).unwrap_or_default();
    signal_hook::flag::register_usize(signal, Arc::clone(received), value).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_signal_is_hooked_in_once() {
        for _ in 0..3 {
            watch_interrupts().unwrap();
            assert_eq!(SIGNAL.get().map(Arc::strong_count), Some(3), "the cell's, and one for each signal");
        }
    }
}
