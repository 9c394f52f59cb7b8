//! A user's machine in a temporary directory: a home, a store, a place to work, and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A machine of its own for one story.
pub(crate) struct Sandbox {
    root: TempDir,
    variables: BTreeMap<String, String>,
    stdin: Option<String>,
}

impl Sandbox {
    /// An empty machine.
    pub(crate) fn new() -> Self {
        let root = TempDir::new().unwrap();
        for directory in ["home", "work", "tmp"] {
            fs::create_dir(root.path().join(directory)).unwrap();
        }
        let home = root.path().join("home").display().to_string();
        let store = root.path().join("store").display().to_string();
        let temporary = root.path().join("tmp").display().to_string();
        let path = std::env::var("PATH").unwrap();
        let variables = [("HOME", home), ("TORTE_STORE", store), ("TMPDIR", temporary), ("PATH", path)];
        let variables = variables.map(|(name, value)| (name.to_owned(), value)).into();
        Self { root, variables, stdin: None }
    }

    /// A machine whose work place holds the one flag of [`super::BANNER`].
    pub(crate) fn with_banner() -> Self {
        let sandbox = Self::new();
        sandbox.write("features.yml", super::BANNER);
        sandbox
    }

    /// A path in the work place.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join("work").join(path)
    }

    /// All of the machine.
    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// The store.
    pub(crate) fn store(&self) -> PathBuf {
        self.root.path().join("store")
    }

    /// The home directory.
    pub(crate) fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    /// Writes a file into the work place.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Reads a file of the work place.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Sets an environment variable.
    pub(crate) fn with(&mut self, name: &str, value: &str) -> &mut Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// An environment variable.
    pub(crate) fn variable(&self, name: &str) -> &str {
        &self.variables[name]
    }

    /// Unsets an environment variable.
    pub(crate) fn without(&mut self, name: &str) -> &mut Self {
        self.variables.remove(name);
        self
    }

    /// Gives the next run this on its standard input.
    pub(crate) fn typing(&mut self, text: &str) -> &mut Self {
        self.stdin = Some(text.to_owned());
        self
    }

    /// The command, ready to be spawned.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_torte"));
        command.args(arguments).current_dir(self.path("")).env_clear().envs(&self.variables);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs torte with exactly these arguments, by a program that starts it with its own last arguments.
    pub(crate) fn run_through(&self, launcher: &[&str], arguments: &[&str]) -> Outcome {
        let mut command = Command::new(launcher[0]);
        command.args(&launcher[1..]).arg(env!("CARGO_BIN_EXE_torte")).args(arguments);
        command.current_dir(self.path("")).env_clear().envs(&self.variables).stdin(Stdio::null());
        Outcome::new(format!("torte {}", arguments.join(" ")), command.output().unwrap())
    }

    /// Runs torte with the words of a line.
    pub(crate) fn run(&self, line: &str) -> Outcome {
        self.run_with(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Another program, ready to be run; `torte` is on its path.
    pub(crate) fn program(&self, name: &str, arguments: &[&str]) -> Command {
        let torte = Path::new(env!("CARGO_BIN_EXE_torte")).parent().unwrap();
        let path = format!("{}:{}", torte.display(), self.variables["PATH"]);
        let mut command = Command::new(name);
        command.args(arguments).current_dir(self.path("")).env_clear();
        command.envs(&self.variables).env("PATH", path).stdin(Stdio::null());
        command
    }

    /// Runs lines of a shell, which end at the first that fails; `torte` is found there.
    pub(crate) fn shell(&self, script: &str) -> Outcome {
        let mut command = self.program("sh", &["-eu", "-c", script]);
        Outcome::new(script.to_owned(), command.output().unwrap())
    }

    /// Runs torte with exactly these arguments.
    pub(crate) fn run_with(&self, arguments: &[&str]) -> Outcome {
        let mut command = self.command(arguments);
        let output = match &self.stdin {
            None => command.output().unwrap(),
            Some(text) => {
                let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
                // It may end without a look at what it was given.
                let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
                child.wait_with_output().unwrap()
            }
        };
        Outcome::new(format!("torte {}", arguments.join(" ")), output)
    }
}

/// What a run did.
pub(crate) struct Outcome {
    command: String,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

impl Outcome {
    pub(crate) fn new(command: String, output: Output) -> Self {
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
    pub(crate) fn succeeds(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.shown());
        self
    }

    /// It ends with this code, and not by a panic.
    pub(crate) fn fails(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.shown());
        assert!(!self.stderr.contains("panicked"), "{}", self.shown());
        self
    }

    /// It ends with any code but that of success, and not by a panic.
    pub(crate) fn fails_somehow(self) -> Self {
        assert!(self.code.is_some_and(|code| code != 0 && code != 70), "{}", self.shown());
        self
    }

    /// Its standard output is exactly this.
    pub(crate) fn prints(self, text: &str) -> Self {
        assert_eq!(self.stdout, text, "{}", self.shown());
        self
    }

    /// This stands in its standard error.
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "`{text}` is missing\n{}", self.shown());
        self
    }

    /// This does not stand in either of its streams.
    pub(crate) fn hides(self, text: &str) -> Self {
        assert!(
            !self.stderr.contains(text) && !self.stdout.contains(text),
            "`{text}` is shown\n{}",
            self.shown()
        );
        self
    }

    /// This stands in its standard output.
    pub(crate) fn shows(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "`{text}` is missing\n{}", self.shown());
        self
    }

    /// The digest that it printed, and nothing but that.
    pub(crate) fn digest(&self) -> String {
        let line = self.stdout.strip_suffix('\n').unwrap_or_else(|| panic!("no line\n{}", self.shown()));
        assert!(line.parse::<torte::oci::Digest>().is_ok(), "not a digest\n{}", self.shown());
        line.to_owned()
    }

    /// Its standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{}", self.shown()))
    }
}
