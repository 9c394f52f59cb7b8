//! A tag moves only from where it is expected: by every verb that sets one, here and in a registry.

use crate::support::{BANNER, Registry, Sandbox};

/// A machine with `app:v1` and, published as `team/app:prod`, the same bundle; and `app:v2` with another. The digests
/// of both.
struct Stage {
    sandbox: Sandbox,
    registry: Registry,
    first: String,
    second: String,
}

impl Stage {
    fn new() -> Self {
        let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
        let to = registry.at("team/app");
        let first = sandbox.run(&format!("build app:v1,prod --push {to}")).succeeds().digest();
        sandbox.write("features.yml", BANNER.replace("Banner", "Other"));
        let second = sandbox.run(&format!("build app:v2 --push {to}")).succeeds().digest();
        sandbox.run("copy app:prod ocidir://layout").succeeds();
        registry.calls();
        Self { sandbox, registry, first, second }
    }

    /// Each way to set the tag `prod` of a place to the second bundle, and that place.
    fn ways(&self) -> Vec<(String, String)> {
        let remote = self.registry.at("team/app");
        let layout = "ocidir://layout".to_owned();
        let way = |line: String, place: &str| (line, place.to_owned());
        vec![
            way("build app:prod".into(), "app"),
            way("tag app:v2 prod".into(), "app"),
            way("copy app:v2 app:prod".into(), "app"),
            way(format!("copy app:v2 {layout}:prod"), &layout),
            way(format!("copy {remote}:v2 app:prod"), "app"),
            way(format!("build app:v2 --push {remote}:prod"), &remote),
            way(format!("tag {remote}:v2 prod"), &remote),
            way(format!("push app:v2 {remote}:prod"), &remote),
            way(format!("copy app:v2 {remote}:prod"), &remote),
            way(format!("copy {remote}:v2 {remote}:prod"), &remote),
        ]
    }

    fn now(&self, place: &str, tag: &str) -> String {
        let digest = self.sandbox.run(&format!("resolve {place}:{tag}")).succeeds().digest();
        self.registry.calls();
        digest
    }

    fn wrote(&self) -> bool {
        self.registry.calls().iter().any(|call| !call.starts_with("GET") && !call.starts_with("HEAD"))
    }
}

#[test]
fn a_tag_that_must_not_exist_stays_where_it_is() {
    let stage = Stage::new();
    for (line, place) in stage.ways() {
        let outcome = stage.sandbox.run(&format!("{line} --if-absent")).fails(7).prints("");
        let outcome = outcome.says("the tag `prod` exists already").says(&stage.first);
        drop(outcome.says(&format!("`--if-match {}`", stage.first)));
        assert!(!stage.wrote(), "{line}");
        assert_eq!(stage.now(&place, "prod"), stage.first, "{line}");
    }
}

#[test]
fn a_tag_moves_from_the_expected_digest_alone() {
    for at in 0..Stage::new().ways().len() {
        let stage = Stage::new();
        let (line, place) = stage.ways().swap_remove(at);
        let wrong = stage.sandbox.run(&format!("{line} --if-match {}", stage.second)).fails(7).prints("");
        drop(
            wrong.says(&format!("points at {}, not at {}", stage.first, stage.second)).says("torte inspect"),
        );
        assert!(!stage.wrote(), "{line}");
        assert_eq!(stage.now(&place, "prod"), stage.first, "{line}");

        stage.sandbox.run(&format!("{line} --if-match {}", stage.first)).succeeds();
        assert_eq!(stage.now(&place, "prod"), stage.second, "{line}");
        let nowhere = line.replace("prod", "never");
        let absent = stage.sandbox.run(&format!("{nowhere} --if-match {}", stage.first)).fails(7);
        drop(absent.says("the tag `never` does not exist").says("`--if-absent`"));
        stage.sandbox.run(&format!("{nowhere} --if-absent")).succeeds();
        assert_eq!(stage.now(&place, "never"), stage.second, "{nowhere}");
    }
}

#[test]
fn of_several_tags_none_is_set_unless_all_are_as_expected() {
    let stage = Stage::new();
    let remote = stage.registry.at("team/app");
    for (line, place) in [
        ("tag app:v2 new prod", "app"),
        ("build app:new,prod", "app"),
        ("copy app:v2 app:new,prod", "app"),
        (&format!("tag {remote}:v2 new prod"), &remote),
        (&format!("push app:v2 {remote}:new,prod"), &remote),
        (&format!("copy {remote}:v2 {remote}:new,prod"), &remote),
        (&format!("build app:v2 --push {remote}:new,prod"), &remote),
    ] {
        stage.sandbox.run(&format!("{line} --if-absent")).fails(7).says("`prod`");
        stage
            .sandbox
            .run(&format!("{line} --if-match {}", stage.first))
            .fails(7)
            .says("`new` does not exist");
        assert!(!stage.wrote(), "{line}");
        stage.sandbox.run(&format!("resolve {place}:new")).fails(3);
        assert_eq!(stage.now(place, "prod"), stage.first, "{line}");
    }
    stage.sandbox.run(&format!("tag {remote}:v2 new newer --if-absent")).succeeds();
    assert_eq!(
        (stage.now(&remote, "new"), stage.now(&remote, "newer")),
        (stage.second.clone(), stage.second)
    );
}

