//! Promotion on real registries: environments in one go, what differs between them, which version, and guarded moves.

use std::time::Duration;

use serde_json::Value;

use crate::flags;
use crate::lab::Lab;
use crate::proxy::Proxy;
use crate::registry::{Registry, open_ones};

const TOOLS: [&str; 3] = ["registry", "olareg", "crane"];

fn json(lab: &Lab, arguments: &[&str]) -> Value {
    serde_json::from_str(&lab.torte(&[arguments, &["--format", "json"]].concat())).unwrap()
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn environments_are_published_in_one_go_and_compared_there() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    for environment in ["staging", "production"] {
        flags::write(&lab.path(&format!("envs/{environment}")), 4, 3);
    }
    flags::change(&lab.path("envs/staging"), 2, 3);
    for registry in open_ones(&lab) {
        let app = registry.place("org/app");
        let built = lab.torte(&["build", "--each", "envs/*", "app", "--push", &app]);
        let digests: Vec<&str> = built.lines().filter_map(|line| line.split("  ").next()).collect();
        let [production, staging] = digests[..] else { panic!("two bundles: {built}") };
        for (tag, digest) in [("production", production), ("staging", staging)] {
            let there = format!("{}/org/app:{tag}", registry.host);
            let seen = lab.run("crane", &["digest", "--insecure", &there]);
            assert_eq!(String::from_utf8(seen).unwrap().trim(), digest);
        }
        let [from, to] = ["production", "staging"].map(|tag| format!("{app}:{tag}"));
        let found = json(&lab, &["diff", &from, &to]);
        assert_eq!(found["equal"], false);
        let namespaces = found["namespaces"].as_array().unwrap();
        assert_eq!((namespaces.len(), &namespaces[0]["namespace"]), (1, &"ns00002".into()));
        // The directory says the same as the bundle that was built of it.
        assert_eq!(lab.torte(&["diff", &from, "./envs/staging"]), lab.torte(&["diff", &from, &to]));
        assert_eq!(lab.torte(&["diff", &to, "./envs/staging", "--exit-code"]), "");
        assert_eq!(lab.torte_fails(&["diff", &from, &to, "--exit-code"]), 6);
        assert_eq!(lab.torte_fails(&["diff", &from, &format!("{app}:absent"), "--exit-code"]), 3);
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn one_change_among_a_thousand_namespaces_costs_four_requests() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    lab.build("flags:v1", 1000, 2);
    flags::change(&lab.path("flags"), 500, 2);
    lab.torte(&["build", "flags:v2", &lab.text("flags")]);
    for registry in open_ones(&lab) {
        let proxy = Proxy::start(&registry.host, Duration::ZERO);
        let place = Registry::behind(proxy.address().to_string()).place("org/flags");
        for tag in ["v1", "v2"] {
            lab.torte(&["push", &format!("flags:{tag}"), &place]);
        }
        proxy.reset();
        let found = json(&lab, &["diff", &format!("{place}:v1"), &format!("{place}:v2")]);
        let counts = proxy.counts();
        assert_eq!(counts.total(), 4, "{counts}");
        assert_eq!(found["requests"], 4);
        assert_eq!(found["namespaces"][0]["namespace"], "ns00500");
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn a_range_means_the_same_version_everywhere() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    let tags = ["0.9.0", "1.2.0", "1.10.0", "v1.9.3", "2.0.0-beta.1", "latest"];
    for registry in open_ones(&lab) {
        let app = registry.place("org/app");
        let mut digests = Vec::new();
        for (at, tag) in tags.iter().enumerate() {
            let folder = format!("version-{at}");
            flags::write(&lab.path(&folder), at + 1, 1);
            let name = format!("app:{tag}");
            digests.push(lab.torte(&["build", &name, &lab.text(&folder), "--push", &app]));
        }
        let range = ["--semver", ">=1.0 <2"];
        assert_eq!(lab.torte(&[&["list", &app][..], &range].concat()), "1.10.0\nv1.9.3\n1.2.0");
        assert_eq!(lab.torte(&[&["list", &app, "--limit", "1"][..], &range].concat()), "1.10.0");
        let newest = &digests[2];
        assert_eq!(lab.torte(&[&["resolve", &app][..], &range].concat()), *newest);
        let store = format!("pulled-{}", registry.host.replace(':', "-"));
        let pulled = lab.torte(&[&["pull", &app, "mine", "--store", &store][..], &range].concat());
        assert_eq!(pulled, *newest);
        lab.torte(&[&["unpack", &app, &format!("out-{store}")][..], &range].concat());
        let files = std::fs::read_dir(lab.path(&format!("out-{store}"))).unwrap().count();
        assert_eq!(files, 3, "the third bundle has three namespaces");
        assert_eq!(lab.torte_fails(&["resolve", &app, "--semver", ">=3"]), 3);
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn a_tag_moves_only_from_where_it_is_expected() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    let first = lab.build("app:v1", 2, 1);
    flags::change(&lab.path("flags"), 1, 1);
    let second = lab.torte(&["build", "app:v2", &lab.text("flags")]);
    for registry in open_ones(&lab) {
        let app = registry.place("org/app");
        let production = format!("{app}:production");
        let now = || lab.torte(&["resolve", &production]);
        assert_eq!(lab.torte(&["push", "app:v1", &production, "--if-absent"]), first);
        assert_eq!(lab.torte_fails(&["push", "app:v2", &production, "--if-absent"]), 7);
        assert_eq!(lab.torte_fails(&["copy", "app:v2", &production, "--if-match", &second]), 7);
        assert_eq!(now(), first);
        assert_eq!(lab.torte(&["push", "app:v2", &app]), second);
        let new = format!("{app}@{second}");
        assert_eq!(lab.torte(&["tag", &new, "production", "--if-match", &first]), second);
        assert_eq!(now(), second);
        assert_eq!(lab.torte_fails(&["tag", &new, "production", "--if-match", &first]), 7);
        let flags = lab.text("flags");
        let build = ["build", "app:v3", &flags, "--push", &production];
        assert_eq!(lab.torte_fails(&[&build[..], &["--if-match", &first]].concat()), 7);
        assert_eq!(lab.torte(&[&build[..], &["--if-match", &second]].concat()), second);
        // Back again: the old bundle is still there under its digest.
        assert_eq!(
            lab.torte(&["tag", &format!("{app}@{first}"), "production", "--if-match", &second]),
            first
        );
        assert_eq!(now(), first);
    }
}
