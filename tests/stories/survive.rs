//! Many writers, killed writers, and a store that survives them.

use std::process::Child;
use std::time::Duration;

use crate::support::{BANNER, Sandbox};

/// Processes and tags of each: in a debug build enough to show a lost update, in a release build the full measure.
const WRITERS: usize = if cfg!(debug_assertions) { 16 } else { 32 };
const TAGS: usize = if cfg!(debug_assertions) { 12 } else { 50 };

#[test]
fn many_processes_that_tag_one_repository_lose_no_tag() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:base").succeeds();
    let writer = |writer: usize| {
        for tag in 0..TAGS {
            let tag = format!("w{writer}-{tag}");
            let output = sandbox.command(&["tag", "app:base", &tag]).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        }
    };
    std::thread::scope(|scope| {
        for number in 0..WRITERS {
            scope.spawn(move || writer(number));
        }
    });
    let json = sandbox.run("list --format json").succeeds().json();
    assert_eq!(json["repositories"][0]["tags"].as_array().unwrap().len(), WRITERS * TAGS + 1);
}

#[test]
fn many_builds_into_one_repository_keep_each_bundle() {
    let sandbox = Sandbox::new();
    let writers = 12;
    for writer in 0..writers {
        sandbox.write(
            &format!("in{writer}/features.yml"),
            BANNER.replace("Banner", &format!("Banner {writer}")),
        );
    }
    let spawn = |writer: usize| -> Child {
        sandbox.command(&["build", &format!("app:v{writer}"), &format!("in{writer}")]).spawn().unwrap()
    };
    let children: Vec<Child> = (0..writers).map(spawn).collect();
    for child in children {
        assert!(child.wait_with_output().unwrap().status.success());
    }
    for writer in 0..writers {
        sandbox.run(&format!("inspect app:v{writer} --contents")).succeeds();
    }
}

#[test]
fn a_killed_build_leaves_a_store_that_works() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:good").succeeds();
    for number in 0..200 {
        let text = BANNER.replace("web", &format!("n{number}"));
        sandbox.write(&format!("big/n{number}.features.yml"), text);
    }
    let mut killed = 0;
    for round in 0..12 {
        let mut child = sandbox.command(&["build", "app:big", "big"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(5 + 6 * round));
        // It may have ended before; only those that were killed count.
        let was_running = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        killed += usize::from(was_running);
        sandbox.run("inspect app:good").succeeds();
        sandbox.run("list").succeeds().hides("warning");
    }
    assert!(killed > 2, "only {killed} of 12 builds were still running when they were killed");
    let digest = sandbox.run("build app:big big").succeeds().digest();
    sandbox.run(&format!("inspect app@{digest} --contents")).succeeds();
}
