//! The help: an overview by wishes, examples that work, and the same as man pages.

use std::collections::BTreeSet;
use std::fs;

use torte::cli::groups::GROUPS;

use crate::support::Sandbox;
#[cfg(unix)]
use crate::support::{BANNER, Registry};

fn verbs() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().flat_map(|group| group.verbs.iter().copied())
}

/// The examples at the end of a verb's help.
fn examples(sandbox: &Sandbox, verb: &str) -> Vec<String> {
    let help = sandbox.run(&format!("{verb} --help")).succeeds().stdout;
    let (_, examples) =
        help.split_once("\nExamples:\n").unwrap_or_else(|| panic!("`{verb}` has no examples"));
    examples
        .lines()
        .map(|line| line.strip_prefix("  ").unwrap_or_else(|| panic!("{verb}: {line}")).to_owned())
        .collect()
}

#[test]
fn the_overview_has_each_verb_once_below_its_wish() {
    let sandbox = Sandbox::new();
    for flag in ["-h", "--help"] {
        let help = sandbox.run(flag).succeeds().stdout;
        let mut rest = help.as_str();
        for group in GROUPS {
            let heading = format!("\n{}:\n", group.wish);
            assert_eq!(help.matches(&heading).count(), 1, "{heading}");
            rest = rest.split_once(&heading).unwrap().1;
            for verb in group.verbs {
                let line = rest.lines().find(|line| line.trim_start().starts_with(&format!("{verb} ")));
                assert!(line.is_some_and(|line| line.starts_with("  ") && line.len() > 20), "{verb}: {rest}");
            }
        }
        let groups = help.split_once("\nOptions:\n").unwrap().0;
        assert!(groups.lines().skip(2).all(|line| line.len() <= 80), "{groups}");
        for wish in ["Make a bundle", "Look", "Move"] {
            assert!(groups.contains(&format!("\n{wish}:\n  ")), "{groups}");
        }
        assert!(help.contains("--store <DIR>"), "{help}");
    }
}

/// A machine on which somebody has worked for a while, with two registries in the places of those in the examples.
#[cfg(unix)]
struct Stage {
    sandbox: Sandbox,
    hub: Registry,
    other: Registry,
}

