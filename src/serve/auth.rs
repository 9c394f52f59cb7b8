//! Who may do what: nobody is asked, Basic, or Bearer tokens that the registry gives out itself.

use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hyper::header::{AUTHORIZATION, HeaderMap, RETRY_AFTER, WWW_AUTHENTICATE};
use hyper::{Method, StatusCode};
use reqwest::Url;
use serde_json::json;
use tokio::sync::Semaphore;

use super::attempts::Attempts;
use super::htpasswd::Users;
use super::log::Log;
use super::reply::{Refusal, Reply, full};
use super::tokens::{Action, LIFETIME, Scope, Tokens, secret};
use crate::oci::{Digest, Name};

/// Who may do what.
#[derive(Clone, Debug, Default)]
pub enum Auth {
    /// Everyone may do everything.
    #[default]
    Open,
    /// Only this login, with every request.
    Basic(Login),
    /// Bearer tokens from `/token`: this login gets what it asks for, anyone else may pull.
    Token(Login),
    /// Only the users of a file, with every request.
    Users(Arc<Users>),
}

/// A user and a password.
#[derive(Clone)]
pub struct Login {
    /// The user's name, without a colon.
    pub user: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

impl Login {
    /// Whether this is it. Digests are compared, so that the time taken says nothing of how far it was right.
    fn is(&self, user: &str, password: &str) -> bool {
        let of = |user: &str, password: &str| Digest::of(format!("{user}:{password}").as_bytes());
        of(&self.user, &self.password) == of(user, password)
    }
}

/// What the sender of one request may do.
#[derive(Clone, Default)]
pub(super) struct Caller {
    /// Who it is, where that was asked and proved.
    pub(super) user: Option<String>,
    /// What it is restricted to, if it is.
    within: Option<Vec<Scope>>,
}

impl Caller {
    fn named(user: String) -> Self {
        Self { user: Some(user), within: None }
    }

    /// Whether it may do this there.
    pub(super) fn may(&self, action: Action, repository: &Name) -> bool {
        match &self.within {
            None => true,
            Some(scopes) => scopes.iter().any(|scope| scope.covers(repository, action)),
        }
    }
}

/// How many passwords are held against their hashes at once: that takes a processor for a good while.
const HASHING: usize = 2;

/// Keeps the door.
pub(super) struct Guard {
    auth: Auth,
    tokens: Tokens,
    refresh: Mutex<Vec<Digest>>,
    attempts: Attempts,
    hashing: Semaphore,
}

impl Guard {
    /// A guard with no tokens given out yet.
    pub(super) fn new(auth: Auth) -> io::Result<Self> {
        let attempts = Attempts::new()?;
        let hashing = Semaphore::new(HASHING);
        Ok(Self { auth, tokens: Tokens::default(), refresh: Mutex::default(), attempts, hashing })
    }

    /// Ends all tokens that were given out.
    pub(super) fn expire_tokens(&self) {
        self.tokens.expire();
    }

    /// Lets a request for an action in a repository pass, or any request for none.
    ///
    /// `realm` is the address of this registry as the sender sees it; a challenge sends it to `/token` there.
    pub(super) async fn admit(
        &self,
        headers: &HeaderMap,
        from: IpAddr,
        realm: &str,
        wish: Option<(&Name, Action)>,
        log: &dyn Log,
    ) -> Result<Caller, Refusal> {
        match &self.auth {
            Auth::Open => Ok(Caller::default()),
            Auth::Basic(login) => match basic(headers) {
                Some((user, password)) if login.is(&user, &password) => Ok(Caller::named(user)),
                _ => Err(unauthorized(BASIC)),
            },
            Auth::Token(_) => {
                let token = credentials(headers, "bearer");
                let scopes = token.and_then(|token| self.tokens.scopes(token));
                let is_known = scopes.is_some();
                let caller = Caller { user: None, within: Some(scopes.unwrap_or_default()) };
                match wish {
                    Some((name, action)) if caller.may(action, name) => Ok(caller),
                    None if is_known => Ok(caller),
                    _ => Err(unauthorized(&challenge(realm, wish, is_known))),
                }
            }
            Auth::Users(users) => {
                let (user, password) = basic(headers).ok_or_else(|| unauthorized(BASIC))?;
                self.refresh(users, log).await?;
                self.prove(users, from, user, password).await
            }
        }
    }

    /// Looks from time to time whether the file of users is another; then all must prove who they are anew.
    async fn refresh(&self, users: &Arc<Users>, log: &dyn Log) -> Result<(), Refusal> {
        if !users.is_due() {
            return Ok(());
        }
        let users = Arc::clone(users);
        match tokio::task::spawn_blocking(move || users.refresh()).await.map_err(io::Error::other)? {
            Ok(false) => {}
            Ok(true) => self.attempts.forget(),
            Err(error) => {
                let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
                log.trouble(&format!("the users stay as they were: {error}{}", cause.unwrap_or_default()));
            }
        }
        Ok(())
    }