#[test]
fn of_several_bundles_none_is_published_unless_all_tags_are_as_expected() {
    let stage = Stage::new();
    let remote = stage.registry.at("team/app");
    for environment in ["a-first", "prod"] {
        stage.sandbox.write(&format!("envs/{environment}/features.yml"), BANNER);
    }
    for (to, place) in [("fresh --push", &remote), ("app", &"app".to_owned())] {
        let to = if to == "app" { to.to_owned() } else { format!("{to} {remote}") };
        let build = format!("build --each envs/* {to}");
        stage.sandbox.run(&format!("{build} --if-absent")).fails(7).says("`prod` exists already");
        assert!(!stage.wrote(), "{build}");
        stage.sandbox.run(&format!("resolve {place}:a-first")).fails(3);
        assert_eq!(stage.now(place, "prod"), stage.first);
    }
}

#[test]
fn a_guard_costs_one_look_at_each_tag() {
    let stage = Stage::new();
    let remote = stage.registry.at("team/app");
    stage.sandbox.run(&format!("tag {remote}:v2 a b --if-absent")).succeeds();
    let calls = stage.registry.calls();
    let expected = ["GET manifests/v2 200", "HEAD manifests/a 404", "HEAD manifests/b 404"];
    assert_eq!(calls[..3], expected);
    assert_eq!(calls[3..], ["PUT manifests/a 201", "PUT manifests/b 201"]);
}

#[test]
fn a_manifest_list_is_guarded_as_a_bundle_is() {
    let stage = Stage::new();
    let remote = stage.registry.at("team/app");
    let kind = "application/vnd.oci.image.index.v1+json";
    let index = serde_json::json!({"schemaVersion": 2, "mediaType": kind, "manifests": []}).to_string();
    let head = format!("Content-Type: {kind}\r\n");
    stage.registry.ask("PUT /v2/team/app/manifests/all", &head, &index);
    stage.registry.calls();
    for to in [&remote, "app", "ocidir://layout"] {
        let copy = format!("copy {remote}:all {to}:prod");
        stage.sandbox.run(&format!("{copy} --if-absent")).fails(7);
        stage.sandbox.run(&format!("{copy} --if-match {}", stage.second)).fails(7);
        assert!(!stage.wrote(), "{copy}");
        stage.sandbox.run(&format!("{copy} --if-match {}", stage.first)).succeeds();
        assert_eq!(stage.now(to, "prod"), stage.now(&remote, "all"));
    }
}

/// In a store the lock decides, at `torte serve` the condition that is sent along with the write.
#[test]
fn of_many_who_set_a_tag_at_once_one_succeeds() {
    let stage = Stage::new();
    let remote = stage.registry.at("team/app");
    for number in 0..6 {
        stage.sandbox.write("features.yml", BANNER.replace("Banner", &format!("Banner {number}")));
        stage.sandbox.run(&format!("build app:c{number} --push {remote}")).succeeds();
    }
    for place in ["app", &remote] {
        for (tag, guard) in
            [("new", "--if-absent".to_owned()), ("prod", format!("--if-match {}", stage.first))]
        {
            let start = |number: usize| {
                let line = format!("tag {place}:c{number} {tag} {guard}");
                stage.sandbox.command(&line.split(' ').collect::<Vec<_>>()).spawn().unwrap()
            };
            let all: Vec<_> = (0..6).map(start).collect();
            let codes: Vec<_> = all.into_iter().map(|mut child| child.wait().unwrap().code()).collect();
            let winner = codes.iter().position(|code| *code == Some(0)).unwrap();
            assert_eq!(
                codes.iter().filter(|code| **code == Some(7)).count(),
                5,
                "{place} {guard}: {codes:?}"
            );
            assert_eq!(stage.now(place, tag), stage.now(place, &format!("c{winner}")));
        }
    }
}

#[test]
fn a_guard_without_a_tag_and_two_guards_are_wrong_usage() {
    let stage = Stage::new();
    let (remote, digest) = (stage.registry.at("team/app"), &stage.first);
    for line in [format!("push app@{digest} {remote}"), format!("copy app@{digest} ocidir://layout")] {
        stage.sandbox.run(&format!("{line} --if-absent")).fails(2).says("gets none").says(":TAG`");
        stage.sandbox.run(&format!("{line} --if-match {digest}")).fails(2);
    }
    for (line, _) in stage.ways() {
        stage.sandbox.run(&format!("{line} --if-absent --if-match {digest}")).fails(2);
        stage.sandbox.run(&format!("{line} --if-match v1")).fails(2).says("--if-match");
    }
    assert_eq!(stage.registry.calls(), [""; 0]);
}
