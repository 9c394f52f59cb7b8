//! Mistakes and broken things: a clear word, the right code, nothing lost.

use std::fs;

use crate::support::{Registry, Sandbox, banner_digest};

#[test]
fn a_registry_that_is_not_there_is_out_of_reach() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    sandbox.run("push app:v1 127.0.0.1:1/app --retries 0").fails(8).says("127.0.0.1:1").says("hint:");
}

#[test]
fn what_is_not_there_is_not_found() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run("build app:v1").succeeds();
    sandbox.run("push app:nope ghcr.io/a/b").fails(3).says("nope");
    sandbox.run("push nope:v1 ghcr.io/a/b").fails(3).says("nope");
    sandbox.run(&format!("pull {}", registry.at("no/such:v1"))).fails(3).says("no/such");
    assert!(!sandbox.store().join("no").exists(), "a failed pull leaves no empty layout");
    sandbox.run(&format!("unpack {} out", registry.at("no/such:v1"))).fails(3);
}

#[test]
fn a_corrupt_blob_is_never_pushed_nor_counted_as_there() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run("build app:v1").succeeds();
    let blobs = sandbox.store().join("app/blobs/sha256");
    for entry in fs::read_dir(&blobs).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        if bytes.starts_with(b"{\"namespace\"") {
            fs::remove_file(&path).unwrap();
            fs::write(&path, bytes.to_ascii_uppercase()).unwrap();
        }
    }
    sandbox.run(&format!("push app:v1 {}", registry.at("app"))).fails(5);
    sandbox.run(&format!("inspect {}", registry.at("app:v1"))).fails(3);
    sandbox.run("build app:v1").succeeds().says("1 blob");
    sandbox
        .run(&format!("push app:v1 {}", registry.at("app")))
        .succeeds()
        .prints(&format!("{}\n", banner_digest()));
}

#[test]
fn an_unreadable_file_is_named() {
    let sandbox = Sandbox::with_banner();
    sandbox.write("a.features.yml", vec![0u8; 70 * 1024 * 1024]);
    sandbox.run("build app").fails(1).says("a.features.yml").says("64 MiB");
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_and_refused_outside() {
    let sandbox = Sandbox::with_banner();
    std::os::unix::fs::symlink("features.yml", sandbox.path("link.features.yml")).unwrap();
    sandbox.run("build app --check schema").succeeds();
    sandbox.run("inspect app --format json").succeeds();
    fs::write(sandbox.home().join("secret.yml"), "namespace: secret\n").unwrap();
    std::os::unix::fs::symlink(sandbox.home().join("secret.yml"), sandbox.path("x.features.yml")).unwrap();
    sandbox.run("build app").fails(1).says("x.features.yml");
    fs::remove_file(sandbox.path("x.features.yml")).unwrap();
    std::os::unix::fs::symlink("loop.features.yml", sandbox.path("loop.features.yml")).unwrap();
    sandbox.run("build app").fails(1).says("loop.features.yml");
}

#[test]
fn a_store_that_is_a_file_is_named() {
    let sandbox = Sandbox::with_banner();
    fs::write(sandbox.store(), "x").unwrap();
    let store = sandbox.store().display().to_string();
    sandbox.run("build app").fails(1).says(&store);
    sandbox.run("list").fails(1).says(&store);
}

#[test]
fn a_closed_pipe_is_a_quiet_end() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    let mut child = sandbox.command(&["list"]).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panic"), "{output:?}");
}
