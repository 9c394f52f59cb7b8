//! Login at a terminal: questions, keys, and what is seen of them.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use crate::support::{Registry, Sandbox};

/// A terminal with a user at it, and torte on its other side.
struct Terminal {
    keys: File,
    child: Child,
    seen: Arc<Mutex<String>>,
    /// Keeps the terminal when torte has gone.
    line: File,
}

impl Terminal {
    fn run(sandbox: &Sandbox, line: &str) -> Self {
        let words: Vec<_> = line.split(' ').collect();
        Self::of(sandbox.command(&words))
    }

    fn of(mut command: Command) -> Self {
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

    fn seen(&self) -> String {
        self.seen.lock().unwrap().clone()
    }

    /// Waits until something holds of it.
    fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            assert!(begun.elapsed() < Duration::from_mins(1), "{what} never came: {}", self.seen());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for a question, and for the terminal to be silent where the answer is a secret; then answers.
    fn answer(&mut self, question: &str, is_secret: bool, keys: &str) {
        self.until(question, |it| it.seen().contains(question) && it.is_silent() == is_secret);
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// Whether what is typed stays unseen.
    fn is_silent(&self) -> bool {
        !tcgetattr(&self.line).unwrap().local_modes.contains(LocalModes::ECHO)
    }

    fn end(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn kept(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.home().join(".docker/config.json")).unwrap_or_default()
}

#[test]
fn name_and_password_are_asked_for_and_the_password_is_not_seen() {
    let (registry, sandbox) = (Registry::with_password("bob", "hunter2"), Sandbox::new());
    let mut terminal = Terminal::run(&sandbox, &format!("login {}", registry.host()));
    terminal.answer("User name for", false, "bob\n");
    // A key too many, taken back; and a line that was begun anew.
    terminal.answer("Password or token of bob", true, "wrong\u{15}hunter2ü\u{7f}\r");
    assert_eq!(terminal.end().code(), Some(0), "{}", terminal.seen());
    terminal.until("the word of success", |it| it.seen().contains("logged in to"));
    assert!(!terminal.seen().contains("hunter") && !terminal.is_silent(), "{}", terminal.seen());
    // `bob:hunter2` in base64.
    assert!(kept(&sandbox).contains("Ym9iOmh1bnRlcjI="));
}

#[test]
fn a_token_that_is_longer_than_a_terminals_line_is_taken_whole() {
    let token = "t".repeat(6000);
    let (registry, sandbox) = (Registry::with_password("bob", &token), Sandbox::new());
    let mut terminal = Terminal::run(&sandbox, &format!("login {} -u bob", registry.host()));
    terminal.answer("Password or token of bob", true, &format!("{token}\n"));
    assert_eq!(terminal.end().code(), Some(0), "{}", terminal.seen());
}

#[test]
fn who_gives_no_answer_changes_nothing() {
    let (registry, sandbox) = (Registry::with_password("bob", "hunter2"), Sandbox::new());
    for keys in ["\n", "\u{4}"] {
        let mut terminal = Terminal::run(&sandbox, &format!("login {} -u bob", registry.host()));
        terminal.answer("Password or token of bob", true, keys);
        assert_eq!(terminal.end().code(), Some(2), "{}", terminal.seen());
        assert!(!terminal.is_silent());
    }
    assert_eq!(registry.requests(), [""; 0]);
    assert_eq!(kept(&sandbox), "");
}

#[test]
fn an_interrupt_gives_the_terminal_back_as_it_was() {
    let (registry, sandbox) = (Registry::with_password("bob", "hunter2"), Sandbox::new());
    let mut terminal = Terminal::run(&sandbox, &format!("login {} -u bob", registry.host()));
    terminal.answer("Password or token of bob", true, "hun");
    let sent = Command::new("kill").args(["-INT", &terminal.child.id().to_string()]).status();
    assert!(sent.unwrap().success());
    assert_eq!(terminal.end().code(), Some(130), "{}", terminal.seen());
    assert!(!terminal.is_silent());
    assert_eq!(kept(&sandbox), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_helper_may_ask_at_the_terminal() {
    use std::os::unix::fs::PermissionsExt as _;

    let (registry, mut sandbox) = (Registry::with_password("bob", "hunter2"), Sandbox::with_banner());
    let push = format!("build app:v1 --push {} -u bob --password-stdin", registry.at("team/app"));
    sandbox.typing("hunter2\n").run(&push).succeeds();
    let script = r#"#!/bin/sh
printf 'The PIN, please' >/dev/tty
read -r secret </dev/tty
printf '{"Username":"bob","Secret":"%s"}' "$secret"
"#;
    sandbox.write("bin/docker-credential-asking", script);
    let program = sandbox.path("bin/docker-credential-asking");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.write("auth.json", r#"{"credsStore":"asking"}"#);
    let path = format!("{}:{}", sandbox.path("bin").display(), sandbox.variable("PATH"));
    sandbox.with("PATH", &path);
    let place = registry.at("team/app");
    let words = ["--ctty", "--wait", "torte", "list", &place, "--authfile", "auth.json"];
    let mut terminal = Terminal::of(sandbox.program("setsid", &words));
    terminal.answer("The PIN, please", false, "hunter2\n");
    assert_eq!(terminal.end().code(), Some(0), "{}", terminal.seen());
}
