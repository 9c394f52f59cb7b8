//! What git says of a directory: revision, origin, and whether anything is not committed.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};

/// Where a directory's content came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The commit.
    pub revision: String,
    /// The branch that it is on, or else a tag that it has.
    pub name: Option<String>,
    /// The address of the remote `origin`, without credentials; `None` where there is no such remote.
    pub source: Option<String>,
    /// Whether tracked files differ from the commit, or files are not tracked.
    pub is_dirty: bool,
}

impl Origin {
    /// The revision as Flux writes and shows it: `main@sha1:…`, or `sha1:…` where the commit has no name (RFC-0005).
    pub fn named_revision(&self) -> String {
        // Git knows two algorithms, told apart by their length.
        let algorithm = if self.revision.len() == 64 { "sha256" } else { "sha1" };
        let name = self.name.as_ref().map(|name| format!("{name}@")).unwrap_or_default();
        format!("{name}{algorithm}:{}", self.revision)
    }
}

/// Whether a directory, or one above it, is kept in git; asks only the file system.
pub fn is_kept(directory: &Path) -> bool {
    let Ok(directory) = directory.canonicalize() else { return false };
    directory.ancestors().any(|above| above.join(".git").exists())
}

/// Why git cannot tell.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The program cannot be started.
    #[error("cannot run `git`: {0}")]
    Missing(#[source] io::Error),
    /// There is no commit to name.
    #[error("`{directory}` is not in a git repository with a commit: {said}")]
    NoCommit {
        /// The directory.
        directory: String,
        /// What git said.
        said: String,
    },
    /// A command that should work did not.
    #[error("`git {command}` failed: {said}")]
    Failed {
        /// The command's words.
        command: String,
        /// What git said.
        said: String,
    },
}

/// The most that is kept of git's output, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Asks git about a directory.
pub fn origin(directory: &Path) -> Result<Origin, GitError> {
    let revision = match git(directory, &["rev-parse", "--verify", "HEAD^{commit}"])? {
        Ok(revision) => revision,
        Err(said) => return Err(GitError::NoCommit { directory: directory.display().to_string(), said }),
    };
    let name = match git(directory, &["symbolic-ref", "--short", "-q", "HEAD"])? {
        Ok(branch) => Some(branch),
        Err(_) => git(directory, &["describe", "--tags", "--exact-match"])?.ok(),
    };
    let source = git(directory, &["remote", "get-url", "origin"])?.ok();
    let status = ["status", "--porcelain", "--untracked-files=normal", "--", "."];
    let changes = git(directory, &status)?;
    let changes = changes.map_err(|said| GitError::Failed { command: status.join(" "), said })?;
    let source = source.filter(|source| !source.is_empty()).map(|source| without_credentials(&source));
    Ok(Origin { revision, name, source, is_dirty: !changes.is_empty() })
}

/// Runs git and gives its output, or what it said where it failed.
fn git(directory: &Path, arguments: &[&str]) -> Result<Result<String, String>, GitError> {
    let mut git = Command::new("git");
    git.arg("-C").arg(directory).args(arguments).env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0");
    outcome(&mut git).map_err(GitError::Missing)
}

/// Runs a program and gives its output, or the first line of what it said where it failed.
fn outcome(program: &mut Command) -> io::Result<Result<String, String>> {
    let mut child = program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (output, said) = (child.stdout.take(), child.stderr.take());
    // It waits where nobody reads what it writes, on whichever of the two.
    let (output, said) = std::thread::scope(|scope| {
        let said = scope.spawn(|| text(said));
        (text(output), said.join())
    });
    let said = said.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    let (output, status) = (output?, child.wait()?);
    Ok(if status.success() { Ok(output) } else { Err(said.lines().next().unwrap_or_default().to_owned()) })
}

/// The beginning of a stream, which is read to its end: whoever writes to one that is closed is ended.
fn text(stream: Option<impl Read>) -> io::Result<String> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        stream.by_ref().take(LONGEST).read_to_end(&mut bytes)?;
        io::copy(&mut stream, &mut io::sink())?;
    }
    Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
}

