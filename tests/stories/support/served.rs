//! `torte serve` as a process of its own.

use std::io::{self, BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::{Sandbox, Wire};

/// A registry that is killed with its value, unless it ended before.
pub(crate) struct Served {
    child: Child,
    address: String,
    said: Arc<Mutex<String>>,
    listening: Option<JoinHandle<()>>,
}

impl Served {
    /// `torte serve` on a free port, with further flags.
    pub(crate) fn start(sandbox: &Sandbox, flags: &[&str]) -> Self {
        let port: &[&str] = if flags.contains(&"--listen") { &[] } else { &["--listen", "127.0.0.1:0"] };
        let mut command = sandbox.command(&[&["serve"], port, flags].concat());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let listening = listen(child.stderr.take().unwrap(), Arc::clone(&said));
        assert!(address.ends_with('\n'), "it does not start: {}", said.lock().unwrap());
        Self { child, address: address.trim_end().to_owned(), said, listening: Some(listening) }
    }

    /// Host and port.
    pub(crate) fn host(&self) -> &str {
        &self.address
    }

    /// A repository of it, as a user writes it.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.address)
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it said on standard error so far.
    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// A connection of a client's own.
    pub(crate) fn connect(&self) -> io::Result<Wire> {
        Wire::connect(&self.address)
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let status = self.child.wait().unwrap();
        if let Some(listening) = self.listening.take() {
            listening.join().unwrap();
        }
        status
    }

    /// Ends it without a warning.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.wait();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen(stderr: ChildStderr, said: Arc<Mutex<String>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            said.lock().unwrap().extend([&line, "\n"]);
        }
    })
}
