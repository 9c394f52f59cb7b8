//! What a transfer costs: requests as a proxy before the registry counts them, for a thousand namespaces.

use std::io::Write as _;

use serde_json::Value;

use torte::serve::Auth;

use crate::flags;
use crate::lab::Lab;
use crate::proxy::Proxy;
use crate::registry::{Registry, distribution, olareg, own};

const NAMESPACES: usize = 1000;
const FLAGS: usize = 20;

/// Where, and the most requests that the first push may cost there.
struct Bars {
    registry: &'static str,
    first_push: u64,
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn on_distribution() {
    let Some(lab) = Lab::with(&["registry"]) else { return };
    // Two for each of 1,001 blobs, the manifest, and two to find out what is there and what can be done.
    within(&lab, &distribution(&lab), &Bars { registry: "Distribution", first_push: 2005 });
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn on_olareg() {
    let Some(lab) = Lab::with(&["olareg"]) else { return };
    // It takes a blob in one request.
    within(&lab, &olareg(&lab), &Bars { registry: "olareg", first_push: 1006 });
}

#[test]
#[ignore = "a thousand namespaces: tests/interop/run"]
fn on_its_own_registry() {
    let Some(lab) = Lab::with(&[]) else { return };
    within(&lab, &own(&lab, |_| Auth::Open), &Bars { registry: "torte serve", first_push: 1006 });
}

fn within(lab: &Lab, registry: &Registry, bars: &Bars) {
    let proxy = Proxy::start(&registry.host, std::time::Duration::ZERO);
    let place = Registry::behind(proxy.address().to_string()).place("org/flags");
    let costs = |what: &str, arguments: &[&str], most: u64| {
        proxy.reset();
        let report = lab.torte(&[arguments, &["--format", "json"]].concat());
        let counts = proxy.counts();
        let _ = writeln!(std::io::stdout(), "{}, {what}: {counts}", bars.registry);
        assert!(counts.total() <= most, "{what}: {} requests, at most {most}: {counts}", counts.total());
        let report: Value = serde_json::from_str(&report).unwrap();
        assert_eq!(report["requests"], counts.total(), "{what}: what torte says of itself");
    };

    lab.build("flags:v1", NAMESPACES, FLAGS);
    costs("first push", &["push", "flags:v1", &place], bars.first_push);
    costs("push of nothing new", &["push", "flags:v1", &place], 1);
    costs("first pull", &["pull", &format!("{place}:v1"), "pulled", "--store", "other"], 1002);
    costs("pull of nothing new", &["pull", &format!("{place}:v1"), "pulled", "--store", "other"], 1);

    flags::change(&lab.path("flags"), 7, FLAGS);
    lab.torte(&["build", "flags:v1", &lab.text("flags")]);
    costs("push of one change", &["push", "flags:v1", &place], 5);
    flags::change(&lab.path("flags"), 8, FLAGS);
    lab.torte(&["build", "flags:v2", &lab.text("flags")]);
    costs("push of one change under a new tag", &["push", "flags:v2", &place], 7);
    costs("pull of one change", &["pull", &format!("{place}:v2"), "pulled", "--store", "other"], 3);
}
