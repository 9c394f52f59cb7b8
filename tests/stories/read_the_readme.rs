//! The README's commands do what it says.

use std::path::PathBuf;
use std::process::Command;

use crate::support::{Registry, Sandbox};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

/// Every command of torte in the README, in its order: lines of code blocks, and code in tables.
fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            found.extend(line.starts_with("torte ").then(|| line.to_owned()));
        } else if line.starts_with(['|', '`']) {
            // Within a table a pipe is written with a backslash.
            let code = line.split('`').skip(1).step_by(2).map(|code| code.replace("\\|", "|"));
            found.extend(code.filter(|code| code.starts_with("torte ") || code.contains("| torte ")));
        }
    }
    found
}

#[test]
fn its_commands_work_one_after_the_other() {
    let (sandbox, registry) = (Sandbox::new(), Registry::open());
    sandbox.write("flags/web.features.yml", crate::support::BANNER);
    sandbox.write("envs/prod/features.yml", crate::support::BANNER);
    let manifest = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: web\n";
    sandbox.write("manifests/service.yaml", manifest);
    let all = commands(&readme());
    assert!(all.len() >= 20 && all.iter().any(|command| command.starts_with("kustomize")), "{all:#?}");
    // Only shown, and run elsewhere: a server runs until it is ended, a verb stands for all verbs.
    let is_shown = |command: &str| {
        command.starts_with("torte serve")
            || command.contains("VERB")
            || command.contains("~/.config")
            || command == "torte a"
    };
    for command in all.iter().filter(|command| !is_shown(command)) {
        let command = command.replace("ghcr.io", &registry.host());
        // Nothing leaves this machine, and who renders manifests does not matter.
        let command = command.replace("torte share", &format!("torte share --registry {}", registry.host()));
        let outcome = sandbox.shell(&format!("kustomize() {{ cat manifests/service.yaml; }}\n{command}"));
        drop(outcome.succeeds());
    }
}

#[test]
fn the_tour_runs_to_its_end() {
    let line = "cargo run --example tour";
    assert!(readme().contains(line));
    let words = line.split(' ').skip(1);
    let output = Command::new(env!("CARGO")).args(words).current_dir(root()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    for step in ["$ torte build", "$ torte push", "$ torte pull", "$ torte unpack", "5 requests"] {
        assert!(text.contains(step), "{step} is missing:\n{text}");
    }
}
