//! Packing many manifests, beside the tools that others pack them with: time, peak memory, and bytes that come out.
//!
//! `cargo bench --bench manifests [-- MANIFESTS [RUNS]]`, after `tests/interop/peers`; the default is 10,000 manifests in
//! 1,000 namespaces, five times. Nothing is asserted: figures depend on the machine, and belong beside others of the run.
//! Of these tools torte alone makes sure that what it wrote is on the disk.

#![allow(clippy::unwrap_used, reason = "a measurement that fails has nothing to say")]

use std::path::Path;

use lab::Lab;
use measure::{median, watched};
use table::Table;

mod tree;

#[allow(dead_code, reason = "shared with the other measurement, which uses the rest")]
#[path = "../compare/measure.rs"]
mod measure;
#[path = "../compare/table.rs"]
mod table;

#[allow(dead_code, reason = "shared with the interop tests, which use the rest")]
#[path = "../../tests/interop/flags.rs"]
mod flags;
#[allow(dead_code, reason = "shared with the interop tests, which use the rest")]
#[path = "../../tests/interop/lab.rs"]
mod lab;

/// A way to pack the tree `manifests`; `OUT` stands for what no other run has written to.
struct Way {
    name: &'static str,
    tool: &'static str,
    arguments: &'static [&'static str],
}

const WAYS: [Way; 4] = [
    Way {
        name: "torte build --profile flux",
        tool: "torte",
        arguments: &["build", "app:v1", "manifests", "--profile", "flux", "--store", "OUT"],
    },
    Way {
        name: "torte build",
        tool: "torte",
        arguments: &["build", "app:v1", "manifests", "--store", "OUT"],
    },
    Way {
        name: "flux build artifact",
        tool: "flux",
        arguments: &["build", "artifact", "--path", "manifests", "--output", "OUT"],
    },
    Way {
        name: "oras push --oci-layout",
        tool: "oras",
        arguments: &["push", "--oci-layout", "OUT:v1", "manifests"],
    },
];

fn main() {
    let mut numbers = std::env::args().filter_map(|text| text.parse::<usize>().ok());
    let namespaces = numbers.next().unwrap_or(10_000).div_ceil(tree::EACH);
    let runs = numbers.next().unwrap_or(5).max(1);
    let Some(lab) = Lab::with(&["flux", "oras"]) else { return };
    let size = tree::write(&lab.path("manifests"), namespaces);
    let head = format!(
        "{} manifests of {} KiB in {namespaces} namespaces, median of {runs}",
        namespaces * tree::EACH,
        size.div_ceil(1024)
    );
    let mut table = Table::new(&[head.as_str(), "time", "peak memory", "bytes out"]);
    // One after the other in each round, so that a change of the machine's mood meets all alike.
    let mut found: Vec<Vec<Run>> = WAYS.iter().map(|_| Vec::new()).collect();
    for round in 0..runs {
        for (at, (way, found)) in WAYS.iter().zip(&mut found).enumerate() {
            found.push(run(&lab, way, &format!("out-{at}-{round}")));
        }
    }
    for (way, runs) in WAYS.iter().zip(found) {
        let time = median(runs.iter().map(|run| run.time).collect());
        let peak = runs.iter().filter_map(|run| run.peak).max();
        let peak = peak.map_or_else(|| "not known here".to_owned(), |kib| format!("{kib} KiB"));
        let time = format!("{:.3} s", time.as_secs_f64());
        table.row(&[way.name, &time, &peak, &runs[0].bytes.to_string()]);
    }
    table.print();
}

/// What one run took and gave.
struct Run {
    time: std::time::Duration,
    /// In KiB, where it can be known.
    peak: Option<u64>,
    bytes: u64,
}

fn run(lab: &Lab, way: &Way, out: &str) -> Run {
    let arguments: Vec<_> = way.arguments.iter().map(|word| word.replace("OUT", out)).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (time, peak) = watched(lab.command(way.tool, &arguments).stderr(std::process::Stdio::null()));
    Run { time, peak, bytes: bytes(&lab.path(out)) }
}

/// The size of a file, or of all files below a directory.
fn bytes(path: &Path) -> u64 {
    if path.is_file() {
        return path.metadata().unwrap().len();
    }
    std::fs::read_dir(path).unwrap().map(|entry| bytes(&entry.unwrap().path())).sum()
}
