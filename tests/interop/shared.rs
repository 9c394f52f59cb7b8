//! What `torte share` tells the other side to type, typed there.

use torte::oci::Digest;

use crate::golden::{Entry, found};
use crate::lab::Lab;
use crate::registry::torte_serve;

const MANIFEST: &str = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n";

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn flux_pulls_what_was_shared_by_the_command_that_is_told() {
    let Some(lab) = Lab::with(&["flux"]) else { return };
    let registry = torte_serve(&lab);
    lab.write("in/apps/shop.yaml", MANIFEST);
    let output = lab.command("torte", &["share", "./in", "--registry", &registry.host]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let told = said.lines().find_map(|line| line.split_once("on the other side: mkdir "));
    let (_, command) = told.unwrap_or_else(|| panic!("{said}"));

    let flux = lab.tool("flux");
    let command = command.replace("flux pull", &format!("'{}' pull", flux.display()));
    lab.run("sh", &["-euc", &format!("mkdir {command}")]);
    let expected = Entry::File { mode: 0o644, digest: Digest::of(MANIFEST.as_bytes()).to_string() };
    let pulled = found(&lab.path("shared"));
    assert_eq!(pulled.get("apps/shop.yaml"), Some(&expected), "{pulled:?}");
}
