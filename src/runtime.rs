//! The one async runtime, and whether the user interrupted us.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGINT, SIGTERM};

/// The runtime, made when it is first asked for: a verb that stays on disk never pays for it.
///
/// One worker drives timers and sockets; futures are polled by the threads that wait for them
/// ([`tokio::runtime::Handle::block_on`]).
pub fn handle() -> io::Result<tokio::runtime::Handle> {
    static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
    if RUNTIME.get().is_none() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        // Where two threads came at once, the second runtime is dropped unused.
        let _ = RUNTIME.set(runtime);
    }
    match RUNTIME.get() {
        Some(runtime) => Ok(runtime.handle().clone()),
        None => Err(io::Error::other("the runtime could not be kept")),
    }
}

static SIGNAL: OnceLock<Arc<AtomicUsize>> = OnceLock::new();

/// Begins to watch for an interrupt (SIGINT) and for the end (SIGTERM); a second one ends the process at once.
pub fn watch_interrupts() -> io::Result<()> {
    let received = SIGNAL.get_or_init(Arc::default);
    for signal in [SIGINT, SIGTERM] {
        let seen = Arc::new(AtomicBool::new(false));
        signal_hook::flag::register_conditional_default(signal, Arc::clone(&seen))?;
        signal_hook::flag::register(signal, seen)?;
        let value = usize::try_from(signal).unwrap_or_default();
        signal_hook::flag::register_usize(signal, Arc::clone(received), value)?;
    }
    Ok(())
}

/// The signal that asked us to stop, if one did: 2 or 15.
pub fn interrupted() -> Option<u8> {
    let received = SIGNAL.get()?.load(Ordering::Relaxed);
    u8::try_from(received).ok().filter(|signal| *signal != 0)
}
