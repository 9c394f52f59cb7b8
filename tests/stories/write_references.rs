//! How references are written; each row of the table in `docs/references.md` has its line here.

use crate::support::{Sandbox, banner_digest};

#[test]
fn local_names_may_carry_flipts_scheme() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build flipt://local/org/app:v1").succeeds();
    for name in ["org/app:v1", "local://org/app:v1", "flipt://local/org/app:v1", "flipt://org/app:v1"] {
        sandbox.run(&format!("inspect {name}")).succeeds().shows(banner_digest());
    }
}

#[test]
fn a_name_without_a_host_is_local_also_with_a_slash() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build local/app:v1").succeeds();
    sandbox.run("list local/app").succeeds().shows("local/app");
}

#[test]
fn a_scheme_without_a_path_is_not_silently_local() {
    let sandbox = Sandbox::with_banner();
    for name in ["http://foo:latest", "https://foo", "fake://foo", "docker://x/y"] {
        sandbox.run(&format!("inspect {name}")).fails(2);
    }
}

#[test]
fn a_missing_tag_is_latest_where_something_is_read_or_built() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app").succeeds().says("app:latest");
    sandbox.run("inspect app").succeeds().shows("app:latest");
}

#[test]
fn empty_and_malformed_tags_and_digests_are_wrong_usage() {
    let sandbox = Sandbox::with_banner();
    for name in ["app:", "app@", "app@sha256:12", "App", "app:a/b", "app:v1:v2", "blobs", "org/index.json"] {
        sandbox.run(&format!("build {name}")).fails(2).prints("");
    }
    sandbox.run(&format!("build app@{}", banner_digest())).fails(2).says("follows from the content");
}

#[test]
fn building_under_a_remote_name_shows_how_to_publish() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build ghcr.io/org/app:v1").fails(2).says("--push ghcr.io/org/app");
}

#[test]
fn pushing_to_a_local_name_shows_how_to_mean_it() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    sandbox.run("push app:v1 myuser/app").fails(2).says("docker.io/myuser/app").says("torte copy");
    sandbox.run("pull myuser/app").fails(2).says("docker.io/myuser/app");
    sandbox.run("build app:v1 --push elsewhere").fails(2);
    sandbox.run("push ghcr.io/a/b:v1 ghcr.io/c/d").fails(2).says("torte copy");
}
