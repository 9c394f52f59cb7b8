//! `torte serve`: an OCI registry in this process, until it is told to stop.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use super::Context;
use crate::cli::Serve;
use crate::disk::{self, Scratch};
use crate::output::{self, Answer, Exit};
use crate::repository::{Error, ErrorKind};
use crate::runtime;
use crate::serve::{Auth, Entry, Log, Mode, Options, ServeError, Tls, Users, start};
use crate::settings::{self, Usage, Voice};
use crate::store::Store;

mod ending;

use ending::Ending;

/// How long what is in flight may take to its end when the registry is told to stop.
const FINISHING: Duration = Duration::from_secs(30);

pub(super) fn run(arguments: &Serve, context: &Context<'_>) -> anyhow::Result<Answer> {
    let is_quiet = context.settings.voice == Voice::Quiet;
    let options = options(arguments, is_quiet)?;
    let (root, folder) = root(arguments)?;
    if !is_quiet {
        for warning in warnings(arguments, &options, &root) {
            output::say(&format!("warning: {warning}"));
        }
    }
    let ending = Ending::watch(folder)?;
    runtime::allow_many_files();
    runtime::use_workers(context.settings.threads.min(4));
    let running = start(Store::new(root), options).map_err(said)?;
    output::announce(&running.address().to_string())?;
    if !is_quiet {
        output::say(&format!("serving on {}; end it with Ctrl-C", running.address()));
    }
    let signal = ending.wait()?;
    let is_finished = running.stop(FINISHING);
    ending.finish();
    let exit = if is_finished { Exit::Done } else { Exit::Interrupted(signal) };
    Ok(Answer { exit, ..Answer::default() })
}

fn options(arguments: &Serve, is_quiet: bool) -> anyhow::Result<Options> {
    let mut options = Options::new(address(&arguments.listen)?, settings::clock());
    options.allow_anonymous = arguments.allow_anonymous;
    options.mode = match (arguments.ttl, arguments.read_only) {
        (true, _) => Mode::Expiring,
        (_, true) => Mode::ReadOnly,
        _ => Mode::Keeping,
    };
    if let Some(file) = &arguments.auth {
        options.auth = Auth::Users(Arc::new(Users::read(file).context("cannot ask for users")?));
    }
    if let (Some(certificate), Some(key)) = (&arguments.tls_cert, &arguments.tls_key) {
        options.tls = Some(Tls::read(certificate, key).context("cannot speak TLS")?);
    }
    if !is_quiet {
        options.log = Arc::new(Said);
    }
    Ok(options)
}

/// What is served, and the folder that goes with the process where none was named.
fn root(arguments: &Serve) -> anyhow::Result<(PathBuf, Option<Scratch>)> {
    let cannot = |path: &Path| format!("cannot serve {}", path.display());
    let Some(root) = &arguments.root else {
        let parent = settings::temporary_directory();
        let folder = Scratch::make(&parent, "torte-serve-").map_err(|error| {
            let what = "no temporary directory can be made".to_owned();
            let error = Error::new(ErrorKind::Refused, parent.display().to_string(), what).because(error);
            error
                .hinting("name a directory with `--root DIR`, or a place for such with the variable `TMPDIR`")
        })?;
        return Ok((folder.path(), Some(folder)));
    };
    if !arguments.read_only {
        disk::create_directories(root).with_context(|| cannot(root))?;
    } else if !root.is_dir() {
        let place = root.display().to_string();
        if root.exists() {
            let in_the_way = disk::Error::InTheWay { path: root.clone(), expected: "a directory" };
            return Err(anyhow::Error::new(in_the_way).context(cannot(root)));
        }
        let missing = Error::new(ErrorKind::NotFound, place, "there is no such directory");
        return Err(anyhow::Error::new(missing).context(cannot(root)));
    }
    Ok((root.clone(), None))
}

fn address(text: &str) -> Result<SocketAddr, Usage> {
    text.parse().map_err(|_| {
        Usage::new(
            format!("`{text}` is not an address to listen on"),
            "write it as `127.0.0.1:5000`, or `0.0.0.0:5000` for clients on other machines",
        )
    })
}

fn said(error: ServeError) -> anyhow::Error {
    match error {
        ServeError::Unguarded(_) => Usage::new(
            error.to_string(),
            "name users with `--auth FILE`, or let everybody in with `--allow-anonymous`",
        )
        .into(),
        ServeError::Listen { address, ref cause } => match hint(cause, address.port()) {
            Some(hint) => {
                let place = address.to_string();
                Error::new(ErrorKind::Refused, place, error.to_string()).because(error).hinting(hint).into()
            }
            None => error.into(),
        },
        error @ ServeError::Runtime(_) => error.into(),
    }
}

/// What to do where an address cannot be listened on.
fn hint(cause: &io::Error, port: u16) -> Option<String> {
    match cause.kind() {
        io::ErrorKind::AddrInUse => Some(
            "another program listens there: choose another port, or `--listen 127.0.0.1:0` for any that is free".into(),
        ),
        io::ErrorKind::AddrNotAvailable => {
            Some(format!("it is no address of this machine; `0.0.0.0:{port}` stands for all that it has"))
        }
        io::ErrorKind::PermissionDenied if port < 1024 => {
            Some("ports below 1024 are kept for the system: choose another, such as 5000".into())
        }
        _ => None,
    }
}

/// What the user may not have thought of.
fn warnings(arguments: &Serve, options: &Options, root: &Path) -> Vec<String> {
    let is_open = !options.listen.ip().to_canonical().is_loopback();
    let mut warnings = Vec::new();
    if is_open && arguments.auth.is_some() && arguments.tls_cert.is_none() {
        warnings.push(
            "passwords come over plain HTTP, for anybody on the way to read; see `--tls-cert`".to_owned(),
        );
    }
    let shown = root.display();
    if root.join("oci-layout").is_file() {
        warnings.push(format!(
            "`{shown}` is a repository of its own, which is not served; name the directory that it is in"
        ));
    }
    if !arguments.read_only && !disk::may_write_into(root) {
        warnings.push(format!(
            "no repository can be made in `{shown}`, for want of permission; `--read-only` serves what is there"
        ));
    }
    warnings
}

/// The access log: a line a request on standard error.
struct Said;

impl Log for Said {
    fn request(&self, entry: &Entry) {
        output::say(&entry.line());
    }

    fn trouble(&self, what: &str) {
        output::say(&format!("warning: {what}"));
    }
}
