//! `torte serve`: a small registry on loopback, until it is interrupted.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use super::Context;
use crate::cli::Serve;
use crate::disk;
use crate::output::{self, Answer, Exit};
use crate::runtime;
use crate::serve::{Auth, Dated, Entry, Log, Options, start};
use crate::settings::{self, Usage, Voice};
use crate::store::Store;

pub(super) fn run(arguments: &Serve, context: &Context<'_>) -> anyhow::Result<Answer> {
    let address = address(&arguments.listen)?;
    // Goes with the process; a root that was named stays.
    let temporary = match &arguments.root {
        Some(_) => None,
        None => Some(tempfile::Builder::new().prefix("torte-serve-").tempdir()?),
    };
    let root = arguments.root.clone().or_else(|| temporary.as_ref().map(|place| place.path().to_owned()));
    let log: Arc<dyn Log> = if context.settings.voice > Voice::Quiet { Arc::new(Said) } else { Arc::new(()) };
    let root = root.unwrap_or_default();
    disk::create_directories(&root).with_context(|| format!("cannot serve {}", root.display()))?;
    runtime::watch_interrupts()?;
    let options = Options { listen: address, auth: Auth::Open, log };
    let shelf = Dated { store: Store::new(root), clock: settings::clock() };
    let running = start(Arc::new(shelf), options)?;
    output::announce(&running.address().to_string())?;
    output::say(&format!("serving on {}; end it with Ctrl-C", running.address()));
    while runtime::interrupted().is_none() {
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(running);
    Ok(Answer { exit: Exit::Done, ..Answer::default() })
}

/// Loopback alone: whoever reaches this registry may write to it.
fn address(text: &str) -> Result<SocketAddr, Usage> {
    let address: Option<SocketAddr> = text.parse().ok();
    address.filter(|address| address.ip().is_loopback()).ok_or_else(|| {
        Usage::new(
            format!("cannot listen on `{text}`"),
            "name an address of loopback, such as `127.0.0.1:5000`",
        )
    })
}

/// The access log: a line a request on standard error.
struct Said;

impl Log for Said {
    fn request(&self, entry: &Entry) {
        output::say(&format!("{} {} {}", entry.method, entry.target, entry.status));
    }
}