/// An address without what may be secret: `https://u:p@host/x?token=t#y` is `https://host/x`.
///
/// Query and fragment go, and so do user and password; the user of an SSH address (`git@host:x`, `ssh://git@host/x`) is
/// no secret and stays. A path on this machine stays as it is.
pub fn without_credentials(address: &str) -> String {
    let is_path = address.starts_with('.') || (address.starts_with('/') && !address.starts_with("//"));
    if is_path {
        return address.to_owned();
    }
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = match address.find("//") {
        // Two slashes further on, as in `host:a//b`, begin no authority.
        Some(at) if at == 0 || address[..at].ends_with(':') => address.split_at(at + 2),
        _ => ("", address),
    };
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let Some((login, host)) = authority.rsplit_once('@') else {
        return address.to_owned();
    };
    let user = login.split(':').next().unwrap_or_default();
    let is_ssh = scheme.ends_with("ssh://") || (scheme.is_empty() && host.contains(':'));
    if is_ssh && !user.is_empty() {
        return format!("{scheme}{user}@{host}{path}");
    }
    format!("{scheme}{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_program_may_say_more_than_is_kept() {
        let said = |script: &str| outcome(Command::new("sh").args(["-c", script])).unwrap();
        let megabyte = "head -c 1000000 /dev/zero | tr '\\0' x";
        let Ok(output) = said(&format!("set -e; {megabyte}; {megabyte} >&2; {megabyte}")) else {
            panic!("it was not let finish");
        };
        assert!(output.len() as u64 == LONGEST && output.bytes().all(|byte| byte == b'x'));
        assert_eq!(said(&format!("{megabyte}; echo why >&2; {megabyte} >&2; exit 3")), Err("why".to_owned()));
    }

    #[test]
    fn a_very_dirty_directory_is_dirty() {
        let folder = tempfile::tempdir().unwrap();
        let run = |arguments: &[&str]| git(folder.path(), arguments).unwrap().unwrap();
        run(&["init", "-q"]);
        run(&["-c", "user.name=x", "-c", "user.email=x", "commit", "-q", "--allow-empty", "-m", "x"]);
        assert!(!origin(folder.path()).unwrap().is_dirty);
        for at in 0..2_000 {
            std::fs::write(folder.path().join(format!("{at}-{}", "x".repeat(100))), "").unwrap();
        }
        assert!(origin(folder.path()).unwrap().is_dirty);
    }

    #[test]
    fn addresses_lose_their_secrets() {
        for (given, kept) in [
            ("https://u:p@example.com/x.git", "https://example.com/x.git"),
            ("https://token@example.com/x", "https://example.com/x"),
            ("https://a:b@c:d@example.com:8443/x", "https://example.com:8443/x"),
            ("https://example.com/x@y", "https://example.com/x@y"),
            ("ssh://git:pw@example.com/x", "ssh://git@example.com/x"),
            ("https://example.com/x?access_token=secret#y", "https://example.com/x"),
            ("https://u:p@example.com/x.git?token=secret", "https://example.com/x.git"),
            ("https://example.com?token=a@b", "https://example.com"),
            ("ssh://git:pw@example.com/x?token=secret", "ssh://git@example.com/x"),
            ("git@example.com:x.git", "git@example.com:x.git"),
            ("u:pw@example.com:o/r", "u@example.com:o/r"),
            ("u:pw@example.com:o//r#secret", "u@example.com:o//r"),
            ("//u:pw@example.com/x", "//example.com/x"),
            ("u:pw@example.com/x", "example.com/x"),
            ("example.com:o/r@v2", "example.com:o/r@v2"),
            ("/srv/git/x", "/srv/git/x"),
            ("/srv/git/u:p@x#1", "/srv/git/u:p@x#1"),
            ("../x?y", "../x?y"),
        ] {
            assert_eq!(without_credentials(given), kept);
        }
    }
}
