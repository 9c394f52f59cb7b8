//! A composite action's steps, run as a runner of GitHub Actions runs them, and YAML as plain values.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};
use torte::kinds::yaml::{self, Shape, Source};

use super::Sandbox;
use super::sandbox::Outcome;

/// A document of YAML; every scalar is a text.
pub(crate) fn read_yaml(text: &str) -> Value {
    fn value(of: yaml::Value<'_>) -> Value {
        match of.shape() {
            Shape::Scalar(scalar) => scalar.text.into(),
            Shape::Sequence(items) => items.items().map(value).collect(),
            Shape::Mapping(entries) => {
                let key = |key: yaml::Value<'_>| key.scalar().unwrap().text.to_owned();
                Value::Object(entries.written().map(|entry| (key(entry.0), value(entry.1))).collect())
            }
        }
    }
    let decoded = yaml::decode(text.as_bytes());
    let source = Source::new(&decoded);
    let tree = source.documents().next().unwrap().tree.unwrap();
    value(tree.root())
}

/// `action.yml` of this repository.
pub(crate) fn action() -> Value {
    read_yaml(&fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml")).unwrap())
}

/// A job that uses the action of this repository.
pub(crate) struct Job<'s> {
    sandbox: &'s Sandbox,
    steps: std::vec::IntoIter<Value>,
    known: BTreeMap<String, String>,
    has_torte: bool,
    /// What its steps printed, one after the other.
    pub(crate) log: String,
    /// The names of the steps that were run.
    pub(crate) ran: Vec<String>,
}

impl<'s> Job<'s> {
    /// A job with these inputs; what a runner has lies in `runner`, beside the work place's own files.
    pub(crate) fn new(sandbox: &'s Sandbox, inputs: &[(&str, &str)]) -> Self {
        let action = action();
        let default = |(name, input): (&String, &Value)| {
            (format!("inputs.{name}"), input["default"].as_str().unwrap_or_default().to_owned())
        };
        let temp = sandbox.root().join("runner");
        fs::create_dir_all(&temp).unwrap();
        let mut known: BTreeMap<_, _> = action["inputs"].as_object().unwrap().iter().map(default).collect();
        known.insert("runner.temp".into(), temp.display().to_string());
        known.insert("github.actor".into(), "ann".into());
        for (name, value) in inputs {
            let old = known.insert(format!("inputs.{name}"), (*value).to_owned());
            assert!(old.is_some(), "the action has no input `{name}`");
        }
        let steps = action["runs"]["steps"].as_array().unwrap().clone().into_iter();
        let mut job = Self { sandbox, steps, known, has_torte: true, log: String::new(), ran: Vec::new() };
        for file in ["output", "summary", "path"] {
            fs::write(job.file(file), "").unwrap();
        }
        for name in action["inputs"].as_object().unwrap().keys() {
            let name = format!("inputs.{name}");
            let filled = job.filled(&job.known[&name]);
            job.known.insert(name, filled);
        }
        job
    }

    /// The same, where `torte` is found only if the machine itself has it.
    pub(crate) fn without_torte(sandbox: &'s Sandbox, inputs: &[(&str, &str)]) -> Self {
        Self { has_torte: false, ..Self::new(sandbox, inputs) }
    }

    fn file(&self, name: &str) -> std::path::PathBuf {
        Path::new(&self.known["runner.temp"]).join(name)
    }

    /// The job's summary.
    pub(crate) fn summary(&self) -> String {
        fs::read_to_string(self.file("summary")).unwrap()
    }

    /// Folders that it put on the path.
    pub(crate) fn paths(&self) -> String {
        fs::read_to_string(self.file("path")).unwrap()
    }

    /// What a step put out; empty where it put out nothing.
    pub(crate) fn output(&self, step: &str, name: &str) -> String {
        self.look(&format!("steps.{step}.outputs.{name}"))
    }

