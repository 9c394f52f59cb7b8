//! `torte serve` beside other registries in one run: how many pushes and pulls, how fast, and what holds it up.
//!
//! `cargo bench --bench serve [-- SECONDS]`, after `tests/interop/peers`; each cell takes so many seconds, 3 if nothing is
//! said. One client program asks all of them in the same way, over connections that stay open. Nothing is asserted: figures
//! depend on the machine, and belong beside others of the same run.

#![allow(clippy::unwrap_used, reason = "a measurement that fails has nothing to say")]

use std::time::Duration;

use lab::Lab;
use server::Server;
use table::Table;
use work::{Bundle, Shape};

mod server;
mod work;

#[allow(dead_code, reason = "shared with the interop tests, which use the rest")]
#[path = "../../tests/interop/flags.rs"]
mod flags;
#[allow(dead_code, reason = "shared with the interop tests, which use the rest")]
#[path = "../../tests/interop/lab.rs"]
mod lab;
#[path = "../compare/table.rs"]
mod table;
#[allow(dead_code, reason = "shared with the stories, which use the rest")]
#[path = "../../tests/stories/support/wire.rs"]
mod wire;

const CONNECTIONS: [usize; 3] = [1, 16, 64];
const LAYERS: usize = 1000;
const LARGE: u64 = 256 * 1024 * 1024;

fn main() {
    let seconds = std::env::args().find_map(|text| text.parse().ok()).unwrap_or(3);
    let time = Duration::from_secs(seconds);
    torte::runtime::allow_many_files();
    let Some(lab) = Lab::with(&["registry", "olareg"]) else { return };

    let digest = work::large(LARGE);
    let head = ["registry", "work", "connections", "a second", "middle", "99 of 100", "its CPU"];
    let mut small = Table::new(&head);
    let head = ["registry", "work", "time", "MB/s", "its CPU", "its peak memory"];
    let mut large = Table::new(&head);
    for server in Server::all(&lab) {
        for connections in CONNECTIONS {
            for shape in [Shape::Push, Shape::PushTogether, Shape::Pull, Shape::Head] {
                let run = work::repeat(&server, shape, connections, time);
                small.row(&[
                    server.name.clone(),
                    shape.name().into(),
                    connections.to_string(),
                    run.rate().to_string(),
                    milliseconds(run.percentile(50)),
                    milliseconds(run.percentile(99)),
                    run.load.map_or_else(|| "?".into(), |load| format!("{:.0} %", load * 100.0)),
                ]);
            }
        }
        let bundle = Bundle::of_layers(LAYERS);
        for connections in [1, 64] {
            let name = format!("wide/c{connections}");
            for (work, once) in [
                ("in", work::once(&server, || bundle.push(&server, &name, connections))),
                ("out", work::once(&server, || bundle.pull(&server, &name, connections))),
            ] {
                let work = format!("{LAYERS} layers {work}, {connections} connections");
                large.row(&row(&server, &work, &once, bundle.bytes()));
            }
        }
        for (work, once) in [
            ("256 MiB in", work::once(&server, || work::push_large(&server, &digest, LARGE))),
            ("256 MiB out", work::once(&server, || work::pull_large(&server, &digest, LARGE))),
        ] {
            large.row(&row(&server, work, &once, LARGE));
        }
    }
    small.print();
    large.print();
}

fn row(server: &Server, work: &str, once: &work::Once, bytes: u64) -> [String; 6] {
    // Bytes by microseconds are megabytes by seconds.
    let rate = u128::from(bytes) * 10 / once.time.as_micros().max(1);
    [
        server.name.clone(),
        work.into(),
        format!("{:.3} s", once.time.as_secs_f64()),
        format!("{}.{}", rate / 10, rate % 10),
        once.load.map_or_else(|| "?".into(), |load| format!("{:.0} %", load * 100.0)),
        server.peak().map_or_else(|| "?".into(), |kib| format!("{} MiB", kib / 1024)),
    ]
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}
