//! One repository at one registry: where it is, how it is spoken to, and the road that every request takes.

use std::sync::{Arc, OnceLock};

use reqwest::header::{HeaderValue, LOCATION};
use reqwest::{Method, StatusCode, Url};

use super::address;
use super::answer::{Answer, Opened};
use super::auth::Auth;
use super::call::Call;
use super::client::Client;
use super::counters::Counters;
use super::credentials::Credentials;
use super::redirect;
use super::reply::{self, Refusal};
use super::retry::{self, Fault, Policy, Tries};
use super::upload::Probe;
use super::{Target, secret, tls};
use crate::oci::{DOCKER_HUB, Name};
use crate::repository::{Error, ErrorKind};

pub(super) struct Endpoint {
    /// As a user would write it.
    pub(super) place: Arc<str>,
    /// The repository as the registry knows it.
    pub(super) name: Name,
    /// `https://host/v2/name/`.
    pub(super) base: Url,
    pub(super) client: Client,
    pub(super) auth: Auth,
    pub(super) counters: Arc<Counters>,
    /// Whether it takes a blob from another repository of its own.
    pub(super) mounts: Probe,
    /// Whether it takes small blobs in one request.
    pub(super) whole_uploads: Probe,
    /// Whether it lists referrers, where that is known for certain.
    pub(super) lists_referrers: OnceLock<bool>,
}

impl Endpoint {
    pub(super) fn new(target: &Target, credentials: &Credentials, client: &Client) -> Result<Self, Error> {
        let place = format!("{}/{}", target.host, target.name);
        let is_hub = DOCKER_HUB.contains(&target.host.as_str());
        let [.., server] = DOCKER_HUB;
        let host = if is_hub { server } else { target.host.as_str() };
        let is_bare = !target.name.as_str().contains('/');
        let name =
            if is_hub && is_bare { format!("library/{}", target.name) } else { target.name.to_string() };
        let scheme = if target.plain_http { "http" } else { "https" };
        let refused = |what: String| Error::new(ErrorKind::Refused, &place, what);
        let base = format!("{scheme}://{host}/v2/{name}/");
        let base = base.parse().map_err(|_| refused(format!("`{host}` is not the name of a host")))?;
        let name = name.parse().map_err(|_| refused(format!("`{name}` is longer than a name may be")))?;
        Ok(Self {
            auth: Auth::new(credentials.clone(), target),
            place: place.into(),
            name,
            base,
            client: client.clone(),
            counters: Arc::default(),
            mounts: Probe::default(),
            whole_uploads: Probe::default(),
            lists_referrers: OnceLock::new(),
        })
    }

    /// Whether it is spoken to without TLS.
    pub(super) fn is_plain_http(&self) -> bool {
        self.base.scheme() == "http"
    }

