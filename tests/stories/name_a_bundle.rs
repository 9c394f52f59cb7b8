//! Another name for the same digest.

use crate::support::{Sandbox, banner_digest};

#[test]
fn a_tag_is_another_name_for_the_same_digest() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    sandbox
        .run("tag app:v1 stable latest")
        .succeeds()
        .prints(&format!("{}\n", banner_digest()))
        .says("app:stable,latest");
    sandbox.run("inspect app").succeeds().shows(banner_digest());
    sandbox.run(&format!("tag app@{} pinned", banner_digest())).succeeds();
    sandbox.run("inspect app:pinned").succeeds();
}

#[test]
fn tag_never_guesses_which_bundle_is_meant() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app").succeeds();
    sandbox.run("tag app stable").fails(2).says("app:TAG");
    sandbox.run("tag app:latest app:stable").fails(2).says("`stable`");
    sandbox.run("tag app:nope stable").fails(3).says("nope");
    sandbox.run("tag app:latest").fails(2);
}

#[test]
fn guards_hold_for_tags() {
    let sandbox = Sandbox::with_banner();
    let digest = sandbox.run("build app:v1").succeeds().digest();
    sandbox.run("tag app:v1 v2 --if-absent").succeeds();
    sandbox.run("tag app:v1 v2 --if-absent").fails(7);
    sandbox.run(&format!("tag app:v1 v2 --if-match {digest}")).succeeds();
    sandbox.run(&format!("tag app:v1 v3 --if-match {digest}")).fails(7);
}
