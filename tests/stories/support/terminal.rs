//! A terminal with a user at it: keys that are pressed, and what is seen.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use super::Sandbox;

/// A terminal with a user at it, and torte on its other side.
pub(crate) struct Terminal {
    keys: File,
    pub(crate) child: Child,
    seen: Arc<Mutex<String>>,
    /// Keeps the terminal when torte has gone.
    line: File,
}

impl Terminal {
    pub(crate) fn run(sandbox: &Sandbox, line: &str) -> Self {
        let words: Vec<_> = line.split(' ').collect();
        Self::of(sandbox.command(&words))
    }

    pub(crate) fn of(mut command: Command) -> Self {
        let user = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&user).unwrap();
        unlockpt(&user).unwrap();
        let name = ptsname(&user, Vec::new()).unwrap().into_string().unwrap();
        let line_side = OpenOptions::new().read(true).write(true).open(name).unwrap();
        let end = || Stdio::from(OwnedFd::from(line_side.try_clone().unwrap()));
        let child = command.stdin(end()).stderr(end()).stdout(Stdio::null()).spawn().unwrap();
        let (keys, seen) = (File::from(user), Arc::new(Mutex::new(String::new())));
        let (mut screen, log) = (keys.try_clone().unwrap(), Arc::clone(&seen));
        thread::spawn(move || {
            let mut bytes = [0; 1024];
            while let Ok(count) = screen.read(&mut bytes) {
                log.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
        });
        Self { keys, child, seen, line: line_side }
    }

    pub(crate) fn seen(&self) -> String {
        self.seen.lock().unwrap().clone()
    }

    /// Waits until something holds of it.
    pub(crate) fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            assert!(begun.elapsed() < Duration::from_mins(1), "{what} never came: {}", self.seen());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for a question, and for the terminal to be silent where the answer is a secret; then answers.
    pub(crate) fn answer(&mut self, question: &str, is_secret: bool, keys: &str) {
        self.until(question, |it| it.seen().contains(question) && it.is_silent() == is_secret);
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// Whether what is typed stays unseen.
    pub(crate) fn is_silent(&self) -> bool {
        !tcgetattr(&self.line).unwrap().local_modes.contains(LocalModes::ECHO)
    }

    pub(crate) fn end(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
