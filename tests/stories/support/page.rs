//! The pages of `docs/`: what stands in their blocks that are marked to be run.

use std::fs;
use std::path::Path;

/// The text of a page.
pub(crate) fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
}

/// The lines of all its blocks whose info string is `sh run`, in their order, as one script of a shell.
pub(crate) fn script(name: &str) -> String {
    let mut script = String::new();
    let mut runs = false;
    for line in page(name).lines() {
        if line.starts_with("```") {
            runs = line == "```sh run";
        } else if runs {
            script.extend([line, "\n"]);
        }
    }
    script
}