    fn look(&self, name: &str) -> String {
        let is_output = name.starts_with("steps.") && name.contains(".outputs.");
        match self.known.get(name) {
            Some(value) => value.clone(),
            None if is_output => String::new(),
            None => panic!("nobody knows `{name}`"),
        }
    }

    /// A text with its expressions replaced.
    fn filled(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${{ ") {
            let (expression, after) = after.split_once(" }}").unwrap();
            let values = expression.split(" || ").map(|name| self.look(name));
            filled += before;
            filled += &values.into_iter().find(|value| !value.is_empty()).unwrap_or_default();
            rest = after;
        }
        filled + rest
    }

    /// Whether a condition holds: comparisons of a name with a text in quotes, all of which must hold.
    fn holds(&self, condition: &str) -> bool {
        condition.split(" && ").all(|part| {
            let is_equal = part.contains(" == ");
            let (name, text) = part.split_once(if is_equal { " == " } else { " != " }).unwrap();
            let text = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap();
            (self.look(name) == text) == is_equal
        })
    }

    /// Runs what comes before the step of this name; true where all of it succeeded.
    pub(crate) fn runs_until(&mut self, name: &str) -> bool {
        while let Some(next) = self.steps.as_slice().first() {
            if next["name"] == name {
                return true;
            }
            let step = self.steps.next().unwrap();
            if let Err(code) = self.step(&step) {
                self.log.extend(["exit code ", &code.to_string(), "\n"]);
                return false;
            }
        }
        true
    }

    /// Runs all that is left; it succeeds.
    pub(crate) fn succeeds(mut self) -> Self {
        assert!(self.runs_until(""), "{}", self.log);
        self
    }

    /// Runs all that is left; this step fails with this code.
    pub(crate) fn fails(mut self, step: &str, code: i32) -> Self {
        assert!(!self.runs_until(""), "{}", self.log);
        assert_eq!(self.ran.last().unwrap(), step, "{}", self.log);
        assert!(self.log.ends_with(&format!("exit code {code}\n")), "{}", self.log);
        self
    }

    fn step(&mut self, step: &Value) -> Result<(), i32> {
        if !step["if"].as_str().is_none_or(|condition| self.holds(condition)) {
            return Ok(());
        }
        self.ran.push(step["name"].as_str().unwrap().to_owned());
        // Another action: a cache that has nothing.
        let Some(run) = step["run"].as_str() else { return Ok(()) };
        assert_eq!(step["shell"], "bash");
        fs::write(self.file("script"), run).unwrap();
        fs::write(self.file("output"), "").unwrap();
        let outcome = self.bash(step["env"].as_object().unwrap_or(&Map::new()));
        self.log += &outcome.stdout;
        self.log += &outcome.stderr;
        for line in fs::read_to_string(self.file("output")).unwrap().lines() {
            let (name, value) = line.split_once('=').unwrap();
            let id = step["id"].as_str().unwrap();
            self.known.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
        }
        match outcome.code {
            Some(0) => Ok(()),
            code => Err(code.unwrap()),
        }
    }

    fn bash(&self, variables: &Map<String, Value>) -> Outcome {
        let script = self.file("script");
        let words = ["--noprofile", "--norc", "-eo", "pipefail", script.to_str().unwrap()];
        let mut command = self.sandbox.program("bash", &words);
        if !self.has_torte {
            command.env("PATH", self.sandbox.variable("PATH"));
        }
        command
            .env("GITHUB_OUTPUT", self.file("output"))
            .env("GITHUB_STEP_SUMMARY", self.file("summary"))
            .env("GITHUB_PATH", self.file("path"))
            .env("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR"))
            .env("RUNNER_TEMP", &self.known["runner.temp"])
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64");
        for (name, value) in variables {
            command.env(name, self.filled(value.as_str().unwrap()));
        }
        Outcome::new(script.display().to_string(), command.output().unwrap())
    }
}
