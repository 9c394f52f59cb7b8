//! torte beside other clients in one run: times, requests and bytes, with a round trip of 50 ms before each registry.
//!
//! `cargo bench --bench compare [-- NAMESPACES]`, after `tests/interop/peers`; the default is 1,000 namespaces of 20
//! flags. Nothing is asserted: figures depend on the machine, and belong beside others of the same run.

#![allow(clippy::unwrap_used, reason = "a measurement that fails has nothing to say")]

use std::time::{Duration, Instant};

use client::Client;
use lab::Lab;
use measure::{median, start_up, watched};
use proxy::Proxy;
use registry::{Registry, distribution, olareg};
use table::Table;

mod measure;
mod table;

#[allow(dead_code, reason = "shared with the interop tests, which use the rest")]
#[path = "../../tests/interop/certificate.rs"]
mod certificate;
#[allow(dead_code, reason = "shared with the interop tests, which use the rest")]
#[path = "../../tests/interop/client.rs"]
mod client;
#[path = "../../tests/interop/flags.rs"]
mod flags;
#[allow(dead_code, reason = "shared with the interop tests, which use the rest")]
#[path = "../../tests/interop/lab.rs"]
mod lab;
#[path = "../../tests/interop/proxy.rs"]
mod proxy;
#[allow(dead_code, reason = "shared with the interop tests, which use the rest")]
#[path = "../../tests/interop/registry.rs"]
mod registry;
#[allow(dead_code, reason = "shared with the interop tests, which use the rest")]
#[path = "../../tests/interop/token.rs"]
mod token;

const FLAGS: usize = 20;
const RTT: Duration = Duration::from_millis(50);
const OTHERS: [Client; 3] = [Client::Crane, Client::Oras, Client::Regctl];

fn main() {
    let namespaces = std::env::args().find_map(|text| text.parse().ok()).unwrap_or(1000);
    let Some(lab) = Lab::with(&["registry", "olareg", "crane", "oras", "regctl"]) else { return };
    flags::write(&lab.path("flags"), namespaces, FLAGS);

    let mut table = Table::new(&["start-up", "time", "size"]);
    for (tool, arguments) in
        [("torte", ["--version"]), ("crane", ["version"]), ("oras", ["version"]), ("regctl", ["version"])]
    {
        let (time, size) = start_up(&lab, tool, &arguments);
        table.row(&[tool, &format!("{:.2} ms", time.as_secs_f64() * 1e3), &format!("{} kB", size / 1000)]);
    }
    table.print();

    let mut table = Table::new(&["build", "time", "peak memory"]);
    let runs: Vec<_> = (0..5).map(|run| build(&lab, "flags", &format!("built-{run}"))).collect();
    let time = median(runs.iter().map(|(time, _)| *time).collect());
    let peak = runs.iter().filter_map(|(_, peak)| *peak).max();
    let peak = peak.map_or_else(|| "not known here".into(), |kib| format!("{kib} KiB"));
    table.row(&[&format!("{namespaces} namespaces, median of {}", runs.len()), &seconds(time), &peak]);
    table.print();

    // What the other clients push: a layout with the bundle, and one with one namespace changed.
    build(&lab, "flags", "first");
    build(&lab, "flags", "torte");
    flags::write(&lab.path("changed"), namespaces, FLAGS);
    flags::change(&lab.path("changed"), namespaces / 2, FLAGS);
    flags::write(&lab.path("changed-again"), namespaces, FLAGS);
    flags::change(&lab.path("changed-again"), namespaces / 3, FLAGS);
    build(&lab, "changed", "second");

    let mut table = Table::new(&["registry", "work", "client", "time", "requests", "up", "down"]);
    for (name, registry) in [("distribution", distribution(&lab)), ("olareg", olareg(&lab))] {
        let proxy = Proxy::start(&registry.host, RTT);
        let before = Registry::behind(proxy.address().to_string());
        torte(&lab, &proxy, &before, &mut |work, cost| table.row(&row(name, work, "torte", &cost)));
        for client in OTHERS {
            other(&lab, &proxy, &before, client, &mut |work, cost| {
                table.row(&row(name, work, client.name(), &cost));
            });
        }
    }
    table.print();
}

/// One transfer.
struct Cost {
    time: Duration,
    counts: proxy::Counts,
}

fn cost(proxy: &Proxy, work: impl FnOnce()) -> Cost {
    proxy.reset();
    let start = Instant::now();
    work();
    Cost { time: start.elapsed(), counts: proxy.counts() }
}

fn row(registry: &str, work: &str, client: &str, cost: &Cost) -> [String; 7] {
    let kib = |bytes: u64| format!("{} KiB", bytes.div_ceil(1024));
    let counts = &cost.counts;
    let (up, down) = (kib(counts.up), kib(counts.down));
    [registry.into(), work.into(), client.into(), seconds(cost.time), counts.total().to_string(), up, down]
}

fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

/// Builds a directory into a fresh store; returns the time and the peak memory in KiB, where it can be known.
fn build(lab: &Lab, directory: &str, store: &str) -> (Duration, Option<u64>) {
    let arguments = ["build", "flags:v1", directory, "--store", store];
    watched(&mut lab.command("torte", &arguments))
}

fn torte(lab: &Lab, proxy: &Proxy, registry: &Registry, tell: &mut dyn FnMut(&str, Cost)) {
    let place = registry.place("torte/flags");
    let store = ["--store", "torte"];
    let push = |tag: &str| {
        let from = format!("flags:{tag}");
        cost(proxy, || drop(lab.torte(&[&["push", &from, &place][..], &store].concat())))
    };
    let rebuild = |directory: &str, tag: &str| {
        lab.torte(&[&["build", &format!("flags:{tag}"), directory][..], &store].concat());
    };
    let pulled = format!("pulled-{}", proxy.address().port());
    let pull = || {
        let from = format!("{place}:v1");
        cost(proxy, || drop(lab.torte(&["pull", &from, "flags", "--store", &pulled])))
    };
    rebuild("flags", "v1");
    tell("first push", push("v1"));
    tell("push of nothing new", push("v1"));
    tell("first pull", pull());
    tell("pull of nothing new", pull());
    rebuild("changed", "v1");
    tell("push of one change", push("v1"));
    tell("pull of one change", pull());
    rebuild("changed-again", "v2");
    tell("push of one change under a new tag", push("v2"));
}

fn other(lab: &Lab, proxy: &Proxy, registry: &Registry, client: Client, tell: &mut dyn FnMut(&str, Cost)) {
    let name = format!("{}/flags:v1", client.name());
    let push = |store: &str| {
        let layout = lab.text(&format!("{store}/flags"));
        cost(proxy, || client.push(lab, &layout, "v1", registry, &name))
    };
    let layout = lab.text(&format!("{}-{}", client.name(), proxy.address().port()));
    let pull = || cost(proxy, || client.pull(lab, registry, &name, &layout));
    tell("first push", push("first"));
    tell("push of nothing new", push("first"));
    tell("first pull", pull());
    // crane's layouts only grow; it has no pull of nothing new.
    if client != Client::Crane {
        tell("pull of nothing new", pull());
    }
    tell("push of one change", push("second"));
}
