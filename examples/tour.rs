//! The main job, from a directory to a registry and back, on a registry of its own in a temporary directory.
//!
//! `cargo run --example tour` prints each command as a user types it, and what it answers. It needs no network, and
//! leaves nothing behind, interrupted or not.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, ExitCode};

use torte::Streams;
use torte::runtime;
use torte::serve::{Options, start};
use torte::settings::{self, Environment};
use torte::store::Store;

/// The commands; `REGISTRY` is where the registry listens.
const STEPS: [&str; 13] = [
    "torte lint flags",
    "torte build shop:v1 flags",
    "torte list",
    "torte inspect shop:v1 --contents",
    "torte push shop:v1 REGISTRY/team/shop",
    "sed -i s/12.5/50/ flags/search.features.yml",
    "torte build shop:v2 flags",
    "torte diff shop:v1 shop:v2",
    "torte push shop:v2 REGISTRY/team/shop",
    "torte tag REGISTRY/team/shop:v2 stable",
    "torte list REGISTRY/team/shop",
    "torte pull REGISTRY/team/shop:stable",
    "torte unpack team/shop:stable out",
];

/// What the commands see of the user's environment: what some systems need to start anything at all.
const KEPT: [&str; 5] = ["PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR"];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    // Whoever runs an example has not built the binary: called by itself with the command's name, this one is torte.
    if std::env::args_os().nth(1).is_some_and(|word| word == "torte") {
        let streams =
            Streams { stdin: &mut io::stdin(), stdout: &mut io::stdout(), stderr: &mut io::stderr() };
        let code =
            torte::run(&std::env::args_os().skip(1).collect::<Vec<_>>(), streams, &Environment::of_process());
        return Ok(code.into());
    }
    runtime::watch_interrupts()?;
    let place = tempfile::tempdir()?;
    let walked = tour(place.path());
    place.close()?;
    match runtime::interrupted() {
        Some(signal) => Ok((128 + signal).into()),
        None => walked.map(|()| ExitCode::SUCCESS),
    }
}

/// All steps, or those before an interrupt.
fn tour(place: &Path) -> Result<(), Box<dyn Error>> {
    let work = place.join("work");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/flipt/shop"), &work.join("flags"))?;
    let options = Options::new("127.0.0.1:0".parse()?, settings::clock());
    let registry = start(Store::new(place.join("registry")), options)?;
    let address = registry.address().to_string();

    for step in STEPS {
        if runtime::interrupted().is_some() {
            return Ok(());
        }
        let line = step.replace("REGISTRY", &address);
        writeln!(io::stdout(), "$ {line}")?;
        let words: Vec<&str> = line.split(' ').collect();
        let succeeded = match words[0] {
            "sed" => change(&work)?,
            _ => run(&words, &work, place)?,
        };
        writeln!(io::stdout())?;
        if !succeeded {
            return Err(format!("`{line}` failed").into());
        }
    }
    Ok(())
}

/// Runs a command of torte, out of reach of the user's own files and settings.
fn run(words: &[&str], work: &Path, place: &Path) -> Result<bool, Box<dyn Error>> {
    let kept = KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    let output = Command::new(std::env::current_exe()?)
        .args(words)
        .env_clear()
        .envs(kept)
        .env("HOME", place.join("home"))
        .env("TORTE_STORE", place.join("store"))
        .current_dir(work)
        .output()?;
    io::stdout().write_all(&output.stdout)?;
    io::stdout().write_all(&output.stderr)?;
    Ok(output.status.success())
}

/// The one change of the tour, without asking for a `sed`.
fn change(work: &Path) -> io::Result<bool> {
    let file = work.join("flags/search.features.yml");
    let text = fs::read_to_string(&file)?;
    fs::write(file, text.replace("12.5", "50"))?;
    Ok(true)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}
