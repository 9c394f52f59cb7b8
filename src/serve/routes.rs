//! From a request to the handler that answers it: host, route, permission, in this order.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{ALLOW, AUTHORIZATION, HOST, HeaderName};
use hyper::{Method, Request, StatusCode};

use super::auth::{Auth, Caller, Guard, pairs};
use super::log::{Entry, Log};
use super::reply::{Refusal, Reply, empty, with};
use super::sessions::Sessions;
use super::shelf::{Shelf, Shelved};
use super::tokens::Action;
use super::{blobs, body, listing, manifests, uploads};
use crate::oci::{Digest, Host, Name, Selector};

/// The largest form that `/token` takes, in bytes.
const LARGEST_FORM: usize = 64 * 1024;
const VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");

/// Everything that a handler needs.
pub(super) struct Desk {
    pub(super) sessions: Sessions,
    pub(super) guard: Guard,
    shelf: Arc<dyn Shelf>,
    log: Arc<dyn Log>,
}

/// What a request is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    Version,
    Token,
    Manifest(Name, Selector),
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
            ("manifests", _) => Ok(Self::Manifest(name_of(name)?, selector_of(last)?)),
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

fn selector_of(text: &str) -> Result<Selector, Refusal> {
    if text.contains(':') {
        return digest_of(text).map(Selector::Digest);
    }
    text.parse().map(Selector::Tag).map_err(|error| Refusal::bad("TAG_INVALID", format!("{error}")))
}

impl Desk {
    /// A desk without sessions or tokens yet.
    pub(super) fn new(shelf: Arc<dyn Shelf>, auth: Auth, log: Arc<dyn Log>) -> Arc<Self> {
        Arc::new(Self { sessions: Sessions::default(), guard: Guard::new(auth), shelf, log })
    }

    /// Answers one request and logs it.
    pub(super) async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Reply {
        let scheme = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let mut entry = Entry {
            method: request.method().to_string(),
            target: request.uri().path_and_query().map_or_else(String::new, ToString::to_string),
            scheme: scheme.and_then(|text| text.split(' ').next()).map(str::to_owned),
            status: 0,
        };
        let reply = self.route(request).await.unwrap_or_else(Refusal::into_reply);
        let reply = with(reply, VERSION, "registry/2.0");
        entry.status = reply.status().as_u16();
        self.log.request(&entry);
        reply
    }

    async fn route(self: &Arc<Self>, request: Request<Incoming>) -> Result<Reply, Refusal> {
        let host = Self::host(&request)?;
        let route = Route::parse(request.uri().path())?;
        let query = request.uri().query().unwrap_or_default().to_owned();
        let (head, body) = request.into_parts();
        if route == Route::Token && matches!(head.method, Method::GET | Method::POST) {
            let form = body::whole(body, LARGEST_FORM).await?;
            return self.guard.token(&head.method, &head.headers, &query, &form);
        }
        let wish = route.repository().map(|name| (name, route.action(&head.method)));
        let caller = self.guard.admit(&head.headers, &host, wish)?;
        let ask = Ask {
            desk: Arc::clone(self),
            method: head.method,
            headers: head.headers,
            query: pairs(&query),
            caller,
        };
        ask.dispatch(route, body).await
    }

    /// Where the sender sees us; refused where that is no name of loopback.
    fn host(request: &Request<Incoming>) -> Result<String, Refusal> {
        let header = request.headers().get(HOST).and_then(|value| value.to_str().ok());
        let host: Option<Host> = header.and_then(|text| text.parse().ok());
        match host {
            Some(host) if host.is_loopback() => Ok(host.to_string()),
            _ => Err(Refusal::new(
                StatusCode::MISDIRECTED_REQUEST,
                "DENIED",
                "this registry answers to the names of loopback only, such as 127.0.0.1 and localhost",
            )),
        }
    }
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
    async fn dispatch(self, route: Route, body: Incoming) -> Result<Reply, Refusal> {
        match (route, self.method.as_str()) {
            (Route::Version, "GET" | "HEAD") => Ok(empty(StatusCode::OK)),
            (Route::Manifest(name, at), "GET" | "HEAD") => manifests::get(&self, name, at).await,
            (Route::Manifest(name, at), "PUT") => manifests::put(&self, name, at, body).await,
            (Route::Manifest(name, at), "DELETE") => manifests::delete(&self, name, at).await,
            (Route::Blob(name, digest), "GET" | "HEAD") => blobs::get(&self, name, digest).await,
            (Route::Uploads(name), "POST") => uploads::begin(&self, name, body).await,
            (Route::Upload(name, id), "PATCH") => uploads::add(&self, &name, &id, body).await,
            (Route::Upload(name, id), "PUT") => uploads::finish(&self, name, &id, body).await,
            (Route::Upload(name, id), "GET") => uploads::status(&self, &name, &id).await,
            (Route::Upload(name, id), "DELETE") => uploads::cancel(&self, &name, &id),
            (Route::Tags(name), "GET" | "HEAD") => listing::tags(&self, name).await,
            (Route::Referrers(name, of), "GET" | "HEAD") => listing::referrers(&self, name, of).await,
            (route, _) => Err(not_allowed(&route)),
        }
    }

    /// The first value of a query parameter.
    pub(super) fn parameter(&self, key: &str) -> Option<&str> {
        self.query.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The value of a header, if it is text.
    pub(super) fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Does what may block, with the repository of this name if there is one, on a thread that may.
    pub(super) async fn with_repository<T: Send + 'static>(
        &self,
        name: Name,
        work: impl FnOnce(Option<Arc<dyn Shelved>>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.with_shelf(move |shelf| work(shelf.open(&name)?)).await
    }

    /// Does what may block, with the shelf, on a thread that may.
    pub(super) async fn with_shelf<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Shelf) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let desk = Arc::clone(&self.desk);
        let done = tokio::task::spawn_blocking(move || work(&*desk.shelf)).await;
        done.map_err(|error| Refusal::from(std::io::Error::other(error)))?
    }
}

fn not_allowed(route: &Route) -> Refusal {
    let allowed = match route {
        Route::Token => "GET, POST",
        Route::Version | Route::Blob(..) | Route::Tags(_) | Route::Referrers(..) => "GET, HEAD",
        Route::Manifest(..) => "GET, HEAD, PUT, DELETE",
        Route::Uploads(_) => "POST",
        Route::Upload(..) => "GET, PATCH, PUT, DELETE",
    };
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED", format!("expected {allowed}"))
        .with(ALLOW, allowed)
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
        let tagged = Route::Manifest(name("a/blobs"), Selector::Tag("v1".parse().unwrap()));
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
        for path in ["/v2/manifests/v1", "/v2//manifests/v1", "/v2/a/blobs/v1", "/v2/a/manifests/sha256:zz"] {
            assert!(Route::parse(path).is_err(), "{path}");
        }
    }
}
