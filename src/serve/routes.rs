//! From a request to the handler that answers it: origin, route, permission, in this order.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use hyper::body::{Body as _, Incoming};
use hyper::header::{ALLOW, AUTHORIZATION, CONTENT_LENGTH, HeaderName};
use hyper::http::request::Parts;
use hyper::{Method, Request, StatusCode};
use tokio::sync::Semaphore;

use super::auth::{Caller, Guard, pairs};
use super::body::Arriving;
use super::limits::{AT_THE_DISK, Limits, MANIFESTS_AT_ONCE};
use super::log::{Entry, Log};
use super::publishing::Publishing;
use super::reply::{Refusal, Reply, empty, with};
use super::sessions::Sessions;
use super::shelf::{Mode, Shelf};
use super::tokens::Action;
use super::{blobs, listing, manifests, origin, uploads};
use crate::oci::{Digest, Name};
use crate::store::Layout;

/// The largest form that `/token` takes, in bytes.
const LARGEST_FORM: usize = 64 * 1024;
const VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");

/// Everything that a handler needs.
pub(super) struct Desk {
    pub(super) shelf: Shelf,
    pub(super) sessions: Sessions,
    pub(super) publishing: Publishing,
    pub(super) guard: Guard,
    pub(super) limits: Limits,
    /// Lets few manifests at once into memory.
    pub(super) parsing: Semaphore,
    /// Lets few requests at once wait for the disk.
    disk: Semaphore,
    pub(super) log: Arc<dyn Log>,
    on_loopback: bool,
    scheme: &'static str,
}

/// What a request is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    Version,
    Token,
    /// A tag or a digest, as it was written.
    Manifest(Name, String),
    Blob(Name, Digest),
    Uploads(Name),
    Upload(Name, String),
    Tags(Name),
    Referrers(Name, Digest),
}

impl Route {
    /// Reads a path; names may hold any of the protocol's own words, so it is read from its end.
    pub(super) fn parse(path: &str) -> Result<Self, Refusal> {
        let nowhere = || Refusal::absent("NAME_UNKNOWN", "no such route");
        match path {
            "/v2" | "/v2/" => return Ok(Self::Version),
            "/token" => return Ok(Self::Token),
            _ => {}
        }
        // The colon of a digest may come encoded.
        let path = path.strip_prefix("/v2/").ok_or_else(nowhere)?.replace("%3A", ":").replace("%3a", ":");
        let (before, last) = path.rsplit_once('/').ok_or_else(nowhere)?;
        if let Some(name) = path.strip_suffix("/blobs/uploads").or(path.strip_suffix("/blobs/uploads/")) {
            return Ok(Self::Uploads(name_of(name)?));
        }
        if let Some(name) = before.strip_suffix("/blobs/uploads") {
            return Ok(Self::Upload(name_of(name)?, last.to_owned()));
        }
        let (name, word) = before.rsplit_once('/').unwrap_or((before, ""));
        match (word, last) {
            ("manifests", _) => Ok(Self::Manifest(name_of(name)?, last.to_owned())),
            ("blobs", _) => Ok(Self::Blob(name_of(name)?, digest_of(last)?)),
            ("referrers", _) => Ok(Self::Referrers(name_of(name)?, digest_of(last)?)),
            ("tags", "list") => Ok(Self::Tags(name_of(name)?)),
            _ => Err(nowhere()),
        }
    }

    /// The repository that it is about.
    fn repository(&self) -> Option<&Name> {
        match self {
            Self::Version | Self::Token => None,
            Self::Manifest(name, _)
            | Self::Blob(name, _)
            | Self::Uploads(name)
            | Self::Upload(name, _)
            | Self::Tags(name)
            | Self::Referrers(name, _) => Some(name),
        }
    }

    /// What permission a method needs here.
    fn action(&self, method: &Method) -> Action {
        match self {
            // Asking after an upload and giving it up are part of writing.
            Self::Uploads(_) | Self::Upload(..) => Action::Push,
            _ if *method == Method::DELETE => Action::Delete,
            _ if *method == Method::GET || *method == Method::HEAD => Action::Pull,
            _ => Action::Push,
        }
    }
}

fn name_of(text: &str) -> Result<Name, Refusal> {
    text.parse().map_err(|error| Refusal::bad("NAME_INVALID", format!("{error}")))
}

