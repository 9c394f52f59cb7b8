//! Login at a terminal: questions, keys, and what is seen of them.

use std::fs;
use std::process::Command;

use crate::support::{Registry, Sandbox, Terminal};

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
