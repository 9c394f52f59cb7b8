//! Whether a registry lets somebody in: `GET /v2/`, with credentials where it asks for them.

use reqwest::{Method, StatusCode};

use super::Target;
use super::call::{Call, Scope};
use super::client::Client;
use super::credentials::{Credentials, Given};
use super::endpoint::Endpoint;
use super::reply;
use crate::oci::Host;
use crate::repository::{Error, ErrorKind};

/// How a registry took somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It asked who it is, and took the answer.
    Granted,
    /// It lets everybody in, and did not look at the credentials.
    NotAsked,
}

/// The longest answer that is read, in bytes; it need not have any content.
const LONGEST: u64 = 64 * 1024;
const ABOUT: &str = "try the credentials";

/// Shows a registry a login, by itself or by its token server, and tells how it was taken. Nothing is kept.
///
/// Wrong credentials are [`ErrorKind::Unauthorized`], and so are those that must not be shown to the token server.
pub fn admit(host: &Host, plain_http: bool, given: Given, client: &Client) -> Result<Admission, Error> {
    let credentials = Credentials { given: Some(given), ..Credentials::default() };
    let endpoint = Endpoint::of_registry(host, plain_http, &credentials, client)?;
    let mut url = endpoint.base.clone();
    url.set_path("/v2/");
    let answer = endpoint.ask(&Call::new(Method::GET, url, Scope::Entry, ABOUT), LONGEST)?;
    if answer.status == StatusCode::NOT_FOUND {
        let what = format!("cannot {ABOUT}: {host} is not a registry: it has nothing at `/v2/` (404)");
        return Err(endpoint.error(ErrorKind::Refused, what));
    }
    if !answer.status.is_success() {
        return Err(endpoint.refused(ABOUT, &answer));
    }
    if reply::is_html(&answer) {
        return Err(endpoint.nonsense(ABOUT, &answer, "that of `/v2/`"));
    }
    match endpoint.auth.were_shown() {
        None => Ok(Admission::NotAsked),
        Some(true) => Ok(Admission::Granted),
        Some(false) => {
            let what = format!("cannot {ABOUT}: the registry let us in{}", endpoint.auth.account());
            Err(endpoint.error(ErrorKind::Unauthorized, what))
        }
    }
}

impl Endpoint {
    /// A registry as a whole.
    fn of_registry(
        host: &Host,
        plain_http: bool,
        credentials: &Credentials,
        client: &Client,
    ) -> Result<Self, Error> {
        let what = format!("`{ABOUT}` needs no repository");
        // Repositories have names, and this one is never asked for.
        let name = "v2".parse().map_err(|_| Error::new(ErrorKind::Refused, host.to_string(), what))?;
        let target = Target { host: host.clone(), name, plain_http };
        let endpoint = Self::new(&target, credentials, client)?;
        Ok(Self { place: host.to_string().into(), ..endpoint })
    }
}
