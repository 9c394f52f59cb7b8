//! The README's commands do what it says.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

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
    let (mut sandbox, registry) = (Sandbox::new(), Registry::open());
    sandbox.with("TORTE_KEY_PASSWORD", "of the keys that it makes");
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

/// The example, built as the README's line builds it.
fn tour() -> PathBuf {
    let line = "cargo run --example tour";
    assert!(readme().contains(line));
    let words = line.split(' ').skip(2);
    let built = Command::new(env!("CARGO")).arg("build").args(words).current_dir(root()).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let name = format!("examples/tour{}", std::env::consts::EXE_SUFFIX);
    PathBuf::from(env!("CARGO_BIN_EXE_torte")).with_file_name(name)
}

/// The example, alone in a directory: on a machine where nothing else was built. Its temporary files go to `tmp`, which is
/// empty, and the home is empty too.
fn tour_alone(sandbox: &Sandbox) -> Command {
    let example = sandbox.path("tour");
    std::fs::copy(tour(), &example).unwrap();
    std::fs::create_dir(sandbox.path("tmp")).unwrap();
    let mut command = Command::new(example);
    command.current_dir(sandbox.path("")).env_clear().env("HOME", sandbox.home());
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("TMPDIR", sandbox.path("tmp"));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What stands in a directory.
fn left(directory: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// A transcript without what differs from run to run: the port, and when a tag was set.
fn normalised(transcript: &str) -> String {
    let line = |line: &str| {
        let words = line.split(' ').map(|word| match word.strip_prefix("127.0.0.1:") {
            Some(rest) => {
                format!("127.0.0.1:PORT{}", rest.trim_start_matches(|letter: char| letter.is_ascii_digit()))
            }
            None if OffsetDateTime::parse(word, &Rfc3339).is_ok_and(|time| time.year() > 2000) => {
                "TIME".to_owned()
            }
            None => word.to_owned(),
        });
        words.collect::<Vec<_>>().join(" ")
    };
    transcript.trim_end().lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(unix)]
#[test]
fn the_tour_prints_what_the_readme_says_and_leaves_nothing_behind() {
    let sandbox = Sandbox::new();
    let mut tour = tour_alone(&sandbox);
    let begun = Instant::now();
    let output = tour.output().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let readme = readme();
    let (_, block) = readme.split_once("```console\n").unwrap();
    let (block, _) = block.split_once("```\n").unwrap();
    assert_eq!(normalised(&text), normalised(block));
    assert_eq!((left(&sandbox.path("tmp")), left(&sandbox.home())), (Vec::new(), Vec::new()));
}

#[test]
fn the_tour_goes_all_the_way() {
    let readme = readme();
    let steps = readme.lines().filter_map(|line| line.strip_prefix("$ "));
    let steps: Vec<&str> = steps.map(|step| step.split(' ').find(|word| *word != "torte").unwrap()).collect();
    let expected = "lint build list inspect push sed build diff push tag list pull unpack"
        .split(' ')
        .collect::<Vec<_>>();
    assert_eq!(steps, expected);
}

#[cfg(unix)]
#[test]
fn an_interrupted_tour_leaves_nothing_behind() {
    use std::io::{BufRead as _, BufReader};
    use std::os::unix::process::CommandExt as _;
    for (step, signal, code) in
        [("$ torte build", "INT", 130), ("$ torte push", "INT", 130), ("$ torte pull", "TERM", 143)]
    {
        let sandbox = Sandbox::new();
        // As in a terminal, the signal goes to all that the tour has started.
        let mut child = tour_alone(&sandbox).process_group(0).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        assert!(lines.any(|line| line.starts_with(step)), "{step}");
        assert_eq!(left(&sandbox.path("tmp")).len(), 1);
        let words = [format!("-{signal}"), "--".to_owned(), format!("-{}", child.id())];
        assert!(Command::new("kill").args(words).status().unwrap().success());
        let after: Vec<String> = lines.collect();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{step}: {after:?}");
        assert!(!after.iter().any(|line| line.starts_with("$ torte unpack")), "it went on: {after:?}");
        assert_eq!(left(&sandbox.path("tmp")), Vec::<PathBuf>::new(), "{step}");
    }
}
