//! The main job, from a directory to a registry and back, on a registry of its own in a temporary directory.
//!
//! `cargo run --example tour` prints each command as a user types it, and what it answers.

use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use torte::serve::{Options, start};
use torte::settings;
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

fn main() -> Result<(), Box<dyn Error>> {
    let place = tempfile::tempdir()?;
    let work = place.path().join("work");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/flipt/shop"), &work.join("flags"))?;
    let options = Options::new("127.0.0.1:0".parse()?, settings::clock());
    let registry = start(Store::new(place.path().join("registry")), options)?;
    let address = registry.address().to_string();

    for step in STEPS {
        let line = step.replace("REGISTRY", &address);
        writeln!(io::stdout(), "$ {line}")?;
        let words: Vec<&str> = line.split(' ').collect();
        let succeeded = match words[0] {
            "sed" => change(&work)?,
            _ => run(&words[1..], &work, place.path())?,
        };
        writeln!(io::stdout())?;
        if !succeeded {
            return Err(format!("`{line}` failed").into());
        }
    }
    Ok(())
}

/// Runs the binary that stands beside this example, which `cargo run` has built with it.
fn run(arguments: &[&str], work: &Path, place: &Path) -> Result<bool, Box<dyn Error>> {
    let here = std::env::current_exe()?;
    let name = format!("torte{}", std::env::consts::EXE_SUFFIX);
    let binary = here.parent().and_then(Path::parent).map(|directory| directory.join(name));
    let binary = binary.filter(|path| path.exists()).ok_or("build torte first: `cargo build`")?;
    let output = Command::new(binary)
        .args(arguments.iter().map(OsString::from))
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
