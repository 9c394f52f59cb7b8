//! Credential helpers: `docker-credential-X get`, the registry on stdin, JSON on stdout.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::{CredentialsError, Login};
use crate::registry::secret::Secret;
use crate::runtime;

/// How long a helper may take; it may have to ask the user.
const LONGEST: Duration = Duration::from_secs(30);
/// The longest answer that is read, in bytes.
const LARGEST: u64 = 64 * 1024;
/// The user name that says that the secret is an identity token.
const TOKEN_USER: &str = "<token>";
/// How often the helper's end is looked for.
const GLANCE: Duration = Duration::from_millis(5);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Reply {
    username: String,
    secret: String,
}

/// Asks the helper of this name. `None` if it has no credentials for the server; any failure is an error.
pub(super) fn get(suffix: &str, server: &str) -> Result<Option<Login>, CredentialsError> {
    let shown: String = suffix.chars().filter(|letter| !letter.is_control()).take(80).collect();
    let program = format!("docker-credential-{shown}");
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || "_.-".contains(letter);
    if suffix.is_empty() || !suffix.chars().all(is_name) {
        let what = "is not run: its name may hold letters, digits, `_`, `.` and `-` only".to_owned();
        return Err(CredentialsError::Helper { program, what });
    }
    ask(Command::new(&program).arg("get"), &program, server, LONGEST)
}

/// Runs the command, which may take so long.
pub(super) fn ask(
    command: &mut Command,
    program: &str,
    server: &str,
    longest: Duration,
) -> Result<Option<Login>, CredentialsError> {
    let failed = |what: String| CredentialsError::Helper { program: program.to_owned(), what };
    // Its stderr stays ours: a helper may tell the user there what it waits for.
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| failed(format!("cannot be run: {error}")))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A helper that does not read its input shows that by its answer.
        let _ = stdin.write_all(server.as_bytes());
    }
    let stdout = child.stdout.take();
    let reader = thread::spawn(move || {
        let mut answer = Vec::new();
        let outcome = stdout.map(|stdout| stdout.take(LARGEST + 1).read_to_end(&mut answer));
        outcome.transpose().map(|_| answer)
    });
    let begun = Instant::now();
    // A helper that says too much stops when nobody reads; so the reader's end is looked at, and then the helper's.
    while !reader.is_finished() {
        pause(&mut child, begun, longest, &failed)?;
    }
    let answer = reader.join().unwrap_or_else(|_| Ok(Vec::new()));
    let answer = answer.map_err(|error| failed(format!("cannot be read: {error}")))?;
    if answer.len() as u64 > LARGEST {
        end(&mut child);
        return Err(failed(format!("answered with more than {LARGEST} bytes")));
    }
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) => pause(&mut child, begun, longest, &failed)?,
            Err(error) => return Err(failed(format!("cannot be waited for: {error}"))),
        }
    };
    if !status.success() {
        // The one failure that is none; its words are part of the protocol.
        let is_absent = String::from_utf8_lossy(&answer).to_lowercase().contains("credentials not found");
        return if is_absent { Ok(None) } else { Err(failed(format!("failed ({status})"))) };
    }
    let reply: Reply = serde_json::from_slice(&answer)
        .map_err(|_| failed("did not answer with `Username` and `Secret` in JSON".to_owned()))?;
    let secret = Secret::new(reply.secret);
    Ok(match reply.username.as_str() {
        _ if secret.is_empty() => None,
        TOKEN_USER => Some(Login::IdentityToken { token: secret }),
        _ => Some(Login::Password { user: reply.username, password: secret }),
    })
}

fn pause(
    child: &mut Child,
    begun: Instant,
    longest: Duration,
    failed: &impl Fn(String) -> CredentialsError,
) -> Result<(), CredentialsError> {
    if runtime::interrupted().is_some() {
        end(child);
        return Err(CredentialsError::Interrupted);
    }
    if begun.elapsed() >= longest {
        end(child);
        return Err(failed(format!("did not answer within {} s", longest.as_secs())));
    }
    thread::sleep(GLANCE);
    Ok(())
}

fn end(child: &mut Child) {
    // It may have ended by itself; either way nothing is left of it.
    let _ = child.kill();
    let _ = child.wait();
}