/// Reads a digest from a path or a query.
pub(super) fn digest_of(text: &str) -> Result<Digest, Refusal> {
    text.parse().map_err(|error| Refusal::bad("DIGEST_INVALID", format!("{error}")))
}

impl Desk {
    /// A desk without sessions or tokens yet.
    pub(super) fn new(
        shelf: Shelf,
        guard: Guard,
        limits: Limits,
        log: Arc<dyn Log>,
        on_loopback: bool,
        scheme: &'static str,
    ) -> Arc<Self> {
        let sessions = Sessions::new(limits.idle, limits.uploads);
        let (parsing, disk) = (Semaphore::new(MANIFESTS_AT_ONCE), Semaphore::new(AT_THE_DISK));
        let publishing = Publishing::default();
        Arc::new(Self { shelf, sessions, publishing, guard, limits, parsing, disk, log, on_loopback, scheme })
    }

    /// Answers one request and logs it.
    pub(super) async fn answer(self: Arc<Self>, request: Request<Incoming>, from: IpAddr) -> Reply {
        let begun = Instant::now();
        let (head, body) = request.into_parts();
        let scheme = head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let mut entry = Entry {
            time: String::new(),
            from,
            user: None,
            method: head.method.to_string(),
            target: head.uri.path_and_query().map_or_else(String::new, ToString::to_string),
            scheme: scheme.and_then(|text| text.split(' ').next()).map(str::to_owned),
            status: 0,
            bytes: 0,
            took: begun.elapsed(),
        };
        let is_head = head.method == Method::HEAD;
        let mut body = Arriving::new(body, &head.headers, &self.limits);
        let reply = match self.route(head, &mut body, &mut entry).await {
            Ok(reply) => reply,
            Err(refusal) => {
                body.throw_away().await;
                refusal.into_reply()
            }
        };
        let reply = with(reply, VERSION, "registry/2.0");
        entry.time = self.shelf.now();
        entry.status = reply.status().as_u16();
        entry.bytes = if is_head { 0 } else { length(&reply) };
        entry.took = begun.elapsed();
        self.log.request(&entry);
        reply
    }

    /// Does what may block, with the shelf, on a thread that may.
    pub(super) async fn with_shelf<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Shelf) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let _turn = self.disk.acquire().await;
        let desk = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&desk.shelf)).await;
        done.map_err(|error| Refusal::from(std::io::Error::other(error)))?
    }

    async fn route(
        self: &Arc<Self>,
        head: Parts,
        body: &mut Arriving,
        entry: &mut Entry,
    ) -> Result<Reply, Refusal> {
        let host = origin::admit(&head.headers, &head.uri, self.on_loopback)?;
        let route = Route::parse(head.uri.path())?;
        let query = head.uri.query().unwrap_or_default();
        if route == Route::Token && matches!(head.method, Method::GET | Method::POST) {
            let form = body.whole(LARGEST_FORM).await?;
            return self.guard.token(&head.method, &head.headers, query, &form);
        }
        let wish = route.repository().map(|name| (name, route.action(&head.method)));
        let realm = format!("{}://{host}", self.scheme);
        let caller = self.guard.admit(&head.headers, entry.from, &realm, wish, &*self.log).await?;
        entry.user.clone_from(&caller.user);
        let ask = Ask {
            desk: Arc::clone(self),
            query: pairs(query),
            method: head.method,
            headers: head.headers,
            caller,
        };
        ask.dispatch(route, body).await
    }
}

/// The length of an answer's body.
fn length(reply: &Reply) -> u64 {
    let said = reply.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    said.or(reply.body().size_hint().exact()).unwrap_or_default()
}

/// One admitted request without its body.
pub(super) struct Ask {
    pub(super) desk: Arc<Desk>,
    pub(super) method: Method,
    pub(super) headers: hyper::HeaderMap,
    pub(super) query: Vec<(String, String)>,
    pub(super) caller: Caller,
}