    async fn prove(
        &self,
        users: &Arc<Users>,
        from: IpAddr,
        user: String,
        password: String,
    ) -> Result<Caller, Refusal> {
        let key = self.attempts.key(&user, &password);
        if self.attempts.knows(&key) {
            return Ok(Caller::named(user));
        }
        let wait = || self.attempts.wait(from).map_or(Ok(()), |wait| Err(too_many(wait.as_secs())));
        wait()?;
        let _turn = self.hashing.acquire().await;
        // Another request may have shown the same while this one waited.
        if self.attempts.knows(&key) {
            return Ok(Caller::named(user));
        }
        wait()?;
        let (users, name) = (Arc::clone(users), user.clone());
        let hashing = tokio::task::spawn_blocking(move || users.has(&name, &password));
        if hashing.await.map_err(io::Error::other)? {
            self.attempts.succeeded(key);
            return Ok(Caller::named(user));
        }
        self.attempts.failed(from);
        Err(unauthorized(BASIC))
    }

    /// Answers `/token`: GET with Basic or no credentials, or POST with a form (the distribution project's
    /// `token` and `oauth` pages).
    pub(super) fn token(
        &self,
        method: &Method,
        headers: &HeaderMap,
        query: &str,
        form: &[u8],
    ) -> Result<Reply, Refusal> {
        let Auth::Token(login) = &self.auth else {
            return Err(Refusal::absent("UNSUPPORTED", "this registry gives out no tokens"));
        };
        let form = String::from_utf8_lossy(form);
        let asked = pairs(if method == Method::POST { &form } else { query });
        let value = |key: &str| asked.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
        let known = if method == Method::POST {
            match (value("grant_type"), value("refresh_token"), value("username"), value("password")) {
                (Some("refresh_token"), Some(token), ..) => self.has_refresh(token),
                (Some("password"), _, Some(user), Some(password)) => login.is(user, password),
                _ => {
                    return Err(Refusal::bad(
                        "UNSUPPORTED",
                        "expected a grant of a password or a refresh token",
                    ));
                }
            }
        } else {
            basic(headers).is_some_and(|(user, password)| login.is(&user, &password))
        };
        if !known && (method == Method::POST || headers.contains_key(AUTHORIZATION)) {
            return Err(unauthorized(BASIC));
        }

        let texts = asked.iter().filter(|(key, _)| key == "scope").flat_map(|(_, text)| text.split(' '));
        let scopes = texts.filter_map(Scope::parse);
        let scopes = if known { scopes.collect() } else { scopes.map(Scope::reading).collect() };
        let token = self.tokens.issue(scopes)?;
        let mut answer = json!({"token": token, "access_token": token, "expires_in": LIFETIME.as_secs()});
        if known && (value("offline_token") == Some("true") || value("access_type") == Some("offline")) {
            answer["refresh_token"] = self.new_refresh()?.into();
        }
        Ok(full(StatusCode::OK, "application/json", answer.to_string()))
    }

    fn has_refresh(&self, token: &str) -> bool {
        let given = Digest::of(token.as_bytes());
        self.refresh.lock().unwrap_or_else(PoisonError::into_inner).contains(&given)
    }

    fn new_refresh(&self) -> std::io::Result<String> {
        let token = secret()?;
        self.refresh.lock().unwrap_or_else(PoisonError::into_inner).push(Digest::of(token.as_bytes()));
        Ok(token)
    }
}

/// The decoded pairs of a query or a form.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    let Ok(mut url) = Url::parse("http://localhost") else { return Vec::new() };
    url.set_query(Some(text));
    url.query_pairs().into_owned().collect()
}

const BASIC: &str = "Basic realm=\"torte\", charset=\"UTF-8\"";

fn too_many(seconds: u64) -> Refusal {
    let message = "too many wrong credentials came from this address; wait before the next try";
    Refusal::new(StatusCode::TOO_MANY_REQUESTS, "TOOMANYREQUESTS", message)
        .with(RETRY_AFTER, (seconds + 1).to_string())
}

fn challenge(realm: &str, wish: Option<(&Name, Action)>, had_token: bool) -> String {
    let scope = wish.map_or_else(String::new, |(name, action)| {
        // Who writes must look first; one token for both spares a second request.
        let actions = if action == Action::Push { "pull,push" } else { action.name() };
        format!(",scope=\"repository:{name}:{actions}\"")
    });
    let error = if had_token { ",error=\"insufficient_scope\"" } else { "" };
    let service = realm.rsplit('/').next().unwrap_or_default();
    format!("Bearer realm=\"{realm}/token\",service=\"{service}\"{scope}{error}")
}

fn unauthorized(challenge: &str) -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "authentication required")
        .with(WWW_AUTHENTICATE, challenge)
}

/// What follows the scheme in `Authorization`.
fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let (given, rest) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let decoded = BASE64_STANDARD.decode(credentials(headers, "basic")?).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}
