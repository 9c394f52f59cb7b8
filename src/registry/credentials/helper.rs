//! Credential helpers: `docker-credential-X get`, `store` and `erase`, each with its input on stdin.

use std::io::{Read, Write};
#[cfg(unix)]
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;

use super::{CredentialsError, Login, key};
use crate::registry::secret::Secret;
use crate::runtime;

/// How long a helper may take where nobody says otherwise; it may have to ask the user.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// The longest answer that is read, in bytes.
const LARGEST: u64 = 64 * 1024;
/// The user name that says that the secret is an identity token.
const TOKEN_USER: &str = "<token>";
/// How often the helper's end is looked for.
const GLANCE: Duration = Duration::from_millis(5);

/// A helper that may be run.
pub(super) struct Helper {
    /// As messages call it.
    program: String,
    /// The words of its command; the verb follows them.
    words: Vec<String>,
    patience: Duration,
    /// Whether it gets a process group of its own, which ends as one. At a terminal it does not: only the group in front
    /// can read what is typed there.
    is_apart: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Reply {
    #[serde(default, rename = "ServerURL")]
    server: String,
    username: String,
    secret: String,
}

/// What a run of a helper gave.
struct Run {
    status: ExitStatus,
    answer: Vec<u8>,
}

impl Run {
    /// Whether these words of the protocol stand in the answer.
    fn says(&self, words: &str) -> bool {
        String::from_utf8_lossy(&self.answer).to_lowercase().contains(words)
    }
}

impl Helper {
    /// The helper of this name, which may take so long.
    pub(super) fn named(suffix: &str, patience: Duration) -> Result<Self, CredentialsError> {
        let shown: String = suffix.chars().filter(|letter| !letter.is_control()).take(80).collect();
        let program = format!("docker-credential-{shown}");
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || "_.-".contains(letter);
        if suffix.is_empty() || !suffix.chars().all(is_name) {
            let what = "is not run: its name may hold letters, digits, `_`, `.` and `-` only".to_owned();
            return Err(CredentialsError::Helper { program, what });
        }
        Ok(Self { words: vec![program.clone()], program, patience, is_apart: !runtime::has_terminal() })
    }

    /// A helper that is another command.
    #[cfg(test)]
    pub(super) fn of_command(words: &[&str], program: &str, patience: Duration) -> Self {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Self { program: program.to_owned(), words, patience, is_apart: true }
    }

    /// As messages call it.
    pub(super) fn program(&self) -> &str {
        &self.program
    }

    /// Its credentials for a server. `None` if it has none; any failure is an error.
    pub(super) fn get(&self, server: &str) -> Result<Option<Login>, CredentialsError> {
        let run = self.run("get", server.as_bytes().to_vec())?;
        if !run.status.success() {
            // The one failure that is none; its words are part of the protocol.
            let is_absent = run.says("credentials not found");
            return if is_absent { Ok(None) } else { Err(self.failed("get", &run)) };
        }
        let reply: Reply = serde_json::from_slice(&run.answer)
            .map_err(|_| self.fault("did not answer with `Username` and `Secret` in JSON"))?;
        let is_meant = key::is_same(key::host_of(&reply.server), key::host_of(server));
        if !reply.server.is_empty() && !is_meant {
            return Err(self.fault("answered with the credentials of another registry"));
        }
        let secret = Secret::new(reply.secret);
        Ok(match reply.username.as_str() {
            _ if secret.is_empty() => None,
            TOKEN_USER => Some(Login::IdentityToken { token: secret }),
            _ => Some(Login::Password { user: reply.username, password: secret }),
        })
    }

    /// Gives it credentials to keep, and looks whether it has them then.
    pub(super) fn store(&self, server: &str, login: &Login) -> Result<(), CredentialsError> {
        let (user, secret) = match login {
            Login::Password { user, password } => (user.as_str(), password),
            Login::IdentityToken { token } => (TOKEN_USER, token),
        };
        let input = json!({"ServerURL": server, "Username": user, "Secret": secret.expose()});
        let run = self.run("store", input.to_string().into_bytes())?;
        if !run.status.success() {
            return Err(self.failed("store", &run));
        }
        match self.get(server)? {
            Some(kept) if is_same(&kept, login) => Ok(()),
            Some(_) => Err(self.fault(
                "said that it keeps the credentials, and answers with others: \
                 one that makes its own needs no login",
            )),
            None => Err(self.fault("said that it keeps the credentials, and has none")),
        }
    }

