//! One login for all tools: what torte keeps the others read, and what they keep torte reads and takes out again.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::client::Client;
use crate::lab::Lab;
use crate::registry::{
    PASSWORD, Registry, USER, distribution_with_basic, distribution_with_tokens, torte_serve_with_basic,
};

const TOOLS: [&str; 6] = ["registry", "openssl", "crane", "oras", "regctl", "skopeo"];
const NOT_AUTHORISED: i32 = 4;

/// Runs a command that reads this from its standard input.
fn typing(mut command: Command, text: &str) -> String {
    let shown = format!("{command:?}");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{shown} ended with {}\n{said}", output.status);
    assert!(!said.contains(PASSWORD), "{said}");
    said
}

/// Logs in with torte.
fn log_in(lab: &Lab, registry: &Registry) {
    let words = ["login", &registry.host, "-u", USER, "--password-stdin"];
    let said = typing(lab.command("torte", &words), PASSWORD);
    assert!(said.contains("logged in to"), "{said}");
}

/// Logs in with another tool, which keeps it in Docker's file or in Podman's.
fn log_in_by(tool: &str, lab: &Lab, registry: &Registry) {
    let host = registry.host.as_str();
    let user = ["-u", USER, "--password-stdin"];
    let words = match tool {
        "crane" => vec!["auth", "login", host],
        "docker" => vec!["login", host],
        "oras" => vec!["login", "--plain-http", host],
        _ => vec!["login", "--tls-verify=false", host],
    };
    let mut command = lab.command(tool, &[&words[..], &user].concat());
    // Nobody's daemon has a part in it.
    command.env("DOCKER_HOST", "unix:///nonexistent/docker.sock");
    typing(command, PASSWORD);
}

fn config(lab: &Lab) -> Value {
    serde_json::from_slice(&std::fs::read(lab.path("docker/config.json")).unwrap()).unwrap()
}