    /// An address below the repository's own, such as `manifests/v1`.
    pub(super) fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        // Tags, digests and fixed words only: nothing that would have to be escaped.
        url.set_path(&format!("{}{path}", self.base.path()));
        url
    }

    pub(super) fn error(&self, kind: ErrorKind, what: impl Into<String>) -> Error {
        let error = Error::new(kind, &*self.place, what);
        match self.auth.variables().filter(|_| kind == ErrorKind::Unauthorized) {
            Some(variables) => error.because(variables.clone()),
            None => error,
        }
    }

    pub(super) fn trace(&self, line: &str) {
        if let Some(trace) = &self.client.options().trace {
            trace(line);
        }
    }

    /// Does some work, and again where a later try may help.
    pub(super) fn attempts<T>(&self, work: impl FnMut() -> Result<T, Fault>) -> Result<T, Error> {
        self.tries().run(|line| self.trace(line), work)
    }

    /// The tries for one piece of work.
    pub(super) fn tries(&self) -> Tries {
        let options = self.client.options();
        Policy { retries: options.retries, pause: options.pause }.tries()
    }

    /// Makes a request, again if need be, and reads the answer's body, which may be so many bytes long.
    ///
    /// Any status that will not change is an answer, refusals too.
    pub(super) fn ask(&self, call: &Call<'_>, limit: u64) -> Result<Answer, Error> {
        self.attempts(|| self.ask_once(call, limit))
    }

    /// As [`ask`](Self::ask), without another try.
    pub(super) fn ask_once(&self, call: &Call<'_>, limit: u64) -> Result<Answer, Fault> {
        let opened = self.once(call)?;
        if opened.status.is_success() { opened.read(limit) } else { Ok(opened.read_error()) }
    }

    /// One try of a request: with credentials where the registry asks for them, and along its redirects.
    pub(super) fn once(&self, call: &Call<'_>) -> Result<Opened, Fault> {
        let mut authorization = self.authorization(&call.scope)?;
        let mut is_renewed = false;
        let mut is_asked_again = false;
        loop {
            let opened = self.follow(call, authorization.as_ref())?;
            let is_own = address::same_origin(&opened.url, &self.base);
            match opened.status {
                StatusCode::UNAUTHORIZED if is_own && !is_renewed => {
                    let answer = opened.read_error();
                    let renewed = self.renew(&answer, &call.scope, authorization.as_ref(), &call.about)?;
                    (authorization, is_renewed) = (Some(renewed), true);
                }
                // A signed address may have run out; the registry makes a new one.
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
                    if !is_own && !is_asked_again && call.method == Method::GET =>
                {
                    is_asked_again = true;
                }
                status if retry::is_passing(status) => {
                    let wait = retry::wait(&opened.headers);
                    let answer = opened.read_error();
                    return Err(Fault::Passing { error: self.refused(&call.about, &answer), wait });
                }
                _ => return Ok(opened),
            }
        }
    }

    /// One request, and those that its redirects lead to. The credentials go to the registry's own origin only.
    fn follow(&self, call: &Call<'_>, authorization: Option<&HeaderValue>) -> Result<Opened, Fault> {
        let mut url = call.url.clone();
        let mut is_home = true;
        for _ in 0..=redirect::MOST_HOPS {
            // Who has left the registry does not come back with its credentials: a stranger chose the address.
            is_home &= address::same_origin(&url, &self.base);
            let own = authorization.filter(|_| is_home);
            let opened = self.exchange(call, &url, own)?;
            let location = opened.headers.get(LOCATION).and_then(|value| value.to_str().ok());
            let leads_on =
                redirect::is_redirect(opened.status) && redirect::keeps_method(opened.status, &call.method);
            let Some(location) = location.filter(|_| leads_on) else { return Ok(opened) };
            url = redirect::target(&url, location, &self.base, &call.method).map_err(|why| {
                let what = format!("cannot {}: the registry's redirect is not followed: {why}", call.about);
                self.error(ErrorKind::Refused, what)
            })?;
            opened.read_error();
        }
        let what = format!("cannot {}: the registry redirects in a circle or too often", call.about);
        Err(self.error(ErrorKind::Refused, what).into())
    }

    /// The error for an answer that refuses.
    pub(super) fn refused(&self, about: &str, answer: &Answer) -> Error {
        self.refused_by(about, answer, &Refusal::of(answer))
    }

    /// The same where the refusal was read already.
    pub(super) fn refused_by(&self, about: &str, answer: &Answer, refusal: &Refusal) -> Error {
        let kind = refusal.kind();
        let speaker = if address::same_origin(&answer.url, &self.base) {
            "the registry".to_owned()
        } else {
            format!("{}, to which the registry leads,", answer.url.host_str().unwrap_or_default())
        };
        let account = if kind == ErrorKind::Unauthorized { self.auth.account() } else { String::new() };
        let error = self.error(kind, format!("cannot {about}: {speaker} answered {refusal}{account}"));
        if answer.url.scheme() == "http" && refusal.may_want_tls() {
            return error.hinting(tls::with_tls(&answer.url));
        }
        error
    }

    /// The error for an answer that is not one of a registry; HTML is told apart.
    pub(super) fn nonsense(&self, about: &str, answer: &Answer, expected: &str) -> Error {
        let shown = secret::shown(&answer.url);
        let what = if reply::is_html(answer) {
            format!(
                "cannot {about}: {shown} is not a registry's answer but an HTML page; \
                 a proxy or a login page may stand in between"
            )
        } else {
            format!("cannot {about}: {shown} is not a registry's answer; expected {expected}")
        };
        self.error(ErrorKind::Refused, what)
    }
}
