//! A place of its own for each test: folders, an environment without the user's settings, and the tools to run in it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::flags;

/// The folders of one test, gone at its end.
pub(crate) struct Lab {
    folder: TempDir,
    peers: PathBuf,
}

impl Lab {
    /// A lab, if all these tools are there; without one the test is skipped and says so, in CI it fails.
    pub(crate) fn with(tools: &[&str]) -> Option<Self> {
        let built = Path::new(env!("CARGO_MANIFEST_DIR")).join(".interop/bin");
        let peers = std::env::var_os("TORTE_INTEROP").map_or(built, PathBuf::from);
        let missing: Vec<_> = tools.iter().filter(|tool| find(&peers, tool).is_none()).collect();
        if !missing.is_empty() {
            assert!(std::env::var_os("CI").is_none(), "not installed: {missing:?}; see tests/interop/run");
            let _ = writeln!(std::io::stderr(), "skipped, not installed: {missing:?}; see tests/interop/run");
            return None;
        }
        let folder = TempDir::with_prefix("torte-interop-").unwrap();
        for name in ["home", "docker", "run", "tmp"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        Some(Self { folder, peers })
    }

    /// A path inside.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A path inside, as text for an argument.
    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).into_os_string().into_string().unwrap()
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Gives every tool that runs here these credentials, in Docker's file.
    pub(crate) fn log_in(&self, host: &str, user: &str, password: &str) {
        use base64::Engine as _;
        let pair = base64::prelude::BASE64_STANDARD.encode(format!("{user}:{password}"));
        let config = serde_json::json!({"auths": {host: {"auth": pair}}});
        self.write("docker/config.json", config.to_string());
    }

    /// Lets every peer that runs here trust this certificate authority; torte must be told by a flag.
    pub(crate) fn trust(&self, authority: &[u8]) {
        self.write("ca.pem", authority);
    }

    /// A command in this lab: torte itself, a peer, or a tool of the system.
    pub(crate) fn command(&self, tool: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.tool(tool));
        for (name, _) in std::env::vars_os() {
            if !matches!(name.to_str(), Some("PATH" | "SYSTEMROOT")) {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("HOME", self.path("home"))
            .env("XDG_RUNTIME_DIR", self.path("run"))
            .env("TMPDIR", self.path("tmp"))
            .env("DOCKER_CONFIG", self.path("docker"))
            .env("TORTE_STORE", self.path("store"))
            .env("OTEL_TRACES_EXPORTER", "none")
            .stdin(Stdio::null());
        if self.path("docker/config.json").exists() {
            command.env("REGISTRY_AUTH_FILE", self.path("docker/config.json"));
        }
        if self.path("ca.pem").exists() && tool != "torte" {
            command.env("SSL_CERT_FILE", self.path("ca.pem"));
        }
        command
    }

    /// Where a peer or a tool of the system stands.
    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        find(&self.peers, name).unwrap_or_else(|| name.into())
    }

    /// Runs a tool and returns what it wrote to stdout; fails the test, with all that it said, if the tool fails.
    pub(crate) fn run(&self, tool: &str, arguments: &[&str]) -> Vec<u8> {
        let output = self.command(tool, arguments).output().unwrap();
        assert!(output.status.success(), "{}", told(tool, arguments, &output));
        output.stdout
    }

    /// Runs torte and returns its stdout without the line's end.
    pub(crate) fn torte(&self, arguments: &[&str]) -> String {
        String::from_utf8(self.run("torte", arguments)).unwrap().trim_end().to_owned()
    }

    /// Runs torte, which must fail, and returns its exit code.
    pub(crate) fn torte_fails(&self, arguments: &[&str]) -> i32 {
        let output = self.command("torte", arguments).output().unwrap();
        assert!(!output.status.success(), "{}", told("torte", arguments, &output));
        output.status.code().unwrap()
    }

    /// Builds a bundle of so many namespaces with so many flags each and returns its digest.
    pub(crate) fn build(&self, name: &str, namespaces: usize, count: usize) -> String {
        flags::write(&self.path("flags"), namespaces, count);
        self.torte(&["build", name, &self.text("flags")])
    }
}

fn told(tool: &str, arguments: &[&str], output: &Output) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    format!("{tool} {} ended with {}\n{stdout}\n{stderr}", arguments.join(" "), output.status)
}

/// Where a tool is: torte as cargo built it, a peer, or a program of the system.
fn find(peers: &Path, tool: &str) -> Option<PathBuf> {
    if tool == "torte" {
        return Some(env!("CARGO_BIN_EXE_torte").into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = std::iter::once(peers.to_owned()).chain(std::env::split_paths(&path));
    folders.find_map(|folder| Some(folder.join(tool)).filter(|path| path.is_file()))
}