impl Ask {
    async fn dispatch(self, route: Route, body: &mut Arriving) -> Result<Reply, Refusal> {
        if self.desk.shelf.mode == Mode::ReadOnly && !matches!(self.method.as_str(), "GET" | "HEAD") {
            return Err(not_allowed("GET, HEAD", "this registry is read-only"));
        }
        match (route, self.method.as_str()) {
            (Route::Version, "GET" | "HEAD") => Ok(empty(StatusCode::OK)),
            (Route::Manifest(name, at), "GET" | "HEAD") => manifests::get(&self, name, &at).await,
            (Route::Manifest(name, at), "PUT") => manifests::put(&self, name, &at, body).await,
            (Route::Manifest(name, at), "DELETE") => manifests::delete(&self, name, &at).await,
            (Route::Blob(name, digest), "GET" | "HEAD") => blobs::get(&self, name, digest).await,
            (Route::Blob(name, digest), "DELETE") => blobs::delete(&self, name, digest).await,
            (Route::Uploads(name), "POST") => uploads::begin(&self, name, body).await,
            (Route::Upload(name, id), "PATCH") => uploads::add(&self, &name, &id, body).await,
            (Route::Upload(name, id), "PUT") => uploads::finish(&self, name, &id, body).await,
            (Route::Upload(name, id), "GET" | "HEAD") => uploads::status(&self, &name, &id).await,
            (Route::Upload(name, id), "DELETE") => uploads::cancel(&self, &name, &id).await,
            (Route::Tags(name), "GET" | "HEAD") => listing::tags(&self, name).await,
            (Route::Referrers(name, of), "GET" | "HEAD") => listing::referrers(&self, name, of).await,
            (route, _) => {
                let allowed = allowed(&route);
                Err(not_allowed(allowed, &format!("expected {allowed}")))
            }
        }
    }

    /// The first value of a query parameter.
    pub(super) fn parameter(&self, key: &str) -> Option<&str> {
        self.parameters(key).next()
    }

    /// All values of a query parameter.
    pub(super) fn parameters(&self, key: &str) -> impl Iterator<Item = &str> {
        self.query.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The value of a header, if it is text.
    pub(super) fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Does what may block, with the repository of this name if there is one, on a thread that may.
    pub(super) async fn with_repository<T: Send + 'static>(
        &self,
        name: Name,
        work: impl FnOnce(Option<Layout>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.with_shelf(move |shelf| work(shelf.open(&name)?)).await
    }

    /// See [`Desk::with_shelf`].
    pub(super) async fn with_shelf<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shelf) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.desk.with_shelf(work).await
    }
}

fn allowed(route: &Route) -> &'static str {
    match route {
        Route::Token => "GET, POST",
        Route::Version | Route::Tags(_) | Route::Referrers(..) => "GET, HEAD",
        Route::Blob(..) => "GET, HEAD, DELETE",
        Route::Manifest(..) => "GET, HEAD, PUT, DELETE",
        Route::Uploads(_) => "POST",
        Route::Upload(..) => "GET, HEAD, PATCH, PUT, DELETE",
    }
}

fn not_allowed(allowed: &'static str, message: &str) -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED", message).with(ALLOW, allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_hold_the_words_of_the_protocol() {
        let digest = Digest::of(b"");
        let name = |text: &str| text.parse::<Name>().unwrap();
        let of = |path: &str| Route::parse(path).unwrap();
        assert_eq!(of("/v2/"), Route::Version);
        let tagged = Route::Manifest(name("a/blobs"), "v1".into());
        assert_eq!(of("/v2/a/blobs/manifests/v1"), tagged);
        assert_eq!(
            of(&format!("/v2/tags/list/blobs/{digest}")),
            Route::Blob(name("tags/list"), digest.clone())
        );
        let encoded = digest.to_string().replace(':', "%3A");
        assert_eq!(of(&format!("/v2/a/referrers/{encoded}")), Route::Referrers(name("a"), digest));
        assert_eq!(of("/v2/a/b/blobs/uploads/"), Route::Uploads(name("a/b")));
        assert_eq!(of("/v2/a/b/blobs/uploads/77"), Route::Upload(name("a/b"), "77".into()));
        assert_eq!(of("/v2/tags/tags/list"), Route::Tags(name("tags")));
    }

    #[test]
    fn what_is_no_route_is_refused() {
        for path in
            ["/", "/v1/", "/v2/_catalog", "/v2/a", "/v2/a/tags/all", "/v2/A/tags/list", "/v2/../manifests/x"]
        {
            assert!(Route::parse(path).is_err(), "{path}");
        }
        for path in ["/v2/manifests/v1", "/v2//manifests/v1", "/v2/a/blobs/v1", "/v2/a/referrers/sha256:zz"] {
            assert!(Route::parse(path).is_err(), "{path}");
        }
    }
}
