//! actionlint on the workflows, on those of `docs/ci.md`, and on the steps of the action.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::lab::Lab;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// What actionlint says of these workflows in a repository that has our action at its root.
fn lint(lab: &Lab, workflows: &[(&str, &str)]) -> Output {
    let folder = lab.path("repository");
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(folder.join(".git")).unwrap();
    lab.write("repository/action.yml", read("action.yml"));
    for (name, text) in workflows {
        lab.write(&format!("repository/.github/workflows/{name}"), text);
    }
    lab.command("actionlint", &["-no-color"]).current_dir(folder).output().unwrap()
}

fn is_fine(lab: &Lab, workflows: &[(&str, &str)]) {
    let output = lint(lab, workflows);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

fn is_faulty(lab: &Lab, workflow: &str, word: &str) {
    let output = lint(lab, &[("faulty.yml", workflow)]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success() && said.contains(word), "{said}");
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn our_own_workflows_have_no_faults() {
    let Some(lab) = Lab::with(&["actionlint"]) else { return };
    let texts: Vec<_> =
        ["ci.yml", "action.yml"].map(|name| (name, read(&format!(".github/workflows/{name}")))).into();
    let there = fs::read_dir(root().join(".github/workflows")).unwrap().count();
    assert_eq!(there, texts.len(), "a workflow is not looked at");
    let texts: Vec<_> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    is_fine(&lab, &texts);
    // It does look at what the action takes and gives.
    let ours = texts[1].1;
    is_faulty(&lab, &ours.replace("          tag: 1h", "          tags: 1h"), "\"tags\"");
    is_faulty(&lab, &ours.replace("outputs.shared", "outputs.sharing"), "\"sharing\"");
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn the_workflow_of_the_page_has_no_faults() {
    let Some(lab) = Lab::with(&["actionlint"]) else { return };
    let page = read("docs/ci.md");
    let (_, rest) = page.split_once("```yaml\n").unwrap();
    let (workflow, _) = rest.split_once("```\n").unwrap();
    // Only what is at hand is looked into.
    assert!(workflow.contains("uses: OWNER/torte@REF"));
    let workflow = workflow.replace("OWNER/torte@REF", "./");
    is_fine(&lab, &[("page.yml", &workflow)]);
    is_faulty(&lab, &workflow.replace("          share:", "          preview:"), "\"preview\"");
}

/// actionlint reads workflows alone, so the steps of the action become the job of one that is called with its inputs.
#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn the_steps_of_the_action_have_no_faults() {
    let Some(lab) = Lab::with(&["actionlint"]) else { return };
    let action = read("action.yml");
    let (head, steps) = action.split_once("\n  steps:\n").unwrap();
    let (inputs, _) = head.split_once("\ninputs:\n").unwrap().1.split_once("\noutputs:\n").unwrap();
    let names = inputs.lines().filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'));
    let inputs: String = names.flat_map(|name| ["      ", name, ":\n        type: string\n"]).collect();
    let workflow = format!(
        "on:\n  workflow_call:\n    inputs:\n{inputs}jobs:\n  action:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"
    );
    is_fine(&lab, &[("steps.yml", &workflow)]);
    is_faulty(&lab, &workflow.replace("steps.diff.outputs.was", "steps.deaf.outputs.was"), "\"deaf\"");
    is_faulty(&lab, &workflow.replace("inputs.compare-with", "inputs.compare"), "\"compare\"");
}
