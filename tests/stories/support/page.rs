//! The pages of `docs/`: what stands in their blocks that are marked to be run.

use std::fs;
use std::path::Path;

/// The text of a page.
pub(crate) fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
}

/// The text of its blocks with this info string, in their order.
pub(crate) fn blocks(name: &str, info: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut in_block, mut is_meant) = (false, false);
    for line in page(name).lines() {
        if let Some(opened) = line.strip_prefix("```") {
            in_block = !in_block;
            is_meant = in_block && opened == info;
            found.extend(is_meant.then(String::new));
        } else if is_meant && let Some(block) = found.last_mut() {
            block.extend([line, "\n"]);
        }
    }
    found
}

/// Its blocks whose info string is `sh run`, in their order, as one script of a shell.
pub(crate) fn script(name: &str) -> String {
    blocks(name, "sh run").concat()
}
