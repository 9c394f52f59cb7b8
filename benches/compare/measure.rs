//! Measures programs from outside: time, peak memory, start-up.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::lab::Lab;

/// The middle of several measurements.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Runs a program to its end; returns its time and, on Linux, its peak memory in KiB.
pub(crate) fn watched(command: &mut Command) -> (Duration, Option<u64>) {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    // The kernel keeps the peak itself; what is looked at last, just before the end, is it.
    while child.try_wait().unwrap().is_none() {
        peak = std::fs::read_to_string(&status).ok().and_then(|text| high_water(&text)).or(peak);
        std::thread::sleep(Duration::from_millis(1));
    }
    let time = start.elapsed();
    assert!(child.wait().unwrap().success());
    (time, peak)
}

fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

/// The median time of a hundred starts, and the size of the program in bytes.
pub(crate) fn start_up(lab: &Lab, tool: &str, arguments: &[&str]) -> (Duration, u64) {
    let mut command = lab.command(tool, arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let times = (0..100).map(|_| {
        let start = Instant::now();
        command.status().unwrap();
        start.elapsed()
    });
    let time = median(times.collect());
    (time, std::fs::metadata(command.get_program()).unwrap().len())
}
