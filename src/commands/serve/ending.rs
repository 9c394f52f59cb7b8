//! How a server ends: the first signal lets it finish what it does, the second ends it at once; its folder goes either way.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use crate::disk::{self, Scratch};
use crate::runtime;

/// Tells of the end that was asked for.
pub(super) struct Ending {
    asked: mpsc::Receiver<u8>,
    folder: Arc<Mutex<Option<Scratch>>>,
}

impl Ending {
    /// Watches for signals from now on.
    pub(super) fn watch(folder: Option<Scratch>) -> anyhow::Result<Self> {
        runtime::watch_stop(!may_ignore_hangups())?;
        let folder = Arc::new(Mutex::new(folder));
        let (ask, asked) = mpsc::channel();
        let to_remove = Arc::clone(&folder);
        thread::Builder::new().name("signals".to_owned()).spawn(move || {
            // Where nobody listens any more, the process ends anyway.
            let _ = ask.send(runtime::next_stop());
            let signal = runtime::next_stop();
            remove(&to_remove);
            runtime::end_by(signal);
        })?;
        Ok(Self { asked, folder })
    }

    /// Waits for the first signal.
    pub(super) fn wait(&self) -> anyhow::Result<u8> {
        Ok(self.asked.recv()?)
    }

    /// Removes the folder.
    pub(super) fn finish(self) {
        remove(&self.folder);
    }
}

fn remove(folder: &Mutex<Option<Scratch>>) {
    drop(folder.lock().unwrap_or_else(PoisonError::into_inner).take());
}

/// Whether who started us may want us to outlive the terminal, as `nohup` does: SIGHUP is ignored then, and stays so.
///
/// Linux tells (`SigIgn` in proc(5)); elsewhere nobody knows, and the signal is left as it is.
fn may_ignore_hangups() -> bool {
    const LARGEST: u64 = 64 * 1024;
    let status = disk::read(Path::new("/proc/self/status"), LARGEST).ok().flatten().unwrap_or_default();
    let status = String::from_utf8_lossy(&status);
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // The first bit is that of signal 1.
    ignored.is_none_or(|mask| mask & 1 == 1)
}