/// Every client reads a bundle that torte pushed, with the one login that torte keeps.
fn all_read(lab: &Lab, registry: &Registry) {
    let digest = lab.build("flags:v1", 2, 3);
    log_in(lab, registry);
    assert_eq!(lab.torte(&["push", "flags:v1", &format!("{}/org/flags", registry.host)]), digest);
    for client in Client::ALL {
        let manifest = client.manifest(lab, registry, "org/flags:v1");
        assert_eq!(torte::oci::Digest::of(&manifest).to_string(), digest, "{client:?}");
    }
    lab.torte(&["logout", &registry.host]);
    assert_eq!(lab.torte_fails(&["list", &format!("{}/org/flags", registry.host)]), NOT_AUTHORISED);
    for (tool, words) in [("oras", vec!["repo", "tags", "--plain-http"]), ("crane", vec!["ls"])] {
        let place = format!("{}/org/flags", registry.host);
        let output = lab.command(tool, &[&words[..], &[place.as_str()]].concat()).output().unwrap();
        assert!(!output.status.success(), "{tool} is still logged in");
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn what_torte_keeps_the_others_read() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    all_read(&lab, &distribution_with_basic(&lab));
    all_read(&lab, &distribution_with_tokens(&lab));
    all_read(&lab, &torte_serve_with_basic(&lab));
}

/// A login that a tool keeps is torte's too, until torte takes it out.
fn torte_reads(tool: &str, lab: &Lab) {
    let registry = distribution_with_basic(lab);
    let place = format!("{}/org/{tool}", registry.host);
    lab.build("flags:v1", 1, 1);
    assert_eq!(lab.torte_fails(&["push", "flags:v1", &place]), NOT_AUTHORISED, "{tool}");
    log_in_by(tool, lab, &registry);
    lab.torte(&["push", "flags:v1", &place]);
    if tool == "skopeo" && !lab.path("docker/config.json").exists() {
        let file = lab.text("run/containers/auth.json");
        lab.torte(&["logout", &registry.host, "--authfile", &file]);
    } else {
        lab.torte(&["logout", &registry.host]);
    }
    assert_eq!(lab.torte_fails(&["list", &place]), NOT_AUTHORISED, "{tool}");
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn what_the_others_keep_torte_reads() {
    for tool in ["crane", "oras", "skopeo"] {
        let Some(lab) = Lab::with(&TOOLS) else { return };
        torte_reads(tool, &lab);
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn podmans_own_file_is_one_for_both() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    let registry = distribution_with_basic(&lab);
    let file = lab.text("auth.json");
    let words = ["login", &registry.host, "-u", USER, "--password-stdin", "--authfile", &file];
    typing(lab.command("torte", &words), PASSWORD);
    let asked = ["login", "--get-login", "--authfile", &file];
    let get = |host: &str| lab.command("skopeo", &[&asked[..], &[host]].concat()).output().unwrap();
    assert_eq!(get(&registry.host).stdout, format!("{USER}\n").as_bytes());
    // Docker Hub's key is Docker's in both files, and skopeo knows it.
    let pair = r#"{"auths":{"https://index.docker.io/v1/":{"auth":"YW5uOng="},"quay.io":{}}}"#;
    std::fs::write(&file, pair).unwrap();
    assert_eq!(get("docker.io").stdout, b"ann\n");
    // What skopeo keeps for it has a key of its own, and goes with the same command.
    let words = ["logout", "docker.io", "--authfile", &file];
    std::fs::write(&file, r#"{"auths":{"docker.io":{"auth":"YW5uOng="}}}"#).unwrap();
    lab.torte(&words);
    assert!(!get("docker.io").status.success());
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn dockers_own_client_and_torte_share_a_file_of_dockers() {
    // It comes by no package that the peers come by: where it is not, it is not missed, in CI either.
    if Command::new("docker").arg("--version").output().is_err() {
        let _ = writeln!(std::io::stderr(), "skipped, not installed: docker");
        return;
    }
    let Some(lab) = Lab::with(&["registry", "openssl"]) else { return };
    let (left, right) = (distribution_with_basic(&lab), torte_serve_with_basic(&lab));
    lab.write("docker/config.json", r#"{"HttpHeaders":{"X":"1"},"detachKeys":"ctrl-q"}"#);
    log_in_by("docker", &lab, &left);
    let dockers = std::fs::read_to_string(lab.path("docker/config.json")).unwrap();
    log_in(&lab, &left);
    let own = std::fs::read_to_string(lab.path("docker/config.json")).unwrap();
    assert_eq!(own.trim_end(), dockers.trim_end(), "the same login is written to the same bytes");
    log_in(&lab, &right);
    let before = config(&lab);
    // Docker writes the whole file anew, as it has understood it.
    log_in_by("docker", &lab, &right);
    assert_eq!(config(&lab), before);
    let mut logout = lab.command("docker", &["logout", &right.host]);
    assert!(logout.output().unwrap().status.success());
    lab.torte(&["logout", &left.host]);
    assert_eq!(config(&lab), json!({"HttpHeaders": {"X": "1"}, "detachKeys": "ctrl-q", "auths": {}}));
}

#[cfg(unix)]
#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn a_helper_that_torte_filled_serves_the_others() {
    use std::os::unix::fs::PermissionsExt;
    let Some(lab) = Lab::with(&TOOLS) else { return };
    let registry = distribution_with_basic(&lab);
    let helper = "#!/bin/sh\ncase $1 in\nstore) cat >\"$KEPT\" ;;\nget) cat >/dev/null; cat \"$KEPT\" 2>/dev/null || \
                  { echo 'credentials not found in native keychain'; exit 1; } ;;\nerase) rm \"$KEPT\" ;;\nesac\n";
    let program: PathBuf = lab.write("bin/docker-credential-lab", helper);
    std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).unwrap();
    lab.write("docker/config.json", json!({"credHelpers": {&registry.host: "lab"}}).to_string());
    let with_helper = |tool: &str, words: &[&str]| {
        let mut command = lab.command(tool, words);
        let path = format!("{}:{}", lab.text("bin"), std::env::var("PATH").unwrap());
        command.env("PATH", path).env("KEPT", lab.path("kept"));
        command
    };
    let words = ["login", &registry.host, "-u", USER, "--password-stdin"];
    typing(with_helper("torte", &words), PASSWORD);
    assert!(!config(&lab).to_string().contains("\"auth\""), "the file holds no secret");
    let place = format!("{}/org/flags", registry.host);
    lab.build("flags:v1", 1, 1);
    assert!(with_helper("torte", &["push", "flags:v1", &place]).output().unwrap().status.success());
    let (docker, tls) = (format!("docker://{place}"), format!("reg={},tls=disabled", registry.host));
    let readers: [(&str, Vec<&str>); 4] = [
        ("crane", vec!["ls", &place]),
        ("oras", vec!["repo", "tags", "--plain-http", &place]),
        ("regctl", vec!["--host", &tls, "tag", "ls", &place]),
        ("skopeo", vec!["list-tags", "--tls-verify=false", &docker]),
    ];
    for (tool, words) in &readers {
        let output = with_helper(tool, words).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(String::from_utf8_lossy(&output.stdout).contains("v1"), "{tool}: {said}");
    }
    assert!(with_helper("torte", &["logout", &registry.host]).output().unwrap().status.success());
    assert!(!lab.path("kept").exists());
    for (tool, words) in &readers {
        assert!(!with_helper(tool, words).output().unwrap().status.success(), "{tool}");
    }
}
