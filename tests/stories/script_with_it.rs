//! What scripts see: standard output, formats, quiet, completions, help.

use clap_complete::Shell;

use crate::support::{Registry, Sandbox, banner_digest};

#[test]
fn the_reference_format_is_for_the_next_tool() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run("build app:v1 --format reference").succeeds().prints(&format!("app@{}\n", banner_digest()));
    let to = registry.at("team/app");
    let pushed = sandbox.run(&format!("push app:v1 {to} --format reference")).succeeds().stdout;
    assert_eq!(pushed, format!("{to}@{}\n", banner_digest()));
    sandbox.run(&format!("inspect {}", pushed.trim())).succeeds();
}

#[test]
fn json_counts_blobs_bytes_and_requests() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    let built = sandbox.run("build app:v1 --format json").succeeds().json();
    assert_eq!(built["reference"], "app:v1");
    assert_eq!(built["blobs"], serde_json::json!({"sent": 2, "present": 0, "mounted": 0, "joined": 0}));
    assert_eq!((&built["requests"], &built["kind"]), (&0.into(), &"flipt".into()));
    let pushed =
        sandbox.run(&format!("push app:v1 {} --format json", registry.at("team/app"))).succeeds().json();
    assert_eq!(pushed["requests"], registry.requests().len());
    assert_eq!(pushed["digest"], banner_digest());
    assert_eq!(pushed["repository"], registry.at("team/app"));
    assert_eq!(pushed["tag"], "v1");
    assert_eq!(pushed["url"], format!("oci://{}@{}", registry.at("team/app"), banner_digest()));
    for key in ["reference", "mediaType", "size", "tags", "layers", "bytes", "warnings"] {
        assert!(!pushed[key].is_null(), "{key}");
    }
}

#[test]
fn an_error_in_json_goes_to_standard_error() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.run("inspect app:v1 --format json").fails(3).prints("");
    let error: serde_json::Value = serde_json::from_str(&outcome.stderr).unwrap();
    assert_eq!(error["code"], 3);
    assert!(error["error"].as_str().unwrap().contains("app"));
}

#[test]
fn wrong_usage_and_faults_are_json_too() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.run("build --format json").fails(2).prints("");
    let error: serde_json::Value = serde_json::from_str(&outcome.stderr).unwrap();
    assert_eq!((&error["code"], &error["cause"]), (&2.into(), &serde_json::Value::Null));
    sandbox.write("features.yml", "flags: 1\n");
    let outcome = sandbox.run("build app --format json").fails(1);
    let error: serde_json::Value = serde_json::from_str(&outcome.stderr).unwrap();
    assert_eq!(
        (&error["faults"][0]["line"], &error["faults"][0]["path"]),
        (&1.into(), &"features.yml".into())
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_told() {
    let sandbox = Sandbox::with_banner();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = sandbox.command(&["build", "app:v1"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard output"), "{output:?}");
}

#[test]
fn a_served_registry_prints_its_address_and_ends_when_it_is_told() {
    use std::io::BufRead;
    let sandbox = Sandbox::with_banner();
    let mut child =
        sandbox.command(&["serve", "--listen", "127.0.0.1:0", "--root", "registry"]).spawn().unwrap();
    let mut address = String::new();
    std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
    sandbox.run(&format!("build app:v1 --push {}/team/app", address.trim())).succeeds();
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let root = sandbox.path("registry").display().to_string();
    sandbox.run(&format!("list --store {root}")).succeeds().shows("team/app");
    sandbox.run("serve --listen 0.0.0.0:0").fails(2);
    sandbox.run("serve --root features.yml").fails(1).says("features.yml");
}

#[test]
fn quiet_leaves_data_and_errors() {
    let sandbox = Sandbox::with_banner();
    let outcome = sandbox.run("build app:v1 --quiet").succeeds();
    assert_eq!((outcome.digest().as_str(), outcome.stderr.as_str()), (banner_digest(), ""));
    sandbox.run("inspect app:nope -q").fails(3).says("error:");
}

#[test]
fn verbose_says_each_request() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run("build app:v1").succeeds();
    let outcome = sandbox.run(&format!("push app:v1 {} -v", registry.at("team/app"))).succeeds();
    let lines = outcome.stderr.lines().filter(|line| line.contains("/v2/")).count();
    assert_eq!(lines, registry.requests().len(), "{}", outcome.stderr);
}

#[test]
fn colour_is_asked_for_or_a_terminals() {
    let sandbox = Sandbox::new();
    sandbox.run("inspect app:v1").fails(3).hides("\u{1b}");
    sandbox.run("inspect app:v1 --color always").fails(3).says("\u{1b}[");
}

#[test]
fn the_committed_completions_are_the_generated_ones() {
    let names = [
        (Shell::Bash, "torte.bash"),
        (Shell::Zsh, "_torte"),
        (Shell::Fish, "torte.fish"),
        (Shell::PowerShell, "_torte.ps1"),
        (Shell::Elvish, "torte.elv"),
    ];
    let sandbox = Sandbox::new();
    for (shell, name) in names {
        let printed = sandbox.run(&format!("completions {shell}")).succeeds().stdout;
        let file = format!("{}/completions/{name}", env!("CARGO_MANIFEST_DIR"));
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(printed == committed, "{file} is old: run `just completions`");
    }
}

#[test]
fn help_and_version_are_data() {
    let sandbox = Sandbox::new();
    sandbox.run("--version").succeeds().prints(&format!("torte {}\n", env!("CARGO_PKG_VERSION")));
    let help = sandbox.run("--help").succeeds().stdout;
    let verbs = [
        "build",
        "lint",
        "list",
        "resolve",
        "inspect",
        "tag",
        "push",
        "pull",
        "copy",
        "unpack",
        "login",
        "logout",
        "serve",
        "completions",
    ];
    for verb in verbs {
        assert!(help.contains(verb), "{verb}");
        sandbox.run(&format!("{verb} --help")).succeeds().shows("Usage:");
    }
    sandbox.run("").fails(2);
    sandbox.run("nope").fails(2);
    sandbox.run("build").fails(2);
    sandbox.run("build a b c").fails(2);
    sandbox.run("build a --nope").fails(2);
}

#[test]
fn the_table_of_exit_codes_is_the_enum() {
    use torte::output::Exit;
    let file = format!("{}/docs/exit-codes.md", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(file).unwrap();
    let all = [
        Exit::Done,
        Exit::Failed,
        Exit::Usage,
        Exit::NotFound,
        Exit::Unauthorized,
        Exit::Corrupt,
        Exit::Differs,
        Exit::Conflict,
        Exit::Unavailable,
        Exit::Bug,
        Exit::Interrupted(2),
        Exit::Interrupted(15),
    ];
    for exit in all {
        assert!(text.contains(&format!("| {} |", exit.code())), "{exit:?} is not in the table");
    }
    assert_eq!(
        text.lines().filter(|line| line.starts_with("| ") && line.as_bytes()[2].is_ascii_digit()).count(),
        all.len()
    );
}