#[cfg(unix)]
impl Stage {
    fn set(verb: &str) -> Self {
        let (mut sandbox, hub, other) = (Sandbox::new(), Registry::open(), Registry::open());
        sandbox.write("flags/features.yml", BANNER);
        let manifest = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: web\n";
        sandbox.write("manifests/service.yaml", manifest);
        sandbox.write("old/features.yml", BANNER.replace("Banner", "Old"));
        sandbox.run("build flags:v7 old").succeeds();
        sandbox.run("build flags:v8 flags").succeeds();
        for tag in ["v8", "1.2.0"] {
            sandbox.run(&format!("push flags:v8 {}:{tag}", hub.at("org/flags"))).succeeds();
        }
        // In place of what is typed at a terminal.
        sandbox.with("TORTE_USERNAME", "NAME").with("TORTE_PASSWORD", "secret").with("TOKEN", "secret");
        sandbox.with("TORTE_KEY_PASSWORD", "another secret");
        sandbox.run(&format!("login {}", hub.host())).succeeds();
        if ["sign", "verify"].contains(&verb) {
            sandbox.write("sbom.json", r#"{"bomFormat": "CycloneDX"}"#);
            sandbox.run("keys generate").succeeds();
            sandbox.run("keys generate --out next").succeeds();
            let sign = format!("sign {}:v8 --key torte.key", hub.at("org/flags"));
            sandbox.run(&sign).succeeds();
            sandbox.run(&format!("{sign} --predicate sbom.json --predicate-type cyclonedx")).succeeds();
        }
        Self { sandbox, hub, other }
    }

    /// Runs an example as it stands, but for the places of registries.
    fn play(&self, example: &str) {
        let line =
            example.replace("ghcr.io", &self.hub.host()).replace("registry.example.com", &self.other.host());
        let line = line.replace("torte share", &format!("torte share --registry {}", self.hub.host()));
        // Who renders manifests does not matter.
        let render = "kustomize() { cat manifests/service.yaml; }";
        let script = if line.starts_with("torte serve") { served(&line) } else { line };
        drop(self.sandbox.shell(&format!("{render}\n{script}")).succeeds());
    }
}

/// A server is run until it says where it listens, on a port that nobody has.
#[cfg(unix)]
fn served(line: &str) -> String {
    let (start, port) = line.split_once(" --listen 127.0.0.1:").unwrap_or((line, ""));
    let rest = port.trim_start_matches(|letter: char| letter.is_ascii_digit());
    format!(
        "rm -f address
        {start} --listen 127.0.0.1:0{rest} >address 2>said & id=$!
        tries=0
        until grep -q 127.0.0.1 address; do
            tries=$((tries + 1)); test $tries -lt 200 || {{ cat said; exit 1; }}; sleep 0.05
        done
        kill $id; wait $id"
    )
}

#[cfg(unix)]
#[test]
fn the_examples_of_every_verb_work() {
    for verb in verbs() {
        let stage = Stage::set(verb);
        let examples = examples(&stage.sandbox, verb);
        assert!((1..=4).contains(&examples.len()), "{verb}: {examples:?}");
        for example in examples {
            assert!(
                example.contains(&format!("torte {verb} ")) || example == format!("torte {verb}"),
                "{example}"
            );
            stage.play(&example);
        }
    }
}

#[test]
fn there_is_a_man_page_for_torte_and_one_for_each_verb() {
    let sandbox = Sandbox::new();
    sandbox.write("share/man/man1/other.1", "not ours");
    sandbox.write("share/man/man1/torte.1", "an older page");
    sandbox.run("man share/man/man1").succeeds().prints("").says("share/man/man1");
    let names: BTreeSet<_> = fs::read_dir(sandbox.path("share/man/man1"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let expected =
        verbs().map(|verb| format!("torte-{verb}.1")).chain(["torte.1".to_owned(), "other.1".to_owned()]);
    assert_eq!(names, expected.collect());
    assert_eq!(sandbox.read("share/man/man1/other.1"), "not ours");

    let torte = sandbox.read("share/man/man1/torte.1");
    for verb in verbs() {
        assert!(torte.contains(&format!("\\fBtorte\\-{verb}\\fR(1)")), "{verb}");
        let page = sandbox.read(&format!("share/man/man1/torte-{verb}.1"));
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "EVERYWHERE", "EXAMPLES", "SEE ALSO"] {
            assert!(page.contains(&format!(".SH {section}\n")), "{verb}: {section}");
        }
    }
    // The same torte writes the same pages, whatever the time.
    sandbox.run("man again").succeeds();
    for name in names.iter().filter(|name| *name != "other.1") {
        assert_eq!(sandbox.read(&format!("share/man/man1/{name}")), sandbox.read(&format!("again/{name}")));
    }
    sandbox.write("file", "");
    sandbox.run("man file").fails_somehow().says("file");
}

#[cfg(target_os = "linux")]
#[test]
fn the_man_pages_read_well() {
    let is_there = std::process::Command::new("sh")
        .args(["-c", "command -v mandoc"])
        .output()
        .is_ok_and(|output| output.status.success());
    assert!(is_there || std::env::var_os("CI").is_none(), "mandoc is not installed; see .ci/run");
    if !is_there {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.run("man pages").succeeds();
    let found = sandbox.shell("mandoc -T lint -W warning pages/*.1 || true").succeeds();
    // A date would make the pages differ from day to day.
    let faults: Vec<_> = found.stdout.lines().filter(|line| !line.contains("missing date")).collect();
    assert_eq!(faults, [""; 0]);
    for verb in verbs() {
        let page = sandbox.shell(&format!("mandoc -T ascii pages/torte-{verb}.1")).succeeds().stdout;
        for example in examples(&sandbox, verb) {
            assert!(page.lines().any(|line| line.trim() == example), "{verb}: {example}\n{page}");
        }
    }
}