    /// Lets it forget a server, and looks whether it has; tells whether it had credentials.
    pub(super) fn erase(&self, server: &str) -> Result<bool, CredentialsError> {
        if self.get(server)?.is_none() {
            return Ok(false);
        }
        let run = self.run("erase", server.as_bytes().to_vec())?;
        if !run.status.success() && !run.says("credentials not found") {
            return Err(self.failed("erase", &run));
        }
        match self.get(server)? {
            Some(_) => Err(self.fault(
                "said that it forgot the credentials, and still gives some: \
                 one that makes its own knows no logout",
            )),
            None => Ok(true),
        }
    }

    fn fault(&self, what: impl Into<String>) -> CredentialsError {
        CredentialsError::Helper { program: self.program.clone(), what: what.into() }
    }

    /// None of its words are shown: there may be anything in them.
    fn failed(&self, verb: &str, run: &Run) -> CredentialsError {
        if verb != "get" && (run.says("not implemented") || run.says("unsupported")) {
            return self
                .fault(format!("knows no `{verb}`: it makes its own credentials, and needs no login"));
        }
        let what = if verb == "get" { "" } else { &format!(" to {verb} credentials") };
        self.fault(format!("failed{what} ({})", run.status))
    }

    /// Runs it, with this on its stdin.
    fn run(&self, verb: &str, input: Vec<u8>) -> Result<Run, CredentialsError> {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).arg(verb);
        // What it says on stderr has no bound, may hold anything, and would keep our own open as long as its children live.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        #[cfg(unix)]
        if self.is_apart {
            command.process_group(0);
        }
        let spawned = command.spawn();
        let mut child = spawned.map_err(|error| self.fault(format!("cannot be run: {error}")))?;
        let stdin = child.stdin.take();
        thread::spawn(move || {
            // A helper that does not read its input shows that by its answer.
            let _ = stdin.map(|mut stdin| stdin.write_all(&input));
        });
        let stdout = child.stdout.take();
        let reader = thread::spawn(move || {
            let mut answer = Vec::new();
            let outcome = stdout.map(|stdout| stdout.take(LARGEST + 1).read_to_end(&mut answer));
            outcome.transpose().map(|_| answer)
        });
        let begun = Instant::now();
        // A helper that says too much stops when nobody reads; so the reader's end is looked at, and then the helper's.
        while !reader.is_finished() {
            self.pause(&mut child, begun)?;
        }
        let answer = reader.join().unwrap_or_else(|_| Ok(Vec::new()));
        let answer = answer.map_err(|error| self.fault(format!("cannot be read: {error}")))?;
        if answer.len() as u64 > LARGEST {
            self.end(&mut child);
            return Err(self.fault(format!("answered with more than {LARGEST} bytes")));
        }
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return Ok(Run { status, answer }),
                Ok(None) => self.pause(&mut child, begun)?,
                Err(error) => return Err(self.fault(format!("cannot be waited for: {error}"))),
            }
        }
    }

    fn pause(&self, child: &mut Child, begun: Instant) -> Result<(), CredentialsError> {
        if runtime::interrupted().is_some() {
            self.end(child);
            return Err(CredentialsError::Interrupted);
        }
        if begun.elapsed() >= self.patience {
            self.end(child);
            return Err(self.fault(format!("did not answer within {:?}", self.patience)));
        }
        thread::sleep(GLANCE);
        Ok(())
    }

    /// It may have ended by itself; either way nothing is left of it, and of its children where it has its own group.
    fn end(&self, child: &mut Child) {
        #[cfg(unix)]
        if self.is_apart {
            let group = rustix::process::Pid::from_child(child);
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn is_same(left: &Login, right: &Login) -> bool {
    match (left, right) {
        (Login::Password { user, password }, Login::Password { user: other, password: secret }) => {
            user == other && password.expose() == secret.expose()
        }
        (Login::IdentityToken { token }, Login::IdentityToken { token: other }) => {
            token.expose() == other.expose()
        }
        _ => false,
    }
}
