//! The pages of `docs/`: what stands in their blocks that are marked to be run.

use std::fs;
use std::path::Path;

/// The lines of all blocks whose info string is `sh run`, in their order, as one script of a shell.
pub(crate) fn script(page: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(page);
    let text = fs::read_to_string(path).unwrap();
    let mut script = String::new();
    let mut runs = false;
    for line in text.lines() {
        if line.starts_with("```") {
            runs = line == "```sh run";
        } else if runs {
            script.extend([line, "\n"]);
        }
    }
    script
}
