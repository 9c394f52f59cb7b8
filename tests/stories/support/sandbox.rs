//! A user's machine in a temporary directory: a home, a store, a place to work, and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A machine of its own for one story.
pub struct Sandbox {
    root: TempDir,
    variables: BTreeMap<String, String>,
    stdin: Option<String>,
}

impl Sandbox {
    /// An empty machine.
    pub fn new() -> Self {
        let root = TempDir::new().unwrap();
        for directory in ["home", "work"] {
            fs::create_dir(root.path().join(directory)).unwrap();
        }
        let home = root.path().join("home").display().to_string();
        let store = root.path().join("store").display().to_string();
        let variables = [("HOME", home), ("TORTE_STORE", store), ("PATH", std::env::var("PATH").unwrap())];
        let variables = variables.map(|(name, value)| (name.to_owned(), value)).into();
        Self { root, variables, stdin: None }
    }

    /// A machine whose work place holds the one flag of [`super::BANNER`].
    pub fn with_banner() -> Self {
        let sandbox = Self::new();
        sandbox.write("features.yml", super::BANNER);
        sandbox
    }

    /// A path in the work place.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.path().join("work").join(path)
    }

    /// The store.
    pub fn store(&self) -> PathBuf {
        self.root.path().join("store")
    }

    /// The home directory.
    pub fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    /// Writes a file into the work place.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Reads a file of the work place.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Copies a directory of `fixtures/` into the work place.
    pub fn fixture(&self, name: &str) -> &Self {
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name), &self.path(""));
        self
    }

    /// Sets an environment variable.
    pub fn with(&mut self, name: &str, value: &str) -> &mut Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Unsets an environment variable.
    pub fn without(&mut self, name: &str) -> &mut Self {
        self.variables.remove(name);
        self
    }

    /// Gives the next run this on its standard input.
    pub fn typing(&mut self, text: &str) -> &mut Self {
        self.stdin = Some(text.to_owned());
        self
    }

    /// The command, ready to be spawned.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_torte"));
        command.args(arguments).current_dir(self.path("")).env_clear().envs(&self.variables);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs torte with the words of a line.
    pub fn run(&self, line: &str) -> Outcome {
        self.run_with(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs torte with exactly these arguments.
    pub fn run_with(&self, arguments: &[&str]) -> Outcome {
        let mut command = self.command(arguments);
        let output = match &self.stdin {
            None => command.output().unwrap(),
            Some(text) => {
                let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
                child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
                child.wait_with_output().unwrap()
            }
        };
        Outcome::new(format!("torte {}", arguments.join(" ")), output)
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What a run did.
#[must_use = "say whether it succeeds or fails"]
pub struct Outcome {
    command: String,
    pub stdout: String,
    pub stderr: String,
    pub code: Option<i32>,
}

impl Outcome {
    fn new(command: String, output: Output) -> Self {
        Self {
            command,
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code(),
        }
    }

    fn shown(&self) -> String {
        format!(
            "`{}` → {:?}\n--- stdout\n{}--- stderr\n{}",
            self.command, self.code, self.stdout, self.stderr
        )
    }

    /// It ends well.
    pub fn succeeds(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.shown());
        self
    }

    /// It ends with this code, and not by a panic.
    pub fn fails(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.shown());
        assert!(!self.stderr.contains("panicked"), "{}", self.shown());
        self
    }

    /// Its standard output is exactly this.
    pub fn prints(self, text: &str) -> Self {
        assert_eq!(self.stdout, text, "{}", self.shown());
        self
    }

    /// This stands in its standard error.
    pub fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "`{text}` is missing\n{}", self.shown());
        self
    }

    /// This does not stand in either of its streams.
    pub fn hides(self, text: &str) -> Self {
        assert!(
            !self.stderr.contains(text) && !self.stdout.contains(text),
            "`{text}` is shown\n{}",
            self.shown()
        );
        self
    }

    /// This stands in its standard output.
    pub fn shows(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "`{text}` is missing\n{}", self.shown());
        self
    }

    /// The digest that it printed, and nothing but that.
    pub fn digest(&self) -> String {
        let line = self.stdout.strip_suffix('\n').unwrap_or_else(|| panic!("no line\n{}", self.shown()));
        assert!(line.parse::<torte::oci::Digest>().is_ok(), "not a digest\n{}", self.shown());
        line.to_owned()
    }

    /// Its standard output as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{}", self.shown()))
    }
}
