//! A registry that is slow, busy, endless or broken: how often it is asked, and how it ends.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::support::{Registry, Reply, Sandbox, Scripted};

const TAGS: &str = r#"{"name":"team/app","tags":["v1"]}"#;

/// Refuses so often, and then answers.
fn busy(times: usize, wait: &'static str) -> Scripted {
    let left = AtomicUsize::new(times);
    Scripted::new(move |_| {
        let is_busy =
            left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if is_busy { Reply::status(503).with("Retry-After", wait) } else { Reply::ok(TAGS) }
    })
}

#[test]
fn silence_ends_at_the_time_limit() {
    let server = Scripted::new(|_| Reply::Silence);
    let begun = Instant::now();
    let line = format!("list {} --timeout 200ms --retries 1", server.at("team/app"));
    Sandbox::new().run(&line).fails(8).says("in time");
    assert!(begun.elapsed() > Duration::from_millis(400), "{:?}", begun.elapsed());
    assert_eq!(server.requests(), vec!["GET /v2/team/app/tags/list?n=1000"; 2]);
}

#[test]
fn a_time_limit_that_no_clock_could_tell_is_refused() {
    let server = Scripted::new(|_| Reply::ok(TAGS));
    let line = format!("list {} --timeout 18446744073709551615s", server.at("team/app"));
    Sandbox::new().run(&line).fails(2).says("too long").says("`7d`");
    assert!(server.requests().is_empty());
}

#[test]
fn a_busy_registry_is_asked_again_after_the_pause_that_it_wants() {
    let server = busy(1, "1");
    let begun = Instant::now();
    Sandbox::new().run(&format!("list {}", server.at("team/app"))).succeeds().prints("v1\n");
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.requests(), vec!["GET /v2/team/app/tags/list?n=1000"; 2]);
}

#[test]
fn as_many_tries_are_made_as_the_user_says() {
    for (flag, tries) in [("--retries 0", 1), ("--retries 2", 3)] {
        let server = busy(usize::MAX, "0");
        Sandbox::new().run(&format!("list {} {flag}", server.at("team/app"))).fails(8).says("503");
        assert_eq!(server.requests().len(), tries, "{flag}");
    }
}

#[test]
fn a_pause_of_an_hour_is_not_waited_for() {
    let server = busy(usize::MAX, "3600");
    Sandbox::new().run(&format!("list {}", server.at("team/app"))).fails(8).says("3600 s");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn an_endless_answer_is_left() {
    let server = Scripted::new(|_| Reply::Endless);
    let sandbox = Sandbox::new();
    sandbox.run(&format!("pull {}", server.at("team/app:v1"))).fails(1).says("4194304 bytes");
    assert_eq!(server.requests(), ["GET /v2/team/app/manifests/v1"]);
    sandbox.run(&format!("list {}", server.at("team/app"))).fails(1).says("8388608 bytes");
    assert_eq!(server.requests(), ["GET /v2/team/app/tags/list?n=1000"]);
    sandbox.run("inspect team/app:v1").fails(3);
}

/// Interrupts a run when this request of it has come, and gives what it ended with.
fn interrupt(sandbox: &Sandbox, line: &str, server: &Scripted, request: &str) -> Option<i32> {
    let arguments: Vec<_> = line.split(' ').collect();
    let mut child = sandbox.command(&arguments).spawn().unwrap();
    server.wait_for(request);
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    child.wait().unwrap().code()
}

#[test]
fn an_interrupted_push_publishes_nothing() {
    let server = Scripted::new(|request| match request.split(' ').next().unwrap() {
        "POST" => Reply::Silence,
        _ => Reply::status(404),
    });
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    let push = format!("push app:v1 {}", server.at("team/app"));
    assert_eq!(interrupt(&sandbox, &push, &server, "POST"), Some(130));
    assert!(!server.requests().iter().any(|request| request.starts_with("PUT")));
    sandbox.run("inspect app:v1").succeeds();
}

#[test]
fn an_interrupted_pull_leaves_a_store_that_works() {
    let (ours, registry) = (Sandbox::with_banner(), Registry::open());
    let digest = ours.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds().digest();
    let hex = digest.trim_start_matches("sha256:");
    let manifest = std::fs::read(ours.store().join("app/blobs/sha256").join(hex)).unwrap();
    let server =
        Scripted::new(
            move |request| {
                if request.contains("/blobs/") { Reply::Silence } else { Reply::ok(&manifest) }
            },
        );
    let sandbox = Sandbox::new();
    let pull = format!("pull {}", server.at("team/app:v1"));
    assert_eq!(interrupt(&sandbox, &pull, &server, "GET /v2/team/app/blobs/"), Some(130));
    sandbox.run("inspect team/app:v1").fails(3);
    sandbox.run("list").succeeds();
    let pulled = sandbox.run(&format!("pull {}", registry.at("team/app:v1"))).succeeds();
    assert_eq!(pulled.digest(), digest);
    sandbox.run("inspect team/app:v1").succeeds();
}
